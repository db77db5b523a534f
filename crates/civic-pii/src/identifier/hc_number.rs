//! Health and Care number of Northern Ireland: ten digits, of which the last is a check digit.
//!
//! The check digit is that of the NHS number. Issued are 320 000 001 to 399 999 999 (first nine digits).
//!
//! Source: <https://www.datadictionary.nhs.uk/attributes/nhs_number.html>.

use crate::Kind;
use crate::scanner::{NEEDS_EVIDENCE, Number, Scan};

use super::ascii::{Ascii, written};
use super::checksum::{all_digits, mod11_weighted, number};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A Health and Care number of Northern Ireland.
///
/// Takes 11 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::HcNumber;
/// let number = HcNumber::parse("320 000 0171")?;
/// assert_eq!(number.expose(), "3200000171");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct HcNumber(Ascii<10>);

identifier! {
    /// Ten digits without spaces.
    HcNumber, HcNumber, written
}

/// Whether the check digit of ten digits matches.
pub(crate) fn checksum(digits: &[u8]) -> bool {
    digits.len() == 10 && mod11_weighted(digits) == 0
}

/// Whether the first nine digits are in the range of Northern Ireland.
pub(crate) fn issued(digits: &[u8]) -> bool {
    digits
        .get(..9)
        .is_some_and(|first| (320_000_001..=399_999_999).contains(&number(first)))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if canonical.len() != 10 || !all_digits(canonical) {
        Err(Reason::Structure)
    } else if !checksum(canonical) {
        Err(Reason::Checksum)
    } else if !issued(canonical) {
        Err(Reason::Unissued)
    } else {
        Ok(())
    }
}

/// Finds a number of ten digits.
pub(crate) fn recognise(scan: &mut Scan<'_>, number: &Number) -> bool {
    let digits = number.digits();
    let (checksum, issued) = (checksum(digits), issued(digits));
    let base = if checksum && issued {
        NEEDS_EVIDENCE
    } else {
        10
    };
    scan.propose_number(Kind::HcNumber, number, base, checksum, issued)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_has_both_its_ends() {
        assert!(issued(b"3200000010"));
        assert!(issued(b"3999999990"));
        assert!(!issued(b"3200000000"));
        assert!(!issued(b"4000000000"));
        assert!(!issued(b"32000000"));
    }

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(HcNumber::parse("320000017").unwrap_err().is_structure());
        assert!(HcNumber::parse("3200000172").unwrap_err().is_checksum());
        assert!(HcNumber::parse("4010232137").unwrap_err().is_unissued());
    }
}
