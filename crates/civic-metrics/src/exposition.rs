//! Prometheus text and OpenMetrics.

use core::fmt;

use civic_core::{Metric, MetricSource};

use crate::family::Families;
use crate::name::prometheus_name;

/// A text format of a scrape.
///
/// ```
/// use civic_metrics::Format;
/// assert_eq!(Format::from_accept("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"), Format::OpenMetrics);
/// assert_eq!(Format::from_accept("*/*"), Format::Prometheus);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The text format of Prometheus, version 0.0.4.
    Prometheus,
    /// OpenMetrics 1.0.0.
    OpenMetrics,
}

impl Format {
    /// The format to answer with, by the header `Accept` of a scrape.
    pub fn from_accept(accept: &str) -> Self {
        if accept.contains("application/openmetrics-text") {
            Self::OpenMetrics
        } else {
            Self::Prometheus
        }
    }

    /// Value of the header `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// Writes the metrics of some sources as text.
///
/// The sources are read when it writes and are not locked: who counts never waits for a scrape. A journey of seven steps is about
/// 10 kB.
///
/// ```
/// use civic_metrics::{Exposition, Format};
/// assert_eq!(Exposition::new().render(Format::OpenMetrics), "# EOF\n");
/// ```
#[derive(Default)]
pub struct Exposition {
    sources: Vec<Box<dyn MetricSource>>,
}

impl Exposition {
    /// Without a source.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source: a reference to a `static`, an `Arc`, or the source itself.
    ///
    /// Several sources may show the same metric with other labels, as several journeys do.
    ///
    /// # Errors
    /// When another source has a metric of the same name that is not the same metric.
    pub fn with(mut self, source: impl MetricSource + 'static) -> Result<Self, Conflict> {
        for metric in source.metrics() {
            let name = prometheus_name(metric);
            let other = self
                .metrics()
                .find(|other| *other != metric && prometheus_name(other) == name);
            if other.is_some() {
                return Err(Conflict { name });
            }
        }
        self.sources.push(Box::new(source));
        Ok(self)
    }

    /// Every metric, in the order in which the sources were added.
    pub fn metrics(&self) -> impl Iterator<Item = &'static Metric> {
        self.sources.iter().flat_map(|source| source.metrics())
    }

    /// The text, in this format.
    pub fn render(&self, format: Format) -> String {
        let mut out = String::new();
        self.render_into(format, &mut out);
        out
    }

    /// The text for Prometheus.
    pub fn prometheus(&self) -> String {
        self.render(Format::Prometheus)
    }

    /// The text as OpenMetrics.
    pub fn openmetrics(&self) -> String {
        self.render(Format::OpenMetrics)
    }

    /// Adds the text to what is there.
    pub fn render_into(&self, format: Format, out: &mut String) {
        let mut families = Families::new(format, self.metrics());
        for source in &self.sources {
            source.collect(&mut families);
        }
        families.write(out);
    }
}

impl fmt::Debug for Exposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exposition")
            .field("sources", &self.sources.len())
            .finish()
    }
}

/// Two sources use one name for different metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    name: String,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "two sources show different metrics as `{}`", self.name)
    }
}

impl core::error::Error for Conflict {}

#[cfg(test)]
mod tests {
    use civic_core::{Histogram, LabelValue, MetricSink, Unit, Value};

    use super::*;

    struct Sample;

    static METRICS: [Metric; 3] = [
        Metric::info("sample.info", "Says \"what\",\nand \\ how.", &["version"]),
        Metric::histogram(
            "sample.wait",
            Unit::Seconds,
            "Waits.",
            &["sample.kind"],
            &[0.5, 20.0],
        ),
        Metric::gauge("sample.size", Unit::Bytes, "Size.", &[]),
    ];

    impl MetricSource for Sample {
        fn metrics(&self) -> &'static [Metric] {
            &METRICS
        }

        fn collect(&self, sink: &mut dyn MetricSink) {
            sink.sample(&METRICS[2], &[], Value::Gauge(1.5));
            let histogram = Histogram {
                counts: &[1, 2, 3],
                sums: &[0.5, 10.0, 90.0],
            };
            let kind = [LabelValue::Text("a\"b")];
            sink.sample(&METRICS[1], &kind, Value::Histogram(histogram));
            sink.sample(&METRICS[0], &[LabelValue::Number(7)], Value::Gauge(1.0));
        }
    }

    #[test]
    fn prometheus_text_is_as_specified() {
        assert_eq!(
            Exposition::new().with(Sample).unwrap().prometheus(),
            r#"# HELP sample_info Says "what",\nand \\ how.
# TYPE sample_info gauge
sample_info{version="7"} 1
# HELP sample_wait_seconds Waits.
# TYPE sample_wait_seconds histogram
sample_wait_seconds_bucket{sample_kind="a\"b",le="0.5"} 1
sample_wait_seconds_bucket{sample_kind="a\"b",le="20"} 3
sample_wait_seconds_bucket{sample_kind="a\"b",le="+Inf"} 6
sample_wait_seconds_sum{sample_kind="a\"b"} 100.5
sample_wait_seconds_count{sample_kind="a\"b"} 6
# HELP sample_size_bytes Size.
# TYPE sample_size_bytes gauge
sample_size_bytes 1.5
"#
        );
    }

    #[test]
    fn openmetrics_names_units_and_ends() {
        let text = Exposition::new().with(Sample).unwrap().openmetrics();
        for line in [
            "# HELP sample Says \\\"what\\\",\\nand \\\\ how.\n",
            "# TYPE sample info\nsample_info{version=\"7\"} 1\n",
            "# TYPE sample_wait_seconds histogram\n# UNIT sample_wait_seconds seconds\n",
            "le=\"20.0\"} 3\n",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn one_name_has_one_meaning() {
        struct Other;
        static OTHER: [Metric; 1] = [Metric::gauge("sample.size", Unit::Bytes, "Other.", &[])];
        impl MetricSource for Other {
            fn metrics(&self) -> &'static [Metric] {
                &OTHER
            }
            fn collect(&self, _: &mut dyn MetricSink) {}
        }
        let conflict = Exposition::new()
            .with(Sample)
            .unwrap()
            .with(Other)
            .unwrap_err();
        assert_eq!(
            conflict.to_string(),
            "two sources show different metrics as `sample_size_bytes`"
        );
        assert!(Exposition::new().with(Sample).unwrap().with(Sample).is_ok());
    }
}
