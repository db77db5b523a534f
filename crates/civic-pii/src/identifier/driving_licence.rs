//! Driving licence number: 16 characters in Great Britain, 18 with the issue number, or 8 digits in Northern Ireland.
//!
//! Of Great Britain's, five are the surname (filled up with 9), then come the decade of birth, the month (50 more for a
//! woman), the day, the year, two initials (9 where there is none), one that sets namesakes apart, and two check
//! characters whose sum is not public. Northern Ireland's is a plain number, which needs evidence beside it.
//!
//! Source: DVLA, <https://www.gov.uk/government/publications/driving-licence-number>.

use crate::Kind;
use crate::scanner::{Candidate, Group, Number, Prefix, Scan, canonical, is_separator};

use super::ascii::{Ascii, written};
use super::checksum::{all_digits, number};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A driving licence number of Great Britain or Northern Ireland.
///
/// Takes 19 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::DrivingLicence;
/// let licence = DrivingLicence::parse("morga 657054 sm9ij 35")?;
/// assert_eq!(licence.expose(), "MORGA657054SM9IJ35");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DrivingLicence(Ascii<18>);

identifier! {
    /// Capital letters and digits without spaces, with the issue number if it was given.
    DrivingLicence, DrivingLicence, written
}

/// Whether the characters are a number of Great Britain, with or without issue number, or of Northern Ireland.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    great_britain(canonical) || northern_ireland(canonical)
}

/// Whether 16 or 18 characters have the structure of Great Britain.
pub(crate) fn great_britain(canonical: &[u8]) -> bool {
    let Some((surname, rest)) = canonical.split_at_checked(5) else {
        return false;
    };
    let Some((birth, rest)) = rest.split_at_checked(6) else {
        return false;
    };
    let [initial, second, apart, check @ ..] = rest else {
        return false;
    };
    let (check, issue) = check.split_at(check.len().min(2));
    is_surname(surname)
        && is_birth(birth)
        && matches!(
            (initial, second),
            (b'9', b'9') | (b'A'..=b'Z', b'9' | b'A'..=b'Z')
        )
        && is_letter_or_digit(*apart)
        && check.len() == 2
        && check.iter().all(|byte| is_letter_or_digit(*byte))
        && (issue.is_empty() || (issue.len() == 2 && all_digits(issue)))
}

/// Whether the characters are eight digits, as in Northern Ireland.
pub(crate) fn northern_ireland(canonical: &[u8]) -> bool {
    canonical.len() == 8 && all_digits(canonical) && canonical != b"00000000"
}

/// Letters first, and 9 only at the end, to fill five places up.
fn is_surname(surname: &[u8]) -> bool {
    let letters = surname
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    letters > 0 && surname[letters..].iter().all(|byte| *byte == b'9')
}

/// Decade, month, day and year of birth.
fn is_birth(birth: &[u8]) -> bool {
    all_digits(birth)
        && matches!(number(&birth[1..3]), 1..=12 | 51..=62)
        && matches!(number(&birth[3..5]), 1..=31)
}

const fn is_letter_or_digit(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a number without separators that ends here, with or without its issue number.
pub(crate) fn recognise(scan: &mut Scan<'_>, end: usize) {
    for len in [16, 18] {
        let Some(start) = end.checked_sub(len) else {
            continue;
        };
        if scan.begins(start) {
            propose(scan, start, len);
        }
    }
}

/// Finds a number in the groups `MORGA 657054 SM9IJ`; the birth's six digits, or the nines that fill the surname up, begin
/// the chain.
pub(crate) fn recognise_spaced(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    let birth = match groups {
        [nines, birth, ..] if !prefix.apart && prefix.len + nines.len == 5 => birth,
        [birth, ..] if prefix.apart && prefix.len == 5 => birth,
        _ => return false,
    };
    birth.len == 6 && scan.begins(prefix.start) && propose(scan, prefix.start, 16)
}

/// Finds the eight digits of a Northern Ireland licence.
pub(crate) fn recognise_northern_ireland(scan: &mut Scan<'_>, number: &Number) {
    if number.digits().len() == 8 {
        scan.propose_number(Kind::DrivingLicence, number, 20, false, false);
    }
}

fn propose(scan: &mut Scan<'_>, start: usize, len: usize) -> bool {
    let mut buffer = [0; 18];
    let (canonical, end) = canonical(scan.text(), start, &mut buffer[..len]);
    if canonical.len() != len || !is_valid(canonical) || !scan.ends(end) {
        return false;
    }
    let upper = !scan.text()[start..end].iter().any(u8::is_ascii_lowercase);
    // The number of the issue may stand apart.
    let issue = len == 16
        && is_separator(scan.byte(end))
        && scan.byte(end + 1).is_ascii_digit()
        && scan.byte(end + 2).is_ascii_digit()
        && scan.ends(end + 3);
    let end = end + if issue { 3 } else { 0 };
    scan.propose(Candidate::new(
        Kind::DrivingLicence,
        start,
        end,
        if upper { 88 } else { 60 },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_and_without_issue_parse() {
        for text in [
            "MORGA657054SM9IJ",
            "MORGA657054SM9IJ35",
            "GARDN605109C99LY",
            "FOX99 712319 99 9AA",
            "12345678",
        ] {
            assert!(DrivingLicence::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn each_part_has_its_rule() {
        for text in [
            "99999657054SM9IJ",
            "MO9GA657054SM9IJ",
            "MORGA613054SM9IJ",
            "MORGA600054SM9IJ",
            "MORGA663054SM9IJ",
            "MORGA657004SM9IJ",
            "MORGA657324SM9IJ",
            "MORGA6570549M9IJ",
            "MORGA657054SM9I",
            "MORGA657054SM9IJ3",
            "MORGA657054SM9IJ3A",
            "1234567",
            "00000000",
            "",
        ] {
            assert!(
                DrivingLicence::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got KAUR9 708148 MT8PZ", "KAUR9 708148 MT8PZ"),
            ("got EASTW505233TB9AA 82, so", "EASTW505233TB9AA 82"),
            ("MORGA 657054 SM9IJ", "MORGA 657054 SM9IJ"),
            ("Driver number: DECER607085K99AE16", "DECER607085K99AE16"),
            ("got EASTW505233TB9AA82, so", "EASTW505233TB9AA82"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("driving-licence", value)],
                "{text}"
            );
        }
        for text in ["KAUR 708148 MT8PZ", "MORGA 699954 SM9IJ"] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "driving-licence"),
                "{text}"
            );
        }
    }
}
