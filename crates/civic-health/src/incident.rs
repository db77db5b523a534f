//! What an incident would be called, by the journeys that cannot be finished.

use civic_core::Priority;

use crate::core::{CheckReport, State};
use crate::spec::{Affects, Criticality};
use crate::status::Status;

/// A hint for the person who is woken up: how bad it looks from this replica.
///
/// It rests on what the checks declare and on nothing else, so it is a start for a triage and not
/// its result. All journeys blocked is P1; some blocked, or a required check that names journeys
/// warns, is P2; whatever is optional or touches no journey is P3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// How bad it looks.
    pub priority: Priority,
    /// Journeys that are blocked or degraded, sorted; empty where only internals suffer.
    pub journeys: Vec<&'static str>,
    /// The checks that say so.
    pub checks: Vec<&'static str>,
}

/// The incident that these checks make, if they make one.
pub(crate) fn of(checks: &[CheckReport], declared: &[&'static str]) -> Option<Incident> {
    let named = checks.iter().flat_map(named);
    let all = sorted(declared.iter().copied().chain(named));
    let mut seen = None;
    for check in checks {
        let Some(status) = check.state.status().filter(|status| *status > Status::Pass) else {
            continue;
        };
        let (priority, journeys) = weigh(check, status, &all);
        let incident = seen.get_or_insert_with(|| Incident {
            priority,
            journeys: Vec::new(),
            checks: Vec::new(),
        });
        incident.priority = worse(incident.priority, priority);
        incident.journeys.extend(journeys);
        incident.checks.push(check.name);
    }
    let mut incident: Incident = seen?;
    incident.journeys = sorted(incident.journeys.into_iter());
    if blocks_all(checks, &all) {
        incident.priority = Priority::P1;
    }
    Some(incident)
}

/// What one check that does not pass means by itself, short of blocking everything.
fn weigh(
    check: &CheckReport,
    status: Status,
    all: &[&'static str],
) -> (Priority, Vec<&'static str>) {
    match (check.criticality, status, check.affects) {
        (Criticality::Required, _, Affects::Journeys(journeys)) if !journeys.is_empty() => {
            (Priority::P2, journeys.to_vec())
        }
        (Criticality::Required, Status::Fail, Affects::ByCriticality) => {
            (Priority::P2, all.to_vec())
        }
        _ => (Priority::P3, Vec::new()),
    }
}

/// Whether the required checks that fail leave no journey that can be finished.
fn blocks_all(checks: &[CheckReport], all: &[&'static str]) -> bool {
    let failing = || {
        checks.iter().filter(|check| {
            check.criticality == Criticality::Required
                && matches!(check.state, State::Failing | State::Stale)
        })
    };
    if failing().any(|check| check.affects == Affects::ByCriticality) {
        return true;
    }
    let blocked: Vec<&str> = failing().flat_map(named).collect();
    !all.is_empty() && all.iter().all(|journey| blocked.contains(journey))
}

fn named(check: &CheckReport) -> impl Iterator<Item = &'static str> + use<> {
    let journeys = match check.affects {
        Affects::Journeys(journeys) => journeys,
        Affects::ByCriticality => &[],
    };
    journeys.iter().copied()
}

fn worse(left: Priority, right: Priority) -> Priority {
    left.min(right)
}

fn sorted(journeys: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut journeys: Vec<&str> = journeys.collect();
    journeys.sort_unstable();
    journeys.dedup();
    journeys
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::core::{CheckId, Core};
    use crate::{Outcome, Spec};

    /// The incident after each check gave its outcome once, with thresholds of one.
    fn incident(checks: Vec<(Spec, Outcome)>, journeys: &[&'static str]) -> Option<Incident> {
        let (specs, outcomes): (Vec<_>, Vec<_>) = checks.into_iter().unzip();
        let specs = specs.into_iter().map(|spec: Spec| spec.fail_after(1));
        let mut core = Core::new(specs.collect(), 9, 1, Duration::ZERO);
        core.set_journeys(journeys);
        core.due(Duration::ZERO);
        for (id, outcome) in outcomes.iter().enumerate() {
            core.complete(CheckId(id), outcome, Duration::ZERO);
        }
        core.snapshot(Duration::ZERO).incident
    }

    fn priority(checks: Vec<(Spec, Outcome)>) -> Option<Priority> {
        incident(checks, &["apply", "renew"]).map(|incident| incident.priority)
    }

    #[test]
    fn all_journeys_blocked_is_p1() {
        let down = || Outcome::fail("down");
        let all = Spec::shared("postgres");
        assert_eq!(priority(vec![(all, down())]), Some(Priority::P1));
        let one = Spec::shared("payments").journeys(&["apply"]);
        let other = Spec::shared("register").journeys(&["renew"]);
        assert_eq!(
            priority(vec![(one, down()), (other, down())]),
            Some(Priority::P1)
        );
    }

    #[test]
    fn some_journeys_blocked_or_degraded_is_p2() {
        let payments = || Spec::shared("payments").journeys(&["apply"]);
        let found = incident(
            vec![(payments(), Outcome::fail("down"))],
            &["apply", "renew"],
        )
        .unwrap();
        assert_eq!(
            (found.priority, found.journeys),
            (Priority::P2, vec!["apply"])
        );
        assert_eq!(found.checks, ["payments"]);
        let warns = priority(vec![(payments(), Outcome::warn("slow"))]);
        assert_eq!(warns, Some(Priority::P2));
    }

    #[test]
    fn optional_and_internal_is_p3() {
        let cache = Spec::shared("cache")
            .optional()
            .journeys(&["apply", "renew"]);
        assert_eq!(
            priority(vec![(cache, Outcome::fail("down"))]),
            Some(Priority::P3)
        );
        let disk = Spec::local("disk");
        assert_eq!(
            priority(vec![(disk, Outcome::warn("nearly full"))]),
            Some(Priority::P3)
        );
        let reports = Spec::shared("reports").journeys(&[]);
        assert_eq!(
            priority(vec![(reports, Outcome::fail("down"))]),
            Some(Priority::P3)
        );
    }

    #[test]
    fn without_anything_wrong_there_is_no_incident() {
        assert_eq!(priority(vec![(Spec::shared("db"), Outcome::pass())]), None);
        assert_eq!(priority(vec![]), None);
    }
}
