//! A layer that writes lines for people, for use while developing.

use std::any::TypeId;
use std::fmt::{self, Write as _};
use std::io;

use civic_pii::Redactor;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::Counts;
use crate::line::{self, Extras, Lines, SpanField, SpanText, SpanTexts, from_root, span_of};
use crate::reading::Reading;
use crate::slot::Slot;

/// Writes lines for people, without personal data: for a terminal while developing.
///
/// The line is `2026-11-25T10:11:12.123456Z  INFO apply{step="name"}: target: message key=value`. Control characters in
/// values are written as escapes, so that a value can neither begin a line of its own nor move the cursor. Redaction,
/// allocation and locks are as with [`JsonLayer`](crate::JsonLayer).
///
/// ```
/// use civic_pii::Policy;
/// use civic_tracing::TextLayer;
/// use tracing_subscriber::prelude::*;
///
/// tracing_subscriber::registry()
///     .with(TextLayer::new(Policy::default()))
///     .init();
///
/// tracing::info!(contact = "jo@example.com", "application received");
/// // 2026-11-25T10:11:12.123456Z  INFO service: application received contact="[EMAIL]"
/// ```
pub struct TextLayer<W = fn() -> io::Stdout> {
    lines: Lines<W>,
}

/// Settings of a line for people.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    has_time: bool,
    has_target: bool,
    has_colours: bool,
}

impl TextLayer {
    /// A layer that writes lines without colours to the standard output.
    ///
    /// Takes a [`Policy`](civic_pii::Policy) or a [`Redactor`].
    pub fn new(redactor: impl Into<Redactor>) -> Self {
        let style = line::Style::Text(Style {
            has_time: true,
            has_target: true,
            has_colours: false,
        });
        Self {
            lines: Lines::new(redactor.into(), style, io::stdout),
        }
    }
}

impl<W> TextLayer<W> {
    /// Writes to what `make_writer` makes: one call of `write_all` for each line.
    pub fn with_writer<W2>(self, make_writer: W2) -> TextLayer<W2>
    where
        W2: for<'w> MakeWriter<'w> + 'static,
    {
        TextLayer {
            lines: Lines {
                owner: self.lines.owner,
                make_writer,
            },
        }
    }

    /// Writes no time.
    #[must_use]
    pub fn without_time(self) -> Self {
        self.style(|style| style.has_time = false)
    }

    /// Whether the target is written. On unless set otherwise.
    #[must_use]
    pub fn with_target(self, is_on: bool) -> Self {
        self.style(|style| style.has_target = is_on)
    }

    /// Whether levels and names have colours. Off unless set otherwise; say on where a terminal reads.
    #[must_use]
    pub fn with_ansi(self, is_on: bool) -> Self {
        self.style(|style| style.has_colours = is_on)
    }

    /// A handle to the counts of what this layer removed.
    pub fn counts(&self) -> Counts {
        self.lines.owner.counts.clone()
    }

    fn style(mut self, change: impl FnOnce(&mut Style)) -> Self {
        self.lines.set(|owner| {
            if let Some(line::Style::Text(style)) = &mut owner.style {
                change(style);
            }
        });
        self
    }
}

impl<W> fmt::Debug for TextLayer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextLayer")
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

impl<S, W> Layer<S> for TextLayer<W>
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
        reason = "the default answers for this type alone, as this does"
    )]
    unsafe fn downcast_raw(&self, id: TypeId) -> Option<*const ()> {
        // A pointer to a value of the type that was asked for, which lives as long as `self`: it is `self`.
        (id == TypeId::of::<Self>()).then(|| std::ptr::from_ref(self).cast())
    }
}

/// Adds values to the text of a span.
pub(crate) fn write_span(span: &mut SpanText, _: &'static str, reading: &Reading<'_>) {
    let Some(known) = reading.known() else { return };
    for (field, slot) in known.metadata.fields().iter().zip(&reading.taken.slots) {
        if matches!(slot, Slot::Empty) {
            continue;
        }
        // What was recorded anew stands behind, and what was there before goes.
        if let Some(index) = span.fields.iter().position(|old| old.name == field.name()) {
            let old = span.fields.remove(index);
            let len = old.place.len();
            span.text.replace_range(old.place.clone(), "");
            for later in &mut span.fields[index..] {
                later.place = later.place.start - len..later.place.end - len;
            }
        }
        let start = span.text.len();
        write_field(field.name(), slot, reading, &mut span.text);
        span.fields.push(SpanField {
            name: field.name(),
            place: start..span.text.len(),
        });
    }
}

/// Writes the line of an event, with its end of line.
pub(crate) fn write_event<S>(
    style: &Style,
    line: &mut String,
    event: &Event<'_>,
    reading: &mut Reading<'_>,
    extras: &Extras,
    cx: &Context<'_, S>,
) where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let metadata = event.metadata();
    if style.has_time {
        reading.taken.clock.write(line);
        line.push(' ');
    }
    let colour = match *metadata.level() {
        Level::ERROR => "\x1b[31m",
        Level::WARN => "\x1b[33m",
        Level::INFO => "\x1b[32m",
        Level::DEBUG => "\x1b[34m",
        Level::TRACE => "\x1b[35m",
    };
    let level = metadata.level().as_str();
    let _ = if style.has_colours {
        write!(line, "{colour}{level:>5}\x1b[0m ")
    } else {
        write!(line, "{level:>5} ")
    };
    if let Some(leaf) = span_of(event, cx) {
        from_root(&leaf, 0, &mut |span| {
            line.push_str(span.name());
            let extensions = span.extensions();
            let texts = extensions.get::<SpanTexts>();
            if let Some(text) = texts.and_then(|texts| texts.get(reading.owner.id()))
                && let Some(fields) = text.text.get(1..)
            {
                let _ = write!(line, "{{{fields}}}");
            }
            line.push(':');
        });
        line.push(' ');
    }
    let Some(known) = reading.known() else { return };
    if style.has_target {
        let target = known.log.and_then(|log| reading.text(log.target));
        escaped(target.unwrap_or(metadata.target()), line);
        line.push_str(": ");
    }
    let message = metadata
        .fields()
        .field("message")
        .map(|field| field.index());
    if let Some(text) = message.and_then(|index| reading.text(index)) {
        escaped(text, line);
        line.push(' ');
    }
    line.pop();
    for (field, slot) in metadata.fields().iter().zip(&reading.taken.slots) {
        let is_of_log = known.log.is_some() && field.name().starts_with("log.");
        if !matches!(slot, Slot::Empty) && Some(field.index()) != message && !is_of_log {
            write_field(field.name(), slot, reading, line);
        }
    }
    if let Some(code) = extras.error_code {
        let _ = write!(line, " error.code={code}");
    }
    line.push('\n');
}

/// Writes a field with a space before it.
fn write_field(name: &str, slot: &Slot, reading: &Reading<'_>, to: &mut String) {
    let buffers = &reading.taken.buffers;
    to.push(' ');
    to.push_str(name.strip_prefix("r#").unwrap_or(name));
    to.push('=');
    let _ = match slot {
        Slot::Empty | Slot::Error(_) => Ok(()),
        Slot::I64(value) => write!(to, "{value}"),
        Slot::U64(value) => write!(to, "{value}"),
        Slot::I128(value) => write!(to, "{value}"),
        Slot::U128(value) => write!(to, "{value}"),
        Slot::F64(value) => write!(to, "{value:?}"),
        Slot::Bool(value) => write!(to, "{value}"),
        Slot::Text(place) => write!(to, "{:?}", buffers.text(*place)),
        Slot::Formatted(place) => {
            escaped(buffers.text(*place), to);
            Ok(())
        }
        Slot::Bytes(range) => {
            write!(to, "b\"{}\"", buffers.bytes(range).escape_ascii())
        }
    };
}

/// Writes a text whose control characters are escaped.
fn escaped(text: &str, to: &mut String) {
    for char in text.chars() {
        if char.is_control() {
            to.extend(char.escape_default());
        } else {
            to.push(char);
        }
    }
}
