//! Audit events as hmpps-audit-api takes them from its queue.

use serde_json::{Value, json};

use crate::export::parts;
use crate::record::Record;

/// What has a field of its own there, and is not told again in `details`.
const TOLD: &[&str] = &["v", "action", "time"];

/// Gives a record the shape `what`, `when`, `who`, `subjectId`, `subjectType`, `operationId`, `correlationId`, `service`,
/// `details`. The details are a text of JSON, as that queue has it, with everything else.
///
/// That API gives each event an id when it takes it, so that one delivered twice is there twice: `operationId` is the id of
/// the intent for both of its entries, and `details` has the id, the stream and the sequence.
///
/// ```
/// # let text = r#"{"v":1,"stream":"licensing/7/1","seq":3,"logged_time":"2026-11-25T09:00:00.000000Z",
/// #     "id":"019ab8f0-0000-7000-8000-000000000000","time":"2026-11-25T09:00:00.000000Z",
/// #     "class":"data_access","action":"record.view","phase":"intent"}"#;
/// # let record = civic_audit::Record::parse(text.as_bytes())?;
/// assert_eq!(civic_audit::hmpps(&record)["what"], "VIEW_RECORD");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn hmpps(record: &Record) -> Value {
    let subject = record.subjects.first();
    let field = |name: &str| subject.and_then(|subject| subject.get(name)?.as_str());
    let details = Value::Object(parts::rest(record, TOLD)).to_string();
    let kind = field("type").map(|kind| kind.to_uppercase().replace('-', "_"));
    let correlation = parts::text(record, "/correlation/trace_id")
        .or_else(|| parts::text(record, "/correlation/request_id"));
    json!({
        "what": what(&record.action),
        "when": record.time,
        "who": parts::who(record),
        "subjectId": field("ref"),
        "subjectType": kind.as_deref().unwrap_or("NOT_APPLICABLE"),
        "operationId": record.intent.unwrap_or(record.id),
        "correlationId": correlation,
        "service": parts::service(record),
        "details": details,
    })
}

/// `record.view` is `VIEW_RECORD` there: the verb first.
fn what(action: &str) -> String {
    let (noun, verb) = action.rsplit_once('.').unwrap_or(("", action));
    let verb = match verb {
        "change" | "update" => "edit",
        "erase" => "delete",
        other => other,
    };
    let joined = if noun.is_empty() {
        verb.to_owned()
    } else {
        format!("{verb}_{noun}")
    };
    joined.to_uppercase().replace(['.', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seven_fields_are_said_and_the_rest_is_in_the_details() {
        let record = Record::parse(parts::sample().as_bytes()).unwrap();
        let event = hmpps(&record);
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(text("what"), "VIEW_RECORD");
        assert_eq!(text("when"), "2026-11-25T09:00:00.123456Z");
        assert_eq!(text("who"), "caseworker-7012");
        assert_eq!(
            (text("subjectType"), text("subjectId")),
            ("LICENCE".into(), "pseudonym:k1:abc".into())
        );
        assert_eq!(text("operationId"), record.id.to_string());
        assert_eq!(text("correlationId"), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(text("service"), "licensing");
        let details: Value = serde_json::from_str(&text("details")).unwrap();
        assert_eq!(details["purpose"]["name"], "licence-review");
        assert_eq!(
            (&details["stream"], &details["seq"]),
            (&"licensing/0195/1".into(), &7.into())
        );
    }

    #[test]
    fn actions_begin_with_their_verb() {
        for (action, there) in [
            ("record.change", "EDIT_RECORD"),
            ("case-note.create", "CREATE_CASE_NOTE"),
            ("record.erase", "DELETE_RECORD"),
            ("auth", "AUTH"),
        ] {
            assert_eq!(what(action), there);
        }
    }
}
