//! The state of one check, which only results in a row can change.

use crate::status::Status;

/// A switch that only contrary results in a row can turn.
#[derive(Clone, Copy, Debug, Default)]
struct Switch {
    on: bool,
    /// Contrary results since the last one that agreed.
    run: u32,
}

impl Switch {
    fn record(&mut self, bad: bool, fail_after: u32, pass_after: u32) {
        if bad == self.on {
            // Consecutive means that one result of the other kind starts the count anew.
            self.run = 0;
            return;
        }
        self.run += 1;
        if self.run >= if bad { fail_after } else { pass_after } {
            *self = Self { on: bad, run: 0 };
        }
    }
}

/// Two switches, one for "warns or worse" and one for "fails", and whether anything is known yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hysteresis {
    known: bool,
    warns: Switch,
    fails: Switch,
}

impl Hysteresis {
    /// Takes the next result.
    pub(super) fn record(&mut self, status: Status, fail_after: u32, pass_after: u32) {
        if !self.known && status != Status::Fail {
            // Nothing speaks against the first result that is no failure.
            let warns = Switch {
                on: status == Status::Warn,
                run: 0,
            };
            *self = Self {
                known: true,
                warns,
                fails: Switch::default(),
            };
            return;
        }
        // What fails also warns or worse, so `fails` is never on while `warns` is off.
        self.warns
            .record(status >= Status::Warn, fail_after, pass_after);
        self.fails
            .record(status == Status::Fail, fail_after, pass_after);
        self.known |= self.fails.on;
    }

    /// `None` until it has passed once or failed often enough.
    pub(super) fn status(self) -> Option<Status> {
        match (self.known, self.warns.on, self.fails.on) {
            (false, _, _) => None,
            (true, false, _) => Some(Status::Pass),
            (true, true, false) => Some(Status::Warn),
            (true, true, true) => Some(Status::Fail),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(results: &str, fail_after: u32, pass_after: u32) -> Option<Status> {
        let mut hysteresis = Hysteresis::default();
        for result in results.chars() {
            let status = match result {
                'p' => Status::Pass,
                'w' => Status::Warn,
                _ => Status::Fail,
            };
            hysteresis.record(status, fail_after, pass_after);
        }
        hysteresis.status()
    }

    #[test]
    fn failures_with_successes_between_never_flip_it() {
        for results in ["pfpfpfp", "fpfpfp", "pffpffpffp", "pffpffpff"] {
            assert_eq!(after(results, 3, 2), Some(Status::Pass), "{results}");
        }
        assert_eq!(after("pfff", 3, 2), Some(Status::Fail));
    }

    #[test]
    fn successes_with_failures_between_never_flip_it_back() {
        assert_eq!(after("fffpfpfpfp", 3, 2), Some(Status::Fail));
        assert_eq!(after("fffpfpp", 3, 2), Some(Status::Pass));
    }

    #[test]
    fn nothing_is_known_before_the_first_success_or_enough_failures() {
        assert_eq!(after("", 3, 2), None);
        assert_eq!(after("ff", 3, 2), None);
        assert_eq!(after("ffp", 3, 2), Some(Status::Pass));
        assert_eq!(after("w", 3, 2), Some(Status::Warn));
    }

    #[test]
    fn a_warning_is_a_step_of_its_own() {
        assert_eq!(after("pww", 3, 2), Some(Status::Pass));
        assert_eq!(after("pwff", 3, 2), Some(Status::Warn));
        assert_eq!(after("pwfff", 3, 2), Some(Status::Fail));
        assert_eq!(after("fffww", 3, 2), Some(Status::Warn));
        assert_eq!(after("fffwp", 3, 2), Some(Status::Warn));
        assert_eq!(after("fffwpp", 3, 2), Some(Status::Pass));
    }
}
