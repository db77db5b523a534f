//! Writes a line, from what is known of its callsite, the values that were read and the spans around.

use std::fmt::Write as _;

use tracing_core::{Event, Subscriber};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::escape::write_string;
use super::parts::{Parts, Site, foot, head, member, tail};
use super::scope;
use super::style::{Shape, Style};
use super::value::{Bytes, write_value};
use crate::line::Extras;
use crate::owner::{Known, LogFields};
use crate::reading::Reading;
use crate::slot::Slot;

/// An object that is being written: its first member has no comma before it.
#[derive(Debug)]
pub(super) struct Object {
    is_empty: bool,
}

impl Object {
    /// The object of the line itself, unless another was opened just now.
    pub(super) fn new(is_empty: bool) -> Self {
        Self { is_empty }
    }

    /// Writes a member's key, which comes with a comma.
    #[inline]
    pub(super) fn key(&mut self, key: &str, line: &mut String) {
        line.push_str(&key[usize::from(self.is_empty)..]);
        self.is_empty = false;
    }

    /// Writes the comma before a member, if there is one.
    #[inline]
    pub(super) fn comma(&mut self, line: &mut String) {
        if !self.is_empty {
            line.push(',');
        }
        self.is_empty = false;
    }
}

/// Writes the line of an event, with its end of line.
#[inline]
pub(crate) fn write_event<S>(
    style: &Style,
    line: &mut String,
    event: &Event<'_>,
    reading: &mut Reading<'_>,
    mut extras: Extras,
    cx: &Context<'_, S>,
) where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let names = style.names();
    line.push('{');
    if style.has_time {
        line.push('"');
        line.push_str(names.time);
        line.push_str("\":\"");
        reading.taken.clock.write(line);
        line.push('"');
    }
    let Some(known) = reading.known() else { return };
    let parts = &known.parts;
    let log = log_parts(style, event, known, reading);
    let (head, tail) = log
        .as_ref()
        .map_or((&parts.head, &parts.tail), |(head, tail)| (head, tail));
    line.push_str(&head[usize::from(!style.has_time)..]);

    let container = names.fields.filter(|_| !style.is_flat);
    let mut object = Object::new(container.is_some());
    hoisted(style, parts, reading, line);
    if let Some(name) = container {
        line.push_str(",\"");
        line.push_str(name);
        line.push_str("\":{");
    }
    fields(style, parts, reading, &mut object, line);
    match style.shape {
        Shape::Subscriber => {
            if container.is_some() {
                line.push('}');
            }
            line.push_str(tail);
            scope::write_spans(style, event, reading, &mut extras, cx, line);
            threads(style, line);
            foot(line, style);
            outcome(style, &extras, &mut Object::new(false), line);
        }
        Shape::OpenTelemetry => {
            let ids = scope::merge(style, event, reading, &mut extras, cx, &mut object, line);
            let mut rest = tail.clone();
            threads(style, &mut rest);
            if !rest.is_empty() {
                object.key(&rest, line);
            }
            outcome(style, &extras, &mut object, line);
            line.push('}');
            line.push_str(&ids);
        }
        Shape::Flat | Shape::Ecs | Shape::GovUk => {
            let ids = scope::merge(style, event, reading, &mut extras, cx, &mut object, line);
            if container.is_some() {
                line.push('}');
            }
            line.push_str(&ids);
            threads(style, line);
            outcome(style, &extras, &mut Object::new(false), line);
        }
    }
    line.push_str("}\n");
    extras.names.clear();
    reading.taken.names = extras.names;
}

/// The message, where it stands by itself.
fn hoisted(style: &Style, parts: &Parts, reading: &Reading<'_>, line: &mut String) {
    let workspace = &reading.taken;
    if let (Some(index), Some(name)) = (parts.message, style.names().message)
        && let Some(slot) = workspace.slots.get(index)
        && !matches!(slot, Slot::Empty)
    {
        line.push_str(",\"");
        line.push_str(name);
        line.push_str("\":");
        write_value(slot, &workspace.buffers, Bytes::Text, line);
    }
}

#[inline]
fn fields(
    style: &Style,
    parts: &Parts,
    reading: &Reading<'_>,
    object: &mut Object,
    line: &mut String,
) {
    let bytes = if style.shape == Shape::Subscriber {
        Bytes::Hexadecimal
    } else {
        Bytes::Text
    };
    let workspace = &reading.taken;
    for (slot, key) in workspace.slots.iter().zip(&parts.keys) {
        if !matches!(slot, Slot::Empty) && !key.is_empty() {
            object.key(key, line);
            write_value(slot, &workspace.buffers, bytes, line);
        }
    }
}

/// What stands before and behind the fields of a record of the `log` crate, which tells in its fields what its callsite is.
#[inline]
fn log_parts(
    style: &Style,
    event: &Event<'_>,
    known: &Known,
    reading: &Reading<'_>,
) -> Option<(String, String)> {
    let LogFields { target, file, line } = known.log?;
    let site = Site {
        level: event.metadata().level(),
        target: reading.text(target).unwrap_or("log"),
        file: reading.text(file),
        line: match reading.taken.slots.get(line) {
            Some(Slot::U64(line)) => u32::try_from(*line).ok(),
            _ => None,
        },
    };
    Some((head(style, site), tail(style, site)))
}

fn threads(style: &Style, line: &mut String) {
    if !style.has_thread_name && !style.has_thread_id {
        return;
    }
    let names = style.names();
    let thread = std::thread::current();
    if style.has_thread_name {
        match thread.name() {
            Some(name) => member(line, names.thread_name, name),
            // In place of the name, where the number is not written anyway.
            None if !style.has_thread_id => {
                member(line, names.thread_name, &format!("{:?}", thread.id()));
            }
            None => {}
        }
    }
    if style.has_thread_id {
        member(line, names.thread_id, &format!("{:?}", thread.id()));
    }
}

/// The code of an error, and what was removed from the line.
fn outcome(style: &Style, extras: &Extras, object: &mut Object, line: &mut String) {
    if let Some(code) = extras.error_code {
        object.key(",\"error.code\":", line);
        write_string(code, line);
    }
    if !style.has_receipts || extras.outcome.is_empty() {
        return;
    }
    let kinds = extras.outcome.receipt.kinds();
    if !kinds.is_empty() {
        object.key(",\"redacted\":", line);
        line.push('[');
        for (index, kind) in kinds.iter().enumerate() {
            line.push_str(if index > 0 { ",\"" } else { "\"" });
            line.push_str(kind.id());
            line.push('"');
        }
        line.push(']');
    }
    for (key, count) in [
        (",\"dropped\":", extras.outcome.receipt.failed()),
        (",\"cut\":", extras.outcome.cut),
    ] {
        if count > 0 {
            object.key(key, line);
            let _ = write!(line, "{count}");
        }
    }
}
