//! The resource, which goes out with every batch.

use civic_pii::Redactor;
use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;

use super::attributes::Attributes;
use crate::Counts;

/// The resource with its attributes redacted; its schema address stays.
///
/// The guards of this module call it by themselves. It is for what has no guard, such as a metric
/// exporter. Resource detectors collect command lines, user names and host addresses.
///
/// ```
/// use civic_pii::Redactor;
/// use opentelemetry::{Key, KeyValue};
/// use opentelemetry_sdk::Resource;
///
/// let resource = Resource::builder_empty()
///     .with_attribute(KeyValue::new("process.command_line", "serve --alert jo@example.com"))
///     .build();
/// let clean = civic_tracing::otel::redacted_resource(&resource, &Redactor::new());
/// let value = clean.get(&Key::new("process.command_line"));
/// assert_eq!(value, Some("serve --alert [EMAIL]".into()));
/// ```
pub fn redacted_resource(resource: &Resource, redactor: &Redactor) -> Resource {
    let mut pairs: Vec<KeyValue> = resource
        .iter()
        .map(|(key, value)| KeyValue::new(key.clone(), value.clone()))
        .collect();
    let counts = Counts::default();
    Attributes::new(redactor, &counts).pairs(&mut pairs);
    let builder = Resource::builder_empty();
    match resource.schema_url() {
        Some(url) => builder.with_schema_url(pairs, url.to_owned()).build(),
        None => builder.with_attributes(pairs).build(),
    }
}
