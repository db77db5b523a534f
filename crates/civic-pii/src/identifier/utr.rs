//! Unique taxpayer reference: ten digits, of which the first is the check digit.
//!
//! The nine digits after it are multiplied by 6, 7, 8, 9, 10, 5, 4, 3 and 2; the sum by 11 picks the check digit from
//! `21987654321`. A K may stand before or after (self assessment), and three digits of a tax office before it (13
//! digits on company letters).
//!
//! Sources: <https://www.gov.uk/find-utr-number>; the sum: <https://github.com/hmrc/reference-checker>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Number, Prefix, Scan, is_separator};

use super::ascii::{Ascii, written};
use super::checksum::{all_digits, weighted};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A unique taxpayer reference of a person, a partnership or a company.
///
/// Takes 11 bytes and no heap. The letter K and the number of a tax office are left out.
///
/// ```
/// use civic_pii::identifier::Utr;
/// let utr = Utr::parse("22345 67890 K")?;
/// assert_eq!(utr.expose(), "2234567890");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Utr(Ascii<10>);

identifier! {
    /// Ten digits, without K and spaces.
    Utr, Utr, canonical
}

/// Whether the first of ten digits is the check digit of the others.
pub(crate) fn checksum(digits: &[u8]) -> bool {
    let [first, rest @ ..] = digits else {
        return false;
    };
    let sum = weighted(rest, &[6, 7, 8, 9, 10, 5, 4, 3, 2]);
    b"21987654321"[(sum % 11) as usize] == *first && rest.len() == 9
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if canonical.len() != 10 || !all_digits(canonical) {
        Err(Reason::Structure)
    } else if checksum(canonical) {
        Ok(())
    } else {
        Err(Reason::Checksum)
    }
}

fn canonical(text: &str) -> Option<Ascii<10>> {
    let text = written::<14>(text)?;
    let ([b'K', digits @ ..] | [digits @ .., b'K'] | digits) = text.as_bytes();
    let reference = match digits {
        [_, _, _, reference @ ..] if digits.len() == 13 && all_digits(digits) => reference,
        reference => reference,
    };
    Ascii::from_bytes(reference)
}

/// Finds a reference of ten digits, or of thirteen with the tax office before it.
pub(crate) fn recognise(scan: &mut Scan<'_>, number: &Number) -> bool {
    let digits = number.digits();
    let valid = checksum(&digits[digits.len().saturating_sub(10)..]);
    let mut number = *number;
    let apart = number.end + usize::from(!number.is_bare() && is_separator(scan.byte(number.end)));
    if matches!(scan.byte(apart), b'K' | b'k') && scan.ends(apart + 1) {
        number.end = apart + 1;
        return valid
            && scan.propose(
                Candidate::new(Kind::Utr, number.start, number.end, 80).shows(Evidence::CHECKSUM),
            );
    }
    scan.propose_number(
        Kind::Utr,
        &number,
        if valid { NEEDS_EVIDENCE } else { 10 },
        valid,
        false,
    )
}

/// Finds a reference with a K before it.
pub(crate) fn recognise_with_k(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    if !matches!(scan.byte(prefix.start), b'K' | b'k') || !scan.begins(prefix.start) {
        return false;
    }
    let count = if groups[0].len == 10 {
        1
    } else {
        2.min(groups.len())
    };
    let number = Number::of(scan.text(), &groups[..count]);
    checksum(number.digits())
        && scan.ends(number.end)
        && scan.propose(
            Candidate::new(Kind::Utr, prefix.start, number.end, 80).shows(Evidence::CHECKSUM),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_hmrcs_own_tests_pass() {
        for text in [
            "2234567890K",
            "2108834503k",
            "K1097172564",
            "2234567890",
            "123 2234567890",
        ] {
            assert!(Utr::parse(text).is_ok(), "{text}");
        }
        assert_eq!(Utr::parse("K2234567890"), Utr::parse("123 22345 67890"));
    }

    #[test]
    fn what_hmrcs_own_tests_refuse_is_refused() {
        for text in ["1234567890K", "5550000621"] {
            assert!(Utr::parse(text).unwrap_err().is_checksum(), "{text}");
        }
        for text in [
            "",
            "123456",
            "1234567890E",
            "12345678905",
            "1097172564KZ",
            "K1097172564K",
        ] {
            assert!(Utr::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn the_check_digit_is_never_zero() {
        for rest in 0..1000 {
            assert!(!checksum(format!("0{:09}", rest * 999_983).as_bytes()));
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got 22345 67890 K twice", "22345 67890 K"),
            ("UTR 384 22345 67890 here", "384 22345 67890"),
            ("2234567890K", "2234567890K"),
        ] {
            assert_eq!(crate::identifier::found(text), [("utr", value)], "{text}");
        }
        for text in [
            "got 384 22345 67890 twice",
            "22345 67891 K",
            "2234567890 km",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(kinds.iter().all(|(kind, _)| *kind != "utr"), "{text}");
        }
    }
}
