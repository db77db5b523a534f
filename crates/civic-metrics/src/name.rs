//! Names of Prometheus from those of OpenTelemetry.

use civic_core::{Metric, MetricKind, Unit};

/// The name of a metric in Prometheus: dots become underscores, then come the unit and `total`.
///
/// By the rules for OpenTelemetry in Prometheus, so that both ways give the same.
///
/// ```
/// use civic_core::{Metric, Unit};
/// use civic_metrics::prometheus_name;
/// let metric = Metric::histogram("journey.duration", Unit::Seconds, "From start to end.", &[], &[20.0]);
/// assert_eq!(prometheus_name(&metric), "journey_duration_seconds");
/// ```
pub fn prometheus_name(metric: &Metric) -> String {
    let mut name = family_name(metric);
    if metric.kind() == MetricKind::Counter {
        add(&mut name, "total");
    }
    name
}

/// The name without `total`, which OpenMetrics gives to the samples only.
pub(crate) fn family_name(metric: &Metric) -> String {
    let mut name = with_underscores(metric.name());
    match metric.unit() {
        Unit::Seconds => add(&mut name, "seconds"),
        Unit::Bytes => add(&mut name, "bytes"),
        _ => {}
    }
    name
}

/// A name of a label.
pub(crate) fn with_underscores(name: &str) -> String {
    name.replace('.', "_")
}

fn add(name: &mut String, word: &str) {
    if !name.ends_with(word) {
        name.push('_');
        name.push_str(word);
    }
}
