//! One JSON object per finding.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::Hit;

/// What is added to the six fields that are always there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jsonl {
    pub(crate) show_values: bool,
}

/// The order of the fields is the order in the output.
#[derive(Serialize)]
struct Object<'a> {
    path: Cow<'a, str>,
    line: u64,
    start: u64,
    end: u64,
    kind: &'a str,
    confidence: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Cow<'a, str>>,
    #[serde(flatten)]
    reasons: Option<Reasons<'a>>,
}

#[derive(Serialize)]
struct Reasons<'a> {
    evidence: Vec<&'a str>,
    /// In percent, as in the policy file.
    score: u8,
    threshold: u8,
    key: Option<&'a str>,
    keep: &'a str,
}

impl Jsonl {
    /// Writes one line.
    pub(crate) fn hit(self, hit: &Hit<'_>, out: &mut impl Write) -> io::Result<()> {
        let finding = hit.finding;
        let object = Object {
            path: hit.path.to_string_lossy(),
            line: hit.piece.line,
            start: hit.start(),
            end: hit.end(),
            kind: hit.id,
            confidence: f64::from(finding.confidence) / 100.0,
            value: self
                .show_values
                .then(|| String::from_utf8_lossy(hit.value())),
            reasons: hit.reasons.map(|reasons| Reasons {
                evidence: reasons.evidence.names().collect(),
                score: reasons.score,
                threshold: reasons.threshold,
                key: reasons.key.as_deref(),
                keep: &reasons.keep,
            }),
        };
        serde_json::to_writer(&mut *out, &object)?;
        out.write_all(b"\n")
    }
}
