//! Criminal Records Office number: up to six digits, a slash, two of a year and a check letter, or SF, the year, a slash,
//! up to six digits and the letter.
//!
//! Year and serial are one number, whose remainder by 23 picks the letter from the alphabet without I, O and S, where Z
//! stands for 0. Six places count for the serial of the first form; that of an SF number, which belongs to somebody
//! without fingerprints on file, counts as it is written.
//!
//! Source: <https://github.com/ministryofjustice/hmpps-person-record>.

use super::ascii::{Ascii, written};
use super::checksum::{POLICE_LETTERS, all_digits, mod23, number};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A Criminal Records Office number.
///
/// Takes 13 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::CroNumber;
/// let number = CroNumber::parse("85227/65l")?;
/// assert_eq!(number.expose(), "085227/65L");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CroNumber(Ascii<12>);

identifier! {
    /// Six digits, slash, year and letter, or `SF`, year, slash, digits as written and letter.
    CroNumber, CroNumber, canonical
}

/// Whether the characters, slash included, have the shape and the right check letter.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    check(canonical).is_ok()
}

/// Whether the letter at the end is the check letter of year and serial.
pub(crate) fn checksum(canonical: &[u8]) -> bool {
    Parts::of(canonical).is_some_and(|parts| {
        let places = if parts.fingerprinted {
            6
        } else {
            parts.serial.len() as u32
        };
        let sum = number(parts.year) * 10u64.pow(places) + number(parts.serial);
        mod23(POLICE_LETTERS, sum) == parts.letter
    })
}

struct Parts<'a> {
    fingerprinted: bool,
    year: &'a [u8],
    serial: &'a [u8],
    letter: u8,
}

impl<'a> Parts<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let (letter, rest) = bytes.split_last()?;
        let slash = rest.iter().position(|byte| *byte == b'/')?;
        let (before, after) = (&rest[..slash], &rest[slash + 1..]);
        let (fingerprinted, year, serial) = match before.strip_prefix(b"SF") {
            Some(year) => (false, year, after),
            None => (true, after, before),
        };
        let shape = year.len() == 2
            && all_digits(year)
            && (1..=6).contains(&serial.len())
            && all_digits(serial)
            && POLICE_LETTERS.contains(letter);
        shape.then_some(Self {
            fingerprinted,
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

fn canonical(text: &str) -> Option<Ascii<12>> {
    let text = written::<12>(text)?;
    let parts = Parts::of(text.as_bytes())?;
    if !parts.fingerprinted {
        return Some(text);
    }
    let mut canonical = Ascii::from_bytes(&b"000000"[parts.serial.len()..])?;
    (canonical.extend(parts.serial)
        && canonical.push(b'/')
        && canonical.extend(parts.year)
        && canonical.push(parts.letter))
    .then_some(canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_parse() {
        for (text, canonical) in [
            ("265416/21G", "265416/21G"),
            ("85227/65L", "085227/65L"),
            ("085227 / 65 l", "085227/65L"),
            ("SF39/5441B", "SF39/5441B"),
            ("sf05/482703j", "SF05/482703J"),
        ] {
            assert_eq!(
                CroNumber::parse(text).unwrap().expose(),
                canonical,
                "{text}"
            );
        }
    }

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(CroNumber::parse("265416/21H").unwrap_err().is_checksum());
        assert!(CroNumber::parse("SF39/05441B").unwrap_err().is_checksum());
        for text in [
            "265416/21",
            "265416/2021G",
            "2654167/21G",
            "265416/21S",
            "26541621G",
            "SF/5441B",
            "G",
            "",
        ] {
            assert!(CroNumber::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }
}
