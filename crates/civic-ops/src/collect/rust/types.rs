//! Structs and enums: their derives and their fields.

use core::ops::Range;

use super::Walk;
use super::attribute::{self, Attribute};
use crate::facts::{Argument, Field, Site, SiteKind, TypeFact};
use crate::rust::format::{Which, placeholders};
use crate::rust::token::{Kind, Tokens};
use crate::rust::ty::{Type, angle_end, split_angles};
use crate::rust::value::{Known, Value};

impl Walk<'_> {
    /// Reads a struct or an enum, and gives the index behind it.
    pub(super) fn types(&mut self, index: usize) -> usize {
        let tokens = self.tokens;
        let is_enum = tokens.is_ident(index, "enum");
        let name = tokens.ident(index + 1).unwrap_or_default();
        let test = self.pending_test() || self.in_test();
        let attributes = core::mem::take(&mut self.pending);
        let derives = derives(tokens, &attributes);
        let mut at = index + 2;
        if tokens.is_punct(at, b'<') {
            at = angle_end(tokens, at) + 1;
        }
        while at < tokens.len()
            && !matches!(
                tokens.kind(at),
                Some(Kind::Open(b'{' | b'(') | Kind::Close(_) | Kind::Punct(b';'))
            )
        {
            at += 1;
        }
        let place = self.place(&(index + 1..index + 2));
        let item = self.item_with(Some(name));
        let Some(Kind::Open(bracket)) = tokens.kind(at) else {
            self.push_type(name, None, item, place, &derives, Vec::new(), false, test);
            return at;
        };
        if !test {
            let inside = tokens.inside(at);
            for at in inside.filter(|at| tokens.is_punct(*at, b'#') && tokens.is_open(at + 1, b'['))
            {
                self.said(&attribute::read(tokens, at, at + 1));
            }
        }
        if is_enum {
            self.variants(tokens.inside(at), name, &item, &derives, test);
            return tokens.behind(at);
        }
        let fields = self.fields(tokens.inside(at), bracket == b'(');
        self.error_text(&attributes, name, &item, &fields, test);
        self.push_type(name, None, item, place, &derives, fields, false, test);
        if let Some(fact) = self.found.types.last_mut() {
            fact.table = table(tokens, &attributes);
        }
        tokens.behind(at)
    }

    fn variants(
        &mut self,
        inside: Range<usize>,
        name: &str,
        item: &str,
        derives: &[String],
        test: bool,
    ) {
        let tokens = self.tokens;
        for part in tokens.split(&inside, b",") {
            let (attributes, at) = attribute::leading(tokens, &part);
            let Some(variant) = tokens.ident(at) else {
                continue;
            };
            let fields = match tokens.kind(at + 1) {
                Some(Kind::Open(bracket @ (b'(' | b'{'))) if at + 1 < part.end => {
                    self.fields(tokens.inside(at + 1), bracket == b'(')
                }
                _ => Vec::new(),
            };
            let item = format!("{item}::{variant}");
            let test = test || attributes.iter().any(|attribute| attribute.is_test(tokens));
            self.error_text(&attributes, name, &item, &fields, test);
            let place = self.place(&(at..at + 1));
            self.push_type(
                name,
                Some(variant),
                item,
                place,
                derives,
                fields,
                true,
                test,
            );
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is a field of the fact")]
    fn push_type(
        &mut self,
        name: &str,
        variant: Option<&str>,
        item: String,
        place: crate::facts::Place,
        derives: &[String],
        fields: Vec<Field>,
        is_enum: bool,
        in_test: bool,
    ) {
        self.found.types.push(TypeFact {
            name: name.to_owned(),
            variant: variant.map(str::to_owned),
            item,
            place,
            derives: derives.to_vec(),
            fields,
            table: None,
            is_enum,
            in_test,
        });
    }

    /// Reads the text that an attribute gives an error: `#[error("no account for {email}")]`.
    fn error_text(
        &mut self,
        attributes: &[Attribute],
        owner: &str,
        item: &str,
        fields: &[Field],
        in_test: bool,
    ) {
        let tokens = self.tokens;
        for attribute in attributes {
            let name = attribute.name(tokens);
            let range = match name {
                "error" | "display" => attribute.arguments.clone(),
                "snafu" => {
                    let Some(display) = attribute
                        .arguments
                        .clone()
                        .find(|at| tokens.is_ident(*at, "display"))
                    else {
                        continue;
                    };
                    tokens.inside(display + 1)
                }
                _ => continue,
            };
            let arguments = self.text_of_fields(&range, fields);
            if arguments.is_empty() {
                continue;
            }
            self.found.sites.push(Site {
                kind: if name == "display" && !owner.ends_with("Error") {
                    SiteKind::Display
                } else {
                    SiteKind::ErrorText
                },
                name: format!("#[{name}]"),
                item: item.to_owned(),
                place: self.place(&attribute.whole),
                arguments,
                owner: Some(owner.to_owned()),
                in_test,
            });
        }
    }

    /// The fields that a format string in an attribute prints.
    fn text_of_fields(&self, range: &Range<usize>, fields: &[Field]) -> Vec<Argument> {
        let tokens = self.tokens;
        let parts = tokens.split(range, b",");
        let Some((text, offset)) = parts
            .first()
            .and_then(|first| tokens.raw_string(first.start))
        else {
            return Vec::new();
        };
        let mut next = 0;
        let mut arguments = Vec::new();
        for placeholder in placeholders(text) {
            let position = match &placeholder.which {
                Which::Next => {
                    next += 1;
                    next - 1
                }
                Which::Position(position) => *position,
                Which::Name(_) => usize::MAX,
            };
            let field_named = |name: &str| {
                let field = fields.iter().find(|field| field.name == name)?;
                let ty = Some(field.ty.clone().into());
                Some(Value::variable(name, Known { ty, from: None }))
            };
            // Behind the string stand values of their own: `.0`, `self.email`, `.email.len()`.
            let own = parts
                .get(position.saturating_add(1))
                .filter(|_| parts.len() > 1);
            let value = match (&placeholder.which, own) {
                (Which::Name(name), _) => field_named(name),
                (_, Some(own)) => {
                    let from = own.start + usize::from(tokens.is_punct(own.start, b'.'));
                    let first = tokens.text_of(&(from..from + 1));
                    if from + 1 == own.end {
                        field_named(first)
                    } else {
                        Some(self.value(from..own.end))
                    }
                }
                (_, None) => field_named(&position.to_string()),
            };
            arguments.extend(value.map(|value| Argument {
                key: placeholder.key,
                debug: placeholder.debug,
                value,
                span: offset + placeholder.span.start..offset + placeholder.span.end,
            }));
        }
        arguments
    }
}

impl Walk<'_> {
    fn fields(&self, inside: Range<usize>, tuple: bool) -> Vec<Field> {
        let tokens = self.tokens;
        let mut fields = Vec::new();
        for (position, part) in split_angles(tokens, inside).into_iter().enumerate() {
            let (attributes, mut at) = attribute::leading(tokens, &part);
            if tokens.is_ident(at, "pub") {
                at += 1;
                if tokens.is_open(at, b'(') && at < part.end {
                    at = tokens.behind(at);
                }
            }
            if at >= part.end {
                continue;
            }
            let (name, ty) = if tuple {
                (position.to_string(), at..part.end)
            } else {
                let Some(name) = tokens.ident(at).filter(|_| tokens.is_punct(at + 1, b':')) else {
                    continue;
                };
                (name.to_owned(), at + 2..part.end)
            };
            fields.push(Field {
                name,
                ty: Type::read(tokens, ty),
                hidden: attributes.iter().any(|attribute| hides(tokens, attribute)),
                line: self.lines.place(tokens.start(at)).0,
                span: tokens.bytes(&(at..part.end)),
            });
        }
        fields
    }
}

/// Names in the `derive`s, in `cfg_attr` too.
fn derives(tokens: &Tokens<'_>, attributes: &[Attribute]) -> Vec<String> {
    let mut names = Vec::new();
    for attribute in attributes {
        let range = match attribute.name(tokens) {
            "derive" => attribute.arguments.clone(),
            "cfg_attr" => {
                let Some(derive) = attribute
                    .arguments
                    .clone()
                    .find(|at| tokens.is_ident(*at, "derive"))
                else {
                    continue;
                };
                tokens.inside(derive + 1)
            }
            _ => continue,
        };
        for part in tokens.split(&range, b",") {
            // `derive_more::Debug` is not the `Debug` that prints everything.
            let path = tokens.text_of(&part);
            let name = path
                .strip_prefix("std::fmt::")
                .or_else(|| path.strip_prefix("core::fmt::"))
                .unwrap_or(path);
            names.push(name.to_owned());
        }
    }
    names
}

/// The table of `#[diesel(table_name = users)]`, `#[sea_orm(table_name = "users")]` and `#[table_name = "users"]`.
fn table(tokens: &Tokens<'_>, attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let at = match attribute.name(tokens) {
            "table_name" => attribute.arguments.start,
            "diesel" | "sea_orm" => attribute
                .arguments
                .clone()
                .find(|at| tokens.is_ident(*at, "table_name"))
                .map(|at| at + 2)?,
            _ => return None,
        };
        let text = tokens.string(at);
        let last = tokens.text_of(&(at..attribute.arguments.end));
        let path = last.split([',', ')']).next().unwrap_or_default();
        let name =
            text.unwrap_or_else(|| path.trim().rsplit("::").next().unwrap_or(path).to_owned());
        Some(crate::sql::last(&name))
    })
}

/// Whether an attribute keeps a field out of `Debug` or replaces what it shows.
fn hides(tokens: &Tokens<'_>, attribute: &Attribute) -> bool {
    match attribute.name(tokens) {
        "redact" | "redacted" | "veil" | "debug" | "sensitive" => true,
        "derivative" | "educe" | "debug_ignore" | "personal" => {
            tokens.text_of(&attribute.arguments).contains("ebug")
                || attribute.name(tokens) == "personal"
        }
        _ => false,
    }
}
