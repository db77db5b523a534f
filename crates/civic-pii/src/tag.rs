//! Kinds of personal data as types, for [`Pii<T, K>`](crate::Pii).

use crate::Kind;

/// A kind as a type: a member of this module.
///
/// Sealed: no other type can implement it.
///
/// ```
/// use civic_pii::{Kind, tag, tag::Tag};
/// assert_eq!(tag::Nino::KIND, Some(Kind::Nino));
/// assert_eq!(tag::Unspecified::KIND, None);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the tag of a kind of personal data",
    label = "expected a type of `civic_pii::tag`",
    note = "write for example `Pii<String, civic_pii::tag::Nino>`, or `Pii<String>` when no kind fits"
)]
pub trait Tag: sealed::Sealed {
    /// The kind, or `None` for [`Unspecified`].
    const KIND: Option<Kind>;
}

mod sealed {
    pub trait Sealed {}
}

/// Personal data of no kind that Civic knows: an answer in free text, a photograph.
///
/// ```
/// use civic_pii::{Pii, tag};
/// assert_eq!(format!("{:?}", Pii::new(tag::Unspecified, "I live with my sister")), "[PERSONAL-DATA]");
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Unspecified;

impl sealed::Sealed for Unspecified {}

impl Tag for Unspecified {
    const KIND: Option<Kind> = None;
}

macro_rules! tags {
    ($($name:ident)+) => {
        $(
            #[doc = concat!("Tag of [`Kind::", stringify!($name), "`].")]
            ///
            /// ```
            /// use civic_pii::{Kind, tag, tag::Tag};
            #[doc = concat!("assert_eq!(tag::", stringify!($name), "::KIND, Some(Kind::", stringify!($name), "));")]
            /// ```
            #[derive(Clone, Copy, Debug, Default)]
            pub struct $name;

            impl sealed::Sealed for $name {}

            impl Tag for $name {
                const KIND: Option<Kind> = Some(Kind::$name);
            }
        )+

        #[cfg(test)]
        const TAGGED: &[Option<Kind>] = &[$($name::KIND),+];
    };
}

tags! {
    Nino NhsNumber ChiNumber HcNumber Uln Upn Utr VatNumber Eori PayeReference
    AccountsOfficeReference TemporaryReferenceNumber ChildBenefitNumber DrivingLicence Passport Brp
    VisaGwf Postcode VehicleRegistration BankAccount Iban PaymentCard PrisonNumber Crn PncId
    CroNumber OneLoginSubject CompanyNumber Uprn Email Phone IpAddress MacAddress Credential
    DateOfBirth PersonName Address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_tag() {
        let kinds: Vec<_> = Kind::ALL.iter().copied().map(Some).collect();
        assert_eq!(TAGGED, kinds);
    }
}
