//! Variables: what they are bound from.

use core::ops::Range;
use std::sync::Arc;

use super::Walk;
use crate::rust::token::{Kind, Tokens};
use crate::rust::ty::Type;
use crate::rust::value::{Known, Root, Step, Value, is_single_eq};

/// A variable in scope.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub(super) name: String,
    pub(super) known: Known,
}

/// An expression of more parts than this is not followed to its end.
const LONGEST: usize = 256;

/// Longer chains of variables that are bound from one another are cut.
const CHAIN: usize = 4;

impl Walk<'_> {
    /// Reads `let`, `if let` and `while let`.
    pub(super) fn bind_let(&mut self, index: usize) {
        let tokens = self.tokens;
        let before = index.checked_sub(1).and_then(|before| tokens.ident(before));
        let conditional =
            matches!(before, Some("if" | "while")) || index > 0 && tokens.is_punct(index - 1, b'&');
        let Some(eq) = single_eq(tokens, index + 1) else {
            return;
        };
        let mut end = eq + 1;
        for _ in 0..LONGEST {
            match tokens.kind(end) {
                None | Some(Kind::Punct(b';') | Kind::Close(_)) => break,
                Some(Kind::Open(b'{')) if conditional => break,
                Some(Kind::Punct(b'&')) if conditional && tokens.is_punct(end + 1, b'&') => break,
                Some(Kind::Ident) if tokens.is_ident(end, "else") => break,
                _ => end = tokens.behind(end),
            }
        }
        let colon = (!conditional)
            .then(|| type_colon(tokens, index + 1..eq))
            .flatten();
        let ty = colon.map(|colon| Arc::new(Type::read(tokens, colon + 1..eq)));
        let value = short(self.value(eq + 1..end));
        let known = Known {
            ty: ty.or_else(|| constructed(&value)),
            from: Some(Arc::new(value)),
        };
        // What a condition binds is in scope inside of its block.
        let from = if conditional { end + 1 } else { end };
        self.bind(index + 1..colon.unwrap_or(eq), &known, from, 0);
    }

    /// Reads `for pattern in values {`.
    pub(super) fn bind_for(&mut self, index: usize) {
        let tokens = self.tokens;
        let Some(within) = (index + 1..tokens.len().min(index + 40))
            .take_while(|at| !tokens.is_open(*at, b'{'))
            .find(|at| tokens.is_ident(*at, "in"))
        else {
            return;
        };
        let mut end = within + 1;
        while end < tokens.len()
            && !tokens.is_open(end, b'{')
            && !matches!(tokens.kind(end), Some(Kind::Punct(b';') | Kind::Close(_)))
        {
            end = tokens.behind(end);
        }
        let value = short(self.value(within + 1..end)).then(Step::Index);
        let known = Known {
            ty: None,
            from: Some(Arc::new(value)),
        };
        self.bind(index + 1..within, &known, end + 1, 0);
    }

    /// Brings the variables of a pattern into scope from a token on.
    pub(super) fn bind(&mut self, pattern: Range<usize>, known: &Known, from: usize, depth: usize) {
        let tokens = self.tokens;
        let mut index = pattern.start;
        while index < pattern.end
            && (matches!(tokens.kind(index), Some(Kind::Punct(b'&')))
                || matches!(tokens.ident(index), Some("mut" | "ref")))
        {
            index += 1;
        }
        if index >= pattern.end || depth > CHAIN {
            return;
        }
        // `a | b` binds the same names twice.
        if let Some(Kind::Open(b'(' | b'[')) = tokens.kind(index) {
            for part in tokens.split(&tokens.inside(index), b",") {
                self.bind(part, &Known::default(), from, depth + 1);
            }
            return;
        }
        let Some(mut name) = tokens.ident(index) else {
            return;
        };
        let mut next = index + 1;
        while tokens.is_path_sep(next) && next < pattern.end {
            name = tokens.ident(next + 2).unwrap_or_default();
            next += 3;
        }
        if next < pattern.end && tokens.is_open(next, b'(') {
            let inner = inner_known(name, known);
            for part in tokens.split(&tokens.inside(next), b",") {
                self.bind(part, &inner, from, depth + 1);
            }
        } else if next < pattern.end && tokens.is_open(next, b'{') {
            self.bind_fields(name, next, known, from, depth);
        } else if name.starts_with(|c: char| c.is_lowercase() || c == '_') {
            self.deferred.push((
                from,
                Binding {
                    name: name.to_owned(),
                    known: known.clone(),
                },
            ));
            self.deferred
                .sort_by_key(|(from, _)| core::cmp::Reverse(*from));
        }
    }

    /// Brings the variables of `Type { field, other: name, .. }` into scope.
    fn bind_fields(&mut self, ty: &str, open: usize, known: &Known, from: usize, depth: usize) {
        let tokens = self.tokens;
        let whole = Value::variable(
            "",
            Known {
                ty: Some(Arc::new(Type {
                    name: ty.to_owned(),
                    args: Vec::new(),
                })),
                from: known.from.clone(),
            },
        );
        for part in tokens.split(&tokens.inside(open), b",") {
            let at =
                (part.start..part.end).find(|at| !matches!(tokens.ident(*at), Some("ref" | "mut")));
            let Some(field) = at.and_then(|at| tokens.ident(at)) else {
                continue;
            };
            let field_known = Known {
                ty: None,
                from: Some(Arc::new(whole.then(Step::Field(field.to_owned())))),
            };
            let colon = part.start + 1;
            let pattern = if tokens.is_punct(colon, b':') && colon < part.end {
                colon + 1..part.end
            } else {
                part
            };
            self.bind(pattern, &field_known, from, depth + 1);
        }
    }
}

/// What is known inside of `Some(..)`, `Ok(..)` or an extractor's pattern.
fn inner_known(name: &str, known: &Known) -> Known {
    match name {
        "Err" => Known::default(),
        "Some" | "Ok" => known.clone(),
        _ => Known {
            ty: known
                .ty
                .as_ref()
                .filter(|ty| ty.name == name)
                .and_then(|ty| ty.args.first())
                .map(|inner| Arc::new(inner.clone())),
            from: None,
        },
    }
}

/// The `=` of a `let` whose pattern begins at this token.
fn single_eq(tokens: &Tokens<'_>, mut index: usize) -> Option<usize> {
    for _ in 0..LONGEST {
        if matches!(tokens.kind(index)?, Kind::Punct(b';') | Kind::Close(_)) {
            return None;
        }
        if is_single_eq(tokens, index) {
            return Some(index);
        }
        index = tokens.behind(index);
    }
    None
}

/// The `:` before the type of a `let`, outside of brackets.
fn type_colon(tokens: &Tokens<'_>, range: Range<usize>) -> Option<usize> {
    let mut index = range.start;
    while index < range.end {
        if tokens.is_path_sep(index) {
            index += 2;
        } else if tokens.is_punct(index, b':') {
            return Some(index);
        } else {
            index = tokens.behind(index);
        }
    }
    None
}

/// The type that `Type::new(..)` and `Type { .. }` make.
fn constructed(value: &Value) -> Option<Arc<Type>> {
    let path = match &value.root {
        Root::Made(name) if value.steps.is_empty() && name != "Self" => {
            let name = name.clone();
            return Some(Arc::new(Type {
                name,
                args: Vec::new(),
            }));
        }
        Root::Call(path) => path,
        _ => return None,
    };
    let mut segments = path.rsplit("::").map(str::trim);
    let (last, before) = (segments.next()?, segments.next()?);
    let is_type = before.starts_with(|c: char| c.is_uppercase());
    (is_type && value.steps.is_empty() && (last.starts_with("new") || last == "default")).then(
        || {
            Arc::new(Type {
                name: before.to_owned(),
                args: Vec::new(),
            })
        },
    )
}

/// Cuts a chain of variables that were bound from one another.
fn short(mut value: Value) -> Value {
    fn length(value: &Value) -> usize {
        match &value.root {
            Root::Variable { known, .. } => {
                1 + known.from.as_ref().map_or(0, |before| length(before))
            }
            _ => 0,
        }
    }
    if length(&value) > CHAIN
        && let Root::Variable { known, .. } = &mut value.root
    {
        known.from = None;
    }
    value
}
