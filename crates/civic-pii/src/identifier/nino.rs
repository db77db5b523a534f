//! National Insurance number: two letters, six digits and a suffix letter A to D.
//!
//! Neither letter of the prefix is D, F, I, Q, U or V, the second is not O, and BG, GB, KN, NK, NT, TN and ZZ are not
//! used. People often leave the suffix out. There is no check digit. The prefixes of other HMRC references that look
//! alike (CR, MW, NC, PP, PY, PZ) satisfy the same rule and are taken as National Insurance numbers.
//!
//! Source: HMRC, <https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110>.

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::parse_error::{ParseError, Reason};
use super::{identifier, is_one_of};

/// A National Insurance number, with or without its suffix letter.
///
/// Takes 9 bytes and no heap. There is no check digit: a mistyped digit gives another well-formed number.
///
/// ```
/// use civic_pii::identifier::Nino;
/// let nino = Nino::parse("ab 12 34 56 c")?;
/// assert_eq!(nino.expose(), "AB123456C");
/// assert_eq!(format!("{nino:?}"), "Nino([NINO])");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Nino(Ascii<9>);

identifier! {
    /// Two capital letters, six digits and, if it was given, the suffix letter; no spaces.
    Nino, Nino, written
}

/// Whether the canonical form is a number that HMRC may have issued; the suffix may be missing.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    let (body, suffix) = match canonical {
        [body @ .., suffix] if body.len() == 8 => (body, Some(*suffix)),
        body => (body, None),
    };
    let [a, b, digits @ ..] = body else {
        return false;
    };
    digits.len() == 6
        && all_digits(digits)
        && prefix(*a, *b)
        && suffix.is_none_or(|letter| matches!(letter, b'A'..=b'D'))
}

/// Whether two capital letters are a prefix that the rule allows.
pub(crate) fn prefix(a: u8, b: u8) -> bool {
    is_one_of(PREFIX_LETTERS, a)
        && is_one_of(PREFIX_LETTERS, b)
        && b != b'O'
        && !matches!(
            [a, b],
            [b'B', b'G'] | [b'G', b'B'] | [b'K' | b'T', b'N'] | [b'N', b'K' | b'T'] | [b'Z', b'Z']
        )
}

/// Whether the prefix is `QQ`, which official examples use because nobody has it.
pub(crate) fn is_example(prefix: &[u8]) -> bool {
    prefix == b"QQ"
}

/// A to Z without D, F, I, Q, U and V.
const PREFIX_LETTERS: u32 = super::letters(b"ABCEGHJKLMNOPRSTWXYZ");

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_write_are_one_number() {
        let nino = Nino::parse("AB123456C").unwrap();
        for text in [
            "ab123456c",
            " AB 12 34 56 C ",
            "AB-12-34-56-C",
            "AB 123456C",
        ] {
            assert_eq!(Nino::parse(text), Ok(nino.clone()), "{text}");
        }
        assert_eq!(Nino::parse("AB 123456").unwrap().expose(), "AB123456");
    }

    #[test]
    fn prefixes_that_are_never_issued_are_refused() {
        for prefix in [
            "BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "DA", "AF", "IA", "AQ", "UA", "AV", "AO",
            "QQ",
        ] {
            assert!(
                Nino::parse(&format!("{prefix}123456C")).is_err(),
                "{prefix}"
            );
        }
        let allowed = (b'A'..=b'Z')
            .flat_map(|a| (b'A'..=b'Z').map(move |b| (a, b)))
            .filter(|(a, b)| prefix(*a, *b))
            .count();
        assert_eq!(allowed, 20 * 19 - 7);
    }

    #[test]
    fn suffix_and_length_matter() {
        for text in [
            "AB123456E",
            "AB1234567",
            "AB12345C",
            "AB123456CD",
            "A1123456C",
            "",
        ] {
            assert!(Nino::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn the_official_example_is_known_as_one() {
        assert!(is_example(b"QQ"));
        assert!(!is_example(b"AB"));
        assert!(!is_valid(b"QQ123456C"));
    }
}
