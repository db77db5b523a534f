//! What `journey!` says about a journey, checked when the code is compiled.

use core::fmt;
use core::time::Duration;

use civic_core::{DependencyName, JourneyName, OutcomeName, StepName};

use crate::counts::Storage;
use crate::duration::BOUNDS;

/// Most steps of a journey: one bit each in a [`Record`](crate::Record).
///
/// ```
/// assert_eq!(civic_journey::STEPS_MAX, 32);
/// ```
pub const STEPS_MAX: usize = 32;

/// Most series of one journey in one process.
///
/// A journey of seven steps and four outcomes has 159. More steps and outcomes than this allows are a sign that it is
/// two journeys.
///
/// ```
/// assert_eq!(civic_journey::SERIES_MAX, 500);
/// ```
pub const SERIES_MAX: usize = 500;

/// A journey as a type: what [`journey!`](crate::journey) makes.
///
/// Nothing else implements it; its parts may change.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a journey",
    note = "a journey is the type that `journey! {{ pub static APPLY: Apply = \"..\"; .. }}` names after the colon"
)]
pub trait Definition: Sized + Send + Sync + 'static {
    /// Enum of the steps.
    type Step: Label;
    /// Enum of the outcomes.
    type Outcome: Label;
    /// The atomics; part of no promise.
    #[doc(hidden)]
    type Cells: Storage;
    /// What was said about the journey.
    const FACTS: &'static Facts;
    /// Series that one process shows for the journey, limited to [`SERIES_MAX`] when the code is compiled.
    const SERIES: usize = Self::FACTS.series();
}

/// A step or an outcome: an enum that [`journey!`](crate::journey) makes.
pub trait Label: Copy + fmt::Debug + Eq + Send + Sync + 'static {
    /// All, in the order in which they are declared.
    const ALL: &'static [Self];

    /// Position in [`Label::ALL`].
    fn index(self) -> usize;

    /// Name, as it stands in labels.
    fn name(self) -> &'static str;
}

/// What a journey says about itself; of no citizen.
///
/// ```
/// use civic_journey::Definition;
/// # civic_journey::journey! {
/// #     pub static APPLY: Apply = "apply-for-a-licence";
/// #     steps ApplyStep { Start = "start", Pay = "pay" needs ["payment-provider"] }
/// #     outcomes ApplyOutcome { Submitted = "submitted": complete }
/// #     expected = 12 minutes;
/// #     abandon_after = 48 hours;
/// #     slo = 99.5;
/// # }
/// assert_eq!(Apply::FACTS.name().as_str(), "apply-for-a-licence");
/// assert_eq!(Apply::FACTS.steps()[1].dependencies()[0].as_str(), "payment-provider");
/// assert_eq!(Apply::FACTS.abandon_after().as_secs(), 48 * 3600);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    name: JourneyName,
    version: &'static str,
    steps: &'static [StepFacts],
    outcomes: &'static [OutcomeFacts],
    expected: Duration,
    abandon_after: Duration,
    slo: f64,
}

/// A step, with what it depends on outside the service.
#[derive(Clone, Copy, Debug)]
pub struct StepFacts {
    name: StepName,
    dependencies: &'static [DependencyName],
}

/// A way in which a journey ends.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeFacts {
    name: OutcomeName,
    completes: bool,
}

impl Facts {
    /// Checks and holds them; for [`journey!`](crate::journey).
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: JourneyName,
        version: &'static str,
        steps: &'static [StepFacts],
        outcomes: &'static [OutcomeFacts],
        expected: Duration,
        abandon_after: Duration,
        slo: f64,
    ) -> Self {
        let facts = Self {
            name,
            version,
            steps,
            outcomes,
            expected,
            abandon_after,
            slo,
        };
        facts.check();
        facts
    }

    const fn check(&self) {
        assert!(!self.steps.is_empty(), "a journey has at least one step");
        assert!(
            self.steps.len() <= STEPS_MAX,
            "a journey has 32 steps at most: one bit each in its progress"
        );
        let mut completes = false;
        let mut i = 0;
        while i < self.outcomes.len() {
            completes |= self.outcomes[i].completes;
            let mut j = 0;
            while j < i {
                assert!(
                    !same(
                        self.outcomes[i].name.as_str(),
                        self.outcomes[j].name.as_str()
                    ),
                    "two outcomes of the journey have the same name"
                );
                j += 1;
            }
            i += 1;
        }
        assert!(completes, "at least one outcome of a journey is `complete`");
        let mut i = 0;
        while i < self.steps.len() {
            let mut j = 0;
            while j < i {
                assert!(
                    !same(self.steps[i].name.as_str(), self.steps[j].name.as_str()),
                    "two steps of the journey have the same name"
                );
                j += 1;
            }
            i += 1;
        }
        assert!(
            self.expected.as_secs() > 0,
            "`expected` is a second at least"
        );
        assert!(
            self.abandon_after.as_secs() >= self.expected.as_secs(),
            "`abandon_after` is no shorter than `expected`"
        );
        assert!(
            self.abandon_after.as_secs() <= 400 * 86_400,
            "`abandon_after` is 400 days at most: no browser keeps a cookie longer"
        );
        assert!(
            self.slo > 0.0 && self.slo < 100.0,
            "`slo` is a percentage above 0 and below 100"
        );
        assert!(
            self.series() <= SERIES_MAX,
            "the journey has more than 500 series; make it two journeys, or give it fewer steps or outcomes"
        );
    }

    pub(crate) const fn series(&self) -> usize {
        // Starts, resumes, store errors and the info; one for each reason to refuse.
        let whole = 4 + crate::Refusal::ALL.len();
        let of_a_step = 2 + crate::ErrorKind::ALL.len();
        // Ends and their repeats; buckets with the one above the last bound, count and sum.
        let of_an_outcome = 2 + BOUNDS.len() + 3;
        whole + of_a_step * self.steps.len() + of_an_outcome * self.outcomes.len()
    }

    /// Name of the journey, in labels.
    pub const fn name(&self) -> JourneyName {
        self.name
    }

    /// Version of the package that declares it.
    pub const fn version(&self) -> &'static str {
        self.version
    }

    /// The steps, in order.
    pub const fn steps(&self) -> &'static [StepFacts] {
        self.steps
    }

    /// The ways in which it ends.
    pub const fn outcomes(&self) -> &'static [OutcomeFacts] {
        self.outcomes
    }

    /// How long a citizen usually takes.
    pub const fn expected(&self) -> Duration {
        self.expected
    }

    /// After how long a journey without an end counts as given up.
    pub const fn abandon_after(&self) -> Duration {
        self.abandon_after
    }

    /// Percentage of ends that are to be completions.
    pub const fn slo(&self) -> f64 {
        self.slo
    }

    /// A number for the name, so that a record of another journey is told apart; not secret, and not unique for sure.
    pub(crate) const fn id(&self) -> u16 {
        // FNV-1a of 32 bits, folded.
        let mut hash = 0x811c_9dc5_u32;
        let bytes = self.name.as_str().as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u32).wrapping_mul(0x0100_0193);
            i += 1;
        }
        ((hash >> 16) ^ hash) as u16
    }
}

impl StepFacts {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: StepName, dependencies: &'static [DependencyName]) -> Self {
        Self { name, dependencies }
    }

    /// Name of the step, in labels.
    pub const fn name(&self) -> StepName {
        self.name
    }

    /// What has to work outside the service for this step.
    pub const fn dependencies(&self) -> &'static [DependencyName] {
        self.dependencies
    }
}

impl OutcomeFacts {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: OutcomeName, completes: bool) -> Self {
        Self { name, completes }
    }

    /// Name of the outcome, in labels.
    pub const fn name(&self) -> OutcomeName {
        self.name
    }

    /// Whether the service did what it is there for, which "not eligible" and "already done" are too.
    pub const fn completes(&self) -> bool {
        self.completes
    }
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut i = 0;
    while i < left.len() {
        if left[i] != right[i] {
            return false;
        }
        i += 1;
    }
    true
}
