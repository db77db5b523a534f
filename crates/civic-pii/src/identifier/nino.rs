//! National Insurance number: two letters, six digits and a suffix letter A to D.
//!
//! Neither letter of the prefix is D, F, I, Q, U or V, the second is not O, and BG, GB, KN, NK, NT, TN and ZZ are not
//! used. People often leave the suffix out. There is no check digit. The prefixes of other HMRC references that look
//! alike (CR, MW, NC, PP, PY, PZ) satisfy the same rule and are taken as National Insurance numbers.
//!
//! Source: HMRC, <https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Scan, is_separator};

use super::ascii::{Ascii, is_one_of, letters, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

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
const PREFIX_LETTERS: u32 = letters(b"ABCEGHJKLMNOPRSTWXYZ");

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a number whose digits begin a chain; returns how many groups it has, or zero.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let mut digits = 0;
    for (i, group) in groups.iter().take(3).enumerate() {
        digits += group.len;
        if digits == 6 {
            // What follows must be the suffix or nothing: a further group makes it another number.
            let last = i + 1 == groups.len();
            return if last && propose(scan, groups[0].start, group.end()) {
                i + 1
            } else {
                0
            };
        }
        if digits > 6 {
            break;
        }
    }
    0
}

/// Finds a number that stands glued to further letters (`refAB123456Cend`); the six digits end here.
pub(crate) fn recognise_glued(scan: &mut Scan<'_>, end: usize) {
    if end >= 8 {
        propose(scan, end - 6, end);
    }
}

/// Proposes the letters, digits and suffix around six digits.
fn propose(scan: &mut Scan<'_>, digits: usize, digits_end: usize) -> bool {
    let letters_end = digits - usize::from(is_separator(scan.before(digits)));
    let Some(start) = letters_end.checked_sub(2) else {
        return false;
    };
    let (a, b) = (scan.byte(start), scan.byte(start + 1));
    if !a.is_ascii_alphabetic() || !b.is_ascii_alphabetic() {
        return false;
    }
    let upper = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    let before = scan.before(start);
    // A capital behind a small letter begins a word of its own: `userAB123456C`.
    if before.is_ascii_alphanumeric() && !(upper && ends_word(scan, start)) {
        return false;
    }
    let suffix_at = digits_end + usize::from(is_separator(scan.byte(digits_end)));
    let letter = scan.byte(suffix_at);
    let behind = scan.byte(suffix_at + 1);
    let same_case = letter.is_ascii_uppercase() == upper;
    // A small letter goes on with a word that the number is glued into, and a capital before one begins the next word.
    let next_word = behind.is_ascii_uppercase() && scan.byte(suffix_at + 2).is_ascii_lowercase();
    let apart = suffix_at > digits_end;
    let ends = !behind.is_ascii_alphanumeric()
        || (upper && !apart && (behind.is_ascii_lowercase() || next_word));
    let suffix = matches!(letter.to_ascii_uppercase(), b'A'..=b'D') && same_case && ends;
    if !suffix && !scan.ends(digits_end) {
        return false;
    }
    let end = if suffix { suffix_at + 1 } else { digits_end };
    if !upper && scan.is_in_uuid(start, end) {
        return false;
    }
    let letters = [a.to_ascii_uppercase(), b.to_ascii_uppercase()];
    let base = match (prefix(letters[0], letters[1]), upper, suffix) {
        (true, true, true) => 85,
        (true, true, false) => 35,
        (true, false, _) => NEEDS_EVIDENCE,
        // An official example, or a slip of the hand.
        (false, ..) if is_example(&letters) || (upper && suffix) => NEEDS_EVIDENCE,
        (false, ..) => return false,
    };
    let candidate = Candidate::new(Kind::Nino, start, end, base);
    scan.propose(candidate.shows(Evidence::RANGE))
}

/// Whether a word of small letters, or of several that begin with capitals, ends here: not so a piece of a token.
fn ends_word(scan: &Scan<'_>, end: usize) -> bool {
    const LONGEST: usize = 40;
    let run = scan.text()[end.saturating_sub(LONGEST)..end]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric());
    let mut len = 0;
    let mut capitals = 0;
    for byte in run {
        capitals = if byte.is_ascii_uppercase() {
            capitals + 1
        } else {
            0
        };
        if byte.is_ascii_digit() || capitals == 2 || (len == 0 && capitals == 1) {
            return false;
        }
        len += 1;
    }
    (2..LONGEST).contains(&len)
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
    fn a_prefix_that_was_never_issued_needs_evidence() {
        let text = "National Insurance number ZZ 12 34 56 A was refused";
        assert_eq!(crate::identifier::found(text), [("nino", "ZZ 12 34 56 A")]);
        assert_eq!(
            crate::identifier::found("batch ZZ 12 34 56 A was refused"),
            []
        );
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
    fn the_first_letter_of_the_next_word_is_no_suffix() {
        assert_eq!(crate::identifier::found("{Ref:OC929887 Count:6}"), []);
        assert_eq!(
            crate::identifier::found("{Nino:AB929887 Count:6}"),
            [("nino", "AB929887")]
        );
    }

    #[test]
    fn a_number_glued_into_words_is_found() {
        for text in [
            "userAB123456Cend",
            "getNinoAB123456CRecord",
            "applicationAB123456C",
            "upload_AB123456C_v2",
        ] {
            let findings = crate::Scanner::new().scan(text);
            assert_eq!(findings.len(), 1, "{text}");
            assert_eq!(&text[findings[0].start..findings[0].end], "AB123456C");
        }
        for text in ["XAB123456C", "AB123456CD", "userAB123456CDE", "xab123456c"] {
            assert!(crate::Scanner::new().scan(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn the_official_example_is_known_as_one() {
        assert!(is_example(b"QQ"));
        assert!(!is_example(b"AB"));
        assert!(!is_valid(b"QQ123456C"));
    }
}
