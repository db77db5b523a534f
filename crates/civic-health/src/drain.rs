//! The way out: out of rotation first, then no new connections, then a deadline for what is in flight.

use std::time::Duration;

/// How long a service goes on serving after it has said that it stops.
///
/// A balancer learns of it with its next probes and sends requests until then. A service that stops
/// accepting at once, as `with_graceful_shutdown` alone does, loses those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct DrainPolicy {
    until: Until,
    in_flight: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Until {
    Seen {
        probes: u64,
        quiet: Duration,
        at_most: Duration,
    },
    Over(Duration),
}

impl DrainPolicy {
    /// Until so many probes have been told of it and no request has come for a while.
    ///
    /// `probes` is the number of failed probes after which the balancer takes a replica out, times the
    /// number of balancers that probe; whoever else asks `/ready` counts as one of them. Quiet is 150 ms, and all of it ends after 30 s, unless told.
    pub const fn adaptive(probes: u64) -> Self {
        Self {
            until: Until::Seen {
                probes,
                quiet: Duration::from_millis(150),
                at_most: Duration::from_secs(30),
            },
            in_flight: Self::IN_FLIGHT,
        }
    }

    /// For a fixed time: at least the balancer's period times its threshold, and its timeout.
    pub const fn fixed(time: Duration) -> Self {
        Self {
            until: Until::Over(time),
            in_flight: Self::IN_FLIGHT,
        }
    }

    /// Without a request for so long, requests have ended. No effect on a fixed drain.
    pub const fn quiet(mut self, time: Duration) -> Self {
        if let Until::Seen {
            probes, at_most, ..
        } = self.until
        {
            self.until = Until::Seen {
                probes,
                quiet: time,
                at_most,
            };
        }
        self
    }

    /// Ends after so long, whoever probed: nobody may. No effect on a fixed drain.
    pub const fn at_most(mut self, time: Duration) -> Self {
        if let Until::Seen { probes, quiet, .. } = self.until {
            self.until = Until::Seen {
                probes,
                quiet,
                at_most: time,
            };
        }
        self
    }

    /// What is in flight after that may take so long (20 s unless told); then it is cut.
    pub const fn in_flight(mut self, time: Duration) -> Self {
        self.in_flight = time;
        self
    }

    /// Time that what is in flight may take.
    pub const fn in_flight_deadline(&self) -> Duration {
        self.in_flight
    }

    /// The longest that the drain and what is in flight can take together.
    pub const fn longest(&self) -> Duration {
        let drain = match self.until {
            Until::Seen { at_most, .. } => at_most,
            Until::Over(time) => time,
        };
        drain.saturating_add(self.in_flight)
    }

    const IN_FLIGHT: Duration = Duration::from_secs(20);
}

/// Why a drain is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrainEnd {
    /// The balancer's probes have seen it and requests have ended.
    Seen,
    /// The fixed time is over.
    Over,
    /// The longest time is over; requests may still come.
    Late,
    /// A second signal cut it short.
    Hurried,
}

/// A drain that runs, driven from outside: no clock, no thread, no input or output.
///
/// ```
/// use std::time::Duration;
/// use civic_health::drain::{Draining, DrainEnd, DrainPolicy};
///
/// let ms = Duration::from_millis;
/// let mut drain = Draining::new(DrainPolicy::adaptive(2), ms(0), 10);
/// assert_eq!(drain.over(ms(100), 1, 12), None); // one probe of two, and requests come
/// assert_eq!(drain.over(ms(200), 2, 12), None); // quiet for 100 ms only
/// assert_eq!(drain.over(ms(251), 2, 12), Some(DrainEnd::Seen));
/// ```
#[derive(Clone, Debug)]
pub struct Draining {
    policy: DrainPolicy,
    since: Duration,
    arrived: u64,
    last_arrival: Duration,
}

impl Draining {
    /// Begins now, when so many requests have arrived since the start.
    pub fn new(policy: DrainPolicy, now: Duration, arrived: u64) -> Self {
        Self {
            policy,
            since: now,
            arrived,
            last_arrival: now,
        }
    }

    /// Whether it is over, given the probes that were told of it and the requests that have arrived.
    pub fn over(&mut self, now: Duration, saw_drain: u64, arrived: u64) -> Option<DrainEnd> {
        if arrived != self.arrived {
            self.arrived = arrived;
            self.last_arrival = now;
        }
        let takes = now.saturating_sub(self.since);
        match self.policy.until {
            Until::Over(time) => (takes >= time).then_some(DrainEnd::Over),
            Until::Seen {
                probes,
                quiet,
                at_most,
            } => {
                let is_quiet = now.saturating_sub(self.last_arrival) >= quiet;
                if saw_drain >= probes && is_quiet {
                    Some(DrainEnd::Seen)
                } else {
                    (takes >= at_most).then_some(DrainEnd::Late)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(time: u64) -> Duration {
        Duration::from_millis(time)
    }

    #[test]
    fn quiet_alone_and_probes_alone_do_not_end_it() {
        let mut drain = Draining::new(DrainPolicy::adaptive(3).at_most(ms(5_000)), ms(0), 0);
        assert_eq!(drain.over(ms(4_000), 2, 0), None);
        assert_eq!(drain.over(ms(4_001), 3, 1), None);
        assert_eq!(drain.over(ms(4_100), 9, 2), None);
        assert_eq!(drain.over(ms(4_250), 9, 2), Some(DrainEnd::Seen));
    }

    #[test]
    fn it_ends_when_nobody_probes() {
        let mut drain = Draining::new(DrainPolicy::adaptive(3).at_most(ms(500)), ms(100), 0);
        assert_eq!(drain.over(ms(599), 0, 5), None);
        assert_eq!(drain.over(ms(600), 0, 6), Some(DrainEnd::Late));
    }

    #[test]
    fn a_fixed_drain_looks_at_the_time_only() {
        let policy = DrainPolicy::fixed(ms(400)).quiet(ms(1)).at_most(ms(2));
        let mut drain = Draining::new(policy, ms(0), 0);
        assert_eq!(drain.over(ms(399), 99, 0), None);
        assert_eq!(drain.over(ms(400), 0, 7), Some(DrainEnd::Over));
        assert_eq!(policy.in_flight(ms(100)).longest(), ms(500));
    }
}
