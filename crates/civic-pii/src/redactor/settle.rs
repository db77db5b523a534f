//! Redacts until nothing more is found, so that redacting twice changes nothing.
//!
//! A marker is a boundary that was not there before: in `a.person@example.comAB123456C` the number is found, and once it
//! is gone the address is. Only a text in which that may happen is scanned again: one where something that could belong
//! to a value touches a finding, or where a user's pattern has matched.

use std::borrow::Cow;

use super::{Found, Redactor};
use crate::splice::{WriteSink, splice};
use crate::{Finding, Receipt, Scratch};

/// How often a text is scanned again. One round is nearly always enough; the limit keeps the work linear.
const ROUNDS: usize = 8;

impl Redactor {
    /// What is to be done with these findings: they are the last word, or the text is redacted here and now.
    pub(super) fn settle<'s>(
        &self,
        field: Option<&str>,
        text: &[u8],
        findings: &'s [Finding],
    ) -> Found<'s> {
        let mut findings = match self.merged(text, findings) {
            Some(merged) => merged,
            None if self.may_expose(text, findings) => findings.to_vec(),
            None => return Found::Parts(findings),
        };
        let policy = &self.0.policy;
        let mut receipt = Receipt::default();
        let mut text = Cow::Borrowed(text);
        let mut scratch = Scratch::default();
        for _ in 0..ROUNDS {
            let mut out = Vec::with_capacity(text.len());
            let sink = &mut WriteSink {
                text: &text,
                out: &mut out,
            };
            let done = splice(policy, &text, &findings, sink);
            receipt.merge(done.expect("a vector takes any bytes"));
            let found = self.0.scanner.scan_with(field, &out, &mut scratch);
            findings = self.merged(&out, found).unwrap_or_else(|| found.to_vec());
            findings.retain(|finding| policy.replaces(finding.kind));
            text = Cow::Owned(out);
            if findings.is_empty() {
                break;
            }
        }
        Found::Done(text.into_owned(), receipt)
    }

    /// Whether taking one of these away may let another be found.
    fn may_expose(&self, text: &[u8], findings: &[Finding]) -> bool {
        findings.iter().any(|finding| {
            let (before, after) = (&text[..finding.start], &text[finding.end..]);
            self.0.policy.replaces(finding.kind)
                && (touches(before.last(), before.iter().nth_back(1))
                    || touches(after.first(), after.get(1))
                    || is_name_of_a_value(after))
        })
    }
}

/// Whether a finding stood as the name of a value, by what follows it: the marker says something else about that value.
fn is_name_of_a_value(after: &[u8]) -> bool {
    if after.starts_with(b"\":") {
        return true;
    }
    let gap = after
        .iter()
        .take(8)
        .take_while(|byte| b" \"'\\`]!".contains(byte))
        .count();
    // A name speaks against nothing but bare numbers and words with a digit.
    matches!(after.get(gap), Some(b'=' | b':' | b'('))
        && after[gap..].iter().take(32).any(u8::is_ascii_digit)
}

/// Whether the byte beside a finding, and the next one further away, may belong to a value.
fn touches(near: Option<&u8>, far: Option<&u8>) -> bool {
    match near {
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'@' | b'%' | b'+' | 0x80..) => true,
        Some(b'.' | b'-' | b'/' | b':') => {
            far.is_some_and(|far| !far.is_ascii_whitespace() && *far != b'"')
        }
        // The name before an `@` may hold one, or two where SQL doubles it.
        Some(b'\'') => far.is_some_and(|far| far.is_ascii_alphanumeric() || *far == b'\''),
        Some(_) => far.is_some_and(u8::is_ascii_digit),
        None => false,
    }
}
