//! Prison (NOMIS) number: a letter, four digits and two letters.
//!
//! There is no check digit, and part numbers look the same: it needs evidence beside it.
//!
//! Source: <https://github.com/ministryofjustice/hmpps-person-record>.

use crate::Kind;
use crate::scanner::{Candidate, NEEDS_EVIDENCE, Scan, canonical, is_separator};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// The number of a person in the prison system of England and Wales.
///
/// Takes 8 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::PrisonNumber;
/// let number = PrisonNumber::parse("a1234bc")?;
/// assert_eq!(number.expose(), "A1234BC");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PrisonNumber(Ascii<7>);

identifier! {
    /// Seven capital letters and digits without spaces.
    PrisonNumber, PrisonNumber, written
}

/// Whether seven characters have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [b'A'..=b'Z', digits @ .., b'A'..=b'Z', b'A'..=b'Z']
        if digits.len() == 4 && all_digits(digits))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Whether a letter and four digits stand before the two letters that end here.
#[inline]
pub(crate) fn may_end(text: &[u8], end: usize) -> bool {
    end >= 7
        && text[end - 6..end - 3].iter().all(u8::is_ascii_digit)
        && text[end - 7].is_ascii_alphabetic()
}

/// Finds a number that ends here.
pub(crate) fn recognise(scan: &mut Scan<'_>, end: usize) {
    let Some(start) = end.checked_sub(7) else {
        return;
    };
    let mut canonical = [0; 7];
    canonical.copy_from_slice(&scan.text()[start..end]);
    canonical.make_ascii_uppercase();
    if is_valid(&canonical) && scan.begins(start) {
        scan.propose(Candidate::new(Kind::PrisonNumber, start, end, NEEDS_EVIDENCE).bare());
    }
}

/// Finds a number whose last two letters stand apart, `A 1234 BC` or `A1234-BC`, and end here.
pub(crate) fn recognise_spaced(scan: &mut Scan<'_>, end: usize) {
    let digits = end - 7;
    let letter = digits - usize::from(is_separator(scan.before(digits)));
    let Some(start) = letter.checked_sub(1) else {
        return;
    };
    let mut buffer = [0; 7];
    let (written, stop) = canonical(scan.text(), start, &mut buffer);
    if stop == end && is_valid(written) && scan.begins(start) {
        scan.propose(Candidate::new(Kind::PrisonNumber, start, end, NEEDS_EVIDENCE).bare());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_stand_between_the_letters() {
        for text in ["A1234BC", "g 9999 zz"] {
            assert!(PrisonNumber::parse(text).is_ok(), "{text}");
        }
        for text in ["A123BC", "A12345B", "1234BC", "AA1234B", "A1234BCD", ""] {
            assert!(
                PrisonNumber::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("prisoner A 1234 BC", "A 1234 BC"),
            ("prison number A1234 BC", "A1234 BC"),
            ("prisoner number A-1234-BC", "A-1234-BC"),
            ("nomis_id=A-1234-BC", "A-1234-BC"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("prison-number", value)],
                "{text}"
            );
        }
        for text in ["A 1234 BC", "build A1234 BC", "took 1234 MB"] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "prison-number"),
                "{text}"
            );
        }
    }
}
