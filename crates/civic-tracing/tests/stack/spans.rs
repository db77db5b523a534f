//! Spans: their fields, late records, `#[instrument]`, parents.

use std::sync::{Arc, Mutex};

use civic_pii::Redactor;
use civic_tracing::{RedactExt, RedactingSubscriber};
use serde_json::Value;
use tracing::field::Empty;
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber, info, info_span, instrument};
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

use crate::errors::Failed;
use crate::{EMAIL, NINO, json_lines, recorded};

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn span_fields_and_late_records_are_redacted() {
    let text = json_lines(|| {
        let span = info_span!("apply", detail = NINO, late = Empty, other = Empty, n = 1);
        span.record("late", EMAIL);
        span.record("other", 5_u64);
        // A field that the span does not have is left out, as without redaction.
        span.record("unknown", NINO);
        let _entered = span.enter();
        info!("inside");
    });
    let line = &lines(&text)[0];
    assert_eq!(
        line["span"],
        serde_json::json!({"name": "apply", "detail": "[NINO]", "late": "[EMAIL]", "other": 5, "n": 1})
    );
}

#[test]
fn a_record_touches_no_other_field() {
    let (recorder, _) = recorded(|| {
        let span = info_span!("apply", a = 1, b = Empty, c = Empty);
        span.record("c", NINO);
    });
    assert_eq!(recorder.value("a"), ("i64", "1".to_owned()));
    assert_eq!(recorder.value("c"), ("str", "[NINO]".to_owned()));
    assert_eq!(recorder.seen().len(), 2);
}

#[instrument(ret, err)]
fn lookup(detail: &str, fail: bool) -> Result<String, Failed> {
    info!("looking up");
    if fail {
        Err(Failed::with_canaries())
    } else {
        Ok(format!("found {detail}"))
    }
}

#[test]
fn instrument_with_ret_and_err_is_redacted() {
    let text = json_lines(|| {
        lookup(NINO, false).unwrap();
        lookup(EMAIL, true).unwrap_err();
    });
    let lines = lines(&text);
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["span"]["detail"], "[NINO]");
    assert_eq!(lines[1]["fields"]["return"], "\"found [NINO]\"");
    assert_eq!(lines[3]["fields"]["error"], "could not send to [EMAIL]");
    assert_eq!(lines[3]["level"], "ERROR");
}

/// The chain of span names that a layer finds for each event and each new span.
#[derive(Clone, Default)]
struct Parents(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Parents {
    fn on_new_span(&self, _: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let names: Vec<_> = cx
            .span_scope(id)
            .unwrap()
            .from_root()
            .map(|span| span.name())
            .collect();
        self.0.lock().unwrap().push(names.join("/"));
    }
    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let names: Vec<_> = cx
            .event_scope(event)
            .into_iter()
            .flat_map(tracing_subscriber::registry::Scope::from_root)
            .map(|span| span.name())
            .collect();
        let kind = match (event.is_root(), event.is_contextual()) {
            (true, false) => "root",
            (false, true) => "contextual",
            (false, false) => "explicit",
            (true, true) => "impossible",
        };
        self.0
            .lock()
            .unwrap()
            .push(format!("{} event {kind}", names.join("/")));
    }
    fn on_follows_from(&self, _: &Id, _: &Id, _: Context<'_, S>) {
        self.0.lock().unwrap().push("follows".to_owned());
    }
}

fn with_parents(log: impl FnOnce()) -> Vec<String> {
    let parents = Parents::default();
    let stack = tracing_subscriber::registry()
        .with(parents.clone())
        .redacted(Redactor::new());
    tracing::subscriber::with_default(stack, log);
    parents.0.lock().unwrap().clone()
}

#[test]
fn parents_are_kept() {
    let seen = with_parents(|| {
        let outer = info_span!("outer", detail = NINO);
        let other = info_span!("other", detail = NINO);
        let _entered = outer.enter();
        info!(detail = NINO, "here");
        info!(parent: &other, detail = NINO, "elsewhere");
        info!(parent: None, detail = NINO, "nowhere");
        let inner = info_span!("inner", detail = NINO);
        info_span!(parent: None, "alone", detail = NINO);
        info_span!(parent: &other, "child", detail = NINO);
        inner.follows_from(&other);
        // Without fields nothing is read, and parents are kept all the same.
        info_span!(parent: None, "bare");
        inner.in_scope(|| info_span!("bare"));
    });
    assert_eq!(
        seen,
        [
            "outer",
            "other",
            "outer event contextual",
            "other event explicit",
            " event root",
            "outer/inner",
            "alone",
            "other/child",
            "follows",
            "bare",
            "outer/inner/bare",
        ]
    );
}

/// Counts spans that are open.
#[derive(Clone, Default)]
struct Closed(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Closed {
    fn on_enter(&self, id: &Id, cx: Context<'_, S>) {
        let name = cx.span(id).unwrap().name();
        self.0.lock().unwrap().push(format!("enter {name}"));
    }
    fn on_exit(&self, id: &Id, cx: Context<'_, S>) {
        let name = cx.span(id).unwrap().name();
        self.0.lock().unwrap().push(format!("exit {name}"));
    }
    fn on_close(&self, id: Id, cx: Context<'_, S>) {
        let name = cx.span(&id).unwrap().name();
        self.0.lock().unwrap().push(format!("close {name}"));
    }
}

#[test]
fn spans_open_and_close_as_they_do_without_redaction() {
    let closed = Closed::default();
    let stack = tracing_subscriber::registry()
        .with(closed.clone())
        .redacted(Redactor::new());
    tracing::subscriber::with_default(stack, || {
        let span = info_span!("apply", detail = NINO);
        let second = span.clone();
        span.in_scope(|| {
            assert_eq!(tracing::Span::current().id(), span.id());
        });
        drop(span);
        drop(second);
    });
    assert_eq!(
        *closed.0.lock().unwrap(),
        ["enter apply", "exit apply", "close apply"]
    );
}

#[test]
fn the_stack_inside_can_be_found_by_type() {
    let stack = tracing_subscriber::registry()
        .with(Closed::default())
        .redacted(Redactor::new());
    let dispatch = tracing::Dispatch::new(stack);
    assert!(dispatch.downcast_ref::<Registry>().is_some());
    assert!(dispatch.downcast_ref::<Closed>().is_some());
    assert!(
        dispatch.is::<RedactingSubscriber<tracing_subscriber::layer::Layered<Closed, Registry>>>()
    );
    assert!(!dispatch.is::<Parents>());
}
