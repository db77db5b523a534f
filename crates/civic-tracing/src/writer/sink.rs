//! The far end of a batching writer: writes pieces, tells of losses, keeps the tally.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::direct::write_whole;
use super::loss::{Loss, LossReason};
use super::tally::{InFlight, Tally, newlines};

/// Makes the line that tells of a loss.
pub(super) type LossLine = Box<dyn Fn(&Loss) -> String + Send>;

pub(super) struct Sink {
    pub(super) to: Box<dyn Write + Send>,
    /// The file that `to` appends to, where it is one: its length is noted before each write.
    pub(super) log: Option<File>,
    pub(super) tally: Option<Arc<Tally>>,
    /// Calls whose lines are written, or told of in the log.
    pub(super) settled: u64,
    /// The last write stopped inside a line.
    pub(super) cut: bool,
    pub(super) loss_line: LossLine,
    /// Losses that are not told of yet.
    pub(super) losses: Vec<Loss>,
    /// Writes that failed.
    pub(super) errors: Arc<AtomicU64>,
}

impl Sink {
    /// Writes whole lines, which settle `calls` calls. On failure, how many bytes were taken.
    pub(super) fn write(&mut self, bytes: &[u8], calls: u64) -> Result<(), usize> {
        if self.cut {
            // So that half a line does not take the next one with it.
            self.try_write(b"\n").map_err(|_| 0_usize)?;
            self.cut = false;
        }
        self.note_in_flight(bytes, calls);
        let result = self.try_write(bytes);
        if result.is_ok() {
            self.settle(calls);
        }
        result
    }

    /// Notes that calls are written, or told of.
    pub(super) fn settle(&mut self, calls: u64) {
        self.settled += calls;
        self.note(InFlight::default());
    }

    pub(super) fn lose(&mut self, loss: Loss) {
        if loss.lines == 0 {
            return;
        }
        match self.losses.iter_mut().find(|l| l.reason == loss.reason) {
            Some(known) => known.lines += loss.lines,
            None => self.losses.push(loss),
        }
    }

    /// Writes a line for each loss that is not told of; keeps those whose line fails.
    pub(super) fn tell(&mut self) {
        for loss in std::mem::take(&mut self.losses) {
            let line = (self.loss_line)(&loss);
            if let Err(taken) = self.write(line.as_bytes(), loss.lines) {
                self.cut |= taken > 0;
                self.losses.push(loss);
            }
        }
    }

    /// What a sink of the user's own does in `write` must not end the thread that writes the log.
    fn try_write(&mut self, bytes: &[u8]) -> Result<(), usize> {
        let to = &mut self.to;
        let write = AssertUnwindSafe(|| {
            let (result, written) = write_whole(&mut *to, bytes);
            result.and_then(|()| to.flush()).map_err(|_| written)
        });
        let result = panic::catch_unwind(write).unwrap_or(Err(0));
        if result.is_err() {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        result
    }

    fn note_in_flight(&mut self, bytes: &[u8], calls: u64) {
        if self.tally.is_none() {
            return;
        }
        let length = self.log.as_ref().and_then(|log| log.metadata().ok());
        self.note(InFlight {
            calls,
            newlines: newlines(bytes),
            offset: length.map_or(0, |about| about.len() + 1),
        });
    }

    fn note(&mut self, in_flight: InFlight) {
        if let Some(tally) = &self.tally {
            tally.note_settled(self.settled, in_flight);
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink")
            .field("settled", &self.settled)
            .field("losses", &self.losses)
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}

/// The loss line that is used unless another one is given.
pub(super) fn json_loss_line(loss: &Loss) -> String {
    loss.json()
}

/// Whether a log ends inside a line, as one does whose process died while it wrote.
pub(super) fn ends_inside_a_line(log: &mut File) -> io::Result<bool> {
    use std::io::{Read, Seek, SeekFrom};
    if log.metadata()?.len() == 0 {
        return Ok(false);
    }
    log.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    log.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// A loss that the process before this one left behind.
pub(super) fn inherited(lines: u64, perhaps_written: u64) -> Loss {
    Loss {
        perhaps_written,
        ..Loss::new(lines, LossReason::ProcessEnded)
    }
}
