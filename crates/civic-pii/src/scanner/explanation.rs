//! Why a value was found, or was not.

use crate::Finding;

/// A candidate of a scan, with its score and its reasons.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The candidate; its kind names the recogniser, its confidence is the score.
    pub finding: Finding,
    /// Score that the kind has to reach, in percent.
    pub threshold: u8,
    /// Whether the score was reached. An accepted candidate may still give way to a surer one that overlaps it.
    pub accepted: bool,
    /// The key before the value as it stands in the text, if there is one.
    pub key: Option<String>,
    /// The lines to write into `civic.toml` to keep such a value.
    pub keep_line: String,
}

impl Explanation {
    pub(super) fn new(
        finding: Finding,
        threshold: u8,
        accepted: bool,
        key: Option<String>,
    ) -> Self {
        let keep_line = match &key {
            Some(key) => format!("[[pii.keep]]\nfield = \"{key}\"\nreason = \"..\""),
            None => format!(
                "[pii.kinds.{}]\nthreshold = {}",
                finding.kind.id(),
                (finding.confidence + 1).min(100)
            ),
        };
        Self {
            finding,
            threshold,
            accepted,
            key,
            keep_line,
        }
    }
}
