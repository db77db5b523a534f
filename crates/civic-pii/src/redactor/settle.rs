//! Redacts until nothing more is found, so that redacting twice changes nothing.
//!
//! A marker is a boundary that was not there before: in `a.person@example.comAB123456C` the number is found, and once it
//! is gone the address is. It is other evidence too, and moves what stands behind it. So a text that was changed is
//! scanned again, until a scan finds nothing; nearly always the first one does.

use core::mem;

use super::{Found, Redactor};
use crate::splice::{WriteSink, splice};
use crate::{Finding, Receipt, Scanner, Scratch};

/// How many bytes may be scanned again, for each byte of the text and in any case. The limit keeps the work linear; a text
/// that needs more holds many values glued to one another, each of which hides the next.
const AGAIN: usize = 8;
const AGAIN_AT_LEAST: usize = 256 * 1024;

/// A redacted text, and room for the next.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    text: Vec<u8>,
    next: Vec<u8>,
}

impl Redactor {
    /// What is to be done with what was found last: nothing is replaced, or the text is redacted here and now.
    pub(super) fn settle<'s>(
        &self,
        field: Option<&str>,
        text: &[u8],
        scratch: &'s mut Scratch,
    ) -> Found<'s> {
        if !self.merge(text, scratch) {
            return Found::Parts(&scratch.findings);
        }
        let mut receipt = Receipt::default();
        let mut budget = (text.len() * AGAIN).max(AGAIN_AT_LEAST);
        let Settled {
            text: mut settled,
            mut next,
        } = mem::take(&mut scratch.settled);
        receipt.merge(self.splice_into(text, &scratch.findings, &mut settled));
        loop {
            // Many a value was all that was more than words.
            if !self.has_patterns() && Scanner::is_prose(&settled) {
                break;
            }
            self.0.scanner.scan_with(field, &settled, scratch);
            budget = budget.saturating_sub(settled.len().max(1));
            if !self.merge(&settled, scratch) || budget == 0 {
                break;
            }
            receipt.merge(self.splice_into(&settled, &scratch.findings, &mut next));
            mem::swap(&mut settled, &mut next);
        }
        scratch.settled = Settled {
            text: settled,
            next,
        };
        Found::Done(&scratch.settled.text, receipt)
    }

    /// Adds what the patterns find to the findings, and says whether any of them is to be replaced.
    fn merge(&self, text: &[u8], scratch: &mut Scratch) -> bool {
        if let Some(merged) = self.merged(text, &scratch.findings) {
            scratch.findings = merged;
        }
        let policy = &self.0.policy;
        let mut findings = scratch.findings.iter();
        findings.any(|finding| policy.replaces(finding.kind))
    }

    fn splice_into(&self, text: &[u8], findings: &[Finding], out: &mut Vec<u8>) -> Receipt {
        out.clear();
        let sink = &mut WriteSink { text, out };
        splice(&self.0.policy, text, findings, sink).expect("a vector takes any bytes")
    }
}
