//! The checks of one service, what is known of them, and the answers that were made from it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use arc_swap::ArcSwap;

use crate::answer::{Answer, Detail, Endpoint, Format};
use crate::builder::{Builder, Listener};
use crate::check::AnyCheck;
use crate::core::{CheckId, Core, Decision, Durations, Snapshot, Transition};
use crate::outcome::Outcome;
use crate::probes::Probes;
use crate::render::{About, Page, Source};
use crate::spec::Spec;
use crate::status::Status;
use civic_core::Clock;

/// The checks of one service, and the answers made from what they found.
///
/// A clone is a handle to the same. Checks run on their own clock, by a driver: that of the
/// feature `tokio`, or your own loop over [`due`](Self::due) and [`complete`](Self::complete). An
/// [`answer`](Self::answer) is rendered when something has changed, never when somebody asks: to
/// ask costs one atomic load, one look at the clock and two counts, and allocates nothing. What is not
/// renewed expires, so an answer cannot outlive the driver.
///
/// ```
/// use civic_health::{Detail, Endpoint, Format, Health, Outcome, Spec};
///
/// let health = Health::builder("apply-for-a-licence")
///     .release("1.4.2")
///     .blocking_check(Spec::local("spool"), Outcome::pass)
///     .build()?;
/// // Not ready: nothing has passed yet.
/// assert_eq!(health.answer(Endpoint::Ready, Detail::Status, Format::Json).code, 503);
/// # Ok::<(), civic_health::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Health {
    shared: Arc<Shared>,
}

struct Shared {
    /// Guards what is known. It is also held while a page is made and stored, so that no older page replaces a newer one;
    /// an answer never takes it.
    core: Mutex<Core>,
    published: ArcSwap<Published>,
    fixed: Fixed,
    about: About,
    checks: Vec<AnyCheck>,
    measurements: Vec<&'static str>,
    clock: Arc<dyn Clock>,
    expires_after: Duration,
    listeners: Vec<Listener>,
    probes: Probes,
    #[cfg(feature = "tokio")]
    changed: tokio::sync::Notify,
}

/// What an answer reads.
struct Published {
    valid_until: Duration,
    decision: Decision,
    ready: Page,
    startup: Page,
}

/// Pages that never change.
struct Fixed {
    alive: Page,
    expired: Page,
}

/// What a [`Builder`] hands over.
pub(crate) struct Parts {
    pub(crate) core: Core,
    pub(crate) about: About,
    pub(crate) checks: Vec<AnyCheck>,
    pub(crate) expires_after: Duration,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) listeners: Vec<Listener>,
}

impl Health {
    /// Begins with the name of the service.
    pub fn builder(service: &str) -> Builder {
        Builder::new(service)
    }

    /// An answer that was rendered ahead, counted as a probe.
    pub fn answer(&self, endpoint: Endpoint, detail: Detail, format: Format) -> Answer {
        let shared = &*self.shared;
        let (answer, saw_drain) = if endpoint == Endpoint::Health {
            (shared.fixed.alive.answer(detail, format), false)
        } else {
            let published = shared.published.load();
            let draining = published.decision == Decision::Draining;
            // A service that drains has said its last word.
            let page = if self.now() > published.valid_until && !draining {
                &shared.fixed.expired
            } else if endpoint == Endpoint::Startup {
                &published.startup
            } else {
                &published.ready
            };
            let saw_drain = draining && endpoint == Endpoint::Ready;
            (page.answer(detail, format), saw_drain)
        };
        shared.probes.count(endpoint, answer.code, saw_drain);
        answer
    }

    /// Whether traffic may come; not counted as a probe.
    pub fn is_ready(&self) -> bool {
        let published = self.shared.published.load();
        published.decision.is_ready() && self.now() <= published.valid_until
    }

    /// Whether [`drain`](Self::drain) was called.
    pub fn is_draining(&self) -> bool {
        self.shared.published.load().decision == Decision::Draining
    }

    /// Takes this replica out of rotation, at once and for good. It goes on serving.
    pub fn drain(&self) {
        let mut core = self.core();
        core.drain();
        self.publish(&core);
    }

    /// All that is known now.
    pub fn snapshot(&self) -> Snapshot {
        self.core().snapshot(self.now())
    }

    /// Switches a check on or off; `false` when there is none of this name.
    pub fn set_enabled(&self, name: &str, enabled: bool) -> bool {
        let found =
            self.change(|core, now| core.find(name).map(|id| core.set_enabled(id, enabled, now)));
        #[cfg(feature = "tokio")]
        self.shared.changed.notify_one();
        found
    }

    /// Probes that were answered.
    pub fn probes(&self) -> &Probes {
        &self.shared.probes
    }

    /// The checks that have to run now; they count as running from here on. For a driver.
    pub fn due(&self) -> Vec<CheckId> {
        let now = self.now();
        self.core().due(now)
    }

    /// The check in this place, with what was declared of it. For a driver.
    pub fn check(&self, id: CheckId) -> Option<(Spec, AnyCheck)> {
        let spec = self.core().spec(id)?.clone();
        Some((spec, self.shared.checks.get(id.0)?.clone()))
    }

    /// Takes what a run found. For a driver.
    pub fn complete(&self, id: CheckId, outcome: &Outcome) {
        self.change(|core, now| Some(core.complete(id, outcome, now)));
    }

    /// The time of a blocking run is over and it still runs. For a driver.
    pub fn overrun(&self, id: CheckId) {
        self.change(|core, now| Some(core.overrun(id, now)));
    }

    /// Looks for checks that have stopped running, and renews the answers. For a driver, every second.
    pub fn tick(&self) {
        self.change(|core, now| Some(core.tick(now)));
    }

    /// Time until something has to be done; `None` when nothing will be due by itself. For a driver.
    pub fn time_to_next(&self) -> Option<Duration> {
        let next = self.core().next_due()?;
        Some(next.saturating_sub(self.now()))
    }

    /// What is known, with how long the runs of each check took.
    pub(crate) fn measured(&self) -> (Snapshot, Vec<Durations>) {
        let core = self.core();
        let snapshot = core.snapshot(self.now());
        let ids = (0..snapshot.checks.len()).map(CheckId);
        let durations = ids.filter_map(|id| core.durations(id).cloned()).collect();
        (snapshot, durations)
    }

    /// A moment of the monotonic clock as seconds since 1970.
    pub(crate) fn unix_seconds(&self, at: Duration) -> f64 {
        let ago = self.now().saturating_sub(at);
        let wall = self.shared.clock.now().duration_since(UNIX_EPOCH);
        wall.unwrap_or_default().saturating_sub(ago).as_secs_f64()
    }

    pub(crate) fn from_parts(parts: Parts) -> Self {
        let measurements: Vec<&'static str> =
            parts.checks.iter().map(AnyCheck::measurement).collect();
        let now = parts.clock.monotonic();
        let snapshot = parts.core.snapshot(now);
        let source = Source {
            about: &parts.about,
            measurements: &measurements,
            snapshot: &snapshot,
            wall: parts.clock.now(),
        };
        let published = Published::of(source, now + parts.expires_after);
        Self {
            shared: Arc::new(Shared {
                core: Mutex::new(parts.core),
                published: ArcSwap::from_pointee(published),
                fixed: Fixed {
                    alive: Page::fixed(Status::Pass, "alive"),
                    expired: Page::fixed(Status::Fail, "stale"),
                },
                about: parts.about,
                checks: parts.checks,
                measurements,
                clock: parts.clock,
                expires_after: parts.expires_after,
                listeners: parts.listeners,
                probes: Probes::default(),
                #[cfg(feature = "tokio")]
                changed: tokio::sync::Notify::new(),
            }),
        }
    }

    /// Waits until a check was switched on or off.
    #[cfg(feature = "tokio")]
    pub(crate) async fn changed(&self) {
        self.shared.changed.notified().await;
    }

    /// Changes the core, makes the answers anew and tells the listeners; whether there was something to change.
    fn change(&self, change: impl FnOnce(&mut Core, Duration) -> Option<Vec<Transition>>) -> bool {
        let mut core = self.core();
        let transitions = change(&mut core, self.now());
        self.publish(&core);
        drop(core);
        for transition in transitions.iter().flatten() {
            self.tell(transition);
        }
        transitions.is_some()
    }

    /// Makes the answers anew; the caller holds the lock.
    fn publish(&self, core: &Core) {
        let shared = &*self.shared;
        let now = self.now();
        let snapshot = core.snapshot(now);
        let source = Source {
            about: &shared.about,
            measurements: &shared.measurements,
            snapshot: &snapshot,
            wall: shared.clock.now(),
        };
        let published = Published::of(source, now + shared.expires_after);
        shared.published.store(Arc::new(published));
    }

    fn tell(&self, transition: &Transition) {
        // Somebody else's panic, in a subscriber or a listener, must not stop the checks; the panic hook has reported it.
        let guarded = |tell: &dyn Fn()| drop(catch_unwind(AssertUnwindSafe(tell)));
        #[cfg(feature = "tokio")]
        guarded(&|| crate::log::transition(transition));
        for listener in &self.shared.listeners {
            guarded(&|| listener(transition));
        }
    }

    fn now(&self) -> Duration {
        self.shared.clock.monotonic()
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        // Whatever panicked while it held the lock, each call leaves the core whole.
        self.shared
            .core
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Published {
    fn of(source: Source<'_>, valid_until: Duration) -> Self {
        Self {
            valid_until,
            decision: source.snapshot.decision,
            ready: Page::of(Endpoint::Ready, source),
            startup: Page::of(Endpoint::Startup, source),
        }
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health")
            .field("about", &self.shared.about)
            .field("decision", &self.shared.published.load().decision)
            .finish_non_exhaustive()
    }
}
