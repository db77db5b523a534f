//! The writer that holds nothing back.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
#[cfg(unix)]
use std::os::fd::AsFd;
#[cfg(windows)]
use std::os::windows::io::AsHandle;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

/// Longest text that a pipe takes as one piece, in bytes; POSIX calls it `PIPE_BUF`.
const PIPE_PIECE: usize = 4096;
/// Time between two tries on a descriptor that does not block.
const RETRY: Duration = Duration::from_millis(1);

/// Writes each line with one `write` call to a descriptor, before the log call returns.
///
/// Whatever ends the process afterwards, be it `exit`, abort or a signal, the line is with the
/// kernel. There is no buffer, and no lock for a regular file. On anything else, a pipe above all,
/// lines up to 4096 bytes go side by side and a longer one goes alone, so that lines do not mix.
/// A descriptor that was set not to block is tried until it takes the line.
///
/// Standard output is reached through a descriptor of its own, past the buffer and the lock of
/// [`std::io::stdout`]; text that is printed as well does not mix into a line, but may come out later.
/// A clone writes to the same descriptor.
#[derive(Clone, Debug)]
pub struct DirectWriter {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    file: File,
    /// Read by a line that a pipe takes whole, written by one that it might take in pieces.
    long_lines: Option<RwLock<()>>,
    errors: AtomicU64,
    /// The last write stopped inside a line.
    cut: AtomicBool,
}

impl DirectWriter {
    /// Writes to standard output.
    ///
    /// # Errors
    /// When the process has no standard output, or no descriptor left.
    pub fn stdout() -> io::Result<Self> {
        let stdout = io::stdout();
        #[cfg(unix)]
        let owned = stdout.as_fd().try_clone_to_owned()?;
        #[cfg(windows)]
        let owned = stdout.as_handle().try_clone_to_owned()?;
        Ok(Self::new(File::from(owned)))
    }

    /// Writes to standard error.
    ///
    /// # Errors
    /// When the process has no standard error, or no descriptor left.
    pub fn stderr() -> io::Result<Self> {
        let stderr = io::stderr();
        #[cfg(unix)]
        let owned = stderr.as_fd().try_clone_to_owned()?;
        #[cfg(windows)]
        let owned = stderr.as_handle().try_clone_to_owned()?;
        Ok(Self::new(File::from(owned)))
    }

    /// Appends to a file, which is made when it is not there.
    ///
    /// # Errors
    /// Those of opening the file.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::new(
            File::options().append(true).create(true).open(path)?,
        ))
    }

    /// Writes to a file, pipe or socket that is open already.
    pub fn new(file: File) -> Self {
        // What is not known to be a regular file is treated as a pipe.
        let regular = file.metadata().is_ok_and(|about| about.is_file());
        Self {
            shared: Arc::new(Shared {
                file,
                long_lines: (!regular).then(|| RwLock::new(())),
                errors: AtomicU64::new(0),
                cut: AtomicBool::new(false),
            }),
        }
    }

    /// Lines that could not be written whole: the disk was full, the reader of a pipe was gone.
    ///
    /// Layers have nobody to tell about it, so publish this as a metric.
    pub fn errors(&self) -> u64 {
        self.shared.errors.load(Ordering::Relaxed)
    }

    fn line(&self, line: &[u8]) -> io::Result<()> {
        let shared = &*self.shared;
        let Some(lock) = &shared.long_lines else {
            return shared.line(line);
        };
        if line.len() <= PIPE_PIECE {
            let _shared = lock.read().unwrap_or_else(PoisonError::into_inner);
            shared.line(line)
        } else {
            let _alone = lock.write().unwrap_or_else(PoisonError::into_inner);
            shared.line(line)
        }
    }
}

impl Shared {
    fn line(&self, line: &[u8]) -> io::Result<()> {
        if self.cut.load(Ordering::Relaxed) {
            // So that half a line does not take this one with it.
            write_whole(&self.file, b"\n").0?;
            self.cut.store(false, Ordering::Relaxed);
        }
        let (result, written) = write_whole(&self.file, line);
        if result.is_err() {
            self.errors.fetch_add(1, Ordering::Relaxed);
            self.cut.store(written > 0, Ordering::Relaxed);
        }
        result
    }
}

impl<'a> MakeWriter<'a> for DirectWriter {
    type Writer = &'a DirectWriter;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

/// One call is one line; it is written whole or fails.
impl Write for &DirectWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.line(line).map(|()| line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for DirectWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        (&*self).write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes until all is written or it fails; says how many bytes were taken.
pub(super) fn write_whole(mut to: impl Write, bytes: &[u8]) -> (io::Result<()>, usize) {
    let mut written = 0;
    while written < bytes.len() {
        match to.write(&bytes[written..]) {
            Ok(0) => return (Err(ErrorKind::WriteZero.into()), written),
            Ok(taken) => written += taken,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(RETRY),
            Err(error) => return (Err(error), written),
        }
    }
    (Ok(()), written)
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn long_and_short_lines_do_not_mix_in_a_pipe() {
        let (mut reader, writer) = io::pipe().unwrap();
        let writer = DirectWriter::new(File::from(std::os::fd::OwnedFd::from(writer)));
        let threads = [b'a', b'b', b'c', b'd'].map(|letter| {
            let mut writer = writer.clone();
            thread::spawn(move || {
                for length in [10, 100_000, 4_000, 70_000] {
                    let mut line = vec![letter; length];
                    line.push(b'\n');
                    writer.write_all(&line).unwrap();
                }
            })
        });
        let all = thread::spawn(move || {
            let mut all = Vec::new();
            reader.read_to_end(&mut all).unwrap();
            all
        });
        drop(writer);
        for thread in threads {
            thread.join().unwrap();
        }
        let all = all.join().unwrap();
        let lines: Vec<&[u8]> = all.trim_ascii_end().split(|b| *b == b'\n').collect();
        assert_eq!(lines.len(), 16);
        for line in lines {
            assert!(line.iter().all(|byte| *byte == line[0]));
        }
    }

    #[test]
    fn a_reader_that_is_gone_is_counted() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut writer = DirectWriter::new(File::from(std::os::fd::OwnedFd::from(writer)));
        assert!(writer.write_all(b"line\n").is_err());
        assert_eq!(writer.errors(), 1);
    }

    /// Takes a few bytes, then fails, then works.
    #[derive(Default)]
    struct Moody {
        calls: usize,
        taken: Vec<u8>,
    }

    impl Write for &mut Moody {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.calls += 1;
            match self.calls {
                1 => Err(ErrorKind::Interrupted.into()),
                2 => Err(ErrorKind::WouldBlock.into()),
                _ => {
                    let taken = bytes.len().min(3);
                    self.taken.extend_from_slice(&bytes[..taken]);
                    Ok(taken)
                }
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_write_that_is_interrupted_or_short_goes_on() {
        let mut moody = Moody::default();
        let (result, written) = write_whole(&mut moody, b"a whole line\n");
        assert!(result.is_ok());
        assert_eq!(
            (written, moody.taken.as_slice()),
            (13, b"a whole line\n".as_slice())
        );
    }
}
