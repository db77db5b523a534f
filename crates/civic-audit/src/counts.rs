//! Figures of a trail.

use std::time::Duration;

use crate::ledger::Done;

/// What a trail did since it was opened. Small and `Copy`; reading it changes nothing.
///
/// ```
/// use civic_audit::{Actor, AuditTrail, Service, ServiceLifecycle, Transition};
///
/// let folder = tempfile::tempdir()?;
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// trail.record(ServiceLifecycle { actor: Actor::system(), transition: Transition::Started })?;
/// assert_eq!(trail.counts().failed, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Counts {
    /// Entries that were made durable.
    pub acknowledged: u64,
    /// Entries that were refused because there was no room in memory or on the disk, or the trail was closed.
    pub rejected: u64,
    /// Entries that the storage failed to take.
    pub failed: u64,
    /// Entries of the class that may be lost, which were.
    pub dropped: u64,
    /// Batches; `acknowledged` over this is the mean size of a batch.
    pub batches: u64,
    /// Largest batch.
    pub largest_batch: u64,
    /// Calls of fdatasync, with the write before each.
    pub syncs: u64,
    /// Time in them.
    pub sync_time: Duration,
    /// Longest that one batch took.
    pub slowest_sync: Duration,
    /// Entries that wait in memory now.
    pub queued: u64,
    /// Intents that have no outcome yet.
    pub unpaired_intents: u64,
    /// Entries that a witness has seen, since the start of this process.
    pub witnessed: u64,
    /// Whether entries are refused now because the disk is full.
    pub full: bool,
    /// Whether the storage failed for good: every entry is refused until the service starts anew.
    pub failed_for_good: bool,
}

impl Counts {
    pub(crate) fn add(&mut self, done: &Done, entries: usize) {
        let entries = entries as u64;
        let accepted = done.accepted as u64;
        self.acknowledged += accepted;
        if done.failed.is_some() {
            self.failed += entries - accepted;
        } else {
            self.rejected += entries - accepted;
        }
        self.batches += 1;
        self.largest_batch = self.largest_batch.max(entries);
        self.syncs += u64::from(done.syncs);
        self.sync_time += done.sync_time;
        self.slowest_sync = self.slowest_sync.max(done.sync_time);
        if done.failed.is_none() {
            self.unpaired_intents = done.open_intents as u64;
        }
    }
}
