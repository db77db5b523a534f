//! What the in-memory exporters of OpenTelemetry are given behind the guards.

#![cfg(feature = "otel")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use civic_pii::Redactor;
use civic_tracing::RedactExt;
use civic_tracing::otel::{RedactingLogProcessor, RedactingSpanExporter};
use opentelemetry::logs::{AnyValue, LogRecord, Logger, LoggerProvider, Severity};
use opentelemetry::trace::{
    Event, Link, Span, SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
    Tracer, TracerProvider,
};
use opentelemetry::{Array, InstrumentationScope, Key, KeyValue, StringValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::{
    InMemoryLogExporter, LogProcessor, SdkLogRecord, SdkLoggerProvider, SimpleLogProcessor,
};
use opentelemetry_sdk::trace::{
    InMemorySpanExporter, SdkTracerProvider, SpanData, SpanEvents, SpanLinks,
};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::prelude::*;

const EMAIL: &str = "canary@example.com";
const NINO: &str = "AB123456C";

/// Spans that `work` made, as an exporter behind the guard was given them.
fn spans(work: impl FnOnce(&SdkTracerProvider)) -> Vec<SpanData> {
    let exporter = InMemorySpanExporter::default();
    let guard = RedactingSpanExporter::new(exporter.clone(), Redactor::new());
    let provider = SdkTracerProvider::builder()
        .with_simple_exporter(guard)
        .build();
    work(&provider);
    let spans = exporter.get_finished_spans().unwrap();
    let text = format!("{spans:?}");
    assert!(!text.contains(EMAIL) && !text.contains(NINO), "{text}");
    spans
}

fn linked(state: &str) -> SpanContext {
    let state = TraceState::from_key_value([("vendor", state)]).unwrap();
    let (trace, span) = (TraceId::from(7), SpanId::from(8));
    SpanContext::new(trace, span, TraceFlags::SAMPLED, true, state)
}

#[test]
fn every_part_of_a_span_is_clean_and_the_rest_is_as_it_was() {
    let spans = spans(|provider| {
        let scope = InstrumentationScope::builder("scope")
            .with_version("1.2.3")
            .with_attributes([KeyValue::new("owner", EMAIL)])
            .build();
        let tracer = provider.tracer_with_scope(scope);
        let mut span = tracer
            .span_builder(format!("apply for {NINO}"))
            .with_kind(SpanKind::Server)
            .start(&tracer);
        span.set_attribute(KeyValue::new("contact", EMAIL));
        span.set_attribute(KeyValue::new("nhs_number", 4_434_765_919_i64));
        span.set_attribute(KeyValue::new("rows", 3_i64));
        span.set_attribute(KeyValue::new(format!("seen.{EMAIL}"), true));
        let texts = vec![StringValue::from(NINO), StringValue::from("plain")];
        span.set_attribute(KeyValue::new("list", Value::Array(Array::String(texts))));
        let numbers = Array::I64(vec![4_434_765_919, 4_434_765_870]);
        span.set_attribute(KeyValue::new("nhs_number", Value::Array(numbers)));
        span.set_attribute(KeyValue::new("sizes", Value::Array(Array::I64(vec![1, 2]))));
        span.add_event(
            format!("sent to {EMAIL}"),
            vec![KeyValue::new("detail", NINO)],
        );
        span.add_event("plain", vec![KeyValue::new("ratio", 0.5)]);
        span.add_link(linked(EMAIL), vec![KeyValue::new("why", NINO)]);
        span.add_link(linked("plain"), vec![]);
        span.set_status(Status::error(format!("no case for {NINO}")));
        span.end();
    });
    let [span] = spans.as_slice() else {
        panic!("{spans:?}")
    };
    assert_eq!(span.name, "apply for [NINO]");
    assert_eq!(span.span_kind, SpanKind::Server);
    let values: Vec<(&str, String)> = span
        .attributes
        .iter()
        .map(|pair| (pair.key.as_str(), pair.value.to_string()))
        .collect();
    let expected = [
        ("contact", "[EMAIL]"),
        ("nhs_number", "[NHS-NUMBER]"),
        ("rows", "3"),
        ("[EMAIL]", "true"),
        ("list", "[\"[NINO]\",\"plain\"]"),
        ("nhs_number", "[\"[NHS-NUMBER]\",\"[NHS-NUMBER]\"]"),
        ("sizes", "[1,2]"),
    ];
    assert_eq!(values, expected.map(|(key, value)| (key, value.to_owned())));
    assert_eq!(span.attributes[2].value, Value::I64(3));

    let [sent, plain]: &[Event] = &span.events.events else {
        panic!("{:?}", span.events)
    };
    assert_eq!(
        (
            sent.name.as_ref(),
            sent.attributes[0].value.as_str().as_ref()
        ),
        ("sent to [EMAIL]", "[NINO]")
    );
    assert_eq!(plain.attributes, [KeyValue::new("ratio", 0.5)]);

    let [dirty, clean]: &[Link] = &span.links.links else {
        panic!("{:?}", span.links)
    };
    assert_eq!(dirty.span_context.trace_state(), &TraceState::default());
    assert_eq!(dirty.span_context.trace_id(), TraceId::from(7));
    assert_eq!(dirty.attributes, [KeyValue::new("why", "[NINO]")]);
    assert_eq!(clean.span_context, linked("plain"));
    assert_eq!(span.status, Status::error("no case for [NINO]"));
    let scope = &span.instrumentation_scope;
    assert_eq!((scope.name(), scope.version()), ("scope", Some("1.2.3")));
    assert_eq!(
        scope.attributes().next(),
        Some(&KeyValue::new("owner", "[EMAIL]"))
    );
}

#[test]
fn what_is_set_on_a_tracing_span_beside_tracing_is_clean() {
    let spans = spans(|provider| {
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("service"));
        let stack = tracing_subscriber::registry()
            .with(layer)
            .redacted(Redactor::new());
        tracing::subscriber::with_default(stack, || {
            let span = tracing::info_span!("apply", contact = EMAIL);
            span.set_attribute("direct", NINO);
            span.add_event("direct", vec![KeyValue::new("detail", EMAIL)]);
            span.add_link_with_attributes(linked("plain"), vec![KeyValue::new("why", NINO)]);
            span.set_status(Status::error(format!("no case for {NINO}")));
            span.in_scope(|| tracing::error!(detail = NINO, "failed for {EMAIL}"));
        });
    });
    let text = format!("{spans:?}");
    assert_eq!(spans.len(), 1);
    assert!(text.matches("[NINO]").count() >= 4, "{text}");
    assert!(text.matches("[EMAIL]").count() >= 3, "{text}");
}

#[test]
fn a_batch_that_holds_nothing_personal_is_passed_on_as_it_was() {
    let span = SpanData {
        span_context: linked("plain"),
        parent_span_id: SpanId::from(9),
        parent_span_is_remote: true,
        span_kind: SpanKind::Client,
        name: "GET /case/{id}".into(),
        start_time: SystemTime::UNIX_EPOCH,
        end_time: SystemTime::UNIX_EPOCH + Duration::from_secs(1),
        attributes: vec![KeyValue::new("http.response.status_code", 200)],
        dropped_attributes_count: 4,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::Ok,
        instrumentation_scope: InstrumentationScope::builder("scope").build(),
    };
    let exporter = InMemorySpanExporter::default();
    let guard = RedactingSpanExporter::new(exporter.clone(), Redactor::new());
    let done = opentelemetry_sdk::trace::SpanExporter::export(&guard, vec![span.clone()]);
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(done)
        .unwrap();
    assert_eq!(exporter.get_finished_spans().unwrap(), [span]);
    assert_eq!(guard.counts().redacted(), 0);
}

#[derive(Debug)]
struct Later(InMemoryLogExporter);

impl LogProcessor for Later {
    fn emit(&self, record: &mut SdkLogRecord, scope: &InstrumentationScope) {
        SimpleLogProcessor::new(self.0.clone()).emit(record, scope);
    }
    fn force_flush(&self) -> opentelemetry_sdk::error::OTelSdkResult {
        Ok(())
    }
    fn shutdown_with_timeout(&self, _: Duration) -> opentelemetry_sdk::error::OTelSdkResult {
        Ok(())
    }
}

#[test]
fn a_record_is_clean_for_the_wrapped_processor_and_for_later_ones() {
    let (exporter, later) = (
        InMemoryLogExporter::default(),
        InMemoryLogExporter::default(),
    );
    let guard =
        RedactingLogProcessor::new(SimpleLogProcessor::new(exporter.clone()), Redactor::new());
    let counts = guard.counts();
    let provider = SdkLoggerProvider::builder()
        .with_log_processor(guard)
        .with_log_processor(Later(later.clone()))
        .build();
    let logger = provider.logger_with_scope(
        InstrumentationScope::builder("scope")
            .with_attributes([KeyValue::new("owner", EMAIL)])
            .build(),
    );
    let mut record = logger.create_log_record();
    record.set_event_name("applied");
    record.set_target(format!("target of {EMAIL}"));
    record.set_severity_number(Severity::Warn);
    record.set_severity_text("WARN");
    record.set_timestamp(SystemTime::UNIX_EPOCH);
    record.set_trace_context(TraceId::from(1), SpanId::from(2), Some(TraceFlags::SAMPLED));
    record.set_body(format!("mail to {EMAIL}").into());
    record.add_attribute("nhs_number", 4_434_765_919_i64);
    record.add_attribute("bytes", AnyValue::Bytes(Box::new(NINO.into())));
    record.add_attribute("list", AnyValue::from_iter([NINO, "plain"]));
    let map = HashMap::from([
        (Key::new("inner"), AnyValue::from(EMAIL)),
        (Key::new(EMAIL), AnyValue::from(1)),
    ]);
    record.add_attribute("map", AnyValue::Map(Box::new(map)));
    record.add_attribute("rows", 3);
    logger.emit(record);

    for exporter in [exporter, later] {
        let logs = exporter.get_emitted_logs().unwrap();
        let record = &logs[0].record;
        let text = format!("{record:?}");
        assert!(
            !text.contains(EMAIL) && !text.contains(NINO) && !text.contains("4434765919"),
            "{text}"
        );
        // The bytes of the number, as Debug prints them.
        assert!(!text.contains("65, 66, 49, 50"), "{text}");
        assert_eq!(record.event_name(), Some("applied"));
        assert_eq!(record.target().unwrap(), "target of [EMAIL]");
        assert_eq!(record.severity_number(), Some(Severity::Warn));
        assert_eq!(record.severity_text(), Some("WARN"));
        assert_eq!(record.timestamp(), Some(SystemTime::UNIX_EPOCH));
        assert!(record.observed_timestamp().is_some());
        assert_eq!(record.trace_context().unwrap().span_id, SpanId::from(2));
        assert_eq!(record.body(), Some(&AnyValue::from("mail to [EMAIL]")));
        let attributes: Vec<_> = record.attributes_iter().cloned().collect();
        assert_eq!(
            attributes.len(),
            5,
            "nothing is there twice: {attributes:?}"
        );
        assert_eq!(attributes[0].1, AnyValue::from("[NHS-NUMBER]"));
        assert_eq!(attributes[4].1, AnyValue::from(3));
    }
    assert!(counts.redacted() >= 8, "{counts:?}");
}

#[test]
fn a_clean_record_and_its_scope_are_passed_on_as_they_were() {
    fn emit(provider: &SdkLoggerProvider) {
        let logger = provider.logger("scope");
        let mut record = logger.create_log_record();
        record.set_observed_timestamp(SystemTime::UNIX_EPOCH);
        record.set_body("served".into());
        record.add_attribute("rows", 3);
        logger.emit(record);
    }
    let (plain, guarded) = (
        InMemoryLogExporter::default(),
        InMemoryLogExporter::default(),
    );
    let without = SdkLoggerProvider::builder()
        .with_simple_exporter(plain.clone())
        .build();
    let processor = SimpleLogProcessor::new(guarded.clone());
    let with = SdkLoggerProvider::builder()
        .with_log_processor(RedactingLogProcessor::new(processor, Redactor::new()))
        .build();
    emit(&without);
    emit(&with);
    let plain = &plain.get_emitted_logs().unwrap()[0];
    let guarded = &guarded.get_emitted_logs().unwrap()[0];
    assert_eq!(plain.record, guarded.record);
    assert_eq!(plain.instrumentation, guarded.instrumentation);
}

#[test]
fn the_resource_of_both_signals_is_clean() {
    let resource = Resource::builder_empty()
        .with_schema_url(
            [
                KeyValue::new("process.owner", EMAIL),
                KeyValue::new("service.name", "apply"),
            ],
            "https://example.com/schema",
        )
        .build();
    let logs = InMemoryLogExporter::default();
    let guard = RedactingLogProcessor::new(SimpleLogProcessor::new(logs.clone()), Redactor::new());
    let provider = SdkLoggerProvider::builder()
        .with_resource(resource.clone())
        .with_log_processor(guard)
        .build();
    provider
        .logger("scope")
        .emit(provider.logger("scope").create_log_record());
    let clean = &logs.get_emitted_logs().unwrap()[0].resource;
    assert_eq!(
        clean.get(&Key::new("process.owner")),
        Some("[EMAIL]".into())
    );
    assert_eq!(clean.get(&Key::new("service.name")), Some("apply".into()));

    let clean = civic_tracing::otel::redacted_resource(&resource, &Redactor::new());
    assert_eq!(clean.schema_url(), Some("https://example.com/schema"));
    assert_eq!(clean.len(), 2);
}
