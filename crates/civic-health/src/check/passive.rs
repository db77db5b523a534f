//! How the calls that are made anyway turn out.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::{Cx, HealthCheck};
use crate::outcome::Outcome;

/// Parts of the window; the oldest is dropped as a new one begins.
const SLOTS: usize = 10;

/// The error ratio of real calls to a dependency: no probe traffic at all.
///
/// Keep a clone where the calls are made and tell it how each turned out; give one to the
/// builder. Judges the last minute: warns from 5 % errors, fails from 50 %, and passes below 20
/// calls, unless told. To record is one atomic update; there is no lock.
///
/// ```
/// use civic_health::check::Passive;
/// use civic_health::{Health, Spec};
///
/// let payments = Passive::new();
/// let health = Health::builder("service")
///     .check(Spec::shared("payments").journeys(&["apply"]), payments.clone())
///     .build()?;
/// // where the calls are made:
/// payments.record(true);
/// # async fn call(payments: Passive) -> Result<u32, std::io::Error> {
/// # async fn pay() -> Result<u32, std::io::Error> { Ok(1) }
/// let receipt = payments.observe(pay()).await?;
/// # Ok(receipt) }
/// # Ok::<(), civic_health::BuildError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Passive {
    window: Arc<Window>,
    warn_from: f64,
    fail_from: f64,
    least_calls: u64,
}

impl Passive {
    /// With the limits above.
    pub fn new() -> Self {
        Self::over(Duration::from_secs(60))
    }

    /// Judges the calls of this last time.
    pub fn over(window: Duration) -> Self {
        Self {
            window: Arc::new(Window::new(window)),
            warn_from: 5.0,
            fail_from: 50.0,
            least_calls: 20,
        }
    }

    /// Warns when so many percent of the calls fail.
    pub fn warn_from(mut self, percent: f64) -> Self {
        self.warn_from = percent;
        self
    }

    /// Fails when so many percent of the calls fail.
    pub fn fail_from(mut self, percent: f64) -> Self {
        self.fail_from = percent;
        self
    }

    /// Judges nothing on fewer calls.
    pub fn least_calls(mut self, calls: u64) -> Self {
        self.least_calls = calls;
        self
    }

    /// Takes how one call turned out.
    pub fn record(&self, succeeded: bool) {
        self.window.record(self.window.start.elapsed(), succeeded);
    }

    /// Makes a call and takes how it turned out. One that is dropped before its end counts for nothing.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn observe<T, E>(&self, call: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let result = call.await;
        self.record(result.is_ok());
        result
    }

    fn judge(&self, counts: Counts) -> Outcome {
        let share = counts.failed as f64 / counts.calls.max(1) as f64 * 100.0;
        let outcome = if counts.calls < self.least_calls || counts.calls == 0 {
            Outcome::pass()
        } else if share >= self.fail_from {
            Outcome::fail("most calls fail")
        } else if share >= self.warn_from {
            Outcome::warn("calls fail")
        } else {
            Outcome::pass()
        };
        outcome.observed((share * 100.0).round() / 100.0, "percent")
    }
}

impl Default for Passive {
    fn default() -> Self {
        Self::new()
    }
}

impl HealthCheck for Passive {
    async fn check(&self, _: &Cx) -> Outcome {
        self.judge(self.window.counts(self.window.start.elapsed()))
    }

    fn measurement(&self) -> &'static str {
        "errorRatio"
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    calls: u64,
    failed: u64,
}

/// Counts by part of the window. A slot holds the number of its part, calls and failures in one word, so that
/// one update changes all three.
#[derive(Debug)]
struct Window {
    start: Instant,
    part: Duration,
    slots: [AtomicU64; SLOTS],
}

/// Bits for each of the two counts of a slot; they stop at about a million.
const BITS: u32 = 20;
const MOST: u64 = (1 << BITS) - 1;
/// Bits for the number of the part: enough for three years of seconds before it comes round.
const PARTS: u64 = (1 << (64 - 2 * BITS)) - 1;

impl Window {
    fn new(window: Duration) -> Self {
        Self {
            start: Instant::now(),
            part: (window / SLOTS as u32).max(Duration::from_millis(1)),
            slots: Default::default(),
        }
    }

    fn record(&self, now: Duration, succeeded: bool) {
        let part = self.number(now);
        let slot = &self.slots[(part % SLOTS as u64) as usize];
        let update = |word: u64| {
            let (of, mut counts) = unpack(word);
            if of != part & PARTS {
                counts = Counts::default();
            }
            counts.calls = (counts.calls + 1).min(MOST);
            counts.failed = (counts.failed + u64::from(!succeeded)).min(MOST);
            Some(pack(part, counts))
        };
        // The closure never refuses, so this cannot fail.
        let _ = slot.fetch_update(Ordering::Relaxed, Ordering::Relaxed, update);
    }

    fn counts(&self, now: Duration) -> Counts {
        let part = self.number(now);
        let mut all = Counts::default();
        for slot in &self.slots {
            let (of, counts) = unpack(slot.load(Ordering::Relaxed));
            if (part & PARTS).wrapping_sub(of) & PARTS < SLOTS as u64 {
                all.calls += counts.calls;
                all.failed += counts.failed;
            }
        }
        all
    }

    /// Which part it is, counted from 1 so that an empty word is none.
    fn number(&self, now: Duration) -> u64 {
        (now.as_nanos() / self.part.as_nanos()) as u64 + 1
    }
}

fn pack(part: u64, counts: Counts) -> u64 {
    (part & PARTS) << (2 * BITS) | counts.calls << BITS | counts.failed
}

fn unpack(word: u64) -> (u64, Counts) {
    let counts = Counts {
        calls: word >> BITS & MOST,
        failed: word & MOST,
    };
    (word >> (2 * BITS), counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(time: u64) -> Duration {
        Duration::from_secs(time)
    }

    #[test]
    fn only_the_last_window_counts() {
        let window = Window::new(seconds(10));
        for second in 0..25 {
            window.record(seconds(second), second % 2 == 0);
        }
        let expected = Counts {
            calls: 10,
            failed: 5,
        };
        assert_eq!(window.counts(seconds(24)), expected);
        assert_eq!(
            window.counts(seconds(29)),
            Counts {
                calls: 5,
                failed: 2
            }
        );
        assert_eq!(window.counts(seconds(60)), Counts::default());
    }

    #[test]
    fn few_calls_say_nothing_and_many_say_what_they_say() {
        let passive = Passive::new();
        let judge = |calls, failed| passive.judge(Counts { calls, failed }).reason();
        assert_eq!(judge(0, 0), None);
        assert_eq!(judge(19, 19), None);
        assert_eq!(judge(20, 0), None);
        assert_eq!(judge(100, 5), Some("calls fail"));
        assert_eq!(judge(100, 50), Some("most calls fail"));
    }

    #[test]
    fn counts_stop_and_do_not_run_over() {
        let window = Window::new(seconds(10));
        window.slots[1].store(
            pack(
                1,
                Counts {
                    calls: MOST,
                    failed: MOST,
                },
            ),
            Ordering::Relaxed,
        );
        window.record(Duration::ZERO, false);
        assert_eq!(
            window.counts(Duration::ZERO),
            Counts {
                calls: MOST,
                failed: MOST
            }
        );
    }

    #[test]
    fn calls_from_many_threads_are_all_counted() {
        let passive = Passive::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1000).for_each(|i| passive.record(i % 4 != 0)));
            }
        });
        let counts = passive.window.counts(passive.window.start.elapsed());
        assert_eq!(
            counts,
            Counts {
                calls: 4000,
                failed: 1000
            }
        );
    }
}
