//! Undoes the encodings that hide a value from a reader of bytes, and remembers where everything stood.
//!
//! Handled: percent-encoding (also of itself), JSON and Rust escapes (also escaped again), byte lists as `Debug` prints
//! them, ANSI escape sequences, full-width forms, digits of other scripts, all Unicode spaces and dashes, invisible
//! characters, and letters of other scripts that look like Latin ones. What is not encoded passes unchanged.
//!
//! The result is for the scanner only: text is redacted in its original form.

use core::char;

/// A decoded text; each byte knows which bytes of the original it stands for.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    pub(crate) bytes: Vec<u8>,
    spans: Vec<(u32, u32)>,
}

impl Decoded {
    /// Decodes a text of less than 4 GiB, reusing the buffers.
    pub(crate) fn read(&mut self, text: &[u8]) {
        self.bytes.clear();
        self.spans.clear();
        let mut at = 0;
        while at < text.len() {
            at += self.escape(text, at);
        }
        self.characters();
    }

    /// The part of the original that these bytes stand for.
    pub(crate) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let (from, _) = self.spans[start];
        let (_, to) = self.spans[end - 1];
        (from as usize, to as usize)
    }

    /// For each byte, the part of the original that it stands for.
    pub(crate) fn spans(&self) -> &[(u32, u32)] {
        &self.spans
    }

    fn push(&mut self, byte: u8, start: usize, len: usize) {
        self.bytes.push(byte);
        self.spans.push((start as u32, (start + len) as u32));
    }

    fn push_char(&mut self, character: char, start: usize, len: usize) {
        let mut utf8 = [0; 4];
        for byte in character.encode_utf8(&mut utf8).bytes() {
            self.push(byte, start, len);
        }
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
                if let Some(len) = byte_list(text, at) {
                    self.push(b'[', at, 1);
                    self.list(text, at + 1, at + len - 1);
                    self.push(b']', at + len - 1, 1);
                    return len;
                }
            }
            _ => {}
        }
        self.push(text[at], at, 1);
        1
    }

    /// The bytes of a list of numbers, each in place of its number.
    fn list(&mut self, text: &[u8], from: usize, to: usize) {
        let mut at = from;
        while at < to {
            let len = text[at..to]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if len == 0 {
                at += 1;
                continue;
            }
            let value = text[at..at + len]
                .iter()
                .fold(0_u32, |value, digit| value * 10 + u32::from(digit - b'0'));
            self.push(value as u8, at, len);
            at += len;
        }
    }

    /// Second pass, in place: plain forms of characters, and what cannot be seen taken out.
    fn characters(&mut self) {
        let mut to = 0;
        let mut at = 0;
        while at < self.bytes.len() {
            let byte = self.bytes[at];
            if byte == 0x1B
                && let Some(len) = ansi_sequence(&self.bytes[at..])
            {
                at += len;
                continue;
            }
            if byte >= 0x80
                && let Some((character, len)) = character(&self.bytes[at..])
            {
                let span = (self.spans[at].0, self.spans[at + len - 1].1);
                match plain(character) {
                    Plain::Same => {
                        for i in 0..len {
                            self.bytes[to + i] = self.bytes[at + i];
                            self.spans[to + i] = span;
                        }
                        to += len;
                    }
                    Plain::Ascii(byte) => {
                        self.bytes[to] = byte;
                        self.spans[to] = span;
                        to += 1;
                    }
                    Plain::Invisible => {}
                }
                at += len;
                continue;
            }
            self.bytes[to] = byte;
            self.spans[to] = self.spans[at];
            to += 1;
            at += 1;
        }
        self.bytes.truncate(to);
        self.spans.truncate(to);
    }
}

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
        b'[' => byte_list(text, at).is_some(),
        0x1B => true,
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

/// `\n`, `\u0040`, `\u{40}`, `\x40`, `\"`, behind any number of backslashes.
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

/// Length of `[104, 105, ..]`: at least six numbers below 256, all of printable bytes.
fn byte_list(text: &[u8], at: usize) -> Option<usize> {
    const FEWEST: usize = 6;
    let mut place = at + 1;
    let mut count = 0;
    loop {
        let digits = text
            .get(place..)?
            .iter()
            .take(4)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if !(1..=3).contains(&digits) {
            return None;
        }
        let value = text[place..place + digits]
            .iter()
            .fold(0_u32, |value, digit| value * 10 + u32::from(digit - b'0'));
        if !(32..=255).contains(&value) && !matches!(value, 9 | 10 | 13) {
            return None;
        }
        count += 1;
        place += digits;
        match text.get(place)? {
            b']' => return (count >= FEWEST).then_some(place + 1 - at),
            b',' => place += 1 + usize::from(text.get(place + 1) == Some(&b' ')),
            _ => return None,
        }
    }
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

/// The character that begins here, if the bytes are UTF-8.
fn character(bytes: &[u8]) -> Option<(char, usize)> {
    let len = match bytes.first()? {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let character = core::str::from_utf8(bytes.get(..len)?)
        .ok()?
        .chars()
        .next()?;
    Some((character, len))
}

/// The plain form of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plain {
    Same,
    Ascii(u8),
    Invisible,
}

fn plain(character: char) -> Plain {
    let code = character as u32;
    match code {
        0x00AD
        | 0x034F
        | 0x061C
        | 0x115F
        | 0x1160
        | 0x17B4
        | 0x17B5
        | 0x180B..=0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x206F
        | 0x3164
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xFFA0 => Plain::Invisible,
        0x00A0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => {
            Plain::Ascii(b' ')
        }
        0x2010..=0x2015 | 0x2043 | 0x2212 | 0xFE58 | 0xFE63 => Plain::Ascii(b'-'),
        0x00B7 | 0x2024 | 0x3002 | 0xFF61 | 0x2027 | 0x30FB => Plain::Ascii(b'.'),
        0x2044 | 0x2215 => Plain::Ascii(b'/'),
        0xFF01..=0xFF5E => Plain::Ascii((code - 0xFF01) as u8 + b'!'),
        0xFE6B => Plain::Ascii(b'@'),
        0x1D7CE..=0x1D7FF => Plain::Ascii(b'0' + ((code - 0x1D7CE) % 10) as u8),
        0x1D400..=0x1D6A3 => {
            let letter = (code - 0x1D400) % 52;
            Plain::Ascii(if letter < 26 {
                b'A' + letter as u8
            } else {
                b'a' + (letter - 26) as u8
            })
        }
        _ => digit_or_look_alike(character),
    }
}

/// First digits of the scripts whose ten digits follow each other.
const ZEROS: [u32; 20] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0xA8D0, 0xAA50,
];

fn digit_or_look_alike(character: char) -> Plain {
    let code = character as u32;
    if let Some(zero) = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))
    {
        return Plain::Ascii(b'0' + (code - zero) as u8);
    }
    let latin = match character {
        'А' | 'Α' => b'A',
        'В' | 'Β' => b'B',
        'С' | 'Ϲ' => b'C',
        'Е' | 'Ε' => b'E',
        'Н' | 'Η' => b'H',
        'І' | 'Ι' | 'Ӏ' => b'I',
        'Ј' => b'J',
        'К' | 'Κ' => b'K',
        'М' | 'Μ' => b'M',
        'Ν' => b'N',
        'О' | 'Ο' => b'O',
        'Р' | 'Ρ' => b'P',
        'Ѕ' => b'S',
        'Т' | 'Τ' => b'T',
        'Х' | 'Χ' => b'X',
        'У' | 'Υ' | 'Ү' => b'Y',
        'Ζ' => b'Z',
        'Ԍ' => b'G',
        'Ԛ' => b'Q',
        'Ԝ' => b'W',
        'а' | 'ɑ' => b'a',
        'с' | 'ϲ' => b'c',
        'ԁ' => b'd',
        'е' => b'e',
        'һ' => b'h',
        'і' | 'ι' => b'i',
        'ј' => b'j',
        'о' | 'ο' => b'o',
        'р' | 'ρ' => b'p',
        'ѕ' => b's',
        'υ' => b'u',
        'ν' => b'v',
        'х' => b'x',
        'у' => b'y',
        _ => return Plain::Same,
    };
    Plain::Ascii(latin)
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
            ("[1, 2, 3]", "[1, 2, 3]"),
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
    fn plain_text_and_accents_are_not_encoded() {
        for text in ["café 100% C:\\dir [1, 2] [INFO] \\\"x\\\" %zz", "\u{FFFD}"] {
            assert!(
                !(0..text.len()).any(|at| is_encoded(text.as_bytes(), at)),
                "{text}"
            );
        }
    }
}
