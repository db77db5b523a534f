//! What a redaction would replace, and why, without replacing it.

use std::borrow::Cow;

use super::Redactor;
use crate::{Explanation, Finding, Scratch};

impl Redactor {
    /// Finds what the policy replaces in a text of any bytes; findings are sorted and do not overlap.
    ///
    /// Kinds and fields that the policy keeps are not among them, its own patterns are: [`Finding::custom`] is the place
    /// in [`Policy::patterns`](crate::Policy::patterns). Allocates where a pattern matches or a kept kind stands in the
    /// text, and as [`Scanner::scan_with`](crate::Scanner::scan_with) does.
    ///
    /// ```
    /// # #[cfg(feature = "pattern")] {
    /// use civic_pii::{Action, Kind, Policy, Redactor, Scratch};
    ///
    /// let policy = Policy::builder()
    ///     .action(Kind::Email, Action::keep("a staff directory"))
    ///     .pattern("case-ref", "CASE[0-9]{8}")
    ///     .build()?;
    /// let text = b"CASE12345678 for AB123456C by a.person@example.com";
    /// let mut scratch = Scratch::default();
    /// let redactor = Redactor::with_policy(policy);
    /// let findings = redactor.find_with(text, &mut scratch);
    /// let kinds: Vec<_> = findings.iter().map(|finding| finding.kind).collect();
    /// assert_eq!(kinds, [Kind::Custom, Kind::Nino]);
    /// assert_eq!(redactor.policy().patterns()[usize::from(findings[0].custom.unwrap())].name(), "case-ref");
    /// # }
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn find_with<'s>(&self, text: &[u8], scratch: &'s mut Scratch) -> Cow<'s, [Finding]> {
        let policy = &self.0.policy;
        let findings = self.0.scanner.scan_with(None, text, scratch);
        let replaced = |finding: &&Finding| policy.replaces(finding.kind);
        match self.merged(text, findings) {
            Some(merged) => Cow::Owned(merged),
            None if findings.iter().all(|finding| replaced(&finding)) => Cow::Borrowed(findings),
            None => Cow::Owned(findings.iter().filter(replaced).copied().collect()),
        }
    }

    /// Explains every candidate of a text that is of a kind the policy replaces, those of its patterns last.
    ///
    /// ```
    /// # #[cfg(feature = "pattern")] {
    /// use civic_pii::{Policy, Redactor};
    ///
    /// let policy = Policy::builder().pattern("case-ref", "CASE[0-9]{8}").build()?;
    /// let explanations = Redactor::with_policy(policy).explain(b"reference=CASE12345678");
    /// let own = explanations.last().expect("the pattern matches");
    /// assert_eq!(own.keep_line, "[[pii.keep]]\nfield = \"reference\"\nreason = \"..\"");
    /// # }
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn explain(&self, text: &[u8]) -> Vec<Explanation> {
        let mut explanations = self.0.scanner.explain(None, text);
        explanations.retain(|explanation| self.0.policy.replaces(explanation.finding.kind));
        explanations.extend(self.explain_patterns(text));
        explanations
    }
}
