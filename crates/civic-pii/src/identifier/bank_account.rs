//! Sort code and account number: six digits and eight.
//!
//! Some ranges of sort codes have a modulus check and others have none; the table changes several times a year and an
//! exception is no proof of a mistake. So no modulus is computed here: a sort code beside an account number is enough.
//!
//! Source: <https://www.vocalink.com/tools/modulus-checking/>.

use super::ascii::{Ascii, written_with};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A sort code with an account number.
///
/// Takes 15 bytes and no heap. Whether the account can exist is not checked.
///
/// ```
/// use civic_pii::identifier::BankAccount;
/// let account = BankAccount::parse("12-34-56 / 12345678")?;
/// assert_eq!(account.expose(), "12345612345678");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BankAccount(Ascii<14>);

identifier! {
    /// Six digits of sort code and eight of account number, without anything between.
    BankAccount, BankAccount, canonical
}

/// Whether fourteen digits are a sort code and an account number, neither of them all zeros.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    canonical
        .split_at_checked(6)
        .is_some_and(|(code, account)| {
            sort_code(code)
                && account.len() == 8
                && all_digits(account)
                && account.iter().any(|byte| *byte != b'0')
        })
}

/// Whether the bytes are the six digits of a sort code.
pub(crate) fn sort_code(digits: &[u8]) -> bool {
    digits.len() == 6 && all_digits(digits) && digits.iter().any(|byte| *byte != b'0')
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

fn canonical(text: &str) -> Option<Ascii<14>> {
    written_with(text, |character| matches!(character, '/' | ',' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_write_are_one_account() {
        for text in [
            "12-34-56 12345678",
            "123456 12345678",
            "12 34 56, 1234 5678",
            "12\u{2013}34\u{2013}56/12345678",
        ] {
            assert_eq!(
                BankAccount::parse(text).unwrap().expose(),
                "12345612345678",
                "{text}"
            );
        }
    }

    #[test]
    fn too_few_digits_and_zeros_are_refused() {
        for text in [
            "12-34-56",
            "12-34-56 1234567",
            "12-34-56 123456789",
            "00-00-00 12345678",
            "123456 00000000",
            "",
        ] {
            assert!(
                BankAccount::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }
}
