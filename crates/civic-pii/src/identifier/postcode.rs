//! Postcode: an outward part of two to four characters and an inward part of a digit and two letters.
//!
//! The outward part begins with one of 126 areas and is A9, A99, A9A, AA9, AA99 or AA9A; after a digit not every
//! letter may follow. The inward letters are never C, I, K, M, O or V. Crown dependencies (GY, IM, JE), forces' post
//! (BF) and the non-geographic BX count; `GIR 0AA`, once of Girobank, still does; Gibraltar's `GX11 1AA` is not British.
//!
//! Sources: <https://www.gov.uk/government/publications/uk-postcode-format>, BS 7666.

use crate::Evidence;
use crate::scanner::{Candidate, Scan};

use core::str::FromStr;

use super::ascii::{Ascii, is_one_of, letters, written};
use super::debug_as_marker;
use super::parse_error::{ParseError, Reason};
use crate::Kind;

/// A full postcode.
///
/// Takes 9 bytes and no heap. Whether mail is delivered there it does not say.
///
/// ```
/// use civic_pii::identifier::Postcode;
/// let postcode = Postcode::parse("sw1a2aa")?;
/// assert_eq!(postcode.expose(), "SW1A 2AA");
/// assert_eq!(format!("{postcode:?}"), "Postcode([POSTCODE])");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Postcode(Ascii<8>);

debug_as_marker!(Postcode, Postcode);

impl Postcode {
    /// Parses a postcode in capitals or not, with or without its space.
    ///
    /// # Errors
    ///
    /// If the area or the form does not exist. The error does not quote the text.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        spaced(text)
            .map(Self)
            .ok_or(ParseError::new(Kind::Postcode, Reason::Structure))
    }

    /// Capital letters and digits with one space before the inward part.
    pub fn expose(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for Postcode {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Whether 5 to 7 characters without a space are a postcode.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    match canonical
        .len()
        .checked_sub(3)
        .and_then(|at| canonical.split_at_checked(at))
    {
        Some((first, last)) => (outward(first) && inward(last)) || canonical == b"GIR0AA",
        None => false,
    }
}

/// Whether two to four capitals and digits are an outward part of a real area; `GIR` is not one.
pub(crate) fn outward(bytes: &[u8]) -> bool {
    const AFTER_ONE_LETTER: u32 = letters(b"ABCDEFGHJKPSTUW");
    const AFTER_TWO_LETTERS: u32 = letters(b"ABEHMNPRVWXY");
    let (known, district, last) = match bytes {
        [a, district @ ..] if district.first().is_some_and(u8::is_ascii_digit) => {
            (area(*a, None), district, AFTER_ONE_LETTER)
        }
        [a, b, district @ ..] => (area(*a, Some(*b)), district, AFTER_TWO_LETTERS),
        _ => return false,
    };
    known
        && match district {
            [b'0'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'] => true,
            // W1M to W1Y were districts until 2000, and still stand in old records.
            [b'1', b'M' | b'N' | b'R' | b'V' | b'X' | b'Y'] if bytes[0] == b'W' => bytes.len() == 3,
            [b'0'..=b'9', letter] => is_one_of(last, *letter),
            _ => false,
        }
}

/// Whether three characters are a digit and two letters of the inward part.
pub(crate) fn inward(bytes: &[u8]) -> bool {
    const LETTERS: u32 = letters(b"ABDEFGHJLNPQRSTUWXYZ");
    matches!(bytes, [b'0'..=b'9', a, b] if is_one_of(LETTERS, *a) && is_one_of(LETTERS, *b))
}

/// The areas: one set per first letter, with bit 26 for an area of that letter alone.
const AREAS: [u32; 26] = area_sets(&[
    "AB", "AL", "B", "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "BX", "CA", "CB",
    "CF", "CH", "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT",
    "DY", "E", "EC", "EH", "EN", "EX", "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP",
    "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD",
    "LE", "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW",
    "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK",
    "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR",
    "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
]);

/// Bit of an area that is a single letter.
const ALONE: u32 = 1 << 26;

const fn area_sets(areas: &[&str]) -> [u32; 26] {
    let mut sets = [0; 26];
    let mut at = 0;
    while at < areas.len() {
        let area = areas[at].as_bytes();
        let second = if area.len() == 1 {
            ALONE
        } else {
            1 << (area[1] - b'A')
        };
        sets[(area[0] - b'A') as usize] |= second;
        at += 1;
    }
    sets
}

fn area(first: u8, second: Option<u8>) -> bool {
    let Some(set) = AREAS.get(first.wrapping_sub(b'A') as usize) else {
        return false;
    };
    match second {
        None => set & ALONE != 0,
        Some(letter) => is_one_of(*set & !ALONE, letter),
    }
}

fn spaced(text: &str) -> Option<Ascii<8>> {
    let canonical = written::<7>(text)?;
    let bytes = canonical.as_bytes();
    if !is_valid(bytes) {
        return None;
    }
    let (first, last) = bytes.split_at(bytes.len() - 3);
    let mut spaced = Ascii::from_bytes(first)?;
    (spaced.push(b' ') && spaced.extend(last)).then_some(spaced)
}

/// Whether the digit and two letters that end here may be an inward part: none of the letters is C, I, K, M, O or V, and
/// what stands before may end an outward part.
#[inline]
pub(crate) fn may_end(text: &[u8], end: usize) -> bool {
    const NEVER: u32 = 1 << 3 | 1 << 9 | 1 << 11 | 1 << 13 | 1 << 15 | 1 << 22;
    if (1 << (text[end - 2] & 31) | 1 << (text[end - 1] & 31)) & NEVER != 0 || end < 5 {
        return false;
    }
    let byte = |back: usize| (end - 3).checked_sub(back).map_or(0, |at| text[at]);
    let apart = usize::from(!byte(1).is_ascii_alphanumeric());
    let (last, second, third, fourth) = (
        byte(apart + 1),
        byte(apart + 2),
        byte(apart + 3),
        byte(apart + 4),
    );
    if !last.is_ascii_alphanumeric() {
        // Two separators, or nothing.
        return apart == 1 && byte(3).is_ascii_alphanumeric();
    }
    second.is_ascii_alphabetic()
        || (second.is_ascii_digit()
            && (third.is_ascii_alphabetic()
                || (third.is_ascii_digit() && fourth.is_ascii_alphabetic())))
}

/// Finds a postcode whose last letter stands before this place.
pub(crate) fn recognise(scan: &mut Scan<'_>, end: usize) {
    let text = scan.text();
    let inward_start = end - 3;
    let mut tail = [0; 3];
    tail.copy_from_slice(&text[inward_start..end]);
    tail.make_ascii_uppercase();
    if !inward(&tail) {
        return;
    }
    let mut outward_end = inward_start;
    while outward_end > 0
        && inward_start - outward_end < 2
        && matches!(text[outward_end - 1], b' ' | b'+' | b'-' | b'.')
    {
        outward_end -= 1;
    }
    let apart = outward_end < inward_start;
    let mut start = outward_end;
    while outward_end - start < 4 && scan.before(start).is_ascii_alphanumeric() {
        start -= 1;
    }
    if !scan.begins(start) {
        return;
    }
    let mut letters = [0; 4];
    let written = &text[start..outward_end];
    letters[..written.len()].copy_from_slice(written);
    letters.make_ascii_uppercase();
    let girobank = letters == *b"GIR\0" && text[inward_start..end].eq_ignore_ascii_case(b"0AA");
    if !girobank && !outward(&letters[..written.len()]) {
        return;
    }
    let value = &text[start..end];
    let upper = !value.iter().any(u8::is_ascii_lowercase);
    let base = match (apart, upper) {
        (true, true) => 75,
        (true, false) if written.len() == 2 && reads_as_prose(&text[inward_start..end]) => 35,
        (true, false) => 60,
        // Six or seven hexadecimal digits are more often a piece of a hash.
        (false, true) if value.iter().all(u8::is_ascii_hexdigit) => 52,
        (false, true) => 62,
        (false, false) => 38,
    };
    let candidate = Candidate::new(Kind::Postcode, start, end, base).shows(Evidence::RANGE);
    scan.propose(if apart {
        candidate.shows(Evidence::GROUPS)
    } else {
        candidate.bare()
    });
}

/// Whether the inward part in small letters is an ordinal or a unit: `the b1 2nd`, `s3 2gb`.
fn reads_as_prose(inward: &[u8]) -> bool {
    let letters = [
        inward[1].to_ascii_lowercase(),
        inward[2].to_ascii_lowercase(),
    ];
    matches!(
        &letters,
        b"st"
            | b"nd"
            | b"rd"
            | b"th"
            | b"gb"
            | b"tb"
            | b"pb"
            | b"hz"
            | b"px"
            | b"ns"
            | b"us"
            | b"hr"
            | b"pt"
            | b"ft"
            | b"gs"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_six_forms_of_the_official_page_parse() {
        for text in [
            "M1 1AA", "M60 1NW", "CR2 6XH", "DN55 1PD", "W1A 1HQ", "EC1A 1BB",
        ] {
            assert_eq!(Postcode::parse(text).unwrap().expose(), text);
        }
    }

    #[test]
    fn the_forms_that_people_write_are_one_postcode() {
        for text in [
            "SW1A2AA",
            "sw1a 2aa",
            " SW1A  2AA ",
            "SW1A-2AA",
            "SW1A\u{a0}2AA",
        ] {
            assert_eq!(
                Postcode::parse(text).unwrap().expose(),
                "SW1A 2AA",
                "{text}"
            );
        }
    }

    #[test]
    fn places_with_rules_of_their_own() {
        for text in [
            "GIR 0AA", "BF1 1AA", "BX9 1AS", "W1N 4DJ", "JE2 3AB", "GY1 1AA", "IM1 1AG", "BT1 5GS",
        ] {
            assert!(Postcode::parse(text).is_ok(), "{text}");
        }
        for text in [
            "GX11 1AA", "GIR 0AB", "ASCN 1ZZ", "XX1 1AA", "D1 1AA", "QC1 1AA",
        ] {
            assert!(Postcode::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn letters_have_their_places() {
        for text in [
            "SW1A 2CA",
            "SW1A 2AV",
            "SW1A AAA",
            "SW1C 2AA",
            "W1Z 1AA",
            "WC1N1 1AA",
            "W2N 1AA",
            "M01 1AA",
            "M123 1AA",
            "SW1AA 2AA",
            "SW 2AA",
            "1AA",
            "",
            "H264",
            "M4A",
            "X509",
        ] {
            assert!(Postcode::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_table_holds_126_areas() {
        let areas: u32 = AREAS.iter().map(|set| set.count_ones()).sum();
        assert_eq!(areas, 126);
    }

    #[test]
    fn parts_can_be_asked_apart() {
        assert!(
            outward(b"SW1A")
                && outward(b"N1")
                && !outward(b"GIR")
                && !outward(b"")
                && !outward(b"S")
        );
        assert!(inward(b"2AA") && !inward(b"2A") && !inward(b"AAA") && !inward(b"2AAA"));
        assert!(!outward(b"\xff\xff1") && !outward(b"A\xff1"));
    }
}
