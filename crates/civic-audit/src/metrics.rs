//! What monitoring shows of a trail.

use civic_core::{Metric, MetricSink, MetricSource, Unit, Value};

use crate::trail::AuditTrail;

static METRICS: [Metric; 11] = [
    Metric::counter(
        "audit.events.acknowledged",
        Unit::Of("event"),
        "Events that were made durable.",
        &[],
    ),
    Metric::counter(
        "audit.events.rejected",
        Unit::Of("event"),
        "Events that were refused because there was no room.",
        &[],
    ),
    Metric::counter(
        "audit.events.failed",
        Unit::Of("event"),
        "Events that the storage failed to take.",
        &[],
    ),
    Metric::counter(
        "audit.events.dropped",
        Unit::Of("event"),
        "Events that may be lost, and were.",
        &[],
    ),
    Metric::counter(
        "audit.batches",
        Unit::Of("batch"),
        "Batches; events acknowledged over this is the mean size of one.",
        &[],
    ),
    Metric::counter(
        "audit.syncs",
        Unit::Of("sync"),
        "Calls of fdatasync, with the write before each.",
        &[],
    ),
    Metric::gauge(
        "audit.sync.slowest",
        Unit::Seconds,
        "Longest that one batch took since the start.",
        &[],
    ),
    Metric::gauge(
        "audit.events.queued",
        Unit::Of("event"),
        "Events that wait in memory.",
        &[],
    ),
    Metric::gauge(
        "audit.intents.unpaired",
        Unit::Of("intent"),
        "Intents that have no outcome yet.",
        &[],
    ),
    Metric::gauge(
        "audit.storage.full",
        Unit::None,
        "1 while events are refused because the disk is full.",
        &[],
    ),
    Metric::gauge(
        "audit.storage.failed",
        Unit::None,
        "1 when the storage failed for good.",
        &[],
    ),
];

/// Ten figures of [`Counts`](crate::Counts), and the longest time of a batch. No label.
impl MetricSource for AuditTrail {
    fn metrics(&self) -> &'static [Metric] {
        &METRICS
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        let counts = self.counts();
        let values = [
            Value::Count(counts.acknowledged),
            Value::Count(counts.rejected),
            Value::Count(counts.failed),
            Value::Count(counts.dropped),
            Value::Count(counts.batches),
            Value::Count(counts.syncs),
            Value::Gauge(counts.slowest_sync.as_secs_f64()),
            Value::Gauge(counts.queued as f64),
            Value::Gauge(counts.unpaired_intents as f64),
            Value::Gauge(f64::from(u8::from(counts.full))),
            Value::Gauge(f64::from(u8::from(counts.failed_for_good))),
        ];
        for (metric, value) in METRICS.iter().zip(values) {
            sink.sample(metric, &[], value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, Auth, Service};

    struct Samples(Vec<(&'static str, f64)>);

    impl MetricSink for Samples {
        fn sample(
            &mut self,
            metric: &'static Metric,
            _: &[civic_core::LabelValue],
            value: Value<'_>,
        ) {
            let number = match value {
                Value::Count(count) => count as f64,
                Value::Gauge(gauge) => gauge,
                _ => f64::NAN,
            };
            self.0.push((metric.name(), number));
        }
    }

    #[test]
    fn each_figure_stands_under_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
            .segment_bytes(256 * 1024)
            .development()
            .open()
            .unwrap();
        for _ in 0..3 {
            let auth = Auth {
                actor: Actor::system(),
                step: "sign-in",
                method: "token",
            };
            trail.record(auth).unwrap();
        }
        let mut samples = Samples(Vec::new());
        trail.collect(&mut samples);
        let of = |name: &str| samples.0.iter().find(|(n, _)| *n == name).unwrap().1;
        assert_eq!(samples.0.len(), METRICS.len());
        assert!((of("audit.events.acknowledged") - 4.0).abs() < 0.1);
        assert!((of("audit.syncs") - 4.0).abs() < 0.1);
        assert!(of("audit.sync.slowest") > 0.0);
        assert!(of("audit.storage.full").abs() < 0.1);
    }
}
