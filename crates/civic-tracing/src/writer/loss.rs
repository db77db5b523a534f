//! The line that tells of lines that are not there.

use std::fmt;

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

/// Why lines are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LossReason {
    /// The queue was full and the writer was told to drop.
    QueueFull,
    /// The sink took them with an error.
    WriteFailed,
    /// They were still queued when the time to flush was over.
    FlushTimeOver,
    /// The process before this one ended without a flush.
    ProcessEnded,
}

impl LossReason {
    /// One word for a machine, such as `queue_full`.
    pub fn id(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::WriteFailed => "write_failed",
            Self::FlushTimeOver => "flush_time_over",
            Self::ProcessEnded => "process_ended",
        }
    }
}

/// Lines that were handed to a writer and are not in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loss {
    /// Number of lines.
    pub lines: u64,
    /// How many of them the log may hold all the same.
    ///
    /// Above zero only after [`LossReason::ProcessEnded`], where the sink cannot be read back.
    pub perhaps_written: u64,
    /// Why they are missing.
    pub reason: LossReason,
}

impl Loss {
    pub(super) fn new(lines: u64, reason: LossReason) -> Self {
        Self {
            lines,
            perhaps_written: 0,
            reason,
        }
    }

    /// The line in the form of `fmt().json()`, with the newline.
    pub(super) fn json(&self) -> String {
        let perhaps = match self.perhaps_written {
            0 => String::new(),
            lines => format!(",\"perhaps_written\":{lines}"),
        };
        format!(
            "{{\"timestamp\":\"{}\",\"level\":\"WARN\",\"fields\":{{\"message\":\"log lines lost\",\
             \"lines\":{},\"reason\":\"{}\"{perhaps}}},\"target\":\"civic_tracing::writer\"}}\n",
            Now,
            self.lines,
            self.reason.id()
        )
    }
}

struct Now;

impl fmt::Display for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SystemTime.format_time(&mut Writer::new(f))
    }
}
