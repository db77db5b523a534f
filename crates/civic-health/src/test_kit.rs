//! For the tests of a service: checks that do what a script says.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub use civic_core::FakeClock;

#[cfg(feature = "tokio")]
use crate::check::HealthCheck;
use crate::check::{BlockingCheck, Cx};
use crate::outcome::Outcome;

/// What a scripted check does in one run.
#[derive(Clone, Debug)]
pub enum Step {
    /// Finds this.
    Find(Outcome),
    /// Never ends; as a blocking check, ends after a minute.
    Hang,
    /// Takes so long, then passes.
    Take(Duration),
    /// Panics.
    Panic,
}

/// A check that does what a script says, one step for each run, and repeats the last for ever.
///
/// Works as a check and as a blocking check. A clone shares script and count.
///
/// ```
/// use std::time::Duration;
/// use civic_health::test_kit::{Scripted, Step};
/// use civic_health::{Health, Outcome, Spec};
///
/// let postgres = Scripted::new([Step::Find(Outcome::fail("down")), Step::Find(Outcome::pass())]);
/// let health = Health::builder("service").blocking_check(Spec::shared("postgres"), postgres.clone()).build()?;
/// assert_eq!(postgres.calls(), 0);
/// # Ok::<(), civic_health::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scripted {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    steps: Mutex<VecDeque<Step>>,
    calls: AtomicU64,
}

impl Scripted {
    /// Follows these steps. Without any it passes.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            shared: Arc::new(Shared {
                steps: Mutex::new(steps.into_iter().collect()),
                calls: AtomicU64::new(0),
            }),
        }
    }

    /// Passes in every run.
    pub fn passing() -> Self {
        Self::new([])
    }

    /// Fails in every run, with the reason `scripted`.
    pub fn failing() -> Self {
        Self::new([Step::Find(Outcome::fail("scripted"))])
    }

    /// Adds a step behind all others: it is done once those are.
    pub fn then(&self, step: Step) {
        self.steps().push_back(step);
    }

    /// Does this and nothing else from the next run on.
    pub fn from_now_on(&self, step: Step) {
        *self.steps() = VecDeque::from([step]);
    }

    /// How often it was called.
    pub fn calls(&self) -> u64 {
        self.shared.calls.load(Ordering::Relaxed)
    }

    fn next(&self) -> Step {
        self.shared.calls.fetch_add(1, Ordering::Relaxed);
        let mut steps = self.steps();
        match steps.len() {
            0 => Step::Find(Outcome::pass()),
            1 => steps[0].clone(),
            _ => steps.pop_front().expect("there are two"),
        }
    }

    fn steps(&self) -> std::sync::MutexGuard<'_, VecDeque<Step>> {
        self.shared
            .steps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(feature = "tokio")]
impl HealthCheck for Scripted {
    async fn check(&self, _: &Cx) -> Outcome {
        match self.next() {
            Step::Find(outcome) => outcome,
            Step::Hang => std::future::pending().await,
            Step::Take(time) => {
                tokio::time::sleep(time).await;
                Outcome::pass()
            }
            Step::Panic => panic!("scripted"),
        }
    }
}

impl BlockingCheck for Scripted {
    fn check(&self, _: &Cx) -> Outcome {
        match self.next() {
            Step::Find(outcome) => return outcome,
            Step::Hang => std::thread::sleep(Duration::from_secs(60)),
            Step::Take(time) => std::thread::sleep(time),
            Step::Panic => panic!("scripted"),
        }
        Outcome::pass()
    }
}
