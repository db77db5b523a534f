//! Police National Computer identifier: a year of two or four digits, a slash, up to seven digits and a check letter.
//!
//! The last two digits of the year and the seven digits of the serial, zeros in front included, are one number; its
//! remainder by 23 picks the letter from the alphabet without I, O and S, where Z stands for 0. The slash may be missing
//! where all digits are there.
//!
//! Source: <https://github.com/ministryofjustice/hmpps-person-record>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Number, Scan};

use super::ascii::{Ascii, written};
use super::checksum::{POLICE_LETTERS, all_digits, mod23, number};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A Police National Computer identifier.
///
/// Takes 14 bytes and no heap. A year of two digits stays one, because which century was meant is not written: it is not
/// equal to the same identifier with four.
///
/// ```
/// use civic_pii::identifier::PncId;
/// let id = PncId::parse("2003/11985x")?;
/// assert_eq!(id.expose(), "2003/0011985X");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PncId(Ascii<13>);

identifier! {
    /// Year, slash, seven digits and the check letter.
    PncId, PncId, canonical
}

/// Whether the characters, with or without their slash, have the shape and the right check letter.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    check(canonical).is_ok()
}

/// Whether the letter at the end is the check letter of year and serial.
pub(crate) fn checksum(canonical: &[u8]) -> bool {
    Parts::of(canonical).is_some_and(|parts| {
        let year = number(parts.year) % 100;
        mod23(POLICE_LETTERS, year * 10_000_000 + number(parts.serial)) == parts.letter
    })
}

struct Parts<'a> {
    year: &'a [u8],
    serial: &'a [u8],
    letter: u8,
}

impl<'a> Parts<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (letter, digits) = bytes.split_last()?;
        let (year, serial) = match digits.iter().position(|byte| *byte == b'/') {
            Some(slash) => (&digits[..slash], &digits[slash + 1..]),
            None if matches!(digits.len(), 9 | 11) => digits.split_at(digits.len() - 7),
            None => return None,
        };
        let century = year.len() == 2
            || (year.len() == 4 && matches!(year[..2], [b'1', b'9'] | [b'2', b'0']));
        let shape = century
            && all_digits(year)
            && (1..=7).contains(&serial.len())
            && all_digits(serial)
            && POLICE_LETTERS.contains(letter);
        shape.then_some(Self {
            year,
            serial,
            letter: *letter,
        })
    }
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if Parts::of(canonical).is_none() {
        Err(Reason::Structure)
    } else if checksum(canonical) {
        Ok(())
    } else {
        Err(Reason::Checksum)
    }
}

fn canonical(text: &str) -> Option<Ascii<13>> {
    let text = written::<13>(text)?;
    let parts = Parts::of(text.as_bytes())?;
    let mut canonical = Ascii::from_bytes(parts.year)?;
    let zeros = &b"0000000"[parts.serial.len()..];
    (canonical.push(b'/')
        && canonical.extend(zeros)
        && canonical.extend(parts.serial)
        && canonical.push(parts.letter))
    .then_some(canonical)
}

/// Finds an identifier of a year, a slash, a serial number and a letter; returns how many groups it has.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let [year, serial, ..] = groups else { return 0 };
    let shaped = matches!(year.separator, b'/' | b'-')
        && serial.separator == 0
        && matches!((year.len, serial.len), (2 | 4, 1..=7));
    if !shaped {
        return 0;
    }
    usize::from(propose(scan, year.start, serial.end(), year.len)) * 2
}

/// Finds an identifier without its slash: a year, all seven digits of the serial number, and a letter.
pub(crate) fn recognise_joined(scan: &mut Scan<'_>, number: &Number) {
    if !number.glued {
        propose(scan, number.start, number.end, number.digits().len() - 7);
    }
}

/// Proposes the digits from `start` to the letter; the year has so many of them.
fn propose(scan: &mut Scan<'_>, start: usize, letter: usize, year: usize) -> bool {
    let end = letter + 1;
    if !scan.byte(letter).is_ascii_alphabetic() || !scan.ends(end) || !scan.begins(start) {
        return false;
    }
    let written = &scan.text()[start..end];
    let mut canonical = [0; 13];
    let len = written.len();
    canonical[..len].copy_from_slice(written);
    canonical.make_ascii_uppercase();
    let slash = canonical[year] == b'/';
    if canonical[year] == b'-' {
        canonical[year] = b'/';
    }
    let valid = is_valid(&canonical[..len]);
    let base = match (valid, slash, len - year) {
        // A short serial number with a right letter may be chance.
        (true, true, ..=5) => 45,
        (true, true, _) => 82,
        (true, false, _) => NEEDS_EVIDENCE,
        (false, ..) => 22,
    };
    let candidate = Candidate::new(Kind::PncId, start, end, base);
    scan.propose(if valid {
        candidate.shows(Evidence::CHECKSUM)
    } else {
        candidate
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_write_are_one_identifier() {
        for text in [
            "2003/0011985X",
            "2003/11985X",
            "20030011985x",
            " 2003 / 0011985 X ",
        ] {
            assert_eq!(
                PncId::parse(text).unwrap().expose(),
                "2003/0011985X",
                "{text}"
            );
        }
        assert_eq!(PncId::parse("79/163001B").unwrap().expose(), "79/0163001B");
        assert!(is_valid(b"2003/11985X") && is_valid(b"20030011985X") && is_valid(b"790163001B"));
    }

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(PncId::parse("2003/0011985Y").unwrap_err().is_checksum());
        for text in [
            "2003/0011985S",
            "203/0011985X",
            "1803/0011985X",
            "2003/X",
            "2003/00119855X",
            "X",
            "",
        ] {
            assert!(PncId::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn every_single_wrong_digit_is_seen() {
        let id = *b"2003/0011985X";
        for place in [2, 3].into_iter().chain(5..12) {
            for wrong in b'0'..=b'9' {
                let mut typed = id;
                typed[place] = wrong;
                assert_eq!(checksum(&typed), wrong == id[place], "{place}");
            }
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got 2003/0011985X", "2003/0011985X"),
            ("PNC ID 2003-0011985X", "2003-0011985X"),
            ("PNC ID 20030011985X", "20030011985X"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("pnc-id", value)],
                "{text}"
            );
        }
        for text in [
            "got 2003-0011985X",
            "got 20030011985X",
            "2003/0011985A build",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(kinds.iter().all(|(kind, _)| *kind != "pnc-id"), "{text}");
        }
    }
}
