//! What is known of a check before it runs: its name, what hangs on it, and when it runs.

use std::time::Duration;

/// Whether the service can do its work without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Criticality {
    /// The service cannot do its work without it.
    Required,
    /// The service can do without it for a while.
    Optional,
}

/// Whether other replicas fail with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// This replica's alone, such as its disk: another replica can serve in its place.
    Local,
    /// All replicas use it, such as a database: taking every replica out of rotation helps nobody.
    Shared,
}

/// The journeys that suffer when a check fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affects {
    /// Every journey, when the check is required; none, when it is optional.
    ByCriticality,
    /// These journeys.
    Journeys(&'static [&'static str]),
}

/// What kind of thing a check looks at, in the words of draft-inadarei-api-health-check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Component {
    /// Another service or a part of this one.
    Component,
    /// What stores data.
    Datastore,
    /// The machine and the process.
    System,
}

/// What is known of a check before it runs.
///
/// [`Spec::local`] and [`Spec::shared`] make one: which of the two it is decides whether a failure
/// takes this replica out of rotation, and only the service knows it. The rest has a default: required,
/// every 10 s give or take a tenth, 1 s at most, three failures in a row to fail, two successes in
/// a row to pass again.
///
/// ```
/// use std::time::Duration;
/// use civic_health::Spec;
///
/// let postgres = Spec::shared("postgres").journeys(&["apply", "renew"]);
/// let cache = Spec::shared("cache").optional().interval(Duration::from_secs(30));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Spec {
    pub(crate) name: &'static str,
    pub(crate) criticality: Criticality,
    pub(crate) scope: Scope,
    pub(crate) fails_readiness: bool,
    pub(crate) fail_after: u32,
    pub(crate) pass_after: u32,
    pub(crate) interval: Duration,
    pub(crate) jitter_percent: u8,
    pub(crate) timeout: Duration,
    pub(crate) stale_after: Option<Duration>,
    pub(crate) affects: Affects,
    pub(crate) component: Component,
    pub(crate) enabled: bool,
}

impl Spec {
    /// A check of what is this replica's alone; while it fails and is required, `/ready` is 503.
    pub const fn local(name: &'static str) -> Self {
        Self::new(name, Scope::Local)
    }

    /// A check of what all replicas share; while it fails, `/ready` stays 200 and says `warn`.
    pub const fn shared(name: &'static str) -> Self {
        Self::new(name, Scope::Shared)
    }

    /// The service can do without it: a failure is a warning.
    pub const fn optional(mut self) -> Self {
        self.criticality = Criticality::Optional;
        self
    }

    /// A failure of this shared check takes the replica out of rotation all the same.
    ///
    /// Every replica will leave at once. Right where an error page of the balancer is better than
    /// an answer of the service. No effect on an optional check.
    pub const fn fails_readiness(mut self) -> Self {
        self.fails_readiness = true;
        self
    }

    /// So many failures in a row make it fail (3 unless told). One success between starts anew.
    pub const fn fail_after(mut self, failures: u32) -> Self {
        self.fail_after = failures;
        self
    }

    /// So many successes in a row make it pass again (2 unless told). One failure between starts anew.
    pub const fn pass_after(mut self, successes: u32) -> Self {
        self.pass_after = successes;
        self
    }

    /// Time from start to start of its runs (10 s unless told).
    pub const fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How much each interval varies at random, up and down, in percent (10 unless told, 50 at most).
    ///
    /// Keeps replicas that started together from asking together.
    pub const fn jitter_percent(mut self, percent: u8) -> Self {
        self.jitter_percent = percent;
        self
    }

    /// A run that takes longer has failed (1 s unless told).
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Without a result for so long it is stale, which is a failure.
    ///
    /// Unless told, three intervals at their longest and the timeout.
    pub const fn stale_after(mut self, after: Duration) -> Self {
        self.stale_after = Some(after);
        self
    }

    /// Names the journeys that suffer when it fails.
    pub const fn journeys(mut self, journeys: &'static [&'static str]) -> Self {
        self.affects = Affects::Journeys(journeys);
        self
    }

    /// Says what kind of thing it looks at; unless told, the system when local and a component when shared.
    pub const fn component(mut self, component: Component) -> Self {
        self.component = component;
        self
    }

    /// Does not run, and says so, until it is enabled.
    pub const fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }

    /// The name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The longest that one interval can be.
    pub(crate) fn longest_interval(&self) -> Duration {
        self.interval + self.interval * u32::from(self.jitter_percent) / 100
    }

    /// When a missing result becomes a failure.
    pub(crate) fn stale_limit(&self) -> Duration {
        self.stale_after
            .unwrap_or_else(|| self.longest_interval() * 3 + self.timeout)
    }

    const fn new(name: &'static str, scope: Scope) -> Self {
        Self {
            name,
            criticality: Criticality::Required,
            scope,
            fails_readiness: false,
            fail_after: 3,
            pass_after: 2,
            interval: Duration::from_secs(10),
            jitter_percent: 10,
            timeout: Duration::from_secs(1),
            stale_after: None,
            affects: Affects::ByCriticality,
            component: match scope {
                Scope::Local => Component::System,
                Scope::Shared => Component::Component,
            },
            enabled: true,
        }
    }
}

impl Criticality {
    /// `required` or `optional`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
        }
    }
}

impl Component {
    /// The word of the draft.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Datastore => "datastore",
            Self::System => "system",
        }
    }
}

impl Scope {
    /// `local` or `shared`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Shared => "shared",
        }
    }
}
