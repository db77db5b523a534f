//! Values that nothing but the name of their field gives away: names of people, addresses, passwords and other secrets.

use super::candidate::Candidate;
use super::engine::Scan;
use crate::evidence::{self, identifier_before};
use crate::identifier::credential;
use crate::marker::marker_len;
use crate::{Kind, KindSet};

/// Longest value that is looked for.
const LONGEST: usize = 512;

/// Kinds that are found by name.
const BY_NAME: KindSet = KindSet::EMPTY
    .with(Kind::PersonName)
    .with(Kind::Address)
    .with(Kind::Credential);

/// Looks at the key that ends before this `=` or `:`.
#[inline]
pub(super) fn recognise(scan: &mut Scan<'_>, sign: usize) {
    let mut end = sign;
    while end > 0
        && sign - end < 6
        && matches!(scan.text()[end - 1], b'"' | b'\'' | b'\\' | b' ' | b']')
    {
        end -= 1;
    }
    if end >= 2
        && scan
            .inner()
            .vocabulary()
            .has_tail(scan.before(end - 1), scan.before(end))
    {
        named(scan, end, sign);
    }
}

#[inline(never)]
fn named(scan: &mut Scan<'_>, key_end: usize, sign: usize) {
    let text = scan.text();
    let key = identifier_before(text, key_end);
    let (sense, _) = evidence::sense_of_key(&text[key..key_end], scan.inner().vocabulary());
    let Some(kind) = BY_NAME.iter().find(|kind| sense.kinds.contains(*kind)) else {
        return;
    };
    let sure = sense.field == Some(kind);
    let Some(value) = Value::behind(text, sign, kind) else {
        return;
    };
    let (start, end) = value.trimmed(text);
    // What is left of a value that was redacted before.
    if marker_len(&text[start..]).is_some() {
        return;
    }
    let content = &text[start..end];
    if content.is_empty() || is_placeholder(content) {
        return;
    }
    let letters = content
        .iter()
        .any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
    let spaces = content
        .iter()
        .any(|byte| matches!(byte, b' ' | b'+' | b','));
    let fits = match kind {
        Kind::PersonName => letters && !content.starts_with(b"//"),
        // `address=127.0.0.1:8080` and `street=A` are not where somebody lives.
        Kind::Address => {
            letters && (sure || spaces) && !content.starts_with(b"//") && !content.contains(&b'@')
        }
        _ if credential_needs_shape(&text[key..key_end], sure, &value) => {
            credential::is_opaque(content)
        }
        _ => !content.starts_with(b"//"),
    };
    if fits {
        scan.propose(Candidate::certain(
            kind,
            start,
            end,
            if sure { 85 } else { 65 },
        ));
    }
}

/// Whether the name may as well stand before prose (`password: must be long`), so that the value itself has to look secret.
fn credential_needs_shape(key: &[u8], sure: bool, value: &Value) -> bool {
    let ends = |end: &[u8]| {
        key.len() >= end.len() && key[key.len() - end.len()..].eq_ignore_ascii_case(end)
    };
    !sure
        || ends(b"authorization")
        || ends(b"authorisation")
        || ends(b"cookie")
        || ends(b"auth")
        || !value.quoted && value.spoken
}

/// Where the value of a key stands.
struct Value {
    start: usize,
    end: usize,
    quoted: bool,
    /// Behind a colon and a space, as in prose and headers.
    spoken: bool,
}

impl Value {
    fn behind(text: &[u8], sign: usize, kind: Kind) -> Option<Self> {
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
        for wrapper in [&b"Some("[..], b"Ok("] {
            if text[at..].starts_with(wrapper) {
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
        let end = if kind == Kind::Credential {
            credential_end(text, at)
        } else {
            plain_end(text, at, spoken)
        };
        let start = if kind == Kind::Credential {
            behind_scheme(text, at, end)
        } else {
            at
        };
        Some(Self {
            start,
            end,
            quoted: false,
            spoken,
        })
    }

    /// Without white space around.
    fn trimmed(&self, text: &[u8]) -> (usize, usize) {
        let (mut start, mut end) = (self.start, self.end.max(self.start));
        while start < end && text[start] == b' ' {
            start += 1;
        }
        while end > start && text[end - 1] == b' ' {
            end -= 1;
        }
        (start, end)
    }
}

/// The quote that closes a string, behind as many backslashes as the one that opened it.
fn closing_quote(text: &[u8], start: usize, quote: u8, escapes: usize) -> usize {
    let stop = text.len().min(start + LONGEST);
    let mut at = start;
    let mut backslashes = 0;
    while at < stop {
        match text[at] {
            b'\\' => backslashes += 1,
            b'\n' => return at,
            byte if byte == quote && backslashes <= escapes => return at - backslashes,
            _ => backslashes = 0,
        }
        at += 1;
    }
    stop
}

/// End of a name or an address without quotes.
fn plain_end(text: &[u8], start: usize, spoken: bool) -> usize {
    let stop = text.len().min(start + LONGEST);
    let mut at = start;
    while at < stop {
        match text[at] {
            b',' | b';' | b'}' | b')' | b']' | b'"' | b'&' | b'\n' | b'|' | b'<' => break,
            // Behind `=` a further word belongs to the value only when it begins as a part of a name or an address does.
            b' ' if !spoken => {
                let next = text.get(at + 1).copied().unwrap_or(0);
                let word_end = text[at + 1..]
                    .iter()
                    .position(|byte| matches!(byte, b' ' | b'=' | b':'))
                    .map(|i| at + 1 + i);
                let is_key = word_end.is_some_and(|end| matches!(text[end], b'=' | b':'));
                if is_key || !(next.is_ascii_uppercase() || next.is_ascii_digit()) {
                    break;
                }
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// End of a secret without quotes.
fn credential_end(text: &[u8], start: usize) -> usize {
    let scheme = behind_scheme(text, start, text.len());
    let stop = text.len().min(scheme + 8192);
    let len = text[scheme..stop]
        .iter()
        .take_while(|byte| {
            !byte.is_ascii_whitespace()
                && !matches!(
                    byte,
                    b'"' | b'\'' | b',' | b'&' | b'}' | b')' | b']' | b'\\' | b'<'
                )
        })
        .count();
    scheme + len
}

/// Behind `Bearer ` and the other schemes, so that the scheme stays readable.
fn behind_scheme(text: &[u8], start: usize, end: usize) -> usize {
    for scheme in [
        &b"bearer "[..],
        b"basic ",
        b"token ",
        b"digest ",
        b"apikey ",
    ] {
        if let Some(word) = text.get(start..start + scheme.len())
            && word.eq_ignore_ascii_case(scheme)
            && start + scheme.len() <= end
        {
            return start + scheme.len();
        }
    }
    start
}

/// What programs write where there is no value.
fn is_placeholder(value: &[u8]) -> bool {
    const NOTHING: &[&[u8]] = &[
        b"null",
        b"none",
        b"nil",
        b"undefined",
        b"true",
        b"false",
        b"redacted",
        b"removed",
        b"hidden",
        b"masked",
        b"unknown",
        b"n/a",
        b"empty",
        b"missing",
        b"required",
        b"invalid",
        b"some",
        b"nan",
        b"string",
        b"str",
    ];
    NOTHING.iter().any(|word| value.eq_ignore_ascii_case(word))
        || value.iter().all(|byte| {
            matches!(
                byte,
                b'*' | b'x' | b'X' | b'.' | b'-' | b'#' | b'$' | b'?' | b' '
            )
        })
        || (value.first() == Some(&b'[') && value.last() == Some(&b']') && value.len() <= 24)
        || matches!(value, [b'$', rest @ ..] if rest.iter().all(u8::is_ascii_digit))
}
