//! The spans around an event, on its line.

use std::fmt::Write as _;
use std::ops::Range;

use tracing_core::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use super::escape::write_string;
use super::line::Object;
use super::parts::key;
use super::style::{Shape, Style};
use super::value::{Bytes, write_value};
use crate::line::{Extras, SpanField, SpanText, SpanTexts, from_root, span_of};
use crate::reading::Reading;
use crate::slot::Slot;

/// Adds values to the text of a span, and writes it anew.
pub(crate) fn write_span(
    style: &Style,
    span: &mut SpanText,
    name: &'static str,
    reading: &Reading<'_>,
) {
    let before = std::mem::take(span);
    span.outcome = before.outcome;
    let mut fields: Vec<(&'static str, Source<'_>)> = before
        .fields
        .iter()
        .map(|field| (field.name, Source::Before(before.field(field))))
        .collect();
    let metadata = reading.known().map(|known| known.metadata);
    let names = metadata.into_iter().flat_map(Metadata::fields);
    for (field, slot) in names.zip(&reading.taken.slots) {
        let Some(name) = name_in_span(style, field.name(), slot) else {
            continue;
        };
        match fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, source)) => *source = Source::Now(slot),
            None => fields.push((name, Source::Now(slot))),
        }
    }
    let is_object = style.shape == Shape::Subscriber;
    if is_object {
        fields.sort_by_key(|(name, _)| *name);
        span.text.push('{');
    }
    span.fields.reserve_exact(fields.len());
    let mut object = Object::new(is_object);
    for (name, source) in fields {
        object.comma(&mut span.text);
        let start = span.text.len();
        match source {
            Source::Before(text) => span.text.push_str(text),
            Source::Now(slot) => {
                span.text.push_str(&key(style, name)[1..]);
                let bytes = if is_object {
                    Bytes::Numbers
                } else {
                    Bytes::Text
                };
                write_value(slot, &reading.taken.buffers, bytes, &mut span.text);
            }
        }
        span.fields.push(SpanField {
            name,
            place: start..span.text.len(),
        });
    }
    if is_object {
        object.key(",\"name\":", &mut span.text);
        write_string(name, &mut span.text);
        span.text.push('}');
    }
}

/// Where a field of a span comes from.
enum Source<'a> {
    /// From the text as it was.
    Before(&'a str),
    Now(&'a Slot),
}

/// The name of a field that is written in a span; upstream treats those that were formatted as a case of their own.
fn name_in_span(style: &Style, name: &'static str, slot: &Slot) -> Option<&'static str> {
    let is_formatted = matches!(slot, Slot::Formatted(_) | Slot::Bytes(_) | Slot::Error(_));
    match slot {
        Slot::Empty => None,
        _ if style.shape != Shape::Subscriber => {
            (!name.starts_with("log.")).then(|| name.strip_prefix("r#").unwrap_or(name))
        }
        _ if is_formatted && name.starts_with("log.") => None,
        _ if is_formatted => Some(name.strip_prefix("r#").unwrap_or(name)),
        _ => Some(name),
    }
}

/// Writes the current span and the list of all, as upstream does, and its faults with it unless told otherwise.
#[inline]
pub(super) fn write_spans<S>(
    style: &Style,
    event: &Event<'_>,
    reading: &Reading<'_>,
    extras: &mut Extras,
    cx: &Context<'_, S>,
    line: &mut String,
) where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    if !style.has_current_span && !style.has_span_list && style.trace_ids.is_none() {
        return;
    }
    // Upstream takes the current span when an event is said to have none.
    let span = match span_of(event, cx) {
        None if !style.has_true_parents => cx.lookup_current(),
        span => span,
    };
    let Some(span) = span else { return };
    let owner = reading.owner.id();
    let mut ids = None;
    let mut written = None;
    if style.has_current_span {
        line.push_str(",\"span\":");
        let start = line.len();
        write_one(&span, owner, extras, line);
        written = Some(start..line.len());
    }
    if let Some(of) = style.trace_ids {
        ids = of(&span.extensions());
    }
    if style.has_span_list {
        line.push_str(",\"spans\":[");
        // Upstream lists the spans around the current one also when the event belongs to another.
        if style.has_true_parents || event.is_contextual() {
            write_list(&span, owner, written, extras, line);
        } else if let Some(current) = cx.lookup_current() {
            write_list(&current, owner, None, extras, line);
        }
        line.push(']');
    }
    trace_ids(style, ids, line);
}

/// Writes a span and those around it, from the root on; the span itself may stand on the line already.
#[inline]
fn write_list<S>(
    span: &SpanRef<'_, S>,
    owner: u64,
    written: Option<Range<usize>>,
    extras: &mut Extras,
    line: &mut String,
) where
    S: for<'a> LookupSpan<'a>,
{
    if let Some(parent) = span.parent() {
        from_root(&parent, 0, &mut |span| {
            write_one(span, owner, extras, line);
            line.push(',');
        });
    }
    match written {
        // What it holds was looked up a moment ago.
        Some(written) => line.extend_from_within(written),
        None => write_one(span, owner, extras, line),
    }
}

#[inline]
fn write_one<S>(span: &SpanRef<'_, S>, owner: u64, extras: &mut Extras, line: &mut String)
where
    S: for<'a> LookupSpan<'a>,
{
    let extensions = span.extensions();
    let texts = extensions.get::<SpanTexts>();
    let text = texts.and_then(|texts| texts.get(owner));
    write_object(text, span.name(), line);
    if let Some(text) = text
        && !text.outcome.is_empty()
    {
        extras.outcome.merge(text.outcome);
    }
}

#[inline]
fn write_object(text: Option<&SpanText>, name: &str, line: &mut String) {
    if let Some(text) = text {
        line.push_str(&text.text);
    } else {
        // A span from before this layer was there.
        line.push_str("{\"name\":");
        write_string(name, line);
        line.push('}');
    }
}

/// Writes the fields of all spans among those of the event, inner ones first: the event's own and the innermost win.
/// Returns the members that tell the trace.
pub(super) fn merge<S>(
    style: &Style,
    event: &Event<'_>,
    reading: &Reading<'_>,
    extras: &mut Extras,
    cx: &Context<'_, S>,
    object: &mut Object,
    line: &mut String,
) -> String
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let seen = &mut extras.names;
    let mut members = String::new();
    let Some(leaf) = span_of(event, cx) else {
        return members;
    };
    if style.has_current_span {
        object.key(",\"span\":", line);
        write_string(leaf.name(), line);
    }
    let own = event.metadata().fields().iter().zip(&reading.taken.slots);
    for (field, slot) in own {
        if !matches!(slot, Slot::Empty) {
            let name = field.name();
            seen.push(name.strip_prefix("r#").unwrap_or(name));
        }
    }
    let mut ids = None;
    for span in leaf.scope() {
        let extensions = span.extensions();
        if let (None, Some(of)) = (ids, style.trace_ids) {
            ids = of(&extensions);
        }
        let texts = extensions.get::<SpanTexts>();
        let Some(text) = texts.and_then(|texts| texts.get(reading.owner.id())) else {
            continue;
        };
        extras.outcome.merge(text.outcome);
        for field in &text.fields {
            if !seen.contains(&field.name) {
                seen.push(field.name);
                object.comma(line);
                line.push_str(text.field(field));
            }
        }
    }
    trace_ids(style, ids, &mut members);
    members
}

fn trace_ids(style: &Style, ids: Option<super::TraceIds>, line: &mut String) {
    if let Some(super::TraceIds { trace, span }) = ids {
        let names = style.names();
        let _ = write!(
            line,
            ",\"{}\":\"{trace:032x}\",\"{}\":\"{span:016x}\"",
            names.trace, names.span
        );
    }
}
