//! Community Health Index number of Scotland: date of birth as DDMMYY, three digits and a check digit.
//!
//! The check digit is that of the NHS number. The ninth digit is odd for men and even for women. A leading zero
//! counts: it is lost where the number is kept as an integer.
//!
//! Source: <https://www.ndc.scot.nhs.uk/Dictionary-A-Z/Definitions/index.asp?ID=128>.

use crate::Kind;
use crate::scanner::{Number, Scan};

use super::ascii::{Ascii, written};
use super::checksum::{all_digits, digit, mod11_weighted};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A Community Health Index number, whose first six digits are the date of birth.
///
/// Takes 11 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::ChiNumber;
/// let number = ChiNumber::parse("010190 0015")?;
/// assert_eq!(number.expose(), "0101900015");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ChiNumber(Ascii<10>);

identifier! {
    /// Ten digits without spaces.
    ChiNumber, ChiNumber, written
}

/// Whether ten digits begin with a date and have the right check digit.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    check(canonical).is_ok()
}

/// Whether the check digit of ten digits matches.
pub(crate) fn checksum(digits: &[u8]) -> bool {
    digits.len() == 10 && mod11_weighted(digits) == 0
}

/// Whether the first six digits are a date DDMMYY of the 20th or 21st century.
pub(crate) fn issued(digits: &[u8]) -> bool {
    let [d1, d2, m1, m2, y1, y2, ..] = digits else {
        return false;
    };
    let pair = |tens: &u8, ones: &u8| digit(*tens) * 10 + digit(*ones);
    let (day, month, year) = (pair(d1, d2), pair(m1, m2), pair(y1, y2));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        // The century is not written; 1900 was no leap year and 2000 was one, so that 00 may have a 29th.
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
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
    let base = match (checksum, issued) {
        // Seconds since 1970 from late 2023 to early 2030 look like people born on the 17th and 18th.
        (true, true) if number.is_bare() && matches!(digits, [b'1', b'7' | b'8', ..]) => 45,
        (true, true) if number.is_bare() => 57,
        (true, true) => 75,
        (true, false) => 15,
        (false, _) => 10,
    };
    scan.propose_number(Kind::ChiNumber, number, base, checksum, issued)
}

/// Finds a number whose leading zero was lost; only a name speaks for it.
pub(crate) fn recognise_short(scan: &mut Scan<'_>, number: &Number) {
    let mut digits = *b"0000000000";
    if number.digits().len() == 9 {
        digits[1..].copy_from_slice(number.digits());
        if is_valid(&digits) {
            scan.propose_number(Kind::ChiNumber, number, 15, true, true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_digit_ten_times_is_no_number_unless_named_so() {
        for text in ["got 1111111111", "got 444 444 4444", "id 7777777777"] {
            assert_eq!(crate::identifier::found(text), [], "{text}");
        }
        assert_eq!(
            crate::identifier::found("nhs_number=4444444444"),
            [("nhs-number", "4444444444")]
        );
    }

    #[test]
    fn a_number_begins_with_a_date() {
        for date in [b"010190", b"290200", b"290296", b"311299", b"300463"] {
            assert!(issued(date));
        }
        for date in [
            b"000190", b"320190", b"290201", b"310463", b"010090", b"011390",
        ] {
            assert!(!issued(date));
        }
        assert!(!issued(b"0101"));
    }

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(ChiNumber::parse("010190001").unwrap_err().is_structure());
        assert!(ChiNumber::parse("0101900016").unwrap_err().is_checksum());
        // An NHS number: right check digit, no date.
        assert!(ChiNumber::parse("4010232137").unwrap_err().is_unissued());
    }

    #[test]
    fn the_leading_zero_is_kept() {
        assert_eq!(
            ChiNumber::parse("010190-0015").unwrap().expose(),
            "0101900015"
        );
    }
}
