//! What other crates for logs in JSON take for the same event, none of which redacts.
//!
//! slog and logforth have no spans: their event is the same without any.

use std::io;
use std::sync::Mutex;

use logforth::kv::{Key, Value};
use logforth::record::{Level, Record};
use logforth::{Append, Layout};
use slog::Drain;
use tracing::Dispatch;
use tracing_bunyan_formatter::{BunyanFormattingLayer, JsonStorageLayer};
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry;

use super::{Values, log_in_spans, stack};
use crate::paired::{Spread, rounds};

/// Measures each against `fmt().json()`, and gives its name and its ratio to `push`.
pub fn rows(count: usize, events: usize, values: &[Values], mut push: impl FnMut(&str, Spread)) {
    let fmt = stack::fmt_json();
    let mut measure = |name: &str, rival: &mut dyn FnMut()| {
        let against = &mut || log_in_spans(&fmt, 1, values, events);
        push(name, rounds(count, rival, against).ratio());
    };
    let json_subscriber = json_subscriber();
    measure("json-subscriber", &mut || {
        log_in_spans(&json_subscriber, 1, values, events);
    });
    let bunyan = bunyan();
    measure("bunyan", &mut || log_in_spans(&bunyan, 1, values, events));

    let drain = slog_json::Json::default(io::sink());
    let slog = slog::Logger::root(Mutex::new(drain).fuse(), slog::o!());
    measure("slog-json", &mut || {
        for values in values.iter().cycle().take(events) {
            log_by_slog(&slog, values);
        }
    });
    let logforth = logforth::core::builder()
        .dispatch(|dispatch| dispatch.append(Discard::default()))
        .build();
    measure("logforth", &mut || {
        for values in values.iter().cycle().take(events) {
            log_by_logforth(&logforth, values);
        }
    });
}

/// Those that are layers of `tracing`, by name.
pub fn stacks() -> [(&'static str, Dispatch); 2] {
    [("json-subscriber", json_subscriber()), ("bunyan", bunyan())]
}

fn json_subscriber() -> Dispatch {
    Dispatch::new(registry().with(json_subscriber::fmt::layer().with_writer(io::sink)))
}

fn bunyan() -> Dispatch {
    let layer = BunyanFormattingLayer::new("bench".to_owned(), io::sink);
    Dispatch::new(registry().with(JsonStorageLayer).with(layer))
}

fn log_by_slog(logger: &slog::Logger, values: &Values) {
    slog::info!(
        logger, "handled request {}", values.subject;
        "request_id" => values.request.as_str(),
        "status" => values.status,
        "latency_ms" => values.millis,
        "cached" => values.is_cached,
        "path" => ?values.path,
    );
}

/// Makes a line of a record, and throws it away.
#[derive(Debug, Default)]
struct Discard(logforth::layout::JsonLayout);

impl Append for Discard {
    fn append(
        &self,
        record: &Record<'_>,
        diagnostics: &[Box<dyn logforth::Diagnostic>],
    ) -> Result<(), logforth::Error> {
        std::hint::black_box(self.0.format(record, diagnostics)?);
        Ok(())
    }

    fn flush(&self) -> Result<(), logforth::Error> {
        Ok(())
    }
}

fn log_by_logforth(logger: &logforth::core::Logger, values: &Values) {
    let fields = [
        (Key::new("request_id"), Value::str(&values.request)),
        (Key::new("status"), Value::u64(values.status)),
        (Key::new("latency_ms"), Value::f64(values.millis)),
        (Key::new("cached"), Value::bool(values.is_cached)),
        (Key::new("path"), Value::debug(&values.path)),
    ];
    logger.log(
        &Record::builder()
            .level(Level::Info)
            .target_static(module_path!())
            .key_values(&fields[..])
            .payload(format_args!("handled request {}", values.subject))
            .build(),
    );
}
