//! Finds what is asked for, and what else must not be shown beside it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use civic_pii::{Action, Finding, KindSet, Policy, Receipt, Redactor, Scanner, Scratch};

use crate::input;
use crate::render::Reasons;

/// The scanner with its buffers and the kinds that the user asked for.
pub(super) struct Finder {
    redactor: Redactor,
    /// Kinds that are reported or replaced; every one if there is no choice.
    kinds: Option<KindSet>,
    scratch: Scratch,
    reported: Vec<Finding>,
    others: Vec<Finding>,
}

/// What was found in a text.
pub(super) struct Found<'f> {
    /// Findings of the kinds that the user asked for, sorted.
    pub(super) reported: &'f [Finding],
    /// All others, sorted: not reported, and not shown either.
    pub(super) others: &'f [Finding],
    scanner: &'f Scanner,
}

impl Finder {
    /// Every kind is looked for in any case, so that a choice changes what is reported and never what a value is taken for.
    pub(super) fn new(kinds: Option<KindSet>) -> Self {
        let redactor = match kinds {
            None => Redactor::new(),
            Some(kinds) => Redactor::with_policy(policy_for(kinds)),
        };
        Self {
            redactor,
            kinds,
            scratch: Scratch::default(),
            reported: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Finds personal data in one piece of a line.
    pub(super) fn find(&mut self, text: &[u8]) -> Found<'_> {
        let scanner = self.redactor.scanner();
        let findings = scanner.scan_with(None, text, &mut self.scratch);
        let (reported, others) = match self.kinds {
            None => (findings, &[][..]),
            Some(kinds) => {
                self.reported.clear();
                self.others.clear();
                for finding in findings {
                    if kinds.contains(finding.kind) {
                        self.reported.push(*finding);
                    } else {
                        self.others.push(*finding);
                    }
                }
                (&self.reported[..], &self.others[..])
            }
        };
        Found {
            reported,
            others,
            scanner,
        }
    }

    /// Writes the text without the values that the user asked for.
    ///
    /// # Errors
    /// Those of `out`.
    pub(super) fn redact_into(&mut self, text: &[u8], out: &mut impl Write) -> io::Result<Receipt> {
        self.redactor.redact_into(text, &mut self.scratch, out)
    }

    /// Where a text that is too long to scan at once may be cut.
    pub(super) fn cut_point(&mut self, text: &[u8]) -> usize {
        let scanner = self.redactor.scanner();
        let findings = scanner.scan_with(None, input::tail(text), &mut self.scratch);
        input::cut_point(text, findings)
    }
}

/// Erases these kinds and keeps all others.
fn policy_for(kinds: KindSet) -> Policy {
    let kept = Action::keep("not among the kinds of this run");
    kinds
        .iter()
        .fold(Policy::builder().default_action(kept), |policy, kind| {
            policy.action(kind, Action::Erase)
        })
        .build()
        .expect("a reason is given, and erasing asks for nothing else")
}

impl Found<'_> {
    /// Why each value of the text was found, by its first and last byte.
    pub(super) fn explain(&self, text: &[u8]) -> BTreeMap<(usize, usize), Reasons> {
        let explanations = self.scanner.explain(None, text);
        explanations
            .iter()
            .filter(|explanation| explanation.accepted)
            .map(|explanation| {
                let place = (explanation.finding.start, explanation.finding.end);
                (place, Reasons::of(explanation, self.scanner))
            })
            .collect()
    }
}
