//! The atomics of a journey, and what they show.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};

use civic_core::{Histogram, LabelValue, Metric, MetricSink, MetricSource, Unit, Value};

use crate::definition::{Definition, Facts};
use crate::duration::{BOUNDS, Durations};

/// A kind of error on a step.
///
/// ```
/// assert_eq!(civic_journey::ErrorKind::Validation.name(), "validation");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The page came back with an error summary.
    Validation,
    /// The service failed.
    Technical,
    /// Something that it depends on failed.
    Dependency,
}

/// Why something that a browser brought along was not believed. The citizen notices nothing of it.
///
/// ```
/// assert_eq!(civic_journey::Refusal::Forged.name(), "forged");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// No key of the ring signed it.
    Forged,
    /// It has another form, or belongs to another journey.
    Unreadable,
    /// The journey that it is of counts as given up.
    Expired,
    /// A marker of synthetic traffic that is not signed, or out of date.
    Synthetic,
}

impl ErrorKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::Validation, Self::Technical, Self::Dependency];

    /// Value of the label `error_type`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Validation => "validation",
            Self::Technical => "technical",
            Self::Dependency => "dependency",
        }
    }
}

impl Refusal {
    /// All.
    pub const ALL: [Self; 4] = [
        Self::Forged,
        Self::Unreadable,
        Self::Expired,
        Self::Synthetic,
    ];

    /// Value of the label `reason`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Unreadable => "unreadable",
            Self::Expired => "expired",
            Self::Synthetic => "synthetic",
        }
    }
}

/// The counts of one journey in this process.
///
/// [`journey!`](crate::journey) makes a `static` of it, which every handler shares; `Journey::new()` makes another one, so that a
/// test has its own. All counts exist at 0 from the start, so that a monitoring system sees the first increase.
/// A count is one relaxed atomic addition: no lock and no allocation. It is 56 bytes, 40 for
/// each step and 416 for each outcome.
///
/// ```
/// # civic_journey::journey! {
/// #     pub static APPLY: Apply = "apply-for-a-licence";
/// #     steps ApplyStep { Start = "start", Pay = "pay" }
/// #     outcomes ApplyOutcome { Submitted = "submitted": complete }
/// #     expected = 12 minutes;
/// #     abandon_after = 48 hours;
/// #     slo = 99.5;
/// # }
/// use civic_journey::{Journey, Progress};
///
/// // In a test:
/// static MINE: Journey<Apply> = Journey::new();
/// Progress::new(&MINE, None, std::time::SystemTime::now()).reach(ApplyStep::Start);
/// assert_eq!(MINE.counts().starts(), 1);
/// assert_eq!(APPLY.counts().starts(), 0);
/// ```
pub struct Journey<J: Definition> {
    pub(crate) cells: J::Cells,
}

/// The atomics for so many steps and outcomes.
#[doc(hidden)]
#[derive(Debug)]
pub struct Cells<const STEPS: usize, const OUTCOMES: usize> {
    whole: Whole,
    steps: [StepCells; STEPS],
    ends: [EndCells; OUTCOMES],
}

#[doc(hidden)]
#[derive(Debug)]
pub struct Whole {
    pub(crate) starts: AtomicU64,
    pub(crate) resumes: AtomicU64,
    pub(crate) refusals: [AtomicU64; Refusal::ALL.len()],
    pub(crate) store_errors: AtomicU64,
}

#[doc(hidden)]
#[derive(Debug)]
pub struct StepCells {
    pub(crate) first: AtomicU64,
    pub(crate) repeats: AtomicU64,
    pub(crate) errors: [AtomicU64; ErrorKind::ALL.len()],
}

#[doc(hidden)]
#[derive(Debug)]
pub struct EndCells {
    pub(crate) ends: AtomicU64,
    pub(crate) repeats: AtomicU64,
    pub(crate) durations: Durations,
}

/// Access to [`Cells`] of any size.
#[doc(hidden)]
pub trait Storage: Send + Sync + 'static {
    const NEW: Self;
    fn whole(&self) -> &Whole;
    fn steps(&self) -> &[StepCells];
    fn ends(&self) -> &[EndCells];
}

const fn zero() -> AtomicU64 {
    AtomicU64::new(0)
}

impl<const STEPS: usize, const OUTCOMES: usize> Storage for Cells<STEPS, OUTCOMES> {
    const NEW: Self = Self {
        whole: Whole {
            starts: zero(),
            resumes: zero(),
            refusals: [const { zero() }; Refusal::ALL.len()],
            store_errors: zero(),
        },
        steps: [const {
            StepCells {
                first: zero(),
                repeats: zero(),
                errors: [const { zero() }; ErrorKind::ALL.len()],
            }
        }; STEPS],
        ends: [const {
            EndCells {
                ends: zero(),
                repeats: zero(),
                durations: Durations::new(),
            }
        }; OUTCOMES],
    };

    #[inline]
    fn whole(&self) -> &Whole {
        &self.whole
    }

    #[inline]
    fn steps(&self) -> &[StepCells] {
        &self.steps
    }

    #[inline]
    fn ends(&self) -> &[EndCells] {
        &self.ends
    }
}

/// One more, without ordering: a count guards nothing.
#[inline]
pub(crate) fn increment(cell: &AtomicU64) {
    cell.fetch_add(1, Ordering::Relaxed);
}

/// One more end; what was counted before it is seen by who sees it.
#[inline]
pub(crate) fn increment_end(cell: &AtomicU64) {
    cell.fetch_add(1, Ordering::Release);
}

impl<J: Definition> Journey<J> {
    /// Counts that are all 0.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            cells: J::Cells::NEW,
        }
    }

    /// What the journey says about itself.
    pub const fn facts(&self) -> &'static Facts {
        J::FACTS
    }

    /// A copy of the counts, for a test or a page; nothing is reset.
    pub fn counts(&self) -> Counts<J> {
        Counts::read(self)
    }

    pub(crate) fn refuse(&self, why: Refusal) {
        increment(&self.cells.whole().refusals[why as usize]);
    }

    pub(crate) fn store_failed(&self) {
        increment(&self.cells.whole().store_errors);
    }
}

impl<J: Definition> Default for Journey<J> {
    fn default() -> Self {
        Self::new()
    }
}

impl<J: Definition> fmt::Debug for Journey<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journey")
            .field("name", &J::FACTS.name())
            .finish_non_exhaustive()
    }
}

const NAME: &str = "journey.name";
const STEP: &str = "journey.step";
const OUTCOME: &str = "journey.outcome";

/// The metrics of every journey, in the order in which they are written.
pub(crate) static METRICS: [Metric; 11] = [
    Metric::info(
        "journey.info",
        "Facts about a journey, as labels.",
        &[NAME, "version", "expected_seconds", "abandon_after_seconds"],
    ),
    Metric::counter(
        "journey.starts",
        Unit::Of("journey"),
        "Journeys begun: the first step that was reached, whichever it was.",
        &[NAME],
    ),
    Metric::counter(
        "journey.resumes",
        Unit::Of("journey"),
        "Saved journeys taken up again; no starts.",
        &[NAME],
    ),
    Metric::counter(
        "journey.steps",
        Unit::Of("step"),
        "Steps reached for the first time in a journey.",
        &[NAME, STEP],
    ),
    Metric::counter(
        "journey.step.repeats",
        Unit::Of("view"),
        "Steps reached again: a refresh, a back button, a retry.",
        &[NAME, STEP],
    ),
    Metric::counter(
        "journey.step.errors",
        Unit::Of("error"),
        "Errors that a citizen met on a step.",
        &[NAME, STEP, "error.type"],
    ),
    Metric::counter(
        "journey.ends",
        Unit::Of("journey"),
        "Journeys ended; completed says whether the service did what it is there for.",
        &[NAME, OUTCOME, "journey.completed"],
    ),
    Metric::counter(
        "journey.end.repeats",
        Unit::Of("submission"),
        "Ends that had been counted before: a double submission, a refresh of the last page.",
        &[NAME, OUTCOME],
    ),
    Metric::histogram(
        "journey.duration",
        Unit::Seconds,
        "Time from start to end of a journey.",
        &[NAME, OUTCOME],
        &BOUNDS,
    ),
    Metric::counter(
        "journey.refusals",
        Unit::Of("request"),
        "Tokens and markers that were not believed; the citizen noticed nothing.",
        &[NAME, "reason"],
    ),
    Metric::counter(
        "journey.store.errors",
        Unit::Of("request"),
        "Requests whose progress the store could not read or keep.",
        &[NAME],
    ),
];

impl<J: Definition> MetricSource for Journey<J> {
    fn metrics(&self) -> &'static [Metric] {
        &METRICS
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        let [
            info,
            starts,
            resumes,
            steps,
            repeats,
            errors,
            ends,
            end_repeats,
            duration,
            refusals,
            store_errors,
        ] = &METRICS;
        let facts = J::FACTS;
        let name = LabelValue::Text(facts.name().as_str());
        let load = |cell: &AtomicU64| Value::Count(cell.load(Ordering::Acquire));
        let whole = self.cells.whole();
        // Ends before steps before starts, so that no scrape shows more ends than starts.
        for (cells, outcome) in self.cells.ends().iter().zip(facts.outcomes()) {
            let label = LabelValue::Text(outcome.name().as_str());
            let (counts, sums) = cells.durations.read();
            let histogram = Histogram {
                counts: &counts,
                sums: &sums,
            };
            sink.sample(duration, &[name, label], Value::Histogram(histogram));
            let completed = LabelValue::from(outcome.completes());
            sink.sample(ends, &[name, label, completed], load(&cells.ends));
            sink.sample(end_repeats, &[name, label], load(&cells.repeats));
        }
        for (cells, step) in self.cells.steps().iter().zip(facts.steps()) {
            let label = LabelValue::Text(step.name().as_str());
            sink.sample(steps, &[name, label], load(&cells.first));
            sink.sample(repeats, &[name, label], load(&cells.repeats));
            for (cell, kind) in cells.errors.iter().zip(ErrorKind::ALL) {
                let kind = LabelValue::Text(kind.name());
                sink.sample(errors, &[name, label, kind], load(cell));
            }
        }
        sink.sample(starts, &[name], load(&whole.starts));
        sink.sample(resumes, &[name], load(&whole.resumes));
        for (cell, why) in whole.refusals.iter().zip(Refusal::ALL) {
            sink.sample(refusals, &[name, LabelValue::Text(why.name())], load(cell));
        }
        sink.sample(store_errors, &[name], load(&whole.store_errors));
        let labels = [
            name,
            LabelValue::Text(facts.version()),
            LabelValue::Number(facts.expected().as_secs()),
            LabelValue::Number(facts.abandon_after().as_secs()),
        ];
        sink.sample(info, &labels, Value::Gauge(1.0));
    }
}

/// The counts of a journey at one moment.
///
/// The figures of several processes may be added up; those of one process start at 0 with it.
pub struct Counts<J: Definition> {
    starts: u64,
    resumes: u64,
    store_errors: u64,
    refusals: [u64; Refusal::ALL.len()],
    /// First reaches, repeats and errors.
    steps: Vec<(u64, u64, [u64; ErrorKind::ALL.len()])>,
    /// Ends and repeats.
    ends: Vec<(u64, u64)>,
    journey: core::marker::PhantomData<fn() -> J>,
}

impl<J: Definition> Counts<J> {
    fn read(journey: &Journey<J>) -> Self {
        let load = |cell: &AtomicU64| cell.load(Ordering::Relaxed);
        let cells = &journey.cells;
        Self {
            ends: cells
                .ends()
                .iter()
                .map(|end| (load(&end.ends), load(&end.repeats)))
                .collect(),
            steps: cells
                .steps()
                .iter()
                .map(|step| {
                    let errors = core::array::from_fn(|i| load(&step.errors[i]));
                    (load(&step.first), load(&step.repeats), errors)
                })
                .collect(),
            starts: load(&cells.whole().starts),
            resumes: load(&cells.whole().resumes),
            store_errors: load(&cells.whole().store_errors),
            refusals: core::array::from_fn(|i| load(&cells.whole().refusals[i])),
            journey: core::marker::PhantomData,
        }
    }

    /// Journeys begun.
    pub fn starts(&self) -> u64 {
        self.starts
    }

    /// Saved journeys taken up again.
    pub fn resumes(&self) -> u64 {
        self.resumes
    }

    /// First reaches of this step.
    pub fn reached(&self, step: J::Step) -> u64 {
        self.steps[crate::Label::index(step)].0
    }

    /// Further reaches of this step.
    pub fn repeats(&self, step: J::Step) -> u64 {
        self.steps[crate::Label::index(step)].1
    }

    /// Errors of this kind on this step.
    pub fn errors(&self, step: J::Step, kind: ErrorKind) -> u64 {
        self.steps[crate::Label::index(step)].2[kind as usize]
    }

    /// Ends with this outcome.
    pub fn ended(&self, outcome: J::Outcome) -> u64 {
        self.ends[crate::Label::index(outcome)].0
    }

    /// Ends with this outcome that had been counted before.
    pub fn end_repeats(&self, outcome: J::Outcome) -> u64 {
        self.ends[crate::Label::index(outcome)].1
    }

    /// Ends with an outcome that completes the journey.
    pub fn completed(&self) -> u64 {
        let ends = self.ends.iter().zip(J::FACTS.outcomes());
        ends.filter(|(_, outcome)| outcome.completes())
            .map(|((ends, _), _)| ends)
            .sum()
    }

    /// What was not believed, for this reason.
    pub fn refused(&self, why: Refusal) -> u64 {
        self.refusals[why as usize]
    }

    /// Requests whose progress the store could not read or keep.
    pub fn store_errors(&self) -> u64 {
        self.store_errors
    }
}

impl<J: Definition> fmt::Debug for Counts<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counts")
            .field("journey", &J::FACTS.name())
            .field("starts", &self.starts)
            .field("resumes", &self.resumes)
            .field("steps", &self.steps)
            .field("ends", &self.ends)
            .field("refusals", &self.refusals)
            .field("store_errors", &self.store_errors)
            .finish()
    }
}
