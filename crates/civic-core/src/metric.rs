//! What a metric is, and who can show some.

use std::sync::Arc;

/// Name, unit, help and labels of a metric, in one place for every output.
///
/// The name and the labels are those of OpenTelemetry, lower-case words joined by dots and underscores, without the unit and
/// without `total`; `civic-metrics` derives the names of Prometheus. Made in a constant, so that a wrong one does not compile.
///
/// ```
/// use civic_core::{Metric, Unit};
/// const STEPS: Metric = Metric::counter("journey.steps", Unit::Of("step"), "Steps that were reached.", &["journey.step"]);
/// assert_eq!(STEPS.name(), "journey.steps");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    name: &'static str,
    unit: Unit,
    help: &'static str,
    kind: MetricKind,
    labels: &'static [&'static str],
}

/// What a metric counts or measures in.
///
/// ```
/// assert_eq!(civic_core::Unit::Seconds.ucum(), "s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// Nothing to say, such as for an info metric.
    None,
    /// Things of this name, in the singular.
    Of(&'static str),
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
}

/// How the figures of a metric behave.
///
/// ```
/// use civic_core::{Metric, MetricKind, Unit};
/// let metric = Metric::gauge("audit.backlog", Unit::Of("event"), "Events that wait.", &[]);
/// assert_eq!(metric.kind(), MetricKind::Gauge);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum MetricKind {
    /// Grows from 0 at the start of the process.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Always 1; what it says stands in its labels.
    Info,
    /// Counts by upper bound, inclusive and ascending; what is above the last one has a bucket of its own.
    Histogram(&'static [f64]),
}

/// Value of a label: what stands in the code, or a number. Never a text that a citizen wrote.
///
/// ```
/// use civic_core::LabelValue;
/// assert_eq!(LabelValue::from("pay"), LabelValue::Text("pay"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LabelValue {
    /// A text of the code.
    Text(&'static str),
    /// A number, such as a limit of seconds.
    Number(u64),
}

/// Figures of one series.
///
/// ```
/// use civic_core::Value;
/// assert_ne!(Value::Count(1), Value::Count(2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Of a counter.
    Count(u64),
    /// Of a gauge or an info metric.
    Gauge(f64),
    /// Of a histogram.
    Histogram(Histogram<'a>),
}

/// Counts and sums of a histogram, bucket by bucket, not cumulative.
///
/// Both have one entry more than there are bounds. Sums by bucket let a bridge pass on what was added since the last time with
/// the exact count and the exact sum.
///
/// ```
/// let histogram = civic_core::Histogram { counts: &[1, 2], sums: &[10.0, 90.0] };
/// assert_eq!((histogram.count(), histogram.sum()), (3, 100.0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Histogram<'a> {
    /// Values in each bucket.
    pub counts: &'a [u64],
    /// Sum of the values in each bucket.
    pub sums: &'a [f64],
}

/// Something that has metrics: a journey, the checks of a service, its audit trail.
///
/// Reading never empties it, and any number of outputs read the same figures.
///
/// ```
/// use civic_core::{Metric, MetricSink, MetricSource, Unit, Value};
///
/// struct Lamp;
///
/// static METRICS: [Metric; 1] = [Metric::gauge("lamp.on", Unit::None, "Whether it burns.", &[])];
///
/// impl MetricSource for Lamp {
///     fn metrics(&self) -> &'static [Metric] {
///         &METRICS
///     }
///     fn collect(&self, sink: &mut dyn MetricSink) {
///         sink.sample(&METRICS[0], &[], Value::Gauge(1.0));
///     }
/// }
/// ```
pub trait MetricSource: Send + Sync {
    /// Everything that [`MetricSource::collect`] may show, in the order in which it is written.
    fn metrics(&self) -> &'static [Metric];

    /// Shows every series once, also those that are still 0.
    fn collect(&self, sink: &mut dyn MetricSink);
}

/// Takes the series of a [`MetricSource`].
///
/// ```
/// use civic_core::{LabelValue, Metric, MetricSink, Value};
///
/// /// Counts the series.
/// struct Series(usize);
///
/// impl MetricSink for Series {
///     fn sample(&mut self, _: &'static Metric, _: &[LabelValue], _: Value<'_>) {
///         self.0 += 1;
///     }
/// }
/// ```
pub trait MetricSink {
    /// One series: the values of the labels stand in the order of [`Metric::labels`].
    fn sample(&mut self, metric: &'static Metric, labels: &[LabelValue], value: Value<'_>);
}

impl Metric {
    /// A figure that only grows.
    ///
    /// ```
    /// # use civic_core::{Metric, Unit};
    /// let _ = Metric::counter("journey.starts", Unit::Of("journey"), "Journeys begun.", &["journey.name"]);
    /// ```
    ///
    /// # Panics
    /// When the name or a label has another form; in a constant that is an error of the compiler.
    #[must_use]
    pub const fn counter(
        name: &'static str,
        unit: Unit,
        help: &'static str,
        labels: &'static [&'static str],
    ) -> Self {
        Self::new(name, unit, help, MetricKind::Counter, labels)
    }

    /// A figure that goes up and down.
    ///
    /// ```
    /// # use civic_core::{Metric, Unit};
    /// let _ = Metric::gauge("audit.backlog", Unit::Of("event"), "Events that wait.", &[]);
    /// ```
    ///
    /// # Panics
    /// As [`Metric::counter`].
    #[must_use]
    pub const fn gauge(
        name: &'static str,
        unit: Unit,
        help: &'static str,
        labels: &'static [&'static str],
    ) -> Self {
        Self::new(name, unit, help, MetricKind::Gauge, labels)
    }

    /// What does not change while the process runs; the name ends in `info`.
    ///
    /// ```
    /// # use civic_core::Metric;
    /// let _ = Metric::info("journey.info", "Facts about the journey.", &["version"]);
    /// ```
    ///
    /// # Panics
    /// As [`Metric::counter`], and when the name does not end in `.info`.
    #[must_use]
    pub const fn info(
        name: &'static str,
        help: &'static str,
        labels: &'static [&'static str],
    ) -> Self {
        assert!(
            ends_in_info(name),
            "the name of an info metric ends in `.info`"
        );
        Self::new(name, Unit::None, help, MetricKind::Info, labels)
    }

    /// How often a value fell between which bounds.
    ///
    /// ```
    /// # use civic_core::{Metric, Unit};
    /// let _ = Metric::histogram("journey.duration", Unit::Seconds, "From start to end.", &[], &[20.0, 30.0]);
    /// ```
    ///
    /// # Panics
    /// As [`Metric::counter`], and when the bounds do not ascend.
    #[must_use]
    pub const fn histogram(
        name: &'static str,
        unit: Unit,
        help: &'static str,
        labels: &'static [&'static str],
        bounds: &'static [f64],
    ) -> Self {
        let mut i = 1;
        while i < bounds.len() {
            assert!(
                bounds[i - 1] < bounds[i],
                "the bounds of a histogram ascend"
            );
            i += 1;
        }
        Self::new(name, unit, help, MetricKind::Histogram(bounds), labels)
    }

    const fn new(
        name: &'static str,
        unit: Unit,
        help: &'static str,
        kind: MetricKind,
        labels: &'static [&'static str],
    ) -> Self {
        assert!(
            is_dotted(name),
            "the name of a metric is lower-case words joined by dots and underscores, such as \"journey.step.repeats\""
        );
        assert!(!help.is_empty(), "a metric says what it is");
        let mut i = 0;
        while i < labels.len() {
            assert!(
                is_dotted(labels[i]),
                "the name of a label is lower-case words joined by dots and underscores"
            );
            i += 1;
        }
        Self {
            name,
            unit,
            help,
            kind,
            labels,
        }
    }

    /// The name, as OpenTelemetry has it.
    ///
    /// ```
    /// # use civic_core::{Metric, Unit};
    /// assert_eq!(Metric::gauge("lamp.on", Unit::None, "Whether it burns.", &[]).name(), "lamp.on");
    /// ```
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it counts or measures in.
    ///
    /// ```
    /// # use civic_core::{Metric, Unit};
    /// assert_eq!(Metric::gauge("lamp.on", Unit::None, "Whether it burns.", &[]).unit(), Unit::None);
    /// ```
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// One sentence for people.
    ///
    /// ```
    /// # use civic_core::{Metric, Unit};
    /// assert_eq!(Metric::gauge("lamp.on", Unit::None, "Whether it burns.", &[]).help(), "Whether it burns.");
    /// ```
    pub const fn help(&self) -> &'static str {
        self.help
    }

    /// How its figures behave.
    ///
    /// ```
    /// # use civic_core::{Metric, MetricKind, Unit};
    /// assert_eq!(Metric::gauge("lamp.on", Unit::None, "Whether it burns.", &[]).kind(), MetricKind::Gauge);
    /// ```
    pub const fn kind(&self) -> MetricKind {
        self.kind
    }

    /// Names of the labels, in the order in which their values come.
    ///
    /// ```
    /// # use civic_core::{Metric, Unit};
    /// assert!(Metric::gauge("lamp.on", Unit::None, "Whether it burns.", &[]).labels().is_empty());
    /// ```
    pub const fn labels(&self) -> &'static [&'static str] {
        self.labels
    }
}

impl Unit {
    /// As OpenTelemetry writes it: a unit of UCUM, or a word in braces without them.
    ///
    /// ```
    /// use civic_core::Unit;
    /// assert_eq!((Unit::Bytes.ucum(), Unit::Of("step").ucum()), ("By", "step"));
    /// ```
    pub const fn ucum(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Of(thing) => thing,
            Self::Seconds => "s",
            Self::Bytes => "By",
        }
    }
}

impl Histogram<'_> {
    /// How many values there are.
    ///
    /// ```
    /// assert_eq!(civic_core::Histogram { counts: &[1, 2], sums: &[1.0, 9.0] }.count(), 3);
    /// ```
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Their sum.
    ///
    /// ```
    /// assert_eq!(civic_core::Histogram { counts: &[1, 2], sums: &[1.0, 9.0] }.sum(), 10.0);
    /// ```
    pub fn sum(&self) -> f64 {
        self.sums.iter().sum()
    }
}

impl From<&'static str> for LabelValue {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for LabelValue {
    fn from(yes: bool) -> Self {
        Self::Text(if yes { "true" } else { "false" })
    }
}

impl<T: MetricSource + ?Sized> MetricSource for &T {
    fn metrics(&self) -> &'static [Metric] {
        (**self).metrics()
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        (**self).collect(sink);
    }
}

impl<T: MetricSource + ?Sized> MetricSource for Arc<T> {
    fn metrics(&self) -> &'static [Metric] {
        (**self).metrics()
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        (**self).collect(sink);
    }
}

/// Lower-case letters and digits in words, joined by single dots or underscores, a letter first.
const fn is_dotted(name: &str) -> bool {
    let bytes = name.as_bytes();
    if bytes.is_empty() || !bytes[0].is_ascii_lowercase() {
        return false;
    }
    let mut i = 1;
    while i < bytes.len() {
        let fits = match bytes[i] {
            b'a'..=b'z' | b'0'..=b'9' => true,
            b'.' | b'_' => i + 1 < bytes.len() && bytes[i + 1].is_ascii_alphanumeric(),
            _ => false,
        };
        if !fits {
            return false;
        }
        i += 1;
    }
    true
}

const fn ends_in_info(name: &str) -> bool {
    matches!(name.as_bytes(), [.., b'.', b'i', b'n', b'f', b'o'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_joined_by_dots_or_underscores() {
        for good in [
            "journey.step.repeats",
            "version",
            "abandon_after_seconds",
            "a1",
        ] {
            assert!(is_dotted(good), "{good}");
        }
        for bad in [
            "", ".a", "a.", "a..b", "1a", "Journey", "a-b", "a b", "a__b",
        ] {
            assert!(!is_dotted(bad), "{bad}");
        }
    }

    #[test]
    #[should_panic(expected = "the bounds of a histogram ascend")]
    fn bounds_that_do_not_ascend_are_refused() {
        let _ = Metric::histogram("a", Unit::Seconds, "b", &[], &[2.0, 2.0]);
    }
}
