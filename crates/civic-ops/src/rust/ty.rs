//! Types as they are written: a name and what stands between its angle brackets.

use core::ops::Range;

use serde::Serialize;

use super::token::{Kind, Tokens};

/// A type without references, lifetimes and the path before its name: `&'a [crate::User]` is `[]` of `User`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Type {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) args: Vec<Type>,
}

/// Deeper types are cut off.
const DEPTH: usize = 12;

impl Type {
    pub(crate) fn read(tokens: &Tokens<'_>, range: Range<usize>) -> Self {
        Self::at_depth(tokens, range, 0)
    }

    fn at_depth(tokens: &Tokens<'_>, range: Range<usize>, depth: usize) -> Self {
        let mut ty = Self::default();
        if depth > DEPTH {
            return ty;
        }
        let mut index = range.start;
        while index < range.end {
            match tokens.kind(index) {
                Some(Kind::Punct(b'&' | b'*') | Kind::Lifetime) => index += 1,
                Some(Kind::Ident)
                    if matches!(
                        tokens.ident(index),
                        Some("mut" | "dyn" | "impl" | "const" | "ref")
                    ) =>
                {
                    index += 1;
                }
                Some(Kind::Open(bracket @ (b'[' | b'('))) => {
                    let inner = tokens.inside(index);
                    let inner = inner.start..inner.end.min(range.end);
                    let parts = tokens.split(&inner, if bracket == b'[' { b";" } else { b"," });
                    if bracket == b'(' && parts.len() == 1 {
                        return Self::at_depth(tokens, inner, depth + 1);
                    }
                    ty.name = String::from(if bracket == b'[' { "[]" } else { "()" });
                    let count = if bracket == b'[' { 1 } else { parts.len() };
                    ty.args = parts
                        .into_iter()
                        .take(count)
                        .map(|part| Self::at_depth(tokens, part, depth + 1))
                        .collect();
                    return ty;
                }
                Some(Kind::Ident) => {
                    tokens
                        .ident(index)
                        .unwrap_or_default()
                        .clone_into(&mut ty.name);
                    index += 1;
                    if tokens.is_path_sep(index) {
                        index += 2;
                        continue;
                    }
                    if tokens.is_punct(index, b'<') && index < range.end {
                        let end = angle_end(tokens, index).min(range.end);
                        ty.args = split_angles(tokens, index + 1..end)
                            .into_iter()
                            .filter(|part| tokens.kind(part.start) != Some(Kind::Lifetime))
                            .map(|part| Self::at_depth(tokens, part, depth + 1))
                            .collect();
                        // `Vec::<T>::Item` goes on.
                        index = end + 1;
                        if tokens.is_path_sep(index) && index < range.end {
                            index += 2;
                            continue;
                        }
                    }
                    return ty;
                }
                _ => return ty,
            }
        }
        ty
    }

    /// The type inside of what only holds it: `Option`, `Vec`, `Arc`, an extractor of a web framework.
    pub(crate) fn content(&self) -> &Type {
        let mut ty = self;
        for _ in 0..DEPTH {
            match ty.args.first() {
                Some(inner) if is_container(&ty.name) => ty = inner,
                _ => break,
            }
        }
        ty
    }

    /// The value of a `Result` or an `Option`; the type itself otherwise.
    pub(crate) fn success(&self) -> &Type {
        match self.args.first() {
            Some(inner) if matches!(self.name.as_str(), "Result" | "Option" | "ApiResult") => inner,
            _ => self,
        }
    }
}

fn is_container(name: &str) -> bool {
    matches!(
        name,
        "Option"
            | "Vec"
            | "VecDeque"
            | "HashSet"
            | "BTreeSet"
            | "[]"
            | "Box"
            | "Arc"
            | "Rc"
            | "Cow"
            | "Ref"
            | "RefMut"
            | "Mutex"
            | "RwLock"
            | "MutexGuard"
            | "Json"
            | "Form"
            | "Query"
            | "Path"
            | "ValidatedJson"
            | "ValidatedForm"
            | "ValidatedQuery"
            | "Valid"
            | "Extension"
            | "State"
            | "Data"
            | "Pin"
    )
}

/// Index of the `>` that closes the `<` at this place; the end of the tokens where there is none.
pub(crate) fn angle_end(tokens: &Tokens<'_>, open: usize) -> usize {
    let mut depth = 0_usize;
    let mut index = open;
    while index < tokens.len() {
        match tokens.kind(index) {
            Some(Kind::Punct(b'<')) => depth += 1,
            // Not the end of `->`.
            Some(Kind::Punct(b'>')) if index == 0 || !tokens.is_punct(index - 1, b'-') => {
                depth -= 1;
                if depth == 0 {
                    return index;
                }
            }
            Some(Kind::Punct(b';') | Kind::Open(b'{') | Kind::Close(_)) => return index,
            _ => {}
        }
        index = tokens.behind(index);
    }
    index
}

/// Splits at commas outside of all brackets, angle brackets too.
pub(crate) fn split_angles(tokens: &Tokens<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut from = range.start;
    let mut depth = 0_usize;
    let mut index = range.start;
    while index < range.end {
        match tokens.kind(index) {
            Some(Kind::Punct(b'<')) => depth += 1,
            Some(Kind::Punct(b'>')) if !tokens.is_punct(index.wrapping_sub(1), b'-') => {
                depth = depth.saturating_sub(1);
            }
            Some(Kind::Punct(b',')) if depth == 0 => {
                parts.push(from..index);
                from = index + 1;
            }
            _ => {}
        }
        index = tokens.behind(index);
    }
    if from < range.end {
        parts.push(from..range.end);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Type {
        let tokens = Tokens::read(text);
        Type::read(&tokens, 0..tokens.len())
    }

    #[test]
    fn a_type_is_known_by_its_name_and_its_arguments() {
        assert_eq!(read("&'a mut crate::model::User").name, "User");
        assert_eq!(read("Option<Vec<String>>").content().name, "String");
        assert_eq!(read("[User; 4]").content().name, "User");
        let map = read("std::collections::HashMap<String, Vec<User>>");
        assert_eq!(map.args.len(), 2);
        assert_eq!(map.args[1].content().name, "User");
        assert_eq!(read("Result<User, Error>").success().name, "User");
        assert_eq!(read("Box<dyn Fn(u8) -> u8 + Send>").name, "Box");
    }

    #[test]
    fn a_type_without_an_end_is_read_as_far_as_it_goes() {
        let deep = "Vec<".repeat(10_000);
        assert_eq!(read(&deep).name, "Vec");
        assert_eq!(read("<<>>>").name, "");
    }
}
