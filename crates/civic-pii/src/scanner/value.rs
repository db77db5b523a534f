//! Where the value of a named field begins and ends.

use super::engine::Scan;
use crate::Kind;

/// Longest value without quotes that is looked for, and how far doubled quotes are followed.
const LONGEST: usize = 512;
/// Longest secret, and longest value in quotes, that is looked for.
const LONGEST_QUOTED: usize = 8192;

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
    pub(super) fn behind(scan: &Scan<'_>, sign: usize, name: usize, kind: Kind) -> Option<Self> {
        let text = scan.text();
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
        at += length_of_string(&text[at..]);
        // PostgreSQL: `Key (surname)=(Okafor) already exists`.
        if text[sign] == b'=' && scan.before(sign) == b')' && text.get(at) == Some(&b'(') {
            let start = at + 1;
            let stop = text.len().min(start + LONGEST);
            let close = text[start..stop].iter().position(|byte| *byte == b')')?;
            return Some(Self {
                start,
                end: start + close,
                quoted: true,
                spoken,
            });
        }
        at += wrapper(&text[at..]);
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
        let in_query = name > 0 && matches!(text[name - 1], b'?' | b'&');
        if kind == Kind::Credential {
            let start = behind_scheme(text, at);
            return Some(Self {
                start,
                end: secret_end(text, start, in_query),
                quoted: false,
                spoken,
            });
        }
        Some(Self {
            start: at,
            end: plain_end(scan, at, kind, spoken, in_query),
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

/// Length of what PHP writes before a string, `string(9) `; zero if something else stands there.
fn length_of_string(text: &[u8]) -> usize {
    let Some(rest) = text.strip_prefix(b"string(") else {
        return 0;
    };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 0 && rest[digits..].starts_with(b") ") {
        b"string(".len() + digits + 2
    } else {
        0
    }
}

/// Length of what wraps a string: `[`, or a type such as `Some(` and `Text(`, at most two of them.
fn wrapper(text: &[u8]) -> usize {
    let mut len = 0;
    for _ in 0..2 {
        let name = text[len..]
            .iter()
            .take(24)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        match text.get(len + name) {
            Some(b'(') => len += name + 1,
            Some(b'[') if name == 0 => len += 1,
            _ => break,
        }
    }
    if matches!(text.get(len), Some(b'"' | b'\'' | b'\\')) {
        len
    } else {
        0
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
///
/// The next key of the same form ends the search that this one begins, so that together they stay linear.
fn closing_quote(text: &[u8], start: usize, quote: u8, escapes: usize) -> usize {
    let stop = text.len().min(start + LONGEST_QUOTED);
    let mut backslashes = 0;
    for at in start..stop {
        match text[at] {
            b'\\' => backslashes += 1,
            // SQL doubles a quote inside a string.
            b'\'' if quote == b'\'' && at < start + LONGEST && is_doubled(text, start, at) => {}
            byte if byte == quote && backslashes <= escapes => return at - backslashes,
            _ => backslashes = 0,
        }
    }
    stop
}

/// Whether a quote is one of two with a letter behind them.
fn is_doubled(text: &[u8], start: usize, at: usize) -> bool {
    let is_letter = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphabetic);
    (text.get(at + 1) == Some(&b'\'') && is_letter(at + 2))
        || (at > start + 1 && text[at - 1] == b'\'' && is_letter(at + 1))
}

/// End of a value without quotes.
fn plain_end(scan: &Scan<'_>, start: usize, kind: Kind, spoken: bool, in_query: bool) -> usize {
    let text = scan.text();
    let stop = text.len().min(start + LONGEST);
    // The parts of an address are listed, and so are those of a name in some registers: `Smith, Jane`.
    let listed = kind == Kind::Address || (kind == Kind::PersonName && spoken);
    let mut at = start;
    while at < stop {
        match text[at] {
            b' ' | b',' | b';' | b'\'' | b'(' | b')' if scan.was_encoded(at) => {}
            b',' if listed
                && (in_query
                    || continues(
                        text,
                        at + 1 + usize::from(text.get(at + 1) == Some(&b' ')),
                        true,
                    )) => {}
            b',' | b';' | b'}' | b')' | b']' | b'"' | b'&' | b'\n' | b'|' | b'<' | b'=' => break,
            b' ' if (in_query || !spoken)
                && !continues(
                    text,
                    at + 1,
                    text[at - 1] == b',' || is_part_of_number(&text[start..at]),
                ) =>
            {
                break;
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// Whether the word that begins here may be a further part of a name, an address or a number: it begins with a capital or a
/// digit, is no key of its own, and is no status code at the end of a log line.
fn continues(text: &[u8], word: usize, listed: bool) -> bool {
    const LONGEST_WORD: usize = 48;
    let rest = &text[word.min(text.len())..text.len().min(word + LONGEST_WORD)];
    let len = rest
        .iter()
        .position(|byte| b" =:&,".contains(byte))
        .unwrap_or(rest.len());
    let is_key = matches!(rest.get(len), Some(b'=' | b':'));
    let is_status = !listed
        && len == 3
        && rest[..3].iter().all(u8::is_ascii_digit)
        && matches!(rest.get(3), None | Some(b' '));
    let is_protocol = rest.starts_with(b"HTTP");
    rest.first()
        .is_some_and(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte >= 0x80)
        && !is_key
        && !is_status
        && !is_protocol
}

/// Whether these are the first groups of a longer number, so that three digits behind them are its next: `0363 639 5765`.
fn is_part_of_number(value: &[u8]) -> bool {
    const SHORTEST_NUMBER: usize = 8;
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    (2..SHORTEST_NUMBER).contains(&digits)
        && value.len() < 2 * SHORTEST_NUMBER
        && value
            .iter()
            .all(|byte| byte.is_ascii_digit() || b" -()+".contains(byte))
}

/// End of a secret without quotes.
fn secret_end(text: &[u8], start: usize, in_query: bool) -> usize {
    let stop = text.len().min(start + LONGEST_QUOTED);
    let mut signs = 0;
    for at in start..stop {
        let byte = text[at];
        if byte.is_ascii_whitespace() || b"\"',})]\\<".contains(&byte) {
            return at;
        }
        // An ampersand may be a part of a password, unless the value stands in a query or another name follows.
        if byte == b'&' && (in_query || begins_field(&text[at + 1..stop])) {
            return at;
        }
        // An equals sign pads a token at its end, or stands behind the name of a cookie; a second one begins another value.
        if byte == b'=' && text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) {
            signs += 1;
            if signs == 2 {
                return at;
            }
        }
    }
    stop
}

/// Whether the name of another field begins here, or nothing.
fn begins_field(rest: &[u8]) -> bool {
    const LONGEST_NAME: usize = 32;
    let name = rest
        .iter()
        .take(LONGEST_NAME)
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.[]%".contains(byte))
        .count();
    rest.is_empty() || rest[0].is_ascii_whitespace() || rest.get(name) == Some(&b'=')
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
