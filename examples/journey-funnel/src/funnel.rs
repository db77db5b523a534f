//! The funnel: what was counted, what is true, and both for people to read.

use std::error::Error;
use std::fmt::Write;

use civic_journey::Label;

use crate::journey::ApplyStep;
use crate::prometheus::Prometheus;
use crate::store::Kind;

/// Starts, steps and ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    pub starts: u64,
    pub steps: [u64; ApplyStep::ALL.len()],
    pub submitted: u64,
    pub not_eligible: u64,
}

impl Funnel {
    /// What Prometheus has scraped of both replicas, once it has scraped everything that so many requests counted.
    pub fn scraped(prometheus: &Prometheus, requests: u64) -> Result<Self, Box<dyn Error>> {
        // Each request counts once, as a first reach, a repeat, or an end that has no step.
        let all = "sum(journey_steps_total) + sum(journey_step_repeats_total) + sum(journey_ends_total{journey_outcome='not-eligible'}) + sum(journey_end_repeats_total{journey_outcome='not-eligible'})";
        prometheus.query(all, "", &|values| {
            values.iter().any(|(_, value)| *value as u64 >= requests)
        })?;
        let by =
            |query: &str, label: &str| prometheus.query(query, label, &|values| !values.is_empty());
        let starts = by("sum(journey_starts_total)", "")?;
        let steps = by(
            "sum by (journey_step) (journey_steps_total)",
            "journey_step",
        )?;
        let ends = by(
            "sum by (journey_outcome) (journey_ends_total)",
            "journey_outcome",
        )?;
        let value = |values: &[(String, f64)], name: &str| -> u64 {
            let found = values.iter().find(|(own, _)| own == name);
            found.map_or(0, |(_, value)| *value as u64)
        };
        Ok(Self {
            starts: value(&starts, ""),
            steps: std::array::from_fn(|at| value(&steps, ApplyStep::ALL[at].name())),
            submitted: value(&ends, "submitted"),
            not_eligible: value(&ends, "not-eligible"),
        })
    }

    fn completed(&self) -> u64 {
        self.submitted + self.not_eligible
    }

    fn rate(&self) -> f64 {
        self.completed() as f64 / self.starts.max(1) as f64 * 100.0
    }
}

/// Counted and true side by side.
pub fn table(kind: Kind, citizens: u64, counted: &Funnel, truth: &Funnel) -> String {
    let mut text = format!(
        "{} store, {citizens} citizens, two replicas\n\n{:<16}{:>10}{:>10}{:>10}\n",
        kind.name(),
        "",
        "counted",
        "truth",
        "error"
    );
    let mut row = |name: &str, counted: u64, truth: u64| {
        let error = (counted as f64 - truth as f64) / truth.max(1) as f64 * 100.0;
        let _ = writeln!(text, "{name:<16}{counted:>10}{truth:>10}{error:>+9.2}%");
    };
    row("starts", counted.starts, truth.starts);
    for (at, step) in ApplyStep::ALL.iter().enumerate() {
        row(step.name(), counted.steps[at], truth.steps[at]);
    }
    row("submitted", counted.submitted, truth.submitted);
    row("not eligible", counted.not_eligible, truth.not_eligible);
    let _ = writeln!(
        text,
        "{:<16}{:>9.1}%{:>9.1}%",
        "completion rate",
        counted.rate(),
        truth.rate()
    );
    text
}

/// A bar for each step, with how many were lost since the one before.
pub fn plot(funnel: &Funnel) -> String {
    const WIDTH: u64 = 48;
    let most = funnel.steps.iter().copied().max().unwrap_or(0).max(1);
    let mut text = String::new();
    let mut before = None;
    for (at, step) in ApplyStep::ALL.iter().enumerate() {
        let reached = funnel.steps[at];
        let length = (reached * WIDTH).div_ceil(most) as usize;
        let lost = before.map_or(String::new(), |before: u64| {
            let share = (reached as f64 - before as f64) / before.max(1) as f64 * 100.0;
            format!("{share:+.1}%")
        });
        let bar = "█".repeat(length);
        let _ = writeln!(text, "{:<14}{bar:<48} {reached:>7} {lost:>7}", step.name());
        before = Some(reached);
    }
    text
}
