//! The check-digit sums that several identifiers share.
//!
//! Every function takes any slice and never panics: a byte that is no digit merely gives some sum, so callers
//! check the characters first.

/// Check letters of the Police National Computer and the Criminal Records Office: no I, O, S; Z stands for 0.
///
/// Source: `IdentifierCheckDigitHandler` of <https://github.com/ministryofjustice/hmpps-person-record>.
pub(crate) const POLICE_LETTERS: &[u8; 23] = b"ZABCDEFGHJKLMNPQRTUVWXY";

/// Check letters of HMRC references, where X, Y and Z take the places of I, O and U.
///
/// Source: `LetterRemainderLookup` of <https://github.com/hmrc/reference-checker>.
pub(crate) const HMRC_LETTERS: &[u8; 23] = b"ABCDEFGHXJKLMNYPQRSTZVW";

/// Check letters of unique pupil numbers: the alphabet without I, O and S.
///
/// Source: <https://www.gov.uk/government/publications/unique-pupil-numbers>.
pub(crate) const PUPIL_LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";

/// Whether all bytes are ASCII digits; true for none.
pub(crate) fn all_digits(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_digit)
}

/// Value of a digit.
pub(crate) const fn digit(byte: u8) -> u32 {
    byte.wrapping_sub(b'0') as u32
}

/// The digits as a number; wraps beyond 19 digits.
pub(crate) fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0u64, |number, byte| {
        number
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit(*byte)))
    })
}

/// Sum of each digit times its weight; the shorter of both lists ends it.
pub(crate) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(byte, weight)| digit(*byte) * weight)
        .sum()
}

/// Remainder by 11 of ten digits with the weights 10 to 1, check digit included.
///
/// Health numbers need the remainder 0 and unique learner numbers 10, so that no number is both.
pub(crate) fn mod11_weighted(digits: &[u8]) -> u32 {
    weighted(digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11
}

/// Whether the digits, check digit last, satisfy the Luhn sum of ISO/IEC 7812-1.
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let value = digit(*byte) << (place % 2);
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether an IBAN in canonical form has the remainder 1 by 97 (ISO 13616, ISO 7064 MOD 97-10).
///
/// Letters count as 10 to 35 and the first four characters go to the end.
pub(crate) fn mod97(iban: &[u8]) -> bool {
    let Some((head, account)) = iban.split_at_checked(4) else {
        return false;
    };
    let remainder = account.iter().chain(head).fold(0, |remainder, byte| {
        if byte.is_ascii_digit() {
            (remainder * 10 + digit(*byte)) % 97
        } else {
            (remainder * 100 + u32::from(byte.wrapping_sub(b'A')) + 10) % 97
        }
    });
    remainder == 1
}

/// The letter that stands for a sum by 23.
pub(crate) const fn mod23(letters: &[u8; 23], sum: u64) -> u8 {
    letters[(sum % 23) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_takes_the_usual_example_and_sees_every_wrong_digit() {
        let number = *b"79927398713";
        assert!(luhn(&number));
        for place in 0..number.len() {
            for wrong in b'0'..=b'9' {
                let mut typed = number;
                typed[place] = wrong;
                assert_eq!(luhn(&typed), wrong == number[place], "{place}");
            }
        }
    }

    #[test]
    fn no_sum_panics_on_odd_bytes() {
        for bytes in [&b""[..], b"\xff\xff\xff\xff\xff", b"AB", &[0xff; 64]] {
            let _ = (
                luhn(bytes),
                mod97(bytes),
                mod11_weighted(bytes),
                number(bytes),
            );
        }
    }

    #[test]
    fn numbers_are_read_in_full() {
        assert_eq!(number(b"0123456789"), 123_456_789);
        assert_eq!(number(b""), 0);
    }
}
