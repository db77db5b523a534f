//! Functions: their parameters come into scope, their attributes and bodies are read.

use core::ops::Range;
use std::sync::Arc;

use super::{Frame, Walk};
use crate::facts::Function;
use crate::rust::token::Kind;
use crate::rust::ty::{Type, angle_end, split_angles};
use crate::rust::value::Known;

/// A parameter: its pattern and its type.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) pattern: Range<usize>,
    pub(super) ty: Type,
}

impl Walk<'_> {
    /// Reads a signature, and gives the index of the first token of the body, or behind the `;`.
    pub(super) fn function(&mut self, index: usize) -> usize {
        let tokens = self.tokens;
        let name = tokens.ident(index + 1).unwrap_or_default();
        let mut at = index + 2;
        if tokens.is_punct(at, b'<') {
            at = angle_end(tokens, at) + 1;
        }
        if !tokens.is_open(at, b'(') {
            return index + 2;
        }
        let parameters = self.parameters(tokens.inside(at));
        at = tokens.behind(at);
        let arrow = tokens.is_punct(at, b'-') && tokens.is_punct(at + 1, b'>');
        let from = if arrow { at + 2 } else { at };
        let mut end = None;
        while at < tokens.len()
            && !matches!(
                tokens.kind(at),
                Some(Kind::Open(b'{') | Kind::Punct(b';') | Kind::Close(_))
            )
        {
            if tokens.is_ident(at, "where") {
                end.get_or_insert(at);
            }
            at = tokens.behind(at);
        }
        let returns = arrow.then(|| Type::read(tokens, from..end.unwrap_or(at)));
        let test = self.pending_test() || self.in_test();
        let attributes = core::mem::take(&mut self.pending);
        let is_async =
            (index.saturating_sub(4)..index).any(|before| tokens.is_ident(before, "async"));
        let item = self.item_with(Some(name));
        for attribute in &attributes {
            if attribute.name(tokens) == "instrument" {
                self.instrument(attribute, &item, &parameters, returns.as_ref(), test);
            }
        }
        let names = parameters.iter().map(|parameter| {
            let last = parameter
                .pattern
                .clone()
                .rev()
                .find_map(|at| tokens.ident(at));
            (last.unwrap_or_default().to_owned(), parameter.ty.clone())
        });
        let place = self.place(&(index + 1..index + 2));
        let function = self.found.functions.len();
        self.found.functions.push(Function {
            name: name.to_owned(),
            parameters: names.collect(),
            attributes: attributes
                .iter()
                .map(|attribute| attribute.name(tokens).to_owned())
                .collect(),
            item,
            place,
            owner: self.owner().map(str::to_owned),
            returns,
            is_async,
            in_test: test,
        });
        if !tokens.is_open(at, b'{') {
            return at;
        }
        self.push(
            at,
            Frame {
                name: Some(name.to_owned()),
                function: Some(function),
                test,
                ..Frame::default()
            },
        );
        for parameter in parameters {
            let known = Known {
                ty: Some(Arc::new(parameter.ty)),
                from: None,
            };
            self.bind(parameter.pattern, &known, at + 1, 0);
        }
        at + 1
    }

    fn parameters(&self, inside: Range<usize>) -> Vec<Parameter> {
        let tokens = self.tokens;
        let mut parameters = Vec::new();
        for part in split_angles(tokens, inside) {
            let (_, start) = super::attribute::leading(tokens, &part);
            let mut at = start;
            while at < part.end && (!tokens.is_punct(at, b':') || tokens.is_path_sep(at)) {
                at = if tokens.is_path_sep(at) {
                    at + 2
                } else {
                    tokens.behind(at)
                };
            }
            let ty = if at < part.end {
                Type::read(tokens, at + 1..part.end)
            } else {
                // `self`, `&self`, `&mut self`.
                Type {
                    name: self.owner().unwrap_or_default().to_owned(),
                    args: Vec::new(),
                }
            };
            parameters.push(Parameter {
                pattern: start..at.min(part.end),
                ty,
            });
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use crate::{Sources, facts};

    #[test]
    fn each_function_stands_at_its_own_name() {
        let code =
            "// one\nfn second() {}\n\nasync fn fourth() {}\nimpl T {\n    fn sixth(&self) {}\n}\n";
        let facts = facts(&Sources::from_texts([("src/lib.rs", code)]));
        let functions: Vec<_> = facts
            .functions
            .iter()
            .map(|function| (&*function.name, function.place.line))
            .collect();
        assert_eq!(functions, [("second", 2), ("fourth", 4), ("sixth", 6)]);
    }
}
