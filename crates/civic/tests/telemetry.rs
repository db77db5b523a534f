//! The facade as a service uses it: one builder, one value.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use civic::{Telemetry, TelemetryBuilder};
use serde_json::Value;

const EMAIL: &str = "canary@example.com";

/// What `log` leaves in a file under this telemetry.
fn logged(
    setting: impl FnOnce(TelemetryBuilder) -> TelemetryBuilder,
    log: impl FnOnce(),
) -> (String, u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let builder = setting(Telemetry::builder("service").filter("info").to_file(&path));
    let (dispatch, telemetry) = builder.build().unwrap();
    tracing::dispatcher::with_default(&dispatch, log);
    let redacted = telemetry.counts().redacted();
    drop(telemetry);
    (read(&path), redacted)
}

fn read(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    assert!(!text.contains(EMAIL), "{text}");
    text
}

fn log() {
    let span = tracing::info_span!("apply", contact = EMAIL);
    let _entered = span.enter();
    tracing::info!(rows = 3, "mail to {EMAIL}");
    tracing::debug!("not wanted");
    tracing::debug!(target: "hyper::proto", "not wanted");
}

#[test]
fn a_line_is_that_of_fmt_json_without_personal_data() {
    let (text, redacted) = logged(|builder| builder, log);
    let mut line: Value = serde_json::from_str(&text).unwrap();
    assert!(line["timestamp"].is_string());
    line["timestamp"].take();
    let span = serde_json::json!({"contact": "[EMAIL]", "name": "apply"});
    let expected = serde_json::json!({
        "timestamp": null,
        "level": "INFO",
        "fields": {"message": "mail to [EMAIL]", "rows": 3},
        "target": "telemetry",
        "span": span,
        "spans": [span],
    });
    assert_eq!(line, expected);
    assert_eq!(redacted, 2);
}

#[test]
fn text_and_batches_are_redacted_too() {
    let (text, _) = logged(TelemetryBuilder::text, log);
    assert!(text.contains("INFO"), "{text}");
    assert!(text.contains("contact=\"[EMAIL]\""), "{text}");
    assert!(text.contains("mail to [EMAIL]"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");

    let settings = civic::log::writer::BatchingWriter::builder();
    let (text, _) = logged(|builder| builder.batching(settings), log);
    assert!(text.contains("mail to [EMAIL]"), "{text}");
}

#[test]
fn a_line_of_another_layout_has_receipts_and_codes_and_the_place_is_told() {
    fn code(error: &(dyn std::error::Error + 'static)) -> Option<&'static str> {
        error.downcast_ref::<std::io::Error>().map(|_| "CASE-1")
    }
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let (text, _) = logged(
        |builder| {
            builder
                .json(civic::log::JsonLayer::gov_uk)
                .error_code(code)
                .on_redaction(move |redaction| tell.lock().unwrap().push(redaction.line))
        },
        || {
            let error = std::io::Error::other(format!("no case for {EMAIL}"));
            tracing::error!(error = &error as &dyn std::error::Error, "failed");
        },
    );
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["error"], "no case for [EMAIL]");
    assert_eq!(line["error.code"], "CASE-1");
    assert_eq!(line["redacted"], serde_json::json!(["email"]));
    assert_eq!(told.lock().unwrap().len(), 1);
}

#[test]
fn the_filter_is_guarded() {
    let (text, _) = logged(
        |builder| builder.filter("trace"),
        || {
            tracing::trace!(target: "hyper::proto", "read 105 bytes");
            tracing::trace!("mine");
        },
    );
    assert!(text.contains("mine") && !text.contains("bytes"), "{text}");
}

#[test]
fn the_policy_decides() {
    use civic::pii::{Action, Kind};
    let policy = civic::Policy::builder()
        .action(Kind::Postcode, Action::keep("outages are found by area"))
        .build()
        .unwrap();
    let (text, _) = logged(
        |builder| builder.policy(policy),
        || tracing::info!(postcode = "SW1A 2AA", "mail to {EMAIL}"),
    );
    assert!(
        text.contains("SW1A 2AA") && text.contains("[EMAIL]"),
        "{text}"
    );
}

#[test]
fn mistakes_are_told_apart() {
    let error = Telemetry::builder("service")
        .filter("my_service=loud")
        .build()
        .unwrap_err();
    assert!(error.is_filter(), "{error}");
    let error = Telemetry::builder("service")
        .to_file("no/such/folder/log")
        .build()
        .unwrap_err();
    assert!(error.is_output(), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[cfg(feature = "otel")]
#[test]
fn exporters_get_clean_spans_and_records_with_the_name_of_the_service() {
    use opentelemetry_sdk::logs::InMemoryLogExporterBuilder;
    use opentelemetry_sdk::trace::InMemorySpanExporterBuilder;

    let spans = InMemorySpanExporterBuilder::new().build();
    let logs = InMemoryLogExporterBuilder::new().build();
    let file = tempfile::NamedTempFile::new().unwrap();
    let (dispatch, telemetry) = Telemetry::builder("service")
        .json(civic::log::JsonLayer::flat)
        .to_file(file.path())
        .log_exporter(Keep(logs.clone()))
        .span_exporter(Keep(spans.clone()))
        .build()
        .unwrap();
    tracing::dispatcher::with_default(&dispatch, log);
    drop(telemetry);

    let records = logs.get_emitted_logs().unwrap();
    let text = format!("{records:?}");
    assert!(
        text.contains("mail to [EMAIL]") && !text.contains(EMAIL),
        "{text}"
    );
    let name = records[0].resource.get(&"service.name".into());
    assert_eq!(name, Some("service".into()));

    let spans = spans.get_finished_spans().unwrap();
    // The line leads to its trace.
    let line: Value = serde_json::from_str(&read(file.path())).unwrap();
    assert_eq!(
        line["trace_id"],
        spans[0].span_context.trace_id().to_string()
    );
    assert_eq!(line["span_id"], spans[0].span_context.span_id().to_string());
    let text = format!("{spans:?}");
    assert!(
        text.contains("mail to [EMAIL]") && !text.contains(EMAIL),
        "{text}"
    );
}

/// Keeps what it was given after it is shut down, which the exporters in memory do not.
#[cfg(feature = "otel")]
#[derive(Debug)]
struct Keep<E>(E);

#[cfg(feature = "otel")]
impl opentelemetry_sdk::trace::SpanExporter
    for Keep<opentelemetry_sdk::trace::InMemorySpanExporter>
{
    async fn export(
        &self,
        batch: Vec<opentelemetry_sdk::trace::SpanData>,
    ) -> opentelemetry_sdk::error::OTelSdkResult {
        self.0.export(batch).await
    }
}

#[cfg(feature = "otel")]
impl opentelemetry_sdk::logs::LogExporter for Keep<opentelemetry_sdk::logs::InMemoryLogExporter> {
    async fn export(
        &self,
        batch: opentelemetry_sdk::logs::LogBatch<'_>,
    ) -> opentelemetry_sdk::error::OTelSdkResult {
        self.0.export(batch).await
    }

    fn set_resource(&mut self, resource: &opentelemetry_sdk::Resource) {
        self.0.set_resource(resource);
    }
}
