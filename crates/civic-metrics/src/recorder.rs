//! Keeps personal data out of what other code sends through the `metrics` facade.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::cell::RefCell;
use std::sync::Arc;

use civic_core::{Metric, MetricSink, MetricSource, Value};
use civic_pii::{Redactor, Scratch};
use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Label, Metadata, Recorder, SharedString, Unit,
};

/// Wraps a recorder, and takes personal data out of the labels that reach it.
///
/// Civic's own labels are types. Other code is free to write `counter!("logins", "user" => email)`, and then the address of a
/// citizen stands in the monitoring system for as long as it keeps series. This reads every value of a label, with the name of
/// the label as evidence, and passes on what the policy makes of it; names of metrics, names of labels and descriptions too. A
/// value that cannot be scanned is replaced, not passed on.
///
/// Two values that become the same marker become the same series, so their counts add up. A clean key is passed on as it came.
/// Handles that code keeps cost nothing afterwards; `counter!(..)` asks for its handle anew each time, and pays a scan of its
/// labels each time.
///
/// ```
/// use civic_metrics::RedactingRecorder;
/// use civic_pii::Redactor;
/// use metrics_exporter_prometheus::PrometheusBuilder;
///
/// let exporter = PrometheusBuilder::new().build_recorder();
/// let handle = exporter.handle();
/// let recorder = RedactingRecorder::new(exporter, Redactor::new());
/// metrics::with_local_recorder(&recorder, || {
///     metrics::counter!("logins", "user" => "a.person@example.com").increment(1);
/// });
/// assert!(handle.render().contains(r#"logins{user="[EMAIL]"} 1"#));
/// ```
pub struct RedactingRecorder<R> {
    inner: R,
    redactor: Redactor,
    redacted: Arc<Redactions>,
}

/// How often a [`RedactingRecorder`] changed something; a source of its own.
#[derive(Debug, Default)]
pub struct Redactions(AtomicU64);

static METRICS: [Metric; 1] = [Metric::counter(
    "metrics.redactions",
    civic_core::Unit::Of("key"),
    "Times that code asked for a metric whose name or labels held personal data, which was taken out.",
    &[],
)];

impl<R: Recorder> RedactingRecorder<R> {
    /// Passes on to this recorder what the redactor leaves.
    pub fn new(inner: R, redactor: Redactor) -> Self {
        Self {
            inner,
            redactor,
            redacted: Arc::default(),
        }
    }

    /// How often something was changed, to show beside the other metrics: a sign that a callsite is to be mended.
    pub fn redactions(&self) -> Arc<Redactions> {
        Arc::clone(&self.redacted)
    }

    /// The recorder inside.
    pub fn inner(&self) -> &R {
        &self.inner
    }

    /// The key without personal data; `None` when it holds none.
    fn clean(&self, key: &Key) -> Option<Key> {
        let name = self.clean_text(None, key.name());
        if name.is_none() && key.labels().all(|label| self.clean_label(label).is_none()) {
            return None;
        }
        self.redacted.0.fetch_add(1, Ordering::Relaxed);
        let labels = key.labels();
        let labels: Vec<Label> = labels
            .map(|label| self.clean_label(label).unwrap_or_else(|| label.clone()))
            .collect();
        let name = name.map_or_else(|| key.name_shared(), KeyName::from);
        Some(Key::from_parts(name, labels))
    }

    fn clean_label(&self, label: &Label) -> Option<Label> {
        let key = self.clean_text(None, label.key());
        let value = self.clean_text(Some(label.key()), label.value());
        if key.is_none() && value.is_none() {
            return None;
        }
        let key = key.unwrap_or_else(|| label.key().to_owned());
        let value = value.unwrap_or_else(|| label.value().to_owned());
        Some(Label::new(key, value))
    }

    /// The text as the policy leaves it; `None` when that is as it came.
    fn clean_text(&self, field: Option<&str>, text: &str) -> Option<String> {
        with_space(|scratch, out| {
            self.redactor.redact_field(field, text, scratch, out);
            (out != text).then(|| out.clone())
        })
    }

    fn clean_description(&self, name: KeyName, text: SharedString) -> (KeyName, SharedString) {
        let clean_name = self.clean_text(None, name.as_str());
        let clean_text = self.clean_text(None, &text);
        (
            clean_name.map_or(name, KeyName::from),
            clean_text.map_or(text, SharedString::from),
        )
    }
}

impl<R: Recorder> Recorder for RedactingRecorder<R> {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        let (key, description) = self.clean_description(key, description);
        self.inner.describe_counter(key, unit, description);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        let (key, description) = self.clean_description(key, description);
        self.inner.describe_gauge(key, unit, description);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        let (key, description) = self.clean_description(key, description);
        self.inner.describe_histogram(key, unit, description);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        let clean = self.clean(key);
        self.inner
            .register_counter(clean.as_ref().unwrap_or(key), metadata)
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        let clean = self.clean(key);
        self.inner
            .register_gauge(clean.as_ref().unwrap_or(key), metadata)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        let clean = self.clean(key);
        self.inner
            .register_histogram(clean.as_ref().unwrap_or(key), metadata)
    }
}

impl<R> fmt::Debug for RedactingRecorder<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactingRecorder").finish_non_exhaustive()
    }
}

impl Redactions {
    /// How often something was changed.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl MetricSource for Redactions {
    fn metrics(&self) -> &'static [Metric] {
        &METRICS
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        sink.sample(&METRICS[0], &[], Value::Count(self.count()));
    }
}

thread_local! {
    static SPACE: RefCell<(Scratch, String)> = RefCell::default();
}

/// Lends the space of this thread, or new space when that is in use or gone.
fn with_space<T>(work: impl FnOnce(&mut Scratch, &mut String) -> T) -> T {
    let (mut scratch, mut out) = SPACE.try_with(RefCell::take).unwrap_or_default();
    out.clear();
    let result = work(&mut scratch, &mut out);
    // Gone with its thread; then the space goes too.
    let _ = SPACE.try_with(|space| space.replace((scratch, out)));
    result
}
