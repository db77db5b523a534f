//! Every door into an event, every layout of the sink; the canary is looked for in the bytes.

use civic_pii::Redactor;
use civic_tracing::RedactExt;
use tracing::{Subscriber, error, info, info_span};
use tracing_subscriber::prelude::*;

use crate::{EMAIL, NINO, Sink, errors::Failed, json_lines};

#[derive(Debug)]
#[expect(dead_code, reason = "read by Debug only")]
struct Form {
    nino: &'static str,
    contact: Option<&'static str>,
}

fn form() -> Form {
    Form {
        nino: NINO,
        contact: Some(EMAIL),
    }
}

fn log_through_every_door() {
    let span = info_span!("apply", contact = EMAIL, late = tracing::field::Empty);
    let _entered = span.enter();
    span.record("late", NINO);
    let form = form();
    info!("literal");
    info!("text with {NINO} and {EMAIL}");
    info!(?form, "debug");
    info!(%NINO, "display");
    info!(detail = NINO, other = EMAIL, "strings");
    info!(detail = NINO.as_bytes(), "bytes");
    info!(url = format!("/apply?contact={EMAIL}"), "url");
    error!(
        error = &Failed::with_canaries() as &dyn std::error::Error,
        "failed"
    );
    let inner = info_span!(parent: None, "root", detail = %NINO);
    info!(parent: &inner, detail = NINO, "explicit parent");
    info!(parent: None, detail = NINO, "no parent");
}

fn check<S: Subscriber + Send + Sync>(make: impl FnOnce(Sink) -> S) {
    let sink = Sink::default();
    let stack = make(sink.clone()).redacted(Redactor::new());
    tracing::subscriber::with_default(stack, log_through_every_door);
    let text = sink.without_canaries();
    // The hexadecimal form in which `fmt` prints bytes.
    assert!(!text.contains("41 42 31 32"), "{text}");
    assert!(text.matches("[NINO]").count() >= 8, "{text}");
    assert!(text.matches("[EMAIL]").count() >= 8, "{text}");
    assert!(text.contains("literal"), "{text}");
}

#[test]
fn json() {
    check(|sink| {
        tracing_subscriber::registry().with(
            tracing_subscriber::fmt::layer()
                .json()
                .with_writer(sink)
                .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL),
        )
    });
}

#[test]
fn text() {
    check(|sink| {
        tracing_subscriber::fmt()
            .with_ansi(true)
            .with_writer(sink)
            .finish()
    });
}

#[test]
fn compact_text() {
    check(|sink| {
        tracing_subscriber::fmt()
            .compact()
            .with_writer(sink)
            .finish()
    });
}

#[test]
fn pretty_text() {
    check(|sink| {
        tracing_subscriber::fmt()
            .pretty()
            .with_writer(sink)
            .finish()
    });
}

#[test]
fn two_layers_that_share_a_span_cache() {
    // `fmt` keeps a span's formatted fields by the type of the formatter; a raw layer would leak through it.
    let (first, second) = (Sink::default(), Sink::default());
    let stack = tracing_subscriber::registry()
        .with(
            tracing_subscriber::fmt::layer()
                .json()
                .with_writer(first.clone()),
        )
        .with(
            tracing_subscriber::fmt::layer()
                .json()
                .with_writer(second.clone()),
        )
        .redacted(Redactor::new());
    tracing::subscriber::with_default(stack, log_through_every_door);
    assert!(first.without_canaries().contains("[NINO]"));
    assert!(second.without_canaries().contains("[NINO]"));
}

#[test]
fn a_line_that_holds_nothing_personal_stays_as_it_was() {
    fn log() {
        let span = info_span!("request", method = "POST", status = 200_u64, ratio = 0.5);
        let _entered = span.enter();
        info!(rows = 3, cached = true, took = ?std::time::Duration::from_millis(12), "served");
    }
    let plain = Sink::default();
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .without_time()
        .with_writer(plain.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);

    let redacted = Sink::default();
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .without_time()
        .with_writer(redacted.clone());
    let stack = tracing_subscriber::registry()
        .with(layer)
        .redacted(Redactor::new());
    tracing::subscriber::with_default(stack, log);

    assert!(plain.text().contains("served"));
    assert_eq!(plain.text(), redacted.text());
}

#[test]
fn every_json_line_is_valid_json() {
    let lines = json_lines(log_through_every_door);
    assert_eq!(lines.lines().count(), 10);
    for line in lines.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
}
