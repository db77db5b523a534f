//! The ten rules as most services run them: a `RegexSet`, then `replace_all` with those that match.

use std::borrow::Cow;

use regex::{Captures, Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::Engine;
use super::rules::RULES;

/// A `RegexSet` and a loop of `replace_all`.
#[derive(Debug)]
pub struct RegexSetLoop {
    set: RegexSet,
    each: Vec<Regex>,
}

impl Default for RegexSetLoop {
    fn default() -> Self {
        // With text as input the expressions have to stay on whole characters; spelling the boundary
        // out as ASCII keeps the fast engine.
        let patterns = RULES.map(|rule| rule.pattern.replace(r"\b", r"(?-u:\b)"));
        Self {
            set: RegexSetBuilder::new(&patterns)
                .build()
                .expect("the patterns are constants, as the tests check"),
            each: patterns
                .iter()
                .map(|pattern| {
                    RegexBuilder::new(pattern)
                        .build()
                        .expect("the patterns are constants, as the tests check")
                })
                .collect(),
        }
    }
}

impl Engine for RegexSetLoop {
    fn redact(&mut self, text: &str, out: &mut String) {
        let mut text = Cow::Borrowed(text);
        for i in self.set.matches(&text) {
            let rule = &RULES[i];
            let next = self.each[i].replace_all(&text, |found: &Captures<'_>| {
                if (rule.valid)(&found[0]) {
                    rule.marker.to_owned()
                } else {
                    found[0].to_owned()
                }
            });
            if let Cow::Owned(next) = next {
                text = Cow::Owned(next);
            }
        }
        out.push_str(&text);
    }
}
