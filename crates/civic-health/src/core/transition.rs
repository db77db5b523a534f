//! A check that went from one state to another.

use std::fmt;
use std::time::Duration;

use crate::outcome::PrivateDetail;
use crate::status::Status;

/// The state of a check, after hysteresis and staleness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// It has neither passed once nor failed often enough.
    Starting,
    /// It passes.
    Passing,
    /// It warns.
    Warning,
    /// It fails.
    Failing,
    /// It has had no result for too long.
    Stale,
    /// It was switched off.
    Disabled,
}

/// A check went from one state to another.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Name of the check.
    pub check: &'static str,
    /// State before.
    pub from: State,
    /// State now.
    pub to: State,
    /// When, on the clock that the core is driven by.
    pub at: Duration,
    /// Why, in words that may be shown.
    pub reason: Option<&'static str>,
    /// What only the log may say.
    pub detail: Option<PrivateDetail>,
}

impl State {
    /// Every state, in the order of the state set among the metrics.
    pub const ALL: [Self; 6] = [
        Self::Starting,
        Self::Passing,
        Self::Warning,
        Self::Failing,
        Self::Stale,
        Self::Disabled,
    ];

    /// One lower-case word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Passing => "passing",
            Self::Warning => "warning",
            Self::Failing => "failing",
            Self::Stale => "stale",
            Self::Disabled => "disabled",
        }
    }

    /// The status that goes with it; `None` where there is nothing to judge.
    pub const fn status(self) -> Option<Status> {
        match self {
            Self::Starting | Self::Disabled => None,
            Self::Passing => Some(Status::Pass),
            Self::Warning => Some(Status::Warn),
            Self::Failing | Self::Stale => Some(Status::Fail),
        }
    }
}

impl From<Option<Status>> for State {
    fn from(status: Option<Status>) -> Self {
        match status {
            None => Self::Starting,
            Some(Status::Pass) => Self::Passing,
            Some(Status::Warn) => Self::Warning,
            Some(Status::Fail) => Self::Failing,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
