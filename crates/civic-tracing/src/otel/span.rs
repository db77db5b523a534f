//! A span exporter that gives its inner one clean spans.

use std::time::Duration;

use civic_pii::Redactor;
use opentelemetry::trace::{SpanContext, Status, TraceState};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::attributes::Attributes;
use super::redacted_resource;
use crate::Counts;

/// Redacts every span on its way to an exporter, whoever filled it in.
///
/// Stands around the exporter and not beside it, because the SDK gives each span processor its own
/// copy: one that redacts its copy does nothing for the others. Scanning happens where the inner
/// exporter is called, which is the batch thread with a batch processor, and takes no lock.
///
/// See [`otel`](crate::otel) for an example.
#[derive(Debug)]
pub struct RedactingSpanExporter<E> {
    inner: E,
    redactor: Redactor,
    counts: Counts,
}

impl<E: SpanExporter> RedactingSpanExporter<E> {
    /// Puts the guard around `inner`.
    pub fn new(inner: E, redactor: Redactor) -> Self {
        Self {
            inner,
            redactor,
            counts: Counts::default(),
        }
    }

    /// A handle to the counts of what this guard removed.
    ///
    /// Under a [`RedactingSubscriber`](crate::RedactingSubscriber) it counts only what came in
    /// beside `tracing`, so a figure above zero names code that talks to OpenTelemetry directly.
    pub fn counts(&self) -> Counts {
        self.counts.clone()
    }
}

impl<E: SpanExporter> SpanExporter for RedactingSpanExporter<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        // Cleaned before the first await, so that the future of `inner` is all that is awaited.
        clean(
            &mut batch,
            &mut Attributes::new(&self.redactor, &self.counts),
        );
        self.inner.export(batch).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.inner.shutdown()
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner
            .set_resource(&redacted_resource(resource, &self.redactor));
    }
}

fn clean(batch: &mut [SpanData], attributes: &mut Attributes<'_>) {
    for span in batch {
        attributes.text(&mut span.name);
        attributes.pairs(&mut span.attributes);
        clean_trace_state(&mut span.span_context, attributes);
        for event in &mut span.events.events {
            attributes.text(&mut event.name);
            attributes.pairs(&mut event.attributes);
        }
        for link in &mut span.links.links {
            attributes.pairs(&mut link.attributes);
            clean_trace_state(&mut link.span_context, attributes);
        }
        if let Status::Error { description } = &mut span.status {
            attributes.text(description);
        }
        if let Some(scope) = attributes.scope(&span.instrumentation_scope) {
            span.instrumentation_scope = scope;
        }
    }
}

/// Leaves out a trace state that holds personal data. It came in a header, so anybody may have written it.
fn clean_trace_state(context: &mut SpanContext, attributes: &mut Attributes<'_>) {
    if !attributes.may_stay(&context.trace_state().header()) {
        *context = SpanContext::new(
            context.trace_id(),
            context.span_id(),
            context.trace_flags(),
            context.is_remote(),
            TraceState::default(),
        );
    }
}
