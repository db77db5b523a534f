//! Where the texts of values stand while an event is read and handed on.

use std::ops::Range;

use civic_pii::{Redactor, Scratch};

use crate::clean::MAX_VALUE_BYTES;
use crate::slot::Place;

/// Buffers that values are written to; kept from one event to the next.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    /// Values as they were read, with a gap between. Those that no slot points to any more were not clean.
    pub(crate) raw: String,
    /// Where the values stand in `raw`.
    pub(crate) places: Vec<Range<usize>>,
    /// What each of them is, by the same index.
    pub(crate) pieces: Vec<Piece>,
    /// Values that came out of the redactor as something else.
    pub(crate) changed: String,
    /// Bytes that may be logged.
    pub(crate) bytes: Vec<u8>,
    pub(crate) scratch: Scratch,
}

/// What is to be known of a value in `raw` when all are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    /// Index of its slot.
    pub(crate) slot: usize,
    /// Whether it goes to the redactor however it looks.
    pub(crate) is_forced: bool,
    /// Whether formatting it failed half way.
    pub(crate) is_incomplete: bool,
}

impl Buffers {
    #[inline]
    pub(crate) fn text(&self, place: Place) -> &str {
        let buffer = if place.is_changed {
            &self.changed
        } else {
            &self.raw
        };
        &buffer[place.start..place.end]
    }

    pub(crate) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }

    /// Begins a value: what is now written to the end of `raw` belongs to it.
    #[inline]
    pub(crate) fn begin(&mut self) -> usize {
        const GAP: &str = match str::from_utf8(&[0; Redactor::GAP]) {
            Ok(gap) => gap,
            Err(_) => unreachable!(),
        };
        if !self.places.is_empty() {
            self.raw.push_str(GAP);
        }
        self.raw.len()
    }

    /// Ends a value that began at `start`.
    #[inline]
    pub(crate) fn end(&mut self, start: usize, piece: Piece) -> Place {
        let end = self.raw.len();
        self.places.push(start..end);
        self.pieces.push(piece);
        Place {
            is_changed: false,
            start,
            end,
        }
    }

    #[inline]
    pub(crate) fn clear(&mut self) {
        self.raw.clear();
        self.places.clear();
        self.pieces.clear();
        self.changed.clear();
        self.bytes.clear();
    }

    /// Gives memory back after an unusually large event, so that a thread does not hold it for ever.
    #[inline]
    pub(crate) fn shrink(&mut self) {
        shrink(&mut self.raw);
        shrink(&mut self.changed);
        if self.bytes.capacity() > KEPT {
            self.bytes.clear();
            self.bytes.shrink_to(KEPT);
        }
    }
}

/// Most memory of a buffer that is kept.
const KEPT: usize = 4 * MAX_VALUE_BYTES;

/// Empties a buffer and gives its memory back if that is unusually large.
#[inline]
pub(crate) fn shrink(buffer: &mut String) {
    if buffer.capacity() > KEPT {
        buffer.clear();
        buffer.shrink_to(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_event_does_not_keep_its_memory() {
        let mut buffers = Buffers::default();
        buffers.raw.push_str(&"x".repeat(8 << 20));
        buffers.bytes.resize(8 << 20, 0);
        buffers.clear();
        buffers.shrink();
        assert!(buffers.raw.capacity() <= KEPT && buffers.bytes.capacity() <= KEPT);
    }
}
