//! NHS number of England, Wales and the Isle of Man: ten digits, written 3 3 4, of which the last is a check digit.
//!
//! The first nine digits are multiplied by 10 to 2; sum and check digit together are a multiple of 11. Issued are
//! 400 000 000 to 499 999 999 and 600 000 000 to 799 999 999 (first nine digits). 999 is kept for test data.
//!
//! Sources: <https://www.datadictionary.nhs.uk/attributes/nhs_number.html>; ranges:
//! <https://github.com/uk-fci/nhs-number>.

use crate::Kind;
use crate::scanner::{NEEDS_EVIDENCE, Number, Scan};

use super::ascii::{Ascii, written};
use super::checksum::{all_digits, mod11_weighted};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// An NHS number in a range that is issued, or one of the 999 test numbers.
///
/// Takes 11 bytes and no heap. Scottish and Northern Irish numbers have the same check digit and their own types,
/// [`ChiNumber`](super::ChiNumber) and [`HcNumber`](super::HcNumber).
///
/// ```
/// use civic_pii::identifier::NhsNumber;
/// let number = NhsNumber::parse("401 023 2137")?;
/// assert_eq!(number.expose(), "4010232137");
/// assert!(NhsNumber::parse("999 000 0018")?.is_test());
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct NhsNumber(Ascii<10>);

identifier! {
    /// Ten digits without spaces.
    NhsNumber, NhsNumber, written
}

impl NhsNumber {
    /// Whether the number is from the range 999 that the NHS keeps for test data.
    pub fn is_test(&self) -> bool {
        is_test(self.0.as_bytes())
    }
}

/// Whether the check digit of ten digits matches.
pub(crate) fn checksum(digits: &[u8]) -> bool {
    digits.len() == 10 && mod11_weighted(digits) == 0
}

/// Whether the first digits are in a range that is issued in England, Wales and the Isle of Man.
pub(crate) fn issued(digits: &[u8]) -> bool {
    matches!(digits.first(), Some(b'4' | b'6' | b'7'))
}

/// Whether the digits are in the range of test numbers.
pub(crate) fn is_test(digits: &[u8]) -> bool {
    digits.starts_with(b"999")
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if canonical.len() != 10 || !all_digits(canonical) {
        Err(Reason::Structure)
    } else if !checksum(canonical) {
        Err(Reason::Checksum)
    } else if !issued(canonical) && !is_test(canonical) {
        Err(Reason::Unissued)
    } else {
        Ok(())
    }
}

/// Finds a number of ten digits.
pub(crate) fn recognise(scan: &mut Scan<'_>, number: &Number) -> bool {
    let digits = number.digits();
    let (checksum, issued) = (checksum(digits), issued(digits));
    let base = match (checksum, issued) {
        (true, true) if number.is_bare() => 55,
        (true, true) => 75,
        // The groups make up for a range that is not known to be issued.
        (true, false) if !number.is_bare() && digits[0] != b'3' => 54,
        // Published examples and numbers of test systems begin with 9; a name that says nothing is enough against it.
        (true, false) if digits[0] == b'9' => 52,
        (true, false) => NEEDS_EVIDENCE - 5,
        (false, _) => 10,
    };
    let base = if checksum && is_test(digits) {
        NEEDS_EVIDENCE
    } else {
        base
    };
    scan.propose_number(Kind::NhsNumber, number, base, checksum, issued)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_write_are_one_number() {
        let number = NhsNumber::parse("4010232137").unwrap();
        for text in ["401 023 2137", "401-023-2137", "\t4010 232 137"] {
            assert_eq!(NhsNumber::parse(text), Ok(number.clone()), "{text}");
        }
    }

    #[test]
    fn every_single_wrong_digit_and_every_swap_of_neighbours_is_seen() {
        let number = *b"4010232137";
        for place in 0..10 {
            for wrong in b'0'..=b'9' {
                let mut typed = number;
                typed[place] = wrong;
                assert_eq!(checksum(&typed), wrong == number[place], "{place}");
            }
        }
        for place in 0..9 {
            let mut typed = number;
            typed.swap(place, place + 1);
            assert_eq!(checksum(&typed), typed == number, "{place}");
        }
    }

    #[test]
    fn the_published_example_is_found_where_nothing_speaks_against_it() {
        let found = |text: &str| !crate::Scanner::new().scan(text).is_empty();
        assert!(found("person 9434765919 not found"));
        assert!(found("$1 = 'a', $2 = 9434765919"));
        for text in [
            "value=9434765919",
            "order 9434765919 sent",
            "person 9434765918",
        ] {
            assert!(!found(text), "{text}");
        }
        // Test numbers need a name.
        assert!(!found("person 9990000018") && found("NHS number 9990000018"));
    }

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(NhsNumber::parse("401023213").unwrap_err().is_structure());
        assert!(NhsNumber::parse("401023213X").unwrap_err().is_structure());
        assert!(NhsNumber::parse("4010232138").unwrap_err().is_checksum());
        // The example of the data dictionary passes its check and lies outside the ranges.
        assert!(NhsNumber::parse("9434765919").unwrap_err().is_unissued());
    }

    #[test]
    fn test_numbers_parse_and_are_no_patients_numbers() {
        assert!(NhsNumber::parse("9990000018").unwrap().is_test());
        assert!(!NhsNumber::parse("4010232137").unwrap().is_test());
        assert!(!issued(b"9990000018"));
    }
}
