//! A Rust file as a flat list of tokens, with the partner of each bracket.
//!
//! The list is flat and not a syntax tree: a macro's tokens are read like any others, a file with a mistake in it is read as
//! far as it makes sense, and nothing here recurses, however deep the brackets of a file are nested.

use core::ops::Range;

use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, strip_shebang, tokenize};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Ident,
    /// A string, in quotes or raw.
    Str,
    /// Any other literal.
    Literal,
    Lifetime,
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
    /// One character of punctuation.
    Punct(u8),
}

/// A token and where it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// For a bracket the index of its partner; the number of tokens where it has none.
    mate: u32,
}

/// The tokens of one file.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    pub(crate) text: &'a str,
    list: Vec<Token>,
    /// Where the comments stand that speak to this program.
    pub(crate) comments: Vec<Range<usize>>,
    /// Where a bracket stands that has no partner.
    pub(crate) unbalanced: Option<usize>,
}

/// The brackets that are open, and how many of each kind.
#[derive(Default)]
struct Open {
    stack: Vec<u32>,
    counts: [usize; 3],
}

impl Open {
    fn push(&mut self, index: u32, bracket: u8) {
        self.stack.push(index);
        *self.count_mut(bracket) += 1;
    }

    fn count(&self, bracket: u8) -> usize {
        self.counts[place(bracket)]
    }

    fn count_mut(&mut self, bracket: u8) -> &mut usize {
        &mut self.counts[place(bracket)]
    }
}

fn place(bracket: u8) -> usize {
    match bracket {
        b'(' => 0,
        b'[' => 1,
        _ => 2,
    }
}

/// What a comment holds that speaks to this program.
pub(crate) const TO_US: &str = "civic:";

impl<'a> Tokens<'a> {
    pub(crate) fn read(text: &'a str) -> Self {
        let mut tokens = Self {
            text,
            list: Vec::with_capacity(text.len() / 4),
            comments: Vec::new(),
            unbalanced: None,
        };
        let mut at = strip_shebang(text).unwrap_or(0);
        let mut open = Open::default();
        for token in tokenize(&text[at..], FrontmatterAllowed::Yes) {
            let range = at..at + token.len as usize;
            at = range.end;
            let kind = match token.kind {
                TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => {
                    if text[range.clone()].contains(TO_US) {
                        tokens.comments.push(range);
                    }
                    continue;
                }
                TokenKind::Whitespace | TokenKind::Frontmatter { .. } | TokenKind::Eof => continue,
                TokenKind::Ident
                | TokenKind::InvalidIdent
                | TokenKind::RawIdent
                | TokenKind::ForcedKeywordIdent
                | TokenKind::UnknownPrefix => Kind::Ident,
                TokenKind::Literal {
                    kind: LiteralKind::Str { .. } | LiteralKind::RawStr { .. },
                    ..
                } => Kind::Str,
                TokenKind::Literal { .. } => Kind::Literal,
                TokenKind::Lifetime { .. }
                | TokenKind::RawLifetime
                | TokenKind::UnknownPrefixLifetime => Kind::Lifetime,
                _ => match text.as_bytes()[range.start] {
                    bracket @ (b'(' | b'[' | b'{') => Kind::Open(bracket),
                    bracket @ (b')' | b']' | b'}') => Kind::Close(bracket),
                    other => Kind::Punct(other),
                },
            };
            tokens.push(kind, range, &mut open);
        }
        let end = tokens.list.len() as u32;
        for index in open.stack {
            tokens.unbalanced(index);
            tokens.list[index as usize].mate = end;
        }
        tokens
    }

    fn push(&mut self, kind: Kind, range: Range<usize>, open: &mut Open) {
        let index = self.list.len() as u32;
        self.list.push(Token {
            kind,
            start: range.start as u32,
            end: range.end as u32,
            mate: index,
        });
        match kind {
            Kind::Open(bracket) => open.push(index, bracket),
            Kind::Close(bracket) => {
                // A bracket that closes an outer one leaves the inner ones without a partner.
                let partner = match bracket {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                if open.count(partner) == 0 {
                    self.unbalanced(index);
                    return;
                }
                while let Some(before) = open.stack.pop() {
                    let Kind::Open(opened) = self.list[before as usize].kind else {
                        continue;
                    };
                    *open.count_mut(opened) -= 1;
                    self.list[before as usize].mate = index;
                    if opened == partner {
                        self.list[index as usize].mate = before;
                        return;
                    }
                    self.unbalanced(before);
                }
            }
            _ => {}
        }
    }

    fn unbalanced(&mut self, index: u32) {
        let start = self.list[index as usize].start as usize;
        self.unbalanced = Some(self.unbalanced.map_or(start, |before| before.min(start)));
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn kind(&self, index: usize) -> Option<Kind> {
        self.list.get(index).map(|token| token.kind)
    }

    /// Offset of the token's first byte; the end of the text behind the last token.
    pub(crate) fn start(&self, index: usize) -> usize {
        self.list
            .get(index)
            .map_or(self.text.len(), |token| token.start as usize)
    }

    /// The bytes that these tokens cover.
    pub(crate) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.start(range.start);
        let end = range
            .end
            .checked_sub(1)
            .filter(|_| !range.is_empty())
            .and_then(|last| self.list.get(last))
            .map_or(start, |token| token.end as usize);
        start..end.max(start)
    }

    pub(crate) fn text_of(&self, range: &Range<usize>) -> &'a str {
        &self.text[self.bytes(range)]
    }

    /// The identifier at this place, without `r#`.
    pub(crate) fn ident(&self, index: usize) -> Option<&'a str> {
        let token = self.list.get(index)?;
        if token.kind != Kind::Ident {
            return None;
        }
        let name = &self.text[token.start as usize..token.end as usize];
        Some(name.strip_prefix("r#").unwrap_or(name))
    }

    pub(crate) fn is_ident(&self, index: usize, name: &str) -> bool {
        self.ident(index) == Some(name)
    }

    pub(crate) fn is_punct(&self, index: usize, character: u8) -> bool {
        self.kind(index) == Some(Kind::Punct(character))
    }

    pub(crate) fn is_open(&self, index: usize, bracket: u8) -> bool {
        self.kind(index) == Some(Kind::Open(bracket))
    }

    /// Whether `::` stands here.
    pub(crate) fn is_path_sep(&self, index: usize) -> bool {
        self.is_punct(index, b':')
            && self.is_punct(index + 1, b':')
            && self.start(index) + 1 == self.start(index + 1)
    }

    /// Index of the partner of the bracket at this place.
    pub(crate) fn mate(&self, index: usize) -> usize {
        self.list
            .get(index)
            .map_or(self.list.len(), |token| token.mate as usize)
    }

    /// What stands between a bracket and its partner.
    pub(crate) fn inside(&self, open: usize) -> Range<usize> {
        let close = self.mate(open).max(open + 1);
        open + 1..close
    }

    /// The first index from `from` that is behind what opens there.
    pub(crate) fn behind(&self, index: usize) -> usize {
        match self.kind(index) {
            Some(Kind::Open(_)) => (self.mate(index) + 1).max(index + 1),
            _ => index + 1,
        }
    }

    /// Splits a range at a separator that stands outside of all brackets in it.
    pub(crate) fn split(&self, range: &Range<usize>, separators: &[u8]) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut from = range.start;
        let mut index = range.start;
        while index < range.end {
            if let Some(Kind::Punct(character)) = self.kind(index)
                && separators.contains(&character)
            {
                parts.push(from..index);
                from = index + 1;
            }
            index = self.behind(index);
        }
        if from < range.end {
            parts.push(from..range.end);
        }
        parts
    }

    /// What a string literal says; `None` where there is none.
    pub(crate) fn string(&self, index: usize) -> Option<String> {
        let token = self.list.get(index)?;
        if token.kind != Kind::Str {
            return None;
        }
        let (content, raw) = self.quoted(token);
        Some(if raw {
            content.to_owned()
        } else {
            unescaped(content)
        })
    }

    /// What stands between the quotes of a string literal, as it is written, and its offset in the file.
    pub(crate) fn raw_string(&self, index: usize) -> Option<(&'a str, usize)> {
        let token = self.list.get(index)?;
        if token.kind != Kind::Str {
            return None;
        }
        let (content, _) = self.quoted(token);
        let offset = content.as_ptr() as usize - self.text.as_ptr() as usize;
        Some((content, offset))
    }

    fn quoted(&self, token: &Token) -> (&'a str, bool) {
        let text = &self.text[token.start as usize..token.end as usize];
        let raw = text.starts_with('r');
        let text = text.trim_start_matches('r').trim_start_matches('#');
        let text = text.strip_prefix('"').unwrap_or(text);
        let end = text.rfind('"').unwrap_or(text.len());
        (&text[..end], raw)
    }
}

/// Undoes the escapes of a string literal; what is no escape stays.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('0') => out.push('\0'),
            // A line that goes on in the next one.
            Some('\n') => while rest.next_if(|next| next.is_whitespace()).is_some() {},
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_find_their_partners_in_sound_and_in_broken_text() {
        let tokens = Tokens::read("fn a() { b[(1, 2)] }");
        assert_eq!(tokens.mate(4), tokens.len() - 1);
        assert_eq!(tokens.unbalanced, None);
        for broken in [
            "(((",
            ")))",
            "{ ( }",
            "fn a( { ] }",
            "\"open",
            "/* open",
            "'",
        ] {
            let tokens = Tokens::read(broken);
            for index in 0..tokens.len() {
                assert!(tokens.behind(index) > index, "{broken}");
            }
        }
        assert_eq!(Tokens::read("{ ( }").unbalanced, Some(2));
    }

    #[test]
    fn strings_are_read_as_the_compiler_reads_them() {
        let tokens = Tokens::read(
            r##"("a\n\"b\"", r#"c"d"#, "e\
            f")"##,
        );
        let strings: Vec<String> = (0..tokens.len()).filter_map(|i| tokens.string(i)).collect();
        assert_eq!(strings, ["a\n\"b\"", "c\"d", "ef"]);
    }

    #[test]
    fn a_range_is_split_outside_of_brackets() {
        let tokens = Tokens::read("a, (b, c), [d; 2], e");
        let parts = tokens.split(&(0..tokens.len()), b",");
        let texts: Vec<&str> = parts.iter().map(|part| tokens.text_of(part)).collect();
        assert_eq!(texts, ["a", "(b, c)", "[d; 2]", "e"]);
    }
}
