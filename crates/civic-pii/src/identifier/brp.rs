//! Biometric residence permit or card number: two letters, X or a digit, and six digits.
//!
//! There is no check digit.
//!
//! Source: <https://www.gov.uk/biometric-residence-permits>.

use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Prefix, Scan};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// The number of a biometric residence permit or card.
///
/// Takes 10 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::Brp;
/// let permit = Brp::parse("zw9 005 196")?;
/// assert_eq!(permit.expose(), "ZW9005196");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Brp(Ascii<9>);

identifier! {
    /// Nine capital letters and digits without spaces.
    Brp, Brp, written
}

/// Whether nine characters have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [b'A'..=b'Z', b'A'..=b'Z', b'X' | b'0'..=b'9', digits @ ..]
        if digits.len() == 6 && all_digits(digits))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a number of two letters, an X or a digit, and six digits.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    let [group] = groups else { return false };
    let letters = prefix.capitals(scan);
    let shaped = match prefix.len {
        2 => group.len == 7,
        3 => group.len == 6 && letters[2] == b'X',
        _ => false,
    };
    if !shaped || !scan.begins(prefix.start) || !scan.ends(group.end()) {
        return false;
    }
    // Permits are issued with Z or R first; other letters are as often somebody's order number.
    let usual = prefix.is_upper(scan)
        && !prefix.apart
        && (matches!(letters[0], b'Z' | b'R') || prefix.len == 3);
    let base = if usual { 68 } else { NEEDS_EVIDENCE };
    scan.propose(Candidate::new(Kind::Brp, prefix.start, group.end(), base).bare())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_character_is_x_or_a_digit() {
        for text in ["ZW9005196", "RFX123456", "zu 1234567"] {
            assert!(Brp::parse(text).is_ok(), "{text}");
        }
        for text in [
            "ZWA005196",
            "Z90051960",
            "ZW900519",
            "ZW90051966",
            "ZWX00519A",
            "",
        ] {
            assert!(Brp::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }
}
