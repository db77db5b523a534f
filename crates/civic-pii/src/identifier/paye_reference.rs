//! Employer PAYE reference: three digits of a tax office, a slash, and one to ten letters and digits.
//!
//! It names an employer, who may be one person with one carer. There is no check digit.
//!
//! Source: <https://www.gov.uk/new-employee/employer-paye-reference>.

use crate::Kind;
use crate::scanner::{Candidate, NEEDS_EVIDENCE, Scan};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// An employer's PAYE reference.
///
/// Takes 15 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::PayeReference;
/// let reference = PayeReference::parse("123/ab 456")?;
/// assert_eq!(reference.expose(), "123/AB456");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct PayeReference(Ascii<14>);

identifier! {
    /// Three digits, a slash, capital letters and digits; no spaces.
    PayeReference, PayeReference, written
}

/// Whether the characters, slash included, have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [a, b, c, b'/', employer @ ..]
        if all_digits(&[*a, *b, *c])
            && (1..=10).contains(&employer.len())
            && employer.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a reference; the first letter or digit behind its slash stands here. With spaces around the slash, or a hyphen in
/// its place, it needs evidence.
pub(crate) fn recognise(scan: &mut Scan<'_>, behind_slash: usize) {
    let text = scan.text();
    let (start, slash) = match text[behind_slash - 1] {
        b'/' | b'-' => (behind_slash - 4, behind_slash - 1),
        _ => (behind_slash - 6, behind_slash - 2),
    };
    // A date or a fraction is no reference.
    let office = text[start..start + 3].iter().all(u8::is_ascii_digit);
    if !office || !scan.begins(start) || matches!(scan.before(start), b'.' | b'-') {
        return;
    }
    // A slash that was encoded is part of the value; the others of a longer path are not.
    let encoded = scan.was_encoded(slash);
    let before = scan.before(start);
    let mut path = before == b'/' && !encoded;
    path |= before == b':' && scan.before(start - 1).is_ascii_digit();
    path |= text[behind_slash - 1] != b'/';
    let len = text[behind_slash..]
        .iter()
        .take(11)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let end = behind_slash + len;
    let reference = &text[behind_slash..end];
    let has_letter = reference.iter().any(u8::is_ascii_alphabetic);
    let has_digit = reference.iter().any(u8::is_ascii_digit);
    if !(2..=10).contains(&len)
        || matches!(scan.byte(end), b'-' | b'_')
        || !(has_letter && has_digit)
    {
        return;
    }
    let letters = reference
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let digits = reference[letters..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let usual =
        (1..=2).contains(&letters) && (3..=7).contains(&digits) && len - letters - digits <= 1;
    path |= scan.byte(end) == b'/' && !encoded;
    let upper = !reference.iter().any(u8::is_ascii_lowercase);
    let base = if usual && upper && !path {
        56
    } else {
        NEEDS_EVIDENCE - 5
    };
    scan.propose(Candidate::new(Kind::PayeReference, start, end, base).bare());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn office_slash_and_employer_make_a_reference() {
        for text in ["123/A", "123/AB456", "961/1234567890", "123 / AB 456"] {
            assert!(PayeReference::parse(text).is_ok(), "{text}");
        }
        for text in [
            "123/",
            "12/AB456",
            "123AB456",
            "123/AB/456",
            "A23/AB456",
            "123/ABCDEFGHIJK",
            "",
        ] {
            assert!(
                PayeReference::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("employer reference 111 / OL18478 here", "111 / OL18478"),
            ("employer reference 605-DH44710", "605-DH44710"),
            ("params: $1 = '829/TF6982'", "829/TF6982"),
            ("/paye-ref/880%2FU350/x", "880%2FU350"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("paye-reference", value)],
                "{text}"
            );
        }
        for text in [
            "row 111 / OL18478",
            "605-DH44710",
            "GET /v1/829/TF6982/x",
            "404 / notfound9",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "paye-reference"),
                "{text}"
            );
        }
    }
}
