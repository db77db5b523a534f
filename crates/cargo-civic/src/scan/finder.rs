//! Finds what is asked for, and what else must not be shown beside it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use civic_pii::{Explanation, Finding, KindSet, Policy, Receipt, Redactor, Scratch};

use crate::input;
use crate::policy::PolicyFile;
use crate::render::{Names, Reasons};

/// A key lies no further than this before its value.
const KEY_REACH: usize = 160;

/// How many explanations are looked through for a finding that has grown over several.
const EXPLANATION_REACH: usize = 64;

/// The scanner with its buffers and the kinds that the user asked for.
pub(super) struct Finder {
    redactor: Redactor,
    /// Kinds that are reported; every one that the policy replaces if there is no choice.
    kinds: Option<KindSet>,
    scratch: Scratch,
    reported: Vec<Finding>,
    others: Vec<Finding>,
}

/// What was found in a text.
pub(super) struct Found<'f> {
    /// Findings of the kinds that the user asked for, sorted.
    pub(super) reported: Cow<'f, [Finding]>,
    /// All others, sorted: not reported, and not shown either.
    pub(super) others: &'f [Finding],
    redactor: &'f Redactor,
}

impl Finder {
    /// Finds what the policy says, for a report of these kinds.
    ///
    /// Every kind of the policy is looked for in any case, so that a choice changes what is reported and
    /// never what a value is taken for.
    pub(super) fn reporting(policy: Policy, kinds: Option<KindSet>) -> Self {
        Self {
            redactor: Redactor::with_policy(policy),
            kinds,
            scratch: Scratch::default(),
            reported: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Does what the policy says to these kinds.
    pub(super) fn redacting(policy: Policy, kinds: Option<KindSet>) -> Self {
        let policy = match kinds {
            None => policy,
            Some(kinds) => policy.narrowed_to(kinds),
        };
        Self::reporting(policy, None)
    }

    /// Finds personal data in one piece of a line.
    pub(super) fn find(&mut self, text: &[u8]) -> Found<'_> {
        let mut reported = self.redactor.find_with(text, &mut self.scratch);
        self.others.clear();
        if let Some(kinds) = self.kinds
            && !reported.is_empty()
        {
            self.reported.clear();
            for finding in reported.iter() {
                if kinds.contains(finding.kind) {
                    self.reported.push(*finding);
                } else {
                    self.others.push(*finding);
                }
            }
            reported = Cow::Borrowed(&self.reported);
        }
        Found {
            reported,
            others: &self.others,
            redactor: &self.redactor,
        }
    }

    /// Writes the text as the policy says.
    ///
    /// # Errors
    /// Those of `out`.
    pub(super) fn redact_into(&mut self, text: &[u8], out: &mut impl Write) -> io::Result<Receipt> {
        self.redactor.redact_into(text, &mut self.scratch, out)
    }

    /// Where a text that is too long to scan at once may be cut.
    pub(super) fn cut_point(&mut self, text: &[u8]) -> usize {
        let findings = self
            .redactor
            .find_with(input::tail(text), &mut self.scratch);
        input::cut_point(text, &findings)
    }
}

impl<'f> Found<'f> {
    /// What the findings are called.
    pub(super) fn names(&self) -> Names<'f> {
        Names::new(self.redactor.policy())
    }

    /// Why each value of the text was found.
    pub(super) fn explain<'a>(
        &'a self,
        text: &'a [u8],
        file: Option<&'a PolicyFile>,
    ) -> Explained<'a> {
        let explanations = self.redactor.explain(text);
        Explained {
            found: self,
            text,
            file,
            accepted: explanations
                .into_iter()
                .filter(|explanation| explanation.accepted)
                .map(|explanation| (place(&explanation.finding), explanation))
                .collect(),
        }
    }

    /// Whether the key before a finding shows something of another one.
    fn has_personal_key(&self, text: &[u8], finding: &Finding, key: &str) -> bool {
        let shows = |findings: &[Finding]| {
            let before = findings.partition_point(|other| other.start < finding.start);
            findings[..before]
                .iter()
                .rev()
                .take_while(|other| other.end + KEY_REACH > finding.start)
                .any(|other| {
                    let value = &text[other.start..other.end];
                    memchr::memmem::find(value, key.as_bytes()).is_some()
                })
        };
        shows(&self.reported) || shows(self.others) || !self.redactor.scanner().scan(key).is_empty()
    }
}

/// Where a finding stands, and what it is: first byte, last byte, kind, pattern.
type Place = (usize, usize, u8, Option<u16>);

fn place(finding: &Finding) -> Place {
    (
        finding.start,
        finding.end,
        finding.kind as u8,
        finding.custom,
    )
}

/// The explanations of a text.
pub(super) struct Explained<'a> {
    found: &'a Found<'a>,
    text: &'a [u8],
    file: Option<&'a PolicyFile>,
    accepted: BTreeMap<Place, Explanation>,
}

impl Explained<'_> {
    /// Why this was found.
    pub(super) fn of(&self, finding: &Finding) -> Option<Reasons> {
        let same = |other: &Finding| {
            (other.kind, other.custom) == (finding.kind, finding.custom)
                && other.end > finding.start
        };
        let explanation = self.accepted.get(&place(finding)).or_else(|| {
            // Where it overlapped another finding, it has grown over both.
            let before = self.accepted.range(..(finding.end, 0, 0, None)).rev();
            let mut near = before.take(EXPLANATION_REACH).map(|(_, one)| one);
            near.find(|one| same(&one.finding))
        })?;
        let personal = explanation.key.as_deref().is_some_and(|key| {
            self.found
                .has_personal_key(self.text, &explanation.finding, key)
        });
        Some(Reasons::of(explanation, personal, self.file))
    }
}
