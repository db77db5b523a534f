//! One type per identifier, each with the rule, the check digit and the official source of its format.
//!
//! `parse` takes the forms that people write: capitals or not, white space around, spaces and dashes in between. What it
//! returns is checked for good. Nothing shows the value but `expose`: there is no `Display`, no `Hash` and no `Deref`, and
//! `Debug` prints the marker of the kind.
//!
//! ```
//! use civic_pii::identifier::{Nino, ParseError};
//!
//! let nino: Nino = "ab 12 34 56 c".parse()?;
//! assert_eq!(nino.expose(), "AB123456C");
//! assert_eq!(format!("{nino:?}"), "Nino([NINO])");
//! # Ok::<(), ParseError>(())
//! ```

pub(crate) mod accounts_office_reference;
mod ascii;
pub(crate) mod bank_account;
pub(crate) mod brp;
mod checksum;
pub(crate) mod chi_number;
pub(crate) mod child_benefit_number;
pub(crate) mod company_number;
pub(crate) mod credential;
pub(crate) mod crn;
pub(crate) mod cro_number;
pub(crate) mod date_of_birth;
pub(crate) mod driving_licence;
pub(crate) mod email;
pub(crate) mod eori;
mod form;
pub(crate) mod hc_number;
pub(crate) mod iban;
pub(crate) mod ip_address;
pub(crate) mod mac_address;
pub(crate) mod nhs_number;
pub(crate) mod nino;
pub(crate) mod one_login_subject;
mod parse_error;
pub(crate) mod passport;
pub(crate) mod paye_reference;
pub(crate) mod payment_card;
pub(crate) mod phone;
pub(crate) mod pnc_id;
pub(crate) mod postcode;
pub(crate) mod prison_number;
pub(crate) mod temporary_reference_number;
pub(crate) mod uln;
pub(crate) mod upn;
pub(crate) mod uprn;
pub(crate) mod utr;
pub(crate) mod vat_number;
pub(crate) mod vehicle_registration;
pub(crate) mod visa_gwf;

pub use accounts_office_reference::AccountsOfficeReference;
pub use bank_account::BankAccount;
pub use brp::Brp;
pub(crate) use checksum::mod11_weighted;
pub use chi_number::ChiNumber;
pub use child_benefit_number::ChildBenefitNumber;
pub use company_number::CompanyNumber;
pub use crn::Crn;
pub use cro_number::CroNumber;
pub use driving_licence::DrivingLicence;
pub use email::Email;
pub use eori::Eori;
pub(crate) use form::has_form;
pub use hc_number::HcNumber;
pub use iban::Iban;
pub use ip_address::IpAddress;
pub use mac_address::MacAddress;
pub use nhs_number::NhsNumber;
pub use nino::Nino;
pub use one_login_subject::OneLoginSubject;
pub use parse_error::ParseError;
pub use passport::Passport;
pub use paye_reference::PayeReference;
pub use payment_card::{PaymentCard, Scheme};
pub use phone::Phone;
pub use pnc_id::PncId;
pub use postcode::Postcode;
pub use prison_number::PrisonNumber;
pub use temporary_reference_number::TemporaryReferenceNumber;
pub use uln::Uln;
pub use upn::Upn;
pub use uprn::Uprn;
pub use utr::Utr;
pub use vat_number::VatNumber;
pub use vehicle_registration::{RegistrationStyle, VehicleRegistration};
pub use visa_gwf::VisaGwf;

/// Gives a newtype around [`ascii::Ascii`] its `parse`, `expose`, `FromStr` and `Debug`.
///
/// Takes the docs of `expose`, the type, its variant of [`Kind`](crate::Kind), and the function that brings a text into
/// canonical form or refuses it. The module's own `check` then judges the canonical bytes.
macro_rules! identifier {
    ($(#[$form:meta])+ $type:ident, $kind:ident, $canonical:path) => {
        impl $type {
            /// Parses the text, in capitals or not, with or without spaces and dashes.
            ///
            /// # Errors
            ///
            /// If the text breaks the rule of the format; the error says which part of it and does not quote the text.
            pub fn parse(text: &str) -> Result<Self, ParseError> {
                let canonical = $canonical(text)
                    .ok_or(ParseError::new(crate::Kind::$kind, Reason::Structure))?;
                match check(canonical.as_bytes()) {
                    Ok(()) => Ok(Self(canonical)),
                    Err(reason) => Err(ParseError::new(crate::Kind::$kind, reason)),
                }
            }

            $(#[$form])+
            pub fn expose(&self) -> &str {
                self.0.as_str()
            }
        }

        impl core::str::FromStr for $type {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        super::debug_as_marker!($type, $kind);
    };
}

/// Writes `Debug` by hand: the type's name around the marker of its kind, such as `Nino([NINO])`.
macro_rules! debug_as_marker {
    ($type:ident, $kind:ident) => {
        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(
                    f,
                    concat!(stringify!($type), "([{}])"),
                    crate::Kind::$kind.label()
                )
            }
        }
    };
}

use {debug_as_marker, identifier};

const _: () = {
    const fn shared_between_threads<T: Send + Sync>() {}
    shared_between_threads::<AccountsOfficeReference>();
    shared_between_threads::<BankAccount>();
    shared_between_threads::<Brp>();
    shared_between_threads::<ChiNumber>();
    shared_between_threads::<ChildBenefitNumber>();
    shared_between_threads::<CompanyNumber>();
    shared_between_threads::<Crn>();
    shared_between_threads::<CroNumber>();
    shared_between_threads::<DrivingLicence>();
    shared_between_threads::<Email>();
    shared_between_threads::<Eori>();
    shared_between_threads::<HcNumber>();
    shared_between_threads::<Iban>();
    shared_between_threads::<IpAddress>();
    shared_between_threads::<MacAddress>();
    shared_between_threads::<NhsNumber>();
    shared_between_threads::<Nino>();
    shared_between_threads::<OneLoginSubject>();
    shared_between_threads::<ParseError>();
    shared_between_threads::<Passport>();
    shared_between_threads::<PayeReference>();
    shared_between_threads::<PaymentCard>();
    shared_between_threads::<Phone>();
    shared_between_threads::<PncId>();
    shared_between_threads::<Postcode>();
    shared_between_threads::<PrisonNumber>();
    shared_between_threads::<RegistrationStyle>();
    shared_between_threads::<Scheme>();
    shared_between_threads::<TemporaryReferenceNumber>();
    shared_between_threads::<Uln>();
    shared_between_threads::<Upn>();
    shared_between_threads::<Uprn>();
    shared_between_threads::<Utr>();
    shared_between_threads::<VatNumber>();
    shared_between_threads::<VehicleRegistration>();
    shared_between_threads::<VisaGwf>();
};

/// What the default scanner finds in a text, for the tests of the recognisers.
#[cfg(test)]
fn found(text: &str) -> Vec<(&'static str, &str)> {
    crate::Scanner::new()
        .scan(text)
        .iter()
        .map(|finding| (finding.kind.id(), &text[finding.start..finding.end]))
        .collect()
}

#[cfg(test)]
mod tests {
    use core::fmt::Debug;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::Kind;

    /// Hands one value of every type to another macro.
    macro_rules! every {
        ($next:ident! $($argument:tt)*) => {
            $next! {
                $($argument)*
                accounts_office_reference AccountsOfficeReference "123PW12345678"
                bank_account BankAccount "12345612345678"
                brp Brp "ZW9005196"
                chi_number ChiNumber "0101900015"
                child_benefit_number ChildBenefitNumber "CHB12345678AB"
                company_number CompanyNumber "SC123456"
                crn Crn "X123456"
                cro_number CroNumber "265416/21G"
                driving_licence DrivingLicence "MORGA657054SM9IJ"
                email Email "jo.bloggs@example.com"
                eori Eori "GB123456782000"
                hc_number HcNumber "3200000171"
                iban Iban "GB82WEST12345698765432"
                ip_address IpAddress "203.0.113.9"
                mac_address MacAddress "00:00:5e:00:53:af"
                nhs_number NhsNumber "4010232137"
                nino Nino "AB123456C"
                one_login_subject OneLoginSubject "urn:fdc:gov.uk:2022:aB3-_aB3-_aB3-_aB3-_aB3-_aB3-_aB3-_aB3-_xyz="
                passport Passport "533401372"
                paye_reference PayeReference "123/AB456"
                payment_card PaymentCard "4111111111111111"
                phone Phone "+442079460018"
                pnc_id PncId "2003/0011985X"
                postcode Postcode "SW1A 2AA"
                prison_number PrisonNumber "A1234BC"
                temporary_reference_number TemporaryReferenceNumber "63T12345"
                uln Uln "1000000043"
                upn Upn "B801200005001"
                uprn Uprn "12345678"
                utr Utr "2234567890"
                vat_number VatNumber "123456782"
                vehicle_registration VehicleRegistration "BD51SMR"
                visa_gwf VisaGwf "GWF012345678"
            }
        };
    }

    /// The kind of a parsed value and what its `Debug` shows.
    fn shown<T: Debug>(
        parse: impl Fn(&str) -> Result<T, ParseError>,
        text: &str,
    ) -> (Kind, String) {
        let value = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let refused = parse("\u{1f60a} no identifier")
            .err()
            .map(|error| error.kind());
        (
            refused.expect("a smile is no identifier"),
            format!("{value:?} {value:#?}"),
        )
    }

    type Parse = fn(&str) -> Option<String>;

    /// Parses and gives the canonical form.
    macro_rules! parsers {
        ($($module:ident $type:ident $text:literal)+) => {
            [$(($text, (|text| $type::parse(text).ok().map(|value| value.expose().to_owned())) as Parse),)+]
        };
    }

    macro_rules! table {
        ($($module:ident $type:ident $text:literal)+) => {
            [$((
                stringify!($type),
                shown($type::parse, $text),
            ),)+]
        };
    }

    #[test]
    fn debug_shows_the_kind_and_nothing_of_the_value() {
        let rows = every!(table!);
        for (name, (kind, debug)) in &rows {
            assert_eq!(*debug, format!("{name}([{0}]) {name}([{0}])", kind.label()));
        }
    }

    proptest! {
        #[test]
        fn no_check_panics_on_any_bytes(bytes in vec(any::<u8>(), 0..70)) {
            let bytes = bytes.as_slice();
            let text = String::from_utf8_lossy(bytes);
            for (_, parse) in every!(parsers!) {
                parse(&text);
            }
            let parts: [fn(&[u8]) -> bool; 26] = [
                accounts_office_reference::checksum,
                bank_account::sort_code,
                chi_number::checksum,
                chi_number::issued,
                cro_number::checksum,
                email::domain,
                email::local_part,
                eori::checksum,
                hc_number::checksum,
                hc_number::issued,
                iban::checksum,
                mac_address::is_personal,
                nhs_number::checksum,
                nhs_number::issued,
                payment_card::checksum,
                phone::international,
                phone::uk_national,
                pnc_id::checksum,
                postcode::inward,
                postcode::outward,
                uln::checksum,
                upn::checksum,
                upn::issued,
                utr::checksum,
                vat_number::checksum,
                |bytes| payment_card::scheme(bytes).is_some(),
            ];
            for part in parts {
                part(bytes);
            }
        }

        #[test]
        fn what_parse_gives_out_it_takes_back_unchanged(
            place in 0usize..70,
            inserted in any::<char>(),
            length in 0usize..70,
        ) {
            for (text, parse) in every!(parsers!) {
                let mistyped: String = text
                    .chars()
                    .enumerate()
                    .flat_map(|(at, one)| (at == place).then_some(inserted).into_iter().chain([one]))
                    .take(length)
                    .collect();
                if let Some(canonical) = parse(&mistyped) {
                    prop_assert_eq!(parse(&canonical), Some(canonical));
                }
            }
        }
    }
}
