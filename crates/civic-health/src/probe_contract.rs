//! The times that a service, its checks and its balancer have to agree on, in one place.

mod ecs;
mod haproxy;
mod kubernetes;
mod nginx;

use std::error::Error;
use std::fmt;
use std::time::Duration;

pub use haproxy::Server;

use crate::drain::DrainPolicy;
use crate::spec::Spec;

/// The times that a service, its checks and its balancer have to agree on.
///
/// One constant, checked when the service is compiled, from which the service takes its drain and
/// its checks and the platform its configuration:
///
/// ```
/// use std::time::Duration;
/// use civic_health::{ProbeContract, Spec};
///
/// const CONTRACT: ProbeContract = ProbeContract {
///     period: Duration::from_secs(2),
///     ..ProbeContract::DEFAULT
/// }
/// .checked();
///
/// let postgres = CONTRACT.apply(Spec::shared("postgres"));
/// assert!(CONTRACT.kubernetes(8081)?.contains("periodSeconds: 2"));
/// # Ok::<(), civic_health::ContractProblem>(())
/// ```
///
/// A drain that is shorter than the balancer needs does not compile:
///
/// ```compile_fail
/// # use std::time::Duration;
/// # use civic_health::ProbeContract;
/// const CONTRACT: ProbeContract = ProbeContract {
///     drain: Duration::from_secs(1),
///     ..ProbeContract::DEFAULT
/// }
/// .checked();
/// # let _ = CONTRACT;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeContract {
    /// Time from probe to probe.
    pub period: Duration,
    /// Time that a probe waits for its answer.
    pub timeout: Duration,
    /// Failed probes in a row after which a replica is taken out.
    pub failure_threshold: u32,
    /// Good probes in a row after which it is put back. Kubernetes has 1 for liveness and start-up.
    pub success_threshold: u32,
    /// The longest that the service goes on serving after it has said that it stops.
    pub drain: Duration,
    /// Time that requests in flight have after that.
    pub in_flight: Duration,
    /// Time from run to run of a check.
    pub check_interval: Duration,
    /// Time that one run of a check may take.
    pub check_timeout: Duration,
    /// Time without a result after which a check is stale.
    pub stale_after: Duration,
    /// Time that a replica has to start.
    pub startup: Duration,
    /// Time that a release has to be ready.
    pub deadline: Duration,
    /// Time that the smoke test of a release takes.
    pub smoke: Duration,
    /// Time that it takes to roll a release back.
    pub rollback: Duration,
}

/// What does not fit together in a [`ProbeContract`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContractProblem {
    /// A time or a threshold is zero.
    Zero,
    /// The drain ends before the balancer can know: it must be at least period x threshold + timeout.
    DrainTooShort,
    /// A check may take as long as a probe waits.
    CheckTimeout,
    /// A check is stale before its next result can be there.
    StaleTooSoon,
    /// A replica may take longer to start than a release may.
    StartupTooLong,
    /// Deadline, smoke test and rollback together do not end within 300 s.
    ReleaseTooLong,
    /// This platform cannot keep these times; the text says which.
    Platform(&'static str),
}

impl ProbeContract {
    /// The times of Kubernetes, with a drain and checks that fit them.
    pub const DEFAULT: Self = Self {
        period: Duration::from_secs(5),
        timeout: Duration::from_secs(2),
        failure_threshold: 3,
        success_threshold: 1,
        drain: Duration::from_secs(20),
        in_flight: Duration::from_secs(20),
        check_interval: Duration::from_secs(10),
        check_timeout: Duration::from_secs(1),
        stale_after: Duration::from_secs(40),
        startup: Duration::from_secs(60),
        deadline: Duration::from_secs(180),
        smoke: Duration::from_secs(30),
        rollback: Duration::from_secs(60),
    };

    /// A release that is bad must be out again within this time.
    pub const RELEASE_LIMIT: Duration = Duration::from_secs(300);

    /// The first thing that does not fit together.
    pub const fn problem(&self) -> Option<ContractProblem> {
        let detection = self.period.as_nanos() * self.failure_threshold as u128;
        let needs = detection + self.timeout.as_nanos();
        let check = self.check_interval.as_nanos() + self.check_timeout.as_nanos();
        let release = self.deadline.as_nanos() + self.smoke.as_nanos() + self.rollback.as_nanos();
        if self.period.is_zero()
            || self.timeout.is_zero()
            || self.check_interval.is_zero()
            || self.check_timeout.is_zero()
            || self.failure_threshold == 0
            || self.success_threshold == 0
        {
            Some(ContractProblem::Zero)
        } else if self.drain.as_nanos() < needs {
            Some(ContractProblem::DrainTooShort)
        } else if self.check_timeout.as_nanos() >= self.timeout.as_nanos() {
            Some(ContractProblem::CheckTimeout)
        } else if check >= self.stale_after.as_nanos() {
            Some(ContractProblem::StaleTooSoon)
        } else if self.startup.as_nanos() > self.deadline.as_nanos() {
            Some(ContractProblem::StartupTooLong)
        } else if release >= Self::RELEASE_LIMIT.as_nanos() {
            Some(ContractProblem::ReleaseTooLong)
        } else {
            None
        }
    }

    /// Itself, if it fits together. In a `const` this is checked when it is compiled.
    ///
    /// # Panics
    /// When something does not fit together; the text says what.
    #[must_use]
    pub const fn checked(self) -> Self {
        match self.problem() {
            None => self,
            Some(problem) => panic!("{}", problem.as_str()),
        }
    }

    /// The drain that it asks for: until one balancer has seen it, and no longer than it says.
    pub const fn drain_policy(&self) -> DrainPolicy {
        DrainPolicy::adaptive(self.failure_threshold as u64)
            .at_most(self.drain)
            .in_flight(self.in_flight)
    }

    /// A check with the interval, timeout and staleness that it asks for.
    pub const fn apply(&self, spec: Spec) -> Spec {
        spec.interval(self.check_interval)
            .timeout(self.check_timeout)
            .stale_after(self.stale_after)
    }

    /// Probes, grace period and deadline for a Kubernetes Deployment, as YAML.
    ///
    /// # Errors
    /// When the times do not fit together, also in whole seconds, which is all that Kubernetes has.
    pub fn kubernetes(&self, port: u16) -> Result<String, ContractProblem> {
        kubernetes::snippet(self, port)
    }

    /// A container's part of an ECS task definition and its target group, as JSON.
    ///
    /// # Errors
    /// When the times do not fit together, also in whole seconds, or ECS does not allow them.
    pub fn ecs(&self, port: u16) -> Result<String, ContractProblem> {
        ecs::snippet(self, port)
    }

    /// A backend of HAProxy with active checks of `/ready`.
    ///
    /// # Errors
    /// When the times do not fit together.
    pub fn haproxy(&self, name: &str, servers: &[Server<'_>]) -> Result<String, ContractProblem> {
        haproxy::snippet(self, name, servers)
    }

    /// An upstream of nginx, which knows no active checks unless it is bought.
    ///
    /// # Errors
    /// When the times do not fit together.
    pub fn nginx(&self, name: &str, servers: &[Server<'_>]) -> Result<String, ContractProblem> {
        nginx::snippet(self, name, servers)
    }

    /// Nothing, if it fits together.
    fn fits(&self) -> Result<(), ContractProblem> {
        self.problem().map_or(Ok(()), Err)
    }

    /// With the times that a platform rounds to whole seconds rounded up, if it still fits together.
    fn in_seconds(&self) -> Result<Self, ContractProblem> {
        self.fits()?;
        let up = |time: Duration| Duration::from_secs(seconds(time));
        let rounded = Self {
            period: up(self.period),
            timeout: up(self.timeout),
            ..*self
        };
        rounded.fits()?;
        Ok(rounded)
    }
}

/// Whole seconds, rounded up.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

impl ContractProblem {
    /// What does not fit together, in words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zero => "a time or a threshold is zero",
            Self::DrainTooShort => {
                "the drain ends before the balancer can know: drain must be at least period x failure_threshold + timeout"
            }
            Self::CheckTimeout => {
                "a check may take as long as a probe waits: check_timeout must be below timeout"
            }
            Self::StaleTooSoon => {
                "a check is stale before its next result: check_interval + check_timeout must be below stale_after"
            }
            Self::StartupTooLong => {
                "a replica may take longer to start than a release may: startup must be at most deadline"
            }
            Self::ReleaseTooLong => {
                "a bad release stays too long: deadline + smoke + rollback must be below 300 s"
            }
            Self::Platform(what) => what,
        }
    }
}

impl fmt::Display for ContractProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Error for ContractProblem {}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    #[test]
    fn each_inequality_is_held_at_its_edge() {
        let good = ProbeContract::DEFAULT;
        assert_eq!(good.problem(), None);
        let cases = [
            (
                ProbeContract {
                    drain: ms(17_000),
                    ..good
                },
                None,
            ),
            (
                ProbeContract {
                    drain: ms(16_999),
                    ..good
                },
                Some(ContractProblem::DrainTooShort),
            ),
            (
                ProbeContract {
                    check_timeout: ms(1_999),
                    ..good
                },
                None,
            ),
            (
                ProbeContract {
                    check_timeout: ms(2_000),
                    ..good
                },
                Some(ContractProblem::CheckTimeout),
            ),
            (
                ProbeContract {
                    stale_after: ms(11_001),
                    ..good
                },
                None,
            ),
            (
                ProbeContract {
                    stale_after: ms(11_000),
                    ..good
                },
                Some(ContractProblem::StaleTooSoon),
            ),
            (
                ProbeContract {
                    startup: ms(180_000),
                    ..good
                },
                None,
            ),
            (
                ProbeContract {
                    startup: ms(180_001),
                    ..good
                },
                Some(ContractProblem::StartupTooLong),
            ),
            (
                ProbeContract {
                    rollback: ms(89_999),
                    ..good
                },
                None,
            ),
            (
                ProbeContract {
                    rollback: ms(90_000),
                    ..good
                },
                Some(ContractProblem::ReleaseTooLong),
            ),
            (
                ProbeContract {
                    period: ms(0),
                    ..good
                },
                Some(ContractProblem::Zero),
            ),
        ];
        for (contract, problem) in cases {
            assert_eq!(contract.problem(), problem, "{contract:?}");
        }
    }

    #[test]
    fn a_platform_that_rounds_must_still_fit() {
        let quick = ProbeContract {
            period: ms(300),
            timeout: ms(300),
            check_timeout: ms(100),
            drain: ms(1_200),
            ..ProbeContract::DEFAULT
        };
        assert_eq!(quick.problem(), None);
        assert_eq!(quick.kubernetes(8081), Err(ContractProblem::DrainTooShort));
        let servers = [Server::new("one", "127.0.0.1:8080", 8081)];
        assert!(quick.haproxy("civic", &servers).is_ok());
    }
}
