//! Lines for people, marked as Kubernetes marks its own checks.

use std::fmt::Write as _;

use super::{Source, journeys, observed};
use crate::answer::Detail;
use crate::core::{CheckReport, State};
use crate::status::Status;

pub(super) fn page(
    status: Status,
    word: &'static str,
    detail: Detail,
    source: Option<Source<'_>>,
) -> String {
    if detail == Detail::Status {
        return format!("{status}\n");
    }
    let mut text = String::new();
    if let Some(source) = source {
        for (check, measurement) in source.checks() {
            let _ = write!(text, "{} {} {}", mark(check.state), check.name, check.state);
            if let Some(reason) = check.reason {
                let _ = write!(text, ": {reason}");
            }
            if detail == Detail::Full {
                full(&mut text, check, measurement, source);
            }
            text.push('\n');
        }
        if let Some(incident) = &source.snapshot.incident {
            let _ = write!(text, "incident hint: {}", incident.priority.as_str());
            if !incident.journeys.is_empty() {
                let _ = write!(text, " ({})", incident.journeys.join(", "));
            }
            text.push('\n');
        }
    }
    let _ = writeln!(text, "{word}: {status}");
    text
}

const fn mark(state: State) -> &'static str {
    match state {
        State::Passing => "[+]",
        State::Warning => "[!]",
        State::Failing | State::Stale => "[-]",
        State::Starting => "[ ]",
        State::Disabled => "[x]",
    }
}

fn full(text: &mut String, check: &CheckReport, measurement: &str, source: Source<'_>) {
    if let Some((value, unit)) = observed(check, measurement) {
        let _ = write!(text, ", {measurement} {value} {unit}");
    }
    let _ = write!(
        text,
        ", {}, {}",
        check.criticality.as_str(),
        check.scope.as_str()
    );
    if !journeys(check).is_empty() {
        let _ = write!(text, ", affects {}", journeys(check).join(" "));
    }
    if let Some(time) = check.last_success.and_then(|at| source.time(at)) {
        let _ = write!(text, ", last passed {time}");
    }
}
