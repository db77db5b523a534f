//! Extended data events, as HMRC's play-auditing sends them to Datastream.

use serde_json::{Value, json};

use crate::export::parts;
use crate::record::Record;

/// What has a field of its own there, and is not told again in `detail`.
const TOLD: &[&str] = &["v", "id", "time", "redacted", "truncated"];

/// Gives a record the shape `auditSource`, `auditType`, `eventId`, `tags`, `detail`, `generatedAt`, `dataPipeline`.
///
/// What was removed or cut is told in `dataPipeline`, as their library tells it. Tags that an entry has no value for are `-`, as
/// theirs are: an address of a client is personal data and is not in an entry.
///
/// ```
/// # let text = r#"{"v":1,"stream":"licensing/7/1","seq":3,"logged_time":"2026-11-25T09:00:00.000000Z",
/// #     "id":"019ab8f0-0000-7000-8000-000000000000","time":"2026-11-25T09:00:00.000000Z",
/// #     "class":"data_access","action":"record.view","phase":"intent"}"#;
/// # let record = civic_audit::Record::parse(text.as_bytes())?;
/// let event = civic_audit::play_auditing(&record);
/// assert_eq!(event["auditType"], "DataAccess");
/// assert_eq!(event["generatedAt"], "2026-11-25T09:00:00.000Z");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn play_auditing(record: &Record) -> Value {
    let request = parts::text(record, "/correlation/request_id").unwrap_or("-");
    let mut event = json!({
        "auditSource": parts::service(record),
        "auditType": audit_type(&record.class),
        "eventId": record.id,
        "tags": {
            "X-Request-ID": request,
            "X-Session-ID": "-",
            "clientIP": "-",
            "clientPort": "-",
            "path": "-",
            "transactionName": record.action,
        },
        "detail": parts::rest(record, TOLD),
        "generatedAt": parts::with_millis(&record.time),
        "dataPipeline": {"redaction": {"containsRedactions": false}},
    });
    let logged = parts::with_millis(&record.logged_time);
    let redacted = parts::receipts(record, "redacted");
    if !redacted.is_empty() {
        event["dataPipeline"]["redaction"] = json!({
            "containsRedactions": true,
            "redactionLog": [log("redactedFields", redacted, &logged)],
        });
    }
    let truncated = parts::receipts(record, "truncated");
    if !truncated.is_empty() {
        event["dataPipeline"]["truncation"] =
            json!({"truncationLog": [log("truncatedFields", truncated, &logged)]});
    }
    event
}

fn log(name: &str, fields: Vec<String>, time: &str) -> Value {
    let mut log = json!({
        "timestamp": time,
        "code": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
    });
    log[name] = fields.into();
    log
}

/// `data_access` is `DataAccess` there.
fn audit_type(class: &str) -> String {
    class
        .split('_')
        .map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            first.to_uppercase() + rest
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_theirs_and_the_receipts_stand_where_theirs_do() {
        let record = Record::parse(parts::sample().as_bytes()).unwrap();
        let event = play_auditing(&record);
        assert_eq!(event["auditSource"], "licensing");
        assert_eq!(event["auditType"], "DataAccess");
        assert_eq!(event["generatedAt"], "2026-11-25T09:00:00.123Z");
        assert_eq!(event["tags"]["X-Request-ID"], "7f9c");
        assert_eq!(event["tags"]["transactionName"], "record.view");
        assert!(
            event["tags"]
                .as_object()
                .unwrap()
                .values()
                .all(Value::is_string)
        );
        assert_eq!(event["detail"]["purpose"]["name"], "licence-review");
        let pipeline = &event["dataPipeline"];
        assert_eq!(pipeline["redaction"]["containsRedactions"], true);
        assert_eq!(
            pipeline["redaction"]["redactionLog"][0]["redactedFields"],
            json!(["detail.note"])
        );
        assert_eq!(
            pipeline["truncation"]["truncationLog"][0]["truncatedFields"],
            json!(["detail.more"])
        );
    }
}
