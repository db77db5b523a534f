//! Employer PAYE reference: three digits of a tax office, a slash, and one to ten letters and digits.
//!
//! It names an employer, who may be one person with one carer. There is no check digit.
//!
//! Source: <https://www.gov.uk/new-employee/employer-paye-reference>.

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// An employer's PAYE reference.
///
/// Takes 15 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::PayeReference;
/// let reference = PayeReference::parse("123/ab 456")?;
/// assert_eq!(reference.expose(), "123/AB456");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PayeReference(Ascii<14>);

identifier! {
    /// Three digits, a slash, capital letters and digits; no spaces.
    PayeReference, PayeReference, written
}

/// Whether the characters, slash included, have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [a, b, c, b'/', employer @ ..]
        if all_digits(&[*a, *b, *c])
            && (1..=10).contains(&employer.len())
            && employer.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn office_slash_and_employer_make_a_reference() {
        for text in ["123/A", "123/AB456", "961/1234567890", "123 / AB 456"] {
            assert!(PayeReference::parse(text).is_ok(), "{text}");
        }
        for text in [
            "123/",
            "12/AB456",
            "123AB456",
            "123/AB/456",
            "A23/AB456",
            "123/ABCDEFGHIJK",
            "",
        ] {
            assert!(
                PayeReference::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }
}
