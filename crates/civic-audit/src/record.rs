//! Entries as they are read back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::ledger::{Id, Mark};

/// An entry as it stands in the ledger, every field by its name in the JSON.
///
/// Version 1 of the format. A field that this version does not know is kept in `other`.
///
/// ```
/// let text = r#"{"v":1,"stream":"licensing/7/1","seq":3,"logged_time":"2026-11-25T09:00:00.000000Z",
///     "id":"019ab8f0-0000-7000-8000-000000000000","time":"2026-11-25T09:00:00.000000Z",
///     "class":"data_access","action":"record.view","phase":"intent"}"#;
/// let record = civic_audit::Record::parse(text.as_bytes())?;
/// assert_eq!((record.seq, record.class.as_str()), (3, "data_access"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Record {
    /// Version of the format.
    pub v: u32,
    /// Name of the stream: service, UUID of the ledger, number.
    pub stream: String,
    /// Place in the stream, without gaps, from 0.
    pub seq: u64,
    /// When it was written, in UTC.
    pub logged_time: String,
    /// UUIDv7, given by the producer.
    pub id: Uuid,
    /// When it happened, in UTC.
    pub time: String,
    /// Class of the event, such as `data_access`.
    pub class: String,
    /// What was done, such as `record.view`.
    pub action: String,
    /// `intent`, `outcome` of an intent, or `event` for both in one.
    pub phase: String,
    /// How it ended: absent for an intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// For an outcome, the id of its intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<Uuid>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Value>,
    /// Whom it was about, as pseudonyms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Value>,
    /// Names of the fields that were read or changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Value>,
    /// Fields of the class, the service, the correlation, and what was redacted.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Record {
    /// Reads an entry.
    ///
    /// ```
    /// assert!(civic_audit::Record::parse(b"{}").is_err());
    /// ```
    ///
    /// # Errors
    /// When it is no entry of version 1.
    pub fn parse(entry: &[u8]) -> Result<Self, serde_json::Error> {
        let record: Record = serde_json::from_slice(entry)?;
        if record.v == 1 {
            Ok(record)
        } else {
            Err(serde::de::Error::custom("not version 1 of the format"))
        }
    }

    /// The entry as one line of JSON, with the fields in the order of this struct.
    ///
    /// ```
    /// # use civic_audit::Record;
    /// fn show(record: &Record) {
    ///     println!("{}", record.to_json());
    /// }
    /// ```
    pub fn to_json(&self) -> String {
        // It was JSON before and has text for keys, so it can be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The fields that pair intents with outcomes, and tie segments together.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Pairing {
    id: Option<Uuid>,
    phase: Option<Phase>,
    intent: Option<Uuid>,
    pub(crate) open_since: Option<u64>,
    /// Segment whose end this entry accounts for.
    pub(crate) explains: Option<String>,
    /// Stream whose damage this entry accounts for, where it is another one.
    pub(crate) explains_stream: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Phase {
    Intent,
    Outcome,
    Event,
}

impl Pairing {
    /// Reads what it can; what is no JSON pairs with nothing.
    pub(crate) fn read(entry: &[u8]) -> Self {
        serde_json::from_slice(entry).unwrap_or_default()
    }

    pub(crate) fn mark(&self) -> Mark {
        let bytes = |id: Option<Uuid>| id.map(|id| -> Id { id.into_bytes() });
        match self.phase {
            Some(Phase::Intent) => bytes(self.id).map_or(Mark::None, Mark::Begins),
            Some(Phase::Outcome) => bytes(self.intent).map_or(Mark::None, Mark::Ends),
            _ => Mark::None,
        }
    }
}
