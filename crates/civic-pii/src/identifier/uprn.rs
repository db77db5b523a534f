//! Unique property reference number: one to twelve digits.
//!
//! It is open data about a building, and personal where it says who lives there. There is no check digit: it is known by
//! its field name only.
//!
//! Source:
//! <https://www.gov.uk/government/publications/open-standards-for-government/identifying-property-and-street-information>.

use crate::Kind;
use crate::scanner::{Number, Scan};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A unique property reference number.
///
/// Takes 13 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::Uprn;
/// let uprn = Uprn::parse("000012345678")?;
/// assert_eq!(uprn.expose(), "12345678");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Uprn(Ascii<12>);

identifier! {
    /// One to twelve digits without zeros in front.
    Uprn, Uprn, canonical
}

/// Whether the bytes are one to twelve digits, not all of them zero; zeros in front do no harm.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    canonical.len() <= 12 && all_digits(canonical) && canonical.iter().any(|byte| *byte != b'0')
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

fn canonical(text: &str) -> Option<Ascii<12>> {
    let text = written::<12>(text)?;
    let zeros = text
        .as_bytes()
        .iter()
        .take_while(|byte| **byte == b'0')
        .count();
    Ascii::from_bytes(&text.as_bytes()[zeros..])
}

/// Finds a number of eleven or twelve digits, as most are; shorter ones are found by the name of their field.
pub(crate) fn recognise(scan: &mut Scan<'_>, number: &Number) -> bool {
    number.digits().len() >= 11 && scan.propose_number(Kind::Uprn, number, 25, false, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_front_do_not_count() {
        assert_eq!(Uprn::parse("000000000001"), Uprn::parse("1"));
        assert!(is_valid(b"000000000001"));
        for text in ["", "0", "000000000000", "1234567890123", "12345A"] {
            assert!(Uprn::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }
}
