//! Intents that have no outcome yet.

use std::collections::{BTreeSet, HashMap};

/// Number of an event: the bytes of its UUID.
pub(crate) type Id = [u8; 16];

/// What an entry means for the pairing of intents and outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    None,
    /// An intent.
    Begins(Id),
    /// The outcome of an intent.
    Ends(Id),
}

/// The intents of a stream without an outcome. Memory: about 80 bytes for each.
#[derive(Debug, Default)]
pub(crate) struct OpenIntents {
    by_id: HashMap<Id, u64>,
    by_seq: BTreeSet<(u64, Id)>,
}

impl OpenIntents {
    pub(crate) fn apply(&mut self, seq: u64, mark: Mark) {
        match mark {
            Mark::None => {}
            Mark::Begins(id) => {
                self.by_id.insert(id, seq);
                self.by_seq.insert((seq, id));
            }
            Mark::Ends(id) => {
                if let Some(seq) = self.by_id.remove(&id) {
                    self.by_seq.remove(&(seq, id));
                }
            }
        }
    }

    /// Sequence of the oldest.
    pub(crate) fn oldest(&self) -> Option<u64> {
        self.by_seq.first().map(|(seq, _)| *seq)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Sequence and id of each, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, Id)> {
        self.by_seq.iter().copied()
    }
}
