//! Where lines go, and in which form.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use civic_tracing::JsonLayer;
use civic_tracing::writer::{
    BatchedLine, BatchingBuilder, BatchingWriter, DirectWriter, FlushGuard,
};
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

use crate::TelemetryError;

/// Longest time that a panic waits for queued lines.
const FLUSH_AFTER_PANIC: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) enum Place {
    Stdout,
    Stderr,
    File(PathBuf),
}

/// How a line is laid out.
pub(crate) enum Form {
    Json(Box<dyn FnOnce(JsonLayer) -> JsonLayer>),
    Text,
}

/// Either writer, for a layer that is made once for both.
#[derive(Clone, Debug)]
pub(crate) enum Output {
    Direct(DirectWriter),
    Batching(BatchingWriter),
}

impl Output {
    pub(crate) fn open(
        place: Place,
        batching: Option<BatchingBuilder>,
    ) -> Result<(Self, Option<FlushGuard>), TelemetryError> {
        let Some(builder) = batching else {
            let direct = match place {
                Place::Stdout => DirectWriter::stdout(),
                Place::Stderr => DirectWriter::stderr(),
                Place::File(path) => DirectWriter::file(path),
            };
            return Ok((Self::Direct(direct.map_err(TelemetryError::output)?), None));
        };
        let started = match place {
            Place::Stdout => builder.to_stdout(),
            Place::Stderr => builder.to_stderr(),
            Place::File(path) => builder.to_file(path),
        };
        let (writer, guard) = started.map_err(TelemetryError::output)?;
        Ok((Self::Batching(writer), Some(guard)))
    }

    /// What a panic has to wait for.
    pub(crate) fn flush_after_panic(&self) {
        if let Self::Batching(writer) = self {
            // What was not written in time stays queued, and is counted if it gets lost.
            let _ = writer.flush(FLUSH_AFTER_PANIC);
        }
    }
}

impl<'a> MakeWriter<'a> for Output {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        match self {
            Self::Direct(writer) => Line::Direct(writer.make_writer()),
            Self::Batching(writer) => Line::Batching(writer.make_writer()),
        }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        match self {
            Self::Direct(writer) => Line::Direct(writer.make_writer_for(metadata)),
            Self::Batching(writer) => Line::Batching(writer.make_writer_for(metadata)),
        }
    }
}

pub(crate) enum Line<'a> {
    Direct(&'a DirectWriter),
    Batching(BatchedLine<'a>),
}

impl io::Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self {
            Self::Direct(writer) => writer.write(line),
            Self::Batching(writer) => writer.write(line),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
