//! How far a relay is, for those who wait for it and for monitoring.

use std::cmp::Ordering;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use civic_core::{LabelValue, Metric, MetricSink, MetricSource, Unit, Value};

use crate::disk::RealDisk;
use crate::ledger::{self, Place};

static METRICS: [Metric; 8] = [
    Metric::counter(
        "audit.relay.sent",
        Unit::Of("event"),
        "Entries that the sink stored.",
        &["sink"],
    ),
    Metric::counter(
        "audit.relay.failures",
        Unit::Of("failure"),
        "Attempts that failed and are made again.",
        &["sink"],
    ),
    Metric::counter(
        "audit.relay.dead_letters",
        Unit::Of("event"),
        "Entries that the sink refused for good, kept beside the ledger.",
        &["sink"],
    ),
    Metric::counter(
        "audit.relay.missing",
        Unit::Of("event"),
        "Entries that the ledger does not have any more, or cannot read.",
        &["sink"],
    ),
    Metric::gauge(
        "audit.relay.depth",
        Unit::Of("event"),
        "Entries in the ledger that the sink does not have.",
        &["sink"],
    ),
    Metric::gauge(
        "audit.relay.behind",
        Unit::Seconds,
        "For how long the sink has not had all entries.",
        &["sink"],
    ),
    Metric::gauge(
        "audit.relay.spool.left",
        Unit::Seconds,
        "Time until the ledger's disk is full if entries come as they did; 0 without entries to tell by.",
        &["sink"],
    ),
    Metric::gauge(
        "audit.relay.failing",
        Unit::None,
        "1 while the last attempt failed.",
        &["sink"],
    ),
];

/// What a [`Relay`](crate::Relay) has delivered: to wait for an entry, and to show. Cheap to clone.
///
/// ```
/// use civic_audit::{Actor, AuditTrail, Auth, FileSink, Relay, Service};
/// use std::time::Duration;
/// # let (folder, copies) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// let relay = Relay::new(folder.path(), "file", FileSink::new(copies.path())).start()?;
/// let entry = trail.record(Auth { actor: Actor::system(), step: "sign-in", method: "token" })?;
/// assert!(relay.delivery().wait(trail.stream(), entry.seq, Duration::from_secs(30)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Delivery(Arc<Shared>);

/// Lock: `state` is held for moments, and never while something is read or sent.
#[derive(Debug)]
struct Shared {
    sink: &'static str,
    folder: PathBuf,
    state: Mutex<State>,
    /// The place moved on, or the relay ended.
    moved: Condvar,
    /// Somebody waits for an entry, or the relay is to end.
    asked: Condvar,
}

#[derive(Debug, Default)]
struct State {
    place: Place,
    counts: RelayCounts,
    wakers: Vec<Waker>,
    asked: bool,
    ending: bool,
    /// When everything was delivered, last.
    even: Option<Instant>,
    begun: Option<Instant>,
    bytes: u64,
    measured: Option<Growth>,
}

/// How fast the ledger grows.
#[derive(Clone, Copy, Debug)]
struct Growth {
    at: Instant,
    entries: u64,
    per_second: f64,
}

/// What a relay did since it was started. Small and `Copy`.
///
/// ```
/// assert_eq!(civic_audit::RelayCounts::default().sent, 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelayCounts {
    /// Entries that the sink stored.
    pub sent: u64,
    /// Attempts that failed and are made again.
    pub failures: u64,
    /// Entries that the sink refused for good.
    pub dead_letters: u64,
    /// Entries that the ledger does not have any more, or cannot read.
    pub missing: u64,
    /// Whether the last attempt failed.
    pub failing: bool,
}

/// The shortest time over which the growth of a ledger says something.
const GROWTH: Duration = Duration::from_secs(10);

impl Delivery {
    pub(super) fn new(folder: &Path, sink: &'static str) -> Self {
        Delivery(Arc::new(Shared {
            sink,
            folder: folder.to_owned(),
            state: Mutex::default(),
            moved: Condvar::new(),
            asked: Condvar::new(),
        }))
    }

    /// Whether the sink has an entry, or keeps it as a dead letter.
    ///
    /// ```
    /// # use civic_audit::Delivery;
    /// fn is_there(delivery: &Delivery, stream: &str, seq: u64) -> bool {
    ///     delivery.has(stream, seq)
    /// }
    /// ```
    pub fn has(&self, stream: &str, seq: u64) -> bool {
        is_before(stream, seq, self.state().place)
    }

    /// Waits until the sink has an entry; `false` when it has not after that time, or the relay has ended.
    ///
    /// ```
    /// # use civic_audit::Delivery;
    /// # use std::time::Duration;
    /// fn is_there(delivery: &Delivery, stream: &str, seq: u64) -> bool {
    ///     delivery.wait(stream, seq, Duration::from_secs(5))
    /// }
    /// ```
    pub fn wait(&self, stream: &str, seq: u64, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        let mut state = self.ask();
        loop {
            if is_before(stream, seq, state.place) {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || state.ending {
                return false;
            }
            let waited = self.0.moved.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// As [`has`](Delivery::has), and wakes a task when more is delivered where it is not: for a future.
    ///
    /// ```
    /// # use civic_audit::Delivery;
    /// use std::task::{Context, Poll};
    /// fn poll(delivery: &Delivery, stream: &str, seq: u64, context: &mut Context<'_>) -> Poll<()> {
    ///     if delivery.poll_has(stream, seq, context.waker()) { Poll::Ready(()) } else { Poll::Pending }
    /// }
    /// ```
    pub fn poll_has(&self, stream: &str, seq: u64, waker: &Waker) -> bool {
        let mut state = self.ask();
        if is_before(stream, seq, state.place) {
            return true;
        }
        if !state.wakers.iter().any(|known| known.will_wake(waker)) {
            state.wakers.push(waker.clone());
        }
        false
    }

    /// Figures since the start.
    ///
    /// ```
    /// # use civic_audit::Delivery;
    /// fn sent(delivery: &Delivery) -> u64 {
    ///     delivery.counts().sent
    /// }
    /// ```
    pub fn counts(&self) -> RelayCounts {
        self.state().counts
    }

    /// Entries in the ledger that the sink does not have.
    ///
    /// ```
    /// # use civic_audit::Delivery;
    /// fn is_even(delivery: &Delivery) -> bool {
    ///     delivery.depth() == 0
    /// }
    /// ```
    pub fn depth(&self) -> u64 {
        self.depth_of(&self.streams().unwrap_or_default())
    }

    /// Time until the disk of the ledger is full, if entries come as they did; `None` without entries to tell by.
    ///
    /// ```
    /// # use civic_audit::Delivery;
    /// fn is_soon_full(delivery: &Delivery) -> bool {
    ///     delivery.spool_left().is_some_and(|left| left.as_secs() < 24 * 3600)
    /// }
    /// ```
    pub fn spool_left(&self) -> Option<Duration> {
        self.spool_left_of(&self.streams().ok()?)
    }

    /// Numbers of the streams, with how many entries each has.
    fn streams(&self) -> io::Result<Vec<(u32, u64)>> {
        ledger::sizes(&RealDisk, &self.0.folder)
    }

    fn depth_of(&self, streams: &[(u32, u64)]) -> u64 {
        let place = self.state().place;
        let behind = streams
            .iter()
            .map(|(stream, size)| match stream.cmp(&place.stream) {
                Ordering::Less => 0,
                Ordering::Equal => size.saturating_sub(place.seq),
                Ordering::Greater => *size,
            });
        behind.sum()
    }

    fn spool_left_of(&self, streams: &[(u32, u64)]) -> Option<Duration> {
        let entries: u64 = streams.iter().map(|(_, size)| size).sum();
        let statistics = rustix::fs::statvfs(&self.0.folder).ok()?;
        let free = statistics.f_bavail.saturating_mul(statistics.f_frsize);
        let mut state = self.state();
        let now = Instant::now();
        let measured = state.measured.get_or_insert(Growth {
            at: now,
            entries,
            per_second: 0.0,
        });
        let passed = now.duration_since(measured.at);
        if passed >= GROWTH {
            measured.per_second =
                entries.saturating_sub(measured.entries) as f64 / passed.as_secs_f64();
            measured.at = now;
            measured.entries = entries;
        }
        let per_second = measured.per_second;
        let size = state.bytes as f64 / (state.counts.sent.max(1)) as f64;
        let seconds = free as f64 / (per_second * size);
        // Nothing that a duration cannot hold, and no division by nothing.
        Duration::try_from_secs_f64(seconds).ok()
    }

    /// So many entries with so many bytes were stored.
    pub(super) fn stored(&self, entries: u64, bytes: u64) {
        let mut state = self.state();
        state.counts.sent += entries;
        state.counts.failing = false;
        state.bytes += bytes;
    }

    /// Everything before this place was delivered, and that is durable.
    pub(super) fn moved(&self, place: Place) {
        let mut state = self.state();
        state.place = place;
        self.tell(state);
    }

    /// Wakes all who wait for an entry.
    fn tell(&self, mut state: MutexGuard<'_, State>) {
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        self.0.moved.notify_all();
        for waker in wakers {
            waker.wake();
        }
    }

    pub(super) fn even(&self) {
        let mut state = self.state();
        state.even = Some(Instant::now());
        state.counts.failing = false;
    }

    /// An attempt failed, and is made again.
    pub(super) fn failed(&self) {
        self.count(|counts| {
            counts.failures += 1;
            counts.failing = true;
        });
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut RelayCounts)) {
        let mut state = self.state();
        state.begun.get_or_insert_with(Instant::now);
        change(&mut state.counts);
    }

    /// Blocks the relay until somebody waits for an entry, it is to end, or the time is over. Waiting callers do not cut short
    /// the wait after a failure.
    pub(super) fn rest(&self, at_most: Duration, after_failure: bool) {
        let until = Instant::now() + at_most;
        let mut state = self.state();
        loop {
            let asked = !after_failure && std::mem::take(&mut state.asked);
            let left = until.saturating_duration_since(Instant::now());
            if asked || state.ending || left.is_zero() {
                return;
            }
            let waited = self.0.asked.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(super) fn end(&self) {
        let mut state = self.state();
        state.ending = true;
        self.0.asked.notify_all();
        self.tell(state);
    }

    pub(super) fn is_ending(&self) -> bool {
        self.state().ending
    }

    pub(super) fn sink(&self) -> &'static str {
        self.0.sink
    }

    fn ask(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        state.asked = true;
        self.0.asked.notify_all();
        state
    }

    fn behind(&self, depth: u64) -> Duration {
        let state = self.state();
        if depth == 0 {
            return Duration::ZERO;
        }
        let since = state.even.or(state.begun);
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panics while holding it leaves numbers, each whole.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_before(stream: &str, seq: u64, place: Place) -> bool {
    let number = ledger::stream_number(stream);
    number.is_some_and(|stream| Place { stream, seq } < place)
}

/// Eight figures, each with the name of the sink.
impl MetricSource for Delivery {
    fn metrics(&self) -> &'static [Metric] {
        &METRICS
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        let counts = self.counts();
        // Read once for both.
        let streams = self.streams();
        let depth = self.depth_of(streams.as_deref().unwrap_or_default());
        let left = streams
            .ok()
            .and_then(|streams| self.spool_left_of(&streams));
        let left = left.unwrap_or_default();
        let values = [
            Value::Count(counts.sent),
            Value::Count(counts.failures),
            Value::Count(counts.dead_letters),
            Value::Count(counts.missing),
            Value::Gauge(depth as f64),
            Value::Gauge(self.behind(depth).as_secs_f64()),
            Value::Gauge(left.as_secs_f64()),
            Value::Gauge(f64::from(u8::from(counts.failing))),
        ];
        for (metric, value) in METRICS.iter().zip(values) {
            sink.sample(metric, &[LabelValue::Text(self.0.sink)], value);
        }
    }
}
