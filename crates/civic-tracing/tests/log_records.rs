//! Records of the `log` crate, taken in by `init` as in a service; alone in this process.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

mod written;

use civic_pii::Redactor;
use civic_tracing::RedactExt;
use serde_json::Value;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

use written::Sink;

#[test]
fn log_records_are_redacted_and_keep_their_origin() {
    let sink = Sink::default();
    tracing_subscriber::registry()
        .with(EnvFilter::new("warn,other=off"))
        .with(
            tracing_subscriber::fmt::layer()
                .json()
                .with_file(true)
                .with_line_number(true)
                .with_writer(sink.clone()),
        )
        .redacted(Redactor::new())
        .init();

    let line = line!() + 1;
    log::warn!(target: "third_party", "could not reach {}", "canary@example.com");
    log::info!(target: "third_party", "below the level");
    log::warn!(target: "other", "switched off");

    let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert_eq!(lines[0]["fields"]["message"], "could not reach [EMAIL]");
    assert_eq!(lines[0]["target"], "third_party");
    assert_eq!(lines[0]["level"], "WARN");
    assert_eq!(lines[0]["line_number"], line);
    assert!(
        lines[0]["filename"]
            .as_str()
            .unwrap()
            .ends_with("log_records.rs")
    );
}
