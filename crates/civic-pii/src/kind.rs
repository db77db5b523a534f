//! The kinds of personal data that Civic knows, with their ids, categories and sources.

use core::fmt;
use core::str::FromStr;

/// Legal category of a kind under the UK GDPR.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Personal data with no further category.
    Ordinary,
    /// Special category data (UK GDPR Article 9), here: data that sits with a health record.
    Special,
    /// Data on criminal convictions and offences (UK GDPR Article 10).
    CriminalOffence,
}

impl Category {
    /// Stable kebab-case id: `ordinary`, `special` or `criminal-offence`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Special => "special",
            Self::CriminalOffence => "criminal-offence",
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident, $id:literal, $label:literal, $category:ident, $source:literal;)+) => {
        /// A kind of personal data, such as a National Insurance number.
        ///
        /// Ids are stable and kebab-case; they stand in policy files, reports and markers.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Kind {
            $($(#[$doc])* $variant,)+
            /// Found by a pattern that the user added; the finding carries its name.
            Custom,
        }

        impl Kind {
            /// Every kind that Civic itself recognises, in the order of the declaration.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant),+];

            /// Stable kebab-case id, such as `nhs-number`.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Kind::$variant => $id,)+
                    Kind::Custom => "custom",
                }
            }

            /// Text inside the brackets of an erasure marker: the id in capitals.
            pub const fn label(self) -> &'static str {
                match self {
                    $(Kind::$variant => $label,)+
                    Kind::Custom => "CUSTOM",
                }
            }

            /// Legal category under the UK GDPR.
            pub const fn category(self) -> Category {
                match self {
                    $(Kind::$variant => Category::$category,)+
                    Kind::Custom => Category::Ordinary,
                }
            }

            /// Link to the authority for the kind's format; empty for [`Kind::Custom`].
            pub const fn source(self) -> &'static str {
                match self {
                    $(Kind::$variant => $source,)+
                    Kind::Custom => "",
                }
            }
        }
    };
}

kinds! {
    /// National Insurance number.
    Nino, "nino", "NINO", Ordinary, "https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110";
    /// NHS number of England, Wales and the Isle of Man.
    NhsNumber, "nhs-number", "NHS-NUMBER", Special, "https://www.datadictionary.nhs.uk/attributes/nhs_number.html";
    /// Community Health Index number of Scotland.
    ChiNumber, "chi-number", "CHI-NUMBER", Special, "https://www.ndc.scot.nhs.uk/Dictionary-A-Z/Definitions/index.asp?ID=128";
    /// Health and Care number of Northern Ireland.
    HcNumber, "hc-number", "HC-NUMBER", Special, "https://www.datadictionary.nhs.uk/attributes/nhs_number.html";
    /// Unique learner number.
    Uln, "uln", "ULN", Ordinary, "https://www.hesa.ac.uk/collection/c23051/a/uln";
    /// Unique pupil number.
    Upn, "upn", "UPN", Ordinary, "https://www.gov.uk/government/publications/unique-pupil-numbers";
    /// Unique taxpayer reference of HMRC.
    Utr, "utr", "UTR", Ordinary, "https://www.gov.uk/find-utr-number";
    /// VAT registration number.
    VatNumber, "vat-number", "VAT-NUMBER", Ordinary, "https://www.gov.uk/hmrc-internal-manuals/vat-trader-records-manual";
    /// Economic operators registration and identification number.
    Eori, "eori", "EORI", Ordinary, "https://www.gov.uk/eori";
    /// Employer PAYE reference.
    PayeReference, "paye-reference", "PAYE-REFERENCE", Ordinary, "https://www.gov.uk/new-employee/employer-paye-reference";
    /// Accounts office reference of an employer.
    AccountsOfficeReference, "accounts-office-reference", "ACCOUNTS-OFFICE-REFERENCE", Ordinary, "https://www.gov.uk/find-hmrc-accounts-office-reference";
    /// Temporary reference number, used by HMRC while a NINO is not known.
    TemporaryReferenceNumber, "temporary-reference-number", "TEMPORARY-REFERENCE-NUMBER", Ordinary, "https://www.gov.uk/hmrc-internal-manuals/paye-manual/paye70025";
    /// Child Benefit number.
    ChildBenefitNumber, "child-benefit-number", "CHILD-BENEFIT-NUMBER", Ordinary, "https://www.gov.uk/child-benefit";
    /// Driving licence number of Great Britain or Northern Ireland.
    DrivingLicence, "driving-licence", "DRIVING-LICENCE", Ordinary, "https://www.gov.uk/government/publications/driving-licence-number";
    /// UK passport number.
    Passport, "passport", "PASSPORT", Ordinary, "https://www.gov.uk/government/publications/basic-passport-checks";
    /// Biometric residence permit or card number.
    Brp, "brp", "BRP", Ordinary, "https://www.gov.uk/biometric-residence-permits";
    /// Visa application reference (GWF).
    VisaGwf, "visa-gwf", "VISA-GWF", Ordinary, "https://www.gov.uk/guidance/visa-decision-waiting-times-applications-outside-the-uk";
    /// UK postcode.
    Postcode, "postcode", "POSTCODE", Ordinary, "https://www.gov.uk/government/publications/uk-postcode-format";
    /// Vehicle registration mark.
    VehicleRegistration, "vehicle-registration", "VEHICLE-REGISTRATION", Ordinary, "https://www.gov.uk/government/publications/vehicle-registration-numbers-and-number-plates";
    /// UK sort code and account number.
    BankAccount, "bank-account", "BANK-ACCOUNT", Ordinary, "https://www.vocalink.com/tools/modulus-checking/";
    /// International bank account number.
    Iban, "iban", "IBAN", Ordinary, "https://www.swift.com/standards/data-standards/iban-international-bank-account-number";
    /// Payment card number.
    PaymentCard, "payment-card", "PAYMENT-CARD", Ordinary, "https://www.iso.org/standard/70484.html";
    /// Prison (NOMIS) number.
    PrisonNumber, "prison-number", "PRISON-NUMBER", CriminalOffence, "https://github.com/ministryofjustice/hmpps-person-record";
    /// Case reference number of the Probation Service.
    Crn, "crn", "CRN", CriminalOffence, "https://github.com/ministryofjustice/hmpps-person-record";
    /// Police National Computer identifier.
    PncId, "pnc-id", "PNC-ID", CriminalOffence, "https://github.com/ministryofjustice/hmpps-person-record";
    /// Criminal Records Office number.
    CroNumber, "cro-number", "CRO-NUMBER", CriminalOffence, "https://github.com/ministryofjustice/hmpps-person-record";
    /// GOV.UK One Login subject identifier.
    OneLoginSubject, "one-login-subject", "ONE-LOGIN-SUBJECT", Ordinary, "https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/authenticate-your-user/";
    /// Companies House number.
    CompanyNumber, "company-number", "COMPANY-NUMBER", Ordinary, "https://www.gov.uk/government/publications/companies-house-uniform-resource-identifiers-uri-customer-guide";
    /// Unique property reference number.
    Uprn, "uprn", "UPRN", Ordinary, "https://www.gov.uk/government/publications/open-standards-for-government/identifying-property-and-street-information";
    /// Email address.
    Email, "email", "EMAIL", Ordinary, "https://www.rfc-editor.org/rfc/rfc5322";
    /// Telephone number, UK or international.
    Phone, "phone", "PHONE", Ordinary, "https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama";
    /// IPv4 or IPv6 address.
    IpAddress, "ip-address", "IP-ADDRESS", Ordinary, "https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/personal-information-what-is-it/what-is-personal-data/what-are-identifiers-and-related-factors/";
    /// MAC address.
    MacAddress, "mac-address", "MAC-ADDRESS", Ordinary, "https://standards.ieee.org/products-programs/regauth/";
    /// Credential: bearer token, JWT, basic authentication, URL userinfo, session cookie, password.
    Credential, "credential", "CREDENTIAL", Ordinary, "https://www.rfc-editor.org/rfc/rfc6750";
    /// Date of birth.
    DateOfBirth, "date-of-birth", "DATE-OF-BIRTH", Ordinary, "https://design-system.service.gov.uk/patterns/dates/";
    /// Name of a person; by field name only.
    PersonName, "person-name", "PERSON-NAME", Ordinary, "https://design-system.service.gov.uk/patterns/names/";
    /// Postal address; by field name only.
    Address, "address", "ADDRESS", Ordinary, "https://design-system.service.gov.uk/patterns/addresses/";
}

impl Kind {
    /// The kind with this id, or `None`.
    ///
    /// ```
    /// use civic_pii::Kind;
    /// assert_eq!(Kind::from_id("nino"), Some(Kind::Nino));
    /// assert_eq!(Kind::from_id("ssn"), None);
    /// ```
    pub fn from_id(id: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.id() == id)
    }

    /// This kind's place in a 64-bit set of kinds.
    pub(crate) const fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// The text is not the id of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownKind(());

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the id of a kind of personal data")
    }
}

impl core::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Kind::from_id(id).ok_or(UnknownKind(()))
    }
}

/// A set of kinds; small, `Copy`, and free of allocation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct KindSet(u64);

impl KindSet {
    /// The set without members.
    pub const EMPTY: KindSet = KindSet(0);

    /// The set of every kind in [`Kind::ALL`].
    pub const ALL: KindSet = KindSet((1 << Kind::ALL.len()) - 1);

    /// Adds a kind.
    #[must_use]
    pub const fn with(self, kind: Kind) -> Self {
        Self(self.0 | kind.bit())
    }

    /// Removes a kind.
    #[must_use]
    pub const fn without(self, kind: Kind) -> Self {
        Self(self.0 & !kind.bit())
    }

    /// The union of both sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the kind is a member.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Whether the set has no member.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Number of members.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The members, in the order of [`Kind::ALL`], with [`Kind::Custom`] last.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        let mut left = self.0;
        core::iter::from_fn(move || {
            let place = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(Kind::ALL.get(place).copied().unwrap_or(Kind::Custom))
        })
    }

    /// The members that are not in the other set.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Debug for KindSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Kind::id)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_kebab_case_and_every_kind_names_its_source() {
        let mut seen = std::collections::BTreeSet::new();
        for kind in Kind::ALL {
            let id = kind.id();
            assert!(seen.insert(id), "{id} stands twice");
            assert!(
                id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{id}"
            );
            assert_eq!(kind.label(), id.to_ascii_uppercase());
            assert!(kind.source().starts_with("https://"), "{id} has no source");
            assert_eq!(id.parse(), Ok(*kind));
        }
    }

    #[test]
    fn a_set_keeps_what_is_put_in() {
        let set: KindSet = [Kind::Nino, Kind::Custom].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [Kind::Nino, Kind::Custom]);
        assert!(!set.without(Kind::Nino).contains(Kind::Nino));
        assert_eq!(KindSet::ALL.len(), Kind::ALL.len());
    }
}
