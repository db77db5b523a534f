//! What waits to be done.

use std::fmt;
use std::time::Duration;

use super::{Cx, HealthCheck};
use crate::outcome::Outcome;

/// What waits to be done, as its owner says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many wait.
    pub items: u64,
    /// Since when the oldest waits.
    pub oldest: Duration,
    /// How many bytes they take.
    pub bytes: u64,
}

/// The age, the number and the size of what waits, such as in a spool or an outbox.
///
/// Measures the age of the oldest in seconds. Only what has a limit is judged; reaching a limit is enough.
///
/// ```
/// use std::time::Duration;
/// use civic_health::check::{Backlog, Waiting};
///
/// let spool = Backlog::new(|| Waiting { items: 2, oldest: Duration::from_secs(1), bytes: 512 })
///     .warn_from(Waiting { items: 1_000, oldest: Duration::from_secs(60), bytes: u64::MAX })
///     .fail_from(Waiting { items: 10_000, oldest: Duration::from_secs(600), bytes: u64::MAX });
/// ```
#[must_use]
pub struct Backlog<F> {
    read: F,
    warn_from: Waiting,
    fail_from: Waiting,
}

impl Waiting {
    /// No limit at all.
    pub const UNLIMITED: Self = Self {
        items: u64::MAX,
        oldest: Duration::MAX,
        bytes: u64::MAX,
    };

    fn reaches(&self, limit: &Self) -> bool {
        self.items >= limit.items || self.oldest >= limit.oldest || self.bytes >= limit.bytes
    }
}

impl<F: Fn() -> Waiting + Send + Sync + 'static> Backlog<F> {
    /// Reads what waits with this, which must not block.
    pub fn new(read: F) -> Self {
        Self {
            read,
            warn_from: Waiting::UNLIMITED,
            fail_from: Waiting::UNLIMITED,
        }
    }

    /// Warns when any of these is reached.
    pub fn warn_from(mut self, limit: Waiting) -> Self {
        self.warn_from = limit;
        self
    }

    /// Fails when any of these is reached.
    pub fn fail_from(mut self, limit: Waiting) -> Self {
        self.fail_from = limit;
        self
    }
}

impl<F: Fn() -> Waiting + Send + Sync + 'static> HealthCheck for Backlog<F> {
    async fn check(&self, _: &Cx) -> Outcome {
        let waiting = (self.read)();
        let outcome = if waiting.reaches(&self.fail_from) {
            Outcome::fail("the backlog is too long")
        } else if waiting.reaches(&self.warn_from) {
            Outcome::warn("the backlog grows")
        } else {
            Outcome::pass()
        };
        outcome.observed(waiting.oldest.as_secs_f64(), "s")
    }

    fn measurement(&self) -> &'static str {
        "oldest"
    }
}

impl<F> fmt::Debug for Backlog<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backlog")
            .field("warn_from", &self.warn_from)
            .field("fail_from", &self.fail_from)
            .finish_non_exhaustive()
    }
}
