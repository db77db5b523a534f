//! Unique pupil number: a check letter, three digits of a local authority, four of a school, two of a year, and a serial.
//!
//! The serial is three digits, or two and a letter for a temporary number. Digits (the last letter by its place in the
//! alphabet without I, O and S) times 2 to 13 give a sum that by 23 picks the check letter from that alphabet.
//!
//! Source: Department for Education, <https://www.gov.uk/government/publications/unique-pupil-numbers>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, Prefix, Scan, canonical};

use super::ascii::{Ascii, written};
use super::checksum::{PUPIL_LETTERS, all_digits, mod23, number, weighted};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A unique pupil number, permanent or temporary.
///
/// Takes 14 bytes and no heap. The local authority is not looked up: their codes change with every reorganisation.
///
/// ```
/// use civic_pii::identifier::Upn;
/// let upn = Upn::parse("b801200005001")?;
/// assert_eq!(upn.expose(), "B801200005001");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Upn(Ascii<13>);

identifier! {
    /// Thirteen capital letters and digits without spaces.
    Upn, Upn, written
}

/// Whether thirteen characters have the shape and the right check letter; [`issued`] is apart.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    check(canonical).is_ok()
}

/// Whether the first of thirteen characters is the check letter of the others.
pub(crate) fn checksum(canonical: &[u8]) -> bool {
    let [letter, digits @ .., serial] = canonical else {
        return false;
    };
    let last = match place(*serial) {
        Some(place) => place,
        None => u32::from(serial.wrapping_sub(b'0')),
    };
    let sum = weighted(digits, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) + 13 * last;
    mod23(PUPIL_LETTERS, u64::from(sum)) == *letter
}

/// Whether the number's local authority is in the ranges that England and Wales have used.
pub(crate) fn issued(canonical: &[u8]) -> bool {
    canonical.get(1..4).is_some_and(|authority| {
        matches!(
            number(authority),
            201..=213
                | 301..=320
                | 330..=336
                | 340..=344
                | 350..=359
                | 370..=373
                | 380..=384
                | 390..=394
                | 420
                | 660..=681
                | 800..=943
        )
    })
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    let [letter, digits @ .., serial] = canonical else {
        return Err(Reason::Structure);
    };
    let shape = digits.len() == 11
        && place(*letter).is_some()
        && all_digits(digits)
        && (serial.is_ascii_digit() || place(*serial).is_some());
    if !shape {
        Err(Reason::Structure)
    } else if checksum(canonical) {
        Ok(())
    } else {
        Err(Reason::Checksum)
    }
}

/// Place of a letter in the alphabet of the check letters.
fn place(letter: u8) -> Option<u32> {
    (0..)
        .zip(PUPIL_LETTERS)
        .find(|(_, one)| **one == letter)
        .map(|(place, _)| place)
}

/// Finds a number whose letter stands before the digits, together or in groups of 3, 4 and 5.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> usize {
    let count = match groups {
        [a] if !prefix.apart && matches!(a.len, 11 | 12) => 1,
        [a, b, c, ..] if a.len == 3 && b.len == 4 && matches!(c.len, 4 | 5) => 3,
        _ => return 0,
    };
    if !scan.begins(prefix.start) {
        return 0;
    }
    let mut buffer = [0; 13];
    let (written, end) = canonical(scan.text(), prefix.start, &mut buffer);
    if written.len() != 13 || !scan.ends(end) || end > groups[count - 1].end() + 1 {
        return 0;
    }
    let valid = is_valid(written);
    let base = match (valid, prefix.is_upper(scan)) {
        (true, true) if count > 1 => 75,
        (true, true) => 68,
        (true, false) => 40,
        (false, _) => 12,
    };
    let candidate = Candidate::new(Kind::Upn, prefix.start, end, base).bare();
    let candidate = if issued(written) {
        candidate.shows(Evidence::RANGE)
    } else {
        candidate
    };
    let found = scan.propose(if valid {
        candidate.shows(Evidence::CHECKSUM)
    } else {
        candidate
    });
    if found { count } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permanent_and_temporary_numbers_parse() {
        assert!(Upn::parse("B 801 2000 05 001").is_ok());
        assert!(Upn::parse("M80120000500A").is_ok());
        assert!(issued(b"B801200005001") && !issued(b"B100200005001") && !issued(b"B8"));
    }

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(Upn::parse("A801200005001").unwrap_err().is_checksum());
        for text in [
            "I801200005001",
            "B80120000A001",
            "B80120000500",
            "B80120000500I",
            "1801200005001",
            "",
        ] {
            assert!(Upn::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_seen() {
        let upn = *b"B801200005001";
        for place in 1..upn.len() {
            for wrong in b'0'..=b'9' {
                let mut typed = upn;
                typed[place] = wrong;
                assert_eq!(checksum(&typed), wrong == upn[place], "{place}");
            }
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got B801 2000 05001 twice", "B801 2000 05001"),
            ("got B 801 2000 05001 twice", "B 801 2000 05001"),
            ("got B-801-2000-05001 twice", "B-801-2000-05001"),
            ("B801200005001", "B801200005001"),
        ] {
            assert_eq!(crate::identifier::found(text), [("upn", value)], "{text}");
        }
        for text in [
            "got C801 2000 05001 twice",
            "B801 2000 0500",
            "ref B 801 2000",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(kinds.iter().all(|(kind, _)| *kind != "upn"), "{text}");
        }
    }
}
