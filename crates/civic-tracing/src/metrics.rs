//! What was removed, as metrics.

use civic_core::{LabelValue, Metric, MetricSink, MetricSource, Unit, Value};
use civic_pii::Kind;

use crate::Counts;

static METRICS: [Metric; 4] = [
    Metric::counter(
        "redaction.pieces",
        Unit::Of("piece"),
        "Pieces of personal data that were replaced in what the service logged.",
        &[],
    ),
    Metric::counter(
        "redaction.cuts",
        Unit::Of("value"),
        "Logged values that were shortened because they were too long.",
        &[],
    ),
    Metric::counter(
        "redaction.drops",
        Unit::Of("value"),
        "Logged values that were left out whole because they could not be scanned.",
        &[],
    ),
    Metric::counter(
        "redaction.events",
        Unit::Of("event"),
        "Events and spans that held this kind of personal data.",
        &["pii.kind"],
    ),
];

/// Every kind has its series from the start, so that the first leak of it is an increase.
///
/// Takes the lock of the places for a moment, which a log call takes when it held something.
impl MetricSource for Counts {
    fn metrics(&self) -> &'static [Metric] {
        &METRICS
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        let [pieces, cuts, drops, events] = &METRICS;
        sink.sample(pieces, &[], Value::Count(self.redacted()));
        sink.sample(cuts, &[], Value::Count(self.cut()));
        sink.sample(drops, &[], Value::Count(self.dropped()));
        let by_kind = self.by_kind();
        for kind in Kind::ALL.iter().chain(&[Kind::Custom]) {
            let found = by_kind.iter().find(|(own, _)| own == kind);
            let count = found.map_or(0, |(_, count)| *count);
            sink.sample(events, &[LabelValue::Text(kind.id())], Value::Count(count));
        }
    }
}

#[cfg(test)]
mod tests {
    use civic_pii::Redactor;

    use super::*;
    use crate::RedactExt;

    #[derive(Default)]
    struct Series(Vec<(&'static str, Vec<LabelValue>, u64)>);

    impl MetricSink for Series {
        fn sample(&mut self, metric: &'static Metric, labels: &[LabelValue], value: Value<'_>) {
            let Value::Count(count) = value else {
                panic!("{} is no counter", metric.name());
            };
            self.0.push((metric.name(), labels.to_vec(), count));
        }
    }

    #[test]
    fn every_kind_is_there_at_0_and_grows_with_what_is_found() {
        let subscriber = tracing_subscriber::registry().redacted(Redactor::new());
        let counts = subscriber.counts();
        let read = || {
            let mut series = Series::default();
            counts.collect(&mut series);
            series.0
        };
        let before = read();
        assert_eq!(before.len(), 3 + Kind::ALL.len() + 1);
        assert!(before.iter().all(|(_, _, count)| *count == 0), "{before:?}");
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!("mail to jo@example.com and to al@example.com");
        });
        let grown: Vec<_> = read()
            .into_iter()
            .filter(|(_, _, count)| *count > 0)
            .collect();
        assert_eq!(
            grown,
            [
                ("redaction.pieces", vec![], 2),
                ("redaction.events", vec![LabelValue::Text("email")], 1)
            ]
        );
    }
}
