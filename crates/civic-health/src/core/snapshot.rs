//! What is known at one moment, and whether traffic may come.

use std::time::Duration;

use crate::core::transition::State;
use crate::incident::Incident;
use crate::outcome::Observed;
use crate::spec::{Affects, Component, Criticality, Scope};
use crate::status::Status;

/// All that is known at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// When, on the clock that the core is driven by.
    pub at: Duration,
    /// Whether traffic may come, and why not.
    pub decision: Decision,
    /// The whole in one word: `Fail` while traffic may not come, `Warn` while something is wrong beside it.
    pub status: Status,
    /// Whether every required check has passed once; stays true.
    pub started: bool,
    /// What an incident would be called, if this is one.
    pub incident: Option<Incident>,
    /// The checks, in the order in which they were added.
    pub checks: Vec<CheckReport>,
}

/// Whether traffic may come, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Traffic may come.
    Ready,
    /// Not every required check has passed once.
    Starting,
    /// The service is about to stop.
    Draining,
    /// A required check has had no result for too long.
    Stale,
    /// A required check fails that takes this replica out of rotation.
    Failing,
}

/// What is known of one check.
#[derive(Clone, Debug)]
pub struct CheckReport {
    /// Name.
    pub name: &'static str,
    /// State, after hysteresis and staleness.
    pub state: State,
    /// Whether the service can do without it.
    pub criticality: Criticality,
    /// Whether other replicas fail with it.
    pub scope: Scope,
    /// The journeys that suffer when it fails.
    pub affects: Affects,
    /// What kind of thing it looks at.
    pub component: Component,
    /// Why the last run did not pass, or why there was none.
    pub reason: Option<&'static str>,
    /// What the last run measured.
    pub observed: Option<Observed>,
    /// When the last result came.
    pub last_result: Option<Duration>,
    /// When the last run passed or warned.
    pub last_success: Option<Duration>,
    /// How long the last run took.
    pub duration: Option<Duration>,
    /// Transitions since the start by the state that they led to, in the order of [`State::ALL`].
    pub transitions: [u64; State::ALL.len()],
}

impl Decision {
    /// Whether traffic may come.
    pub const fn is_ready(self) -> bool {
        matches!(self, Self::Ready)
    }

    /// One lower-case word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Starting => "starting",
            Self::Draining => "draining",
            Self::Stale => "stale",
            Self::Failing => "failing",
        }
    }
}
