//! Every way for a value into a log.

use std::error::Error;
use std::fmt;
use std::panic;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, SpanId, Status, TraceFlags, TraceId, TraceState};
use tracing::field::Empty;
use tracing::{Span, info, info_span, instrument};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::canary::{EMAIL, NHS};

/// A way in: its name, and what walks through it.
pub(crate) type Door = (&'static str, fn());

/// Stands in every output, so that the sink is known to have got what the door let in.
pub(crate) const WITNESS: &str = "door-witness";

pub(crate) const DOORS: &[Door] = &[
    ("message", || info!("sent to {EMAIL}")),
    ("`str` field", || info!(detail = EMAIL, "text")),
    ("`Debug` field", || info!(detail = ?Some(EMAIL), "debug")),
    ("`Display` field", || info!(detail = %EMAIL, "display")),
    ("`u64` field", || info!(nhs_number = NHS, "number")),
    ("`i64` field", || {
        info!(nhs_number = NHS.cast_signed(), "number");
    }),
    ("`u128` field", || {
        info!(nhs_number = u128::from(NHS), "number");
    }),
    ("`i128` field", || {
        info!(nhs_number = i128::from(NHS), "number");
    }),
    ("`f64` field", || info!(nhs_number = NHS as f64, "number")),
    ("bytes field", || info!(detail = EMAIL.as_bytes(), "bytes")),
    ("error", || {
        let error = Failed(format!("no case for {EMAIL}"), None);
        info!(error = &error as &dyn Error, "failed");
    }),
    ("source of an error", || {
        let source = Failed(format!("no answer for {EMAIL}"), None);
        let error = Failed("no case".to_owned(), Some(Box::new(source)));
        info!(error = &error as &dyn Error, "failed");
    }),
    ("span field", || {
        info_span!("apply", detail = EMAIL).in_scope(|| info!("inside"));
    }),
    ("late record of a span", || {
        let span = info_span!("apply", detail = Empty);
        span.record("detail", EMAIL);
        span.in_scope(|| info!("inside"));
    }),
    ("`log` record", || log::info!("sent to {EMAIL}")),
    ("`#[instrument]` argument", || with_argument(EMAIL)),
    ("`#[instrument(ret)]`", || drop(with_return())),
    ("`#[instrument(err)]`", || drop(with_error())),
    ("panic", || {
        let result = panic::catch_unwind(|| panic!("no case for {EMAIL}"));
        assert!(result.is_err());
    }),
    ("OpenTelemetry attribute", || {
        Span::current().set_attribute("detail", EMAIL);
        Span::current().set_attribute("nhs_number", NHS.cast_signed());
    }),
    ("OpenTelemetry event", || {
        let detail = vec![KeyValue::new("detail", EMAIL)];
        Span::current().add_event(format!("sent to {EMAIL}"), detail);
    }),
    ("OpenTelemetry link", || {
        let state = TraceState::from_key_value([("vendor", EMAIL)]).unwrap();
        let (trace, span) = (TraceId::from(1), SpanId::from(2));
        let other = SpanContext::new(trace, span, TraceFlags::SAMPLED, true, state);
        let detail = vec![KeyValue::new("detail", EMAIL)];
        Span::current().add_link_with_attributes(other, detail);
    }),
    ("OpenTelemetry status", || {
        Span::current().set_status(Status::error(format!("no case for {EMAIL}")));
    }),
];

/// Goes through a door, with a witness inside a span around it.
pub(crate) fn go_through(door: fn()) {
    let span = info_span!("door", witness = WITNESS);
    span.in_scope(|| {
        info!(target: "door", "{WITNESS}");
        door();
    });
}

/// Values of every type with nothing personal in them.
pub(crate) fn log_nothing_personal() {
    let span = info_span!("request", method = "POST", status = 200_u64, late = Empty);
    span.in_scope(|| {
        span.record("late", true);
        info!(
            rows = 3,
            delta = -1_i64,
            ratio = 0.5,
            cached = true,
            "served"
        );
        info!(took = ?std::time::Duration::from_millis(12), route = %"/apply/{id}", "served");
        info!(
            wide = u128::from(u64::MAX) + 1,
            bytes = b"plain".as_slice(),
            "served"
        );
        let source = Failed("connection refused".to_owned(), None);
        let error = Failed("no answer".to_owned(), Some(Box::new(source)));
        tracing::error!(error = &error as &dyn Error, "failed");
        log::warn!("slow answer");
    });
    info!(parent: None, "without a parent");
}

#[instrument]
fn with_argument(detail: &str) {
    info!("inside");
}

#[instrument(ret)]
fn with_return() -> String {
    format!("sent to {EMAIL}")
}

#[instrument(err)]
fn with_error() -> Result<(), Failed> {
    Err(Failed(format!("no case for {EMAIL}"), None))
}

#[derive(Debug)]
struct Failed(String, Option<Box<Failed>>);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}
