//! The layer for people.

use civic_pii::Redactor;
use civic_tracing::{RedactExt, TextLayer};
use tracing::field::Empty;
use tracing::{error, info, info_span, warn};
use tracing_subscriber::prelude::*;

use crate::{EMAIL, NINO, Sink};

fn log() {
    let span = info_span!("apply", step = "name", late = Empty, contact = EMAIL);
    span.record("late", 1);
    span.record("late", 2);
    let _entered = span.enter();
    warn!(detail = NINO, n = 1.5, took = ?Some(1), r#type = true, bytes = &b"a\n"[..], "served\x1b[2J\nINFO forged");
    info_span!("bare").in_scope(|| error!(error = %"failed"));
}

const EXPECTED: [&str; 2] = [
    r#" WARN apply{step="name" contact="[EMAIL]" late=2}: json::text: served\u{1b}[2J\nINFO forged detail="[NINO]" n=1.5 took=Some(1) type=true bytes=b"a\n""#,
    r#"ERROR apply{step="name" contact="[EMAIL]" late=2}:bare: json::text: error=failed"#,
];

#[test]
fn lines_are_as_documented_and_hold_nothing() {
    for is_under in [false, true] {
        let sink = Sink::default();
        let layer = TextLayer::new(Redactor::new())
            .without_time()
            .with_writer(sink.clone());
        let stack = tracing_subscriber::registry().with(layer);
        if is_under {
            tracing::subscriber::with_default(stack.redacted(Redactor::new()), log);
        } else {
            tracing::subscriber::with_default(stack, log);
        }
        assert_eq!(sink.lines(), EXPECTED);
    }
}

#[test]
fn settings() {
    let sink = Sink::default();
    let layer = TextLayer::new(Redactor::new())
        .with_target(false)
        .with_ansi(true)
        .with_writer(sink.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        info!("plain");
    });
    let line = &sink.lines()[0];
    let (time, rest) = line.split_once(' ').unwrap();
    assert!(time.len() == 27 && time.ends_with('Z'), "{line}");
    assert_eq!(rest, "\x1b[32m INFO\x1b[0m plain");
}
