//! What `--explain` adds to a finding.

use civic_pii::{Explanation, Scanner};

/// Why a value was found, and how to keep it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reasons {
    /// Confidence that was needed, in percent.
    pub(crate) threshold: Option<u8>,
    /// The key before the value, unless the key is personal data itself.
    pub(crate) key: Option<String>,
    /// Line for the policy file that keeps such a value.
    pub(crate) keep: Option<String>,
}

impl Reasons {
    /// Takes what may be shown out of an explanation.
    ///
    /// `{"ann@example.com": "QQ123456C"}` has a key that must not be shown: then the key and the line
    /// that would name it are left out.
    pub(crate) fn of(explanation: &Explanation, shield: &Scanner) -> Self {
        let key = explanation.key.as_deref();
        let personal = key.is_some_and(|key| !shield.scan(key).is_empty());
        let keep = Some(&explanation.keep_line).filter(|line| !personal && !line.is_empty());
        Self {
            threshold: Some(explanation.threshold),
            key: key.filter(|_| !personal).map(str::to_owned),
            keep: keep.cloned(),
        }
    }
}
