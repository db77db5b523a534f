//! The envelope of CloudEvents 1.0, for brokers: in headers beside the entry, not around it.

use crate::export::{OCSF_VERSION, Shape, parts};
use crate::record::Record;

/// Attributes of an event by name, without a prefix: Kafka writes `ce_` before each, HTTP `ce-`.
///
/// ```
/// # use civic_audit::{CloudEvent, Record, Shape, cloud_event};
/// fn headers(record: &Record) -> Vec<(String, String)> {
///     let event = cloud_event(record, Shape::Ocsf);
///     event.attributes.into_iter().map(|(name, value)| (format!("ce_{name}"), value)).collect()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CloudEvent {
    /// Names and values. `source` is the stream; `sequence` makes it unique with that.
    pub attributes: Vec<(&'static str, String)>,
}

/// The attributes of a record whose data has a shape.
///
/// ```
/// # let text = r#"{"v":1,"stream":"licensing/7/1","seq":3,"logged_time":"2026-11-25T09:00:00.000000Z",
/// #     "id":"019ab8f0-0000-7000-8000-000000000000","time":"2026-11-25T09:00:00.000000Z",
/// #     "class":"data_access","action":"record.view","phase":"intent"}"#;
/// # let record = civic_audit::Record::parse(text.as_bytes())?;
/// let event = civic_audit::cloud_event(&record, civic_audit::Shape::Ocsf);
/// assert!(event.attributes.contains(&("type", "record.view".to_owned())));
/// assert!(event.attributes.contains(&("sequence", "3".to_owned())));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn cloud_event(record: &Record, shape: Shape) -> CloudEvent {
    let mut attributes = vec![
        ("specversion", "1.0".to_owned()),
        ("id", record.id.to_string()),
        ("source", record.stream.clone()),
        ("type", record.action.clone()),
        ("time", record.time.clone()),
        ("datacontenttype", "application/json".to_owned()),
        ("sequence", record.seq.to_string()),
        ("partitionkey", record.stream.clone()),
    ];
    if shape == Shape::Ocsf {
        attributes.push((
            "dataschema",
            format!("https://schema.ocsf.io/{OCSF_VERSION}"),
        ));
    }
    let trace = parts::text(record, "/correlation/trace_id");
    let span = parts::text(record, "/correlation/span_id");
    if let (Some(trace), Some(span)) = (trace, span) {
        attributes.push(("traceparent", format!("00-{trace}-{span}-01")));
    }
    CloudEvent { attributes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_required_attributes_are_there_once_and_no_personal_data_is() {
        let record = Record::parse(parts::sample().as_bytes()).unwrap();
        let event = cloud_event(&record, Shape::Ocsf);
        for required in ["specversion", "id", "source", "type"] {
            let found = event
                .attributes
                .iter()
                .filter(|(name, _)| *name == required);
            assert_eq!(found.count(), 1, "{required}");
        }
        let lower = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(event.attributes.iter().all(|(name, _)| lower(name)));
        let told = format!("{event:?}");
        assert!(
            !told.contains("caseworker") && !told.contains("pseudonym"),
            "{told}"
        );
        assert!(told.contains("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    }
}
