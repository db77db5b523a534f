//! Telephone number: a British number in any written form, or an international one behind `+` or `00`.
//!
//! Without the 0 in front a British number has ten digits, some old ones in 01 and 0800 nine: 01 and 02 geographic, 03
//! non-geographic, 055 and 056 corporate and internet, 07 mobile and personal, 080, 084 and 087 special, 090, 091 and
//! 098 premium. Ofcom's numbers for drama are valid here, though libraries that follow the assigned blocks refuse them.
//! An international number is a country code and 7 to 15 digits in all (E.164).
//!
//! Sources: <https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbering-plan>,
//! <https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama>, ITU-T E.164.

use super::ascii::{Ascii, is_separator};
use super::checksum::all_digits;
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
        // North America: ten digits, of which area and exchange begin with 2 to 9.
        [b'1', area, _, _, exchange, ..] => {
            digits.len() == 11 && (b'2'..=b'9').contains(area) && (b'2'..=b'9').contains(exchange)
        }
        [b'7', ..] => digits.len() == 11,
        [a, b, c, ..] => country_code(*a, *b, *c),
        _ => false,
    }
}

/// Whether two or three digits are a country code, beside 1 and 7, which are alone.
fn country_code(a: u8, b: u8, c: u8) -> bool {
    match (a, b) {
        (b'2', b'0' | b'7')
        | (b'3', b'0'..=b'4' | b'6' | b'9')
        | (b'4', b'0' | b'1' | b'3'..=b'9')
        | (b'5', b'1'..=b'8')
        | (b'6', b'0'..=b'6')
        | (b'8', b'1' | b'2' | b'4' | b'6')
        | (b'9', b'0'..=b'5' | b'8') => true,
        (b'2', b'1') => matches!(c, b'1'..=b'3' | b'6' | b'8'),
        (b'2', b'2' | b'3' | b'4' | b'6') | (b'3', b'5') | (b'5', b'0' | b'9') => true,
        (b'2', b'5') => c != b'9',
        (b'2', b'9') => matches!(c, b'0' | b'1' | b'7'..=b'9'),
        (b'3', b'7') => true,
        (b'3', b'8') => matches!(c, b'0'..=b'3' | b'5'..=b'7' | b'9'),
        (b'4', b'2') => matches!(c, b'0' | b'1' | b'3'),
        (b'6', b'7') => matches!(c, b'0' | b'2'..=b'9'),
        (b'6', b'8') => true,
        (b'6', b'9') => matches!(c, b'0'..=b'2'),
        (b'8', b'0') => matches!(c, b'0' | b'8'),
        (b'8', b'5') => matches!(c, b'0' | b'2' | b'3' | b'5' | b'6'),
        (b'8', b'7') => matches!(c, b'0' | b'8'),
        (b'8', b'8') => matches!(c, b'0'..=b'3' | b'6' | b'8'),
        (b'9', b'6') => c != b'9',
        (b'9', b'7') => matches!(c, b'0'..=b'7' | b'9'),
        (b'9', b'9') => matches!(c, b'2'..=b'6' | b'8'),
        _ => false,
    }
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
    fn some_old_numbers_are_a_digit_short() {
        assert!(uk_national(b"169772345") && uk_national(b"800123456"));
        assert!(
            !uk_national(b"121496012") && !uk_national(b"113496012") && !uk_national(b"207946001")
        );
    }
}
