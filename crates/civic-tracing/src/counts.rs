//! Counts of what the rewrite changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts of values that were redacted, cut or dropped; never the values.
///
/// A clone is a handle to the same counts. Take one with
/// [`RedactingSubscriber::counts`](crate::RedactingSubscriber::counts) before the subscriber is
/// installed, and publish it as a metric: a service whose logs suddenly hold much to redact has
/// a fault upstream. Reading does not empty the counts. A clean value costs no atomic access.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    redacted: AtomicU64,
    cut: AtomicU64,
    dropped: AtomicU64,
}

impl Counts {
    /// Pieces of personal data that were replaced.
    pub fn redacted(&self) -> u64 {
        self.shared.redacted.load(Ordering::Relaxed)
    }

    /// Values that were shortened because they were too long or did not format to their end.
    pub fn cut(&self) -> u64 {
        self.shared.cut.load(Ordering::Relaxed)
    }

    /// Values that were left out whole because they could not be scanned.
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }

    pub(crate) fn add_redacted(&self, pieces: u32) {
        if pieces > 0 {
            self.shared
                .redacted
                .fetch_add(u64::from(pieces), Ordering::Relaxed);
        }
    }

    pub(crate) fn add_cut(&self) {
        self.shared.cut.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn add_dropped(&self, values: u32) {
        if values > 0 {
            self.shared
                .dropped
                .fetch_add(u64::from(values), Ordering::Relaxed);
        }
    }
}
