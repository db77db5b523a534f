//! What a finding is called in reports.

use std::borrow::Cow;

use civic_pii::{Finding, Pattern, Policy};

/// Names of kinds, and of the patterns of a policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'p>(&'p Policy);

impl<'p> Names<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self(policy)
    }

    /// The id of the kind, or `custom:` and the name of the pattern.
    pub(crate) fn id(self, finding: &Finding) -> Cow<'static, str> {
        match self.pattern(finding) {
            Some(pattern) => format!("{}:{}", finding.kind.id(), pattern.name()).into(),
            None => finding.kind.id().into(),
        }
    }

    /// The text between the brackets of its marker.
    pub(crate) fn label(self, finding: &Finding) -> &'p str {
        self.pattern(finding)
            .map_or(finding.kind.label(), Pattern::label)
    }

    fn pattern(self, finding: &Finding) -> Option<&'p Pattern> {
        self.0.patterns().get(usize::from(finding.custom?))
    }
}
