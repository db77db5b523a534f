//! Whether the wall clock is right.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use super::network::HttpGet;
use super::{BlockingCheck, Cx, HealthCheck};
use crate::outcome::Outcome;

type Reference =
    Box<dyn Fn() -> Pin<Box<dyn Future<Output = io::Result<SystemTime>> + Send>> + Send + Sync>;

/// How far the wall clock is from one that is known to be right.
///
/// Signatures, tokens and certificates fail when it is far off. Measures the distance in seconds;
/// warns from 2 s and fails from 30 s, unless told. A reference that does not answer is a warning: it says nothing
/// about this clock.
#[must_use]
pub struct ClockSkew {
    reference: Reference,
    /// How coarse the reference is: a `Date` header has whole seconds.
    resolution: Duration,
    warn_from: Duration,
    fail_from: Duration,
}

impl ClockSkew {
    /// Compares with what this gives, such as a time from an NTP client.
    pub fn against<F, Fut>(reference: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = io::Result<SystemTime>> + Send + 'static,
    {
        Self {
            reference: Box::new(move || Box::pin(reference())),
            resolution: Duration::ZERO,
            warn_from: Duration::from_secs(2),
            fail_from: Duration::from_secs(30),
        }
    }

    /// Compares with the `Date` header of a peer, asked by `HEAD`.
    pub fn http_date(peer: HttpGet) -> Self {
        let read = move || {
            let peer = peer.clone();
            async move {
                let head = peer.head("HEAD").await?;
                let date = head
                    .date
                    .ok_or_else(|| io::Error::other("no Date header"))?;
                httpdate::parse_http_date(&date).map_err(io::Error::other)
            }
        };
        Self {
            resolution: Duration::from_secs(1),
            ..Self::against(read)
        }
    }

    /// Warns when the clocks are so far apart.
    pub fn warn_from(mut self, skew: Duration) -> Self {
        self.warn_from = skew;
        self
    }

    /// Fails when the clocks are so far apart.
    pub fn fail_from(mut self, skew: Duration) -> Self {
        self.fail_from = skew;
        self
    }

    fn judge(&self, before: SystemTime, reference: SystemTime, after: SystemTime) -> Outcome {
        // The reference was read between `before` and `after`, and cut to its resolution.
        let skew = match (
            before.duration_since(reference + self.resolution),
            reference.duration_since(after),
        ) {
            (Ok(ahead), _) => ahead,
            (_, Ok(behind)) => behind,
            _ => Duration::ZERO,
        };
        judge(skew, self.warn_from, self.fail_from)
    }
}

impl HealthCheck for ClockSkew {
    async fn check(&self, _: &Cx) -> Outcome {
        let before = SystemTime::now();
        match (self.reference)().await {
            Ok(reference) => self.judge(before, reference, SystemTime::now()),
            Err(error) => Outcome::warn("the reference gives no time").error(&error),
        }
    }

    fn measurement(&self) -> &'static str {
        "skew"
    }
}

impl fmt::Debug for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClockSkew")
            .field("warn_from", &self.warn_from)
            .field("fail_from", &self.fail_from)
            .finish_non_exhaustive()
    }
}

/// How far the wall clock was moved since the last run, told by the monotonic clock: nobody is asked.
///
/// Sees a clock that is set, not one that was wrong from the start. Warns from 1 s and fails from 30 s.
#[derive(Debug)]
pub struct ClockStep {
    last: std::sync::Mutex<(Instant, SystemTime)>,
}

impl ClockStep {
    /// Compares from here on.
    pub fn new() -> Self {
        Self {
            last: std::sync::Mutex::new((Instant::now(), SystemTime::now())),
        }
    }
}

impl Default for ClockStep {
    fn default() -> Self {
        Self::new()
    }
}

impl BlockingCheck for ClockStep {
    fn check(&self, _: &Cx) -> Outcome {
        let now = (Instant::now(), SystemTime::now());
        let mut last = self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let (instant, wall) = std::mem::replace(&mut *last, now);
        let expected = wall + now.0.duration_since(instant);
        let moved = now
            .1
            .duration_since(expected)
            .unwrap_or_else(|error| error.duration());
        judge(moved, Duration::from_secs(1), Duration::from_secs(30))
    }

    fn measurement(&self) -> &'static str {
        "step"
    }
}

fn judge(skew: Duration, warn_from: Duration, fail_from: Duration) -> Outcome {
    let outcome = if skew >= fail_from {
        Outcome::fail("the clock is wrong")
    } else if skew >= warn_from {
        Outcome::warn("the clock is off")
    } else {
        Outcome::pass()
    };
    outcome.observed(skew.as_secs_f64(), "s")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    fn at(seconds: f64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs_f64(1e9 + seconds)
    }

    #[test]
    fn a_slow_answer_and_whole_seconds_are_no_skew() {
        let check = ClockSkew {
            resolution: Duration::from_secs(1),
            ..ClockSkew::against(|| async { Ok(SystemTime::now()) })
        };
        let value = |before, reference, after| {
            let outcome = check.judge(at(before), at(reference), at(after));
            (outcome.status(), outcome.value().unwrap().value)
        };
        assert_eq!(value(0.9, 0.0, 5.0), (Status::Pass, 0.0));
        assert_eq!(value(0.0, 4.0, 5.0), (Status::Pass, 0.0));
        assert_eq!(value(3.5, 0.0, 3.6), (Status::Warn, 2.5));
        assert_eq!(value(0.0, 40.0, 1.0), (Status::Fail, 39.0));
    }

    #[tokio::test]
    async fn a_reference_that_does_not_answer_is_a_warning() {
        let cx = Cx::new(Duration::from_secs(1));
        let silent = ClockSkew::against(|| async { Err(io::Error::other("gone")) });
        assert_eq!(silent.check(&cx).await.status(), Status::Warn);
        let right = ClockSkew::against(|| async { Ok(SystemTime::now()) });
        assert_eq!(right.check(&cx).await.status(), Status::Pass);
    }

    #[test]
    fn a_clock_that_was_set_is_seen_once() {
        let cx = Cx::new(Duration::from_secs(1));
        let check = ClockStep::new();
        assert_eq!(BlockingCheck::check(&check, &cx).status(), Status::Pass);
        check.last.lock().unwrap().1 -= Duration::from_secs(60);
        assert_eq!(BlockingCheck::check(&check, &cx).status(), Status::Fail);
        assert_eq!(BlockingCheck::check(&check, &cx).status(), Status::Pass);
    }
}
