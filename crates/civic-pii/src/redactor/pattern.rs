//! The user's patterns beside the built-in recognisers.

use core::fmt;

use super::Redactor;
use crate::marker::marker_len;
use crate::{Explanation, Finding, Kind};
#[cfg(feature = "pattern")]
use {super::Parts, crate::Scanner};

#[cfg(feature = "pattern")]
impl Redactor {
    /// Both sorts of findings in one order, or `None` when no pattern matches.
    pub(super) fn merged(&self, text: &[u8], findings: &[Finding]) -> Option<Vec<Finding>> {
        let policy = &self.0.policy;
        let custom = self.pattern_findings(text)?;
        let replaced: Vec<Finding> = findings
            .iter()
            .copied()
            .filter(|finding| policy.replaces(finding.kind))
            .collect();
        Some(crate::pattern::merge_findings(&replaced, custom))
    }

    /// What the patterns find, apart from what the policy keeps, or `None` when no pattern matches.
    fn pattern_findings(&self, text: &[u8]) -> Option<Vec<Finding>> {
        let Parts {
            scanner, policy, ..
        } = &*self.0;
        if !policy.replaces(Kind::Custom) {
            return None;
        }
        let mut custom = Vec::new();
        for (index, pattern) in (0..).zip(policy.patterns()) {
            pattern.find_into(index, text, &mut custom);
        }
        if custom.is_empty() {
            return None;
        }
        self.drop_inside_markers(text, &mut custom);
        custom.retain(|finding| !scanner.keeps_value(text, finding.start));
        Some(custom)
    }

    /// Explains what the patterns find.
    pub(super) fn explain_patterns(&self, text: &[u8]) -> Vec<Explanation> {
        let findings = self.pattern_findings(text).unwrap_or_default();
        findings
            .into_iter()
            .map(|finding| Scanner::explain_pattern(text, finding))
            .collect()
    }

    /// Drops findings that touch a marker: a pattern of capital letters would else replace the label of each.
    fn drop_inside_markers(&self, text: &[u8], findings: &mut Vec<Finding>) {
        let mut markers = Vec::new();
        let mut at = 0;
        while let Some(next) = text[at..].iter().position(|b| *b == b'[') {
            at += next;
            let len = self.marker_len(&text[at..]);
            markers.extend(len.map(|len| at..at + len));
            at += len.unwrap_or(1);
        }
        findings.retain(|found| {
            // Markers are in order: the first that ends after the begin of the finding is the one to look at.
            let first = markers.partition_point(|marker| marker.end <= found.start);
            markers
                .get(first)
                .is_none_or(|marker| found.end <= marker.start)
        });
    }

    /// Whether patterns of the user's own are looked for.
    pub(super) fn has_patterns(&self) -> bool {
        !self.0.policy.patterns().is_empty() && self.0.policy.replaces(Kind::Custom)
    }

    /// The pattern that the number's digits match.
    pub(super) fn pattern_of(&self, value: &impl fmt::Display) -> Option<(Kind, Option<u16>)> {
        if !self.has_patterns() {
            return None;
        }
        let digits = value.to_string();
        (0..)
            .zip(self.0.policy.patterns())
            .find(|(_, pattern)| pattern.is_match(digits.as_bytes()))
            .map(|(index, _)| (Kind::Custom, Some(index)))
    }

    pub(super) fn marker_len(&self, text: &[u8]) -> Option<usize> {
        let custom = || {
            let mut patterns = self.0.policy.patterns().iter();
            patterns.find_map(|pattern| pattern.marker_len(text))
        };
        marker_len(text).or_else(custom)
    }
}

#[cfg(not(feature = "pattern"))]
#[expect(
    clippy::unused_self,
    reason = "the same signatures as with the feature `pattern`"
)]
impl Redactor {
    pub(super) fn merged(&self, _text: &[u8], _findings: &[Finding]) -> Option<Vec<Finding>> {
        None
    }

    pub(super) fn explain_patterns(&self, _text: &[u8]) -> Vec<Explanation> {
        Vec::new()
    }

    pub(super) fn has_patterns(&self) -> bool {
        false
    }

    pub(super) fn pattern_of(&self, _value: &impl fmt::Display) -> Option<(Kind, Option<u16>)> {
        None
    }

    pub(super) fn marker_len(&self, text: &[u8]) -> Option<usize> {
        marker_len(text)
    }
}
