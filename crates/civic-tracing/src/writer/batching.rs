//! The writer that gathers lines and lets a thread write them.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use tracing_core::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use super::builder::BatchingBuilder;
use super::shared::Shared;

/// Gathers lines in bounded memory; a thread writes them, many with one `write` call.
///
/// A log call copies its line and returns. Lines that get lost, because the queue was full, the
/// sink failed or the time to flush was over, are counted, and the log gets a line that says how
/// many and why. What happens at the end of the process is told by the
/// [table of the module](crate::writer). A clone is a handle to the same writer.
///
/// ```
/// use std::time::Duration;
/// use civic_tracing::writer::{BatchingWriter, WhenFull};
/// use tracing_subscriber::prelude::*;
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("service.log");
/// let (writer, guard) = BatchingWriter::builder()
///     .capacity(4 << 20)
///     .when_full(WhenFull::Drop)
///     .flush_limit(Duration::from_secs(2))
///     .to_file(&path)?;
/// let layer = tracing_subscriber::fmt::layer().json().with_writer(writer);
/// tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
///     tracing::info!("served");
/// });
/// drop(guard); // flushes: keep it until the end of `main`
/// assert!(std::fs::read_to_string(&path)?.contains("served"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct BatchingWriter {
    shared: Arc<Shared>,
}

impl BatchingWriter {
    /// Settings of a writer, and where it is to write.
    pub fn builder() -> BatchingBuilder {
        BatchingBuilder::new()
    }

    pub(super) fn new(shared: Arc<Shared>) -> (Self, FlushGuard) {
        let guard = FlushGuard {
            shared: Arc::clone(&shared),
        };
        (Self { shared }, guard)
    }

    /// Waits until every line whose log call has returned is written or told of in the log.
    ///
    /// For a panic hook, or before `process::exit`.
    ///
    /// # Errors
    /// When that took longer than `limit`. The lines stay queued and are still being written.
    pub fn flush(&self, limit: Duration) -> Result<(), NotFlushed> {
        self.shared.flush(limit)
    }

    /// Lines that were lost so far, whether the log tells of them yet or not.
    pub fn lost(&self) -> u64 {
        self.shared.lost()
    }

    /// Writes to the sink, or to the tally, that failed.
    pub fn errors(&self) -> u64 {
        self.shared.errors()
    }
}

impl<'a> MakeWriter<'a> for BatchingWriter {
    type Writer = BatchedLine<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        BatchedLine {
            shared: &self.shared,
            error: false,
        }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        BatchedLine {
            shared: &self.shared,
            error: *metadata.level() == Level::ERROR,
        }
    }
}

/// Where a layer writes one line of a [`BatchingWriter`]: one call is one line.
#[derive(Debug)]
pub struct BatchedLine<'a> {
    shared: &'a Shared,
    error: bool,
}

impl Write for BatchedLine<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.shared.accept(line, self.error).map(|()| line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// For layers that take a plain writer: one call is one line.
impl Write for BatchingWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.make_writer().write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Flushes a [`BatchingWriter`] when dropped; keep it until the end of `main`.
///
/// Dropping takes at most the flush limit, and one second more where lines have to be given up:
/// then the log gets a line that says how many. Lines that are logged afterwards go straight to
/// the sink. Only a sink that takes nothing at all for that long keeps the count out of the log.
#[derive(Debug)]
#[must_use = "dropping it ends the queue"]
pub struct FlushGuard {
    shared: Arc<Shared>,
}

impl Drop for FlushGuard {
    fn drop(&mut self) {
        self.shared.close();
    }
}

/// Lines were still queued when the time limit of a flush was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotFlushed {
    /// Lines that were not written yet.
    pub lines: u64,
}

impl fmt::Display for NotFlushed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} log lines were not written in time", self.lines)
    }
}

impl std::error::Error for NotFlushed {}
