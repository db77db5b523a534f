//! Puts checks together, and refuses what could not tell the truth.

use std::collections::hash_map::RandomState;
use std::error::Error;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::Duration;

use crate::check::{AnyCheck, BlockingCheck, HealthCheck};
use crate::core::{Core, Transition};
use crate::health::{Health, Parts};
use crate::render::About;
use crate::spec::Spec;
use civic_core::{Clock, NAME_MAX, SystemClock};

/// Puts a [`Health`] together; [`build`](Self::build) is where it can fail.
#[must_use]
pub struct Builder {
    about: About,
    specs: Vec<Spec>,
    checks: Vec<AnyCheck>,
    journeys: Vec<&'static str>,
    limit: usize,
    seed: Option<u64>,
    expires_after: Duration,
    clock: Option<Arc<dyn Clock>>,
    listeners: Vec<Listener>,
}

/// Called for each transition.
pub(crate) type Listener = Box<dyn Fn(&Transition) + Send + Sync>;

/// Why checks cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// A name is not words of lower-case letters and digits joined by hyphens, 64 bytes at most.
    Name(&'static str),
    /// Two checks have one name.
    Twice(&'static str),
    /// A time of this check is zero, or a threshold is.
    Zero(&'static str),
    /// The jitter of this check is above 50 percent.
    Jitter(&'static str),
    /// This check would be stale before its next result can be there.
    StaleTooSoon(&'static str),
    /// A snapshot would expire before it is renewed.
    ExpiresTooSoon,
}

impl Builder {
    pub(crate) fn new(service: &str) -> Self {
        Self {
            about: About {
                service: service.to_owned(),
                ..About::default()
            },
            specs: Vec::new(),
            checks: Vec::new(),
            journeys: Vec::new(),
            limit: 16,
            seed: None,
            expires_after: Duration::from_secs(10),
            clock: None,
            listeners: Vec::new(),
        }
    }

    /// Says which release this is, for `releaseId`.
    pub fn release(mut self, release: impl Into<String>) -> Self {
        self.about.release = Some(release.into());
        self
    }

    /// Describes the service, for `description`.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.about.description = Some(description.into());
        self
    }

    /// Names every journey of the service, so that the incident hint can tell all from some.
    pub fn journeys(mut self, journeys: &[&'static str]) -> Self {
        self.journeys.extend(journeys);
        self
    }

    /// Adds a check: a [`HealthCheck`], or a closure that gives a future.
    pub fn check(mut self, spec: Spec, check: impl HealthCheck) -> Self {
        self.specs.push(spec);
        self.checks.push(AnyCheck::Async(Arc::new(check)));
        self
    }

    /// Adds a check that blocks its thread: a [`BlockingCheck`], or a closure.
    pub fn blocking_check(mut self, spec: Spec, check: impl BlockingCheck) -> Self {
        self.specs.push(spec);
        self.checks.push(AnyCheck::Blocking(Arc::new(check)));
        self
    }

    /// At most so many checks run at a time (16 unless told).
    pub fn concurrency(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Fixes the seed of the jitter; unless told, each process has its own.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// What is known expires after so long without being renewed: then `/ready` is 503 (10 s unless told, 3 s at least).
    ///
    /// The driver renews it every second and after every result.
    pub fn expires_after(mut self, time: Duration) -> Self {
        self.expires_after = time;
        self
    }

    /// Takes the time from this clock, such as a fake one in a test.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Calls this for each transition, such as to write an audit event. It must not block; a panic in it is caught.
    pub fn on_transition(mut self, listener: impl Fn(&Transition) + Send + Sync + 'static) -> Self {
        self.listeners.push(Box::new(listener));
        self
    }

    /// Puts it together. Nothing runs until it is driven.
    ///
    /// # Errors
    /// When a check could not tell the truth as it is declared; [`BuildError`] says which and why.
    pub fn build(self) -> Result<Health, BuildError> {
        for (place, spec) in self.specs.iter().enumerate() {
            validate(spec)?;
            if self.specs[..place]
                .iter()
                .any(|other| other.name == spec.name)
            {
                return Err(BuildError::Twice(spec.name));
            }
        }
        if self.expires_after < Duration::from_secs(3) {
            return Err(BuildError::ExpiresTooSoon);
        }
        let clock = self.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let seed = self.seed.unwrap_or_else(random_seed);
        let mut core = Core::new(self.specs, self.limit, seed, clock.monotonic());
        core.set_journeys(&self.journeys);
        Ok(Health::from_parts(Parts {
            core,
            about: self.about,
            checks: self.checks,
            expires_after: self.expires_after,
            clock,
            listeners: self.listeners,
        }))
    }
}

fn validate(spec: &Spec) -> Result<(), BuildError> {
    let name = spec.name;
    if !is_name(name) {
        return Err(BuildError::Name(name));
    }
    let zero = spec.interval.is_zero() || spec.timeout.is_zero();
    if zero || spec.fail_after == 0 || spec.pass_after == 0 {
        return Err(BuildError::Zero(name));
    }
    if spec.jitter_percent > 50 {
        return Err(BuildError::Jitter(name));
    }
    if spec.stale_limit() <= spec.longest_interval() + spec.timeout {
        return Err(BuildError::StaleTooSoon(name));
    }
    Ok(())
}

/// The form of every name in Civic: words of lower-case letters and digits, joined by single hyphens, a letter first.
fn is_name(name: &str) -> bool {
    let word = |word: &str| {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(fits)
    };
    name.len() <= NAME_MAX
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.split('-').all(word)
}

/// The keys of `RandomState` are random, which is all that is asked for here.
fn random_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("about", &self.about)
            .field("specs", &self.specs)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(
                f,
                "the check name `{name}` is not lower-case words joined by hyphens, 64 bytes at most"
            ),
            Self::Twice(name) => write!(f, "two checks are named `{name}`"),
            Self::Zero(name) => write!(f, "a time or a threshold of `{name}` is zero"),
            Self::Jitter(name) => write!(f, "the jitter of `{name}` is above 50 percent"),
            Self::StaleTooSoon(name) => write!(
                f,
                "`{name}` would be stale before its next result: `stale_after` must be more than \
                 the longest interval and the timeout"
            ),
            Self::ExpiresTooSoon => f.write_str("`expires_after` is below 3 s"),
        }
    }
}

impl Error for BuildError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;

    fn build(spec: Spec) -> Result<Health, BuildError> {
        Health::builder("test")
            .blocking_check(Spec::local("other"), Outcome::pass)
            .blocking_check(spec, Outcome::pass)
            .build()
    }

    #[test]
    fn what_could_not_tell_the_truth_is_refused() {
        let second = Duration::from_secs(1);
        let cases = [
            (Spec::local(""), BuildError::Name("")),
            (Spec::local("Db 1"), BuildError::Name("Db 1")),
            (Spec::local("db--1"), BuildError::Name("db--1")),
            (Spec::local("db_1"), BuildError::Name("db_1")),
            (Spec::local("other"), BuildError::Twice("other")),
            (Spec::local("a").fail_after(0), BuildError::Zero("a")),
            (
                Spec::local("a").interval(Duration::ZERO),
                BuildError::Zero("a"),
            ),
            (Spec::local("a").jitter_percent(51), BuildError::Jitter("a")),
            (
                Spec::local("a")
                    .interval(second * 10)
                    .timeout(second)
                    .stale_after(second * 12),
                BuildError::StaleTooSoon("a"),
            ),
        ];
        for (spec, error) in cases {
            assert_eq!(build(spec).unwrap_err(), error);
        }
        assert!(build(Spec::local("a").stale_after(second * 13)).is_ok());
        let soon = Health::builder("test").expires_after(second).build();
        assert_eq!(soon.unwrap_err(), BuildError::ExpiresTooSoon);
    }
}
