//! Parts of a record that the shapes share.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::record::Record;

/// A text at a path such as `/service/name`, in what the record has beside its own fields.
pub(super) fn text<'a>(record: &'a Record, path: &str) -> Option<&'a str> {
    at(record, path)?.as_str()
}

/// A value at such a path.
pub(super) fn at<'a>(record: &'a Record, path: &str) -> Option<&'a Value> {
    let mut names = path.trim_start_matches('/').split('/');
    let first = record.other.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// Name of the service that wrote the entry.
pub(super) fn service(record: &Record) -> &str {
    let of_stream = || record.stream.split('/').next().unwrap_or_default();
    text(record, "/service/name").unwrap_or_else(of_stream)
}

/// A field of the actor.
pub(super) fn actor<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.actor.as_ref()?.get(name)?.as_str()
}

/// Who acted: the identifier, the pseudonym of a citizen, or what kind of program it was.
pub(super) fn who(record: &Record) -> &str {
    let pseudonym = || {
        record
            .actor
            .as_ref()?
            .pointer("/subject/ref")
            .and_then(Value::as_str)
    };
    actor(record, "id")
        .or_else(pseudonym)
        .or_else(|| actor(record, "type"))
        .unwrap_or("system")
}

/// Milliseconds since 1970 of a time as entries write it.
pub(super) fn millis(time: &str) -> i64 {
    time.parse::<Timestamp>()
        .map_or(0, Timestamp::as_millisecond)
}

/// A time with three decimals, in UTC.
pub(super) fn with_millis(time: &str) -> String {
    match time.parse::<Timestamp>() {
        Ok(time) => format!("{time:.3}"),
        Err(_) => time.to_owned(),
    }
}

/// Names of the fields in receipts of what was removed or cut.
pub(super) fn receipts(record: &Record, name: &str) -> Vec<String> {
    let list = record.other.get(name).and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|receipt| receipt.get("field")?.as_str().map(str::to_owned))
        .collect()
}

/// All of a record that a shape has no field of its own for.
pub(super) fn rest(record: &Record, told: &[&str]) -> Map<String, Value> {
    let mut rest = match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    for name in told {
        rest.remove(*name);
    }
    rest
}

/// An entry with everything that an entry may have.
#[cfg(test)]
pub(super) fn sample() -> String {
    r#"{"v":1,"stream":"licensing/0195/1","seq":7,"logged_time":"2026-11-25T09:00:00.500000Z",
    "id":"019ab8f0-0000-7000-8000-000000000000","time":"2026-11-25T09:00:00.123456Z",
    "class":"data_access","action":"record.view","phase":"intent",
    "actor":{"type":"staff","id":"caseworker-7012","role":"caseworker","organisation":"DVLA","on_behalf_of":"manager-11"},
    "subjects":[{"type":"licence","ref":"pseudonym:k1:abc"}],"fields":["holder","address"],
    "purpose":{"name":"licence-review","justification":"renewal"},
    "correlation":{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","request_id":"7f9c","journey":"apply"},
    "detail":{"note":"a text"},"retention":{"class":"access","period":"P2Y"},
    "redacted":[{"field":"detail.note","kinds":["uk_nino"],"count":1}],
    "truncated":[{"field":"detail.more","left_out":9}],
    "service":{"name":"licensing","version":"1.4.0","instance":"pod-3"}}"#
        .replace("\n    ", "")
}
