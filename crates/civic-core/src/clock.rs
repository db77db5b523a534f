//! The time, as something that is passed in, so that a test can wait a day in no time.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Tells the time of day, and a time that only runs forward.
///
/// ```
/// use civic_core::{Clock, SystemClock};
/// let clock = SystemClock;
/// let before = clock.monotonic();
/// assert!(clock.monotonic() >= before);
/// ```
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time of day; it may jump either way.
    fn now(&self) -> SystemTime;

    /// Time since some moment of this process; it never runs backwards.
    fn monotonic(&self) -> Duration;

    /// Whole seconds since 1970-01-01 UTC; 0 for a clock that is set before.
    fn unix_seconds(&self) -> u64 {
        self.now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs())
    }
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }

    fn monotonic(&self) -> Duration {
        (**self).monotonic()
    }
}

/// The clock of the operating system.
///
/// ```
/// use civic_core::{Clock, SystemClock};
/// assert!(SystemClock.unix_seconds() > 1_700_000_000);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// What [`SystemClock::monotonic`] counts from: the first call of the process.
static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn monotonic(&self) -> Duration {
        BEGINNING.elapsed()
    }
}

/// A clock that stands still until a test moves it. Clones show the same time.
///
/// ```
/// use civic_core::{Clock, FakeClock};
/// use std::time::Duration;
///
/// let clock = FakeClock::new();
/// let other = clock.clone();
/// let before = other.monotonic();
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(other.monotonic() - before, Duration::from_secs(90));
/// ```
#[derive(Clone, Debug)]
pub struct FakeClock(Arc<Times>);

#[derive(Debug)]
struct Times {
    /// Nanoseconds since 1970.
    day: AtomicU64,
    /// Nanoseconds that were advanced.
    forward: AtomicU64,
}

impl FakeClock {
    /// Noon of 1 January 2026, UTC.
    const START: Duration = Duration::from_secs(1_767_268_800);

    /// A clock that shows noon of 1 January 2026, UTC.
    ///
    /// ```
    /// use civic_core::{Clock, FakeClock};
    /// assert_eq!(FakeClock::new().unix_seconds(), 1_767_268_800);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::at(UNIX_EPOCH + Self::START)
    }

    /// A clock that shows this time of day.
    ///
    /// ```
    /// use civic_core::{Clock, FakeClock};
    /// use std::time::UNIX_EPOCH;
    /// assert_eq!(FakeClock::at(UNIX_EPOCH).now(), UNIX_EPOCH);
    /// ```
    #[must_use]
    pub fn at(now: SystemTime) -> Self {
        Self(Arc::new(Times {
            day: AtomicU64::new(nanoseconds(now)),
            forward: AtomicU64::new(0),
        }))
    }

    /// Moves both times forward.
    ///
    /// ```
    /// use civic_core::{Clock, FakeClock};
    /// let clock = FakeClock::new();
    /// clock.advance(std::time::Duration::from_secs(1));
    /// assert_eq!(clock.unix_seconds(), 1_767_268_801);
    /// ```
    pub fn advance(&self, by: Duration) {
        let by = by.as_nanos() as u64;
        self.0.day.fetch_add(by, Ordering::Relaxed);
        self.0.forward.fetch_add(by, Ordering::Relaxed);
    }

    /// Sets the time of day, as an operator or a time server does; the other time does not move.
    ///
    /// ```
    /// use civic_core::{Clock, FakeClock};
    /// use std::time::{Duration, UNIX_EPOCH};
    /// let clock = FakeClock::new();
    /// clock.set(UNIX_EPOCH + Duration::from_secs(5));
    /// assert_eq!((clock.unix_seconds(), clock.monotonic()), (5, Duration::ZERO));
    /// ```
    pub fn set(&self, now: SystemTime) {
        self.0.day.store(nanoseconds(now), Ordering::Relaxed);
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_nanos(self.0.day.load(Ordering::Relaxed))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_nanos(self.0.forward.load(Ordering::Relaxed))
    }
}

fn nanoseconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}
