//! Attributes: what they are called, and what they say of tests and derives.

use core::ops::Range;

use super::Walk;
use crate::rust::token::{Kind, Tokens};
use crate::rust::value::is_single_eq;

/// An attribute; all ranges are of tokens.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    /// From `#` to behind `]`.
    pub(super) whole: Range<usize>,
    /// Its path without the last segment's arguments.
    pub(super) path: Range<usize>,
    /// What stands in its brackets or behind `=`.
    pub(super) arguments: Range<usize>,
}

impl Attribute {
    /// Last segment of the path: `instrument` of `tracing::instrument`.
    pub(super) fn name<'a>(&self, tokens: &Tokens<'a>) -> &'a str {
        self.path
            .end
            .checked_sub(1)
            .and_then(|last| tokens.ident(last))
            .unwrap_or_default()
    }

    /// Whether what it stands on is there in tests only.
    pub(super) fn is_test(&self, tokens: &Tokens<'_>) -> bool {
        let name = self.name(tokens);
        if matches!(name, "cfg" | "cfg_attr") {
            return name == "cfg" && mentions_test(tokens, &self.arguments);
        }
        matches!(
            name,
            "test"
                | "rstest"
                | "test_case"
                | "bench"
                | "proptest"
                | "quickcheck"
                | "traced_test"
                | "wasm_bindgen_test"
        )
    }
}

/// Whether a `cfg` asks for `test`, or for a feature that is named after tests, and not for their absence.
fn mentions_test(tokens: &Tokens<'_>, range: &Range<usize>) -> bool {
    let mut index = range.start;
    while index < range.end {
        match tokens.kind(index) {
            Some(Kind::Ident) if tokens.is_ident(index, "not") => index = tokens.behind(index + 1),
            Some(Kind::Ident) if tokens.is_ident(index, "test") => return true,
            Some(Kind::Str) => {
                let feature = tokens.string(index).unwrap_or_default();
                if feature
                    .split(['-', '_'])
                    .any(|word| word == "test" || word == "testing")
                {
                    return true;
                }
                index += 1;
            }
            _ => index += 1,
        }
    }
    false
}

impl Walk<'_> {
    /// Notes the attribute that begins at this token, and gives the index behind it.
    pub(super) fn attribute(&mut self, index: usize) -> usize {
        let tokens = self.tokens;
        let inner = tokens.is_punct(index + 1, b'!');
        let open = if inner { index + 2 } else { index + 1 };
        if !tokens.is_open(open, b'[') {
            return index + 1;
        }
        let attribute = read(tokens, index, open);
        if inner {
            if attribute.is_test(tokens)
                && let Some(frame) = self.frames.last_mut()
            {
                frame.test = true;
            }
        } else {
            self.said(&attribute);
            self.pending.push(attribute);
        }
        tokens.behind(open)
    }
}

impl Walk<'_> {
    /// Notes what an attribute says to citizens and which variable it reads.
    pub(super) fn said(&mut self, attribute: &Attribute) {
        let tokens = self.tokens;
        for at in attribute.arguments.clone() {
            let Some(word @ ("citizen" | "message" | "env")) = tokens.ident(at) else {
                continue;
            };
            if !is_single_eq(tokens, at + 1) || at + 2 >= attribute.arguments.end {
                continue;
            }
            let Some(text) = tokens.string(at + 2) else {
                continue;
            };
            if self.in_test() {
                continue;
            }
            let said = (text, self.place(&(at + 2..at + 3)), self.item());
            match (word, attribute.name(tokens)) {
                ("env", "arg" | "clap") => self.found.variables.push(said),
                ("citizen", "failure") | ("message", "validate" | "garde" | "serde_valid") => {
                    self.found.messages.push(said);
                }
                _ => {}
            }
        }
    }
}

/// Reads an attribute whose `[` stands at `open`.
pub(super) fn read(tokens: &Tokens<'_>, index: usize, open: usize) -> Attribute {
    let inside = tokens.inside(open);
    let mut end = inside.start;
    while end < inside.end && (tokens.ident(end).is_some() || tokens.is_punct(end, b':')) {
        end += 1;
    }
    let arguments = if matches!(tokens.kind(end), Some(Kind::Open(_))) && end < inside.end {
        tokens.inside(end)
    } else {
        (end + 1).min(inside.end)..inside.end
    };
    Attribute {
        whole: index..tokens.behind(open),
        path: inside.start..end,
        arguments,
    }
}

/// The attributes at the beginning of a range, and the index behind them.
pub(super) fn leading(tokens: &Tokens<'_>, range: &Range<usize>) -> (Vec<Attribute>, usize) {
    let mut attributes = Vec::new();
    let mut index = range.start;
    while index < range.end && tokens.is_punct(index, b'#') && tokens.is_open(index + 1, b'[') {
        attributes.push(read(tokens, index, index + 1));
        index = tokens.behind(index + 1);
    }
    (attributes, index)
}
