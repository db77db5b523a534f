//! How late the event loop is.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::{Cx, HealthCheck};
use crate::outcome::Outcome;

/// How late the timers of the runtime fire: what a handler that blocks costs all others.
///
/// Each run sets five timers of 10 ms and takes the one that was latest. Warns from 100 ms and
/// fails from 1 s, unless told. Runs on the runtime that drives the checks, which should be that of the service.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct EventLoopLag {
    warn_from: Duration,
    fail_from: Duration,
}

impl EventLoopLag {
    const TIMERS: usize = 5;
    const TIMER: Duration = Duration::from_millis(10);

    /// With the limits above.
    pub fn new() -> Self {
        Self {
            warn_from: Duration::from_millis(100),
            fail_from: Duration::from_secs(1),
        }
    }

    /// Warns when a timer is so late.
    pub fn warn_from(mut self, lag: Duration) -> Self {
        self.warn_from = lag;
        self
    }

    /// Fails when a timer is so late.
    pub fn fail_from(mut self, lag: Duration) -> Self {
        self.fail_from = lag;
        self
    }
}

impl Default for EventLoopLag {
    fn default() -> Self {
        Self::new()
    }
}

impl HealthCheck for EventLoopLag {
    async fn check(&self, _: &Cx) -> Outcome {
        let mut worst = Duration::ZERO;
        for _ in 0..Self::TIMERS {
            let start = Instant::now();
            sleep(Self::TIMER).await;
            worst = worst.max(start.elapsed().saturating_sub(Self::TIMER));
        }
        let outcome = if worst >= self.fail_from {
            Outcome::fail("the event loop is blocked")
        } else if worst >= self.warn_from {
            Outcome::warn("the event loop is late")
        } else {
            Outcome::pass()
        };
        outcome.observed(worst.as_micros() as f64 / 1000.0, "ms")
    }

    fn measurement(&self) -> &'static str {
        "lag"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    #[tokio::test]
    async fn a_handler_that_blocks_is_seen() {
        let cx = Cx::new(Duration::from_secs(2));
        let lag = EventLoopLag::new().fail_from(Duration::from_millis(150));
        let blocker = tokio::spawn(async {
            tokio::task::yield_now().await;
            std::thread::sleep(Duration::from_millis(200));
        });
        let outcome = lag.check(&cx).await;
        assert_eq!(outcome.reason(), Some("the event loop is blocked"));
        assert!(outcome.value().unwrap().value >= 150.0);
        blocker.await.unwrap();
        let calm = EventLoopLag::new().warn_from(Duration::from_secs(2));
        let calm = calm.fail_from(Duration::from_secs(3)).check(&cx).await;
        assert_eq!(calm.status(), Status::Pass);
    }
}
