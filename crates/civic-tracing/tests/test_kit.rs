//! The test kit as a service's tests would use it.

#![cfg(feature = "test-util")]

use std::panic::{self, AssertUnwindSafe};
use std::thread;

use civic_tracing::RedactExt;
use civic_tracing::assert_no_personal_data;
use civic_tracing::test::{Capture, EntryKind, ForbidPersonalData, forbid_personal_data};
use tracing::{Level, info, info_span};
use tracing_subscriber::prelude::*;

const EMAIL: &str = "canary@example.com";

/// Text of the panic in `work`, or nothing.
fn panic_of(work: impl FnOnce()) -> Option<String> {
    let payload = panic::catch_unwind(AssertUnwindSafe(work)).err()?;
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| {
        payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
    })
}

#[test]
fn a_capture_keeps_what_this_thread_logs_as_it_was_logged() {
    let capture = Capture::start();
    info_span!("apply", rows = 3, late = tracing::field::Empty).in_scope(|| {
        tracing::Span::current().record("late", true);
        tracing::debug!(contact = EMAIL, "received");
    });
    let line = line!() - 2;
    thread::spawn(|| info!("another thread")).join().unwrap();

    let entries = capture.entries();
    let kinds: Vec<EntryKind> = entries
        .iter()
        .map(civic_tracing::test::Entry::kind)
        .collect();
    assert_eq!(
        kinds,
        [EntryKind::Span, EntryKind::Record, EntryKind::Event]
    );
    assert_eq!(entries[0].field("rows"), Some("3"));
    assert_eq!(entries[1].field("late"), Some("true"));
    let event = &capture.events()[0];
    assert_eq!(event.level(), Level::DEBUG);
    assert_eq!(event.target(), module_path!());
    assert_eq!(event.spans(), ["apply"]);
    assert_eq!(event.message(), Some("received"));
    assert_eq!(event.field("contact"), Some(EMAIL));
    assert!(
        event.place().ends_with(&format!("test_kit.rs:{line}")),
        "{}",
        event.place()
    );
    // It may be printed by a failing test.
    assert!(!format!("{capture:?} {event:?}").contains(EMAIL));
}

#[test]
fn the_assertion_names_place_field_and_kind_and_no_value() {
    let _capture = Capture::start();
    assert_no_personal_data!();
    info_span!("apply", nhs_number = 4_434_765_919_u64);
    info!(rows = 3, "mail to {EMAIL}");
    let line = line!() - 1;
    let text = panic_of(|| assert_no_personal_data!()).unwrap();
    assert!(text.contains("(span, target"), "{text}");
    assert!(text.contains("`nhs_number` holds nhs-number"), "{text}");
    assert!(
        text.contains(&format!("test_kit.rs:{line} (event")),
        "{text}"
    );
    assert!(text.contains("`message` holds email"), "{text}");
    assert!(
        !text.contains(EMAIL) && !text.contains("4434765919"),
        "{text}"
    );
}

#[test]
fn the_assertion_asks_for_a_capture_and_looks_at_texts() {
    let text = panic_of(|| assert_no_personal_data!()).unwrap();
    assert!(text.contains("Capture::start()"), "{text}");
    assert_no_personal_data!("There is a problem with the service");
    let page = format!("no answer for {EMAIL}");
    let text = panic_of(|| assert_no_personal_data!(page)).unwrap();
    assert_eq!(text, "the text holds email");
}

#[test]
fn captures_nest() {
    let outer = Capture::start();
    {
        let inner = Capture::start();
        info!("inner");
        assert_eq!(inner.events().len(), 1);
    }
    info!("outer");
    assert_eq!(outer.events().len(), 1);
    assert_no_personal_data!();
}

#[test]
fn forbidden_data_panics_at_the_log_call() {
    let guard = forbid_personal_data();
    info!(rows = 3, "nothing personal");
    let line = line!() + 1;
    let text = panic_of(|| info!(contact = EMAIL, "applied")).unwrap();
    assert!(text.contains(&format!("test_kit.rs:{line} ")), "{text}");
    assert!(text.contains("`contact` holds email"), "{text}");
    assert!(!text.contains(EMAIL), "{text}");
    // The panic was caught, as a runtime would, and the guard does not let it pass.
    let text = panic_of(|| drop(guard)).unwrap();
    assert!(text.contains("`contact` holds email"), "{text}");
}

#[test]
fn forbidden_data_is_found_in_spans_records_and_error_chains() {
    let span_of = || info_span!("apply", contact = EMAIL);
    let record_of = || {
        info_span!("apply", late = tracing::field::Empty).record("late", EMAIL);
    };
    let chain_of = || {
        let source = std::io::Error::other(format!("no answer for {EMAIL}"));
        let error = std::io::Error::other(source);
        info!(error = &error as &dyn std::error::Error, "failed");
    };
    for work in [&(|| drop(span_of())) as &dyn Fn(), &record_of, &chain_of] {
        let text = panic_of(|| {
            let _guard = forbid_personal_data();
            work();
        });
        assert!(text.unwrap().contains("holds email"));
    }
    assert_eq!(panic_of(|| drop(forbid_personal_data())), None);
}

#[test]
fn the_layer_above_a_redacting_subscriber_sees_what_was_logged() {
    let stack = tracing_subscriber::registry()
        .redacted(civic_pii::Redactor::new())
        .with(ForbidPersonalData::default());
    let text = tracing::subscriber::with_default(stack, || panic_of(|| info!("mail to {EMAIL}")));
    assert!(text.unwrap().contains("`message` holds email"));
}

/// Logs by one and the same callsite, whoever calls.
fn shared_callsite() {
    info!("shared");
}

#[test]
fn a_callsite_that_nobody_wanted_before_is_captured() {
    // First met on a thread without a subscriber, then under one that wants nothing.
    thread::spawn(shared_callsite).join().unwrap();
    tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::new(), shared_callsite);
    let nothing = tracing_subscriber::registry().with(tracing_subscriber::filter::LevelFilter::OFF);
    tracing::subscriber::with_default(nothing, shared_callsite);
    for _ in 0..3 {
        let capture = Capture::start();
        shared_callsite();
        assert_eq!(capture.events().len(), 1);
        drop(capture);
        shared_callsite();
    }
}

#[test]
fn captures_side_by_side_see_their_own_thread_only() {
    let threads: Vec<_> = (0..8)
        .map(|number| {
            thread::spawn(move || {
                for _ in 0..50 {
                    let capture = Capture::start();
                    info!(number, "side by side");
                    shared_callsite();
                    let events = capture.events();
                    assert_eq!(events.len(), 2);
                    assert_eq!(events[0].field("number"), Some(number.to_string().as_str()));
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}
