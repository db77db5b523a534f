//! A log processor that gives its inner one clean records.

use std::time::Duration;

use civic_pii::Redactor;
use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry::{InstrumentationScope, Key};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::logs::{LogProcessor, SdkLogRecord, SdkLogger, SdkLoggerProvider};

use super::attributes::Attributes;
use super::redacted_resource;
use crate::Counts;

/// Redacts every log record on its way to a processor, whichever bridge made it.
///
/// Processors that are registered after this one see the redacted record too; one that is
/// registered **before** it sees the record as it was made, so register this one first.
///
/// ```
/// use civic_pii::Redactor;
/// use civic_tracing::otel::RedactingLogProcessor;
/// use opentelemetry_sdk::logs::{BatchLogProcessor, InMemoryLogExporter, SdkLoggerProvider};
///
/// let batch = BatchLogProcessor::builder(InMemoryLogExporter::default()).build();
/// let provider = SdkLoggerProvider::builder()
///     .with_log_processor(RedactingLogProcessor::new(batch, Redactor::new()))
///     .build();
/// # provider.shutdown().unwrap();
/// ```
///
/// Runs on the thread that logs. A clean record is scanned and passed on as it is; one that is not
/// is copied, because the SDK lets attributes be added to a record and never replaced.
#[derive(Debug)]
pub struct RedactingLogProcessor<P> {
    inner: P,
    redactor: Redactor,
    counts: Counts,
    /// Makes the blank records: the SDK offers no other way to have one.
    mint: SdkLogger,
}

impl<P: LogProcessor> RedactingLogProcessor<P> {
    /// Puts the guard around `inner`.
    pub fn new(inner: P, redactor: Redactor) -> Self {
        Self {
            inner,
            redactor,
            counts: Counts::default(),
            mint: SdkLoggerProvider::builder().build().logger("civic"),
        }
    }

    /// A handle to the counts of what this guard removed.
    ///
    /// Under a [`RedactingSubscriber`](crate::RedactingSubscriber) it counts only what came in
    /// beside `tracing`.
    pub fn counts(&self) -> Counts {
        self.counts.clone()
    }

    fn clean(&self, record: &SdkLogRecord, values: &mut Attributes<'_>) -> Option<SdkLogRecord> {
        let body = record
            .body()
            .map(|body| cleaned(values.any(None, body), body));
        let target = record.target().map(|target| {
            let mut clean = target.clone();
            values.text(&mut clean);
            (clean != *target, clean)
        });
        let attributes: Vec<(bool, Key, AnyValue)> = record
            .attributes_iter()
            .map(|(key, value)| {
                let (changed_key, clean_key) = cleaned(values.key(key), key);
                let (changed_value, value) = cleaned(values.any(Some(key.as_str()), value), value);
                (changed_key || changed_value, clean_key, value)
            })
            .collect();
        let changed = body.as_ref().is_some_and(|(changed, _)| *changed)
            || target.as_ref().is_some_and(|(changed, _)| *changed)
            || attributes.iter().any(|(changed, _, _)| *changed);
        if !changed {
            return None;
        }
        let mut fresh = self.mint.create_log_record();
        copy_plain_parts(record, &mut fresh);
        if let Some((_, body)) = body {
            fresh.set_body(body);
        }
        if let Some((_, target)) = target {
            fresh.set_target(target);
        }
        fresh.add_attributes(attributes.into_iter().map(|(_, key, value)| (key, value)));
        Some(fresh)
    }
}

impl<P: LogProcessor> LogProcessor for RedactingLogProcessor<P> {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        let mut values = Attributes::new(&self.redactor, &self.counts);
        if let Some(clean) = self.clean(record, &mut values) {
            *record = clean;
        }
        match values.scope(scope) {
            Some(clean) => self.inner.emit(record, &clean),
            None => self.inner.emit(record, scope),
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.inner.shutdown()
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        self.inner.event_enabled(level, target, name)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner
            .set_resource(&redacted_resource(resource, &self.redactor));
    }
}

fn cleaned<T: Clone>(clean: Option<T>, original: &T) -> (bool, T) {
    (clean.is_some(), clean.unwrap_or_else(|| original.clone()))
}

/// Times, severity, names from the code and random ids: nothing that a person typed.
fn copy_plain_parts(from: &SdkLogRecord, to: &mut SdkLogRecord) {
    if let Some(name) = from.event_name() {
        to.set_event_name(name);
    }
    if let Some(time) = from.timestamp() {
        to.set_timestamp(time);
    }
    if let Some(time) = from.observed_timestamp() {
        to.set_observed_timestamp(time);
    }
    if let Some(text) = from.severity_text() {
        to.set_severity_text(text);
    }
    if let Some(number) = from.severity_number() {
        to.set_severity_number(number);
    }
    if let Some(context) = from.trace_context() {
        to.set_trace_context(context.trace_id, context.span_id, context.trace_flags);
    }
}
