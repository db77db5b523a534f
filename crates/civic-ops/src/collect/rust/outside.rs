//! Calls that hand something to another system: requests, mail, messages in a queue.

use core::ops::Range;

use super::Walk;
use crate::facts::{Argument, Outside, OutsideKind};
use crate::rust::format::{Which, placeholders};
use crate::rust::token::Kind;
use crate::rust::ty::angle_end;

/// No longer chain of methods is followed.
const CHAIN: usize = 40;

/// A method of a chain, and where its arguments stand.
struct Link<'a> {
    name: &'a str,
    inside: Range<usize>,
}

impl<'a> Walk<'a> {
    /// Reads a request whose method stands behind the `.` at this token: `client.post(url).json(&form).send()`.
    pub(super) fn outside_method(&mut self, index: usize) {
        let tokens = self.tokens;
        let Some(name) = tokens.ident(index + 1) else {
            return;
        };
        let open = index + 2;
        if !tokens.is_open(open, b'(') {
            return;
        }
        let chain = self.links(tokens.behind(open));
        let has = |names: &[&str]| chain.iter().any(|link| names.contains(&link.name));
        let kind = match name {
            "get" | "post" | "put" | "patch" | "delete" | "head" | "request" => {
                let carries = has(&[
                    "send",
                    "json",
                    "form",
                    "multipart",
                    "bearer_auth",
                    "basic_auth",
                    "send_json",
                    "send_form",
                ]);
                carries.then_some(OutsideKind::Http)
            }
            "send_message" => has(&["message_body"]).then_some(OutsideKind::Queue),
            "basic_publish" => Some(OutsideKind::Queue),
            "publish" => has(&["await"]).then_some(OutsideKind::Queue),
            "send_email" | "send_mail" | "send_sms" => Some(OutsideKind::Mail),
            _ => None,
        };
        if let Some(kind) = kind {
            self.hand_over(kind, name.to_owned(), index + 1..index + 2, open, &chain);
        }
    }

    /// Reads what a function begins whose name stands at this token: `reqwest::get(url)`, `Message::builder().to(..)`.
    pub(super) fn outside_call(&mut self, index: usize, name: &str) {
        let tokens = self.tokens;
        let owner = (index >= 3 && tokens.is_path_sep(index - 2))
            .then(|| tokens.ident(index - 3))
            .flatten()
            .unwrap_or_default();
        let kind = match (owner, name) {
            ("reqwest" | "ureq" | "attohttpc", "get" | "post" | "put" | "patch" | "delete") => {
                OutsideKind::Http
            }
            ("Message" | "MessageBuilder", "builder" | "new") => OutsideKind::Mail,
            ("FutureRecord" | "BaseRecord", "to") => OutsideKind::Queue,
            _ => return,
        };
        let chain = self.links(tokens.behind(index + 1));
        let has = |names: &[&str]| chain.iter().any(|link| names.contains(&link.name));
        let meant = match kind {
            OutsideKind::Http => true,
            OutsideKind::Mail => has(&["to", "subject", "body", "multipart"]),
            OutsideKind::Queue => has(&["payload", "key"]),
        };
        if meant {
            let shown = format!("{owner}::{name}");
            self.hand_over(kind, shown, index - 3..index + 1, index + 1, &chain);
        }
    }

    /// Notes a constant that is a text: `const ADDRESS: &str = "..";`.
    pub(super) fn constant(&mut self, index: usize) {
        let tokens = self.tokens;
        let Some(name) = tokens.ident(index + 1).filter(|name| is_constant(name)) else {
            return;
        };
        let eq = (index + 2..index + 12).find(|at| tokens.is_punct(*at, b'='));
        if let Some(text) = eq.and_then(|eq| tokens.string(eq + 1)) {
            self.found.constants.push((name.to_owned(), text));
        }
    }

    fn hand_over(
        &mut self,
        kind: OutsideKind,
        name: String,
        whole: Range<usize>,
        open: usize,
        chain: &[Link<'a>],
    ) {
        let tokens = self.tokens;
        let inside = tokens.inside(open);
        let (address, constants) = self.address(&inside);
        let mut arguments = Vec::new();
        // The address may hold a value too: `format!("{base}?email={email}")`.
        for part in tokens.split(&inside, b",") {
            arguments.extend(self.handed(None, part));
        }
        for link in chain.iter().filter(|link| !is_setting(link.name)) {
            for part in tokens.split(&link.inside, b",") {
                arguments.extend(self.handed(Some(link.name), part));
            }
        }
        let end = chain
            .last()
            .map_or(tokens.behind(open), |link| link.inside.end + 1);
        self.found.outside.push(Outside {
            kind,
            name,
            address,
            constants,
            arguments,
            place: self.place(&(whole.start..end.min(tokens.len()))),
            item: self.item(),
            function: self.frames.last().and_then(|frame| frame.function),
            in_test: self.in_test(),
        });
    }

    fn handed(&self, key: Option<&str>, part: Range<usize>) -> Option<Argument> {
        // A literal says nothing of a person.
        let literal = part.len() == 1 && self.tokens.ident(part.start).is_none();
        (!literal && !part.is_empty()).then(|| Argument {
            key: key.map(str::to_owned),
            debug: true,
            span: self.tokens.bytes(&part),
            value: self.value(part),
        })
    }

    /// The text that an address begins with, and the constants that stand in it.
    fn address(&self, inside: &Range<usize>) -> (Option<String>, Vec<String>) {
        let tokens = self.tokens;
        let mut constants = Vec::new();
        let mut text = None;
        for at in inside.clone() {
            if let Some(name) = tokens.ident(at).filter(|name| is_constant(name)) {
                constants.push(name.to_owned());
            }
            if let Some(string) = tokens.string(at) {
                for placeholder in placeholders(&string) {
                    if let Which::Name(name) = placeholder.which
                        && is_constant(&name)
                    {
                        constants.push(name);
                    }
                }
                text.get_or_insert(string);
            }
        }
        (text, constants)
    }

    /// The methods that follow at this token.
    fn links(&self, mut index: usize) -> Vec<Link<'a>> {
        let tokens = self.tokens;
        let mut links = Vec::new();
        for _ in 0..CHAIN {
            if tokens.is_punct(index, b'?') {
                index += 1;
                continue;
            }
            let Some(name) = tokens
                .ident(index + 1)
                .filter(|_| tokens.is_punct(index, b'.'))
            else {
                break;
            };
            index += 2;
            if tokens.is_path_sep(index) && tokens.is_punct(index + 2, b'<') {
                index = angle_end(tokens, index + 2) + 1;
            }
            let mut inside = index..index;
            if matches!(tokens.kind(index), Some(Kind::Open(b'('))) {
                inside = tokens.inside(index);
                index = tokens.behind(index);
            }
            links.push(Link { name, inside });
        }
        links
    }
}

/// Methods whose arguments are settings of the call, or look at its answer.
fn is_setting(name: &str) -> bool {
    matches!(
        name,
        "timeout"
            | "send"
            | "await"
            | "map_err"
            | "context"
            | "with_context"
            | "build"
            | "unwrap"
            | "expect"
            | "version"
            | "from"
            | "reply_to"
            | "and_then"
            | "map"
            | "unwrap_or"
            | "unwrap_or_default"
            | "unwrap_or_else"
            | "error_for_status"
            | "status"
            | "text"
            | "instrument"
            | "ok"
            | "ok_or"
            | "ok_or_else"
            | "queue_url"
    )
}

fn is_constant(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}
