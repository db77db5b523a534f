//! Where the value of a named field begins and ends.

use crate::Kind;

/// Longest value that is looked for.
const LONGEST: usize = 512;
/// Longest secret that is looked for.
const LONGEST_SECRET: usize = 8192;

/// The value of a key or an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether quotes or tags hold it, so that it ends where they close.
    pub(super) quoted: bool,
    /// Whether it stands behind a colon and a space, as in prose and headers.
    pub(super) spoken: bool,
}

impl Value {
    /// The value behind an `=` or a `:`; the name before that begins at `name`.
    pub(super) fn behind(text: &[u8], sign: usize, name: usize, kind: Kind) -> Option<Self> {
        let mut at = sign + 1;
        while at < text.len() && matches!(text[at], b'=' | b'>' | b':') {
            at += 1;
        }
        let spaces = text[at..]
            .iter()
            .take(2)
            .take_while(|byte| **byte == b' ')
            .count();
        at += spaces;
        let spoken = text[sign] == b':' && spaces > 0;
        for wrapper in [&b"Some("[..], b"Ok(", b"["] {
            if text[at..].starts_with(wrapper)
                && matches!(text.get(at + wrapper.len()), Some(b'"' | b'\'' | b'\\'))
            {
                at += wrapper.len();
            }
        }
        let escapes = text[at..]
            .iter()
            .take(8)
            .take_while(|byte| **byte == b'\\')
            .count();
        let quote = *text.get(at + escapes)?;
        if matches!(quote, b'"' | b'\'' | b'`') {
            let start = at + escapes + 1;
            let end = closing_quote(text, start, quote, escapes);
            return Some(Self {
                start,
                end,
                quoted: true,
                spoken,
            });
        }
        if kind == Kind::Credential {
            let start = behind_scheme(text, at);
            return Some(Self {
                start,
                end: secret_end(text, start),
                quoted: false,
                spoken,
            });
        }
        let in_query = name > 0 && matches!(text[name - 1], b'?' | b'&');
        Some(Self {
            start: at,
            end: plain_end(text, at, kind, spoken, in_query),
            quoted: false,
            spoken,
        })
    }

    /// The text of an element whose closing tag begins at `close`.
    pub(super) fn of_element(text: &[u8], close: usize) -> Option<Self> {
        let floor = close.saturating_sub(LONGEST);
        let start = floor + text[floor..close].iter().rposition(|byte| *byte == b'>')? + 1;
        Some(Self {
            start,
            end: close,
            quoted: true,
            spoken: false,
        })
    }
}

/// A part of a text without such bytes at its ends.
pub(super) fn trim(
    text: &[u8],
    mut start: usize,
    mut end: usize,
    is_margin: impl Fn(u8) -> bool,
) -> (usize, usize) {
    while start < end && is_margin(text[start]) {
        start += 1;
    }
    while end > start && is_margin(text[end - 1]) {
        end -= 1;
    }
    (start, end.max(start))
}

/// The quote that closes a string, behind as many backslashes as the one that opened it.
fn closing_quote(text: &[u8], start: usize, quote: u8, escapes: usize) -> usize {
    let stop = text.len().min(start + LONGEST);
    let mut backslashes = 0;
    for at in start..stop {
        match text[at] {
            b'\\' => backslashes += 1,
            byte if byte == quote && backslashes <= escapes => return at - backslashes,
            _ => backslashes = 0,
        }
    }
    stop
}

/// End of a value without quotes.
fn plain_end(text: &[u8], start: usize, kind: Kind, spoken: bool, in_query: bool) -> usize {
    let stop = text.len().min(start + LONGEST);
    let listed = kind == Kind::Address;
    let mut at = start;
    while at < stop {
        match text[at] {
            b';' | b'}' | b')' | b']' | b'"' | b'&' | b'\n' | b'|' | b'<' => break,
            // The parts of an address are listed.
            b',' if listed
                && (in_query
                    || continues(text, at + 1 + usize::from(text.get(at + 1) == Some(&b' ')))) => {}
            b',' => break,
            b' ' if !(spoken && !in_query) && !continues(text, at + 1) => break,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Whether the word that begins here may be a further part of a name, an address or a number: it begins with a capital or a
/// digit, is no key of its own, and is no status code at the end of a log line.
fn continues(text: &[u8], word: usize) -> bool {
    let rest = &text[word.min(text.len())..];
    let len = rest
        .iter()
        .position(|byte| b" =:&,".contains(byte))
        .unwrap_or(rest.len());
    let is_key = matches!(rest.get(len), Some(b'=' | b':'));
    let is_status = len == 3
        && rest[..3].iter().all(u8::is_ascii_digit)
        && matches!(rest.get(3), None | Some(b' '));
    let is_protocol = rest.starts_with(b"HTTP");
    rest.first()
        .is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte >= 0x80)
        && !is_key
        && !is_status
        && !is_protocol
}

/// End of a secret without quotes.
fn secret_end(text: &[u8], start: usize) -> usize {
    let stop = text.len().min(start + LONGEST_SECRET);
    let len = text[start..stop]
        .iter()
        .take_while(|byte| !byte.is_ascii_whitespace() && !b"\"',&})]\\<".contains(byte))
        .count();
    start + len
}

/// Behind `Bearer ` and the other schemes, so that the scheme stays readable.
fn behind_scheme(text: &[u8], start: usize) -> usize {
    for scheme in [
        &b"bearer "[..],
        b"basic ",
        b"token ",
        b"digest ",
        b"apikey ",
    ] {
        if let Some(word) = text.get(start..start + scheme.len())
            && word.eq_ignore_ascii_case(scheme)
        {
            return start + scheme.len();
        }
    }
    start
}
