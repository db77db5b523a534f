//! OpenTelemetry: observable counters and gauges, and a histogram that is fed when a reader collects.

use std::sync::Arc;

use civic_core::{LabelValue, Metric, MetricKind, MetricSink, MetricSource, Unit, Value};
use opentelemetry::metrics::{AsyncInstrument, Histogram, Meter};
use opentelemetry::{KeyValue, StringValue};

use crate::added::Added;

/// Shows a source through this meter, as long as its provider lives.
///
/// Nothing is counted twice and nothing is added to a step: every reader of the provider asks the source when it collects. A counter
/// is an observable counter, an info metric and a gauge are observable gauges. OpenTelemetry 0.33 has no observable histogram, so
/// a real one is given what the source has more than the last time: same counts, same bounds, same sum. It needs a counter or a
/// gauge in the same source, whose callback it rides on.
///
/// ```
/// use civic_metrics::otel::observe;
/// # use civic_core::{Metric, MetricSink, MetricSource, Unit, Value};
/// # struct Doors;
/// # static METRICS: [Metric; 1] = [Metric::counter("doors.opened", Unit::Of("door"), "Doors that were opened.", &[])];
/// # impl MetricSource for Doors {
/// #     fn metrics(&self) -> &'static [Metric] { &METRICS }
/// #     fn collect(&self, sink: &mut dyn MetricSink) { sink.sample(&METRICS[0], &[], Value::Count(3)) }
/// # }
/// let meter = opentelemetry::global::meter("my-service");
/// observe(&meter, Doors);
/// ```
pub fn observe(meter: &Meter, source: impl MetricSource + 'static) {
    let source: Arc<dyn MetricSource> = Arc::new(source);
    let mut histograms: Vec<(&'static Metric, Histogram<f64>)> = Vec::new();
    for metric in source.metrics() {
        if let MetricKind::Histogram(bounds) = metric.kind() {
            let histogram = meter
                .f64_histogram(metric.name())
                .with_description(metric.help())
                .with_unit(unit(metric))
                .with_boundaries(bounds.to_vec())
                .build();
            histograms.push((metric, histogram));
        }
    }
    let mut fed = Some(Fed {
        histograms,
        added: Added::default(),
    });
    for metric in source.metrics() {
        let source = Arc::clone(&source);
        match metric.kind() {
            MetricKind::Counter => {
                let fed = fed.take();
                meter
                    .u64_observable_counter(metric.name())
                    .with_description(metric.help())
                    .with_unit(unit(metric))
                    .with_callback(move |observer| {
                        collect(&*source, metric, Kind::Counter(observer), fed.as_ref());
                    })
                    .build();
            }
            MetricKind::Gauge | MetricKind::Info => {
                let fed = fed.take();
                meter
                    .f64_observable_gauge(metric.name())
                    .with_description(metric.help())
                    .with_unit(unit(metric))
                    .with_callback(move |observer| {
                        collect(&*source, metric, Kind::Gauge(observer), fed.as_ref());
                    })
                    .build();
            }
            _ => {}
        }
    }
}

/// Histograms that are fed in a callback of another instrument: every reader calls those before it reads.
struct Fed {
    histograms: Vec<(&'static Metric, Histogram<f64>)>,
    added: Added,
}

enum Kind<'a> {
    Counter(&'a dyn AsyncInstrument<u64>),
    Gauge(&'a dyn AsyncInstrument<f64>),
}

/// Passes the series of one metric to its instrument.
struct Sink<'a> {
    metric: &'static Metric,
    kind: Kind<'a>,
    fed: Option<&'a Fed>,
}

fn collect(source: &dyn MetricSource, metric: &'static Metric, kind: Kind<'_>, fed: Option<&Fed>) {
    source.collect(&mut Sink { metric, kind, fed });
}

impl MetricSink for Sink<'_> {
    fn sample(&mut self, metric: &'static Metric, labels: &[LabelValue], value: Value<'_>) {
        match value {
            Value::Count(count) if metric == self.metric => {
                if let Kind::Counter(counter) = self.kind {
                    counter.observe(count, &attributes(metric, labels));
                }
            }
            Value::Gauge(value) if metric == self.metric => {
                if let Kind::Gauge(gauge) = self.kind {
                    gauge.observe(value, &attributes(metric, labels));
                }
            }
            Value::Histogram(histogram) => {
                let Some(fed) = self.fed else { return };
                let found = fed.histograms.iter().find(|(own, _)| *own == metric);
                let Some((_, instrument)) = found else { return };
                fed.added
                    .since_last(metric, labels, &histogram, |value, times| {
                        let attributes = attributes(metric, labels);
                        for _ in 0..times {
                            instrument.record(value, &attributes);
                        }
                    });
            }
            _ => {}
        }
    }
}

fn attributes(metric: &Metric, labels: &[LabelValue]) -> Vec<KeyValue> {
    let pairs = metric.labels().iter().zip(labels);
    pairs
        .map(|(name, value)| {
            let value = match value {
                LabelValue::Text(text) => StringValue::from(*text),
                LabelValue::Number(number) => StringValue::from(number.to_string()),
            };
            KeyValue::new(*name, value)
        })
        .collect()
}

/// As UCUM: what is counted stands in braces.
fn unit(metric: &Metric) -> String {
    match metric.unit() {
        Unit::Of(thing) => format!("{{{thing}}}"),
        other => other.ucum().to_owned(),
    }
}
