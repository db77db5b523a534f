//! What is due, what it found and what follows: no clock, no thread, no input or output.
//!
//! Times are durations since any moment that the caller keeps, such as the start of the process,
//! and never go back. The same calls with the same seed give the same answers.

mod durations;
mod hysteresis;
mod schedule;
mod snapshot;
mod transition;

use std::time::Duration;

pub use snapshot::{CheckReport, Decision, Snapshot};
pub use transition::{State, Transition};

pub use durations::Durations;

use crate::core::hysteresis::Hysteresis;
use crate::core::schedule::{Random, Run, Schedule};
use crate::incident;
use crate::outcome::{Observed, Outcome};
use crate::spec::{Criticality, Scope, Spec};
use crate::status::Status;

/// Place of a check among those that a [`Core`] was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId(pub usize);

/// The state of all checks, driven from outside.
///
/// Ask what is [`due`](Self::due), run it, and hand back what it found with
/// [`complete`](Self::complete). Call [`tick`](Self::tick) now and then, so that a check that
/// has stopped running is seen. Nothing here reads a clock.
///
/// ```
/// use std::time::Duration;
/// use civic_health::core::{CheckId, Core, Decision};
/// use civic_health::{Outcome, Spec};
///
/// let mut core = Core::new(vec![Spec::local("disk")], 4, 1, Duration::ZERO);
/// assert_eq!(core.due(Duration::ZERO), [CheckId(0)]);
/// let transitions = core.complete(CheckId(0), &Outcome::pass(), Duration::from_millis(3));
/// assert_eq!(transitions[0].to.as_str(), "passing");
/// assert_eq!(core.snapshot(Duration::from_millis(4)).decision, Decision::Ready);
/// ```
#[derive(Clone, Debug)]
pub struct Core {
    checks: Vec<Entry>,
    journeys: Vec<&'static str>,
    limit: usize,
    started: bool,
    draining: bool,
}

#[derive(Clone, Debug)]
struct Entry {
    spec: Spec,
    schedule: Schedule,
    hysteresis: Hysteresis,
    /// What was last told of it.
    shown: State,
    passed_once: bool,
    /// Staleness counts from here: the last result, or when it was added or enabled.
    fresh_at: Duration,
    reason: Option<&'static str>,
    observed: Option<Observed>,
    last_result: Option<Duration>,
    last_success: Option<Duration>,
    duration: Option<Duration>,
    durations: Durations,
    transitions: [u64; State::ALL.len()],
}

impl Core {
    /// The state before anything ran: every enabled check is due, and traffic may not come.
    ///
    /// At most `limit` checks run at a time. The seed decides the jitter.
    pub fn new(specs: Vec<Spec>, limit: usize, seed: u64, now: Duration) -> Self {
        let mut random = Random(seed);
        let checks = specs
            .into_iter()
            .map(|spec| Entry::new(spec, random.next(), now))
            .collect();
        let mut core = Self {
            checks,
            journeys: Vec::new(),
            limit: limit.max(1),
            started: false,
            draining: false,
        };
        core.see_whether_started();
        core
    }

    /// Names every journey of the service, so that "all are blocked" can be told from "some are".
    ///
    /// Those that a check names are known without.
    pub fn set_journeys(&mut self, journeys: &[&'static str]) {
        self.journeys = journeys.to_vec();
    }

    /// The checks that have to run now, longest overdue first; they count as running from here on.
    pub fn due(&mut self, now: Duration) -> Vec<CheckId> {
        let room = self.limit.saturating_sub(self.running());
        let mut due: Vec<CheckId> = self
            .ids()
            .filter(|id| {
                self.checks[id.0].is_waiting() && self.checks[id.0].schedule.next_due <= now
            })
            .collect();
        due.sort_by_key(|id| self.checks[id.0].schedule.next_due);
        due.truncate(room);
        for id in &due {
            self.checks[id.0].begin(now);
        }
        due
    }

    /// When something has to be done next; `None` when nothing will ever be due by itself.
    ///
    /// Checks that wait for the limit are left out: they come with the next completion.
    pub fn next_due(&self) -> Option<Duration> {
        let full = self.running() >= self.limit;
        self.checks
            .iter()
            .filter(|entry| {
                let overrun = entry.spec.enabled && entry.schedule.run == Run::Overrun;
                (entry.is_waiting() && !full) || overrun
            })
            .map(|entry| entry.schedule.next_due)
            .min()
    }

    /// Takes what a run found and frees its place.
    ///
    /// The end of a run whose time was over before only frees its place: its failure was counted
    /// then. A completion that nobody waits for changes nothing.
    pub fn complete(&mut self, id: CheckId, outcome: &Outcome, now: Duration) -> Vec<Transition> {
        let Some(entry) = self.checks.get_mut(id.0) else {
            return Vec::new();
        };
        match entry.schedule.run {
            Run::Idle => return Vec::new(),
            Run::Overrun => {
                entry.schedule.run = Run::Idle;
                return Vec::new();
            }
            Run::Running { since } => {
                entry.schedule.run = Run::Idle;
                entry.took(now.saturating_sub(since));
            }
        }
        entry.record(outcome, now);
        self.see_whether_started();
        self.settle(id, now, Some(outcome)).into_iter().collect()
    }

    /// The time of a run is over and it cannot be stopped: a failure, and it keeps its place.
    ///
    /// For a blocking check. While it goes on, each interval is one more failure.
    pub fn overrun(&mut self, id: CheckId, now: Duration) -> Vec<Transition> {
        let Some(entry) = self.checks.get_mut(id.0) else {
            return Vec::new();
        };
        let Run::Running { since } = entry.schedule.run else {
            return Vec::new();
        };
        entry.schedule.run = Run::Overrun;
        entry.took(now.saturating_sub(since));
        let outcome = Outcome::fail("timed out");
        entry.record(&outcome, now);
        self.settle(id, now, Some(&outcome)).into_iter().collect()
    }

    /// Looks for checks that have stopped running and for runs that never end.
    pub fn tick(&mut self, now: Duration) -> Vec<Transition> {
        let mut transitions = Vec::new();
        for id in self.ids() {
            let entry = &mut self.checks[id.0];
            let mut outcome = None;
            if entry.spec.enabled
                && entry.schedule.run == Run::Overrun
                && entry.schedule.next_due <= now
            {
                let still = Outcome::fail("still running");
                entry.schedule.advance(&entry.spec, now);
                entry.record(&still, now);
                outcome = Some(still);
            }
            transitions.extend(self.settle(id, now, outcome.as_ref()));
        }
        transitions
    }

    /// Switches a check on or off. One that is switched on is due at once and knows nothing yet.
    pub fn set_enabled(&mut self, id: CheckId, enabled: bool, now: Duration) -> Vec<Transition> {
        let Some(entry) = self.checks.get_mut(id.0) else {
            return Vec::new();
        };
        if entry.spec.enabled == enabled {
            return Vec::new();
        }
        entry.spec.enabled = enabled;
        if enabled {
            entry.schedule.next_due = now;
            entry.hysteresis = Hysteresis::default();
            entry.fresh_at = now;
        }
        entry.reason = None;
        entry.observed = None;
        if matches!(entry.schedule.run, Run::Running { .. }) {
            // What began before says nothing any more; its place is kept until it ends.
            entry.schedule.run = Run::Overrun;
        }
        self.see_whether_started();
        self.settle(id, now, None).into_iter().collect()
    }

    /// The service is about to stop: traffic may not come any more. There is no way back.
    pub fn drain(&mut self) {
        self.draining = true;
    }

    /// All that is known now.
    pub fn snapshot(&self, now: Duration) -> Snapshot {
        let checks: Vec<CheckReport> = self.checks.iter().map(|entry| entry.report(now)).collect();
        let decision = self.decide(now);
        let status = if decision.is_ready() {
            let worst = self.checks.iter().map(|entry| entry.state(now));
            let healthy = |state| matches!(state, State::Passing | State::Disabled);
            if worst.into_iter().all(healthy) {
                Status::Pass
            } else {
                Status::Warn
            }
        } else {
            Status::Fail
        };
        Snapshot {
            at: now,
            decision,
            status,
            started: self.started,
            incident: incident::of(&checks, &self.journeys),
            checks,
        }
    }

    /// The number of runs that have a place now, those that are over their time too.
    pub fn running(&self) -> usize {
        self.checks
            .iter()
            .filter(|entry| entry.schedule.run != Run::Idle)
            .count()
    }

    /// The check of this name.
    pub fn find(&self, name: &str) -> Option<CheckId> {
        self.ids().find(|id| self.checks[id.0].spec.name == name)
    }

    /// How long the runs of a check took; `None` for a place that holds none.
    pub fn durations(&self, id: CheckId) -> Option<&Durations> {
        self.checks.get(id.0).map(|entry| &entry.durations)
    }

    /// What was declared of a check; `None` for a place that holds none.
    pub fn spec(&self, id: CheckId) -> Option<&Spec> {
        self.checks.get(id.0).map(|entry| &entry.spec)
    }

    fn ids(&self) -> impl Iterator<Item = CheckId> + use<> {
        (0..self.checks.len()).map(CheckId)
    }

    fn decide(&self, now: Duration) -> Decision {
        let required = || {
            self.checks
                .iter()
                .filter(|entry| entry.spec.criticality == Criticality::Required)
        };
        if self.draining {
            Decision::Draining
        } else if !self.started {
            Decision::Starting
        } else if required().any(|entry| entry.state(now) == State::Stale) {
            // That a check does not run is this replica's fault, whatever the check is about.
            Decision::Stale
        } else if required().any(|entry| entry.takes_out() && entry.state(now) == State::Failing) {
            Decision::Failing
        } else {
            Decision::Ready
        }
    }

    /// Starting ends once, when every required check that is enabled has passed, shared ones too: a wrong address of the
    /// database then stops a release at its first replica.
    fn see_whether_started(&mut self) {
        self.started |= self.checks.iter().all(|entry| {
            entry.passed_once
                || !entry.spec.enabled
                || entry.spec.criticality == Criticality::Optional
        });
    }

    /// Tells a change of state, once.
    fn settle(
        &mut self,
        id: CheckId,
        now: Duration,
        outcome: Option<&Outcome>,
    ) -> Option<Transition> {
        let entry = &mut self.checks[id.0];
        let to = entry.state(now);
        let from = std::mem::replace(&mut entry.shown, to);
        if from == to {
            return None;
        }
        entry.transitions[to as usize] += 1;
        Some(Transition {
            check: entry.spec.name,
            from,
            to,
            at: now,
            reason: entry.reason_for(to),
            detail: outcome.and_then(Outcome::private_detail).cloned(),
        })
    }
}

impl Entry {
    fn new(spec: Spec, seed: u64, now: Duration) -> Self {
        let shown = if spec.enabled {
            State::Starting
        } else {
            State::Disabled
        };
        Self {
            spec,
            schedule: Schedule::new(now, seed),
            hysteresis: Hysteresis::default(),
            shown,
            passed_once: false,
            fresh_at: now,
            reason: None,
            observed: None,
            last_result: None,
            last_success: None,
            duration: None,
            durations: Durations::default(),
            transitions: [0; State::ALL.len()],
        }
    }

    fn is_waiting(&self) -> bool {
        self.spec.enabled && self.schedule.run == Run::Idle
    }

    fn begin(&mut self, now: Duration) {
        self.schedule.run = Run::Running { since: now };
        self.schedule.advance(&self.spec, now);
    }

    fn took(&mut self, time: Duration) {
        self.duration = Some(time);
        self.durations.record(time);
    }

    fn record(&mut self, outcome: &Outcome, now: Duration) {
        let status = outcome.status();
        self.hysteresis
            .record(status, self.spec.fail_after, self.spec.pass_after);
        self.fresh_at = now;
        self.last_result = Some(now);
        self.reason = outcome.reason();
        self.observed = outcome.value();
        if status != Status::Fail {
            self.passed_once = true;
            self.last_success = Some(now);
        }
    }

    fn state(&self, now: Duration) -> State {
        if !self.spec.enabled {
            State::Disabled
        } else if now.saturating_sub(self.fresh_at) > self.spec.stale_limit() {
            State::Stale
        } else {
            self.hysteresis.status().into()
        }
    }

    fn takes_out(&self) -> bool {
        self.spec.scope == Scope::Local || self.spec.fails_readiness
    }

    fn reason_for(&self, state: State) -> Option<&'static str> {
        match state {
            State::Stale => Some("no result for too long"),
            _ => self.reason,
        }
    }

    fn report(&self, now: Duration) -> CheckReport {
        let state = self.state(now);
        CheckReport {
            name: self.spec.name,
            state,
            criticality: self.spec.criticality,
            scope: self.spec.scope,
            affects: self.spec.affects,
            component: self.spec.component,
            reason: self.reason_for(state),
            observed: self.observed,
            last_result: self.last_result,
            last_success: self.last_success,
            duration: self.duration,
            transitions: self.transitions,
        }
    }
}
