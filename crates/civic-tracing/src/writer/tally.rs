//! Counts that outlive the process, so that its successor can say what was lost.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// First eight bytes of a tally: its form and version.
const MAGIC: [u8; 8] = *b"civtal1\n";
const WORDS: usize = 5;
const LENGTH: usize = 8 + 8 * WORDS;

/// A small file with the number of log calls that returned and of those that are settled.
///
/// Each change is one positioned write of at most 40 bytes within one page, so a process that dies
/// leaves the counts before the change or those after it.
#[derive(Debug)]
pub(super) struct Tally {
    file: File,
    errors: AtomicU64,
}

/// What a tally holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Calls that returned, or were about to.
    pub(super) returned: u64,
    /// Calls that are written or told of in the log.
    pub(super) settled: u64,
    /// A write that had begun.
    pub(super) in_flight: InFlight,
}

/// A write that settles calls once it is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InFlight {
    pub(super) calls: u64,
    /// Newlines in what is written.
    pub(super) newlines: u64,
    /// Length of the log before, plus one; zero where that is not known.
    pub(super) offset: u64,
}

impl Tally {
    /// Opens the tally, or makes it; says what the process before left in it.
    pub(super) fn open(path: &Path) -> io::Result<(Self, Counted)> {
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        // Two processes that count in one file would make both counts wrong. The lock goes with the process.
        file.try_lock()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let counted = match Counted::parse(&bytes) {
            Some(counted) => counted,
            // Of a process that died while it made the file.
            None if bytes.is_empty() || MAGIC.starts_with(&bytes) => {
                write_at(&file, &[0; LENGTH], 0)?;
                write_at(&file, &MAGIC, 0)?;
                Counted::default()
            }
            None => return Err(io::ErrorKind::InvalidData.into()),
        };
        let errors = AtomicU64::new(0);
        Ok((Self { file, errors }, counted))
    }

    pub(super) fn note_returned(&self, calls: u64) {
        self.note(8, &calls.to_le_bytes());
    }

    pub(super) fn note_settled(&self, calls: u64, in_flight: InFlight) {
        let words = [calls, in_flight.calls, in_flight.newlines, in_flight.offset];
        self.note(16, words.map(u64::to_le_bytes).as_flattened());
    }

    /// Notes that did not reach the file.
    pub(super) fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }

    /// A log call is not to fail because the count of it does.
    fn note(&self, offset: u64, bytes: &[u8]) {
        if write_at(&self.file, bytes, offset).is_err() {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Counted {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let words = bytes.strip_prefix(&MAGIC)?;
        let (words, _) = words.as_chunks::<8>();
        let [returned, settled, calls, newlines, offset] =
            *<&[[u8; 8]; WORDS]>::try_from(words).ok()?;
        let number = u64::from_le_bytes;
        Some(Self {
            returned: number(returned),
            settled: number(settled),
            in_flight: InFlight {
                calls: number(calls),
                newlines: number(newlines),
                offset: number(offset),
            },
        })
    }

    /// Settles as much of the write in flight as `log` shows to be there; the rest stays in flight.
    pub(super) fn look_back(&mut self, log: &mut File) -> io::Result<()> {
        let InFlight {
            calls,
            newlines,
            offset,
        } = self.in_flight;
        if calls == 0 || offset == 0 || log.metadata()?.len() < offset - 1 {
            // Nothing in flight, or another file under that name by now.
            return Ok(());
        }
        log.seek(SeekFrom::Start(offset - 1))?;
        let mut reader = BufReader::new(log);
        let mut found = 0;
        // Another process may have written on since, so no more is read than is asked for.
        while found < newlines {
            let piece = reader.fill_buf()?;
            let length = piece.len();
            if length == 0 {
                break;
            }
            found += self::newlines(piece);
            reader.consume(length);
        }
        self.settled += if found >= newlines {
            calls
        } else {
            found.min(calls)
        };
        self.in_flight = InFlight::default();
        Ok(())
    }

    pub(super) fn unsettled(&self) -> u64 {
        self.returned.saturating_sub(self.settled)
    }
}

pub(super) fn newlines(bytes: &[u8]) -> u64 {
    bytes.split(|byte| *byte == b'\n').count() as u64 - 1
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    match std::os::windows::fs::FileExt::seek_write(file, bytes, offset)? {
        written if written == bytes.len() => Ok(()),
        _ => Err(io::ErrorKind::WriteZero.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn counts_are_read_back_and_one_process_counts_at_a_time() {
        let folder = folder();
        let path = folder.path().join("tally");
        let (tally, before) = Tally::open(&path).unwrap();
        assert_eq!(before, Counted::default());
        tally.note_returned(9);
        let in_flight = InFlight {
            calls: 2,
            newlines: 2,
            offset: 1,
        };
        tally.note_settled(4, in_flight);
        assert_eq!(
            Tally::open(&path).unwrap_err().kind(),
            io::ErrorKind::WouldBlock
        );
        drop(tally);
        let (_tally, counted) = Tally::open(&path).unwrap();
        let expected = Counted {
            returned: 9,
            settled: 4,
            in_flight,
        };
        assert_eq!(counted, expected);
        assert_eq!(counted.unsettled(), 5);
    }

    #[test]
    fn a_file_of_another_kind_is_left_alone() {
        let folder = folder();
        let path = folder.path().join("notes");
        std::fs::write(&path, "remember the milk").unwrap();
        assert!(Tally::open(&path).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"remember the milk");
    }

    #[test]
    fn lines_of_a_write_that_was_cut_short_are_counted_in_the_log() {
        let folder = folder();
        let path = folder.path().join("log");
        let mut log = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(path)
            .unwrap();
        log.write_all(b"before\none\ntwo\nthr").unwrap();
        let mut counted = Counted {
            returned: 10,
            settled: 3,
            in_flight: InFlight {
                calls: 5,
                newlines: 5,
                offset: 8,
            },
        };
        counted.look_back(&mut log).unwrap();
        assert_eq!((counted.settled, counted.unsettled()), (5, 5));
        assert_eq!(counted.in_flight, InFlight::default());
    }
}
