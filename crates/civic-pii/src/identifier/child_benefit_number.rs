//! Child Benefit number: CHB, eight digits and two letters.
//!
//! There is no check digit.
//!
//! Sources: <https://www.gov.uk/child-benefit>; the shape: <https://github.com/hmrc/gform>.

use crate::Kind;
use crate::scanner::{Candidate, Group, Prefix, Scan, canonical};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A Child Benefit number.
///
/// Takes 14 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::ChildBenefitNumber;
/// let number = ChildBenefitNumber::parse("chb 12345678 ab")?;
/// assert_eq!(number.expose(), "CHB12345678AB");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ChildBenefitNumber(Ascii<13>);

identifier! {
    /// Thirteen capital letters and digits without spaces.
    ChildBenefitNumber, ChildBenefitNumber, written
}

/// Whether thirteen characters have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [b'C', b'H', b'B', digits @ .., b'A'..=b'Z', b'A'..=b'Z']
        if digits.len() == 8 && all_digits(digits))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a number whose letters `CHB` stand before the digits.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    if prefix.capitals(scan)[..3] != *b"CHB" || !scan.begins(prefix.start) {
        return false;
    }
    let mut buffer = [0; 13];
    let (canonical, end) = canonical(scan.text(), prefix.start, &mut buffer);
    let _ = groups;
    is_valid(canonical)
        && scan.ends(end)
        && scan.propose(Candidate::certain(
            Kind::ChildBenefitNumber,
            prefix.start,
            end,
            90,
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_around_the_digits_are_needed() {
        for text in ["CHB12345678AB", "CHB 1234 5678 AB", "chb-12345678-ab"] {
            assert!(ChildBenefitNumber::parse(text).is_ok(), "{text}");
        }
        for text in [
            "CHB12345678",
            "CHB12345678A1",
            "CHB1234567AB",
            "CHA12345678AB",
            "CHB123456789AB",
            "",
        ] {
            assert!(
                ChildBenefitNumber::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }
}
