//! Every place that a log goes to, with redaction and without.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex};

use civic_pii::{KindSet, Policy, Redactor};
use civic_tracing::otel::{RedactingLogProcessor, RedactingSpanExporter};
use civic_tracing::{JsonLayer, RedactExt, Redacting, TextLayer};
use opentelemetry::trace::TracerProvider;
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::{
    InMemoryLogExporter, LogProcessor, SdkLoggerProvider, SimpleLogProcessor,
};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanExporter};
use tracing::Subscriber;
use tracing_bunyan_formatter::{BunyanFormattingLayer, JsonStorageLayer};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry;

use crate::wire::Receiver;

/// Runs `log` and returns every byte that came out.
pub(crate) type Run = Box<dyn Fn(bool, &dyn Fn()) -> Vec<u8>>;

pub(crate) struct Sink {
    pub(crate) name: &'static str,
    pub(crate) run: Run,
}

/// All sinks; those that go over a wire send to this receiver.
pub(crate) fn all(receiver: &Arc<Receiver>) -> Vec<Sink> {
    let (grpc, http) = (Arc::clone(receiver), Arc::clone(receiver));
    vec![
        lines("fmt json", |out| {
            registry().with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .without_time()
                    .with_writer(out),
            )
        }),
        lines("fmt text", |out| {
            registry().with(
                tracing_subscriber::fmt::layer()
                    .without_time()
                    .with_writer(out),
            )
        }),
        lines("json-subscriber", |out| {
            registry().with(
                json_subscriber::fmt::layer()
                    .without_time()
                    .with_writer(out),
            )
        }),
        lines("bunyan", |out| {
            let format = BunyanFormattingLayer::new("service".to_owned(), out);
            registry().with(JsonStorageLayer).with(format)
        }),
        ours("JsonLayer", |layer| layer),
        ours("JsonLayer flat", JsonLayer::flat),
        ours("JsonLayer OpenTelemetry", JsonLayer::opentelemetry),
        ours("JsonLayer ECS", JsonLayer::ecs),
        ours("JsonLayer GOV.UK", JsonLayer::gov_uk),
        Sink {
            name: "TextLayer",
            run: Box::new(|redact, log| {
                twice(redact, log, |redactor, out| {
                    registry().with(TextLayer::new(redactor).without_time().with_writer(out))
                })
            }),
        },
        // Beside a raw layer that stands first, which leaves in the spans what it formatted.
        Sink {
            name: "Redacting fmt",
            run: Box::new(|redact, log| {
                twice(redact, log, |redactor, out| {
                    let raw = tracing_subscriber::fmt::layer().json();
                    let inner = tracing_subscriber::fmt::layer().json().without_time();
                    registry()
                        .with(raw.with_writer(io::sink))
                        .with(Redacting::fmt(inner.with_writer(out), redactor))
                })
            }),
        },
        Sink {
            name: "Redacting bunyan",
            run: Box::new(|redact, log| {
                twice(redact, log, |redactor, out| {
                    let format = BunyanFormattingLayer::new("service".to_owned(), out);
                    registry().with(Redacting::new(JsonStorageLayer.and_then(format), redactor))
                })
            }),
        },
        Sink {
            name: "OTel spans",
            run: Box::new(otel_spans),
        },
        Sink {
            name: "OTel logs",
            run: Box::new(otel_logs),
        },
        Sink {
            name: "OTLP gRPC",
            run: Box::new(move |redact, log| {
                over_the_wire(&grpc, grpc.grpc_spans(), grpc.grpc_logs(), redact, log)
            }),
        },
        Sink {
            name: "OTLP HTTP",
            run: Box::new(move |redact, log| {
                over_the_wire(&http, http.http_spans(), http.http_logs(), redact, log)
            }),
        },
    ]
}

/// A sink that writes lines.
fn lines<S: Subscriber + Send + Sync>(name: &'static str, make: fn(Out) -> S) -> Sink {
    let run = move |redact, log: &dyn Fn()| {
        let out = Out::default();
        with(redact, make(out.clone()), log);
        out.0.lock().unwrap().clone()
    };
    Sink {
        name,
        run: Box::new(run),
    }
}

/// A layout of the JSON layer.
fn ours(name: &'static str, shape: fn(JsonLayer) -> JsonLayer) -> Sink {
    let run = move |redact, log: &dyn Fn()| {
        twice(redact, log, |redactor, out| {
            let layer = shape(JsonLayer::new(redactor)).without_time();
            registry().with(layer.with_writer(out))
        })
    };
    Sink {
        name,
        run: Box::new(run),
    }
}

/// Through a layer that redacts by itself, and again with the subscriber around it.
fn twice<S: Subscriber + Send + Sync>(
    redact: bool,
    log: &dyn Fn(),
    make: impl Fn(Redactor, Out) -> S,
) -> Vec<u8> {
    let out = Out::default();
    let redactor = || {
        if redact {
            return Redactor::new();
        }
        // Redaction off: there is no kind that it looks for.
        Redactor::with_policy(Policy::default().narrowed_to(KindSet::default()))
    };
    tracing::subscriber::with_default(make(redactor(), out.clone()), log);
    with(redact, make(redactor(), out.clone()), log);
    out.0.lock().unwrap().clone()
}

fn with(redact: bool, stack: impl Subscriber + Send + Sync, log: &dyn Fn()) {
    if redact {
        tracing::subscriber::with_default(stack.redacted(Redactor::new()), log);
    } else {
        tracing::subscriber::with_default(stack, log);
    }
}

fn otel_spans(redact: bool, log: &dyn Fn()) -> Vec<u8> {
    let exporter = InMemorySpanExporter::default();
    let builder = SdkTracerProvider::builder();
    let provider = if redact {
        let guard = RedactingSpanExporter::new(exporter.clone(), Redactor::new());
        builder.with_simple_exporter(guard).build()
    } else {
        builder.with_simple_exporter(exporter.clone()).build()
    };
    with(redact, registry().with(span_layer(&provider)), log);
    let mut text = String::new();
    for span in exporter.get_finished_spans().unwrap() {
        write!(
            text,
            "{} {:?} {:?}\n{:?}\n",
            span.name, span.status, span.instrumentation_scope, span.attributes
        )
        .unwrap();
        for event in span.events.iter() {
            writeln!(text, "{} {:?}", event.name, event.attributes).unwrap();
        }
        writeln!(text, "{:?}", span.links).unwrap();
    }
    text.into_bytes()
}

fn otel_logs(redact: bool, log: &dyn Fn()) -> Vec<u8> {
    let exporter = InMemoryLogExporter::default();
    let builder = SdkLoggerProvider::builder();
    let processor = SimpleLogProcessor::new(exporter.clone());
    let provider = if redact {
        let guard = RedactingLogProcessor::new(processor, Redactor::new());
        builder.with_log_processor(guard).build()
    } else {
        builder.with_log_processor(processor).build()
    };
    with(
        redact,
        registry().with(OpenTelemetryTracingBridge::new(&provider)),
        log,
    );
    let mut text = String::new();
    for log in exporter.get_emitted_logs().unwrap() {
        let record = log.record;
        let attributes: Vec<_> = record.attributes_iter().collect();
        writeln!(
            text,
            "{:?} {:?} {:?}\n{:?} {attributes:?}",
            record.target(),
            record.severity_text(),
            record.event_name(),
            record.body()
        )
        .unwrap();
    }
    text.into_bytes()
}

/// Spans and logs together, as a service sends them; returns what the receiver got.
fn over_the_wire(
    receiver: &Receiver,
    spans: impl SpanExporter + 'static,
    logs: impl LogProcessor + 'static,
    redact: bool,
    log: &dyn Fn(),
) -> Vec<u8> {
    receiver.forget();
    let (tracers, loggers) = (SdkTracerProvider::builder(), SdkLoggerProvider::builder());
    let (tracers, loggers) = if redact {
        let spans = RedactingSpanExporter::new(spans, Redactor::new());
        let logs = RedactingLogProcessor::new(logs, Redactor::new());
        (
            tracers.with_batch_exporter(spans),
            loggers.with_log_processor(logs),
        )
    } else {
        (
            tracers.with_batch_exporter(spans),
            loggers.with_log_processor(logs),
        )
    };
    let (tracers, loggers) = (tracers.build(), loggers.build());
    let stack = registry()
        .with(span_layer(&tracers))
        .with(OpenTelemetryTracingBridge::new(&loggers));
    with(redact, stack, log);
    tracers.shutdown().unwrap();
    loggers.shutdown().unwrap();
    receiver.received()
}

/// Without what differs from run to run: threads and times.
fn span_layer<S>(
    provider: &SdkTracerProvider,
) -> tracing_opentelemetry::OpenTelemetryLayer<S, opentelemetry_sdk::trace::SdkTracer>
where
    S: Subscriber + for<'s> registry::LookupSpan<'s>,
{
    tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("service"))
        .with_tracked_inactivity(false)
        .with_threads(false)
}

#[derive(Clone, Default)]
struct Out(Arc<Mutex<Vec<u8>>>);

impl io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Out {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}
