//! An entry as people read it, and the parts of it that commands ask for.

use civic_audit::Record;
use serde_json::Value;

/// What happened, by whom, to whom and why: the words of a line, behind place and time.
pub(super) fn words(record: &Record) -> Vec<String> {
    let mut words = vec![record.action.clone(), ending(record).to_owned()];
    if let Some(actor) = &record.actor {
        let id = text(actor, "id").or_else(|| text(actor, "type"));
        words.push(format!("by {}", id.unwrap_or("?")));
    }
    let subjects: Vec<&str> = record
        .subjects
        .iter()
        .filter_map(|subject| text(subject, "ref"))
        .collect();
    if !subjects.is_empty() {
        words.push(format!("about {}", subjects.join(" ")));
    }
    if !record.fields.is_empty() {
        words.push(format!("fields {}", record.fields.join(",")));
    }
    if let Some(purpose) = purpose(record) {
        words.push(format!("for {purpose}"));
    }
    if let Some(intent) = record.intent {
        words.push(format!("of {intent}"));
    }
    words
}

/// How it ended, or that this is no more than the intent.
pub(super) fn ending(record: &Record) -> &str {
    record.outcome.as_deref().unwrap_or(&record.phase)
}

/// Identifier of the actor; a citizen has none.
pub(super) fn actor(record: &Record) -> Option<&str> {
    record.actor.as_ref().and_then(|actor| text(actor, "id"))
}

/// Name of the purpose.
pub(super) fn purpose(record: &Record) -> Option<&str> {
    record
        .purpose
        .as_ref()
        .and_then(|purpose| text(purpose, "name"))
}

/// Whom it is about, and the citizen who acts: type and pseudonym of each.
pub(super) fn people(record: &Record) -> impl Iterator<Item = (&str, &str)> {
    let citizen = record.actor.as_ref().and_then(|actor| actor.get("subject"));
    record
        .subjects
        .iter()
        .chain(citizen)
        .filter_map(|subject| Some((text(subject, "type")?, text(subject, "ref")?)))
}

/// A field of the correlation, such as `trace_id`.
pub(super) fn correlation<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    text(record.other.get("correlation")?, name)
}

/// A text in an object.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}
