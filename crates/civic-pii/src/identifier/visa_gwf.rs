//! Visa application reference: GWF and nine digits.
//!
//! There is no check digit.
//!
//! Source: <https://www.gov.uk/guidance/visa-decision-waiting-times-applications-outside-the-uk>.

use crate::Kind;
use crate::scanner::{Candidate, Group, Prefix, Scan, canonical};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A visa application reference, called GWF number.
///
/// Takes 13 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::VisaGwf;
/// let reference = VisaGwf::parse("gwf 012 345 678")?;
/// assert_eq!(reference.expose(), "GWF012345678");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VisaGwf(Ascii<12>);

identifier! {
    /// `GWF` and nine digits without spaces.
    VisaGwf, VisaGwf, written
}

/// Whether twelve characters have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    canonical
        .strip_prefix(b"GWF")
        .is_some_and(|digits| digits.len() == 9 && all_digits(digits))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a reference whose letters `GWF` stand before nine digits.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    if prefix.capitals(scan)[..3] != *b"GWF" || !scan.begins(prefix.start) {
        return false;
    }
    let mut buffer = [0; 12];
    let (canonical, end) = canonical(scan.text(), prefix.start, &mut buffer);
    let _ = groups;
    is_valid(canonical)
        && scan.ends(end)
        && scan.propose(Candidate::certain(Kind::VisaGwf, prefix.start, end, 90))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_digits_follow_gwf() {
        for text in ["GWF012345678", "GWF 012345678", "gwf-012-345-678"] {
            assert!(VisaGwf::parse(text).is_ok(), "{text}");
        }
        for text in [
            "GWF01234567",
            "GWF0123456789",
            "GWX012345678",
            "012345678",
            "",
        ] {
            assert!(VisaGwf::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }
}
