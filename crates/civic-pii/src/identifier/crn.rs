//! Case reference number of the Probation Service: a letter and six digits.
//!
//! There is no check digit, and order numbers look the same: it needs evidence beside it.
//!
//! Source: <https://github.com/ministryofjustice/hmpps-person-record>.

use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Prefix, Scan};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// The case reference number of a person on probation.
///
/// Takes 8 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::Crn;
/// let crn = Crn::parse("x123456")?;
/// assert_eq!(crn.expose(), "X123456");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Crn(Ascii<7>);

identifier! {
    /// A capital letter and six digits.
    Crn, Crn, written
}

/// Whether seven characters have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [b'A'..=b'Z', digits @ ..] if digits.len() == 6 && all_digits(digits))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a number of a letter and six digits, together or with single separators.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> usize {
    let end = match groups {
        [a] if a.len == 6 => a.end(),
        [a, b] if (a.len, b.len) == (3, 3) => b.end(),
        _ => return 0,
    };
    // A small letter that stands apart is a word.
    let written = !prefix.apart || prefix.is_upper(scan);
    let found = written
        && scan.begins(prefix.start)
        && scan.ends(end)
        && scan.propose(Candidate::new(Kind::Crn, prefix.start, end, NEEDS_EVIDENCE).bare());
    if found { groups.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_follow_the_letter() {
        for text in ["X123456", " d 00 12 34 "] {
            assert!(Crn::parse(text).is_ok(), "{text}");
        }
        for text in ["X12345", "X1234567", "1234567", "XX12345", "123456X", ""] {
            assert!(Crn::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("probation CRN A 562 220", "A 562 220"),
            ("CRN X 123456", "X 123456"),
            ("CRN X123456", "X123456"),
        ] {
            assert_eq!(crate::identifier::found(text), [("crn", value)], "{text}");
        }
        for text in [
            "took A 562 220 steps",
            "bus X 123456",
            "probation of a 123456",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(kinds.iter().all(|(kind, _)| *kind != "crn"), "{text}");
        }
    }
}
