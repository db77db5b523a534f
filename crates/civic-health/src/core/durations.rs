//! How long the runs of a check took.

use std::time::Duration;

/// How long the runs of a check took, in buckets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Durations {
    counts: [u64; Self::BOUNDS.len() + 1],
    sums: [f64; Self::BOUNDS.len() + 1],
}

impl Durations {
    /// Upper bounds of the buckets, in seconds, inclusive: from a look at memory to a timeout.
    pub const BOUNDS: [f64; 10] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];

    /// Runs in each bucket; the last is for those above every bound.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Sum of the seconds in each bucket.
    pub fn sums(&self) -> &[f64] {
        &self.sums
    }

    pub(super) fn record(&mut self, time: Duration) {
        let seconds = time.as_secs_f64();
        let bucket = Self::BOUNDS.partition_point(|bound| *bound < seconds);
        self.counts[bucket] += 1;
        self.sums[bucket] += seconds;
    }
}
