//! The core against a reference model that keeps the whole history and works everything out anew.

use std::time::Duration;

use civic_health::core::{CheckId, Core, Decision, State};
use civic_health::{Outcome, Spec, Status};
use proptest::prelude::*;

const CHECKS: usize = 4;
const LIMIT: usize = 2;

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Due,
    Complete(usize, Status),
    Overrun(usize),
    Tick,
    Enable(usize, bool),
    Drain,
}

#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the spec"
)]
struct Setting {
    local: bool,
    required: bool,
    fails_readiness: bool,
    fail_after: u32,
    pass_after: u32,
    interval: u64,
    enabled: bool,
}

impl Setting {
    fn spec(self, name: &'static str) -> Spec {
        let mut spec = if self.local {
            Spec::local(name)
        } else {
            Spec::shared(name)
        };
        if !self.required {
            spec = spec.optional();
        }
        if self.fails_readiness {
            spec = spec.fails_readiness();
        }
        if !self.enabled {
            spec = spec.disabled();
        }
        spec.fail_after(self.fail_after)
            .pass_after(self.pass_after)
            .interval(Duration::from_millis(self.interval))
            .jitter_percent(0)
            .stale_after(Duration::from_millis(self.stale_after()))
    }

    fn stale_after(self) -> u64 {
        self.interval * 4
    }
}

/// One check, as everything that ever happened to it.
#[derive(Clone, Debug)]
struct Model {
    setting: Setting,
    enabled: bool,
    /// Results since it was last enabled.
    results: Vec<Status>,
    ever_passed: bool,
    fresh_at: u64,
    next_due: u64,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Free,
    Runs,
    Over,
}

impl Model {
    fn new(setting: Setting) -> Self {
        Self {
            setting,
            enabled: setting.enabled,
            results: Vec::new(),
            ever_passed: false,
            fresh_at: 0,
            next_due: 0,
            place: Place::Free,
        }
    }

    fn advance(&mut self, now: u64) {
        self.next_due += self.setting.interval;
        if self.next_due <= now {
            self.next_due = now + self.setting.interval;
        }
    }

    fn result(&mut self, status: Status, now: u64) {
        self.results.push(status);
        self.ever_passed |= status != Status::Fail;
        self.fresh_at = now;
    }

    fn state(&self, now: u64) -> State {
        if !self.enabled {
            return State::Disabled;
        }
        if now - self.fresh_at > self.setting.stale_after() {
            return State::Stale;
        }
        self.judge()
    }

    /// Walks through the history: a level is left only when all of the last so many results were on its other side.
    fn judge(&self) -> State {
        let first_good = self
            .results
            .iter()
            .position(|status| *status != Status::Fail);
        let known_bad =
            first_good.unwrap_or(self.results.len()) >= self.setting.fail_after as usize;
        let (start, mut level) = if known_bad {
            (self.setting.fail_after as usize, Status::Fail)
        } else {
            match first_good {
                None => return State::Starting,
                Some(at) => (at + 1, self.results[at]),
            }
        };
        // For each of the two lines, results that count start after the last time that the line was crossed.
        let mut crossed = [start; 2];
        for end in start + 1..=self.results.len() {
            for (line, bad_from) in [(0, Status::Warn), (1, Status::Fail)] {
                let needed = if level >= bad_from {
                    self.setting.pass_after
                } else {
                    self.setting.fail_after
                } as usize;
                let Some(from) = end
                    .checked_sub(needed)
                    .filter(|from| *from >= crossed[line])
                else {
                    continue;
                };
                let contrary = |status: &Status| (*status >= bad_from) != (level >= bad_from);
                if self.results[from..end].iter().all(contrary) {
                    crossed[line] = end;
                    level = match (line, level >= bad_from) {
                        // Upwards to this line, or to just below it.
                        (_, false) => level.max(bad_from),
                        (0, true) => Status::Pass,
                        (_, true) => Status::Warn,
                    };
                }
            }
        }
        Some(level).into()
    }
}

fn decision(models: &[Model], started: bool, draining: bool, now: u64) -> Decision {
    let required = || models.iter().filter(|model| model.setting.required);
    if draining {
        return Decision::Draining;
    }
    if !started {
        return Decision::Starting;
    }
    if required().any(|model| model.state(now) == State::Stale) {
        return Decision::Stale;
    }
    let takes_out = |model: &&Model| model.setting.local || model.setting.fails_readiness;
    if required()
        .filter(takes_out)
        .any(|model| model.state(now) == State::Failing)
    {
        return Decision::Failing;
    }
    Decision::Ready
}

fn settings() -> impl Strategy<Value = Vec<Setting>> {
    let setting = (
        any::<[bool; 3]>(),
        1..4u32,
        1..4u32,
        prop_oneof![Just(50u64), Just(80), Just(130)],
        prop::bool::weighted(0.9),
    );
    let setting = setting.prop_map(
        |(flags, fail_after, pass_after, interval, enabled)| Setting {
            local: flags[0],
            required: flags[1],
            fails_readiness: flags[2],
            fail_after,
            pass_after,
            interval,
            enabled,
        },
    );
    prop::collection::vec(setting, CHECKS)
}

fn step() -> impl Strategy<Value = Step> {
    let check = 0..CHECKS;
    let status = prop_oneof![
        4 => Just(Status::Fail),
        1 => Just(Status::Warn),
        4 => Just(Status::Pass)
    ];
    prop_oneof![
        10 => (1..60u64).prop_map(Step::Wait),
        1 => (100..700u64).prop_map(Step::Wait),
        12 => Just(Step::Due),
        16 => (check.clone(), status).prop_map(|(check, status)| Step::Complete(check, status)),
        2 => check.clone().prop_map(Step::Overrun),
        3 => Just(Step::Tick),
        1 => (check, any::<bool>()).prop_map(|(check, on)| Step::Enable(check, on)),
        1 => prop::bool::weighted(0.1).prop_map(|drain| if drain { Step::Drain } else { Step::Due }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_core_does_what_the_model_says(settings in settings(), steps in prop::collection::vec(step(), 1..200)) {
        let names = ["a", "b", "c", "d"];
        let specs = settings.iter().zip(names).map(|(setting, name)| setting.spec(name)).collect();
        let mut core = Core::new(specs, LIMIT, 1, Duration::ZERO);
        let mut models: Vec<Model> = settings.iter().map(|setting| Model::new(*setting)).collect();
        let mut told: Vec<State> = models.iter().map(|model| model.state(0)).collect();
        let (mut now, mut draining, mut started) = (0u64, false, false);
        for step in steps {
            let at = Duration::from_millis(now);
            let transitions = match step {
                Step::Wait(time) => { now += time; Vec::new() }
                Step::Due => {
                    let due: Vec<usize> = core.due(at).into_iter().map(|id| id.0).collect();
                    let room = LIMIT - models.iter().filter(|model| model.place != Place::Free).count();
                    let mut expected: Vec<usize> = (0..CHECKS)
                        .filter(|i| models[*i].enabled && models[*i].place == Place::Free && models[*i].next_due <= now)
                        .collect();
                    expected.sort_by_key(|i| models[*i].next_due);
                    expected.truncate(room);
                    prop_assert_eq!(&due, &expected);
                    for i in due {
                        models[i].place = Place::Runs;
                        models[i].advance(now);
                    }
                    Vec::new()
                }
                Step::Complete(i, status) => {
                    let outcome = match status {
                        Status::Pass => Outcome::pass(),
                        Status::Warn => Outcome::warn("w"),
                        Status::Fail => Outcome::fail("f"),
                    };
                    if models[i].place == Place::Runs {
                        models[i].result(status, now);
                    }
                    models[i].place = Place::Free;
                    core.complete(CheckId(i), &outcome, at)
                }
                Step::Overrun(i) => {
                    if models[i].place == Place::Runs {
                        models[i].place = Place::Over;
                        models[i].result(Status::Fail, now);
                    }
                    core.overrun(CheckId(i), at)
                }
                Step::Tick => {
                    for model in &mut models {
                        if model.enabled && model.place == Place::Over && model.next_due <= now {
                            model.result(Status::Fail, now);
                            model.advance(now);
                        }
                    }
                    core.tick(at)
                }
                Step::Enable(i, on) => {
                    let model = &mut models[i];
                    if model.enabled != on {
                        model.enabled = on;
                        if model.place == Place::Runs {
                            model.place = Place::Over;
                        }
                        if on {
                            model.results.clear();
                            model.next_due = now;
                            model.fresh_at = now;
                        }
                    }
                    core.set_enabled(CheckId(i), on, at)
                }
                Step::Drain => { draining = true; core.drain(); Vec::new() }
            };
            started |= models.iter().all(|model| !model.setting.required || !model.enabled || model.ever_passed);
            for transition in transitions {
                let i = names.iter().position(|name| *name == transition.check).unwrap();
                prop_assert_eq!(transition.from, told[i]);
                prop_assert_ne!(transition.from, transition.to);
                told[i] = transition.to;
            }
            let at = Duration::from_millis(now);
            let snapshot = core.snapshot(at);
            for (report, model) in snapshot.checks.iter().zip(&models) {
                prop_assert_eq!(report.state, model.state(now), "{:?}", model);
            }
            prop_assert_eq!(snapshot.started, started);
            prop_assert_eq!(snapshot.decision, decision(&models, started, draining, now));
            prop_assert!(core.running() <= LIMIT);
        }
    }

    #[test]
    fn after_a_tick_everything_has_been_told(waits in prop::collection::vec(1..400u64, 1..30)) {
        let mut core = Core::new(vec![Spec::local("a").interval(Duration::from_millis(50))], 1, 1, Duration::ZERO);
        let (mut now, mut told) = (0, State::Starting);
        for wait in waits {
            now += wait;
            let at = Duration::from_millis(now);
            let mut transitions = core.tick(at);
            if wait % 2 == 0 {
                core.due(at);
                transitions.extend(core.complete(CheckId(0), &Outcome::pass(), at));
            }
            for transition in transitions {
                prop_assert_eq!(transition.from, told);
                told = transition.to;
            }
            prop_assert_eq!(core.snapshot(at).checks[0].state, told);
        }
    }
}
