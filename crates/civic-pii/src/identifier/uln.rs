//! Unique learner number: ten digits, not beginning with 0, of which the last is a check digit.
//!
//! The sum is that of health numbers (weights 10 to 1, by 11), but the remainder must be 10, so that no learner number is
//! an NHS number.
//!
//! Source: <https://www.hesa.ac.uk/collection/c23051/a/uln>.

use crate::Kind;
use crate::scanner::{NEEDS_EVIDENCE, Number, Scan};

use super::ascii::{Ascii, written};
use super::checksum::{all_digits, mod11_weighted};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A unique learner number of the Learning Records Service.
///
/// Takes 11 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::Uln;
/// let uln = Uln::parse("1000 0000 43")?;
/// assert_eq!(uln.expose(), "1000000043");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Uln(Ascii<10>);

identifier! {
    /// Ten digits without spaces.
    Uln, Uln, written
}

/// Whether ten digits do not begin with 0 and have the right check digit.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    check(canonical).is_ok()
}

/// Whether the check digit of ten digits matches.
pub(crate) fn checksum(digits: &[u8]) -> bool {
    digits.len() == 10 && mod11_weighted(digits) == 10
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if canonical.len() != 10 || canonical.starts_with(b"0") || !all_digits(canonical) {
        Err(Reason::Structure)
    } else if checksum(canonical) {
        Ok(())
    } else {
        Err(Reason::Checksum)
    }
}

/// Finds a number of ten digits.
pub(crate) fn recognise(scan: &mut Scan<'_>, number: &Number) -> bool {
    let valid = is_valid(number.digits());
    scan.propose_number(
        Kind::Uln,
        number,
        if valid { NEEDS_EVIDENCE } else { 10 },
        valid,
        false,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::nhs_number;

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(Uln::parse("9276308686").is_ok());
        assert!(Uln::parse("9276308687").unwrap_err().is_checksum());
        assert!(Uln::parse("927630868").unwrap_err().is_structure());
        assert!(Uln::parse("0000000000").unwrap_err().is_structure());
    }

    #[test]
    fn no_number_is_both_a_learners_and_a_patients() {
        for start in 0..2000u64 {
            let digits = (1_000_000_000 + start * 4_499_987).to_string();
            let digits = digits.as_bytes();
            assert!(!(checksum(digits) && nhs_number::checksum(digits)));
        }
    }
}
