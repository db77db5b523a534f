//! How long to wait after a failure.

use std::time::Duration;

/// The first wait is between half of this and all of it.
const FIRST: Duration = Duration::from_millis(200);

/// No wait is longer.
const LONGEST: Duration = Duration::from_secs(30);

/// Waits that double, each shortened at random by up to a half, so that replicas do not come back all at once.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The wait after one more failure in a row.
    pub(crate) fn next(&mut self) -> Duration {
        // Without random numbers the waits are merely not spread.
        self.next_by(getrandom::u32().unwrap_or(u32::MAX / 2))
    }

    /// As [`next`](Backoff::next), by any number in place of a random one.
    fn next_by(&mut self, random: u32) -> Duration {
        let doubled = FIRST.saturating_mul(1 << self.failures.min(16));
        self.failures += 1;
        let full = doubled.min(LONGEST);
        let share = f64::from(random) / f64::from(u32::MAX);
        full.mul_f64(0.5 + 0.5 * share)
    }

    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit_and_are_spread() {
        let mut most = Backoff::default();
        let waits: Vec<u128> = (0..10)
            .map(|_| most.next_by(u32::MAX).as_millis())
            .collect();
        assert_eq!(waits[..5], [200, 400, 800, 1600, 3200]);
        assert_eq!(waits[8..], [30_000, 30_000]);
        let mut least = Backoff::default();
        assert_eq!(least.next_by(0).as_millis(), 100);
        for _ in 0..100 {
            assert!(least.next_by(0) >= Duration::from_millis(200));
        }
        least.reset();
        assert_eq!(least.next_by(0).as_millis(), 100);
    }
}
