//! Bytes printed as hexadecimal numbers with separators between: `41 42 31`, `41:42:31`, and the dumps of `xxd`,
//! `hexdump -C` and `od`.
//!
//! Digits are 0x30 to 0x39, so that a dump of any identifier holds a chain of digits, and a dump of an address mostly does.
//! That chain is the anchor; a few bytes from there on have to be readable before anything is decoded.

use super::candidate::Candidate;
use super::embedded::{DEEPEST, LONGEST};
use super::engine::Scan;
use super::{Scratch, scan_text};

/// Fewest bytes from the anchor on that have to be readable: fewer are a date or a sort code.
const READABLE: usize = 6;
/// Longest rest of a line behind its bytes, which are shown as characters there.
const COLUMN: usize = 96;

/// Where the first separator of a chain of digits stands that may belong to a dump.
#[inline]
pub(super) fn separator_in(text: &[u8], start: usize, end: usize) -> Option<usize> {
    let after_digits = |from: usize| {
        let chain = text.get(from..end).unwrap_or_default();
        from + chain
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
    };
    let mut first = after_digits(start);
    // The number of the line's first byte stands before the bytes.
    if first - start > 4 {
        first = after_digits(first + 1);
    }
    let separator = *text.get(first)?;
    let next = |distance: usize| text.get(first + distance) == Some(&separator);
    (first < end && matches!(separator, b' ' | b'-' | b',') && (next(3) || next(5)))
        .then_some(first)
}

/// Looks at the bytes around this separator.
#[inline(never)]
pub(super) fn recognise(scan: &mut Scan<'_>, separator: usize) {
    if scan.depth() >= DEEPEST || separator < scan.opened() {
        return;
    }
    let text = scan.text();
    // Groups of four with hyphens between are a part of a UUID.
    let widths: &[usize] = if text[separator] == b' ' {
        &[2, 4]
    } else {
        &[2]
    };
    for &width in widths {
        let Some(anchor) = separator.checked_sub(width) else {
            return;
        };
        if is_readable(text, anchor, width) {
            open(scan, anchor, width);
            return;
        }
    }
}

fn is_readable(text: &[u8], anchor: usize, width: usize) -> bool {
    let mut at = anchor;
    let mut count = 0;
    while count < READABLE {
        let Some(byte) = number(text, at, width) else {
            return false;
        };
        let bytes = [(byte >> 8) as u8, byte as u8];
        if !bytes[2 - width / 2..]
            .iter()
            .all(|byte| (b' '..=b'~').contains(byte) || matches!(byte, b'\n' | b'\r' | b'\t'))
        {
            return false;
        }
        count += width / 2;
        at = next(text, at + width);
    }
    true
}

/// Decodes the dump that the anchor lies in, and proposes what is found in it.
fn open(scan: &mut Scan<'_>, anchor: usize, width: usize) {
    let text = scan.text();
    let mut at = anchor;
    while let Some(before) = previous(text, at, width)
        && before >= scan.opened()
        && anchor - before < LONGEST
    {
        at = before;
    }
    let stop = text.len().min(at + LONGEST);
    let mut bytes = Vec::new();
    let mut places = Vec::new();
    while at < stop {
        if number(text, at, width).is_none() {
            // The last pair of a dump in fours may stand alone.
            match number(text, at, 2) {
                Some(byte) => {
                    bytes.push(byte as u8);
                    places.push((at, at + 2));
                    at = next_line(text, at + 2);
                }
                None => at = next_line(text, at),
            }
            if number(text, at, width).is_none() {
                break;
            }
        }
        for pair in (at..at + width).step_by(2) {
            bytes.extend(number_at(text, pair).map(|byte| byte as u8));
            places.push((pair, pair + 2));
        }
        at = next(text, at + width);
    }
    scan.open(at);
    let mut scratch = Scratch::default();
    for finding in scan_text(scan.inner(), &bytes, scan.depth() + 1, &mut scratch) {
        // Bytes that are no text surround text in a dump of memory.
        let is_text = core::str::from_utf8(&bytes[finding.start..finding.end])
            .is_ok_and(|text| !text.contains(char::is_control));
        if !is_text {
            continue;
        }
        let (start, _) = places[finding.start];
        let (_, end) = places[finding.end - 1];
        let candidate = Candidate::certain(finding.kind, start, end, finding.confidence.min(90));
        scan.propose(candidate.shows(finding.evidence));
    }
}

/// The number of exactly so many hexadecimal digits that begins here.
fn number(text: &[u8], at: usize, width: usize) -> Option<u16> {
    let ends = |byte: Option<&u8>| !byte.is_some_and(u8::is_ascii_alphanumeric);
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    if !ends(before) || !ends(text.get(at + width)) {
        return None;
    }
    let mut value = 0;
    for pair in (at..at + width).step_by(2) {
        value = value << 8 | number_at(text, pair)?;
    }
    Some(value)
}

/// The number that two hexadecimal digits make.
fn number_at(text: &[u8], at: usize) -> Option<u16> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    Some((digit(at)? << 4 | digit(at + 1)?) as u16)
}

/// Where the number behind one begins that ends here.
fn next(text: &[u8], end: usize) -> usize {
    end + match text.get(end..).unwrap_or_default() {
        [b' ', b' ', ..] => 2,
        [b' ' | b':' | b'-' | b',', ..] => 1,
        // What is glued to it is no number of its own.
        _ => 0,
    }
}

/// Where the number before the one begins that begins here.
fn previous(text: &[u8], start: usize, width: usize) -> Option<usize> {
    [1, 2].into_iter().find_map(|gap| {
        let before = start.checked_sub(gap + width)?;
        (number(text, before, width).is_some() && next(text, before + width) == start)
            .then_some(before)
    })
}

/// The first number of the dump's next line, behind the characters of this one and the number of that one's first byte.
fn next_line(text: &[u8], end: usize) -> usize {
    let rest = &text[end.min(text.len())..];
    let Some(column) = rest.iter().take(COLUMN).position(|byte| *byte == b'\n') else {
        return end;
    };
    let line = &rest[column + 1..];
    let digits = line
        .iter()
        .take(17)
        .take_while(|byte| byte.is_ascii_hexdigit())
        .count();
    let margin = line[digits..]
        .iter()
        .take(4)
        .take_while(|byte| matches!(byte, b' ' | b':' | b'\t'))
        .count();
    if digits < 4 || margin == 0 {
        return end;
    }
    end + column + 1 + digits + margin
}

#[cfg(test)]
mod tests {
    use crate::{Kind, Scanner};

    fn found(text: &str) -> Vec<(Kind, &str)> {
        let findings = Scanner::new().scan(text);
        findings
            .iter()
            .map(|finding| (finding.kind, &text[finding.start..finding.end]))
            .collect()
    }

    #[test]
    fn bytes_with_separators_are_read() {
        for bytes in [
            "41 42 31 32 33 34 35 36 43",
            "41:42:31:32:33:34:35:36:43",
            "41-42-31-32-33-34-35-36-43",
            "41 42 31 32 33 34 35 36  43",
            "4142 3132 3334 3536 43",
        ] {
            let text = format!("read {bytes} from peer");
            assert_eq!(found(&text), [(Kind::Nino, bytes)], "{text}");
        }
        let text = "read 6a 61 6e 65 2e 64 6f 65 40 65 78 61 6d 70 6c 65 2e 63 6f 6d 0a from peer";
        assert_eq!(found(text), [(Kind::Email, &text[5..64])]);
    }

    #[test]
    fn a_value_goes_on_in_the_next_line_of_a_dump() {
        let text = "00000010: 6d61 696c 3d6a 616e 652e 646f 6540 6578  mail=jane.doe@ex\n\
                    00000020: 616d 706c 652e 636f 6d0a                 ample.com.";
        let findings = found(text);
        assert_eq!(findings[0].0, Kind::Email);
        assert!(findings[0].1.starts_with("6a 616e"), "{findings:?}");
        assert!(findings[0].1.ends_with("636f 6d"), "{findings:?}");
    }

    #[test]
    fn lists_of_numbers_and_dumps_without_personal_data_stay() {
        for text in [
            "sizes 41 42 31 32 33 34 35 36 47",
            "00000000  68 65 6c 6c 6f 20 77 6f  72 6c 64 20 61 67 61 69  |hello world agai|",
            "fingerprint 41:42:43:44:45:46:47:48:49:4a:4b:4c:4d:4e:4f:50",
            "request_id=dbba4bfd-4157-402e-a76b-78901daa76d7",
            "41 42 31",
            "41 42 31 ",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
