//! Spans and log records on their way to OpenTelemetry exporters, each behind its guard.

use std::sync::OnceLock;

use civic_pii::Redactor;
use civic_tracing::TraceIds;
use civic_tracing::otel::{RedactingLogProcessor, RedactingSpanExporter};
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{BatchLogProcessor, LogExporter, SdkLoggerProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter, TracerProviderBuilder};
use tracing::dispatcher::WeakDispatch;
use tracing::{Dispatch, Event};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::{Extensions, Registry};

type BoxedLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// Adds an exporter once the redactor is settled.
type Add<B> = Box<dyn FnOnce(B, &Redactor) -> B>;

/// What the builder was told to export.
#[derive(Default)]
pub(crate) struct Exports {
    spans: Vec<Add<TracerProviderBuilder>>,
    logs: Vec<Add<opentelemetry_sdk::logs::LoggerProviderBuilder>>,
}

/// Providers that are shut down, and so flushed, with the telemetry.
#[derive(Debug)]
pub(crate) struct Providers {
    spans: Option<SdkTracerProvider>,
    logs: Option<SdkLoggerProvider>,
}

impl Exports {
    pub(crate) fn add_spans(&mut self, exporter: impl SpanExporter + 'static) {
        self.spans.push(Box::new(move |builder, redactor| {
            builder.with_batch_exporter(RedactingSpanExporter::new(exporter, redactor.clone()))
        }));
    }

    pub(crate) fn add_logs(&mut self, exporter: impl LogExporter + 'static) {
        self.logs.push(Box::new(move |builder, redactor| {
            let batch = BatchLogProcessor::builder(exporter).build();
            builder.with_log_processor(RedactingLogProcessor::new(batch, redactor.clone()))
        }));
    }

    /// Starts what was asked for, and puts a layer for each around the one that writes lines.
    pub(crate) fn start(
        self,
        service: &'static str,
        redactor: &Redactor,
        lines: BoxedLayer,
    ) -> (BoxedLayer, Providers) {
        let resource = Resource::builder().with_service_name(service).build();
        let spans = (!self.spans.is_empty()).then(|| {
            let empty = SdkTracerProvider::builder().with_resource(resource.clone());
            let add = |builder, add: Add<_>| add(builder, redactor);
            self.spans.into_iter().fold(empty, add).build()
        });
        let logs = (!self.logs.is_empty()).then(|| {
            let empty = SdkLoggerProvider::builder().with_resource(resource);
            let add = |builder, add: Add<_>| add(builder, redactor);
            self.logs.into_iter().fold(empty, add).build()
        });
        let mut layers = lines;
        if let Some(provider) = &spans {
            let tracer = provider.tracer(service);
            // First, so that the line of an event finds the numbers of its trace. One on the other and
            // not in a vector, which does not hand on the dispatcher.
            layers = NoteTrace::default()
                .and_then(layers)
                .and_then(tracing_opentelemetry::layer().with_tracer(tracer))
                .boxed();
        }
        if let Some(provider) = &logs {
            layers = layers
                .and_then(OpenTelemetryTracingBridge::new(provider))
                .boxed();
        }
        (layers, Providers { spans, logs })
    }
}

/// Notes trace and span where the layer that writes lines looks for them.
///
/// OpenTelemetry's layer gives them out by the dispatcher only. Asking settles the span's parent, so it
/// is done at the first event inside a span and not when the span is made.
#[derive(Debug, Default)]
struct NoteTrace {
    dispatch: OnceLock<WeakDispatch>,
}

impl Layer<Registry> for NoteTrace {
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        // A stack is registered once; were it twice, the first is as good.
        let _ = self.dispatch.set(dispatch.downgrade());
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, Registry>) {
        let Some(span) = context.event_span(event) else {
            return;
        };
        if span.extensions().get::<TraceIds>().is_some() {
            return;
        }
        let Some(dispatch) = self.dispatch.get().and_then(WeakDispatch::upgrade) else {
            return;
        };
        let Some(trace) = tracing_opentelemetry::get_otel_context(&span.id(), &dispatch) else {
            return;
        };
        let trace = trace.span().span_context().clone();
        if trace.is_valid() {
            span.extensions_mut().replace(TraceIds {
                trace: u128::from_be_bytes(trace.trace_id().to_bytes()),
                span: u64::from_be_bytes(trace.span_id().to_bytes()),
            });
        }
    }
}

/// What [`NoteTrace`] noted.
pub(crate) fn ids(extensions: &Extensions<'_>) -> Option<TraceIds> {
    extensions.get::<TraceIds>().copied()
}

impl Drop for Providers {
    fn drop(&mut self) {
        // Each says on its own, by the SDK's log, when an exporter does not take the rest.
        if let Some(spans) = &self.spans {
            let _ = spans.shutdown();
        }
        if let Some(logs) = &self.logs {
            let _ = logs.shutdown();
        }
    }
}
