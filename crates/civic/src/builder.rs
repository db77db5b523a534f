//! Settings of the telemetry.

use std::env;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use civic_pii::{Policy, Redactor};
use civic_tracing::panic::PanicHook;
use civic_tracing::writer::BatchingBuilder;
use civic_tracing::{JsonLayer, RedactExt, Redaction, TextLayer, guarded_filter};
use tracing::Dispatch;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt;

use crate::output::{Form, Output, Place};
use crate::{Telemetry, TelemetryError};

/// Time between two calls of `on_redaction` for the same place.
const TELL_EVERY: Duration = Duration::from_secs(60);

type ErrorCode = fn(&(dyn Error + 'static)) -> Option<&'static str>;
type Tell = Box<dyn Fn(&Redaction<'_>) + Send + Sync>;
type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Settings of a [`Telemetry`], each with a default.
pub struct TelemetryBuilder {
    service: &'static str,
    redactor: Redactor,
    filter: Option<String>,
    place: Place,
    form: Form,
    batching: Option<BatchingBuilder>,
    error_code: Option<ErrorCode>,
    on_redaction: Option<Tell>,
    #[cfg(feature = "metrics")]
    sources: crate::sources::Sources,
    #[cfg(feature = "otel")]
    traces: crate::traces::Exports,
}

impl TelemetryBuilder {
    pub(crate) fn new(service: &'static str) -> Self {
        Self {
            service,
            redactor: Redactor::new(),
            filter: None,
            place: Place::Stdout,
            form: Form::Json(Box::new(|line| line)),
            batching: None,
            error_code: None,
            on_redaction: None,
            #[cfg(feature = "metrics")]
            sources: crate::sources::Sources::default(),
            #[cfg(feature = "otel")]
            traces: crate::traces::Exports::default(),
        }
    }

    /// What becomes of personal data; unless told, every kind is replaced by its marker.
    ///
    /// ```
    /// use civic::pii::{Action, Kind};
    ///
    /// let policy = civic::Policy::builder()
    ///     .action(Kind::Postcode, Action::keep("outages are found by area"))
    ///     .build()?;
    /// let builder = civic::Telemetry::builder("service").policy(policy);
    /// # Ok::<(), civic::pii::PolicyError>(())
    /// ```
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.redactor = Redactor::with_policy(policy);
        self
    }

    /// Which events and spans are wanted, in the form of `RUST_LOG`; stands in its place.
    ///
    /// Unless told, it is what the environment variable `RUST_LOG` says, and `info` without one.
    /// Targets that log bodies and parameters stay at their levels unless they are named, see
    /// [`guarded_filter`].
    #[must_use]
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.filter = Some(directives.into());
        self
    }

    /// How a JSON line is laid out; unless told, as by `tracing_subscriber::fmt().json()`.
    ///
    /// ```
    /// let builder = civic::Telemetry::builder("service").json(|line| line.gov_uk().with_receipts(true));
    /// ```
    #[must_use]
    pub fn json(mut self, line: impl FnOnce(JsonLayer) -> JsonLayer + 'static) -> Self {
        self.form = Form::Json(Box::new(line));
        self
    }

    /// Writes text for people instead of JSON, with colours where the output is a terminal.
    #[must_use]
    pub fn text(mut self) -> Self {
        self.form = Form::Text;
        self
    }

    /// The stable code of an error, which a JSON line then carries as `error.code`.
    #[must_use]
    pub fn error_code(mut self, of: fn(&(dyn Error + 'static)) -> Option<&'static str>) -> Self {
        self.error_code = Some(of);
        self
    }

    /// Calls `tell` when a log call handed over personal data, at most once a minute for each place in the code.
    ///
    /// For a metric or an alert: the place is what has to be put right.
    #[must_use]
    pub fn on_redaction(mut self, tell: impl Fn(&Redaction<'_>) + Send + Sync + 'static) -> Self {
        self.on_redaction = Some(Box::new(tell));
        self
    }

    /// Writes to standard error; unless told, to standard output.
    #[must_use]
    pub fn to_stderr(mut self) -> Self {
        self.place = Place::Stderr;
        self
    }

    /// Appends to a file, which is made when it is not there.
    #[must_use]
    pub fn to_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.place = Place::File(path.into());
        self
    }

    /// Writes in batches with these settings; unless told, each line before its log call returns.
    ///
    /// Read [what can be lost](civic_tracing::writer) first.
    #[must_use]
    pub fn batching(mut self, settings: BatchingBuilder) -> Self {
        self.batching = Some(settings);
        self
    }

    /// Shows the counts of this journey among the metrics.
    ///
    /// ```
    /// civic::journey::journey! {
    ///     pub static APPLY: Apply = "apply-for-a-licence";
    ///     steps ApplyStep { Start = "start", Pay = "pay" }
    ///     outcomes ApplyOutcome { Submitted = "submitted": complete }
    ///     expected = 12 minutes;
    ///     abandon_after = 48 hours;
    ///     slo = 99.5;
    /// }
    ///
    /// # fn main() -> Result<(), civic::TelemetryError> {
    /// let (_, telemetry) = civic::Telemetry::builder("service").journey(&APPLY).build()?;
    /// assert!(telemetry.metrics().prometheus().contains("journey_starts_total"));
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "journey")]
    #[must_use]
    pub fn journey<J: civic_journey::Definition>(
        self,
        journey: &'static civic_journey::Journey<J>,
    ) -> Self {
        self.metrics_of(journey)
    }

    /// Shows these counts among the metrics as well: the service's own, or those of another part of Civic.
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics_of(mut self, source: impl civic_core::MetricSource + 'static) -> Self {
        self.sources.add(source);
        self
    }

    /// Sends spans to this exporter as well, in batches, with what is personal removed.
    ///
    /// What is set on a span through OpenTelemetry's own API is covered too.
    #[cfg(feature = "otel")]
    #[must_use]
    pub fn span_exporter(
        mut self,
        exporter: impl opentelemetry_sdk::trace::SpanExporter + 'static,
    ) -> Self {
        self.traces.add_spans(exporter);
        self
    }

    /// Sends log records to this exporter as well, in batches, with what is personal removed.
    #[cfg(feature = "otel")]
    #[must_use]
    pub fn log_exporter(
        mut self,
        exporter: impl opentelemetry_sdk::logs::LogExporter + 'static,
    ) -> Self {
        self.traces.add_logs(exporter);
        self
    }

    /// Sets all of it up for the process: subscriber, records of the `log` crate, panic hook.
    ///
    /// # Errors
    /// When the filter cannot be read, the output cannot be opened, two metrics have one name, or the process has a
    /// subscriber already. Nothing is set up then.
    pub fn init(self) -> Result<Telemetry, TelemetryError> {
        let (dispatch, telemetry, output) = self.assemble()?;
        dispatch.try_init().map_err(TelemetryError::already_set)?;
        PanicHook::new(telemetry.redactor.clone())
            .flushing(move || output.flush_after_panic())
            .install();
        Ok(telemetry)
    }

    /// Sets it up for nobody yet: the subscriber to give to `tracing`, and the telemetry to keep.
    ///
    /// For tests, which want one each. The panic hook is not installed.
    ///
    /// # Errors
    /// When the filter cannot be read, the output cannot be opened, or two metrics have one name.
    ///
    /// ```
    /// # let folder = std::env::temp_dir();
    /// # let path = folder.join(format!("civic-doc-{}.log", std::process::id()));
    /// let (dispatch, telemetry) = civic::Telemetry::builder("service").to_file(&path).build()?;
    /// tracing::dispatcher::with_default(&dispatch, || {
    ///     tracing::info!("mail to jo@example.com");
    /// });
    /// assert_eq!(telemetry.counts().redacted(), 1);
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok::<(), civic::TelemetryError>(())
    /// ```
    pub fn build(self) -> Result<(Dispatch, Telemetry), TelemetryError> {
        let (dispatch, telemetry, _) = self.assemble()?;
        Ok((dispatch, telemetry))
    }

    fn assemble(self) -> Result<(Dispatch, Telemetry, Output), TelemetryError> {
        let directives = self
            .filter
            .or_else(|| env::var("RUST_LOG").ok())
            .filter(|directives| !directives.trim().is_empty());
        let filter = guarded_filter(directives.as_deref().unwrap_or("info"))
            .map_err(TelemetryError::filter)?;
        let (output, flush) = Output::open(self.place, self.batching)?;
        let layers = lines(self.form, &self.redactor, self.error_code, output.clone());
        #[cfg(feature = "otel")]
        let (layers, traces) = self.traces.start(self.service, &self.redactor, layers);
        let mut subscriber = tracing_subscriber::registry()
            .with(layers)
            .with(filter)
            .redacted(self.redactor.clone());
        if let Some(code) = self.error_code {
            subscriber = subscriber.error_code(code);
        }
        if let Some(tell) = self.on_redaction {
            subscriber = subscriber.on_redaction(TELL_EVERY, tell);
        }
        let counts = subscriber.counts();
        #[cfg(feature = "metrics")]
        let sources = {
            let mut sources = self.sources;
            sources.add(counts.clone());
            sources.exposition().map_err(TelemetryError::metrics)?;
            sources
        };
        let telemetry = Telemetry {
            counts,
            #[cfg(feature = "metrics")]
            sources,
            redactor: self.redactor,
            #[cfg(feature = "otel")]
            _traces: traces,
            _flush: flush,
        };
        Ok((Dispatch::new(subscriber), telemetry, output))
    }
}

fn lines(
    form: Form,
    redactor: &Redactor,
    error_code: Option<ErrorCode>,
    output: Output,
) -> BoxedLayer {
    let set = match form {
        Form::Json(set) => set,
        Form::Text => return TextLayer::new(redactor.clone()).with_writer(output).boxed(),
    };
    let mut layer = set(JsonLayer::new(redactor.clone()));
    if let Some(code) = error_code {
        layer = layer.error_code(code);
    }
    #[cfg(feature = "otel")]
    let layer = layer.trace_ids(crate::traces::ids);
    layer.with_writer(output).boxed()
}

impl fmt::Debug for TelemetryBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelemetryBuilder")
            .field("service", &self.service)
            .field("filter", &self.filter)
            .field("place", &self.place)
            .field("batching", &self.batching)
            .finish_non_exhaustive()
    }
}
