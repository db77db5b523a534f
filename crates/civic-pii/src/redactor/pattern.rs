//! The user's patterns beside the built-in recognisers.

use core::fmt;
#[cfg(feature = "pattern")]
use std::borrow::Cow;

use super::{Found, Redactor};
use crate::marker::marker_len;
#[cfg(feature = "pattern")]
use crate::splice::{WriteSink, splice};
use crate::{Finding, Kind};
#[cfg(feature = "pattern")]
use crate::{Receipt, Scratch};

/// How often a text is scanned again after a pattern has changed it. Each round costs a scan; one is nearly always enough.
#[cfg(feature = "pattern")]
const ROUNDS: usize = 8;

#[cfg(feature = "pattern")]
impl Redactor {
    /// The findings together with those of the user's patterns.
    ///
    /// A marker is a boundary that was not there before: in `77123456AB123456C` a pattern for the digits lets the rest be
    /// found. So what a pattern has changed is scanned again, or redacting twice would find more than redacting once.
    pub(super) fn with_patterns<'s>(
        &self,
        field: Option<&str>,
        text: &[u8],
        findings: &'s [Finding],
    ) -> Found<'s> {
        let Some(mut merged) = self.merged(text, findings) else {
            return Found::Parts(findings);
        };
        let mut receipt = Receipt::default();
        let mut text = Cow::Borrowed(text);
        let mut scratch = Scratch::default();
        for _ in 0..ROUNDS {
            let mut out = Vec::with_capacity(text.len());
            let sink = &mut WriteSink {
                text: &text,
                out: &mut out,
            };
            let done = splice(&self.0.policy, &text, &merged, sink);
            receipt.merge(done.expect("a vector takes any bytes"));
            let found = self.0.scanner.scan_with(field, &out, &mut scratch);
            merged = self.merged(&out, found).unwrap_or_else(|| found.to_vec());
            merged.retain(|finding| self.0.policy.replaces(finding.kind));
            text = Cow::Owned(out);
            if merged.is_empty() {
                break;
            }
        }
        Found::Done(text.into_owned(), receipt)
    }

    /// Both sorts of findings in one order, or `None` when no pattern matches.
    fn merged(&self, text: &[u8], findings: &[Finding]) -> Option<Vec<Finding>> {
        let policy = &self.0.policy;
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
        let replaced: Vec<Finding> = findings
            .iter()
            .copied()
            .filter(|finding| policy.replaces(finding.kind))
            .collect();
        Some(crate::pattern::merge_findings(&replaced, custom))
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

    /// The pattern that the number's digits match.
    pub(super) fn pattern_of(&self, value: &impl fmt::Display) -> Option<(Kind, Option<u16>)> {
        let patterns = self.0.policy.patterns();
        if patterns.is_empty() || !self.0.policy.replaces(Kind::Custom) {
            return None;
        }
        let digits = value.to_string();
        (0..)
            .zip(patterns)
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
    pub(super) fn with_patterns<'s>(
        &self,
        _field: Option<&str>,
        _text: &[u8],
        findings: &'s [Finding],
    ) -> Found<'s> {
        Found::Parts(findings)
    }

    pub(super) fn pattern_of(&self, _value: &impl fmt::Display) -> Option<(Kind, Option<u16>)> {
        None
    }

    pub(super) fn marker_len(&self, text: &[u8]) -> Option<usize> {
        marker_len(text)
    }
}
