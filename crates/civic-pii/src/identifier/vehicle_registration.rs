//! Vehicle registration mark: the current form of 2001, prefix and suffix forms, dateless marks, Northern Ireland.
//!
//! Current: two letters, an age identifier (02 to 29, 51 to 79), three letters; no I or Q, and Z among the last three
//! only. Prefix (1983 to 2001): year letter, one to three digits, three letters; Q in front marks unknown age. Suffix
//! (1963 to 1983): the reverse. Dateless: up to three letters and four digits in either order, six characters in all.
//! Northern Ireland: two or three letters with an I or a Z, and up to four digits.
//!
//! Source: DVLA, INF104,
//! <https://www.gov.uk/government/publications/vehicle-registration-numbers-and-number-plates>.

use crate::Kind;
use crate::scanner::{Candidate, NEEDS_EVIDENCE, Scan};

use super::ascii::{Ascii, is_one_of, letters, written};
use super::checksum::{all_digits, number};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A vehicle registration mark of the United Kingdom.
///
/// Takes 8 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::{RegistrationStyle, VehicleRegistration};
/// let mark = VehicleRegistration::parse("bd51 smr")?;
/// assert_eq!(mark.expose(), "BD51SMR");
/// assert_eq!(mark.style(), RegistrationStyle::Current);
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VehicleRegistration(Ascii<7>);

identifier! {
    /// Two to seven capital letters and digits without spaces.
    VehicleRegistration, VehicleRegistration, written
}

impl VehicleRegistration {
    /// The form of the mark, which tells roughly when it was issued.
    #[expect(
        clippy::missing_panics_doc,
        reason = "parse refuses a mark without style"
    )]
    pub fn style(&self) -> RegistrationStyle {
        style(self.0.as_bytes()).expect("parse refuses a mark without style")
    }
}

/// The form of a registration mark.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationStyle {
    /// `AB12 CDE`, since September 2001.
    Current,
    /// `A123 BCD`, 1983 to 2001.
    Prefix,
    /// `Q123 BCD`, a vehicle of unknown age.
    UnknownAge,
    /// `ABC 123D`, 1963 to 1983.
    Suffix,
    /// `ABC 123` or `1234 AB`, before 1963 and personal marks.
    Dateless,
    /// `AIZ 1234`, Northern Ireland.
    NorthernIreland,
}

/// Whether the characters are a mark of any style.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    style(canonical).is_some()
}

/// The style of capitals and digits without a space, or `None` if they are no mark.
pub(crate) fn style(canonical: &[u8]) -> Option<RegistrationStyle> {
    if !(2..=7).contains(&canonical.len()) {
        return None;
    }
    let head = canonical
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let tail = canonical[head..]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let (first, rest) = canonical.split_at(head);
    let (digits, last) = rest.split_at(rest.len() - tail);
    if digits.is_empty() || !all_digits(digits) {
        return None;
    }
    if let ([a, b], 2, 3) = (first, digits.len(), tail) {
        let age = number(digits);
        let letters = [*a, *b].iter().all(|letter| is_one_of(PLAIN, *letter))
            && last.iter().all(|letter| is_one_of(PLAIN | Z, *letter));
        return (letters && matches!(age, 2..=29 | 51..=79)).then_some(RegistrationStyle::Current);
    }
    if digits[0] == b'0' {
        return None;
    }
    match (first, digits.len(), last) {
        ([b'Q'], 1..=3, [_, _, _]) if are_plain(last) => Some(RegistrationStyle::UnknownAge),
        ([year], 1..=3, [_, _, _]) if is_one_of(YEAR, *year) && are_plain(last) => {
            Some(RegistrationStyle::Prefix)
        }
        ([_, _, _], 1..=3, [year]) if is_one_of(YEAR, *year) && are_plain(first) => {
            Some(RegistrationStyle::Suffix)
        }
        (letters, 1..=4, []) | ([], 1..=4, letters) => undated(letters, digits.len()),
        _ => None,
    }
}

/// Whether the characters are up to three letters and four digits in either order, of any style that was never issued.
pub(crate) fn is_loosely_dateless(canonical: &[u8]) -> bool {
    let digits = canonical
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .count();
    let letters = canonical.len() - digits;
    let apart =
        |edge: &[u8]| edge.iter().all(u8::is_ascii_uppercase) && (1..=3).contains(&edge.len());
    (1..=4).contains(&digits)
        && (apart(&canonical[..letters]) && all_digits(&canonical[letters..])
            || apart(&canonical[digits..]) && all_digits(&canonical[..digits]))
}

/// Letters of a mark in Great Britain: A to Z without I, Q and Z.
const PLAIN: u32 = letters(b"ABCDEFGHJKLMNOPRSTUVWXY");
const Z: u32 = letters(b"Z");
const NORTHERN_IRELAND: u32 = letters(b"IZ");
/// Letters that stood for a year; O and U were never used for one.
const YEAR: u32 = letters(b"ABCDEFGHJKLMNPRSTVWXY");

fn undated(letters: &[u8], digits: usize) -> Option<RegistrationStyle> {
    if !(1..=3).contains(&letters.len()) {
        None
    } else if are_plain(letters) {
        (letters.len() + digits <= 6).then_some(RegistrationStyle::Dateless)
    } else {
        let irish = letters.len() >= 2
            && letters
                .iter()
                .all(|letter| is_one_of(PLAIN | NORTHERN_IRELAND, *letter));
        irish.then_some(RegistrationStyle::NorthernIreland)
    }
}

fn are_plain(letters: &[u8]) -> bool {
    letters.iter().all(|letter| is_one_of(PLAIN, *letter))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Whether a registration, or the year of a date in words, may end here: one is written in capitals or has the current style,
/// the other is of the last or this century.
#[inline]
pub(crate) fn may_end(text: &[u8], end: usize) -> bool {
    let byte = |back: usize| end.checked_sub(back).map_or(0, |at| text[at]);
    if byte(1).is_ascii_alphabetic() {
        let apart = usize::from(!byte(4).is_ascii_alphanumeric());
        return byte(1).is_ascii_uppercase()
            || (byte(apart + 4).is_ascii_digit() && byte(apart + 5).is_ascii_digit());
    }
    let letter = if byte(4).is_ascii_digit() {
        byte(6)
    } else {
        byte(5)
    };
    // The last letter of a word is none of a plate.
    let apart = if byte(4).is_ascii_digit() { 5 } else { 4 };
    let word = (1..=4).all(|back| byte(apart + back).is_ascii_alphabetic());
    (letter.is_ascii_uppercase() && !word)
        || (matches!(byte(4), b'1' | b'2') && matches!(byte(3), b'9' | b'0'))
}

/// Finds a registration that ends here.
pub(crate) fn recognise(scan: &mut Scan<'_>, end: usize) {
    let text = scan.text();
    // From the longest form, `AB12 CDE`, to the shortest that is looked for.
    for len in (4..=8).rev() {
        let Some(start) = end.checked_sub(len) else {
            continue;
        };
        if !scan.begins(start) {
            continue;
        }
        let mut canonical = [0; 8];
        let mut letters = 0;
        let mut separators = 0;
        for byte in &text[start..end] {
            if byte.is_ascii_alphanumeric() {
                canonical[letters] = byte.to_ascii_uppercase();
                letters += 1;
            } else if *byte == b' ' || *byte == b'-' || *byte == b'+' {
                separators += 1;
            } else {
                separators += 2;
            }
        }
        if separators > 1 || letters > 7 {
            continue;
        }
        let value = &text[start..end];
        let Some(style) = style(&canonical[..letters]) else {
            if separators == 1 && is_loosely_dateless(&canonical[..letters]) {
                scan.propose(Candidate::new(Kind::VehicleRegistration, start, end, 22).bare());
                return;
            }
            continue;
        };
        let upper = !value.iter().any(u8::is_ascii_lowercase);
        let hexadecimal = value.iter().all(u8::is_ascii_hexdigit);
        let base = match (style, upper, separators == 1) {
            (RegistrationStyle::Current, true, true) => 75,
            (RegistrationStyle::Current, true, false) if hexadecimal => 45,
            (RegistrationStyle::Current, true, false) => 65,
            (RegistrationStyle::Current, false, _) => 35,
            (RegistrationStyle::Prefix | RegistrationStyle::Suffix, true, true) => 55,
            // Five characters together are as often a piece of a token.
            (RegistrationStyle::Prefix | RegistrationStyle::Suffix, true, false) if letters < 6 => {
                NEEDS_EVIDENCE
            }
            (RegistrationStyle::Prefix | RegistrationStyle::Suffix, true, false) if hexadecimal => {
                35
            }
            (RegistrationStyle::Prefix | RegistrationStyle::Suffix, true, false) => 52,
            (_, true, _) => NEEDS_EVIDENCE - 5,
            // In small letters they are words and numbers of any kind; a key that names them is another matter.
            (_, false, _) => return,
        };
        scan.propose(Candidate::new(Kind::VehicleRegistration, start, end, base).bare());
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_is_told_from_the_others() {
        for (text, style) in [
            ("BD51 SMR", RegistrationStyle::Current),
            ("LK02 XYZ", RegistrationStyle::Current),
            ("A123 BCD", RegistrationStyle::Prefix),
            ("T1 ABC", RegistrationStyle::Prefix),
            ("Q123 BCD", RegistrationStyle::UnknownAge),
            ("ABC 123D", RegistrationStyle::Suffix),
            ("ABC 1D", RegistrationStyle::Suffix),
            ("A 1", RegistrationStyle::Dateless),
            ("ABC 123", RegistrationStyle::Dateless),
            ("1234 AB", RegistrationStyle::Dateless),
            ("AIZ 1234", RegistrationStyle::NorthernIreland),
            ("1234 BZ", RegistrationStyle::NorthernIreland),
            ("OI 1234", RegistrationStyle::NorthernIreland),
        ] {
            assert_eq!(
                VehicleRegistration::parse(text).unwrap().style(),
                style,
                "{text}"
            );
        }
    }

    #[test]
    fn ages_and_letters_that_were_never_issued_are_refused() {
        for text in [
            "AB01 CDE", "AB30 CDE", "AB50 CDE", "AB80 CDE", "AI12 CDE", "AQ12 CDE", "AZ12 CDE",
            "AB12 CIE", "AB12 CDQ", "O123 ABC", "U123 ABC", "Z123 ABC", "A123 BIC", "A0 BCD",
            "ABC 1234", "ABQ 123", "ABC", "123", "A1B2C3", "ABCD 123", "I 1", "A", "", "A12345",
        ] {
            assert!(
                VehicleRegistration::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("number plate 7281 DP seen", "7281 DP"),
            ("number_plate=KWD 6587 x", "KWD 6587"),
            ("BD51 SMR", "BD51 SMR"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("vehicle-registration", value)],
                "{text}"
            );
        }
        for text in ["took 7281 MB", "status ABC 1234", "row 7281 DP"] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds
                    .iter()
                    .all(|(kind, _)| *kind != "vehicle-registration"),
                "{text}"
            );
        }
    }
}
