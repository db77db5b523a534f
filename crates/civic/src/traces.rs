//! Spans and log records on their way to OpenTelemetry exporters, each behind its guard.

use civic_pii::Redactor;
use civic_tracing::otel::{RedactingLogProcessor, RedactingSpanExporter};
use opentelemetry::trace::TracerProvider;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{BatchLogProcessor, LogExporter, SdkLoggerProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter, TracerProviderBuilder};
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::Registry;

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

    /// Starts what was asked for, and adds a layer for each.
    pub(crate) fn start(
        self,
        service: &'static str,
        redactor: &Redactor,
        layers: &mut Vec<BoxedLayer>,
    ) -> Providers {
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
        if let Some(provider) = &spans {
            let tracer = provider.tracer(service);
            layers.push(tracing_opentelemetry::layer().with_tracer(tracer).boxed());
        }
        if let Some(provider) = &logs {
            layers.push(OpenTelemetryTracingBridge::new(provider).boxed());
        }
        Providers { spans, logs }
    }
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
