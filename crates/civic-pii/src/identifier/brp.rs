//! Biometric residence permit or card number: two letters, X or a digit, and six digits.
//!
//! There is no check digit.
//!
//! Source: <https://www.gov.uk/biometric-residence-permits>.

use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Prefix, Scan};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// The number of a biometric residence permit or card.
///
/// Takes 10 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::Brp;
/// let permit = Brp::parse("zw9 005 196")?;
/// assert_eq!(permit.expose(), "ZW9005196");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Brp(Ascii<9>);

identifier! {
    /// Nine capital letters and digits without spaces.
    Brp, Brp, written
}

/// Whether nine characters have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [b'A'..=b'Z', b'A'..=b'Z', b'X' | b'0'..=b'9', digits @ ..]
        if digits.len() == 6 && all_digits(digits))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a number of two letters, an X or a digit, and six digits, together or in the groups that people make.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> usize {
    let (letters, count) = (prefix.capitals(scan), groups.len());
    let shaped = match (prefix.len, groups) {
        (2, [a]) => a.len == 7,
        (2, [a, b]) => matches!((a.len, b.len), (1, 6) | (3, 4) | (4, 3)),
        (3, [a]) => a.len == 6 && letters[2] == b'X',
        (3, [a, b]) => (a.len, b.len) == (3, 3) && letters[2] == b'X',
        _ => false,
    };
    if !shaped || !one_separator(groups) {
        return 0;
    }
    let end = groups[count - 1].end();
    if !scan.begins(prefix.start) || !scan.ends(end) {
        return 0;
    }
    // Permits are issued with Z or R first; other letters are as often somebody's order number, and so are two letters
    // that stand apart, unless the first is a Z.
    let upper = prefix.is_upper(scan);
    let base = match letters {
        [b'Z', ..] if upper => 68,
        [b'R', ..] if upper && !prefix.apart && count == 1 => 68,
        _ if upper && prefix.len == 3 && !prefix.apart => 68,
        _ => NEEDS_EVIDENCE,
    };
    let found = scan.propose(Candidate::new(Kind::Brp, prefix.start, end, base).bare());
    if found { count } else { 0 }
}

/// Whether one separator stands between all groups, a space or a hyphen.
fn one_separator(groups: &[Group]) -> bool {
    groups[..groups.len() - 1]
        .iter()
        .all(|group| matches!(group.separator, b' ' | b'-' | b'+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_character_is_x_or_a_digit() {
        for text in ["ZW9005196", "RFX123456", "zu 1234567"] {
            assert!(Brp::parse(text).is_ok(), "{text}");
        }
        for text in [
            "ZWA005196",
            "Z90051960",
            "ZW900519",
            "ZW90051966",
            "ZWX00519A",
            "",
        ] {
            assert!(Brp::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("letter for ZE 247 2072 came back", "ZE 247 2072"),
            ("got ZV-8278269 twice", "ZV-8278269"),
            ("ZL3 011125", "ZL3 011125"),
            ("ZBX123456", "ZBX123456"),
            ("biometric permit AB 1234567 lapsed", "AB 1234567"),
            ("GET /brp/ZX2106489 200 9ms", "ZX2106489"),
        ] {
            assert_eq!(crate::identifier::found(text), [("brp", value)], "{text}");
        }
        for text in [
            "order AB 1234567 was sent",
            "part RX 1234567",
            "lot ZV-827826",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(kinds.iter().all(|(kind, _)| *kind != "brp"), "{text}");
        }
    }
}
