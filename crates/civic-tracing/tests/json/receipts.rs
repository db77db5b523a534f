//! What a line says of what was removed from it, and whom else is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use civic_pii::{Kind, Redactor};
use civic_tracing::{JsonLayer, MAX_VALUE_BYTES, RedactExt};
use serde_json::json;
use tracing::field::Empty;
use tracing::{info, info_span};
use tracing_subscriber::prelude::*;

use crate::{EMAIL, NINO, Sink, lines, values};

fn log() {
    info!(detail = NINO, "mail {EMAIL} and {EMAIL}");
    info!("clean, and a marker that a person typed: [NINO]");
    let span = info_span!("apply", contact = EMAIL, late = Empty);
    let _entered = span.enter();
    info!("in a span that held something");
    span.record("late", NINO);
    info!(n = 1);
}

#[track_caller]
fn check(lines: &[serde_json::Value]) {
    assert_eq!(lines[0]["redacted"], json!(["nino", "email"]));
    assert_eq!(lines[1].get("redacted"), None);
    assert_eq!(lines[2]["redacted"], json!(["email"]));
    assert_eq!(lines[3]["redacted"], json!(["nino", "email"]));
}

#[test]
fn a_line_lists_what_was_removed() {
    check(&values(|layer| layer.with_receipts(true), log));
    check(&values(JsonLayer::flat, log));
    check(&values(JsonLayer::gov_uk, log));
    check(&values(JsonLayer::ecs, log));
    let lines = values(JsonLayer::opentelemetry, log);
    let attributes: Vec<_> = lines
        .iter()
        .map(|line| line["Attributes"].clone())
        .collect();
    check(&attributes);
}

#[test]
fn under_a_subscriber_its_receipt_is_taken() {
    let sink = Sink::default();
    let layer = JsonLayer::new(Redactor::new()).with_receipts(true);
    let counts = layer.counts();
    let stack = tracing_subscriber::registry().with(layer.with_writer(sink.clone()));
    tracing::subscriber::with_default(stack.redacted(Redactor::new()), log);
    let lines: Vec<_> = sink
        .lines()
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    check(&lines);
    assert_eq!(
        counts.redacted(),
        0,
        "the subscriber counts, and nobody counts twice"
    );
}

#[test]
fn no_receipts_unless_asked_for() {
    for line in lines(|layer| layer, log) {
        assert!(!line.contains("\"redacted\""));
    }
    for line in lines(|layer| layer.flat().with_receipts(false), log) {
        assert!(!line.contains("\"redacted\""));
    }
}

#[test]
fn a_value_that_was_cut_is_counted_on_its_line() {
    let long = "long ".repeat(20_000) + EMAIL;
    let line = &values(JsonLayer::flat, || {
        info!(long = long.as_str(), clean = &long[..99_000], "cut");
    })[0];
    assert_eq!(
        (&line["cut"], &line["redacted"]),
        (&json!(2), &json!(["email"]))
    );
    let clean = line["clean"].as_str().unwrap();
    assert!(
        clean.ends_with(&format!(" [CUT {} bytes]", 99_000 - MAX_VALUE_BYTES)),
        "{}",
        &clean[clean.len() - 40..]
    );
}

#[test]
fn counts_tell_kinds_and_places() {
    let sink = Sink::default();
    let layer = JsonLayer::new(Redactor::new()).with_writer(sink);
    let counts = layer.counts();
    let first = line!() + 3;
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        for _ in 0..3 {
            info!(detail = NINO, "mail {EMAIL}");
        }
        info!(detail = NINO);
        info!("clean");
        tracing_log::format_trace(
            &log::Record::builder()
                .args(format_args!("of {NINO}"))
                .file(Some("src/elsewhere.rs"))
                .line(Some(7))
                .build(),
        )
        .unwrap();
    });
    assert_eq!(counts.by_kind(), [(Kind::Nino, 5), (Kind::Email, 3)]);
    let places = counts.by_place();
    let places: Vec<_> = places
        .iter()
        .map(|place| {
            (
                place.file.as_str(),
                place.line,
                place.events,
                place.by_kind.as_slice(),
            )
        })
        .collect();
    let both = [(Kind::Email, 3), (Kind::Nino, 3)];
    assert_eq!(
        places,
        [
            (file!(), first, 3, &both[..]),
            (file!(), first + 2, 1, &[(Kind::Nino, 1)]),
            ("src/elsewhere.rs", 7, 1, &[(Kind::Nino, 1)]),
        ]
    );
}

#[test]
fn a_callback_is_told_once_in_so_long_for_each_place() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&told);
    let sink = Sink::default();
    let stack = tracing_subscriber::registry()
        .with(JsonLayer::new(Redactor::new()).with_writer(sink.clone()))
        .redacted(Redactor::new())
        .on_redaction(Duration::from_millis(200), move |redaction| {
            assert!(redaction.file.unwrap().ends_with("receipts.rs"));
            let kinds: Vec<_> = redaction.receipt.kinds().iter().collect();
            keep.lock()
                .unwrap()
                .push((redaction.line.unwrap(), kinds, redaction.untold));
        });
    let often = |times: u32| {
        for _ in 0..times {
            info!(detail = NINO, "often");
        }
    };
    let counts = stack.counts();
    tracing::subscriber::with_default(stack, || {
        often(5);
        info!("mail {EMAIL}");
        std::thread::sleep(Duration::from_millis(250));
        often(1);
    });
    let told = told.lock().unwrap().clone();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!((&told[0].1[..], told[0].2), (&[Kind::Nino][..], 0));
    assert_eq!((&told[1].1[..], told[1].2), (&[Kind::Email][..], 0));
    assert_eq!((told[2].0, told[2].2), (told[0].0, 4));
    assert_eq!(counts.redacted(), 7);
    assert_eq!(sink.lines().len(), 7);
}
