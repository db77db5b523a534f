//! Paired measurements: both sides run in turn in one process, and each round gives one ratio.
//!
//! Thread CPU time leaves out most of what other processes do; a pair shares what is left.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// CPU time that this thread has used.
pub fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        time.tv_nsec.unsigned_abs() as u32,
    )
}

/// CPU seconds that a piece of work takes.
pub fn seconds(work: &mut dyn FnMut()) -> f64 {
    let start = cpu_time();
    work();
    cpu_time().saturating_sub(start).as_secs_f64()
}

/// Median with the least and the greatest of some figures.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The one in the middle.
    pub median: f64,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
}

impl Spread {
    /// The spread of at least one figure.
    ///
    /// # Panics
    /// Without any figure.
    pub fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        Self {
            median: figures[figures.len() / 2],
            min: figures[0],
            max: figures[figures.len() - 1],
        }
    }
}

/// Seconds of both sides in each round.
#[derive(Clone, Debug, Default)]
pub struct Rounds(Vec<(f64, f64)>);

impl Rounds {
    /// Seconds of the left side over those of the right.
    pub fn ratio(&self) -> Spread {
        Spread::of(self.0.iter().map(|(left, right)| left / right).collect())
    }

    /// Median seconds of the left and of the right side.
    pub fn medians(&self) -> (f64, f64) {
        let (left, right) = self.0.iter().copied().unzip();
        (Spread::of(left).median, Spread::of(right).median)
    }
}

/// Runs both sides in turn, after one round that is thrown away.
pub fn rounds(count: usize, left: &mut dyn FnMut(), right: &mut dyn FnMut()) -> Rounds {
    left();
    right();
    let seconds = (0..count).map(|round| {
        // Whoever comes second finds the machine warm, so the order changes.
        if round % 2 == 0 {
            let left = seconds(left);
            (left, seconds(right))
        } else {
            let right = seconds(right);
            (seconds(left), right)
        }
    });
    Rounds(seconds.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_between_the_ends() {
        let spread = Spread::of(vec![3.0, 1.0, 2.0]);
        assert_eq!((spread.median, spread.min, spread.max), (2.0, 1.0, 3.0));
    }

    #[test]
    fn three_times_the_work_takes_about_three_times_as_long() {
        fn work(n: u64) {
            let mut sum = 0u64;
            for i in 0..n {
                sum = std::hint::black_box(sum.wrapping_add(i));
            }
        }
        let spread = rounds(7, &mut || work(3_000_000), &mut || work(1_000_000)).ratio();
        assert!((2.0..4.5).contains(&spread.median), "{spread:?}");
    }
}
