//! Tells the service that a log call held personal data.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use civic_pii::Receipt;

use crate::owner::Owner;
use crate::reading::Reading;
use crate::slot::Slot;

/// What was removed from one event or span, and where it was logged; never the values.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Redaction<'a> {
    /// What was removed.
    pub receipt: Receipt,
    /// The target of the event or span.
    pub target: &'a str,
    /// Path of the source file as the compiler wrote it, where it is known.
    pub file: Option<&'a str>,
    /// Line of the log call, where it is known.
    pub line: Option<u32>,
    /// Redactions at the same place since the last one that was told.
    pub untold: u64,
}

/// Whom to tell of redactions, and how often.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) every: Duration,
    pub(crate) tell: Arc<dyn Fn(&Redaction<'_>) + Send + Sync>,
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("every", &self.every)
            .finish_non_exhaustive()
    }
}

thread_local! {
    /// Whether this thread is telling of a redaction: what it logs meanwhile is counted and not told.
    static TELLING: Cell<bool> = const { Cell::new(false) };
}

/// Counts what became of the values that were read, and tells of it.
#[cold]
pub(crate) fn count(reading: &Reading<'_>) {
    let Some(known) = reading.known() else {
        return;
    };
    let metadata = known.metadata;
    let (mut target, mut file, mut line) = (metadata.target(), metadata.file(), metadata.line());
    if let Some(log) = known.log {
        target = reading.text(log.target).unwrap_or(target);
        file = reading.text(log.file);
        line = match reading.taken.slots.get(log.line) {
            Some(Slot::U64(line)) => u32::try_from(*line).ok(),
            _ => None,
        };
    }
    let Owner { counts, report, .. } = reading.owner;
    let every = report.as_ref().map(|report| report.every);
    let untold = counts.add(
        &reading.outcome,
        file.unwrap_or(target),
        line.unwrap_or(0),
        every,
    );
    let (Some(untold), Some(report)) = (untold, report) else {
        return;
    };
    if TELLING.replace(true) {
        return;
    }
    let _told = Told;
    (report.tell)(&Redaction {
        receipt: reading.outcome.receipt,
        target,
        file,
        line,
        untold,
    });
}

/// Sets back that a thread is telling, also when it panics.
struct Told;

impl Drop for Told {
    fn drop(&mut self) {
        TELLING.set(false);
    }
}
