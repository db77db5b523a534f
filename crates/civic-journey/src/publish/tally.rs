//! Counts of all replicas over a period.

use crate::Counts;
use crate::definition::{Definition, Facts, Label};

/// Counts of one journey, added up over replicas and cut to a period.
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
/// use civic_journey::publish::Tally;
/// let mut all = Tally::empty::<Apply>();
/// for replica in [&APPLY] {
///     all.add(&Tally::of(&replica.counts()));
/// }
/// assert_eq!(all.starts(), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    pub(super) facts: &'static str,
    pub(super) starts: u64,
    pub(super) steps: Vec<u64>,
    pub(super) ends: Vec<u64>,
}

impl Tally {
    /// All 0.
    #[must_use]
    pub fn empty<J: Definition>() -> Self {
        Self::new(J::FACTS, 0, |_| 0, |_| 0)
    }

    /// The counts of one process, since it started.
    pub fn of<J: Definition>(counts: &Counts<J>) -> Self {
        Self::new(
            J::FACTS,
            counts.starts(),
            |step| counts.reached(J::Step::ALL[step]),
            |outcome| counts.ended(J::Outcome::ALL[outcome]),
        )
    }

    /// Figures from elsewhere, such as the answers of a monitoring system: starts, first reaches of each step and ends by outcome.
    pub fn from_figures<J: Definition>(
        starts: u64,
        reached: impl Fn(J::Step) -> u64,
        ended: impl Fn(J::Outcome) -> u64,
    ) -> Self {
        Self::new(
            J::FACTS,
            starts,
            |step| reached(J::Step::ALL[step]),
            |outcome| ended(J::Outcome::ALL[outcome]),
        )
    }

    fn new(
        facts: &Facts,
        starts: u64,
        reached: impl Fn(usize) -> u64,
        ended: impl Fn(usize) -> u64,
    ) -> Self {
        Self {
            facts: facts.name().as_str(),
            starts,
            steps: (0..facts.steps().len()).map(reached).collect(),
            ends: (0..facts.outcomes().len()).map(ended).collect(),
        }
    }

    /// Adds those of another replica.
    ///
    /// # Panics
    /// When they are of another journey.
    pub fn add(&mut self, other: &Self) {
        self.each(other, u64::saturating_add);
    }

    /// What was counted since an earlier tally of the same process.
    ///
    /// # Panics
    /// When it is of another journey.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut tally = self.clone();
        tally.each(earlier, u64::saturating_sub);
        tally
    }

    /// Journeys begun.
    pub fn starts(&self) -> u64 {
        self.starts
    }

    fn each(&mut self, other: &Self, both: impl Fn(u64, u64) -> u64) {
        assert_eq!(self.facts, other.facts, "two tallies of different journeys");
        self.starts = both(self.starts, other.starts);
        let own = self.steps.iter_mut().chain(&mut self.ends);
        for (own, other) in own.zip(other.steps.iter().chain(&other.ends)) {
            *own = both(*own, *other);
        }
    }
}
