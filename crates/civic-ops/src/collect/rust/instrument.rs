//! `#[instrument]`: which parameters, results and errors it records.

use std::sync::Arc;

use super::Walk;
use super::attribute::Attribute;
use super::function::Parameter;
use crate::facts::{Argument, Site, SiteKind};
use crate::rust::ty::Type;
use crate::rust::value::{Known, Value, is_single_eq};

/// Key of the argument that stands for a recorded result.
const RETURN: &str = "ret";
/// Key of the argument that stands for a recorded error.
const ERROR: &str = "err";

impl Walk<'_> {
    pub(super) fn instrument(
        &mut self,
        attribute: &Attribute,
        item: &str,
        parameters: &[Parameter],
        returns: Option<&Type>,
        in_test: bool,
    ) {
        let tokens = self.tokens;
        let mut skipped: Vec<&str> = Vec::new();
        let mut skip_all = false;
        let mut arguments = Vec::new();
        let mut results = Vec::new();
        for part in tokens.split(&attribute.arguments, b",") {
            let inside = tokens.inside(part.start + 1);
            match tokens.ident(part.start) {
                Some("skip_all") => skip_all = true,
                Some("skip") => skipped.extend(inside.filter_map(|at| tokens.ident(at))),
                Some("fields") => {
                    for field in tokens.split(&inside, b",") {
                        // A field of the name of a parameter stands in its place.
                        skipped.extend(tokens.ident(field.start));
                        arguments.extend(self.field(field));
                    }
                }
                Some(word @ (RETURN | ERROR)) => {
                    let display = inside.clone().any(|at| tokens.is_ident(at, "Display"));
                    results.push((word, part.start, display));
                }
                _ => {}
            }
        }
        if !skip_all {
            self.recorded(parameters, &skipped, &mut arguments);
        }
        for (word, at, display) in results {
            let ty = returns.and_then(|ty| match word {
                RETURN => Some(ty.success()),
                _ => ty.args.get(1),
            });
            // A result is what its function is called by; of an error the type alone tells.
            let name = match word {
                RETURN => item.rsplit("::").next().unwrap_or_default(),
                _ => "",
            };
            let known = Known {
                ty: ty.cloned().map(Arc::new),
                from: None,
            };
            arguments.push(Argument {
                key: Some(word.to_owned()),
                debug: if word == RETURN { !display } else { false },
                value: Value::variable(name, known),
                span: tokens.bytes(&(at..at + 1)),
            });
        }
        self.found.sites.push(Site {
            kind: SiteKind::Instrument,
            name: "#[instrument]".to_owned(),
            item: item.to_owned(),
            place: self.place(&attribute.whole),
            arguments,
            owner: self.owner().map(str::to_owned),
            in_test,
        });
    }

    /// The parameters that are recorded because nothing skips them.
    fn recorded(&self, parameters: &[Parameter], skipped: &[&str], arguments: &mut Vec<Argument>) {
        let tokens = self.tokens;
        for parameter in parameters {
            for at in parameter.pattern.clone() {
                let Some(name) = tokens.ident(at) else {
                    continue;
                };
                let binds = name.starts_with(|c: char| c.is_lowercase() || c == '_')
                    && !matches!(name, "mut" | "ref" | "_")
                    && !tokens.is_path_sep(at + 1)
                    && (!tokens.is_punct(at + 1, b':') || at + 1 >= parameter.pattern.end);
                if !binds || skipped.contains(&name) {
                    continue;
                }
                let ty = if name == "self"
                    || at == parameter.pattern.start
                    || tokens.is_ident(at - 1, "mut")
                {
                    parameter.ty.clone()
                } else {
                    // `Json(form): Json<Form>` records the form.
                    parameter.ty.args.first().cloned().unwrap_or_default()
                };
                let known = Known {
                    ty: Some(Arc::new(ty)),
                    from: None,
                };
                arguments.push(Argument {
                    key: None,
                    debug: true,
                    value: Value::variable(name, known),
                    span: tokens.bytes(&(at..at + 1)),
                });
            }
        }
    }

    /// Reads `name = value`, `name = %value`, `%value` or `value`; `None` where there is no value.
    pub(super) fn field(&self, range: core::ops::Range<usize>) -> Option<Argument> {
        let tokens = self.tokens;
        let mut eq = range.start;
        while eq < range.end && !is_single_eq(tokens, eq) && !arrow(tokens, eq) {
            eq = tokens.behind(eq);
        }
        let mut key = None;
        let mut debug = false;
        let mut from = range.start;
        if eq < range.end {
            let name = tokens
                .string(range.start)
                .unwrap_or_else(|| tokens.text_of(&(range.start..eq)).replace(' ', ""));
            // `name:? = value` and `name:debug = value` of the `log` crate.
            let (name, how) = name.split_once(':').unwrap_or((&name, ""));
            debug = matches!(how, "?" | "debug");
            key = Some(name.to_owned());
            from = if arrow(tokens, eq) { eq + 2 } else { eq + 1 };
        }
        while from < range.end && (tokens.is_punct(from, b'?') || tokens.is_punct(from, b'%')) {
            debug |= tokens.is_punct(from, b'?');
            from += 1;
        }
        (from < range.end).then(|| Argument {
            key,
            debug,
            value: self.value(from..range.end),
            span: tokens.bytes(&(from..range.end)),
        })
    }
}

/// Whether `=>` stands here.
fn arrow(tokens: &crate::rust::token::Tokens<'_>, index: usize) -> bool {
    tokens.is_punct(index, b'=') && tokens.is_punct(index + 1, b'>')
}
