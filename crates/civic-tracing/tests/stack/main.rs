//! What layers under a redacting subscriber see, checked on their output.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

#[path = "../written/mod.rs"]
mod written;

mod callsites;
mod downcasts;
mod errors;
mod filters;
mod redacting;
mod sinks;
mod spans;
mod types;
mod values;

use std::fmt;
use std::sync::{Arc, Mutex};

use civic_pii::Redactor;
use civic_tracing::{Counts, RedactExt};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;

pub(crate) use written::Sink;

/// A made-up National Insurance number.
pub(crate) const NINO: &str = "AB123456C";
/// A made-up address in a domain that is reserved for documentation.
pub(crate) const EMAIL: &str = "canary@example.com";

impl Sink {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// Fails when a canary is anywhere in the bytes; returns them as text.
    #[track_caller]
    pub(crate) fn without_canaries(&self) -> String {
        let text = self.text();
        for canary in [NINO, EMAIL] {
            assert!(
                !text.to_lowercase().contains(&canary.to_lowercase()),
                "{canary} in {text}"
            );
        }
        text
    }
}

/// Runs `log` under a redacted stack of one JSON layer; returns what was written.
pub(crate) fn json_lines(log: impl FnOnce()) -> String {
    let sink = Sink::default();
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(sink.clone());
    let stack = tracing_subscriber::registry()
        .with(layer)
        .redacted(Redactor::new());
    tracing::subscriber::with_default(stack, log);
    sink.without_canaries()
}

/// One value as a layer was given it: field, method of the visitor, text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) field: String,
    pub(crate) method: &'static str,
    pub(crate) text: String,
}

/// A layer that keeps every value with the visitor method that it came by.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Seen>>>);

impl Recorder {
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.0.lock().unwrap().clone()
    }

    #[track_caller]
    pub(crate) fn value(&self, field: &str) -> (&'static str, String) {
        let seen = self.seen();
        let found: Vec<_> = seen.iter().filter(|seen| seen.field == field).collect();
        assert_eq!(found.len(), 1, "{field} in {seen:?}");
        (found[0].method, found[0].text.clone())
    }
}

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        span.record(&mut &*self);
    }
    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        values.record(&mut &*self);
    }
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut &*self);
    }
}

impl Visit for &Recorder {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.push(field, "f64", value.to_string());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.push(field, "i64", value.to_string());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.push(field, "u64", value.to_string());
    }
    fn record_i128(&mut self, field: &Field, value: i128) {
        self.push(field, "i128", value.to_string());
    }
    fn record_u128(&mut self, field: &Field, value: u128) {
        self.push(field, "u128", value.to_string());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.push(field, "bool", value.to_string());
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.push(field, "str", value.to_owned());
    }
    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.push(field, "bytes", String::from_utf8_lossy(value).into_owned());
    }
    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut link = value.source();
        while let Some(source) = link {
            text.push_str(" < ");
            text.push_str(&source.to_string());
            link = source.source();
        }
        self.push(field, "error", text);
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.push(field, "debug", format!("{value:?}"));
    }
}

impl Recorder {
    fn push(&self, field: &Field, method: &'static str, text: String) {
        self.0.lock().unwrap().push(Seen {
            field: field.name().to_owned(),
            method,
            text,
        });
    }
}

/// Runs `log` under a redacted stack of one [`Recorder`].
pub(crate) fn recorded(log: impl FnOnce()) -> (Recorder, Counts) {
    let recorder = Recorder::default();
    let stack = tracing_subscriber::registry()
        .with(recorder.clone())
        .redacted(Redactor::new());
    let counts = stack.counts();
    tracing::subscriber::with_default(stack, log);
    (recorder, counts)
}
