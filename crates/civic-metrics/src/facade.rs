//! The `metrics` facade: a recorder is brought up to date before it is scraped.

use core::fmt;

use civic_core::{LabelValue, Metric, MetricKind, MetricSink, MetricSource, Unit, Value};
use metrics::{Key, KeyName, Label, Level, Metadata, Recorder};

use crate::added::Added;
use crate::name::{prometheus_name, with_underscores};

/// Shows sources to a recorder of the `metrics` facade.
///
/// The facade has no way to be asked, so [`Bridge::sync`] tells it: call it before each render, or every few seconds. It asks for each
/// handle anew, because one that is kept from before the recorder was installed, or from before it went idle, is dead. Counters
/// are set to the figure of the source, which is right however often and wherever it is called.
///
/// Names are those of Prometheus, so that every setting of an exporter gives the same. Set the buckets of a histogram in the exporter
/// with [`Bridge::histograms`], or it becomes a summary, which cannot be added up over replicas.
///
/// ```
/// use civic_metrics::facade::Bridge;
/// use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
/// # use civic_core::{Metric, MetricSink, MetricSource, Unit, Value};
/// # struct Doors;
/// # static METRICS: [Metric; 1] = [Metric::counter("doors.opened", Unit::Of("door"), "Doors that were opened.", &[])];
/// # impl MetricSource for Doors {
/// #     fn metrics(&self) -> &'static [Metric] { &METRICS }
/// #     fn collect(&self, sink: &mut dyn MetricSink) { sink.sample(&METRICS[0], &[], Value::Count(3)) }
/// # }
///
/// let bridge = Bridge::new(Doors);
/// let mut builder = PrometheusBuilder::new();
/// for (name, bounds) in bridge.histograms() {
///     builder = builder.set_buckets_for_metric(Matcher::Full(name), bounds)?;
/// }
/// let recorder = builder.build_recorder();
/// bridge.sync(&recorder);
/// assert!(recorder.handle().render().contains("doors_opened_total 3"));
/// # Ok::<(), metrics_exporter_prometheus::BuildError>(())
/// ```
pub struct Bridge {
    source: Box<dyn MetricSource>,
    added: Added,
}

impl Bridge {
    /// Shows this source.
    pub fn new(source: impl MetricSource + 'static) -> Self {
        Self {
            source: Box::new(source),
            added: Added::default(),
        }
    }

    /// Name and bounds of each histogram, for the exporter.
    pub fn histograms(&self) -> impl Iterator<Item = (String, &'static [f64])> {
        let metrics = self.source.metrics().iter();
        metrics.filter_map(|metric| match metric.kind() {
            MetricKind::Histogram(bounds) => Some((prometheus_name(metric), bounds)),
            _ => None,
        })
    }

    /// Brings the recorder that is installed up to date; without one, does nothing.
    pub fn sync_installed(&self) {
        metrics::with_recorder(|recorder| self.sync(recorder));
    }

    /// Brings this recorder up to date.
    ///
    /// A histogram is told what was added since the last call, whichever recorder that was for: use one bridge for each recorder.
    pub fn sync(&self, recorder: &dyn Recorder) {
        for metric in self.source.metrics() {
            describe(metric, recorder);
        }
        self.source.collect(&mut Sink {
            recorder,
            added: &self.added,
        });
    }
}

impl fmt::Debug for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bridge").finish_non_exhaustive()
    }
}

struct Sink<'a> {
    recorder: &'a dyn Recorder,
    added: &'a Added,
}

const METADATA: Metadata<'_> = Metadata::new("civic_metrics", Level::INFO, None);

impl MetricSink for Sink<'_> {
    fn sample(&mut self, metric: &'static Metric, labels: &[LabelValue], value: Value<'_>) {
        let key = key(metric, labels);
        match value {
            Value::Count(count) => self
                .recorder
                .register_counter(&key, &METADATA)
                .absolute(count),
            Value::Gauge(value) => self.recorder.register_gauge(&key, &METADATA).set(value),
            Value::Histogram(histogram) => {
                let recorded = self.recorder.register_histogram(&key, &METADATA);
                self.added
                    .since_last(metric, labels, &histogram, |value, times| {
                        recorded.record_many(value, usize::try_from(times).unwrap_or(usize::MAX));
                    });
            }
            _ => {}
        }
    }
}

fn describe(metric: &Metric, recorder: &dyn Recorder) {
    let name = KeyName::from(prometheus_name(metric));
    let unit = match metric.unit() {
        Unit::Seconds => Some(metrics::Unit::Seconds),
        Unit::Bytes => Some(metrics::Unit::Bytes),
        Unit::Of(_) => Some(metrics::Unit::Count),
        _ => None,
    };
    let help = metric.help().into();
    match metric.kind() {
        MetricKind::Counter => recorder.describe_counter(name, unit, help),
        MetricKind::Histogram(_) => recorder.describe_histogram(name, unit, help),
        _ => recorder.describe_gauge(name, unit, help),
    }
}

fn key(metric: &Metric, labels: &[LabelValue]) -> Key {
    let pairs = metric.labels().iter().zip(labels);
    let labels: Vec<Label> = pairs
        .map(|(name, value)| {
            let name = with_underscores(name);
            match value {
                LabelValue::Text(text) => Label::new(name, *text),
                LabelValue::Number(number) => Label::new(name, number.to_string()),
            }
        })
        .collect();
    Key::from_parts(prometheus_name(metric), labels)
}
