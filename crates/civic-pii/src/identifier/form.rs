//! The loosest form of each identifier: what a value under the identifier's own name has to look like to be one.
//!
//! Check digits and issued ranges do not count here. A number that somebody mistyped is still about somebody, and the name
//! says what it was meant to be.

use core::net::IpAddr;

use super::{
    bank_account, brp, child_benefit_number, company_number, crn, cro_number, date_of_birth,
    driving_licence, ip_address, mac_address, passport, paye_reference, phone, prison_number,
    temporary_reference_number, vat_number, vehicle_registration, visa_gwf,
};
use crate::Kind;

/// Longest canonical form.
const LONGEST: usize = 40;

/// Whether a written value, separators aside, has the form of this kind.
pub(crate) fn has_form(kind: Kind, written: &[u8]) -> bool {
    let mut buffer = [0; LONGEST];
    let mut len = 0;
    for byte in written {
        match byte {
            byte if byte.is_ascii_alphanumeric() || *byte == b'/' => {
                if len == LONGEST {
                    return false;
                }
                buffer[len] = byte.to_ascii_uppercase();
                len += 1;
            }
            b' ' | b'-' | b'.' | b',' | b'+' | b'(' | b')' | b'_' | b':' | b'#' => {}
            _ => return false,
        }
    }
    let slashed = &buffer[..len];
    let mut plain = [0; LONGEST];
    let mut plain_len = 0;
    for byte in slashed.iter().filter(|byte| **byte != b'/') {
        plain[plain_len] = *byte;
        plain_len += 1;
    }
    let plain = &plain[..plain_len];
    let digits = plain.iter().all(u8::is_ascii_digit).then_some(plain_len);
    match kind {
        Kind::Nino => is_nino(plain),
        Kind::NhsNumber | Kind::HcNumber | Kind::Uln => digits == Some(10),
        Kind::ChiNumber => matches!(digits, Some(9 | 10)),
        Kind::Upn => is_upn(plain),
        Kind::Utr => is_utr(plain),
        Kind::VatNumber => {
            let number = plain
                .strip_prefix(b"GB")
                .or_else(|| plain.strip_prefix(b"XI"))
                .unwrap_or(plain);
            (number.iter().all(u8::is_ascii_digit) && matches!(number.len(), 9 | 12))
                || vat_number::is_valid(number)
        }
        Kind::Eori => match plain
            .strip_prefix(b"GB")
            .or_else(|| plain.strip_prefix(b"XI"))
        {
            Some(number) => number.len() == 12 && number.iter().all(u8::is_ascii_digit),
            None => false,
        },
        // Without its slash it is still three digits and a reference.
        Kind::PayeReference => {
            paye_reference::is_valid(slashed)
                || ((5..=13).contains(&plain_len)
                    && plain[..3].iter().all(u8::is_ascii_digit)
                    && plain[3..].iter().any(u8::is_ascii_alphabetic))
        }
        Kind::AccountsOfficeReference => {
            matches!(plain, [a, b, c, b'P', d, rest @ ..]
                if [a, b, c].iter().all(|byte| byte.is_ascii_digit())
                    && d.is_ascii_uppercase()
                    && rest.len() == 8
                    && rest[..7].iter().all(u8::is_ascii_digit))
        }
        Kind::TemporaryReferenceNumber => temporary_reference_number::is_valid(plain),
        Kind::ChildBenefitNumber => child_benefit_number::is_valid(plain),
        // As a number it may have lost its first zero.
        Kind::DrivingLicence => driving_licence::is_valid(plain) || digits == Some(7),
        // Those of other countries have two letters before seven digits, as often as not.
        Kind::Passport => {
            passport::is_valid(plain)
                || matches!(plain, [a, b, digits @ ..]
                    if a.is_ascii_uppercase()
                        && b.is_ascii_uppercase()
                        && digits.len() == 7
                        && digits.iter().all(u8::is_ascii_digit))
        }
        Kind::Brp => brp::is_valid(plain),
        Kind::VisaGwf => visa_gwf::is_valid(plain),
        Kind::Postcode => is_postcode(plain),
        Kind::VehicleRegistration => {
            vehicle_registration::style(plain).is_some()
                || vehicle_registration::is_loosely_dateless(plain)
                || is_plate(plain)
        }
        Kind::DateOfBirth => date_of_birth::is_written(written),
        Kind::BankAccount => bank_account::is_valid(plain) || matches!(digits, Some(6..=8 | 14)),
        Kind::Iban => {
            matches!(plain, [a, b, c, d, ..] if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit())
                && (15..=34).contains(&plain_len)
        }
        Kind::PaymentCard => matches!(digits, Some(13..=19)),
        Kind::PrisonNumber => prison_number::is_valid(plain),
        Kind::Crn => crn::is_valid(plain),
        Kind::PncId => is_pnc(slashed) || is_pnc_without_slash(plain),
        Kind::CroNumber => cro_number::is_valid(slashed) || is_cro_without_slash(plain),
        Kind::CompanyNumber => company_number::is_valid(plain) || matches!(digits, Some(6 | 7)),
        Kind::Uprn => matches!(digits, Some(1..=12)),
        Kind::Phone => is_phone(written, plain, digits),
        // Numbers of version 4 are judged where they stand, since a key such as `ip` names those of machines too.
        Kind::IpAddress => ip_address::address(written).is_some_and(|address| {
            matches!(address, IpAddr::V6(_)) && ip_address::is_personal(&address)
        }),
        Kind::MacAddress => {
            mac_address::is_valid(written)
                || (plain_len == 12 && plain.iter().all(u8::is_ascii_hexdigit))
        }
        _ => false,
    }
}

fn is_nino(plain: &[u8]) -> bool {
    matches!(plain.len(), 8 | 9)
        && plain[..2].iter().all(u8::is_ascii_uppercase)
        && plain[2..8].iter().all(u8::is_ascii_digit)
        && plain.get(8).is_none_or(u8::is_ascii_uppercase)
}

fn is_upn(plain: &[u8]) -> bool {
    plain.len() == 13
        && plain[0].is_ascii_uppercase()
        && plain[1..12].iter().all(u8::is_ascii_digit)
        && plain[12].is_ascii_alphanumeric()
}

fn is_utr(plain: &[u8]) -> bool {
    let number = plain
        .strip_prefix(b"K")
        .or_else(|| plain.strip_suffix(b"K"))
        .unwrap_or(plain);
    matches!(number.len(), 10 | 13) && number.iter().all(u8::is_ascii_digit)
}

/// An area that does not exist is a slip of the hand: `DW7G 4LQ`.
fn is_postcode(plain: &[u8]) -> bool {
    let letters = |part: &[u8]| part.iter().all(u8::is_ascii_uppercase);
    let Some((outward, [digit, unit @ ..])) = plain.split_last_chunk::<3>() else {
        return false;
    };
    let area = outward
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    let district = match outward.get(area..) {
        Some([digit]) => digit.is_ascii_digit(),
        Some([digit, last]) => digit.is_ascii_digit() && last.is_ascii_alphanumeric(),
        _ => false,
    };
    (matches!(area, 1 | 2) && district && digit.is_ascii_digit() && letters(unit))
        || plain == b"GIR0AA"
}

/// Seven characters in the order of a mark of a series, whatever letters and years were issued: `VR42 JHR`, `A123 BCI`.
fn is_plate(plain: &[u8]) -> bool {
    let letters = |part: &[u8]| part.iter().all(u8::is_ascii_uppercase);
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    plain.len() == 7
        && ((letters(&plain[..2]) && digits(&plain[2..4]) && letters(&plain[4..]))
            || (letters(&plain[..1]) && digits(&plain[1..4]) && letters(&plain[4..]))
            || (letters(&plain[..3]) && digits(&plain[3..6]) && letters(&plain[6..])))
}

/// A year, a serial number and a letter, whatever the letter is.
fn is_pnc(slashed: &[u8]) -> bool {
    let Some(slash) = slashed.iter().position(|byte| *byte == b'/') else {
        return false;
    };
    let (year, serial) = (&slashed[..slash], &slashed[slash + 1..]);
    let Some((letter, digits)) = serial.split_last() else {
        return false;
    };
    matches!(year.len(), 2 | 4)
        && year.iter().all(u8::is_ascii_digit)
        && letter.is_ascii_uppercase()
        && (1..=7).contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
}

/// As [`is_pnc`], with all seven digits of the serial number.
fn is_pnc_without_slash(plain: &[u8]) -> bool {
    is_digits_and_letter(plain) && matches!(plain.len(), 8..=12)
}

/// A serial number, a year and a letter, or a file number behind `SF`.
fn is_cro_without_slash(plain: &[u8]) -> bool {
    let number = plain.strip_prefix(b"SF").unwrap_or(plain);
    is_digits_and_letter(number) && (4..=9).contains(&number.len())
}

fn is_digits_and_letter(plain: &[u8]) -> bool {
    matches!(plain, [digits @ .., letter]
        if letter.is_ascii_uppercase() && digits.iter().all(u8::is_ascii_digit))
}

/// A number of this country with or without its zero, one of another country with its code, or what is long enough to be
/// one of another country as it is written there.
fn is_phone(written: &[u8], plain: &[u8], digits: Option<usize>) -> bool {
    let Some(len) = digits else { return false };
    match plain {
        [b'0', b'0', abroad @ ..] => phone::international(abroad),
        // One digit too few or too many is a slip of the hand.
        [b'0', national @ ..] => phone::uk_national(national) || (10..=12).contains(&len),
        _ if written.starts_with(b"+") => phone::international(plain),
        _ => (10..=15).contains(&len),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_separators_and_wrong_check_digits_are_taken_but_not_other_forms() {
        for (kind, written) in [
            (Kind::NhsNumber, "443-47 65919"),
            (Kind::Upn, "M916 4330 19068"),
            (Kind::Utr, "313 75076 06246"),
            (Kind::PayeReference, "111 / OL18478"),
            (Kind::AccountsOfficeReference, "366 PY 00971867"),
            (Kind::MacAddress, "f01898833039"),
            (Kind::Phone, "7700900123"),
            (Kind::Phone, "+44 (0)20 7946 0000"),
            (Kind::Phone, "(029)2018652"),
            (Kind::Phone, "(202) 555-0123"),
            (Kind::Phone, "13912345678"),
            (Kind::Postcode, "gir 0aa"),
            (Kind::Eori, "GB 397 178 693 000"),
            (Kind::Nino, "ZZ 91 41 77 T"),
            (Kind::Postcode, "DW7G 4LQ"),
            (Kind::VehicleRegistration, "VR42 JHR"),
            (Kind::VehicleRegistration, "A123 BCI"),
            (Kind::IpAddress, "1f16:ef57:3413:76a:603f:ba:6559:12bd"),
        ] {
            assert!(has_form(kind, written.as_bytes()), "{written}");
        }
        for (kind, written) in [
            (Kind::NhsNumber, "true"),
            (Kind::NhsNumber, "12345"),
            (Kind::Phone, "iPhone 15"),
            (Kind::Phone, "12345678"),
            (Kind::Passport, "expired"),
            (Kind::Nino, "not given"),
            (Kind::Postcode, "pending"),
            (Kind::MacAddress, ""),
            (Kind::Postcode, "AB123 4CD"),
            (Kind::VehicleRegistration, "PENDING"),
            (Kind::IpAddress, "10.0.0.1"),
            (Kind::IpAddress, "fd00::1"),
        ] {
            assert!(!has_form(kind, written.as_bytes()), "{written}");
        }
    }
}
