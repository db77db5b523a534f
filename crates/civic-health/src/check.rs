//! What a service implements to have something checked, and checks that are ready-made.

mod backlog;
#[cfg(feature = "certificate")]
mod certificate;
#[cfg(feature = "tokio")]
mod clock;
#[cfg(all(unix, feature = "disk"))]
mod disk;
#[cfg(feature = "tokio")]
mod lag;
#[cfg(feature = "tokio")]
mod network;
mod passive;
mod pool;
mod sql;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use backlog::{Backlog, Waiting};
#[cfg(feature = "certificate")]
pub use certificate::CertificateExpiry;
#[cfg(feature = "tokio")]
pub use clock::{ClockSkew, ClockStep};
#[cfg(all(unix, feature = "disk"))]
pub use disk::DiskSpace;
#[cfg(feature = "tokio")]
pub use lag::EventLoopLag;
#[cfg(feature = "tokio")]
pub use network::{BadUrl, HttpGet, TcpConnect};
pub use passive::Passive;
pub use pool::{PoolSaturation, PoolUse};
pub use sql::Sql;

use crate::outcome::Outcome;

/// The time that a run took, in ms: what a check measures that says nothing else.
pub(crate) const RESPONSE_TIME: &str = "responseTime";

/// Looks whether something works.
///
/// Implement it with an `async fn`, or use a closure without arguments that gives a future of an
/// [`Outcome`] or of a `Result`. A run that takes longer than the timeout of its
/// [`Spec`](crate::Spec) is dropped at its next `.await`, so a check holds nothing across an
/// `.await` that must not be dropped. A panic is a failure of this check and of nothing else.
///
/// ```
/// use civic_health::{Cx, HealthCheck, Outcome};
///
/// struct Postgres;
///
/// impl HealthCheck for Postgres {
///     async fn check(&self, cx: &Cx) -> Outcome {
///         assert!(cx.remaining() <= cx.timeout());
///         Outcome::pass()
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no health check",
    label = "needs `HealthCheck`",
    note = "implement `HealthCheck` with `async fn check(&self, cx: &Cx) -> Outcome`, or pass a closure `|| async {{ .. }}` that gives an `Outcome` or a `Result`",
    note = "a closure that blocks goes to `blocking_check`"
)]
pub trait HealthCheck: Send + Sync + 'static {
    /// Runs once.
    fn check(&self, cx: &Cx) -> impl Future<Output = Outcome> + Send;

    /// What it measures, in the answer's `name:measurement`.
    fn measurement(&self) -> &'static str {
        RESPONSE_TIME
    }
}

/// Looks whether something works by blocking its thread, such as on a file system.
///
/// A closure without arguments that gives an [`Outcome`] or a `Result` is one. It cannot be
/// stopped: when its time is over that is a failure, and it keeps its place among the checks that
/// run until it really ends, so that hung ones cannot pile up.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no blocking health check",
    label = "needs `BlockingCheck`",
    note = "implement `BlockingCheck`, or pass a closure `|| ..` that gives an `Outcome` or a `Result`"
)]
pub trait BlockingCheck: Send + Sync + 'static {
    /// Runs once.
    fn check(&self, cx: &Cx) -> Outcome;

    /// What it measures, in the answer's `name:measurement`.
    fn measurement(&self) -> &'static str {
        RESPONSE_TIME
    }
}

/// What a run knows of itself.
#[derive(Clone, Copy, Debug)]
pub struct Cx {
    timeout: Duration,
    deadline: Instant,
}

impl Cx {
    /// A run that begins now and may take so long.
    pub fn new(timeout: Duration) -> Self {
        let now = Instant::now();
        Self {
            timeout,
            // A timeout beyond what the clock can count ends nothing; a day is as good.
            deadline: now
                .checked_add(timeout)
                .unwrap_or(now + Duration::from_secs(86_400)),
        }
    }

    /// Time that a run may take in all.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// When the time of this run is over.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Time that is left, to be handed on to what the check calls.
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl<F, Fut> HealthCheck for F
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future + Send,
    Fut::Output: Into<Outcome>,
{
    async fn check(&self, _: &Cx) -> Outcome {
        self().await.into()
    }
}

impl<F, T> BlockingCheck for F
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Into<Outcome>,
{
    fn check(&self, _: &Cx) -> Outcome {
        self().into()
    }
}

/// A boxed run of a check.
pub type BoxedRun<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A check of either kind, with its type erased.
#[derive(Clone)]
pub enum AnyCheck {
    /// Gives a future.
    Async(Arc<dyn DynCheck>),
    /// Blocks its thread.
    Blocking(Arc<dyn BlockingCheck>),
}

/// [`HealthCheck`] as a trait object: native `async fn` is not object-safe.
pub trait DynCheck: Send + Sync {
    /// Runs once, in a box.
    fn check_boxed<'a>(&'a self, cx: &'a Cx) -> BoxedRun<'a>;

    /// As [`HealthCheck::measurement`].
    fn measurement_dyn(&self) -> &'static str;
}

impl<T: HealthCheck> DynCheck for T {
    fn check_boxed<'a>(&'a self, cx: &'a Cx) -> BoxedRun<'a> {
        Box::pin(self.check(cx))
    }

    fn measurement_dyn(&self) -> &'static str {
        self.measurement()
    }
}

impl AnyCheck {
    pub(crate) fn measurement(&self) -> &'static str {
        match self {
            Self::Async(check) => check.measurement_dyn(),
            Self::Blocking(check) => check.measurement(),
        }
    }
}

impl fmt::Debug for AnyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Async(_) => "Async(..)",
            Self::Blocking(_) => "Blocking(..)",
        })
    }
}
