//! Entries in the shapes that others read.

mod cloud_events;
mod hmpps;
mod ocsf;
mod parts;
mod play_auditing;

use serde_json::Value;

pub use cloud_events::{CloudEvent, cloud_event};
pub use hmpps::hmpps;
pub use ocsf::{OCSF_VERSION, ocsf};
pub use play_auditing::play_auditing;

use crate::record::Record;

/// What an entry looks like outside of the ledger.
///
/// Every shape has the stream and the sequence of the entry, so that a reader can drop what comes twice and see what is
/// missing. Only [`Entry`](Shape::Entry) keeps the bytes, over which [proofs](crate::Proof) are made.
///
/// ```
/// assert_eq!(civic_audit::Shape::default(), civic_audit::Shape::Ocsf);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// An event of the Open Cybersecurity Schema Framework: [`ocsf()`].
    #[default]
    Ocsf,
    /// The entry as the ledger has it.
    Entry,
    /// An extended data event, as HMRC's play-auditing sends to Datastream: [`play_auditing()`].
    PlayAuditing,
    /// An audit event as hmpps-audit-api takes it: [`hmpps()`].
    Hmpps,
}

impl Shape {
    /// Gives an entry this shape, as one line of JSON without a line break at its end. `None` when it is no entry.
    ///
    /// ```
    /// use civic_audit::Shape;
    /// assert!(Shape::Ocsf.line(b"no entry").is_none());
    /// ```
    pub fn line(self, entry: &[u8]) -> Option<Vec<u8>> {
        if self == Shape::Entry {
            return Some(entry.to_vec());
        }
        self.line_of(&Record::parse(entry).ok()?, entry)
    }

    /// As [`line`](Shape::line), of an entry that was parsed.
    pub(crate) fn line_of(self, record: &Record, entry: &[u8]) -> Option<Vec<u8>> {
        let value = match self {
            Shape::Entry => return Some(entry.to_vec()),
            Shape::PlayAuditing => play_auditing(record),
            Shape::Hmpps => hmpps(record),
            Shape::Ocsf => ocsf(record),
        };
        serde_json::to_vec(&value).ok()
    }

    /// The sequence in a line of any shape.
    pub(crate) fn sequence(line: &Value) -> Option<u64> {
        let places = ["/seq", "/metadata/sequence", "/detail/seq"];
        let found = places
            .iter()
            .find_map(|place| line.pointer(place).and_then(Value::as_u64));
        found.or_else(|| {
            let details: Value = serde_json::from_str(line.get("details")?.as_str()?).ok()?;
            details.get("seq")?.as_u64()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_the_sequence() {
        let entry = parts::sample();
        for shape in [Shape::Ocsf, Shape::Entry, Shape::PlayAuditing, Shape::Hmpps] {
            let line = shape.line(entry.as_bytes()).unwrap();
            assert!(!line.contains(&b'\n'), "{shape:?}");
            let value = serde_json::from_slice(&line).unwrap();
            assert_eq!(Shape::sequence(&value), Some(7), "{shape:?}");
        }
    }
}
