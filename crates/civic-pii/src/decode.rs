//! Undoes the encodings that hide a value from a reader of bytes, and remembers where everything stood.
//!
//! Handled: percent-encoding (also of itself), JSON and Rust escapes (also escaped again), byte lists as `Debug` prints
//! them, ANSI escape sequences (also written out, `\e[0m`, or without their escape character), full-width forms, digits of other scripts, all Unicode spaces and dashes, invisible
//! characters, and letters of other scripts that look like Latin ones. What is not encoded passes unchanged.
//!
//! The result is for the scanner only: text is redacted in its original form.

mod byte_list;
mod character;
mod spans;

use core::char;

use byte_list::{ByteList, Radix};
use character::{Plain, character, plain};
pub(crate) use spans::Spans;

use crate::search::next_of;

/// A decoded text; each byte knows which bytes of the original it stands for.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    pub(crate) bytes: Vec<u8>,
    spans: Spans,
    /// What the first of two passes left, where there was a second one.
    first: (Vec<u8>, Spans),
}

impl Decoded {
    /// Decodes a text of less than 4 GiB, reusing the buffers.
    pub(crate) fn read(&mut self, text: &[u8]) {
        self.bytes.clear();
        self.spans.clear();
        let mut at = 0;
        while at < text.len() {
            let sign = next_of(text, at, *b"%\\[^");
            if sign > at {
                self.copy(text, at, sign);
                at = sign;
            } else {
                at += self.escape(text, at);
            }
        }
        if !self.bytes.is_ascii() || self.bytes.contains(&ESCAPE) {
            self.characters();
        }
    }

    /// The part of the original that these bytes stand for.
    pub(crate) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        (self.spans.get(start).0, self.spans.get(end - 1).1)
    }

    /// What each byte stands for.
    pub(crate) fn spans(&self) -> &Spans {
        &self.spans
    }

    fn copy(&mut self, text: &[u8], from: usize, to: usize) {
        self.spans.copied(self.bytes.len(), from);
        self.bytes.extend_from_slice(&text[from..to]);
    }

    fn push(&mut self, byte: u8, start: usize, len: usize) {
        self.spans.stand_for(self.bytes.len(), start, len);
        self.bytes.push(byte);
    }

    fn push_char(&mut self, character: char, start: usize, len: usize) {
        let mut utf8 = [0; 4];
        self.spans.stand_for(self.bytes.len(), start, len);
        self.bytes
            .extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
    }

    /// First pass, one step: undoes an escape that begins here; returns how many bytes were read.
    fn escape(&mut self, text: &[u8], at: usize) -> usize {
        match text[at] {
            b'%' => {
                if let Some((byte, len)) = percent(text, at) {
                    self.push(byte, at, len);
                    return len;
                }
            }
            b'\\' => {
                if let Some((character, len)) = backslash(text, at) {
                    self.push_char(character, at, len);
                    return len;
                }
            }
            b'[' => {
                if let Some(list) = ByteList::at(text, at) {
                    let last = at + list.len - 1;
                    self.copy(text, at, at + 1);
                    self.list(text, at + 1, last, list.radix);
                    self.copy(text, last, last + 1);
                    return list.len;
                }
                if self.bytes.last() != Some(&ESCAPE)
                    && let Some(len) = bare_colour(text, at)
                {
                    return len;
                }
            }
            // `^[` is how a terminal and `cat -v` show the escape character.
            b'^' if text[at..].starts_with(b"^[") && is_colour(&text[at + 2..]) => {
                self.push(ESCAPE, at, 2);
                return 2;
            }
            _ => {}
        }
        self.copy(text, at, at + 1);
        1
    }

    /// The bytes of a list of numbers, each in place of its number.
    fn list(&mut self, text: &[u8], from: usize, to: usize, radix: Radix) {
        let mut at = from;
        while at < to {
            match radix.number(text, at) {
                Some((value, len)) => {
                    self.push(value, at, len);
                    at += len;
                }
                None => at += 1,
            }
        }
    }

    /// Second pass: plain forms of characters, and what cannot be seen taken out.
    fn characters(&mut self) {
        core::mem::swap(&mut self.bytes, &mut self.first.0);
        core::mem::swap(&mut self.spans, &mut self.first.1);
        let (first, spans) = &self.first;
        self.bytes.clear();
        self.spans.clear();
        let mut place = 0;
        let mut at = 0;
        while at < first.len() {
            let byte = first[at];
            if byte == ESCAPE
                && let Some(len) = ansi_sequence(&first[at..])
            {
                at += len;
                continue;
            }
            if byte >= 0x80
                && let Some((character, len)) = character(&first[at..])
            {
                let (from, _) = spans.get_on(at, &mut place);
                let (_, to) = spans.get_on(at + len - 1, &mut place);
                let here = self.bytes.len();
                match plain(character) {
                    Plain::Same => {
                        self.spans.stand_for(here, from, to - from);
                        self.bytes.extend_from_slice(&first[at..at + len]);
                    }
                    Plain::Ascii(byte) => {
                        self.spans.stand_for(here, from, to - from);
                        self.bytes.push(byte);
                    }
                    Plain::Invisible => {}
                }
                at += len;
                continue;
            }
            let end = first[at + 1..]
                .iter()
                .position(|byte| *byte >= 0x80 || *byte == ESCAPE)
                .map_or(first.len(), |len| at + 1 + len);
            let here = self.bytes.len();
            self.spans.add_part(here, spans, at..end, &mut place);
            self.bytes.extend_from_slice(&first[at..end]);
            at = end;
        }
    }
}

const ESCAPE: u8 = 0x1B;

/// Whether an encoded form begins here that decoding would change.
pub(crate) fn is_encoded(text: &[u8], at: usize) -> bool {
    match text[at] {
        b'%' => percent(text, at).is_some(),
        b'\\' => {
            // `\"` and `\/` hide nothing, `\u002f` does.
            backslash(text, at).is_some_and(|(character, len)| {
                !matches!(character, '"' | '\'' | '/')
                    || char::from(text[at + len - 1]) != character
            })
        }
        b'[' => {
            ByteList::at(text, at).is_some()
                || bare_colour(text, at).is_some()
                || (text[at..].starts_with(b"[[") && at > 0 && text[at - 1] == b'^')
        }
        ESCAPE => true,
        byte if byte >= 0xC2 => character(&text[at..])
            .is_some_and(|(character, _)| !matches!(plain(character), Plain::Same)),
        _ => false,
    }
}

/// `%40`, also as `%2540` and deeper.
fn percent(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let mut value = hex(text, at + 1, 2)?;
    let mut len = 3;
    while value == u32::from(b'%')
        && let Some(inner) = hex(text, at + len, 2)
    {
        value = inner;
        len += 2;
    }
    Some((value as u8, len))
}

/// `\n`, `\u0040`, `\u{40}`, `\x40`, `\"`, `\e[`, behind any number of backslashes.
fn backslash(text: &[u8], at: usize) -> Option<(char, usize)> {
    const DEEPEST: usize = 16;
    let slashes = text[at..]
        .iter()
        .take(DEEPEST)
        .take_while(|byte| **byte == b'\\')
        .count();
    let letter = at + slashes;
    let plain = |character| Some((character, slashes + 1));
    match text.get(letter)? {
        b'n' | b'r' | b'v' | b'f' => plain('\n'),
        b't' => plain(' '),
        b'"' => plain('"'),
        b'\'' => plain('\''),
        b'/' => plain('/'),
        b'e' if is_colour(&text[letter + 1..]) => plain(char::from(ESCAPE)),
        b'0' if text[letter..].starts_with(b"033") && is_colour(&text[letter + 3..]) => {
            Some((char::from(ESCAPE), slashes + 3))
        }
        // All bytes of a value in one run, as PostgreSQL prints them, are the matter of the scan of such runs.
        b'x' if is_hex_value(&text[letter + 1..]) => None,
        b'x' => hex(text, letter + 1, 2)
            .and_then(char::from_u32)
            .map(|character| (character, slashes + 3)),
        b'u' if text.get(letter + 1) == Some(&b'{') => {
            let digits = text[letter + 2..]
                .iter()
                .take(6)
                .take_while(|byte| byte.is_ascii_hexdigit())
                .count();
            (text.get(letter + 2 + digits) == Some(&b'}')).then_some(())?;
            let character = char::from_u32(hex(text, letter + 2, digits)?)?;
            Some((character, slashes + digits + 3))
        }
        b'u' => {
            let high = hex(text, letter + 1, 4)?;
            if let Some(character) = char::from_u32(high) {
                return Some((character, slashes + 5));
            }
            // A pair of surrogates is one character.
            let second = letter + 5;
            let more = text[second.min(text.len())..]
                .iter()
                .take(DEEPEST)
                .take_while(|byte| **byte == b'\\')
                .count();
            (text.get(second + more) == Some(&b'u')).then_some(())?;
            let low = hex(text, second + more + 1, 4)?;
            let character = char::from_u32(
                0x1_0000 + (high.checked_sub(0xD800)? << 10) + low.checked_sub(0xDC00)?,
            )?;
            Some((character, slashes + 5 + more + 5))
        }
        _ => None,
    }
}

/// Whether a run of at least eight bytes in hexadecimal begins here, the first of which are readable.
fn is_hex_value(digits: &[u8]) -> bool {
    let readable = |at| hex(digits, at, 2).is_some_and(|value| (0x20..0x7F).contains(&value));
    (0..8).step_by(2).all(readable)
        && digits.iter().take(16).all(u8::is_ascii_hexdigit)
        && digits.len() >= 16
}

/// Whether this is the rest of a control sequence with numbers: `[0m`.
fn is_colour(rest: &[u8]) -> bool {
    matches!(rest, [b'[', b'0'..=b'9' | b'm', ..])
}

/// Length of `[1;31m`, a colour whose escape character was taken out on the way.
fn bare_colour(text: &[u8], at: usize) -> Option<usize> {
    let parameters = text[at + 1..]
        .iter()
        .take(16)
        .take_while(|byte| byte.is_ascii_digit() || **byte == b';')
        .count();
    let end = at + 1 + parameters;
    // `[5m]` is five minutes.
    (parameters > 0 && text.get(end) == Some(&b'm') && text.get(end + 1) != Some(&b']'))
        .then_some(parameters + 2)
}

/// The number that so many hexadecimal digits make.
fn hex(text: &[u8], from: usize, len: usize) -> Option<u32> {
    let digits = text.get(from..from + len)?;
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| {
        Some(value << 4 | char::from(*digit).to_digit(16)?)
    })
}

/// Length of a control sequence such as `ESC [ 1 ; 31 m`.
fn ansi_sequence(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'[' => {
            let parameters = bytes[2..]
                .iter()
                .take(32)
                .take_while(|byte| (0x20..0x40).contains(*byte))
                .count();
            matches!(bytes.get(2 + parameters)?, 0x40..=0x7E).then_some(3 + parameters)
        }
        0x40..=0x5F => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> String {
        let mut decoded = Decoded::default();
        decoded.read(text.as_bytes());
        String::from_utf8_lossy(&decoded.bytes).into_owned()
    }

    #[test]
    fn each_encoding_is_undone() {
        for (text, expected) in [
            ("a%40b.c", "a@b.c"),
            ("a%2540b.c", "a@b.c"),
            ("100% done", "100% done"),
            (r"a\u0040b", "a@b"),
            (r"a\\u0040b", "a@b"),
            (r"\nAB", "\nAB"),
            (r#"{\"k\":\"v\"}"#, r#"{"k":"v"}"#),
            (r"C:\dir", r"C:\dir"),
            ("\u{1B}[1mAB\u{1B}[0m12", "AB12"),
            (r"\u001b[1mAB", "AB"),
            ("１２３", "123"),
            ("٤٣٤", "434"),
            ("A\u{200B}B\u{AD}C", "ABC"),
            ("1\u{A0}2\u{2013}3", "1 2-3"),
            ("АВ", "AB"),
            ("%EF%BC%91", "1"),
            ("[104, 105, 32, 106, 111, 101]", "[hi joe]"),
            (
                "[\n    104,\n    105,\n    32,\n    106,\n    111,\n    101,\n]",
                "[hi joe]",
            ),
            ("[68, 69, 20, 6a, 6f, 65]", "[hi joe]"),
            ("[0x68, 0x69, 0x20, 0x6a, 0x6f, 0x65]", "[hi joe]"),
            ("[1, 2, 3]", "[1, 2, 3]"),
            (r"A\e[1mB\033[0mC^[[0mD", "ABCD"),
            ("A[1;31mB[0mC", "ABC"),
            ("rate(x[5m])", "rate(x[5m])"),
            (r"'\x6a616e652e646f6540'", r"'\x6a616e652e646f6540'"),
            (r"\x00AB123456C", "\0AB123456C"),
            ("café", "café"),
            (r"\ud835\udfd9", "1"),
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
    }

    #[test]
    fn places_point_into_the_original() {
        let text = r"x a\u0040b.example y";
        let mut decoded = Decoded::default();
        decoded.read(text.as_bytes());
        let (start, end) = decoded.original(2, 13);
        assert_eq!(&text[start..end], r"a\u0040b.example");
    }

    #[test]
    fn places_point_into_the_original_through_both_passes() {
        let text =
            r#"é 100% \"x\" A%EF%BC%91\u200b2３\x1b[1m [104, 105, 32, 106, 111, 101] \u00e9 end"#;
        let mut decoded = Decoded::default();
        decoded.read(text.as_bytes());
        let bytes = String::from_utf8_lossy(&decoded.bytes).into_owned();
        assert_eq!(bytes, "é 100% \"x\" A123 [hi joe] é end");
        for (part, original) in [
            ("é ", "é "),
            ("100% ", "100% "),
            ("\"x\"", r#"\"x\""#),
            ("A12", r"A%EF%BC%91\u200b2"),
            ("23", r"2３"),
            ("hi joe", "104, 105, 32, 106, 111, 101"),
            ("[h", "[104"),
            ("e] é", r"101] \u00e9"),
            (" end", " end"),
        ] {
            let at = bytes.find(part).unwrap();
            let (start, end) = decoded.original(at, at + part.len());
            assert_eq!(&text[start..end], original, "{part}");
        }
    }

    #[test]
    fn plain_text_and_accents_are_not_encoded() {
        for text in ["café 100% C:\\dir [1, 2] [INFO] \\\"x\\\" %zz", "\u{FFFD}"] {
            assert!(
                !(0..text.len()).any(|at| is_encoded(text.as_bytes(), at)),
                "{text}"
            );
        }
    }
}
