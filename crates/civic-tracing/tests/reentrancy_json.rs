//! A value that logs while it is formatted, under a `JsonLayer` alone as the global subscriber.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

mod written;

use std::fmt;

use civic_pii::Redactor;
use civic_tracing::JsonLayer;
use serde_json::{Value, json};
use tracing::{error, info, info_span};
use tracing_subscriber::prelude::*;

use written::Sink;

const NINO: &str = "AB123456C";
const EMAIL: &str = "canary@example.com";

impl Sink {
    fn lines(&self) -> Vec<Value> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(NINO) && !text.contains(EMAIL), "{text}");
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// Logs while it is formatted, and then ends as it was told to.
struct Chatty(Ending);

#[derive(Clone, Copy)]
enum Ending {
    Whole,
    Failing,
    Panicking,
}

impl fmt::Debug for Chatty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "before {EMAIL}")?;
        error!(detail = NINO, "inner");
        match self.0 {
            Ending::Whole => write!(f, " after {EMAIL}"),
            Ending::Failing => Err(fmt::Error),
            Ending::Panicking => panic!("half way"),
        }
    }
}

fn inner() -> Value {
    json!({"message": "inner", "detail": "[NINO]"})
}

#[test]
fn each_event_keeps_a_line_of_its_own() {
    let sink = Sink::default();
    tracing_subscriber::registry()
        .with(
            JsonLayer::new(Redactor::new())
                .without_time()
                .with_writer(sink.clone()),
        )
        .init();

    info!(value = ?Chatty(Ending::Whole), other = NINO, "outer");
    let lines = sink.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(lines[0]["fields"], inner());
    assert_eq!(
        lines[1]["fields"],
        json!({"message": "outer", "value": "before [EMAIL] after [EMAIL]", "other": "[NINO]"})
    );

    // A span's field: its event is about no span, since this one does not exist yet.
    let span = info_span!("apply", value = ?Chatty(Ending::Whole));
    assert_eq!(sink.lines()[0]["fields"], inner());
    span.in_scope(|| info!("inside"));
    let lines = sink.lines();
    assert_eq!(
        lines[0]["span"],
        json!({"name": "apply", "value": "before [EMAIL] after [EMAIL]"})
    );

    // One that fails half way takes nothing else with it.
    info!(value = ?Chatty(Ending::Failing), other = NINO, "failing");
    let lines = sink.lines();
    assert_eq!(lines[0]["fields"], inner());
    assert_eq!(lines[1]["fields"]["message"], "failing");
    assert_eq!(lines[1]["fields"]["other"], "[NINO]");

    std::panic::set_hook(Box::new(|_| {}));
    let outcome = std::panic::catch_unwind(|| {
        info!(value = ?Chatty(Ending::Panicking), other = NINO, "panicking");
    });
    let _ = std::panic::take_hook();
    assert!(outcome.is_err(), "a panic is the caller's, as without us");
    let lines = sink.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["fields"], inner());

    // And the next ordinary event is as any other.
    info!(detail = NINO, "next");
    assert_eq!(
        sink.lines()[0]["fields"],
        json!({"message": "next", "detail": "[NINO]"})
    );
}
