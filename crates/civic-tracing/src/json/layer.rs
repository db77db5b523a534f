//! The layer, and its settings.

use std::any::TypeId;
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use civic_pii::Redactor;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{Extensions, LookupSpan};

use super::style::{Shape, Style, TraceIds};
use crate::Counts;
use crate::line::{self, Lines};
use crate::owner::ErrorCode;
use crate::report::{Redaction, Report};

/// Writes JSON lines without personal data, quicker than lines that are not redacted elsewhere.
///
/// Each value is formatted once, all values of an event are looked at together, and the line is written by one call of
/// [`Write::write_all`](std::io::Write::write_all). A line whose values hold nothing to redact allocates nothing once its
/// thread is warm, and takes no lock but that of the writer.
///
/// It protects its own output; other layers beside it see what was logged. Put
/// [`redacted`](crate::RedactExt::redacted) around the stack to protect all: this layer notices, and does not scan again
/// what was cleaned there.
///
/// ```
/// use civic_pii::Policy;
/// use civic_tracing::JsonLayer;
/// use tracing_subscriber::prelude::*;
///
/// tracing_subscriber::registry()
///     .with(JsonLayer::new(Policy::default()).with_receipts(true))
///     .init();
///
/// tracing::info!(contact = "jo@example.com", "application received");
/// // {"timestamp":"..","level":"INFO","fields":{"message":"application received","contact":"[EMAIL]"},
/// //  "target":"..","redacted":["email"]}
/// ```
///
/// # The default line
///
/// Unless set otherwise it is that of `tracing_subscriber::fmt().json()`, byte for byte, so that whatever reads your logs
/// goes on reading them. That includes what is wrong there: an event with an explicit parent is listed under the spans that
/// happen to be entered, and one that is said to have no parent is given the current span.
/// [`with_true_parents`](Self::with_true_parents) puts that right. The other shapes have it right from the start, and they
/// carry receipts.
///
/// # Limits
///
/// A value longer than [`MAX_VALUE_BYTES`](crate::MAX_VALUE_BYTES) is scanned whole, then cut. Integers of 128 bits are
/// written as strings. Targets, names of spans and names of fields are part of the code and not scanned; the target of a
/// record of the `log` crate is a value, and is.
pub struct JsonLayer<W = fn() -> io::Stdout> {
    lines: Lines<W>,
}

impl JsonLayer {
    /// A layer that writes lines such as those of `fmt().json()` to the standard output.
    ///
    /// Takes a [`Policy`](civic_pii::Policy) or a [`Redactor`].
    pub fn new(redactor: impl Into<Redactor>) -> Self {
        let style = line::Style::Json(Style::new(Shape::Subscriber));
        Self {
            lines: Lines::new(redactor.into(), style, io::stdout),
        }
    }
}

impl<W> JsonLayer<W> {
    /// Writes to what `make_writer` makes: one call of `write_all` for each line.
    pub fn with_writer<W2>(self, make_writer: W2) -> JsonLayer<W2>
    where
        W2: for<'w> MakeWriter<'w> + 'static,
    {
        JsonLayer {
            lines: Lines {
                owner: self.lines.owner,
                make_writer,
            },
        }
    }

    /// All fields at the top, those of spans with them: `{"timestamp":..,"level":..,"target":..,"message":..,"span":..}`.
    ///
    /// Where a span and its event have the same field, the event's is written, and of two spans that of the inner one. A
    /// field that is called as something that the line has anyway, such as `level`, becomes `fields.level`. This and the
    /// other shapes replace what was set of a line's layout before, so choose one first.
    #[must_use]
    pub fn flat(self) -> Self {
        self.shaped(Shape::Flat)
    }

    /// Named as in the data model of OpenTelemetry: `Timestamp`, `SeverityText`, `SeverityNumber`, `Body`, `Attributes`,
    /// `TraceId`, `SpanId`.
    #[must_use]
    pub fn opentelemetry(self) -> Self {
        self.shaped(Shape::OpenTelemetry)
    }

    /// As the Elastic Common Schema has it: `@timestamp`, `log.level`, `message`, `ecs.version`; fields stand in `labels`.
    #[must_use]
    pub fn ecs(self) -> Self {
        self.shaped(Shape::Ecs)
    }

    /// As Logstash expects it, and GOV.UK's services write it: `@timestamp`, `@version`, `message`, `level`, `tags`; all
    /// fields at the top.
    #[must_use]
    pub fn gov_uk(self) -> Self {
        self.shaped(Shape::GovUk)
    }

    /// Whether a line lists what was removed from it: `"redacted":["nino","email"]`, and how many values were cut or dropped.
    ///
    /// The list proves a redaction, the marker in the text does not: anybody can write a marker. A line from which nothing
    /// was removed has no such list. Off for the default shape.
    #[must_use]
    pub fn with_receipts(self, is_on: bool) -> Self {
        self.style(|style| style.has_receipts = is_on)
    }

    /// Whether an event is listed under its own spans also when it was given a parent, or none, explicitly.
    ///
    /// Off for the default shape, which does as `fmt().json()` does.
    #[must_use]
    pub fn with_true_parents(self, is_on: bool) -> Self {
        self.style(|style| style.has_true_parents = is_on)
    }

    /// Whether the fields of an event stand at the top and not in an object; for the default shape.
    #[must_use]
    pub fn flatten_event(self, is_on: bool) -> Self {
        self.style(|style| style.is_flat = is_on && style.shape == Shape::Subscriber)
    }

    /// Writes no time, for what stamps the lines itself.
    #[must_use]
    pub fn without_time(self) -> Self {
        self.style(|style| style.has_time = false)
    }

    /// Whether the target is written. On unless set otherwise.
    #[must_use]
    pub fn with_target(self, is_on: bool) -> Self {
        self.style(|style| style.has_target = is_on)
    }

    /// Whether the source file is written.
    #[must_use]
    pub fn with_file(self, is_on: bool) -> Self {
        self.style(|style| style.has_file = is_on)
    }

    /// Whether the line of the log call is written.
    #[must_use]
    pub fn with_line_number(self, is_on: bool) -> Self {
        self.style(|style| style.has_line = is_on)
    }

    /// Whether the name of the thread is written.
    #[must_use]
    pub fn with_thread_names(self, is_on: bool) -> Self {
        self.style(|style| style.has_thread_name = is_on)
    }

    /// Whether the number of the thread is written.
    #[must_use]
    pub fn with_thread_ids(self, is_on: bool) -> Self {
        self.style(|style| style.has_thread_id = is_on)
    }

    /// Whether the span of the event is written: as an object in the default shape, by its name in the others.
    #[must_use]
    pub fn with_current_span(self, is_on: bool) -> Self {
        self.style(|style| style.has_current_span = is_on)
    }

    /// Whether all spans around the event are listed; for the default shape.
    #[must_use]
    pub fn with_span_list(self, is_on: bool) -> Self {
        self.style(|style| style.has_span_list = is_on)
    }

    /// Writes the name of the service on each line.
    #[must_use]
    pub fn with_service(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.style(|style| style.service = Some(name))
    }

    /// Writes these tags on each line.
    #[must_use]
    pub fn with_tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        let tags = tags.into_iter().map(Into::into).collect();
        self.style(|style| style.tags = tags)
    }

    /// Writes the trace and span of an event, as read from what another layer keeps in its span.
    ///
    /// The function is called for each event in a span, and must not log.
    #[must_use]
    pub fn trace_ids(self, of: fn(&Extensions<'_>) -> Option<TraceIds>) -> Self {
        self.style(|style| style.trace_ids = Some(of))
    }

    /// Writes `error.code` on the line of an event that carries an error with a code.
    ///
    /// A subscriber of ours around the stack finds the function here, and asks it before it rebuilds the error.
    ///
    /// ```
    /// use std::error::Error;
    /// use std::io;
    ///
    /// use civic_pii::Redactor;
    /// use civic_tracing::JsonLayer;
    ///
    /// fn code(error: &(dyn Error + 'static)) -> Option<&'static str> {
    ///     error.downcast_ref::<io::Error>().map(|_| "IO-1")
    /// }
    /// let layer = JsonLayer::new(Redactor::new()).error_code(code);
    /// # drop(layer);
    /// ```
    #[must_use]
    pub fn error_code(mut self, of: fn(&(dyn Error + 'static)) -> Option<&'static str>) -> Self {
        self.lines
            .set(|owner| owner.error_code = Some(ErrorCode(of)));
        self
    }

    /// Calls `tell` when an event or a span held personal data: at most once in so long for each place in the code.
    ///
    /// Under a [`RedactingSubscriber`](crate::RedactingSubscriber) nothing is left to tell of: set it there.
    #[must_use]
    pub fn on_redaction(
        mut self,
        every: Duration,
        tell: impl Fn(&Redaction<'_>) + Send + Sync + 'static,
    ) -> Self {
        let tell = Arc::new(tell);
        self.lines
            .set(|owner| owner.report = Some(Report { every, tell }));
        self
    }

    /// A handle to the counts of what this layer removed; under a
    /// [`RedactingSubscriber`](crate::RedactingSubscriber) its own handle counts.
    pub fn counts(&self) -> Counts {
        self.lines.owner.counts.clone()
    }

    fn shaped(self, shape: Shape) -> Self {
        self.style(|style| *style = style.reshaped(shape))
    }

    fn style(mut self, change: impl FnOnce(&mut Style)) -> Self {
        self.lines.set(|owner| {
            if let Some(line::Style::Json(style)) = &mut owner.style {
                change(style);
            }
        });
        self
    }
}

impl<W> fmt::Debug for JsonLayer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLayer")
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

impl<S, W> Layer<S> for JsonLayer<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_new_span(&self, span: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        self.lines.on_new_span(span, id, &cx);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, cx: Context<'_, S>) {
        self.lines.on_record(id, values, &cx);
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        self.lines.on_event(event, &cx);
    }

    #[expect(
        unsafe_code,
        reason = "a subscriber above finds the function for codes of errors through this"
    )]
    unsafe fn downcast_raw(&self, id: TypeId) -> Option<*const ()> {
        // Both are pointers to a value of the type that was asked for. It lives as long as `self`: the settings are behind
        // an `Arc` that `self` holds and replaces only by value.
        if id == TypeId::of::<Self>() {
            return Some(std::ptr::from_ref(self).cast());
        }
        self.lines.downcast_raw(id)
    }
}
