//! Redacts until nothing more is found, so that redacting twice changes nothing.
//!
//! A marker is a boundary that was not there before: in `a.person@example.comAB123456C` the number is found, and once it
//! is gone the address is. It is other evidence too, and moves what stands behind it. So a text that was changed is
//! scanned again, until a scan finds nothing; nearly always the first one does.

use std::borrow::Cow;

use super::{Found, Redactor};
use crate::splice::{WriteSink, splice};
use crate::{Finding, Receipt, Scratch};

/// How many bytes may be scanned again, for each byte of the text and in any case. The limit keeps the work linear; a text
/// that needs more holds many values glued to one another, each of which hides the next.
const AGAIN: usize = 8;
const AGAIN_AT_LEAST: usize = 256 * 1024;

impl Redactor {
    /// What is to be done with these findings: nothing is replaced, or the text is redacted here and now.
    pub(super) fn settle<'s>(
        &self,
        field: Option<&str>,
        text: &[u8],
        findings: &'s [Finding],
    ) -> Found<'s> {
        let policy = &self.0.policy;
        let replaces = |finding: &Finding| policy.replaces(finding.kind);
        let mut findings = match self.merged(text, findings) {
            Some(merged) => merged,
            None if findings.iter().any(replaces) => findings.to_vec(),
            None => return Found::Parts(findings),
        };
        let mut receipt = Receipt::default();
        let mut budget = (text.len() * AGAIN).max(AGAIN_AT_LEAST);
        let mut text = Cow::Borrowed(text);
        let mut scratch = Scratch::default();
        loop {
            let mut out = Vec::with_capacity(text.len());
            let sink = &mut WriteSink {
                text: &text,
                out: &mut out,
            };
            let done = splice(policy, &text, &findings, sink);
            receipt.merge(done.expect("a vector takes any bytes"));
            let found = self.0.scanner.scan_with(field, &out, &mut scratch);
            findings = self.merged(&out, found).unwrap_or_else(|| found.to_vec());
            findings.retain(replaces);
            budget = budget.saturating_sub(out.len().max(1));
            text = Cow::Owned(out);
            if findings.is_empty() || budget == 0 {
                return Found::Done(text.into_owned(), receipt);
            }
        }
    }
}
