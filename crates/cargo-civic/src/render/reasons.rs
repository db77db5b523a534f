//! What `--explain` adds to a finding.

use civic_pii::{Evidence, Explanation};

use crate::policy::PolicyFile;

/// Why a value was found, and how to keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reasons {
    /// What speaks for the kind, with the words near the value.
    pub(crate) evidence: Evidence,
    /// How sure the scanner is of it, in percent, with the words near the value.
    pub(crate) score: u8,
    /// Score that was needed, in percent; 0 for a pattern of the policy.
    pub(crate) threshold: u8,
    /// The key before the value, unless the key is personal data itself.
    pub(crate) key: Option<String>,
    /// Lines for the policy file that keep such a value.
    pub(crate) keep: String,
    /// Whether the policy file may have those lines at its end.
    pub(crate) fits: bool,
}

impl Reasons {
    /// Takes what may be shown out of an explanation.
    ///
    /// `{"QQ123456C": "ann@example.com"}` has a `personal` key that must not be shown: then it is left
    /// out, and the lines name the kind instead.
    pub(crate) fn of(explanation: &Explanation, personal: bool, file: Option<&PolicyFile>) -> Self {
        let (key, keep) = if personal {
            (None, &explanation.keep_kind_line)
        } else {
            (explanation.key.clone(), &explanation.keep_line)
        };
        Self {
            evidence: explanation.finding.evidence,
            score: explanation.finding.confidence,
            threshold: explanation.threshold,
            key,
            keep: keep.clone(),
            fits: file.is_none_or(|file| file.takes(keep)),
        }
    }
}
