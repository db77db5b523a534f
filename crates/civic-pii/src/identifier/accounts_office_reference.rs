//! Accounts office reference of an employer: three digits, P, a check letter, seven digits, and a digit or letter.
//!
//! All but the check letter are multiplied by 9, 10, 11, 12 (P counts 48), 8 to 2 and 1; the sum by 23 picks the letter
//! from HMRC's alphabet. A letter at the end counts 33 and more. References of office 961 that end in X have 0 after
//! the check letter, and others of it end in a digit.
//!
//! Sources: <https://www.gov.uk/find-hmrc-accounts-office-reference>; the sum:
//! <https://github.com/hmrc/reference-checker>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Prefix, Scan, canonical, is_separator};

use super::ascii::{Ascii, written_with};
use super::checksum::{HMRC_LETTERS, all_digits, digit, mod23, weighted};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// An employer's accounts office reference, 13 characters.
///
/// Takes 14 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::AccountsOfficeReference;
/// let reference = AccountsOfficeReference::parse("123 p w 12345678")?;
/// assert_eq!(reference.expose(), "123PW12345678");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AccountsOfficeReference(Ascii<13>);

identifier! {
    /// Thirteen capital letters and digits without spaces.
    AccountsOfficeReference, AccountsOfficeReference, without_separators
}

/// Whether thirteen characters have the shape and the right check letter.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    check(canonical).is_ok()
}

/// Whether the fifth of thirteen characters is the check letter of the others.
pub(crate) fn checksum(canonical: &[u8]) -> bool {
    let [a, b, c, _, letter, digits @ .., last] = canonical else {
        return false;
    };
    let sum = weighted(&[*a, *b, *c], &[9, 10, 11])
        + 12 * 48
        + weighted(digits, &[8, 7, 6, 5, 4, 3, 2])
        + value(*last);
    mod23(HMRC_LETTERS, u64::from(sum)) == *letter
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    let [a, b, c, b'P', letter, digits @ .., last] = canonical else {
        return Err(Reason::Structure);
    };
    let office = [*a, *b, *c];
    let shape = digits.len() == 7
        && all_digits(&office)
        && all_digits(digits)
        && HMRC_LETTERS.contains(letter)
        && (last.is_ascii_digit() || last.is_ascii_uppercase())
        && (office != *b"961"
            || last.is_ascii_digit()
            || (*last == b'X' && digits.first() == Some(&b'0')));
    if !shape {
        Err(Reason::Structure)
    } else if checksum(canonical) {
        Ok(())
    } else {
        Err(Reason::Checksum)
    }
}

/// Value of the last character: HMRC's alphabet counts from 33 and leaves 53 to Z and 56 to U.
const fn value(byte: u8) -> u32 {
    match byte {
        b'X' => 41,
        b'Y' => 47,
        b'Z' => 53,
        b'U' => 56,
        b'A'..=b'W' => 33 + (byte - b'A') as u32,
        _ => digit(byte),
    }
}

fn without_separators(text: &str) -> Option<Ascii<13>> {
    written_with(text, |character| character == '/')
}

/// Finds a reference whose letters stand before the last eight digits, together or with separators between its parts.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> usize {
    // `P` and the check letter may stand apart.
    let p = match prefix.len {
        2 => prefix.start,
        1 if prefix.apart && is_separator(scan.before(prefix.start)) && prefix.start >= 2 => {
            prefix.start - 2
        }
        _ => return 0,
    };
    if !matches!(scan.byte(p), b'P' | b'p') {
        return 0;
    }
    let apart = is_separator(scan.before(p));
    let Some(start) = (p - usize::from(apart)).checked_sub(3) else {
        return 0;
    };
    if apart != prefix.apart || !scan.byte(start).is_ascii_digit() || !scan.begins(start) {
        return 0;
    }
    let mut buffer = [0; 13];
    let (written, end) = canonical(scan.text(), start, &mut buffer);
    let count = groups.iter().take_while(|group| group.start < end).count();
    let shaped = written.len() == 13
        && written[..3].iter().all(u8::is_ascii_digit)
        && written[5..12].iter().all(u8::is_ascii_digit)
        && scan.ends(end)
        && groups[count - 1].end() <= end;
    if !shaped {
        return 0;
    }
    let valid = is_valid(written);
    let base = match (valid, apart) {
        (true, _) => 85,
        (false, false) => 52,
        (false, true) => NEEDS_EVIDENCE,
    };
    let candidate = Candidate::new(Kind::AccountsOfficeReference, start, end, base);
    let found = scan.propose(if valid {
        candidate.shows(Evidence::CHECKSUM)
    } else {
        candidate
    });
    if found { count } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_hmrcs_own_tests_pass() {
        for text in [
            "123PW12345678",
            "450PE00923437",
            "120PY19064375",
            "450PA0096437K",
            "853PW0076584X",
            "846PS00928342",
            "961PA0045782X",
            "961PF10305739",
            "123PH45678900",
            "120/P/Y/19064375",
        ] {
            assert!(AccountsOfficeReference::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_hmrcs_own_tests_refuse_is_refused() {
        for text in [
            "000PL00000000",
            "120PA12697495",
            "846PT00568772",
            "820PB0091254X",
        ] {
            assert!(
                AccountsOfficeReference::parse(text)
                    .unwrap_err()
                    .is_checksum(),
                "{text}"
            );
        }
        for text in [
            "",
            "1234",
            "961PI004578OQ",
            "123PW12345678Z",
            "8465L04697138",
            "120PW0024",
            "961PA1145782X",
            "961PL004578FQ",
        ] {
            assert!(
                AccountsOfficeReference::parse(text)
                    .unwrap_err()
                    .is_structure(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got 123PW12345678", "123PW12345678"),
            ("got 123 PW 12345678 twice", "123 PW 12345678"),
            ("got 123 P W 12345678 twice", "123 P W 12345678"),
            ("got 123-PW-1234-5678", "123-PW-1234-5678"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("accounts-office-reference", value)],
                "{text}"
            );
        }
        for text in [
            "got 123 PX 12345678 twice",
            "took 123 ps 12345678 rows",
            "12 PW 12345678",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds
                    .iter()
                    .all(|(kind, _)| *kind != "accounts-office-reference"),
                "{text}"
            );
        }
    }
}
