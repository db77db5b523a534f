//! Values that misbehave: long, unfinished, panicking, different each time, not text.

use std::cell::Cell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};

use civic_pii::Redactor;
use civic_tracing::{MAX_VALUE_BYTES, RedactExt};
use tracing::info;
use tracing_subscriber::prelude::*;

use crate::{EMAIL, NINO, Recorder, Sink, recorded};

/// Runs a function as its `Debug`.
struct Writes<F>(F);

fn writes<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result>(write: F) -> Writes<F> {
    Writes(write)
}

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Debug for Writes<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

#[test]
fn a_value_is_formatted_once_whatever_the_number_of_layers() {
    let (first, second) = (Sink::default(), Recorder::default());
    let stack = tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_writer(first.clone()))
        .with(second.clone())
        .redacted(Redactor::new());
    let calls = Cell::new(0);
    // Harmless the first time, personal afterwards: it has no second time.
    let turns = writes(|f| {
        calls.set(calls.get() + 1);
        f.write_str(if calls.get() == 1 { "harmless" } else { NINO })
    });
    tracing::subscriber::with_default(stack, || info!(value = ?turns));
    assert_eq!(calls.get(), 1);
    assert!(first.without_canaries().contains("harmless"));
    assert_eq!(second.value("value"), ("debug", "harmless".to_owned()));
}

#[test]
fn a_value_that_fails_half_way_is_scanned_as_far_as_it_went() {
    let half = writes(|f| {
        write!(f, "of {NINO} and ")?;
        Err(fmt::Error)
    });
    let (recorder, counts) = recorded(|| info!(value = ?half, after = "kept"));
    assert_eq!(
        recorder.value("value").1,
        "of [NINO] and  [CUT: formatting failed]"
    );
    assert_eq!(recorder.value("after").1, "kept");
    assert_eq!(counts.cut(), 1);
}

#[test]
fn a_value_that_panics_leaves_nothing_behind() {
    let (recorder, _) = recorded(|| {
        let panics = writes(|f| {
            write!(f, "half {NINO}")?;
            panic!("made by a test");
        });
        let result = panic::catch_unwind(AssertUnwindSafe(|| info!(value = ?panics)));
        assert!(result.is_err(), "the panic goes on to the caller");
        info!(value = "next", detail = EMAIL);
    });
    assert_eq!(recorder.value("value"), ("str", "next".to_owned()));
    assert_eq!(recorder.value("detail"), ("str", "[EMAIL]".to_owned()));
}

#[test]
fn a_long_value_is_scanned_whole_then_cut_with_a_notice() {
    let filler = "long ".repeat(20_000);
    let value = format!("{NINO} {filler}{EMAIL}");
    let (recorder, counts) = recorded(|| {
        info!(text = value.as_str(), debug = %value, short = "x", bytes = value.as_bytes());
    });
    // The marker is shorter than the number by 3 bytes; the address by 11.
    let redacted = value.len() - 3 - 11;
    for field in ["text", "debug", "bytes"] {
        let (_, text) = recorder.value(field);
        assert!(text.starts_with("[NINO] long long"), "{field}");
        let notice = format!(" [CUT {} bytes]", redacted - MAX_VALUE_BYTES);
        assert!(
            text.ends_with(&notice),
            "{field} ends in {}",
            &text[text.len() - 40..]
        );
        assert_eq!(text.len(), MAX_VALUE_BYTES + notice.len(), "{field}");
    }
    assert_eq!(recorder.value("short").1, "x");
    assert_eq!(counts.cut(), 3);
    // The address behind the cut was found all the same.
    assert_eq!(counts.redacted(), 6);
}

#[test]
fn a_cut_does_not_split_a_character() {
    let value = "€".repeat(MAX_VALUE_BYTES);
    let (recorder, _) = recorded(|| info!(text = value.as_str()));
    let (_, text) = recorder.value("text");
    let kept = text.trim_end_matches(|c| c != '€');
    assert_eq!(kept.len(), MAX_VALUE_BYTES - MAX_VALUE_BYTES % 3);
    assert!(text.ends_with(&format!(" [CUT {} bytes]", value.len() - kept.len())));
}

#[test]
fn a_value_of_the_greatest_length_is_not_cut() {
    let value = "€".repeat(MAX_VALUE_BYTES / 3) + "x";
    assert_eq!(value.len(), MAX_VALUE_BYTES);
    let (recorder, counts) = recorded(|| info!(text = value.as_str()));
    assert_eq!(recorder.value("text").1, value);
    assert_eq!(counts.cut(), 0);
}

#[test]
fn bytes_are_scanned_as_the_text_that_they_hold() {
    let utf16: Vec<u8> = format!("to {EMAIL}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    // 0xE9 is an e with an accent in Latin-1, and no UTF-8.
    let latin = [b"caf\xe9 ".as_slice(), EMAIL.as_bytes()].concat();
    let (recorder, _) = recorded(|| {
        info!(
            utf8 = EMAIL.as_bytes(),
            utf16 = utf16.as_slice(),
            latin = latin.as_slice(),
        );
    });
    assert_eq!(recorder.value("utf8"), ("bytes", "[EMAIL]".to_owned()));
    assert_eq!(recorder.value("utf16"), ("bytes", "to [EMAIL]".to_owned()));
    assert_eq!(
        recorder.value("latin"),
        ("bytes", "caf\u{fffd} [EMAIL]".to_owned())
    );
}

#[test]
fn bytes_that_are_no_text_are_handed_on_unchanged() {
    use std::sync::{Arc, Mutex};
    #[derive(Clone, Default)]
    struct Bytes(Arc<Mutex<Vec<Vec<u8>>>>);
    impl tracing::field::Visit for &Bytes {
        fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn fmt::Debug) {}
        fn record_bytes(&mut self, _: &tracing::field::Field, value: &[u8]) {
            self.0.lock().unwrap().push(value.to_owned());
        }
    }
    impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Bytes {
        fn on_event(
            &self,
            event: &tracing::Event<'_>,
            _: tracing_subscriber::layer::Context<'_, S>,
        ) {
            event.record(&mut &*self);
        }
    }
    let layer = Bytes::default();
    let digest = [0x00, 0xff, 0xfe, 0x9d, 0x00, 0x41];
    let long = vec![0xff; MAX_VALUE_BYTES + 1];
    let stack = tracing_subscriber::registry()
        .with(layer.clone())
        .redacted(Redactor::new());
    tracing::subscriber::with_default(stack, || info!(a = &digest[..], b = long.as_slice()));
    let seen = layer.0.lock().unwrap().clone();
    assert_eq!(seen[0], digest);
    assert_eq!(seen[1][..MAX_VALUE_BYTES], long[1..]);
    assert_eq!(&seen[1][MAX_VALUE_BYTES..], b" [CUT 1 bytes]");
}

#[test]
fn a_marker_that_a_person_typed_counts_nothing() {
    let (recorder, counts) = recorded(|| info!(text = "I am [NINO]"));
    assert_eq!(recorder.value("text").1, "I am [NINO]");
    assert_eq!(counts.redacted(), 0);
}

#[test]
fn concurrent_events_do_not_mix() {
    let recorder = Recorder::default();
    let stack = tracing_subscriber::registry()
        .with(recorder.clone())
        .redacted(Redactor::new());
    let dispatch = tracing::Dispatch::new(stack);
    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            let dispatch = dispatch.clone();
            scope.spawn(move || {
                tracing::dispatcher::with_default(&dispatch, || {
                    for turn in 0..200_u64 {
                        info!(text = %format_args!("{thread}-{turn} {NINO}"));
                    }
                });
            });
        }
    });
    let seen = recorder.seen();
    assert_eq!(seen.len(), 800);
    for seen in seen {
        let (id, marker) = seen.text.split_once(' ').unwrap();
        assert_eq!(marker, "[NINO]");
        assert_eq!(id.split('-').count(), 2);
    }
}
