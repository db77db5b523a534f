//! Entries that become durable together, and what became of them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::ledger::intents::Mark;

/// Entries in the order in which they were given, in two allocations that are used again.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
    items: Vec<(usize, Mark)>,
}

impl Batch {
    pub(crate) fn push(&mut self, body: &[u8], mark: Mark) {
        self.bytes.extend_from_slice(body);
        self.items.push((self.bytes.len(), mark));
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.items.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], Mark)> {
        let mut start = 0;
        self.items.iter().map(move |(end, mark)| {
            let body = &self.bytes[start..*end];
            start = *end;
            (body, *mark)
        })
    }
}

/// What became of a batch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Done {
    /// Entries that are durable; those behind them were refused.
    pub(crate) accepted: usize,
    /// Place in the batch and sequence, wherever the sequence is not one more than that of the place before.
    runs: Vec<(usize, u64)>,
    pub(crate) logged: Timestamp,
    /// Why there is no room.
    pub(crate) refused: Option<Arc<io::Error>>,
    /// Why nothing more can be written.
    pub(crate) failed: Option<Arc<io::Error>>,
    pub(crate) syncs: u32,
    pub(crate) sync_time: Duration,
    pub(crate) open_intents: usize,
}

impl Done {
    /// None of the batch is known to be durable.
    pub(crate) fn failed(error: Arc<io::Error>) -> Self {
        Done {
            failed: Some(error),
            ..Done::default()
        }
    }

    pub(crate) fn place(&mut self, place: usize, seq: u64) {
        if self.seq(place) != Some(seq) {
            self.runs.push((place, seq));
        }
    }

    /// Sequence of the entry at a place of the batch.
    pub(crate) fn seq(&self, place: usize) -> Option<u64> {
        let (from, seq) = self.runs.iter().rev().find(|(from, _)| *from <= place)?;
        Some(seq + (place - from) as u64)
    }
}
