//! British passport number: nine digits; in old books a letter and six digits, or six digits and a letter.
//!
//! The printed number has no check digit: only the machine-readable zone adds one. Nine digits alone say nothing, so a
//! number needs evidence beside it.
//!
//! Source: <https://www.gov.uk/government/publications/basic-passport-checks>.

use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Number, Prefix, Scan};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A British passport number.
///
/// Takes 10 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::Passport;
/// let passport = Passport::parse("533 401 372")?;
/// assert_eq!(passport.expose(), "533401372");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Passport(Ascii<9>);

identifier! {
    /// Nine digits, or seven characters of an old book; no spaces.
    Passport, Passport, written
}

/// Whether the characters have the shape of a present or an old book.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    match canonical {
        [b'A'..=b'Z', digits @ ..] | [digits @ .., b'A'..=b'Z'] => {
            digits.len() == 6 && all_digits(digits)
        }
        digits => digits.len() == 9 && all_digits(digits) && digits != b"000000000",
    }
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds nine digits.
pub(crate) fn recognise(scan: &mut Scan<'_>, number: &Number) -> bool {
    scan.propose_number(Kind::Passport, number, NEEDS_EVIDENCE, false, false)
}

/// Finds an old number, a letter and six digits.
pub(crate) fn recognise_old(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    let [group] = groups else { return false };
    behind_letters(scan, group, prefix, 6)
}

/// Finds a number of another country, two letters and seven digits as often as not.
pub(crate) fn recognise_foreign(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    let [group, ..] = groups else { return false };
    behind_letters(scan, group, prefix, 7)
}

/// Proposes letters with so many digits directly behind them.
fn behind_letters(scan: &mut Scan<'_>, group: &Group, prefix: Prefix, digits: usize) -> bool {
    group.len == digits
        && !prefix.apart
        && scan.begins(prefix.start)
        && scan.ends(group.end())
        && scan.propose(
            Candidate::new(Kind::Passport, prefix.start, group.end(), NEEDS_EVIDENCE).bare(),
        )
}

/// Finds an old number, six digits and a letter.
pub(crate) fn recognise_old_reversed(scan: &mut Scan<'_>, number: &Number) {
    if scan.byte(number.end).is_ascii_alphabetic() && scan.ends(number.end + 1) && !number.glued {
        scan.propose(
            Candidate::new(Kind::Passport, number.start, number.end + 1, NEEDS_EVIDENCE).bare(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn present_and_old_numbers_parse() {
        for text in ["533401372", "C123456", "123456c"] {
            assert!(Passport::parse(text).is_ok(), "{text}");
        }
        for text in [
            "12345678",
            "1234567890",
            "AB1234567",
            "A123456B",
            "A12345",
            "000000000",
            "",
        ] {
            assert!(Passport::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn a_number_of_another_country_is_found_where_it_is_called_one() {
        let text = "My passport number is CD7654321 and it expires soon";
        assert_eq!(crate::identifier::found(text), [("passport", "CD7654321")]);
        assert!(crate::identifier::found("parcel CD7654321 left").is_empty());
    }
}
