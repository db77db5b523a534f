//! Settings of the batching writer.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use super::batching::{BatchingWriter, FlushGuard};
use super::direct::DirectWriter;
use super::loss::Loss;
use super::shared::{Settings, Shared};
use super::sink::{LossLine, Sink, ends_inside_a_line, inherited, json_loss_line};
use super::tally::{Counted, Tally};

/// What a log call does when the queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WhenFull {
    /// It waits until there is room: no line is lost, and a slow sink slows the service.
    Wait,
    /// It drops its line, which is counted and told of in the log.
    Drop,
}

#[derive(Debug)]
enum TallyFile {
    BesideTheLog,
    At(PathBuf),
    None,
}

/// Settings of a [`BatchingWriter`]; each has a default.
pub struct BatchingBuilder {
    settings: Settings,
    tally: TallyFile,
    loss_line: LossLine,
}

impl BatchingBuilder {
    pub(super) fn new() -> Self {
        Self {
            settings: Settings {
                capacity: 1 << 20,
                when_full: WhenFull::Wait,
                linger: Duration::from_millis(10),
                flush_limit: Duration::from_secs(5),
            },
            tally: TallyFile::BesideTheLog,
            loss_line: Box::new(json_loss_line),
        }
    }

    /// Bytes of lines that may wait, 1 MiB unless told.
    ///
    /// Lines of the level `ERROR` find as much room again, so that what fills the queue does not
    /// hide why it is full.
    #[must_use]
    pub fn capacity(mut self, bytes: usize) -> Self {
        self.settings.capacity = bytes;
        self
    }

    /// What to do when that is full; unless told, [`WhenFull::Wait`].
    #[must_use]
    pub fn when_full(mut self, what: WhenFull) -> Self {
        self.settings.when_full = what;
        self
    }

    /// Longest time that a line waits for others to be written with, 10 ms unless told.
    #[must_use]
    pub fn linger(mut self, time: Duration) -> Self {
        self.settings.linger = time;
        self
    }

    /// Longest time that dropping the guard takes to write what is queued, 5 s unless told.
    ///
    /// One more second is taken, where it is needed, to write how many lines were given up.
    #[must_use]
    pub fn flush_limit(mut self, time: Duration) -> Self {
        self.settings.flush_limit = time;
        self
    }

    /// Counts in this file, so that lines lost with the process are told of by the next one.
    ///
    /// What is queued dies with the process on `exit`, abort or a signal. The tally counts the log
    /// calls outside the process; the next start with the same file writes a line that says how
    /// many lines were lost. After [`to_file`](BatchingBuilder::to_file), where the log can be read
    /// back, the number is exact, and the file `LOG.tally` is taken unless told otherwise;
    /// elsewhere there is no tally unless told, and the line also says how many of the lost lines
    /// may have been written. All of that holds for lines that are one line each, and for a log
    /// that nobody else writes to or moves away meanwhile.
    ///
    /// It costs one positioned write of 8 bytes a log call, so put it on a local file system. One
    /// process at a time may use the file; beside a log, a process that starts while its predecessor
    /// still ends takes `LOG.tally-2`, and so on to 4. It does not cover a loss of power.
    #[must_use]
    pub fn tally(mut self, path: impl Into<PathBuf>) -> Self {
        self.tally = TallyFile::At(path.into());
        self
    }

    /// Does without a tally: lines that die with the process are not told of.
    #[must_use]
    pub fn without_tally(mut self) -> Self {
        self.tally = TallyFile::None;
        self
    }

    /// How a loss is told, newline included; unless told, a JSON line as `fmt().json()` writes it.
    #[must_use]
    pub fn loss_line(mut self, line: impl Fn(&Loss) -> String + Send + 'static) -> Self {
        self.loss_line = Box::new(line);
        self
    }

    /// Starts a writer to standard output.
    ///
    /// # Errors
    /// When there is no standard output, the tally cannot be used, or no thread can be started.
    pub fn to_stdout(self) -> Result<(BatchingWriter, FlushGuard), BuildError> {
        let stdout =
            DirectWriter::stdout().map_err(BuildError::of("cannot use standard output"))?;
        self.to(stdout)
    }

    /// Starts a writer to standard error.
    ///
    /// # Errors
    /// When there is no standard error, the tally cannot be used, or no thread can be started.
    pub fn to_stderr(self) -> Result<(BatchingWriter, FlushGuard), BuildError> {
        let stderr = DirectWriter::stderr().map_err(BuildError::of("cannot use standard error"))?;
        self.to(stderr)
    }

    /// Starts a writer that appends to a file, which is made when it is not there.
    ///
    /// # Errors
    /// When the file cannot be opened, the tally cannot be used, or no thread can be started.
    pub fn to_file(
        self,
        path: impl AsRef<Path>,
    ) -> Result<(BatchingWriter, FlushGuard), BuildError> {
        let cannot_open = BuildError::of("cannot open the log file");
        let log = File::options()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)
            .map_err(cannot_open)?;
        let to = log.try_clone().map_err(cannot_open)?;
        let mut beside = path.as_ref().as_os_str().to_owned();
        beside.push(".tally");
        self.start(Box::new(to), Some((log, beside.into())))
    }

    /// Starts a writer to anything that takes bytes; it is called from one thread at a time.
    ///
    /// # Errors
    /// When the tally cannot be used, or no thread can be started.
    pub fn to(
        self,
        sink: impl Write + Send + 'static,
    ) -> Result<(BatchingWriter, FlushGuard), BuildError> {
        self.start(Box::new(sink), None)
    }

    fn start(
        self,
        to: Box<dyn Write + Send>,
        log: Option<(File, PathBuf)>,
    ) -> Result<(BatchingWriter, FlushGuard), BuildError> {
        let cannot_read = BuildError::of("cannot read the log file");
        let (mut log, beside) = log.unzip();
        let tallies = match self.tally {
            TallyFile::BesideTheLog => beside.as_deref().map_or_else(Vec::new, beside_the_log),
            TallyFile::At(path) => vec![path],
            TallyFile::None => Vec::new(),
        };
        let cut = match &mut log {
            Some(log) => ends_inside_a_line(log).map_err(cannot_read)?,
            None => false,
        };
        let mut sink = Sink {
            to,
            log,
            tally: None,
            settled: 0,
            cut,
            loss_line: self.loss_line,
            losses: Vec::new(),
            errors: Arc::new(AtomicU64::new(0)),
        };
        let mut returned = 0;
        if let Some((tally, mut counted)) = open_first(&tallies)? {
            if let Some(log) = &mut sink.log {
                counted.look_back(log).map_err(cannot_read)?;
            }
            sink.tally = Some(Arc::new(tally));
            sink.settled = counted.settled;
            sink.settle(0);
            sink.lose(inherited(counted.unsettled(), counted.in_flight.calls));
            returned = counted.returned;
        }
        Shared::start(sink, self.settings, returned)
            .map(BatchingWriter::new)
            .map_err(BuildError::of(
                "cannot start the thread that writes the log",
            ))
    }
}

/// Tallies for processes that write to one log at the same time, as they do while one takes over from another.
fn beside_the_log(first: &Path) -> Vec<PathBuf> {
    let others = (2..=4).map(|number| {
        let mut path = first.as_os_str().to_owned();
        path.push(format!("-{number}"));
        PathBuf::from(path)
    });
    [first.to_owned()].into_iter().chain(others).collect()
}

/// Opens the first tally that no other process counts in; `None` where there is none to open.
fn open_first(paths: &[PathBuf]) -> Result<Option<(Tally, Counted)>, BuildError> {
    for path in paths {
        match Tally::open(path) {
            Ok(opened) => return Ok(Some(opened)),
            Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
            Err(cause) if cause.kind() == ErrorKind::InvalidData => {
                return Err(BuildError::of("the tally file holds something else")(cause));
            }
            Err(cause) => return Err(BuildError::of("cannot open the tally file")(cause)),
        }
    }
    match paths {
        [] => Ok(None),
        _ => Err(BuildError::of("another process counts in the tally file")(
            ErrorKind::WouldBlock.into(),
        )),
    }
}

impl fmt::Debug for BatchingBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchingBuilder")
            .field("settings", &self.settings)
            .field("tally", &self.tally)
            .finish_non_exhaustive()
    }
}

/// A writer could not be started; the cause is the source.
#[derive(Debug)]
pub struct BuildError {
    what: &'static str,
    cause: io::Error,
}

impl BuildError {
    fn of(what: &'static str) -> impl Fn(io::Error) -> Self + Copy {
        move |cause| Self { what, cause }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

impl Error for BuildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}
