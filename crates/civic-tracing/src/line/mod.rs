//! What layers that write lines have in common: when to read, whom to trust, where span fields are kept, one write per line.

mod clock;
mod span;

use std::any::TypeId;
use std::fmt;
use std::io::Write as _;
use std::sync::Arc;

use civic_pii::Redactor;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Subscriber};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

use crate::clean::Outcome;
use crate::handed::{Handed, known_of};
use crate::json;
use crate::owner::{ErrorCode, Owner};
use crate::reading::{Mode, Reading};
use crate::text_layer;

pub(crate) use clock::Clock;
pub(crate) use span::{SpanField, SpanText, SpanTexts};

/// How lines are written.
#[derive(Clone, Debug)]
pub(crate) enum Style {
    Json(json::Style),
    Text(text_layer::Style),
}

/// Writes lines in some style.
pub(crate) struct Lines<W> {
    pub(crate) owner: Arc<Owner>,
    pub(crate) make_writer: W,
}

/// What a line says beside the values of its event.
#[derive(Debug)]
pub(crate) struct Extras {
    pub(crate) outcome: Outcome,
    pub(crate) error_code: Option<&'static str>,
    /// Memory for the names of fields that the line has already.
    pub(crate) names: Vec<&'static str>,
}

impl<W> Lines<W> {
    pub(crate) fn new(redactor: Redactor, style: Style, make_writer: W) -> Self {
        let mut owner = Owner::new(redactor);
        owner.style = Some(style);
        Self {
            owner: Arc::new(owner),
            make_writer,
        }
    }

    /// Changes a setting. What was remembered of callsites under the old one is forgotten.
    pub(crate) fn set(&mut self, change: impl FnOnce(&mut Owner)) {
        let mut owner = self.owner.renewed();
        change(&mut owner);
        self.owner = Arc::new(owner);
    }

    pub(crate) fn on_new_span<S>(&self, span: &Attributes<'_>, id: &Id, cx: &Context<'_, S>)
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let Some(place) = cx.span(id) else { return };
        let handed = known_of(span);
        let metadata = span.metadata();
        let reading = Reading::of(&self.owner, Some(metadata), mode(handed), |v| {
            span.record(v);
        });
        let mut text = SpanText::default();
        self.add(&mut text, metadata.name(), &reading, handed);
        drop(reading);
        let mut extensions = place.extensions_mut();
        match extensions.get_mut::<SpanTexts>() {
            Some(texts) => texts.set(self.owner.id(), text),
            None => extensions.insert(SpanTexts::new(self.owner.id(), text)),
        }
    }

    pub(crate) fn on_record<S>(&self, id: &Id, values: &Record<'_>, cx: &Context<'_, S>)
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let Some(place) = cx.span(id) else { return };
        let handed = known_of(values);
        let reading = Reading::of(&self.owner, None, mode(handed), |v| values.record(v));
        let mut extensions = place.extensions_mut();
        if let Some(text) = extensions
            .get_mut::<SpanTexts>()
            .and_then(|texts| texts.get_mut(self.owner.id()))
        {
            self.add(text, place.name(), &reading, handed);
        }
        // What it tells of a redaction may log, and that reads the extensions.
        drop(extensions);
    }

    /// Adds values to the text of a span.
    fn add(
        &self,
        text: &mut SpanText,
        name: &'static str,
        reading: &Reading<'_>,
        handed: Option<Handed>,
    ) {
        reading.count();
        text.outcome
            .merge(handed.map_or(reading.outcome, |handed| handed.outcome));
        match &self.owner.style {
            Some(Style::Json(style)) => json::write_span(style, text, name, reading),
            Some(Style::Text(_)) | None => text_layer::write_span(text, name, reading),
        }
    }

    pub(crate) fn on_event<S>(&self, event: &Event<'_>, cx: &Context<'_, S>)
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
        W: for<'w> MakeWriter<'w>,
    {
        let handed = known_of(event);
        let mut reading = Reading::of_event(&self.owner, event, mode(handed));
        reading.count();
        let extras = Extras {
            outcome: handed.map_or(reading.outcome, |handed| handed.outcome),
            error_code: reading
                .error_code
                .or_else(|| handed.and_then(|handed| handed.error_code)),
            names: std::mem::take(&mut reading.taken.names),
        };
        let mut line = std::mem::take(&mut reading.taken.line);
        line.clear();
        match &self.owner.style {
            Some(Style::Json(style)) => {
                json::write_event(style, &mut line, event, &mut reading, extras, cx);
            }
            Some(Style::Text(style)) => {
                text_layer::write_event(style, &mut line, event, &mut reading, &extras, cx);
            }
            None => {}
        }
        // Nobody can be told that a log could not be written; a writer that matters counts that itself.
        let _ = self
            .make_writer
            .make_writer_for(event.metadata())
            .write_all(line.as_bytes());
        reading.taken.line = line;
    }

    /// What a subscriber above looks for here.
    pub(crate) fn downcast_raw(&self, id: TypeId) -> Option<*const ()> {
        let code = self.owner.error_code.as_ref()?;
        (id == TypeId::of::<ErrorCode>()).then(|| std::ptr::from_ref(code).cast())
    }
}

impl<W> fmt::Debug for Lines<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lines")
            .field("style", &self.owner.style)
            .field("counts", &self.owner.counts)
            .finish_non_exhaustive()
    }
}

fn mode(handed: Option<Handed>) -> Mode {
    if handed.is_some() {
        Mode::Trust
    } else {
        Mode::Write
    }
}

/// The span that an event belongs to.
pub(crate) fn span_of<'a, S>(event: &Event<'_>, cx: &'a Context<'_, S>) -> Option<SpanRef<'a, S>>
where
    S: Subscriber + for<'b> LookupSpan<'b>,
{
    if event.is_contextual() {
        cx.lookup_current()
    } else {
        event.parent().and_then(|id| cx.span(id))
    }
}

/// Deepest nesting of spans that is followed by recursion; behind it memory is allocated.
const DEEP: usize = 64;

/// Calls `each` for a span and those around it, from the root on.
///
/// What the registry has for this allocates.
#[inline]
pub(crate) fn from_root<S>(
    span: &SpanRef<'_, S>,
    depth: usize,
    each: &mut impl FnMut(&SpanRef<'_, S>),
) where
    S: for<'a> LookupSpan<'a>,
{
    if depth == DEEP {
        span.scope().from_root().for_each(|span| each(&span));
        return;
    }
    if let Some(parent) = span.parent() {
        from_root(&parent, depth + 1, each);
    }
    each(span);
}

#[cfg(test)]
mod tests {
    use std::io;

    use civic_pii::Redactor;
    use tracing::{info, info_span};
    use tracing_subscriber::prelude::*;

    use crate::clean::tests::scans;
    use crate::{JsonLayer, RedactExt};

    fn layer() -> JsonLayer<fn() -> io::Sink> {
        JsonLayer::new(Redactor::new()).with_writer(io::sink)
    }

    /// How often values are looked at for what is logged here.
    fn scans_of_a_span_and_an_event(stack: impl Into<tracing::Dispatch>) -> u32 {
        tracing::dispatcher::with_default(&stack.into(), || {
            let before = scans();
            let span = info_span!("span", detail = "clean", late = tracing::field::Empty);
            span.record("late", "clean");
            span.in_scope(|| info!(detail = "clean", "event"));
            scans() - before
        })
    }

    #[test]
    fn under_a_redacting_subscriber_text_is_scanned_once() {
        let alone = tracing_subscriber::registry().with(layer());
        assert_eq!(scans_of_a_span_and_an_event(alone), 3);
        let under = tracing_subscriber::registry().with(layer());
        let under = under.redacted(Redactor::new());
        assert_eq!(scans_of_a_span_and_an_event(under), 3);
        let two = tracing_subscriber::registry().with(layer()).with(layer());
        assert_eq!(scans_of_a_span_and_an_event(two), 6);
        let two = tracing_subscriber::registry().with(layer()).with(layer());
        let two = two.redacted(Redactor::new());
        assert_eq!(scans_of_a_span_and_an_event(two), 3);
    }
}
