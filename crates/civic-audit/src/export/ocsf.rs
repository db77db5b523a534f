//! Events of the Open Cybersecurity Schema Framework.
//!
//! | class of an entry | class of OCSF |
//! |---|---|
//! | `data_access`, `data_change`, `disclosure`, `erasure`, `access_denied` | 6003 API Activity |
//! | `auth` | 3002 Authentication |
//! | `privilege_change` | 3005 User Access Management |
//! | `deployment`, `service_lifecycle`, `flag_change`, `health_transition` | 6002 Application Lifecycle |
//! | `audit_meta` | 1008 Event Log Activity |

use serde_json::{Value, json};

use crate::export::parts;
use crate::record::Record;

/// Version of the schema that [`ocsf`] follows.
pub const OCSF_VERSION: &str = "1.8.0";

/// Fields of a record that have a place in every event.
const TOLD: &[&str] = &[
    "v",
    "id",
    "seq",
    "stream",
    "time",
    "logged_time",
    "action",
    "service",
];

/// Gives a record the shape of an OCSF event, with nothing left out: what has no field there stands in `unmapped`.
///
/// ```
/// use civic_audit::{Record, ocsf};
/// # let text = r#"{"v":1,"stream":"licensing/7/1","seq":3,"logged_time":"2026-11-25T09:00:00.000000Z",
/// #     "id":"019ab8f0-0000-7000-8000-000000000000","time":"2026-11-25T09:00:00.000000Z",
/// #     "class":"data_access","action":"record.view","phase":"intent"}"#;
/// let event = ocsf(&Record::parse(text.as_bytes())?);
/// assert_eq!((&event["class_uid"], &event["activity_name"]), (&6003.into(), &"Read".into()));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn ocsf(record: &Record) -> Value {
    let (class_uid, class_name) = class(record);
    let (activity_id, activity_name) = activity(record);
    let status = status(record);
    let service = parts::service(record);
    let mut event = json!({
        "class_uid": class_uid,
        "class_name": class_name,
        "category_uid": class_uid / 1000,
        "type_uid": class_uid * 100 + activity_id,
        "activity_id": activity_id,
        "activity_name": activity_name.unwrap_or(&record.action),
        "severity_id": severity(record),
        "time": parts::millis(&record.time),
        "message": record.action,
        "metadata": metadata(record),
        "unmapped": parts::rest(record, TOLD),
    });
    if let Some((id, name)) = status {
        event["status_id"] = id.into();
        event["status"] = name.into();
    }
    if let Some(trace) = parts::text(record, "/correlation/trace_id") {
        event["metadata"]["profiles"] = json!(["trace"]);
        event["trace"] = json!({"uid": trace, "service": {"name": service}});
    }
    let resources = resources(record);
    match class_uid {
        6003 => {
            event["actor"] = actor(record);
            event["api"] = json!({"operation": record.action, "service": {"name": service}});
            if let Some(request) = parts::text(record, "/correlation/request_id") {
                event["api"]["request"] = json!({"uid": request});
            }
            // Where a request came from is personal data and is not in an entry; the service is what the reader sees of it.
            event["src_endpoint"] = endpoint(record);
            if !resources.is_empty() {
                event["resources"] = resources.into();
            }
        }
        3002 => {
            event["user"] = user(record);
            event["actor"] = actor(record);
            event["service"] = json!({"name": service});
        }
        3005 => {
            let target = parts::text(record, "/target").unwrap_or("unknown");
            event["user"] = json!({"uid": target});
            event["actor"] = actor(record);
            let right = parts::text(record, "/granted").or(parts::text(record, "/revoked"));
            event["privileges"] = json!([right.unwrap_or("unknown")]);
        }
        6002 => {
            event["app"] = json!({"name": service});
            for (field, path) in [
                ("version", "/service/version"),
                ("uid", "/service/instance"),
            ] {
                if let Some(value) = parts::text(record, path) {
                    event["app"][field] = value.into();
                }
            }
            // The class has no field for who did it; who did stands in `unmapped`.
        }
        _ => {
            event["actor"] = actor(record);
            event["log_name"] = record.stream.clone().into();
        }
    }
    event
}

fn class(record: &Record) -> (u32, &'static str) {
    match record.class.as_str() {
        "auth" => (3002, "Authentication"),
        "privilege_change" => (3005, "User Access Management"),
        "deployment" | "service_lifecycle" | "flag_change" | "health_transition" => {
            (6002, "Application Lifecycle")
        }
        "audit_meta" => (1008, "Event Log Activity"),
        _ => (6003, "API Activity"),
    }
}

/// Number and name; without a name it is that of the action.
fn activity(record: &Record) -> (u32, Option<&'static str>) {
    let other = (99, None);
    match record.class.as_str() {
        "data_access" | "disclosure" => (2, Some("Read")),
        "data_change" if record.action.ends_with(".create") => (1, Some("Create")),
        "data_change" => (3, Some("Update")),
        "erasure" => (4, Some("Delete")),
        "auth" => match parts::text(record, "/step") {
            Some("sign-in") => (1, Some("Logon")),
            Some("sign-out") => (2, Some("Logoff")),
            _ => other,
        },
        "privilege_change" if record.other.contains_key("granted") => {
            (1, Some("Assign Privileges"))
        }
        "privilege_change" => (2, Some("Revoke Privileges")),
        "deployment" => (8, Some("Update")),
        "service_lifecycle" => match parts::text(record, "/transition") {
            Some("started") => (3, Some("Start")),
            Some("stopped") => (4, Some("Stop")),
            _ => other,
        },
        "audit_meta" => match record.action.as_str() {
            "audit.exported" => (3, Some("Export")),
            "audit.pruned" => (2, Some("Delete")),
            "audit.segment_opened" => (5, Some("Rotate")),
            _ => other,
        },
        _ => other,
    }
}

/// What somebody on call should look at is not informational.
fn severity(record: &Record) -> u32 {
    let outcome = record.outcome.as_deref();
    match record.action.as_str() {
        "audit.gap" | "audit.storage_error" | "audit.full" => 4,
        "deployment.unattributed" => 3,
        _ if matches!(outcome, Some("failed" | "refused" | "unknown")) => 2,
        _ => 1,
    }
}

fn status(record: &Record) -> Option<(u32, &str)> {
    Some(match record.outcome.as_deref()? {
        "succeeded" => (1, "Success"),
        "failed" | "refused" => (2, "Failure"),
        "unknown" => (0, "Unknown"),
        other => (99, other),
    })
}

fn metadata(record: &Record) -> Value {
    let mut metadata = json!({
        "version": OCSF_VERSION,
        "product": {"name": parts::service(record)},
        "uid": record.id,
        "sequence": record.seq,
        "log_name": record.stream,
        "log_version": "civic-audit 1",
        "event_code": record.action,
        "logged_time": parts::millis(&record.logged_time),
        "original_time": record.time,
    });
    if let Some(version) = parts::text(record, "/service/version") {
        metadata["product"]["version"] = version.into();
    }
    // The outcome of an intent is found by the id of the intent.
    let related = record.intent.map(|intent| intent.to_string());
    let trace = || parts::text(record, "/correlation/trace_id").map(str::to_owned);
    if let Some(correlation) = related.or_else(trace) {
        metadata["correlation_uid"] = correlation.into();
    }
    if record.other.contains_key("truncated") {
        metadata["is_truncated"] = true.into();
    }
    metadata
}

fn actor(record: &Record) -> Value {
    match parts::actor(record, "type") {
        Some("staff" | "citizen") => json!({"user": user(record)}),
        Some("service" | "pipeline") => json!({"app_name": parts::who(record)}),
        _ => json!({"app_name": parts::service(record)}),
    }
}

fn user(record: &Record) -> Value {
    let type_id = match parts::actor(record, "type") {
        Some("staff" | "citizen") => 1,
        Some("service" | "pipeline") => 4,
        _ => 3,
    };
    let mut user = json!({"uid": parts::who(record), "type_id": type_id});
    if let Some(role) = parts::actor(record, "role") {
        user["groups"] = json!([{"name": role}]);
    }
    if let Some(organisation) = parts::actor(record, "organisation") {
        user["org"] = json!({"name": organisation});
    }
    user
}

fn endpoint(record: &Record) -> Value {
    let mut endpoint = json!({"svc_name": parts::service(record)});
    if let Some(instance) = parts::text(record, "/service/instance") {
        endpoint["instance_uid"] = instance.into();
    }
    endpoint
}

fn resources(record: &Record) -> Vec<Value> {
    let one = |subject: &Value| json!({"uid": subject.get("ref"), "type": subject.get("type")});
    record.subjects.iter().map(one).collect()
}
