//! A baseline: findings that were there when it was written, and are not reported again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// Findings by what does not change when lines move, each with how often it stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: BTreeMap<String, usize>,
}

const VERSION: u32 = 1;

impl Baseline {
    /// A baseline of these findings.
    ///
    /// ```
    /// # let sources = civic_ops::Sources::from_texts([("a.rs", "fn f(email: &str) { info!(\"{email}\") }")]);
    /// let mut findings = civic_ops::check(&sources, &civic_ops::Settings::default()).findings;
    /// let baseline = civic_ops::Baseline::of(&findings);
    /// assert_eq!(civic_ops::Baseline::parse(&baseline.to_text()).as_ref(), Ok(&baseline));
    /// assert_eq!(baseline.apply(&mut findings), (1, 0));
    /// assert!(findings.is_empty());
    /// ```
    pub fn of(findings: &[Finding]) -> Self {
        let mut baseline = Self {
            version: VERSION,
            findings: BTreeMap::new(),
        };
        for finding in findings {
            *baseline.findings.entry(finding.key()).or_default() += 1;
        }
        baseline
    }

    /// Reads what [`Baseline::to_text`] wrote.
    ///
    /// # Errors
    /// When it is not of that form and version.
    pub fn parse(text: &str) -> Result<Self, String> {
        let baseline: Self = serde_json::from_str(text)
            .map_err(|error| format!("line {}: not a baseline: {error}", error.line()))?;
        if baseline.version != VERSION {
            return Err(format!(
                "it has version {} and not {VERSION}",
                baseline.version
            ));
        }
        Ok(baseline)
    }

    /// JSON with one line for each finding, sorted, so that changes to it are read easily.
    ///
    /// # Panics
    /// Never: maps of text and numbers are JSON.
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("maps of text and numbers are JSON");
        text + "\n"
    }

    /// Takes out what the baseline has, and gives how many those are and how many entries are there no longer.
    pub fn apply(&self, findings: &mut Vec<Finding>) -> (usize, usize) {
        let mut left = self.findings.clone();
        let before = findings.len();
        findings.retain(|finding| match left.get_mut(&finding.key()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        (before - findings.len(), left.values().sum())
    }
}
