//! The checks, the probes and the decision as metrics.

use civic_core::{Histogram, LabelValue, Metric, MetricSink, MetricSource, Priority, Unit, Value};

use crate::answer::Endpoint;
use crate::core::{Durations, State};
use crate::health::Health;
use crate::probes::Probes;

const CHECK: &str = "health.check";
const STATE: &str = "health.state";

static METRICS: [Metric; 7] = [
    Metric::gauge(
        "health.ready",
        Unit::None,
        "Whether traffic may come: 1 or 0.",
        &[],
    ),
    Metric::gauge(
        "health.incident",
        Unit::None,
        "1 for the priority that an incident would have, if this is one.",
        &["incident.priority"],
    ),
    Metric::gauge(
        "health.check.state",
        Unit::None,
        "1 for the state that the check is in, 0 for the others.",
        &[CHECK, STATE],
    ),
    Metric::histogram(
        "health.check.duration",
        Unit::Seconds,
        "How long the runs of the check took, to their timeout at most.",
        &[CHECK],
        &Durations::BOUNDS,
    ),
    Metric::gauge(
        "health.check.last_success.timestamp",
        Unit::Seconds,
        "When the check last passed or warned, in seconds since 1970; 0 for never.",
        &[CHECK],
    ),
    Metric::counter(
        "health.check.transitions",
        Unit::Of("transition"),
        "Changes of the check into this state.",
        &[CHECK, STATE],
    ),
    Metric::counter(
        "health.probes",
        Unit::Of("probe"),
        "Probes that were answered, by code.",
        &["health.endpoint", "http.response.status_code"],
    ),
];

/// Reads what is known and changes nothing; takes the lock of the checks for a moment, which no probe takes.
impl MetricSource for Health {
    fn metrics(&self) -> &'static [Metric] {
        &METRICS
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        let [
            ready,
            incident,
            state,
            duration,
            last_success,
            transitions,
            probes,
        ] = &METRICS;
        let (snapshot, durations) = self.measured();
        let flag = |set: bool| Value::Gauge(f64::from(u8::from(set)));

        sink.sample(ready, &[], flag(self.is_ready()));
        let priority = snapshot.incident.map(|incident| incident.priority);
        for one in Priority::ALL {
            let label = LabelValue::from(one.as_str());
            sink.sample(incident, &[label], flag(priority == Some(one)));
        }
        for check in &snapshot.checks {
            for one in State::ALL {
                let labels = [check.name.into(), one.as_str().into()];
                sink.sample(state, &labels, flag(check.state == one));
            }
        }
        for (check, durations) in snapshot.checks.iter().zip(&durations) {
            let value = Histogram {
                counts: durations.counts(),
                sums: durations.sums(),
            };
            sink.sample(duration, &[check.name.into()], Value::Histogram(value));
        }
        for check in &snapshot.checks {
            let since_1970 = check.last_success.map_or(0.0, |at| self.unix_seconds(at));
            sink.sample(last_success, &[check.name.into()], Value::Gauge(since_1970));
        }
        for check in &snapshot.checks {
            for (one, count) in State::ALL.into_iter().zip(check.transitions) {
                let labels = [check.name.into(), one.as_str().into()];
                sink.sample(transitions, &labels, Value::Count(count));
            }
        }
        for endpoint in Endpoint::ALL {
            for code in Probes::CODES {
                let labels = [endpoint.as_str().into(), LabelValue::Number(code.into())];
                let count = self.probes().answered(endpoint, code);
                sink.sample(probes, &labels, Value::Count(count));
            }
        }
    }
}
