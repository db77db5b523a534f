//! The figures that may be shown.

use core::fmt;
use std::time::SystemTime;

use super::{Period, PeriodError, ROUNDED_TO, SMALLEST, Tally};
use crate::definition::{Definition, Facts};

/// A count that may be shown, or the mark that it may not.
///
/// ```
/// use civic_journey::publish::Figure;
/// assert_eq!((Figure::Shown(125).to_string(), Figure::Hidden.to_string()), ("125".into(), "~".into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Rounded to 5.
    Shown(u64),
    /// Below 10, or it would give such a figure away.
    Hidden,
}

/// A percentage of two figures, or the mark that it may not be shown.
///
/// ```
/// use civic_journey::publish::Rate;
/// assert_eq!((Rate::Shown(66.66).to_string(), Rate::Hidden.to_string()), ("66.7%".into(), "~".into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// Of rounded figures, at most 100.
    Shown(f64),
    /// One of the figures is hidden.
    Hidden,
}

/// What may be published of a journey and a period.
///
/// ```
/// # civic_journey::journey! {
/// #     pub static APPLY: Apply = "apply-for-a-licence";
/// #     steps ApplyStep { Start = "start", Pay = "pay" }
/// #     outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "refused": failed }
/// #     expected = 12 minutes;
/// #     abandon_after = 48 hours;
/// #     slo = 99.5;
/// # }
/// use civic_journey::publish::{Figure, Period, Publication, Tally};
///
/// let period = Period::week(2026, 1, 5)?;
/// let tally = Tally::from_figures::<Apply>(203, |_| 203, |outcome| match outcome {
///     ApplyOutcome::Submitted => 152,
///     ApplyOutcome::Refused => 3,
/// });
/// let page = Publication::new::<Apply>(period, &tally, period.end())?.with_other_channels(48);
/// assert_eq!(page.completions(), Figure::Shown(150));
/// assert_eq!(page.completion_rate().to_string(), "73.2%");
/// assert_eq!(page.digital_take_up().unwrap().to_string(), "75.0%");
/// assert_eq!(page.failures(), Figure::Hidden);
/// # Ok::<(), civic_journey::publish::PeriodError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    journey: &'static str,
    period: Period,
    starts: Figure,
    completions: Figure,
    failures: Figure,
    given_up: Figure,
    steps: Vec<(&'static str, Figure)>,
    outcomes: Vec<(&'static str, Figure)>,
    channels: Option<Channels>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Channels {
    other: Figure,
    take_up: Rate,
}

impl Publication {
    /// What may be published of this tally of this period, at this time.
    ///
    /// # Errors
    /// When the period is not over.
    ///
    /// # Panics
    /// When the tally is of another journey.
    pub fn new<J: Definition>(
        period: Period,
        tally: &Tally,
        now: SystemTime,
    ) -> Result<Self, PeriodError> {
        let facts = J::FACTS;
        assert_eq!(
            tally.facts,
            facts.name().as_str(),
            "a tally of another journey"
        );
        if now < period.end() {
            return Err(PeriodError::NotOver);
        }
        let sum =
            |completes| -> u64 { ends(facts, tally, completes).map(|(_, count)| count).sum() };
        let (completions, failures) = (sum(true), sum(false));
        let given_up = tally.starts.saturating_sub(completions + failures);
        let starts = Cell::of(tally.starts);
        let mut whole = [completions, failures, given_up].map(Cell::of);
        hide_complements(starts, &mut whole);
        let [completed, failed, gave_up] = whole;

        let mut outcomes = vec![Figure::Hidden; facts.outcomes().len()];
        for (completes, total) in [(true, completed), (false, failed)] {
            let group = ends(facts, tally, completes);
            let (positions, mut cells): (Vec<_>, Vec<_>) =
                group.map(|(at, count)| (at, Cell::of(count))).unzip();
            hide_complements(total, &mut cells);
            for (at, cell) in positions.into_iter().zip(cells) {
                outcomes[at] = cell.figure();
            }
        }
        let outcome_names = facts
            .outcomes()
            .iter()
            .map(|outcome| outcome.name().as_str());
        let step_names = facts.steps().iter().map(|step| step.name().as_str());
        let steps = tally.steps.iter().map(|count| Cell::of(*count).figure());
        Ok(Self {
            journey: facts.name().as_str(),
            period,
            starts: starts.figure(),
            completions: completed.figure(),
            failures: failed.figure(),
            given_up: gave_up.figure(),
            steps: step_names.zip(steps).collect(),
            outcomes: outcome_names.zip(outcomes).collect(),
            channels: None,
        })
    }

    /// Adds digital take-up: so many were completed in the period by telephone, on paper or in person.
    #[must_use]
    pub fn with_other_channels(mut self, completions: u64) -> Self {
        let other = Cell::of(completions).figure();
        let take_up = match (self.completions, other) {
            (Figure::Shown(digital), Figure::Shown(other)) => Rate::of(digital, digital + other),
            _ => Rate::Hidden,
        };
        self.channels = Some(Channels { other, take_up });
        self
    }

    /// The period that it is about.
    pub fn period(&self) -> Period {
        self.period
    }

    /// Journeys begun.
    pub fn starts(&self) -> Figure {
        self.starts
    }

    /// Journeys whose end says that the service did what it is there for.
    pub fn completions(&self) -> Figure {
        self.completions
    }

    /// Journeys that ended otherwise.
    pub fn failures(&self) -> Figure {
        self.failures
    }

    /// Journeys without an end; over a short period also those that were still going on.
    pub fn given_up(&self) -> Figure {
        self.given_up
    }

    /// First reaches of each step, by its name.
    pub fn steps(&self) -> &[(&'static str, Figure)] {
        &self.steps
    }

    /// Ends by the name of the outcome.
    pub fn outcomes(&self) -> &[(&'static str, Figure)] {
        &self.outcomes
    }

    /// Completions of the journeys begun, in per cent.
    pub fn completion_rate(&self) -> Rate {
        match (self.completions, self.starts) {
            (Figure::Shown(completions), Figure::Shown(starts)) => Rate::of(completions, starts),
            _ => Rate::Hidden,
        }
    }

    /// Digital completions of all completions, in per cent; `None` unless the other channels were given.
    pub fn digital_take_up(&self) -> Option<Rate> {
        self.channels.map(|channels| channels.take_up)
    }

    /// As CSV with a header: one line for each figure, `~` for what is hidden.
    ///
    /// The columns are `journey`, `period_start`, `period_end`, `measure`, `name` and `value`.
    pub fn to_csv(&self) -> String {
        let (from, to) = (self.period.first_day(), self.period.last_day());
        let mut csv = String::from("journey,period_start,period_end,measure,name,value\n");
        for (measure, name, value) in self.rows() {
            let row = format!("{},{from},{to},{measure},{name},{value}", self.journey);
            csv.push_str(&row);
            csv.push('\n');
        }
        csv
    }

    fn rows(&self) -> Vec<(&'static str, &'static str, String)> {
        let mut rows = vec![
            ("starts", "", self.starts.to_string()),
            ("completions", "", self.completions.to_string()),
            ("failures", "", self.failures.to_string()),
            ("given_up", "", self.given_up.to_string()),
            ("completion_rate", "", self.completion_rate().to_string()),
        ];
        if let Some(channels) = &self.channels {
            rows.push(("other_channels", "", channels.other.to_string()));
            rows.push(("digital_take_up", "", channels.take_up.to_string()));
        }
        let steps = self.steps.iter().map(|row| ("step", row));
        let outcomes = self.outcomes.iter().map(|row| ("outcome", row));
        rows.extend(
            steps
                .chain(outcomes)
                .map(|(measure, (name, figure))| (measure, *name, figure.to_string())),
        );
        rows
    }
}

impl Rate {
    fn of(part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Self::Hidden;
        }
        Self::Shown((part as f64 / whole as f64 * 100.0).min(100.0))
    }
}

/// A count on its way to a figure.
#[derive(Clone, Copy, Debug)]
struct Cell {
    count: u64,
    hidden: bool,
}

impl Cell {
    fn of(count: u64) -> Self {
        Self {
            count,
            hidden: count < SMALLEST,
        }
    }

    fn figure(self) -> Figure {
        if self.hidden {
            Figure::Hidden
        } else {
            Figure::Shown(rounded(self.count))
        }
    }
}

/// Hides a second cell where one alone is hidden, because the total less the others would give it away.
///
/// Where the total itself is hidden, so are all its parts: their sum would give it away.
fn hide_complements(total: Cell, parts: &mut [Cell]) {
    if total.hidden {
        for part in parts {
            part.hidden = true;
        }
        return;
    }
    if parts.iter().filter(|part| part.hidden).count() == 1 {
        let shown = parts.iter_mut().filter(|part| !part.hidden);
        // The smallest, so that the least is lost. Where there is no other part, the total is the part and not small.
        if let Some(least) = shown.min_by_key(|part| part.count) {
            least.hidden = true;
        }
    }
}

fn rounded(count: u64) -> u64 {
    (count + ROUNDED_TO / 2) / ROUNDED_TO * ROUNDED_TO
}

fn ends<'a>(
    facts: &'a Facts,
    tally: &'a Tally,
    completes: bool,
) -> impl Iterator<Item = (usize, u64)> + 'a {
    let ends = facts.outcomes().iter().zip(&tally.ends).enumerate();
    ends.filter(move |(_, (outcome, _))| outcome.completes() == completes)
        .map(|(at, (_, count))| (at, *count))
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shown(count) => count.fmt(f),
            Self::Hidden => f.pad("~"),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shown(rate) => f.pad(&format!("{rate:.1}%")),
            Self::Hidden => f.pad("~"),
        }
    }
}

impl fmt::Display for Publication {
    /// A table for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}, {}", self.journey, self.period)?;
        for (measure, name, value) in self.rows() {
            let label = format!("{measure} {name}");
            writeln!(f, "{:<40} {value:>10}", label.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Apply, ApplyOutcome};

    fn page(starts: u64, submitted: u64, not_eligible: u64, refused: u64) -> Publication {
        let tally = Tally::from_figures::<Apply>(
            starts,
            |_| starts,
            |outcome| match outcome {
                ApplyOutcome::Submitted => submitted,
                ApplyOutcome::NotEligible => not_eligible,
                ApplyOutcome::Refused => refused,
            },
        );
        let period = Period::month(2026, 1).unwrap();
        Publication::new::<Apply>(period, &tally, period.end()).unwrap()
    }

    fn small_completion() -> Publication {
        page(1000, 700, 4, 50)
    }

    #[test]
    fn figures_are_rounded_and_rates_are_of_rounded_figures() {
        let page = page(1002, 701, 98, 52);
        assert_eq!(page.starts(), Figure::Shown(1000));
        assert_eq!(page.completions(), Figure::Shown(800));
        assert_eq!(page.completion_rate(), Rate::Shown(80.0));
        assert_eq!(page.given_up(), Figure::Shown(150));
        assert_eq!(page.outcomes()[1], ("not-eligible", Figure::Shown(100)));
    }

    #[test]
    fn nine_is_hidden_and_ten_is_not() {
        assert_eq!(page(9, 0, 0, 0).starts(), Figure::Hidden);
        assert_eq!(page(10, 0, 0, 0).starts(), Figure::Shown(10));
    }

    #[test]
    fn a_hidden_figure_cannot_be_worked_out_from_the_others() {
        // Refused alone would follow from the starts less the rest, so the smallest of the rest is hidden too.
        let page = page(1000, 700, 100, 4);
        assert_eq!(page.failures(), Figure::Hidden);
        assert_eq!(page.given_up(), Figure::Hidden);
        assert_eq!(page.completions(), Figure::Shown(800));

        // Of two kinds of completion one is small: the other one is hidden too, their sum is shown.
        let page = small_completion();
        assert_eq!(page.completions(), Figure::Shown(705));
        assert_eq!(page.outcomes()[0].1, Figure::Hidden);
        assert_eq!(page.outcomes()[1].1, Figure::Hidden);
    }

    #[test]
    fn parts_of_a_hidden_total_are_hidden() {
        // Failures are 20, but hidden because four gave up; the only kind of failure must not show them.
        let page = page(724, 600, 100, 20);
        assert_eq!(page.given_up(), Figure::Hidden);
        assert_eq!(page.failures(), Figure::Hidden);
        assert_eq!(page.outcomes()[2].1, Figure::Hidden);
    }

    #[test]
    fn take_up_is_hidden_with_either_channel() {
        let take_up = |page: Publication, other| page.with_other_channels(other).digital_take_up();
        assert_eq!(
            take_up(page(1000, 700, 100, 50), 200),
            Some(Rate::Shown(80.0))
        );
        assert_eq!(take_up(page(1000, 700, 100, 50), 3), Some(Rate::Hidden));
        assert_eq!(page(1000, 700, 100, 50).digital_take_up(), None);
    }

    #[test]
    fn a_period_that_is_not_over_is_not_published() {
        let period = Period::week(2026, 1, 5).unwrap();
        let tally = Tally::empty::<Apply>();
        let early = period.end() - core::time::Duration::from_secs(1);
        let refused = Publication::new::<Apply>(period, &tally, early);
        assert_eq!(refused, Err(PeriodError::NotOver));
    }

    #[test]
    fn csv_has_a_line_for_each_figure() {
        let csv = page(1000, 700, 100, 50).with_other_channels(200).to_csv();
        assert!(csv.starts_with("journey,period_start,period_end,measure,name,value\n"));
        assert!(csv.contains("apply-for-a-licence,2026-01-01,2026-01-31,completion_rate,,80.0%\n"));
        assert!(csv.contains("apply-for-a-licence,2026-01-01,2026-01-31,step,pay,1000\n"));
        assert_eq!(csv.lines().count(), 1 + 5 + 2 + 3 + 3);
    }
}
