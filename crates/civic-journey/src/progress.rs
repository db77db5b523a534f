//! One citizen's journey during one request: what counts, and what counts again.

use core::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Refusal;
use crate::counts::{EndCells, ErrorKind, Journey, Storage, increment, increment_end};
use crate::definition::{Definition, Label};
use crate::record::{Record, tick};

/// What the service's own write said about an end.
///
/// ```
/// assert_ne!(civic_journey::Submission::Created, civic_journey::Submission::AlreadyExists);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submission {
    /// The write made something new, under a key that admits it once: the end counts.
    Created,
    /// It was there before, from a double submission or a retry: a repeat.
    AlreadyExists,
    /// This end writes nothing, such as a page that says "not eligible": the progress decides.
    NotRecorded,
}

/// One citizen's journey, for the time of one request.
///
/// [`ProgressLayer`](crate::ProgressLayer) loads it from a [`ProgressStore`](crate::store::ProgressStore) and keeps it again after the
/// response; a handler takes it as an argument. Without a layer, [`Progress::new`] and [`Progress::record`] do the same by hand.
///
/// Every method is a few instructions and at most three atomic additions: no lock, no allocation, no input or output.
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
/// use civic_journey::{Progress, Submission};
/// use std::time::SystemTime;
///
/// let mut progress = Progress::new(&APPLY, None, SystemTime::now());
/// progress.reach(ApplyStep::Start);
/// progress.reach(ApplyStep::Start); // a refresh
/// progress.complete(ApplyOutcome::Submitted, Submission::Created);
///
/// let counts = APPLY.counts();
/// assert_eq!((counts.starts(), counts.reached(ApplyStep::Start), counts.repeats(ApplyStep::Start)), (1, 1, 1));
/// assert_eq!(counts.ended(ApplyOutcome::Submitted), 1);
/// ```
pub struct Progress<J: Definition> {
    journey: &'static Journey<J>,
    state: State,
    /// Where the state goes when the handler has dropped this.
    home: Option<Home>,
}

/// Between the layer, the handler and the layer again. The lock is held for a copy, by one task.
pub(crate) type Home = Arc<Mutex<Option<State>>>;

/// Who decides what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// The record that was loaded: right unless two requests of a citizen cross, or a response is lost.
    Record,
    /// The store, when the layer marks what was reached: exact.
    Marks,
    /// Nobody: synthetic traffic, or a citizen who objected.
    Nothing,
}

/// Everything about a progress but where it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    record: Record,
    /// Seconds since 1970.
    now: u64,
    counting: Counting,
    /// Steps to count if the response is no server error.
    when_served: u32,
    pending: Pending,
}

/// What the store has to decide.
#[derive(Clone, Copy, Debug, Default)]
struct Pending {
    /// Whether this would be the start.
    start: bool,
    /// Steps that would be first reaches.
    steps: u32,
    /// Outcome that would be the end.
    end: Option<u8>,
    /// Whether the end is to be marked, counted or not.
    done: bool,
    /// Steps of a saved journey: to be marked, not counted.
    resumed: Option<u32>,
    /// Whether a journey that has ended there gives way.
    again: bool,
}

/// What a store that decides has to mark, in one atomic act.
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
/// use civic_journey::{Counting, Marked, Progress};
///
/// let mut progress = Progress::counting_by(Counting::Marks, &APPLY, None, 1_767_268_800);
/// progress.reach(ApplyStep::Pay);
/// let mark = progress.mark().expect("a step was reached");
/// assert_eq!(mark.bits, 0b10);
/// // The store says that this is the start, and that another request was the first at this step.
/// progress.settle(Marked { started: true, fresh: 0 });
/// assert_eq!((APPLY.counts().starts(), APPLY.counts().repeats(ApplyStep::Pay)), (1, 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The start to keep unless one is kept, in units of 10 s since 1970.
    pub start: u32,
    /// Bits to set: one for each step by its position, and [`Mark::DONE`].
    pub bits: u64,
    /// When what is kept may go, in seconds since 1970: `abandon_after` after the start.
    pub expires: u64,
    /// The time, in seconds since 1970.
    pub now: u64,
    /// Whether what is kept is to be dropped first if its journey has ended.
    pub again: bool,
}

/// What a store found when it set a [`Mark`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Whether no start was kept before.
    pub started: bool,
    /// Bits that were not set before, among those of the mark.
    pub fresh: u64,
}

impl Mark {
    /// The bit of an end.
    pub const DONE: u64 = 1 << 32;
}

impl State {
    const fn new(record: Record, now: u64, counting: Counting) -> Self {
        Self {
            record,
            now,
            counting,
            when_served: 0,
            pending: Pending {
                start: false,
                steps: 0,
                end: None,
                done: false,
                resumed: None,
                again: false,
            },
        }
    }
}

impl<J: Definition> Progress<J> {
    /// The progress that a record shows, at this time; without a record, of a journey that has not begun.
    ///
    /// A record whose journey counts as given up is as none.
    pub fn new(journey: &'static Journey<J>, record: Option<Record>, now: SystemTime) -> Self {
        let now = now
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        Self::counting_by(Counting::Record, journey, record, now)
    }

    /// As [`Progress::new`], with the choice of who decides what counts, at this time in seconds since 1970.
    #[inline]
    pub fn counting_by(
        counting: Counting,
        journey: &'static Journey<J>,
        record: Option<Record>,
        unix_seconds: u64,
    ) -> Self {
        let record = record
            .filter(|record| !record.is_abandoned(J::FACTS, unix_seconds))
            .unwrap_or(Record::empty(J::FACTS));
        Self {
            journey,
            state: State::new(record, unix_seconds, counting),
            home: None,
        }
    }

    /// Leaves the state in a home, for [`Progress::taken_from`].
    #[cfg(feature = "tower")]
    pub(crate) fn into_home(mut self) -> Home {
        let home = Home::default();
        self.home = Some(Arc::clone(&home));
        home
    }

    /// Takes the state out of its home, into which it goes back when this is dropped.
    #[cfg(feature = "tower")]
    pub(crate) fn taken_from(journey: &'static Journey<J>, home: Home) -> Option<Self> {
        let state = home.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(Self {
            journey,
            state,
            home: Some(home),
        })
    }

    /// Keeps the state here when this is dropped.
    #[cfg(feature = "tower")]
    pub(crate) fn stay(&mut self) {
        self.home = None;
    }

    #[cfg(feature = "tower")]
    pub(crate) fn journey(&self) -> &'static Journey<J> {
        self.journey
    }

    /// What is to be kept until the next request.
    pub fn record(&self) -> Record {
        self.state.record
    }

    /// Who decides what counts.
    pub fn counting(&self) -> Counting {
        self.state.counting
    }

    /// Counts a step: the first time as reached, after that as repeated. The first reach of any step is the start.
    #[inline]
    pub fn reach(&mut self, step: J::Step) {
        self.reach_index(step.index());
    }

    #[inline]
    pub(crate) fn reach_index(&mut self, step: usize) {
        if self.state.record.has(step) {
            if self.state.counting != Counting::Nothing {
                increment(&self.journey.cells.steps()[step].repeats);
            }
            return;
        }
        self.state.record.add(step);
        if self.state.counting == Counting::Record {
            if !self.state.record.has_begun() {
                self.begin();
            }
            increment(&self.journey.cells.steps()[step].first);
            return;
        }
        self.reach_elsewhere(step);
    }

    /// A first reach that this process does not decide alone.
    #[cold]
    fn reach_elsewhere(&mut self, step: usize) {
        self.begin();
        if self.state.counting == Counting::Marks {
            self.state.pending.steps |= 1 << step;
        }
    }

    /// Counts a step as [`Progress::reach`] does, once the handler has answered without a server error.
    ///
    /// What `#[journey_step(..)]` calls. [`ProgressLayer`](crate::ProgressLayer) sees the status of the response and decides.
    #[inline]
    pub fn reach_when_served(&mut self, step: J::Step) {
        self.state.when_served |= 1 << step.index();
    }

    /// Counts an end, when the service's own write says that it is new.
    ///
    /// A new end without a start, after a cookie was lost or behind a deep link, counts its start too, so that there are never
    /// more ends than starts; its time is not known and is left out of the durations. The same holds for a second new end of
    /// one progress: that is a second journey.
    pub fn complete(&mut self, outcome: J::Outcome, submission: Submission) {
        if self.state.counting == Counting::Nothing {
            self.state.record.end();
            return;
        }
        let index = outcome.index();
        let cells = &self.journey.cells.ends()[index];
        let again = self.state.record.has_ended();
        match submission {
            Submission::AlreadyExists => increment(&cells.repeats),
            Submission::NotRecorded if again => increment(&cells.repeats),
            Submission::NotRecorded if self.state.counting == Counting::Marks => {
                self.begin();
                self.state.pending.end = Some(index as u8);
            }
            Submission::Created if again => {
                increment(&self.journey.cells.whole().starts);
                increment_end(&cells.ends);
            }
            Submission::Created | Submission::NotRecorded => self.end(cells),
        }
        self.state.pending.done = true;
        self.state.record.end();
    }

    fn end(&mut self, cells: &EndCells) {
        let known = self.state.record.has_begun() && !self.state.pending.start;
        self.begin();
        if known {
            cells.durations.add(self.seconds());
        }
        increment_end(&cells.ends);
    }

    /// Counts an error that the citizen met on a step.
    #[inline]
    pub fn error(&mut self, step: J::Step, kind: ErrorKind) {
        if self.state.counting != Counting::Nothing {
            increment(&self.journey.cells.steps()[step.index()].errors[kind as usize]);
        }
    }

    /// Goes on with a journey that the service had saved, with the record that it kept beside the saved answers.
    ///
    /// Counts a resume and no start. Call it before any step of the request is counted. A record that counts as given up is
    /// refused, and a journey that goes on already is left as it is.
    pub fn resume(&mut self, saved: Record) {
        if saved.is_abandoned(J::FACTS, self.state.now) || !saved.has_begun() {
            if self.state.counting != Counting::Nothing {
                self.journey.refuse(Refusal::Expired);
            }
            return;
        }
        let old = self.state.record;
        let goes_on = old.start() == saved.start() && old.steps() | saved.steps() == old.steps();
        if goes_on {
            return;
        }
        self.state.record = Record::from_parts(
            J::FACTS,
            saved.start(),
            old.steps() | saved.steps(),
            old.has_ended() || saved.has_ended(),
        );
        match self.state.counting {
            Counting::Record => increment(&self.journey.cells.whole().resumes),
            Counting::Marks => self.state.pending.resumed = Some(saved.steps()),
            Counting::Nothing => {}
        }
    }

    /// Begins another journey in the same session, for a citizen or an agent who applies again.
    ///
    /// Does nothing unless the one before has ended, so that a refresh of the page behind the link does not count twice.
    pub fn begin_again(&mut self) {
        if self.state.record.has_ended() {
            self.state.record = Record::empty(J::FACTS);
            self.state.pending = Pending {
                again: true,
                ..Pending::default()
            };
        }
    }

    /// Whole seconds since the start, to 10 seconds; never below 0 or above `abandon_after`.
    fn seconds(&self) -> u64 {
        let age = self.state.record.age(self.state.now);
        age.min(J::FACTS.abandon_after().as_secs())
    }

    /// The start, unless there was one.
    #[inline]
    fn begin(&mut self) {
        if self.state.record.has_begun() {
            return;
        }
        self.state.record.begin(tick(self.state.now));
        match self.state.counting {
            Counting::Record => increment(&self.journey.cells.whole().starts),
            Counting::Marks => self.state.pending.start = true,
            Counting::Nothing => {}
        }
    }

    /// Counts what waited for the response, if that is no server error.
    ///
    /// For who writes a layer of their own; [`ProgressLayer`](crate::ProgressLayer) does it.
    pub fn answered(&mut self, served: bool) {
        let steps = core::mem::take(&mut self.state.when_served);
        for step in bits(steps).filter(|_| served) {
            self.reach_index(step);
        }
    }

    /// What a store that decides has to mark; `None` when there is nothing.
    ///
    /// Only with [`Counting::Marks`].
    pub fn mark(&self) -> Option<Mark> {
        let State {
            record,
            now,
            counting,
            pending,
            ..
        } = &self.state;
        let done = if pending.done { Mark::DONE } else { 0 };
        let bits = u64::from(pending.steps | pending.resumed.unwrap_or(0)) | done;
        (*counting == Counting::Marks && bits != 0).then(|| {
            let abandon_after = J::FACTS.abandon_after().as_secs();
            Mark {
                start: record.start(),
                bits,
                expires: record.started_at() + abandon_after,
                now: *now,
                again: pending.again,
            }
        })
    }

    /// Counts what the store found when it set the [`Mark`].
    pub fn settle(&mut self, marked: Marked) {
        let pending = core::mem::take(&mut self.state.pending);
        let cells = &self.journey.cells;
        if marked.started {
            let whole = cells.whole();
            let resumed = pending.resumed.is_some();
            increment(if resumed {
                &whole.resumes
            } else {
                &whole.starts
            });
        }
        for step in bits(pending.steps & !pending.resumed.unwrap_or(0)) {
            let step_cells = &cells.steps()[step];
            let first = marked.fresh & (1 << step) != 0;
            increment(if first {
                &step_cells.first
            } else {
                &step_cells.repeats
            });
        }
        if let Some(outcome) = pending.end {
            let end = &cells.ends()[usize::from(outcome)];
            if marked.fresh & Mark::DONE == 0 {
                increment(&end.repeats);
            } else {
                if !pending.start {
                    end.durations.add(self.seconds());
                }
                increment_end(&end.ends);
            }
        }
    }

    /// Counts that the store could not read or keep the progress of a request; the citizen notices nothing.
    pub fn store_failed(&self) {
        self.journey.store_failed();
    }
}

/// Positions of the bits that are set.
fn bits(mut set: u32) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let next = (set != 0).then(|| set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(next)
    })
}

impl<J: Definition> Drop for Progress<J> {
    fn drop(&mut self) {
        if let Some(home) = self.home.take() {
            *home.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.state);
        }
    }
}

impl<J: Definition> fmt::Debug for Progress<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("journey", &J::FACTS.name())
            .field("record", &self.state.record)
            .field("counting", &self.state.counting)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::sample::{Apply, ApplyOutcome, ApplyStep};

    fn day(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_767_268_800 + seconds)
    }

    #[test]
    fn a_deep_link_is_a_start_and_a_repeat_is_none() {
        static JOURNEY: Journey<Apply> = Journey::new();
        let mut progress = Progress::new(&JOURNEY, None, day(0));
        progress.reach(ApplyStep::Pay);
        let mut progress = Progress::new(&JOURNEY, Some(progress.record()), day(60));
        progress.reach(ApplyStep::Start);
        progress.reach(ApplyStep::Pay);
        let counts = JOURNEY.counts();
        assert_eq!(counts.starts(), 1);
        assert_eq!(counts.reached(ApplyStep::Pay), 1);
        assert_eq!(counts.repeats(ApplyStep::Pay), 1);
        assert_eq!(counts.reached(ApplyStep::Start), 1);
    }

    #[test]
    fn an_end_counts_when_the_domain_says_created() {
        static JOURNEY: Journey<Apply> = Journey::new();
        let mut progress = Progress::new(&JOURNEY, None, day(0));
        progress.reach(ApplyStep::Start);
        let mut progress = Progress::new(&JOURNEY, Some(progress.record()), day(600));
        progress.complete(ApplyOutcome::Submitted, Submission::Created);
        progress.complete(ApplyOutcome::Submitted, Submission::AlreadyExists);
        let counts = JOURNEY.counts();
        assert_eq!(
            (
                counts.ended(ApplyOutcome::Submitted),
                counts.end_repeats(ApplyOutcome::Submitted)
            ),
            (1, 1)
        );
        let (durations, sums) = JOURNEY.cells.ends()[0].durations.read();
        assert_eq!(
            (durations.iter().sum::<u64>(), sums.iter().sum::<f64>()),
            (1, 600.0)
        );
    }

    #[test]
    fn an_end_without_a_write_counts_once_for_a_progress() {
        static JOURNEY: Journey<Apply> = Journey::new();
        let mut progress = Progress::new(&JOURNEY, None, day(0));
        progress.reach(ApplyStep::Start);
        progress.complete(ApplyOutcome::NotEligible, Submission::NotRecorded);
        let mut progress = Progress::new(&JOURNEY, Some(progress.record()), day(9));
        progress.complete(ApplyOutcome::NotEligible, Submission::NotRecorded);
        let counts = JOURNEY.counts();
        assert_eq!(counts.ended(ApplyOutcome::NotEligible), 1);
        assert_eq!(counts.end_repeats(ApplyOutcome::NotEligible), 1);
    }

    #[test]
    fn there_are_never_more_ends_than_starts() {
        static JOURNEY: Journey<Apply> = Journey::new();
        // The cookie was lost before the last page; then the citizen applies for a second licence.
        let mut progress = Progress::new(&JOURNEY, None, day(0));
        progress.complete(ApplyOutcome::Submitted, Submission::Created);
        progress.complete(ApplyOutcome::Submitted, Submission::Created);
        let counts = JOURNEY.counts();
        assert_eq!((counts.starts(), counts.completed()), (2, 2));
        let (durations, _) = JOURNEY.cells.ends()[0].durations.read();
        assert_eq!(
            durations.iter().sum::<u64>(),
            0,
            "nobody knows how long it took"
        );
    }

    #[test]
    fn an_agent_who_begins_again_counts_every_journey() {
        static JOURNEY: Journey<Apply> = Journey::new();
        let mut progress = Progress::new(&JOURNEY, None, day(0));
        for _ in 0..3 {
            progress.begin_again();
            progress.begin_again(); // a refresh
            progress.reach(ApplyStep::Start);
            progress.complete(ApplyOutcome::Submitted, Submission::Created);
        }
        let counts = JOURNEY.counts();
        assert_eq!(
            (
                counts.starts(),
                counts.reached(ApplyStep::Start),
                counts.completed()
            ),
            (3, 3, 3)
        );
    }

    #[test]
    fn a_resume_is_no_start() {
        static JOURNEY: Journey<Apply> = Journey::new();
        let mut progress = Progress::new(&JOURNEY, None, day(0));
        progress.reach(ApplyStep::Start);
        let saved = progress.record();
        let mut next_day = Progress::new(&JOURNEY, None, day(86_400));
        next_day.resume(saved);
        next_day.resume(saved);
        next_day.reach(ApplyStep::Pay);
        next_day.complete(ApplyOutcome::Submitted, Submission::Created);
        let counts = JOURNEY.counts();
        assert_eq!(
            (counts.starts(), counts.resumes(), counts.completed()),
            (1, 1, 1)
        );

        // After the time limit it is refused, and going on is a new journey.
        let mut too_late = Progress::new(&JOURNEY, None, day(4 * 86_400));
        too_late.resume(saved);
        too_late.reach(ApplyStep::Pay);
        let counts = JOURNEY.counts();
        assert_eq!((counts.starts(), counts.resumes()), (2, 1));
        assert_eq!(counts.refused(Refusal::Expired), 1);
    }

    #[test]
    fn a_clock_that_was_set_back_gives_no_negative_time() {
        static JOURNEY: Journey<Apply> = Journey::new();
        let mut progress = Progress::new(&JOURNEY, None, day(1000));
        progress.reach(ApplyStep::Start);
        let mut progress = Progress::new(&JOURNEY, Some(progress.record()), day(0));
        progress.complete(ApplyOutcome::Submitted, Submission::Created);
        let (durations, sums) = JOURNEY.cells.ends()[0].durations.read();
        assert_eq!((durations[0], sums[0]), (1, 0.0));
    }

    #[test]
    fn what_waits_for_the_response_counts_unless_the_server_failed() {
        static JOURNEY: Journey<Apply> = Journey::new();
        let mut progress = Progress::new(&JOURNEY, None, day(0));
        progress.reach_when_served(ApplyStep::Start);
        progress.answered(false);
        assert_eq!(JOURNEY.counts().starts(), 0);
        progress.reach_when_served(ApplyStep::Start);
        progress.answered(true);
        assert_eq!(JOURNEY.counts().starts(), 1);
    }
}
