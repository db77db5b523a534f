//! When a check runs next, and whether it runs now.

use std::time::Duration;

use crate::spec::Spec;

/// Where one check stands between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// Does not run.
    Idle,
    /// Runs since then.
    Running { since: Duration },
    /// Its time is over and it still runs, so it keeps its permit.
    Overrun,
}

/// The times of one check.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pub(super) run: Run,
    pub(super) next_due: Duration,
    random: Random,
}

impl Schedule {
    pub(super) fn new(now: Duration, seed: u64) -> Self {
        Self {
            run: Run::Idle,
            next_due: now,
            random: Random(seed),
        }
    }

    /// Puts the next run one interval, with its jitter, after this one was due.
    ///
    /// A run that starts late does not put off those that follow; one that missed a whole interval is not made up for.
    pub(super) fn advance(&mut self, spec: &Spec, now: Duration) {
        let spread = spec.interval * u32::from(spec.jitter_percent) / 100;
        let share = self.random.share();
        let interval = spec.interval.saturating_sub(spread) + spread.mul_f64(2.0 * share);
        let next = self.next_due + interval;
        self.next_due = if next > now { next } else { now + interval };
    }
}

/// SplitMix64: small, seeded, and good enough to spread runs over time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_in_its_bounds_and_spreads() {
        let spec = Spec::local("disk")
            .interval(Duration::from_secs(10))
            .jitter_percent(20);
        let mut schedule = Schedule::new(Duration::ZERO, 7);
        let mut times = Vec::new();
        for _ in 0..1000 {
            let before = schedule.next_due;
            schedule.advance(&spec, before);
            times.push((schedule.next_due.saturating_sub(before)).as_secs_f64());
        }
        assert!(times.iter().all(|time| (8.0..=12.0).contains(time)));
        assert!(times.iter().any(|time| *time < 8.2) && times.iter().any(|time| *time > 11.8));
    }

    #[test]
    fn a_late_start_puts_nothing_off_and_a_missed_interval_is_not_made_up_for() {
        let second = Duration::from_secs(1);
        let spec = Spec::local("disk").interval(second * 10).jitter_percent(0);
        let mut schedule = Schedule::new(Duration::ZERO, 7);
        schedule.advance(&spec, second * 3);
        assert_eq!(schedule.next_due, second * 10);
        schedule.advance(&spec, second * 25);
        assert_eq!(schedule.next_due, second * 35);
    }

    #[test]
    fn the_same_seed_gives_the_same_times() {
        let spec = Spec::local("disk");
        let times = |seed| {
            let mut schedule = Schedule::new(Duration::ZERO, seed);
            (0..20)
                .map(|_| {
                    schedule.advance(&spec, schedule.next_due);
                    schedule.next_due
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(times(3), times(3));
        assert_ne!(times(3), times(4));
    }
}
