//! Calls that write values out: log and span macros, prints, panics, error texts, metrics.

use core::ops::Range;

use super::Walk;
use crate::facts::{Argument, Site, SiteKind};
use crate::rust::format::{Which, placeholders};
use crate::rust::token::Kind;
use crate::rust::value::{Scope as _, Value};

impl Walk<'_> {
    /// Reads a macro call whose name stands at this token.
    pub(super) fn macro_call(&mut self, index: usize, name: &str) {
        let tokens = self.tokens;
        let mut inside = tokens.inside(index + 2);
        let kind = match name {
            "trace" | "debug" | "info" | "warn" | "error" | "event" | "log" | "trace_event" => {
                SiteKind::Log
            }
            "span" | "trace_span" | "debug_span" | "info_span" | "warn_span" | "error_span" => {
                SiteKind::Span
            }
            "println" | "print" | "eprintln" | "eprint" | "dbg" => SiteKind::Print,
            "panic" | "unreachable" | "todo" | "unimplemented" | "assert" | "assert_eq"
            | "assert_ne" | "debug_assert" | "debug_assert_eq" | "debug_assert_ne" => {
                SiteKind::Panic
            }
            "anyhow" | "bail" | "ensure" | "eyre" | "format_err" | "whatever" | "report" => {
                SiteKind::ErrorText
            }
            "counter" | "gauge" | "histogram" | "increment_counter" | "describe_counter" => {
                SiteKind::Metric
            }
            "write" | "writeln" => {
                let Some((kind, rest)) = self.written(&inside) else {
                    return;
                };
                inside = rest;
                kind
            }
            _ => return,
        };
        let arguments = match name {
            // The values of a comparison are printed when it fails.
            "assert" | "debug_assert" | "ensure" => {
                let message = tokens.split(&inside, b",").into_iter().nth(1);
                self.arguments(message.map_or(inside.end, |part| part.start)..inside.end)
            }
            "dbg" => self.debugged(&inside),
            _ => self.arguments(inside),
        };
        let mut start = index;
        while start >= 3 && tokens.is_path_sep(start - 2) && tokens.ident(start - 3).is_some() {
            start -= 3;
        }
        self.site(
            kind,
            start..tokens.behind(index + 2),
            format!("{}!", tokens.text_of(&(start..index + 1))),
            arguments,
        );
    }

    /// Reads a method call whose `.` stands at this token.
    pub(super) fn method(&mut self, index: usize) {
        let tokens = self.tokens;
        let Some(name) = tokens.ident(index + 1) else {
            return;
        };
        if !tokens.is_open(index + 2, b'(') {
            return;
        }
        let inside = tokens.inside(index + 2);
        let whole = index + 1..tokens.behind(index + 2);
        match name {
            "record" => {
                let parts = tokens.split(&inside, b",");
                if let [field, value] = &parts[..]
                    && let Some(key) = tokens.string(field.start)
                {
                    let argument = self.recorded_value(key, value.clone());
                    self.site(SiteKind::Record, whole, name.to_owned(), vec![argument]);
                }
            }
            "field" if self.implements() == Some("Debug") => {
                if let Some(value) = tokens.split(&inside, b",").into_iter().nth(1) {
                    let argument = Argument {
                        debug: true,
                        ..self.recorded_value(String::new(), value)
                    };
                    self.site(SiteKind::Debug, whole, name.to_owned(), vec![argument]);
                }
            }
            "with_label_values" | "get_or_create" => {
                let arguments = self.plain(inside);
                self.site(SiteKind::Metric, whole, name.to_owned(), arguments);
            }
            "context" | "with_context" | "wrap_err" | "wrap_err_with" | "expect"
            | "whatever_context" => {
                // Only a text that is made here can hold a value.
                let made = inside
                    .clone()
                    .any(|at| tokens.is_ident(at, "format") && tokens.is_punct(at + 1, b'!'));
                if made {
                    let from = inside
                        .clone()
                        .find(|at| tokens.is_ident(*at, "format"))
                        .unwrap_or(inside.start);
                    let arguments = self.plain(from..inside.end);
                    let kind = if name == "expect" {
                        SiteKind::Panic
                    } else {
                        SiteKind::ErrorText
                    };
                    self.site(kind, whole, name.to_owned(), arguments);
                }
            }
            _ => {}
        }
    }

    /// Reads a call of a function whose name stands at this token.
    pub(super) fn call(&mut self, index: usize, name: &str) {
        let tokens = self.tokens;
        let qualified_by = |ty: &str| {
            index >= 3 && tokens.is_path_sep(index - 2) && tokens.is_ident(index - 3, ty)
        };
        if (name == "new" && qualified_by("KeyValue"))
            || (name == "from_static_str" && qualified_by("KeyValue"))
        {
            let parts = tokens.split(&tokens.inside(index + 1), b",");
            if let [field, value] = &parts[..] {
                let key = tokens.string(field.start).unwrap_or_default();
                let argument = self.recorded_value(key, value.clone());
                let whole = index - 3..tokens.behind(index + 1);
                self.site(
                    SiteKind::Metric,
                    whole,
                    "KeyValue::new".to_owned(),
                    vec![argument],
                );
            }
        }
    }

    fn site(
        &mut self,
        kind: SiteKind,
        whole: Range<usize>,
        name: String,
        arguments: Vec<Argument>,
    ) {
        if arguments.is_empty() {
            return;
        }
        let site = Site {
            kind,
            name,
            item: self.item(),
            place: self.place(&whole),
            arguments,
            owner: self.owner().map(str::to_owned),
            in_test: self.in_test(),
        };
        self.found.sites.push(site);
    }

    /// What `write!` writes to, where that is of interest, and what it writes.
    fn written(&self, inside: &Range<usize>) -> Option<(SiteKind, Range<usize>)> {
        let tokens = self.tokens;
        let parts = tokens.split(inside, b",");
        let target = parts.first()?;
        let text = tokens.text_of(target);
        let kind = if text.contains("stderr") || text.contains("stdout") {
            SiteKind::Print
        } else {
            match self.implements()? {
                "Display" => SiteKind::Display,
                "Debug" => SiteKind::Debug,
                _ => return None,
            }
        };
        Some((kind, (target.end + 1).min(inside.end)..inside.end))
    }

    fn recorded_value(&self, key: String, range: Range<usize>) -> Argument {
        Argument {
            key: Some(key),
            debug: false,
            span: self.tokens.bytes(&range),
            value: self.value(range),
        }
    }

    /// Values side by side, without a format string.
    fn plain(&self, inside: Range<usize>) -> Vec<Argument> {
        let parts = self.tokens.split(&inside, b",").into_iter();
        parts
            .map(|part| Argument {
                key: None,
                debug: false,
                span: self.tokens.bytes(&part),
                value: self.value(part),
            })
            .collect()
    }

    fn debugged(&self, inside: &Range<usize>) -> Vec<Argument> {
        let mut arguments = self.plain(inside.clone());
        for argument in &mut arguments {
            argument.debug = true;
        }
        arguments
    }

    /// The arguments of a log macro: fields, a format string, and what fills its placeholders.
    fn arguments(&self, inside: Range<usize>) -> Vec<Argument> {
        let tokens = self.tokens;
        let parts = tokens.split(&inside, b",;");
        let text = parts
            .iter()
            .position(|part| part.len() == 1 && tokens.kind(part.start) == Some(Kind::Str));
        let mut arguments = Vec::new();
        for part in &parts[..text.unwrap_or(parts.len())] {
            if tokens.is_open(part.start, b'{') {
                for field in tokens.split(&tokens.inside(part.start), b",") {
                    arguments.extend(self.field(field));
                }
                continue;
            }
            // `target: value`, `parent: value`.
            let named = tokens.ident(part.start).is_some()
                && tokens.is_punct(part.start + 1, b':')
                && !tokens.is_path_sep(part.start + 1);
            let standard = matches!(
                tokens.ident(part.start),
                Some("target" | "parent" | "name" | "logger")
            );
            let field = if named && standard {
                part.start + 2..part.end
            } else {
                part.clone()
            };
            arguments.extend(self.field(field));
        }
        if let Some(text) = text {
            self.filled(parts[text].start, &parts[text + 1..], &mut arguments);
        }
        arguments
    }

    /// The values that fill the placeholders of a format string.
    fn filled(&self, text: usize, rest: &[Range<usize>], arguments: &mut Vec<Argument>) {
        let tokens = self.tokens;
        let Some((text, offset)) = tokens.raw_string(text) else {
            return;
        };
        let mut named: Vec<(String, Argument)> = Vec::new();
        let mut positional: Vec<Argument> = Vec::new();
        for part in rest {
            let Some(argument) = self.field(part.clone()) else {
                continue;
            };
            match argument.key.clone() {
                Some(key) => named.push((key, argument)),
                None => positional.push(argument),
            }
        }
        let mut next = 0;
        for placeholder in placeholders(text) {
            let span = offset + placeholder.span.start..offset + placeholder.span.end;
            let position = match &placeholder.which {
                Which::Next => {
                    next += 1;
                    Some(next - 1)
                }
                Which::Position(position) => Some(*position),
                Which::Name(name) => {
                    if let Some((_, argument)) = named.iter_mut().find(|(key, _)| key == name) {
                        argument.debug |= placeholder.debug;
                        if placeholder.key.is_some() {
                            argument.key.clone_from(&placeholder.key);
                        }
                    } else {
                        arguments.push(Argument {
                            key: placeholder.key.clone(),
                            debug: placeholder.debug,
                            value: Value::variable(name, self.known(name)),
                            span,
                        });
                    }
                    None
                }
            };
            if let Some(argument) = position.and_then(|position| positional.get_mut(position)) {
                argument.debug |= placeholder.debug;
                argument.key.clone_from(&placeholder.key);
            }
        }
        arguments.extend(positional);
        arguments.extend(named.into_iter().map(|(_, argument)| argument));
    }
}
