//! Times from start to end, in fixed buckets.

use core::sync::atomic::{AtomicU64, Ordering};

/// Upper bounds of the buckets in seconds: each half as long again as the one before, from 20 s to two and a half days.
///
/// Whole seconds, inclusive. The median is right to about 2%, the 95th percentile to about 7%. The buckets are the same
/// for every journey, because an exporter has one list for a name.
///
/// ```
/// assert_eq!(civic_journey::BOUNDS[..4], [20.0, 30.0, 45.0, 68.0]);
/// assert_eq!(civic_journey::BOUNDS.len(), 24);
/// ```
pub const BOUNDS: [f64; 24] = [
    20.0, 30.0, 45.0, 68.0, 101.0, 152.0, 228.0, 342.0, 513.0, 769.0, 1_153.0, 1_730.0, 2_595.0,
    3_892.0, 5_839.0, 8_758.0, 13_137.0, 19_705.0, 29_558.0, 44_337.0, 66_505.0, 99_758.0,
    149_637.0, 224_455.0,
];

/// One more than there are bounds: what took longer has a bucket of its own.
pub(crate) const BUCKETS: usize = BOUNDS.len() + 1;

/// How many journeys took how long. 400 bytes; adding takes no lock.
#[derive(Debug)]
pub(crate) struct Durations {
    counts: [AtomicU64; BUCKETS],
    /// Whole seconds.
    sums: [AtomicU64; BUCKETS],
}

impl Durations {
    pub(crate) const fn new() -> Self {
        Self {
            counts: [const { AtomicU64::new(0) }; BUCKETS],
            sums: [const { AtomicU64::new(0) }; BUCKETS],
        }
    }

    pub(crate) fn add(&self, seconds: u64) {
        let bucket = BOUNDS.partition_point(|bound| *bound < seconds as f64);
        // The sum first: who reads the count first then never misses the seconds of what it counted.
        self.sums[bucket].fetch_add(seconds, Ordering::Release);
        self.counts[bucket].fetch_add(1, Ordering::Release);
    }

    pub(crate) fn read(&self) -> ([u64; BUCKETS], [f64; BUCKETS]) {
        let counts = core::array::from_fn(|i| self.counts[i].load(Ordering::Acquire));
        let sums = core::array::from_fn(|i| self.sums[i].load(Ordering::Acquire) as f64);
        (counts, sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bound_is_half_as_long_again_as_the_one_before() {
        let mut exact = 20.0_f64;
        for bound in BOUNDS {
            assert!((bound - exact).abs() <= 1.0, "{bound} is not {exact}");
            exact *= 1.5;
        }
    }

    #[test]
    fn a_bound_belongs_to_its_own_bucket() {
        let durations = Durations::new();
        for seconds in [0, 20, 21, 224_455, 224_456] {
            durations.add(seconds);
        }
        let (counts, sums) = durations.read();
        assert_eq!((counts[0], sums[0]), (2, 20.0));
        assert_eq!((counts[1], sums[1]), (1, 21.0));
        assert_eq!((counts[23], counts[24]), (1, 1));
    }
}
