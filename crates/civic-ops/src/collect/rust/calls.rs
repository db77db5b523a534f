//! Calls, in the order in which they are written: what a function does, as far as names tell.

use core::ops::Range;

use super::Walk;
use crate::facts::Call;
use crate::rust::token::Kind;
use crate::rust::ty::angle_end;

/// Arguments are cut behind this many bytes.
const CUT: usize = 160;
/// No longer chain of methods is followed.
const CHAIN: usize = 40;

impl Walk<'_> {
    /// Notes where the body of a loop opens.
    pub(super) fn enter_loop(&mut self, index: usize) {
        let tokens = self.tokens;
        let mut at = index + 1;
        for _ in 0..200 {
            match tokens.kind(at) {
                Some(Kind::Open(b'{')) => {
                    self.loop_at = at;
                    return;
                }
                None | Some(Kind::Punct(b';') | Kind::Close(_)) => return,
                _ => at = tokens.behind(at),
            }
        }
    }

    /// Notes the call of a path whose last name stands at `index` and whose `(` stands at `open`.
    pub(super) fn note_call(&mut self, index: usize, open: usize) {
        let tokens = self.tokens;
        let name = tokens.ident(index).unwrap_or_default();
        if matches!(
            name,
            "if" | "while"
                | "match"
                | "for"
                | "in"
                | "return"
                | "Some"
                | "Ok"
                | "Err"
                | "fn"
                | "pub"
        ) {
            return;
        }
        let mut start = index;
        while start >= 3 && tokens.is_path_sep(start - 2) && tokens.ident(start - 3).is_some() {
            start -= 3;
        }
        let before = if start < index {
            tokens.text_of(&(start..index - 2)).to_owned()
        } else {
            String::new()
        };
        if matches!(name, "spawn_blocking" | "block_in_place") {
            self.may_block_until = self.may_block_until.max(tokens.mate(open));
        }
        self.note(name.to_owned(), before, false, start..index + 1, open);
    }

    /// Notes the call of a method whose `.` stands at `index`.
    pub(super) fn note_method(&mut self, index: usize) {
        let tokens = self.tokens;
        let Some(name) = tokens.ident(index + 1) else {
            return;
        };
        let mut open = index + 2;
        if tokens.is_path_sep(open) && tokens.is_punct(open + 2, b'<') {
            open = angle_end(tokens, open + 2) + 1;
        }
        if !tokens.is_open(open, b'(') {
            return;
        }
        let before = index.checked_sub(1).and_then(|at| tokens.ident(at));
        self.note(
            name.to_owned(),
            before.unwrap_or_default().to_owned(),
            true,
            index + 1..index + 2,
            open,
        );
    }

    /// Notes `query!(..)` and the like.
    pub(super) fn query_macro(&mut self, index: usize, name: &str) {
        if name.starts_with("query") {
            self.note(
                format!("{name}!"),
                String::new(),
                false,
                index..index + 1,
                index + 2,
            );
        }
    }

    fn note(
        &mut self,
        name: String,
        before: String,
        is_method: bool,
        whole: Range<usize>,
        open: usize,
    ) {
        let Some(function) = self.frames.last().and_then(|frame| frame.function) else {
            return;
        };
        let tokens = self.tokens;
        let inside = tokens.inside(open);
        let text = tokens
            .split(&inside, b",")
            .into_iter()
            .take(3)
            .find_map(|part| {
                let start = if tokens.is_punct(part.start, b'&') {
                    part.start + 1
                } else {
                    part.start
                };
                tokens.string(start).filter(|_| part.end == start + 1)
            });
        let (chain, end) = self.chain(tokens.behind(open));
        let call = Call {
            discarded: self.is_discarded(whole.start, end, &chain, is_method),
            name,
            before,
            is_method,
            text,
            arguments: cut(tokens.text_of(&inside)),
            generics: generics(tokens.text_of(&(whole.end..open))),
            chain,
            in_loop: self.frames.last().is_some_and(|frame| frame.is_loop),
            may_block: whole.start < self.may_block_until,
            function: Some(function),
            place: self.place(&(whole.start..tokens.behind(open))),
            item: self.item(),
            in_test: self.in_test(),
        };
        self.found.calls.push(call);
    }

    /// The methods that follow at this token, and the index behind them.
    fn chain(&self, mut index: usize) -> (Vec<(String, String)>, usize) {
        let tokens = self.tokens;
        let mut chain = Vec::new();
        for _ in 0..CHAIN {
            if tokens.is_punct(index, b'?') {
                chain.push(("?".to_owned(), String::new()));
                index += 1;
            } else if tokens.is_punct(index, b'.') && tokens.ident(index + 1).is_some() {
                let name = tokens.ident(index + 1).unwrap_or_default().to_owned();
                index += 2;
                if tokens.is_path_sep(index) && tokens.is_punct(index + 2, b'<') {
                    index = angle_end(tokens, index + 2) + 1;
                }
                let mut arguments = String::new();
                if tokens.is_open(index, b'(') {
                    arguments = cut(tokens.text_of(&tokens.inside(index)));
                    index = tokens.behind(index);
                }
                chain.push((name, arguments));
            } else {
                break;
            }
        }
        (chain, index)
    }

    /// Whether a call is a statement of its own, or bound to `_`, and nothing looks at its result.
    fn is_discarded(
        &self,
        start: usize,
        end: usize,
        chain: &[(String, String)],
        is_method: bool,
    ) -> bool {
        let tokens = self.tokens;
        let looked_at = chain
            .iter()
            .any(|(name, _)| !matches!(name.as_str(), "await" | "ok"));
        if looked_at || !tokens.is_punct(end, b';') {
            return false;
        }
        let mut at = start;
        if is_method {
            // Back over the receiver: names, dots and brackets.
            at = start.saturating_sub(1);
            for _ in 0..CHAIN {
                match at.checked_sub(1).and_then(|before| tokens.kind(before)) {
                    Some(Kind::Ident)
                        if !matches!(tokens.ident(at - 1), Some("return" | "await")) =>
                    {
                        at -= 1;
                    }
                    Some(Kind::Punct(b'.')) => at -= 1,
                    Some(Kind::Close(b')')) => at = tokens.mate(at - 1).min(at - 1),
                    _ => break,
                }
            }
        }
        match at
            .checked_sub(1)
            .map(|before| (before, tokens.kind(before)))
        {
            None | Some((_, Some(Kind::Punct(b';') | Kind::Open(b'{') | Kind::Close(b'}')))) => {
                true
            }
            Some((eq, Some(Kind::Punct(b'=')))) => {
                eq >= 2 && tokens.text_of(&(eq - 1..eq)) == "_" && tokens.is_ident(eq - 2, "let")
            }
            _ => false,
        }
    }
}

/// The types of a `::<..>`.
fn generics(text: &str) -> String {
    let text = text.trim_start_matches([':', '!', ' ']);
    cut(text.strip_prefix('<').unwrap_or_default())
}

fn cut(text: &str) -> String {
    let mut end = text.len().min(CUT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}
