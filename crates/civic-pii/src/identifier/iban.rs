//! International bank account number: country, two check digits, and an account of the length its country has.
//!
//! Moved to the end, the first four characters make the whole a number with the remainder 1 by 97. A British one has
//! 22 characters: four letters of the bank, six digits of sort code and eight of account.
//!
//! Countries that use the form without being in the registry, most of them in Africa, count too.
//!
//! Source: the registry of SWIFT,
//! <https://www.swift.com/standards/data-standards/iban-international-bank-account-number>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Prefix, Scan, canonical, is_separator};

use super::ascii::{Ascii, written};
use super::checksum::{all_digits, mod97};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// An international bank account number.
///
/// Takes 35 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::Iban;
/// let iban = Iban::parse("gb82 west 1234 5698 7654 32")?;
/// assert_eq!(iban.expose(), "GB82WEST12345698765432");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Iban(Ascii<34>);

identifier! {
    /// Capital letters and digits without spaces.
    Iban, Iban, written
}

/// Whether the check digits match; `canonical` has capital letters and digits only.
pub(crate) fn checksum(canonical: &[u8]) -> bool {
    mod97(canonical)
}

/// Length of a country's numbers, check digits included, or `None` for a country without any.
pub(crate) fn length(country: [u8; 2]) -> Option<usize> {
    let row = usize::from(country[0].wrapping_sub(b'A'));
    let column = usize::from(country[1].wrapping_sub(b'A'));
    match LENGTHS.get(row)?.get(column)? {
        0 => None,
        length => Some(usize::from(*length)),
    }
}

/// Lengths by the two letters of the country; 0 where it has none.
const LENGTHS: [[u8; 26]; 26] = table(&[
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FK FO GL NL SD"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU MN XK"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ OM SO TL"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "AO CV GW LY MZ PT ST"),
    (26, "DZ IR IS TR"),
    (
        27,
        "BI CF CG CM DJ FR GA GF GP GQ GR IT KM MC MQ MR NC PF PM RE SM TD TF WF YT MG BL MF",
    ),
    (
        28,
        "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG",
    ),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (32, "LC"),
    (33, "RU"),
]);

const fn table(rows: &[(u8, &str)]) -> [[u8; 26]; 26] {
    let mut lengths = [[0; 26]; 26];
    let mut row = 0;
    while row < rows.len() {
        let (length, names) = rows[row];
        let names = names.as_bytes();
        let mut at = 0;
        while at + 1 < names.len() {
            lengths[(names[at] - b'A') as usize][(names[at + 1] - b'A') as usize] = length;
            at += 3;
        }
        row += 1;
    }
    lengths
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    let [a, b, c, d, account @ ..] = canonical else {
        return Err(Reason::Structure);
    };
    let shape = length([*a, *b]) == Some(canonical.len())
        && all_digits(&[*c, *d])
        && account
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && ([*a, *b] != *b"GB" || british(account));
    if !shape {
        Err(Reason::Structure)
    } else if checksum(canonical) {
        Ok(())
    } else {
        Err(Reason::Checksum)
    }
}

fn british(account: &[u8]) -> bool {
    account
        .split_at_checked(4)
        .is_some_and(|(bank, digits)| bank.iter().all(u8::is_ascii_uppercase) && all_digits(digits))
}

/// Whether the run of letters and digits that begins here may be a number: two capitals and two digits.
#[inline]
pub(crate) fn may_begin(text: &[u8], run: usize) -> bool {
    matches!(
        text[run..],
        [b'A'..=b'Z', b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9', ..]
    )
}

/// Finds the number that begins with this run; letters may stand anywhere in a foreign one.
pub(crate) fn recognise_run(scan: &mut Scan<'_>, run: usize) {
    if may_begin(scan.text(), run) {
        recognise_at(scan, run);
    }
}

/// Finds the number whose digits begin a chain behind these letters: the country's (`DE89`), or those of a bank that the
/// country's letters and check digits stand before (`GB82 WEST`, `GE29 NB00`, `IT60 X054`).
pub(crate) fn recognise(scan: &mut Scan<'_>, prefix: Prefix) -> bool {
    if !matches!(prefix.len, 1..=4) {
        return false;
    }
    if prefix.len == 2 && !prefix.apart && recognise_at(scan, prefix.start) {
        return true;
    }
    let digits = prefix.start - usize::from(is_separator(scan.before(prefix.start)));
    if let Some(start) = digits.checked_sub(4)
        && recognise_at(scan, start)
    {
        return true;
    }
    first_of_fours(scan, prefix).is_some_and(|start| recognise_at(scan, start))
}

/// Where the groups of four begin in which the letters before a chain stand, if they look like a number's beginning:
/// `RO49 AAAA 1B31`.
fn first_of_fours(scan: &Scan<'_>, prefix: Prefix) -> Option<usize> {
    const MOST: usize = 7;
    let text = scan.text();
    let mut start = prefix.start;
    while scan.before(start).is_ascii_alphanumeric() && prefix.start - start < 4 {
        start -= 1;
    }
    for _ in 0..MOST {
        let before = start.checked_sub(5)?;
        let is_group = is_separator(text[start - 1])
            && text[before..start - 1]
                .iter()
                .all(u8::is_ascii_alphanumeric);
        if !is_group {
            return None;
        }
        if may_begin(text, before) {
            return Some(before);
        }
        start = before;
    }
    None
}

fn recognise_at(scan: &mut Scan<'_>, start: usize) -> bool {
    let text = scan.text();
    let Some([a, b, c, d]) = text[start..].first_chunk() else {
        return false;
    };
    if !(a.is_ascii_alphabetic()
        && b.is_ascii_alphabetic()
        && c.is_ascii_digit()
        && d.is_ascii_digit())
    {
        return false;
    }
    let Some(length) = length([a.to_ascii_uppercase(), b.to_ascii_uppercase()]) else {
        return false;
    };
    if !scan.begins(start) {
        return false;
    }
    let mut buffer = [0; 34];
    let (canonical, end) = canonical(text, start, &mut buffer[..length.min(34)]);
    canonical.len() == length
        && scan.ends(end)
        && in_fours(&text[start..end])
        && checksum(canonical)
        && !scan.is_in_uuid(start, start + 4)
        && !scan.is_in_uuid(start, end)
        && scan.propose(Candidate::certain(Kind::Iban, start, end, 95).shows(Evidence::CHECKSUM))
}

/// Whether separators stand, if at all, behind every four characters.
fn in_fours(written: &[u8]) -> bool {
    written.iter().all(u8::is_ascii_alphanumeric)
        || written
            .iter()
            .enumerate()
            .all(|(i, byte)| byte.is_ascii_alphanumeric() == (i % 5 != 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_registry_parse() {
        for text in [
            "GB29 NWBK 6016 1331 9268 19",
            "NO93 8601 1117 947",
            "BE68 5390 0754 7034",
            "DE89 3704 0044 0532 0130 00",
            "FR14 2004 1010 0505 0001 3M02 606",
            "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
            "LC55 HEMM 0001 0001 0012 0012 0002 3015",
            "IE29 AIBK 9311 5212 3456 78",
        ] {
            assert!(Iban::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn errors_say_which_rule_failed() {
        assert!(
            Iban::parse("GB82WEST12345698765433")
                .unwrap_err()
                .is_checksum()
        );
        for text in [
            "GB82WEST1234569876543",
            "US82WEST12345698765432",
            "GB8",
            "GB82123412345698765432",
            "",
        ] {
            assert!(Iban::parse(text).unwrap_err().is_structure(), "{text}");
        }
        assert_eq!(length(*b"\xff\xff"), None);
        assert_eq!(length(*b"RU"), Some(33));
    }

    #[test]
    fn every_single_wrong_digit_is_seen() {
        let iban = *b"GB82WEST12345698765432";
        for place in (2..4).chain(8..iban.len()) {
            for wrong in b'0'..=b'9' {
                let mut typed = iban;
                typed[place] = wrong;
                assert_eq!(checksum(&typed), wrong == iban[place], "{place}");
            }
        }
    }

    #[test]
    fn the_first_groups_of_a_uuid_are_none() {
        for text in [
            "request_id=ba45d914-6398-48ac-8c8f-d16b7dd601c2",
            "GET /cases/15ae5f71-c8bf-41ff-aef1-be09b3758752 HTTP/1.1",
        ] {
            assert!(crate::Scanner::new().scan(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn letters_may_stand_anywhere_in_a_foreign_number() {
        // Examples of the registry of the standard.
        for iban in [
            "FR1420041010050500013M02606",
            "FR14 2004 1010 0505 0001 3M02 606",
            "IT60X0542811101000000123456",
            "IT60 X054 2811 1010 0000 0123 456",
            "BR1800360305000010009795493C1",
            "GE29NB0000000101904917",
            "GE29 NB00 0000 0101 9049 17",
            "RO49 AAAA 1B31 0075 9384 0000",
            "MU17 BOMM 0101 1010 3030 0200 000M UR",
        ] {
            let text = format!("paid to {iban}, ok");
            let findings = crate::Scanner::new().scan(&text);
            assert_eq!(findings.len(), 1, "{text}");
            assert_eq!(&text[findings[0].start..findings[0].end], iban);
        }
    }
}
