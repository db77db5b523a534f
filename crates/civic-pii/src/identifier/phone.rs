//! Telephone number: a British number in any written form, or an international one behind `+` or `00`.
//!
//! Without the 0 in front a British number has ten digits, some old ones in 01 and 0800 nine: 01 and 02 geographic, 03
//! non-geographic, 055 and 056 corporate and internet, 07 mobile and personal, 080, 084 and 087 special, 090, 091 and
//! 098 premium. Ofcom's numbers for drama are valid here, though libraries that follow the assigned blocks refuse them.
//! An international number is a country code and 7 to 15 digits in all (E.164).
//!
//! Sources: <https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbering-plan>,
//! <https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama>, ITU-T E.164.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Number, Scan};

use super::ascii::{Ascii, is_separator};
use super::checksum::{all_digits, number};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A telephone number in its international form.
///
/// Takes 17 bytes and no heap. A number without `+` or `00` is read as British. Short numbers such as 111 are not
/// taken, and extensions neither.
///
/// ```
/// use civic_pii::identifier::Phone;
/// let phone = Phone::parse("(020) 7946 0018")?;
/// assert_eq!(phone.expose(), "+442079460018");
/// assert_eq!(phone, Phone::parse("+44 (0)20 7946 0018")?);
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Phone(Ascii<16>);

identifier! {
    /// `+`, country code and number, without spaces (E.164).
    Phone, Phone, canonical
}

/// Whether the bytes are `+` and an international number, or `0` and a British one.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    match canonical {
        [b'+', digits @ ..] => international(digits),
        [b'0', digits @ ..] => uk_national(digits),
        _ => false,
    }
}

/// Whether the digits after the leading zero are a British number of a range that is in use.
pub(crate) fn uk_national(digits_without_leading_zero: &[u8]) -> bool {
    let digits = digits_without_leading_zero;
    if !all_digits(digits) {
        return false;
    }
    match digits.len() {
        10 => match digits[0] {
            b'1' => digits[1] != b'0',
            b'2' => matches!(digits[1], b'0' | b'3' | b'4' | b'8' | b'9'),
            b'3' => matches!(digits[1], b'0' | b'3' | b'4' | b'7'),
            b'5' => matches!(digits[1], b'5' | b'6'),
            b'7' => true,
            b'8' => matches!(digits[1], b'0' | b'4' | b'7'),
            b'9' => matches!(digits[1], b'0' | b'1' | b'8'),
            _ => false,
        },
        // Area codes of five digits with five-digit numbers, of which cities (011x, 01x1) have none; old freephone.
        9 => match digits[0] {
            b'1' => digits[1] > b'1' && digits[2] != b'1',
            _ => digits.starts_with(b"800"),
        },
        _ => false,
    }
}

/// Whether the digits after `+` begin with a country code and are long enough; British ones obey the British rule.
pub(crate) fn international(digits_without_plus: &[u8]) -> bool {
    let digits = digits_without_plus;
    if !(7..=15).contains(&digits.len()) || !all_digits(digits) {
        return false;
    }
    match digits {
        [b'4', b'4', b'0', rest @ ..] | [b'4', b'4', rest @ ..] => uk_national(rest),
        [b'1', national @ ..] => north_american(national),
        [b'7', ..] => digits.len() == 11,
        _ => country_code(&digits[..3]),
    }
}

/// Whether the digits are ten, of which area and exchange begin with 2 to 9.
fn north_american(digits: &[u8]) -> bool {
    matches!(digits, [b'2'..=b'9', _, _, b'2'..=b'9', ..]) && digits.len() == 10
}

/// Whether the first three digits begin with a country code, beside 1 and 7, which are alone.
fn country_code(first_three: &[u8]) -> bool {
    matches!(
        number(first_three),
        200..=209
            | 211..=213
            | 216
            | 218
            | 220..=258
            | 260..=279
            | 290..=291
            | 297..=383
            | 385..=387
            | 389..=421
            | 423
            | 430..=670
            | 672..=692
            | 800
            | 808
            | 810..=829
            | 840..=850
            | 852..=853
            | 855..=856
            | 860..=870
            | 878
            | 880..=883
            | 886
            | 888
            | 900..=968
            | 970..=977
            | 979..=989
            | 992..=996
            | 998
    )
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// `+` and digits, whatever stood between them and whichever prefix was dialled.
fn canonical(text: &str) -> Option<Ascii<16>> {
    let mut dialled = Ascii::<20>::new();
    for character in text.chars() {
        match character {
            '0'..='9' => dialled.push(character as u8).then_some(())?,
            '+' if dialled.as_bytes().is_empty() => dialled.push(b'+').then_some(())?,
            '.' | '(' | ')' | '/' => {}
            other if is_separator(other) => {}
            _ => return None,
        }
    }
    let (country, digits): (&[u8], &[u8]) = match dialled.as_bytes() {
        [b'+', b'4', b'4', b'0', digits @ ..] | [b'0', b'0', b'4', b'4', b'0', digits @ ..] => {
            (b"44", digits)
        }
        [b'+', digits @ ..] | [b'0', b'0', digits @ ..] => (b"", digits),
        [b'0', digits @ ..] => (b"44", digits),
        _ => return None,
    };
    let mut canonical = Ascii::from_bytes(b"+")?;
    (canonical.extend(country) && canonical.extend(digits)).then_some(canonical)
}

/// Fewest digits of a number of this country, with its zero.
const SHORTEST: usize = 10;
/// Most digits of a number with an international prefix.
const LONGEST: usize = 17;

/// Finds a number that begins with `0`, with `+`, or behind an area code in brackets; returns how many groups it has.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let start = groups[0].start;
    let mut before = scan.before(start);
    if before == b'+' {
        match scan.before(start - 1) {
            // A space in the query of an address.
            b')' => before = b')',
            behind if behind.is_ascii_alphanumeric() => before = b' ',
            _ => return behind_plus(scan, groups),
        }
    }
    if before == b')' || (before == b' ' && scan.before(start - 1) == b')') {
        return behind_brackets(scan, groups);
    }
    let mut total = 0;
    let fitting = groups.iter().take(6).take_while(|group| {
        total += group.len;
        total <= LONGEST
    });
    for count in (1..=fitting.count()).rev() {
        let number = Number::of(scan.text(), &groups[..count]);
        if number.digits().len() < SHORTEST {
            return 0;
        }
        let [b'0', rest @ ..] = number.digits() else {
            return 0;
        };
        if rest.is_empty() {
            return 0;
        }
        let valid = match rest {
            [b'0', abroad @ ..] => {
                abroad.len() >= 10
                    && (before != b'/' || count > 1 || abroad.starts_with(b"44"))
                    && international(abroad)
            }
            _ => uk_national(rest),
        };
        let abroad = rest[0] == b'0';
        // `JD0049261171856496` is a parcel; a status follows a path, `/01827438 200`.
        let reference = abroad && before.is_ascii_alphabetic();
        let status = before == b'/'
            && groups[..count - 1]
                .iter()
                .any(|group| group.separator == b' ' && !scan.was_encoded(group.end()));
        if valid
            && !reference
            && !status
            && spoken(groups, count, abroad)
            && scan.ends(number.end)
            && !is_part_of_number(scan, start)
        {
            let base = match (number.is_bare(), abroad, rest.len()) {
                (false, ..) => 75,
                // Zeros fill many a reference up.
                (true, true, _) => 52,
                // Few numbers are a digit short.
                (true, false, 9) => 45,
                (true, false, _) => 72,
            };
            return if scan.propose_number(Kind::Phone, &number, base, false, true) {
                count
            } else {
                0
            };
        }
    }
    0
}

/// Finds a number without separators that lost its zero, or that begins with the country's code.
pub(crate) fn recognise_bare(scan: &mut Scan<'_>, number: &Number) -> bool {
    match number.digits() {
        digits if digits.len() == 10 && digits[0] != b'0' => {
            uk_national(digits) && scan.propose_number(Kind::Phone, number, 20, false, true)
        }
        [b'4', b'4', rest @ ..] if rest.len() == 10 => {
            uk_national(rest)
                && !is_cloud_account(scan, number)
                && scan.propose_number(Kind::Phone, number, 60, false, true)
        }
        _ => false,
    }
}

/// Finds ten digits as North America writes them, `202-555-0123`, where a name or a word tells what they are.
pub(crate) fn recognise_north_american(scan: &mut Scan<'_>, number: &Number) -> bool {
    north_american(number.digits())
        && scan.propose_number(Kind::Phone, number, NEEDS_EVIDENCE, false, true)
}

/// Longest host of a URL that is looked for before an account.
const LONGEST_HOST: usize = 64;

/// Whether twelve digits stand where the name of a cloud's resource has its account: `arn:aws:sns:eu-west-2:441291486947:topic`,
/// or directly behind a host, `https://sqs.example/441291486947/topic`.
fn is_cloud_account(scan: &Scan<'_>, number: &Number) -> bool {
    let (start, end) = (number.start, number.end);
    if scan.before(start) == b':' {
        return scan.byte(end) == b':';
    }
    if scan.before(start) != b'/' || scan.byte(end) != b'/' {
        return false;
    }
    let head = &scan.text()[start.saturating_sub(LONGEST_HOST)..start - 1];
    head.iter()
        .rposition(|byte| *byte == b'/')
        .is_some_and(|slash| head[..slash].ends_with(b":/"))
}

fn behind_plus(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    for count in (1..=groups.len()).rev() {
        let number = Number::of(scan.text(), &groups[..count]);
        if international(number.digits()) && spoken(groups, count, true) && scan.ends(number.end) {
            // Short ones look like build numbers and differences.
            let base = if number.digits().len() < 10 && number.is_bare() {
                45
            } else {
                80
            };
            let candidate = Candidate::new(Kind::Phone, number.start - 1, number.end, base)
                .shows(Evidence::RANGE);
            return if scan.propose(candidate) { count } else { 0 };
        }
    }
    0
}

/// `(020) 7946 0000`, `+44 (0)20 7946 0000`, `+44(20)7946 0000`.
fn behind_brackets(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let text = scan.text();
    let mut close = groups[0].start;
    // At most a space or a hyphen stands between.
    close -= usize::from(scan.before(close) != b')');
    let Some(open) = text[close.saturating_sub(8)..close]
        .iter()
        .rposition(|byte| *byte == b'(')
    else {
        return 0;
    };
    let open = close.saturating_sub(8) + open;
    let area = &text[open + 1..close - 1];
    if !area.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    // A country's code may stand before the bracket.
    let mut start = open;
    let code_end = open - usize::from(scan.before(open) == b' ');
    let code_start = text[..code_end]
        .iter()
        .rposition(|byte| !byte.is_ascii_digit())
        .map_or(0, |i| i + 1);
    let code = &text[code_start.max(code_end.saturating_sub(4))..code_end];
    let plus = scan.before(code_start) == b'+';
    let abroad = !code.is_empty() && (plus || code.starts_with(b"00"));
    if abroad {
        start = code_start - usize::from(plus);
    }
    for count in (1..=groups.len().min(5)).rev() {
        let number = Number::of(text, &groups[..count]);
        let mut digits = [0; 24];
        let mut len = 0;
        let area = if abroad {
            area.strip_prefix(b"0").unwrap_or(area)
        } else {
            area
        };
        let code = if abroad {
            code.strip_prefix(b"00").unwrap_or(code)
        } else {
            b""
        };
        for byte in code.iter().chain(area).chain(number.digits()) {
            if len < digits.len() {
                digits[len] = *byte;
                len += 1;
            }
        }
        let base = match &digits[..len] {
            digits if abroad => international(digits).then_some(80),
            [b'0', rest @ ..] => uk_national(rest).then_some(80),
            // `(202) 555-0123` may be many a thing.
            digits => north_american(digits).then_some(NEEDS_EVIDENCE),
        };
        if let Some(base) = base
            && scan.ends(number.end)
        {
            let candidate =
                Candidate::new(Kind::Phone, start, number.end, base).shows(Evidence::RANGE);
            return if scan.propose(candidate) { count } else { 0 };
        }
    }
    0
}

/// Whether the digits continue a number that began before, such as a range of bytes: `2424433-0049..`; or the second of
/// two names: `0eccd9d..0056080`.
fn is_part_of_number(scan: &Scan<'_>, start: usize) -> bool {
    matches!(scan.before(start), b'-' | b'.' | b'/')
        && (scan.before(start - 1).is_ascii_digit() || scan.before(start - 1) == b'.')
}

/// Whether people would write a number in these groups: at least two digits each, but for an area's behind a country's,
/// never a comma between, and at
/// most one slash.
fn spoken(groups: &[Group], count: usize, abroad: bool) -> bool {
    groups[..count]
        .iter()
        .enumerate()
        .all(|(i, group)| group.len >= 2 || (i <= 2 && abroad))
        && groups[..count - 1]
            .iter()
            .filter(|group| group.separator == b'/')
            .count()
            < 2
        && groups[..count - 1].iter().all(|group| {
            group.separator != b',' && (group.separator == b'.') == (groups[0].separator == b'.')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_write_are_one_number() {
        for text in [
            "020 7946 0018",
            "02079460018",
            "(020) 7946-0018",
            "+44 20 7946 0018",
            "+44 (0)20 7946 0018",
            "0044 20 7946 0018",
            "020.7946.0018",
            "00 44 (0) 20 7946 0018",
        ] {
            assert_eq!(
                Phone::parse(text).unwrap().expose(),
                "+442079460018",
                "{text}"
            );
        }
    }

    #[test]
    fn all_of_ofcoms_numbers_for_drama_are_valid() {
        for text in [
            "0113 496 0000",
            "0114 496 0999",
            "0115 496 0123",
            "0116 496 0123",
            "0117 496 0123",
            "0118 496 0123",
            "0121 496 0123",
            "0131 496 0123",
            "0141 496 0123",
            "0151 496 0123",
            "0161 496 0123",
            "020 7946 0123",
            "0191 498 0123",
            "028 9649 6123",
            "029 2018 0123",
            "01632 960123",
            "07700 900123",
            "08081 570123",
            "0909 8790123",
            "03069 990123",
        ] {
            assert!(Phone::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn numbers_of_other_countries_need_their_code() {
        for text in [
            "+1 202 555 0123",
            "+33 1 99 00 12 34",
            "+353 1 234 5678",
            "00 49 30 1234567",
            "+7 912 345 67 89",
        ] {
            assert!(Phone::parse(text).is_ok(), "{text}");
        }
        for text in [
            "+1 102 555 0123",
            "+999 1234567",
            "+210 1234567",
            "+33 12",
            "+1234567890123456",
            "+44 6 1234 5678",
        ] {
            assert!(Phone::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_no_range_holds_is_refused() {
        for text in [
            "",
            "999",
            "0000000000",
            "00000 000000",
            "04123 456789",
            "06123 456789",
            "0700 900 12",
            "01011 123456",
            "02579 460018",
            "07700 900 1234",
            "7700 900123",
            "020 7946 001x",
            "0 + 44 20 7946 0018",
        ] {
            assert!(Phone::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn an_area_code_in_brackets_belongs_to_the_number() {
        for value in [
            "(0141) 4960123",
            "(0141)4960123",
            "(0117) 496 0123",
            "(01632) 960123",
            "(020) 79460018",
        ] {
            let text = format!("call {value} now");
            assert_eq!(crate::identifier::found(&text), [("phone", value)]);
        }
    }

    #[test]
    fn some_old_numbers_are_a_digit_short() {
        assert!(uk_national(b"169772345") && uk_national(b"800123456"));
        assert!(
            !uk_national(b"121496012") && !uk_national(b"113496012") && !uk_national(b"207946001")
        );
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("call +33 1 99 00 12 34", "+33 1 99 00 12 34"),
            ("call +353 1 881 7641", "+353 1 881 7641"),
            ("?tel=(020)+7946+0018&x", "(020)+7946+0018"),
            ("call 07700 900123", "07700 900123"),
            ("My phone number is 202-555-0123", "202-555-0123"),
            ("phone: (202) 555-0123", "(202) 555-0123"),
            ("mobile=13912345678", "13912345678"),
        ] {
            assert_eq!(crate::identifier::found(text), [("phone", value)], "{text}");
        }
        for text in [
            "serde-2.64.74-rc.2+3359634",
            "bytes 2424433-00491988/766734304",
            "peers 10.190.0.14 192.168.93.134",
            "pipeline 0194227613 passed",
            "batch 202-555-0123 of (202) 555-0123",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(kinds.iter().all(|(kind, _)| *kind != "phone"), "{text}");
        }
    }
}
