//! Criminal Records Office number: up to six digits, a slash, two of a year and a check letter, or SF, the year, a slash,
//! up to six digits and the letter.
//!
//! Year and serial are one number, whose remainder by 23 picks the letter from the alphabet without I, O and S, where Z
//! stands for 0. Six places count for the serial of the first form; that of an SF number, which belongs to somebody
//! without fingerprints on file, counts as it is written.
//!
//! Source: <https://github.com/ministryofjustice/hmpps-person-record>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Prefix, Scan};

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

/// Finds a number of a serial number, a slash, a year and a letter; returns how many groups it has.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let [serial, year, ..] = groups else { return 0 };
    let shaped = matches!(serial.separator, b'/' | b'-')
        && year.separator == 0
        && (1..=6).contains(&serial.len)
        && year.len == 2;
    usize::from(
        shaped && scan.begins(serial.start) && propose(scan, serial.start, year.end(), serial.len),
    ) * 2
}

/// Finds a file number, `SF39/12345A`; its letters stand before the year.
pub(crate) fn recognise_file(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    let [year, serial] = groups else { return false };
    let shaped = prefix.capitals(scan)[..2] == *b"SF"
        && !prefix.apart
        && year.separator == b'/'
        && year.len == 2;
    shaped && scan.begins(prefix.start) && propose(scan, prefix.start, serial.end(), 6)
}

fn propose(scan: &mut Scan<'_>, start: usize, letter: usize, serial_digits: usize) -> bool {
    let end = letter + 1;
    if !scan.byte(letter).is_ascii_alphabetic() || !scan.ends(end) || end - start > 12 {
        return false;
    }
    let mut canonical = [0; 12];
    canonical[..end - start].copy_from_slice(&scan.text()[start..end]);
    canonical.make_ascii_uppercase();
    let dash = canonical.iter().position(|byte| *byte == b'-');
    if let Some(dash) = dash {
        canonical[dash] = b'/';
    }
    let valid = is_valid(&canonical[..end - start]);
    let base = match (valid, serial_digits) {
        (true, _) if dash.is_some() => NEEDS_EVIDENCE,
        (true, 1..=3) => 45,
        (true, _) => 78,
        (false, _) => 22,
    };
    let candidate = Candidate::new(Kind::CroNumber, start, end, base);
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

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got 265416/21G", "265416/21G"),
            ("CRO number 265416-21G", "265416-21G"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("cro-number", value)],
                "{text}"
            );
        }
        for text in ["got 265416-21G", "got 265416/21A"] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "cro-number"),
                "{text}"
            );
        }
    }
}
