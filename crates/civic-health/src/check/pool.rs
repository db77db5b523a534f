//! How full a pool is.

use std::fmt;

use super::{Cx, HealthCheck};
use crate::outcome::Outcome;

/// What a pool says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// Connections, or whatever it pools, that are in use.
    pub used: u32,
    /// The most that it gives out.
    pub max: u32,
    /// Callers that wait for one; 0 where the pool does not tell.
    pub waiting: u32,
}

/// How full a pool is, read from the pool itself: no connection is taken.
///
/// Measures the share in use in percent. Warns from 90 %, unless told, and fails when all are in
/// use and callers wait.
///
/// ```
/// use civic_health::check::{PoolSaturation, PoolUse};
///
/// let check = PoolSaturation::new(|| PoolUse { used: 3, max: 10, waiting: 0 });
/// ```
#[must_use]
pub struct PoolSaturation<F> {
    read: F,
    warn_from: f64,
}

impl<F: Fn() -> PoolUse + Send + Sync + 'static> PoolSaturation<F> {
    /// Reads the pool with this, which must not block.
    pub fn new(read: F) -> Self {
        Self {
            read,
            warn_from: 90.0,
        }
    }

    /// Warns when so many percent are in use.
    pub fn warn_from(mut self, percent: f64) -> Self {
        self.warn_from = percent;
        self
    }
}

impl<F: Fn() -> PoolUse + Send + Sync + 'static> HealthCheck for PoolSaturation<F> {
    async fn check(&self, _: &Cx) -> Outcome {
        let PoolUse { used, max, waiting } = (self.read)();
        let share = f64::from(used) / f64::from(max.max(1)) * 100.0;
        let outcome = if used >= max && waiting > 0 {
            Outcome::fail("all are in use and callers wait")
        } else if share >= self.warn_from {
            Outcome::warn("nearly all are in use")
        } else {
            Outcome::pass()
        };
        outcome.observed(share.round(), "percent")
    }

    fn measurement(&self) -> &'static str {
        "utilization"
    }
}

impl<F> fmt::Debug for PoolSaturation<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolSaturation")
            .field("warn_from", &self.warn_from)
            .finish_non_exhaustive()
    }
}
