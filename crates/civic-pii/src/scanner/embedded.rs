//! Text inside text: base64 and hexadecimal runs that decode to readable text are scanned too.
//!
//! Hexadecimal bytes with separators between them are the matter of [`hex_dump`](super::hex_dump).
//!
//! Most long runs are hashes, tokens and ids. The first few bytes that they would decode to are looked at first, and a run
//! whose bytes are not all printable is left at once: for random bytes that ends all but one run in four hundred.

use super::candidate::Candidate;
use super::engine::Scan;
use super::{Scratch, scan_text};
use crate::Finding;

/// Longest run that is decoded, in bytes of its encoded form.
pub(super) const LONGEST: usize = 64 * 1024;
/// How many layers of encoding are opened.
pub(super) const DEEPEST: u8 = 2;

/// Whether the run that begins here may be readable text: its first bytes tell that from almost anything else.
#[inline]
pub(super) fn may_begin(text: &[u8], start: usize) -> bool {
    let first = |from: usize| &text[from..from + 4];
    readable(base64, first(start)) || readable(hexadecimal, first(start + prefix_len(text, start)))
}

/// Looks at the run of letters and digits that begins here.
pub(super) fn recognise(scan: &mut Scan<'_>, start: usize) {
    // A run that was read as a part of the one before is not read again, which would take quadratic time.
    if scan.depth() >= DEEPEST || start < scan.opened() {
        return;
    }
    let text = scan.text();
    for (from, decode) in [
        (start, base64 as Decode),
        (start + prefix_len(text, start), hexadecimal as Decode),
    ] {
        if readable(decode, &text[from..from + 8]) {
            open(scan, start, from, decode);
        }
    }
}

/// Length of the `0x` of `0x6A61`, or of the `x` of `\x6a61`, as PostgreSQL prints bytes.
#[inline]
fn prefix_len(text: &[u8], start: usize) -> usize {
    match &text[start..] {
        [b'0', b'x' | b'X', ..] => 2,
        [b'x' | b'X', ..] => 1,
        _ => 0,
    }
}

#[inline(always)]
fn readable(decode: impl Fn(&[u8]) -> Option<Decoded>, characters: &[u8]) -> bool {
    decode(characters).is_some_and(|(bytes, len)| {
        bytes[..len]
            .iter()
            .all(|byte| (b' '..=b'~').contains(byte) || matches!(byte, b'\n' | b'\r' | b'\t'))
    })
}

/// Up to six decoded bytes, and how many there are.
pub(crate) type Decoded = ([u8; 6], usize);

type Decode = fn(&[u8]) -> Option<Decoded>;

fn open(scan: &mut Scan<'_>, start: usize, from: usize, decode: Decode) {
    let text = scan.text();
    let mut decoded = Vec::new();
    let mut len = 0;
    // Piece by piece: almost all runs end at the second one, long before their end.
    while len < LONGEST {
        scan.open(from + len);
        let rest = &text[from + len..];
        let piece = &rest[..rest
            .iter()
            .take(8)
            .take_while(|byte| is_run_byte(**byte))
            .count()];
        let Some((bytes, count)) = decode(piece) else {
            return;
        };
        if !bytes[..count].iter().all(|byte| is_printable(*byte)) {
            return;
        }
        decoded.extend_from_slice(&bytes[..count]);
        len += piece.len();
        if piece.len() < 8 {
            break;
        }
    }
    let mut scratch = Scratch::default();
    let findings: &[Finding] = scan_text(scan.inner(), &decoded, scan.depth() + 1, &mut scratch);
    let Some(best) = findings
        .iter()
        .max_by_key(|finding| finding.confidence)
        .copied()
    else {
        return;
    };
    let padding = text[from + len..]
        .iter()
        .take(2)
        .take_while(|byte| **byte == b'=')
        .count();
    let candidate = Candidate::certain(
        best.kind,
        start,
        from + len + padding,
        best.confidence.min(90),
    );
    scan.propose(candidate.shows(best.evidence));
}

/// Letters, digits, and the signs of both base64 alphabets.
fn is_run_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn is_printable(byte: u8) -> bool {
    (b' '..=b'~').contains(&byte) || matches!(byte, b'\n' | b'\r' | b'\t') || byte >= 0xA0
}

/// Decodes up to eight characters of either base64 alphabet.
#[inline]
pub(crate) fn base64(characters: &[u8]) -> Option<Decoded> {
    let mut bits = 0_u64;
    let mut all = 0;
    for character in characters {
        let value = BASE64[usize::from(*character)];
        all |= value;
        bits = bits << 6 | u64::from(value & 63);
    }
    let len = characters.len() * 6 / 8;
    bits >>= characters.len() * 6 % 8;
    (all < NONE).then_some((first_bytes(bits, len), len))
}

/// Decodes up to eight hexadecimal digits.
#[inline]
fn hexadecimal(characters: &[u8]) -> Option<Decoded> {
    let mut bits = 0_u64;
    let mut all = 0;
    for character in characters {
        let value = HEXADECIMAL[usize::from(*character)];
        all |= value;
        bits = bits << 4 | u64::from(value & 15);
    }
    let len = characters.len() / 2;
    (all < NONE && characters.len().is_multiple_of(2)).then_some((first_bytes(bits, len), len))
}

/// Marks a byte that is not in an alphabet.
const NONE: u8 = 0x80;

static BASE64: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < alphabet.len() {
        table[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
};

static HEXADECIMAL: [u8; 256] = {
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < 16 {
        let digit = b"0123456789abcdef"[value];
        table[digit as usize] = value as u8;
        table[digit.to_ascii_uppercase() as usize] = value as u8;
        value += 1;
    }
    table
};

fn first_bytes(bits: u64, len: usize) -> [u8; 6] {
    let mut bytes = [0; 6];
    for (i, byte) in bytes[..len].iter_mut().enumerate() {
        *byte = (bits >> (8 * (len - 1 - i))) as u8;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use crate::{Kind, Scanner};

    #[test]
    fn readable_text_in_base64_and_hexadecimal_is_scanned() {
        let scanner = Scanner::new();
        // "jane.doe@example.com", then the same in hexadecimal
        for text in [
            "body=amFuZS5kb2VAZXhhbXBsZS5jb20= ok",
            "body=6a616e652e646f65406578616d706c652e636f6d ok",
        ] {
            let findings = scanner.scan(text);
            assert_eq!(findings.len(), 1, "{text}");
            assert_eq!(findings[0].kind, Kind::Email);
            assert_eq!(
                &text[findings[0].start..findings[0].end],
                &text[5..text.len() - 3]
            );
        }
    }

    #[test]
    fn hashes_and_plain_base64_stay() {
        let scanner = Scanner::new();
        // The second is "nothing personal in here".
        for text in [
            "sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "body=bm90aGluZyBwZXJzb25hbCBpbiBoZXJl",
        ] {
            assert_eq!(scanner.scan(text), [], "{text}");
        }
    }
}
