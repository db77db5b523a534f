//! An expression, as far as it says where a value comes from: a root and the steps from it.

use core::ops::Range;
use std::sync::Arc;

use super::format::{Which, placeholders};
use super::token::{Kind, Tokens};
use super::ty::{Type, angle_end};

/// Where a value comes from: `self.user.email.clone()` is a variable and three steps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Value {
    pub(crate) root: Root,
    pub(crate) steps: Vec<Step>,
    /// Arguments of the root where that is a call or a macro, and the sides of an operator.
    pub(crate) parts: Vec<Value>,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum Root {
    /// A literal or a constant: known when the program is written.
    Fixed,
    /// A variable, with what is known of it.
    Variable { name: String, known: Known },
    /// A call of this path.
    Call(String),
    /// A struct that is written out, by the name of its type; the values of its fields are the parts.
    Made(String),
    /// A macro that makes text from its arguments.
    Text,
    /// Several values side by side.
    Several,
    /// Anything else.
    #[default]
    Other,
}

/// What a scope tells of a variable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) ty: Option<Arc<Type>>,
    /// What it was bound from.
    pub(crate) from: Option<Arc<Value>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Field(String),
    /// A method, with its first argument where that is a string or a constant.
    Method(String, Option<String>),
    Index,
}

/// Expressions that are nested deeper than this are not looked into.
const DEPTH: usize = 8;

/// What is known of the variables in scope.
pub(crate) trait Scope {
    fn known(&self, name: &str) -> Known;
}

impl Value {
    pub(crate) fn variable(name: &str, known: Known) -> Self {
        Self {
            root: Root::Variable {
                name: name.to_owned(),
                known,
            },
            ..Self::default()
        }
    }

    pub(crate) fn read(tokens: &Tokens<'_>, range: Range<usize>, scope: &impl Scope) -> Self {
        Self::at_depth(tokens, range, scope, 0)
    }

    /// The value and one more step.
    pub(crate) fn then(&self, step: Step) -> Self {
        let mut value = self.clone();
        value.steps.push(step);
        value
    }

    /// The path as a person would write it; empty where there is no name in it.
    pub(crate) fn path(&self) -> String {
        let mut path = match &self.root {
            Root::Variable { name, .. } | Root::Made(name) => name.clone(),
            Root::Call(path) => format!("{path}()"),
            _ => String::new(),
        };
        for step in &self.steps {
            match step {
                Step::Field(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Step::Method(name, _) => {
                    path.push('.');
                    path.push_str(name);
                    path.push_str("()");
                }
                Step::Index => path.push_str("[..]"),
            }
        }
        path
    }

    fn at_depth(
        tokens: &Tokens<'_>,
        range: Range<usize>,
        scope: &impl Scope,
        depth: usize,
    ) -> Self {
        let mut value = Self::default();
        if depth > DEPTH {
            return value;
        }
        let mut index = range.start;
        let deeper = |range| Self::at_depth(tokens, range, scope, depth + 1);
        let several = |parts: Vec<Range<usize>>| Self {
            root: Root::Several,
            parts: parts.into_iter().map(deeper).collect(),
            ..Self::default()
        };
        while index < range.end
            && (tokens.is_punct(index, b'&')
                || tokens.is_punct(index, b'*')
                || tokens.is_ident(index, "mut"))
        {
            index += 1;
        }
        if index >= range.end {
            return value;
        }
        match tokens.kind(index) {
            Some(Kind::Str | Kind::Literal) => {
                value.root = Root::Fixed;
                index += 1;
            }
            Some(Kind::Open(bracket @ (b'(' | b'['))) => {
                let parts = tokens.split(&tokens.inside(index), b",");
                value = match <[Range<usize>; 1]>::try_from(parts) {
                    Ok([only]) if bracket == b'(' => deeper(only),
                    Ok([only]) => several(vec![only]),
                    Err(parts) => several(parts),
                };
                index = tokens.behind(index);
            }
            Some(Kind::Ident) => {
                let Some(after) = read_root(tokens, index, range.end, scope, &deeper, &mut value)
                else {
                    return Self::default();
                };
                index = after;
            }
            // A macro variable: known by its name.
            Some(Kind::Punct(b'$')) if tokens.ident(index + 1).is_some() => {
                value = Self::variable(
                    tokens.ident(index + 1).unwrap_or_default(),
                    Known::default(),
                );
                index += 2;
            }
            _ => return value,
        }
        let after = read_steps(tokens, index, range.end, &mut value.steps);
        if after >= range.end {
            return value;
        }
        match tokens.kind(after) {
            Some(Kind::Punct(b'+')) => several(tokens.split(&(range.start..range.end), b"+")),
            // A type does not change where the value comes from.
            Some(Kind::Ident) if tokens.is_ident(after, "as") => value,
            _ => Self::default(),
        }
    }
}

/// Reads what an expression begins with, and gives the index behind it.
fn read_root(
    tokens: &Tokens<'_>,
    mut index: usize,
    end: usize,
    scope: &impl Scope,
    deeper: &impl Fn(Range<usize>) -> Value,
    value: &mut Value,
) -> Option<usize> {
    let mut name = tokens.ident(index)?;
    if matches!(
        name,
        "if" | "match" | "move" | "async" | "unsafe" | "loop" | "while" | "for" | "return" | "let"
    ) {
        return None;
    }
    let begin = index;
    index += 1;
    while index < end && tokens.is_path_sep(index) {
        index += 2;
        if tokens.is_punct(index, b'<') {
            index = angle_end(tokens, index) + 1;
            continue;
        }
        name = tokens.ident(index)?;
        index += 1;
    }
    let one = index == begin + 1;
    let path = || tokens.text_of(&(begin..index)).to_owned();
    if index < end && tokens.is_open(index, b'(') {
        value.parts = tokens
            .split(&tokens.inside(index), b",")
            .into_iter()
            .map(deeper)
            .collect();
        value.root = Root::Call(path());
        return Some(tokens.behind(index));
    }
    if index < end
        && tokens.is_punct(index, b'!')
        && matches!(tokens.kind(index + 1), Some(Kind::Open(_)))
    {
        value.root = match name {
            "format" | "format_args" | "concat" | "json" => Root::Text,
            "vec" => Root::Several,
            "env" | "stringify" | "include_str" | "file" | "line" | "module_path" => Root::Fixed,
            _ => Root::Other,
        };
        value.parts = match value.root {
            Root::Text => text_arguments(tokens, tokens.inside(index + 1), scope, deeper),
            Root::Several => tokens
                .split(&tokens.inside(index + 1), b",")
                .into_iter()
                .map(deeper)
                .collect(),
            _ => Vec::new(),
        };
        return Some(tokens.behind(index + 1));
    }
    if index < end
        && tokens.is_open(index, b'{')
        && tokens.behind(index) <= end
        && name.starts_with(|c: char| c.is_ascii_uppercase())
    {
        value.parts = fields(tokens, &tokens.inside(index), deeper);
        value.root = Root::Made(name.to_owned());
        return Some(tokens.behind(index));
    }
    let is_constant = !name.bytes().any(|byte| byte.is_ascii_lowercase());
    if !one || is_constant || matches!(name, "true" | "false" | "None") {
        value.root = Root::Fixed;
    } else {
        *value = Value::variable(name, scope.known(name));
    }
    Some(index)
}

/// The values of `name: value, name, ..rest`.
fn fields(
    tokens: &Tokens<'_>,
    inside: &Range<usize>,
    deeper: &impl Fn(Range<usize>) -> Value,
) -> Vec<Value> {
    let parts = tokens.split(inside, b",").into_iter().map(|part| {
        let mut at = part.start;
        while tokens.is_punct(at, b'.') && at < part.end {
            at += 1;
        }
        let named = tokens.is_punct(at + 1, b':') && !tokens.is_path_sep(at + 1);
        let from = if named { at + 2 } else { at };
        // An object inside of an object of `json!`.
        if tokens.is_open(from, b'{') && from < part.end {
            let values = tokens.split(&tokens.inside(from), b",");
            return Value {
                root: Root::Several,
                parts: values
                    .into_iter()
                    .map(|part| {
                        let named = tokens.is_punct(part.start + 1, b':');
                        deeper((part.start + if named { 2 } else { 0 }).min(part.end)..part.end)
                    })
                    .collect(),
                ..Value::default()
            };
        }
        deeper(from.min(part.end)..part.end)
    });
    parts.collect()
}

/// What a text macro puts into its text: its arguments and the names in its format string.
fn text_arguments(
    tokens: &Tokens<'_>,
    inside: Range<usize>,
    scope: &impl Scope,
    deeper: &impl Fn(Range<usize>) -> Value,
) -> Vec<Value> {
    let mut parts = Vec::new();
    for part in tokens.split(&inside, b",") {
        let Some((text, _)) = tokens.raw_string(part.start).filter(|_| part.len() == 1) else {
            // The fields of `json!({"name": value})`.
            if part.len() > 1 && tokens.is_open(part.start, b'{') {
                parts.extend(fields(tokens, &tokens.inside(part.start), deeper));
                continue;
            }
            // `name = value` of a format string.
            let named = tokens.ident(part.start).is_some() && is_single_eq(tokens, part.start + 1);
            let from = if named { part.start + 2 } else { part.start };
            parts.push(deeper(from.min(part.end)..part.end));
            continue;
        };
        for placeholder in placeholders(text) {
            if let Which::Name(name) = placeholder.which {
                let known = scope.known(&name);
                parts.push(Value::variable(&name, known));
            }
        }
    }
    parts
}

/// Whether `=` stands here, and not `==` or `=>`.
pub(crate) fn is_single_eq(tokens: &Tokens<'_>, index: usize) -> bool {
    tokens.is_punct(index, b'=')
        && !tokens.is_punct(index + 1, b'=')
        && !tokens.is_punct(index + 1, b'>')
}

/// Reads fields, methods, `?`, `.await` and indices, and gives the index behind them.
fn read_steps(tokens: &Tokens<'_>, mut index: usize, end: usize, steps: &mut Vec<Step>) -> usize {
    while index < end {
        if tokens.is_punct(index, b'?') {
            index += 1;
        } else if tokens.is_open(index, b'[') {
            steps.push(Step::Index);
            index = tokens.behind(index);
        } else if tokens.is_punct(index, b'.') {
            match tokens.kind(index + 1) {
                Some(Kind::Ident) => {
                    let name = tokens.ident(index + 1).unwrap_or_default();
                    index += 2;
                    if tokens.is_path_sep(index) && tokens.is_punct(index + 2, b'<') {
                        index = angle_end(tokens, index + 2) + 1;
                    }
                    if index < end && tokens.is_open(index, b'(') {
                        let inside = tokens.inside(index);
                        steps.push(Step::Method(name.to_owned(), key_of(tokens, &inside)));
                        index = tokens.behind(index);
                    } else if name != "await" {
                        steps.push(Step::Field(name.to_owned()));
                    }
                }
                Some(Kind::Literal) => {
                    steps.push(Step::Field(
                        tokens.text_of(&(index + 1..index + 2)).to_owned(),
                    ));
                    index += 2;
                }
                _ => return index,
            }
        } else {
            return index;
        }
    }
    index
}

/// The key that a method is called with: a string, or the name of a constant.
fn key_of(tokens: &Tokens<'_>, inside: &Range<usize>) -> Option<String> {
    let mut start = inside.start;
    while start < inside.end && tokens.is_punct(start, b'&') {
        start += 1;
    }
    if start >= inside.end {
        return None;
    }
    if inside.end == start + 1
        && let Some(text) = tokens.string(start)
    {
        return Some(text);
    }
    let text = tokens.text_of(&(start..inside.end));
    let last = text.rsplit("::").next()?;
    let constant = last
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
    (constant && !last.is_empty()).then(|| last.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Scope for Nothing {
        fn known(&self, _: &str) -> Known {
            Known::default()
        }
    }

    fn read(text: &str) -> Value {
        let tokens = Tokens::read(text);
        Value::read(&tokens, 0..tokens.len(), &Nothing)
    }

    #[test]
    fn a_path_is_a_root_and_its_steps() {
        assert_eq!(
            read("&self.user.email.clone()").path(),
            "self.user.email.clone()"
        );
        assert_eq!(read("(user.email).await?.0").path(), "user.email.0");
        assert_eq!(
            read("req.headers().get(\"x\")").path(),
            "req.headers().get()"
        );
        assert_eq!(read("user.parse::<Email<u8>>()").path(), "user.parse()");
        assert_eq!(read("mask(&user.email)").path(), "mask()");
        assert!(matches!(read("Level::INFO").root, Root::Fixed));
        assert!(matches!(read("a == b").root, Root::Other));
        assert!(matches!(read("a + &b").root, Root::Several));
        assert_eq!(read("format!(\"{a} {}\", b.c)").parts.len(), 2);
    }

    #[test]
    fn deep_nesting_ends() {
        let deep = format!("{}a{}", "(".repeat(50_000), ")".repeat(50_000));
        assert!(matches!(read(&deep).root, Root::Other));
    }
}
