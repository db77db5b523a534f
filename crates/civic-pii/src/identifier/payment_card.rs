//! Payment card number: an issuer's range, an account and a Luhn check digit, 12 to 19 digits.
//!
//! Range and length together name the scheme. Maestro's ranges are wide and its lengths many, so that a number which
//! is Maestro's says little without evidence, unless it has the 16, 18 or 19 digits of the cards in use.
//!
//! Sources: ISO/IEC 7812-1, <https://www.iso.org/standard/70484.html>; the ranges that the schemes publish.

use crate::Kind;
use crate::scanner::{NEEDS_EVIDENCE, Number, Scan};

use super::ascii::{Ascii, written};
use super::checksum::{all_digits, luhn, number};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A payment card number of a known scheme.
///
/// Takes 20 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::{PaymentCard, Scheme};
/// let card = PaymentCard::parse("4111 1111 1111 1111")?;
/// assert_eq!(card.expose(), "4111111111111111");
/// assert_eq!(card.scheme(), Scheme::Visa);
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PaymentCard(Ascii<19>);

identifier! {
    /// The digits without spaces.
    PaymentCard, PaymentCard, written
}

impl PaymentCard {
    /// The scheme whose range the number is in.
    #[expect(
        clippy::missing_panics_doc,
        reason = "parse refuses a number of no scheme"
    )]
    pub fn scheme(&self) -> Scheme {
        scheme(self.0.as_bytes()).expect("parse refuses a number of no scheme")
    }
}

/// A card scheme.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// Diners Club.
    Diners,
    /// Discover.
    Discover,
    /// JCB.
    Jcb,
    /// UnionPay.
    UnionPay,
    /// Maestro, of which short numbers say little by themselves.
    Maestro,
    /// Dankort.
    Dankort,
}

impl Scheme {
    /// Whether range and length fit so many numbers that they say little: Maestro's, but for the lengths of cards in use.
    pub(crate) const fn is_weak(self, length: usize) -> bool {
        matches!(self, Self::Maestro) && !matches!(length, 16 | 18 | 19)
    }
}

/// Whether the last digit is the check digit of the others.
pub(crate) fn checksum(digits: &[u8]) -> bool {
    luhn(digits)
}

/// The scheme that issues numbers with these first digits and this length.
pub(crate) fn scheme(digits: &[u8]) -> Option<Scheme> {
    let length = digits.len();
    let first = number(digits.get(..6)?);
    let (two, three, four) = (first / 10_000, first / 1_000, first / 100);
    // Narrow ranges stand before the wide ones that hold them.
    let found = match (two, three, four, first) {
        (40..=49, ..) => (Scheme::Visa, matches!(length, 13 | 16 | 19)),
        (51..=55, ..) | (_, _, 2221..=2720, _) => (Scheme::Mastercard, length == 16),
        (34 | 37, ..) => (Scheme::Amex, length == 15),
        (36, ..) => (Scheme::Diners, (14..=19).contains(&length)),
        (38 | 39, ..) | (_, 300..=305, ..) | (_, _, 3095, _) => {
            (Scheme::Diners, matches!(length, 14 | 16..=19))
        }
        (_, _, 3528..=3589, _) => (Scheme::Jcb, (16..=19).contains(&length)),
        (65, ..) | (_, 644..=649, ..) | (_, _, 6011, _) | (_, _, _, 622_126..=622_925) => {
            (Scheme::Discover, (16..=19).contains(&length))
        }
        (62, ..) | (_, _, 8100..=8171, _) => (Scheme::UnionPay, (16..=19).contains(&length)),
        (_, _, 5019, _) => (Scheme::Dankort, length == 16),
        (_, _, 5018 | 5020 | 5038 | 5893 | 6304, _) | (67, ..) => {
            (Scheme::Maestro, (12..=19).contains(&length))
        }
        _ => return None,
    };
    found.1.then_some(found.0)
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if !(12..=19).contains(&canonical.len()) || !all_digits(canonical) {
        Err(Reason::Structure)
    } else if !checksum(canonical) {
        Err(Reason::Checksum)
    } else if scheme(canonical).is_none() {
        Err(Reason::Unissued)
    } else {
        Ok(())
    }
}

/// Finds a number of thirteen to nineteen digits.
pub(crate) fn recognise(scan: &mut Scan<'_>, number: &Number) -> bool {
    let digits = number.digits();
    let (scheme, checksum) = (scheme(digits), checksum(digits));
    let base = match scheme {
        Some(scheme) if checksum && scheme.is_weak(digits.len()) => NEEDS_EVIDENCE,
        Some(_) if checksum && number.is_bare() => 62,
        Some(_) if checksum => 80,
        _ => 10,
    };
    scan.propose_number(Kind::PaymentCard, number, base, checksum, scheme.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers that schemes and payment services publish for tests.
    const PUBLISHED: [(&str, Scheme); 12] = [
        ("4111111111111111", Scheme::Visa),
        ("4222222222222", Scheme::Visa),
        ("5555555555554444", Scheme::Mastercard),
        ("2223003122003222", Scheme::Mastercard),
        ("378282246310005", Scheme::Amex),
        ("30569309025904", Scheme::Diners),
        ("36227206271667", Scheme::Diners),
        ("6011111111111117", Scheme::Discover),
        ("3530111333300000", Scheme::Jcb),
        ("6205500000000000004", Scheme::UnionPay),
        ("6759649826438453", Scheme::Maestro),
        ("5019717010103742", Scheme::Dankort),
    ];

    #[test]
    fn published_test_numbers_are_of_their_scheme() {
        for (text, scheme) in PUBLISHED {
            assert_eq!(PaymentCard::parse(text).unwrap().scheme(), scheme, "{text}");
        }
        assert!(Scheme::Maestro.is_weak(13) && !Scheme::Maestro.is_weak(16));
        assert!(!Scheme::Visa.is_weak(13));
    }

    #[test]
    fn the_scanner_finds_a_maestro_card_and_leaves_a_short_number_of_its_range() {
        for card in ["6759649826438453", "5019717010103742"] {
            assert_eq!(
                crate::identifier::found(&format!("paid with {card}")),
                [("payment-card", card)]
            );
        }
        assert_eq!(crate::identifier::found("row 676770123454"), []);
    }

    #[test]
    fn every_single_wrong_digit_is_seen() {
        let card = *b"4111111111111111";
        for place in 0..card.len() {
            for wrong in b'0'..=b'9' {
                let mut typed = card;
                typed[place] = wrong;
                assert_eq!(checksum(&typed), wrong == card[place], "{place}");
            }
        }
    }

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(
            PaymentCard::parse("4111 1111 1111")
                .unwrap_err()
                .is_checksum()
        );
        assert!(
            PaymentCard::parse("4111-1111-1111-1112")
                .unwrap_err()
                .is_checksum()
        );
        assert!(
            PaymentCard::parse("0000000000000000")
                .unwrap_err()
                .is_unissued()
        );
        assert!(
            PaymentCard::parse("41111111111")
                .unwrap_err()
                .is_structure()
        );
        // A Visa number of 15 digits does not exist.
        assert_eq!(scheme(b"411111111111111"), None);
        assert_eq!(scheme(b"41"), None);
    }
}
