//! Series of one name together, as both text formats want them.

use core::fmt::Write;

use civic_core::{Histogram, LabelValue, Metric, MetricKind, MetricSink, Unit, Value};

use crate::exposition::Format;
use crate::name::{family_name, prometheus_name, with_underscores};

/// Collects series by metric, and writes them out.
pub(crate) struct Families {
    format: Format,
    families: Vec<Family>,
}

struct Family {
    metric: &'static Metric,
    /// Lines of all series.
    lines: String,
}

impl Families {
    pub(crate) fn new(format: Format, metrics: impl Iterator<Item = &'static Metric>) -> Self {
        let mut families: Vec<Family> = Vec::new();
        for metric in metrics {
            if !families.iter().any(|family| family.metric == metric) {
                let lines = String::new();
                families.push(Family { metric, lines });
            }
        }
        Self { format, families }
    }

    pub(crate) fn write(self, out: &mut String) {
        for Family { metric, lines } in self.families {
            if lines.is_empty() {
                continue;
            }
            self.format.head(metric, out);
            out.push_str(&lines);
        }
        if self.format == Format::OpenMetrics {
            out.push_str("# EOF\n");
        }
    }
}

impl Format {
    fn head(self, metric: &Metric, out: &mut String) {
        let (name, kind) = match (self, metric.kind()) {
            (Self::Prometheus, kind) => {
                let kind = match kind {
                    MetricKind::Counter => "counter",
                    MetricKind::Histogram(_) => "histogram",
                    _ => "gauge",
                };
                (prometheus_name(metric), kind)
            }
            (Self::OpenMetrics, MetricKind::Counter) => (family_name(metric), "counter"),
            (Self::OpenMetrics, MetricKind::Histogram(_)) => (family_name(metric), "histogram"),
            (Self::OpenMetrics, MetricKind::Info) => {
                let name = family_name(metric);
                let stem = name.strip_suffix("_info").unwrap_or(&name);
                (stem.to_owned(), "info")
            }
            (Self::OpenMetrics, _) => (family_name(metric), "gauge"),
        };
        let mut help = String::new();
        escape(metric.help(), self == Self::OpenMetrics, &mut help);
        put(
            out,
            format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"),
        );
        let unit = match metric.unit() {
            Unit::Seconds => "seconds",
            Unit::Bytes => "bytes",
            _ => return,
        };
        if self == Self::OpenMetrics {
            put(out, format_args!("# UNIT {name} {unit}\n"));
        }
    }

    /// OpenMetrics wants a bound to look like a float.
    fn bound(self, bound: f64) -> String {
        match self {
            Self::Prometheus => bound.to_string(),
            Self::OpenMetrics => format!("{bound:?}"),
        }
    }
}

impl MetricSink for Families {
    fn sample(&mut self, metric: &'static Metric, labels: &[LabelValue], value: Value<'_>) {
        let Some(family) = self
            .families
            .iter_mut()
            .find(|family| family.metric == metric)
        else {
            // A source that shows what it does not announce has a test that says so, not a scrape that fails.
            return;
        };
        let lines = &mut family.lines;
        let name = prometheus_name(metric);
        let labels = written(metric, labels);
        match (value, metric.kind()) {
            (Value::Count(count), _) => line(lines, &name, &labels, "", count),
            (Value::Gauge(value), _) => line(lines, &name, &labels, "", value),
            (Value::Histogram(histogram), MetricKind::Histogram(bounds)) => {
                buckets(self.format, lines, &name, &labels, bounds, &histogram);
            }
            _ => {}
        }
    }
}

fn buckets(
    format: Format,
    lines: &mut String,
    name: &str,
    labels: &str,
    bounds: &[f64],
    histogram: &Histogram<'_>,
) {
    let bucket = format!("{name}_bucket");
    let mut below = 0;
    let bounds = bounds.iter().map(|bound| format.bound(*bound));
    for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(histogram.counts) {
        below += count;
        line(lines, &bucket, labels, &format!("le=\"{bound}\""), below);
    }
    line(lines, &format!("{name}_sum"), labels, "", histogram.sum());
    line(
        lines,
        &format!("{name}_count"),
        labels,
        "",
        histogram.count(),
    );
}

fn line(out: &mut String, name: &str, labels: &str, more: &str, value: impl core::fmt::Display) {
    let comma = if labels.is_empty() || more.is_empty() {
        ""
    } else {
        ","
    };
    if labels.is_empty() && more.is_empty() {
        put(out, format_args!("{name} {value}\n"));
    } else {
        put(
            out,
            format_args!("{name}{{{labels}{comma}{more}}} {value}\n"),
        );
    }
}

fn written(metric: &Metric, values: &[LabelValue]) -> String {
    let mut out = String::new();
    for (name, value) in metric.labels().iter().zip(values) {
        let comma = if out.is_empty() { "" } else { "," };
        put(
            &mut out,
            format_args!("{comma}{}=\"", with_underscores(name)),
        );
        match value {
            LabelValue::Text(text) => escape(text, true, &mut out),
            LabelValue::Number(number) => put(&mut out, format_args!("{number}")),
        }
        out.push('"');
    }
    out
}

fn escape(text: &str, quotes: bool, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '"' if quotes => out.push_str("\\\""),
            other => out.push(other),
        }
    }
}

fn put(out: &mut String, what: core::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("a string takes every text");
}
