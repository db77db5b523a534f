//! Lines that wait for the thread that writes them.

/// Lines one after the other in one piece of memory, with where each ends.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Lines {
    pub(super) fn push(&mut self, line: &[u8]) {
        self.bytes.extend_from_slice(line);
        self.ends.push(self.bytes.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Gives memory back after an unusually large batch.
    pub(super) fn shrink(&mut self, bytes: usize) {
        self.bytes.shrink_to(bytes);
        self.ends.shrink_to(bytes / 64);
    }

    /// The lines from number `first` on that together have about `bytes` bytes, and how many they are.
    ///
    /// One line at least, however long it is.
    pub(super) fn piece(&self, first: usize, bytes: usize) -> (&[u8], usize) {
        let start = self.start(first);
        let fit = self.ends[first..].partition_point(|end| end - start <= bytes);
        let count = fit.max(1).min(self.len() - first);
        (&self.bytes[start..self.start(first + count)], count)
    }

    /// How many lines from number `first` on are complete within `bytes` bytes, and whether the next one is cut.
    pub(super) fn complete_within(&self, first: usize, bytes: usize) -> (usize, bool) {
        let start = self.start(first);
        let complete = self.ends[first..].partition_point(|end| end - start <= bytes);
        (complete, self.start(first + complete) - start < bytes)
    }

    fn start(&self, line: usize) -> usize {
        match line {
            0 => 0,
            line => self.ends[line - 1],
        }
    }
}

/// What callers and the writing thread share, under one lock.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that a side tells the other"
)]
pub(super) struct Queue {
    pub(super) lines: Lines,
    /// Bytes that the thread has taken and not yet written.
    pub(super) in_hand: usize,
    /// Calls that have returned, or are about to.
    pub(super) returned: u64,
    /// Of those, how many are written or given up.
    pub(super) done: u64,
    /// Dropped because there was no room, and not yet in the thread's hand.
    pub(super) dropped: u64,
    /// The thread has losses in hand that it has not yet tried to tell.
    pub(super) telling: bool,
    /// How many wait for a flush; while somebody does, the thread does not linger.
    pub(super) flushing: u32,
    /// No more lines come through the queue.
    pub(super) closed: bool,
    /// The time to flush is over: count what is left and end.
    pub(super) abandoned: bool,
    /// The thread has ended.
    pub(super) ended: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_hold_whole_lines() {
        let mut lines = Lines::default();
        for line in ["aa\n", "bbb\n", "cccccccccc\n", "d\n"] {
            lines.push(line.as_bytes());
        }
        assert_eq!(lines.piece(0, 8), (b"aa\nbbb\n".as_slice(), 2));
        assert_eq!(lines.piece(2, 8), (b"cccccccccc\n".as_slice(), 1));
        assert_eq!(lines.piece(3, 8), (b"d\n".as_slice(), 1));
        assert_eq!(lines.complete_within(0, 7), (2, false));
        assert_eq!(lines.complete_within(0, 8), (2, true));
        assert_eq!(lines.complete_within(1, 2), (0, true));
    }
}
