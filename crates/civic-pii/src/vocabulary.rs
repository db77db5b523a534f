//! The words that speak for or against a kind: names of fields, words in prose, technical words.
//!
//! All entries are written squashed: lower case, nothing between the words. One entry serves `date_of_birth`,
//! `dateOfBirth`, `Date-Of-Birth` and "date of birth". What is listed here is the default vocabulary; a user adds to it by
//! [`ScannerBuilder::field`](crate::ScannerBuilder::field).

mod parts;

use std::sync::LazyLock;

use crate::{Kind, KindSet};
use parts::{Beginnings, Endings};

/// What a word tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sense {
    /// Kinds that the word speaks for.
    pub(crate) kinds: KindSet,
    /// Kinds among them that it speaks for only as the name of a field.
    pub(crate) only_as_key: KindSet,
    /// Kind of the value, when the word as the name of a field says it outright.
    pub(crate) field: Option<Kind>,
    /// What else it is.
    pub(crate) role: Role,
}

/// What a word is, apart from the kinds that it speaks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing else.
    #[default]
    Plain,
    /// Names a measure, a position or a moment, whatever stands before it: `count`, `ms`, `seq`.
    Measure,
    /// Names a technical thing, unless the rest of the name speaks for a kind: `id`, `order`, `build`.
    Thing,
    /// Names free text that may hold anything: `message`, `query`, `input`.
    Carrier,
    /// Speaks of software versions: `version`, `release`, `upgraded`.
    Version,
}

/// Names of fields that hold the kind and nothing else. As a word in prose each speaks for its kind too.
const FIELDS: &[(Kind, &str)] = &[
    (
        Kind::Nino,
        "nino ninumber ninos nationalinsurance nationalinsurancenumber nationalinsuranceno natinsno natinsnumber natinsnum ninum insurancenumber",
    ),
    (
        Kind::NhsNumber,
        "nhs nhsnumber nhsno nhsnum nhsid patientnumber healthnumber",
    ),
    (Kind::ChiNumber, "chinumber chino communityhealthindex"),
    (
        Kind::HcNumber,
        "hcnumber healthandcarenumber healthcarenumber handcnumber hscnumber",
    ),
    (Kind::Uln, "uln uniquelearnernumber learnernumber"),
    (Kind::Upn, "upn uniquepupilnumber pupilnumber"),
    (
        Kind::Utr,
        "utr sautr ctutr uniquetaxpayerreference taxpayerreference utrnumber",
    ),
    (
        Kind::VatNumber,
        "vatnumber vatno vatreg vatregno vatregistration vatregistrationnumber",
    ),
    (Kind::Eori, "eori eorinumber eorino"),
    (
        Kind::PayeReference,
        "payereference payeref employerreference employerref employerpayereference empref empreference payescheme payeschemereference",
    ),
    (
        Kind::AccountsOfficeReference,
        "accountsofficereference accountsofficeref aoreference",
    ),
    (
        Kind::TemporaryReferenceNumber,
        "temporaryreferencenumber temporaryreference temporaryref trnnumber",
    ),
    (
        Kind::ChildBenefitNumber,
        "childbenefitnumber childbenefitno chbnumber chbref",
    ),
    (
        Kind::DrivingLicence,
        "drivinglicence drivinglicencenumber drivinglicenceno drivinglicense drivinglicensenumber driverlicence driverlicense driverslicence driverslicense dvlanumber",
    ),
    (
        Kind::Passport,
        "passport passportnumber passportno passportnum passportid pptno pptnumber",
    ),
    (
        Kind::Brp,
        "brp brpnumber brpno residencepermitnumber biometricresidencepermit",
    ),
    (
        Kind::VisaGwf,
        "gwf gwfnumber gwfreference visaapplicationnumber",
    ),
    (
        Kind::Postcode,
        "postcode postcodes postalcode zipcode pcode",
    ),
    (
        Kind::VehicleRegistration,
        "vrn vrm numberplate registrationmark vehicleregistration vehiclereg vehicleregistrationnumber carreg carregistration licenceplate licenseplate",
    ),
    (
        Kind::BankAccount,
        "sortcode accountnumber bankaccount bankaccountnumber acctnumber sortcodeandaccountnumber",
    ),
    (Kind::Iban, "iban accountiban ibannumber"),
    (
        Kind::PaymentCard,
        "cardnumber cardno cardnum paymentcard creditcardnumber debitcardnumber ccnumber ccnum primaryaccountnumber",
    ),
    (
        Kind::PrisonNumber,
        "prisonnumber prisonernumber prisonno prisonerno nomsnumber nomisnumber nomisid nomsid offenderno offendernumber prisonerid",
    ),
    (Kind::Crn, "probationnumber deliuscrn"),
    (
        Kind::PncId,
        "pnc pncid pncnumber pncno policenationalcomputer policenationalcomputerid policenationalcomputernumber",
    ),
    (
        Kind::CroNumber,
        "cronumber crono criminalrecordsoffice criminalrecordsofficenumber",
    ),
    (
        Kind::OneLoginSubject,
        "oneloginsubject oneloginsub oneloginid",
    ),
    (Kind::CompanyNumber, ""),
    (Kind::Uprn, "uprn uniquepropertyreferencenumber"),
    (Kind::Email, "email emailaddress emailaddr mailto"),
    (
        Kind::Phone,
        "phone phonenumber phoneno telephone telephonenumber telephoneno telno mobilenumber mobileno mobilephone contactnumber homephone workphone contactno contacttel contacttelephone mobno msisdn",
    ),
    (
        Kind::IpAddress,
        "ipaddress ipaddr clientip remoteaddr remoteip sourceip userip visitorip xforwardedfor forwardedfor xrealip clientaddr clientaddress remoteaddress",
    ),
    (
        Kind::MacAddress,
        "macaddress macaddr hwaddr hardwareaddress ethernetaddress",
    ),
    (
        Kind::Credential,
        "password passwd pwd passphrase passcode secret clientsecret apikey apitoken accesstoken refreshtoken idtoken authtoken bearertoken authorization authorisation proxyauthorization cookie setcookie sessioncookie sessiontoken jsessionid phpsessid privatekey secretkey secretaccesskey signingkey csrftoken",
    ),
    (
        Kind::DateOfBirth,
        "dob dateofbirth birthdate dobirth bornon birthdt",
    ),
    (
        Kind::PersonName,
        "surname surnames lname forename forenames firstname firstnames lastname fullname givenname givennames familyname middlename middlenames maidenname personname applicantname claimantname patientname customername contactname cardholdername cardholder accountholder accountholdername citizenname nameoncard preferredname legalname guardianname parentname childname spousename partnername payeename membername employeename studentname learnername pupilname prisonername offendername defendantname landlordname deceasedname nextofkinname",
    ),
    (
        Kind::Address,
        "homeaddress postaladdress streetaddress addressline address1 address2 address3 addressline1 addressline2 addressline3 addr1 addr2 addr3 addrline1 addrline2 homeaddr postaladdr residentialaddress deliveryaddress billingaddress shippingaddress addresstown addresscounty townorcity housename buildingname correspondenceaddress currentaddress previousaddress fulladdress houseaddress",
    ),
];

/// Names of fields that often hold the kind, but may hold other things: evidence, no more.
const HINTS: &[(Kind, &str)] = &[
    (Kind::Nino, "nin"),
    (Kind::ChiNumber, "chi"),
    (Kind::HcNumber, "hcn hcno"),
    (Kind::Uln, "learnerid"),
    (Kind::Upn, "pupilid"),
    (Kind::Utr, "taxreference taxref"),
    (Kind::VatNumber, "vat vatid vrn"),
    (Kind::PayeReference, "paye ern"),
    (Kind::AccountsOfficeReference, "aoref accountsoffice"),
    (Kind::TemporaryReferenceNumber, "tempref trn"),
    (Kind::ChildBenefitNumber, "childbenefit"),
    (
        Kind::DrivingLicence,
        "licenceno licencenumber licensenumber driverno drivernumber",
    ),
    (Kind::Brp, "residencepermit residencecard brc brcnumber"),
    (Kind::VisaGwf, "visareference visaref"),
    (
        Kind::VehicleRegistration,
        "registration regno regnumber registrationnumber regmark vehreg",
    ),
    (
        Kind::BankAccount,
        "accountno accountnum acctno accno accnum accnumber",
    ),
    (Kind::PaymentCard, "card creditcard debitcard"),
    (Kind::PrisonNumber, "noms nomis"),
    (Kind::Crn, "crn crnnumber casereferencenumber"),
    (Kind::CroNumber, "cro"),
    (
        Kind::CompanyNumber,
        "companynumber companyno companyregistrationnumber companyregno companieshousenumber companyreg companyid companycrn conumber crn crnnumber",
    ),
    (Kind::Uprn, "propertyreference"),
    (Kind::Email, "emails"),
    (Kind::Phone, "mobile mob tel fax landline whatsapp"),
    (
        Kind::IpAddress,
        "ip ips ipv4 ipv6 realip callerip peerip srcip",
    ),
    (Kind::Credential, "sessionid"),
    (Kind::DateOfBirth, "born birthday dobstr dobstring"),
    (Kind::PersonName, "nextofkin"),
];

/// As [`HINTS`], but common words of prose: evidence only as the name of a field.
const KEY_ONLY: &[(Kind, &str)] = &[
    (Kind::DateOfBirth, "birth"),
    (Kind::BankAccount, "bank"),
    (Kind::PaymentCard, "pan"),
    (Kind::MacAddress, "mac"),
    (Kind::Address, "address addr street streetname line1 line2"),
    (Kind::Postcode, "address pcd zip"),
    (Kind::Credential, "token credential credentials session sid"),
    (Kind::Email, "mail mails recipient replyto contact"),
    (Kind::VehicleRegistration, "reg plate"),
];

/// Words that speak for kinds without being the name of a field.
const WORDS: &[(&[Kind], &str)] = &[
    (
        &[Kind::NhsNumber, Kind::ChiNumber, Kind::HcNumber],
        "patient patients gp hospital clinic clinical nhsnumbers",
    ),
    (&[Kind::HcNumber], "healthandcare"),
    (&[Kind::Nino], "insurance ni"),
    (&[Kind::Uln], "learner learners"),
    (&[Kind::Upn], "pupil pupils"),
    (&[Kind::Utr], "taxpayer selfassessment"),
    (
        &[Kind::PayeReference, Kind::AccountsOfficeReference],
        "employer",
    ),
    (&[Kind::DrivingLicence], "dvla driving driver licence"),
    (&[Kind::Passport], "passports"),
    (&[Kind::Brp], "permit biometric"),
    (&[Kind::VisaGwf], "visa"),
    (&[Kind::VehicleRegistration], "vehicle car plates van"),
    (
        &[Kind::BankAccount],
        "account sort acct payee bankdetails accountdetails",
    ),
    (
        &[Kind::PaymentCard],
        "visa mastercard amex maestro credit debit",
    ),
    (
        &[Kind::PrisonNumber],
        "prison prisoner prisoners offender offenders inmate inmates custody",
    ),
    (&[Kind::Crn], "probation delius offender"),
    (&[Kind::PncId, Kind::CroNumber], "police criminal"),
    (&[Kind::CompanyNumber], "company companies companieshouse"),
    (&[Kind::OneLoginSubject], "onelogin"),
];

const MEASURES: &str = "count counts counter total totals ms us ns sec secs seconds millis micros nanos bytes byte kb mb gb size len length \
    offset seq sequence epoch ts timestamp time times duration elapsed latency ttl version ver hash checksum crc crc32 sha sha1 sha256 md5 etag \
    sent received index idx page pages rows lines line port pid tid thread status attempt attempts retries retry rate percent ratio max min avg \
    mean median sum width height depth exp iat nbf expires expiry created updated modified at until since interval timeout limit cursor revision rev \
    commit lat lon lng latitude longitude lookup verified valid enabled flag score weight rank level bits usage capacity lag watermark quota \
    temperature pressure amount price cost balance budget quantity qty";
const THINGS: &str = "id ids uid uuid guid order orders invoice ticket job task txn transaction trace span correlation event item sku product batch \
    serial asset device node pod container process object row block parcel tracking case build partition shard nonce chunk packet frame lsn xid tx \
    generation epochid snowflake barcode document documents accountid acctid isbn ean part model sensor meter receipt purchase po consignment shipment segment lease term slot inode \
    handle key bucket queue topic message msgid instance worker pipeline run runner workflow job deployment replica session request req release changeset checkpoint record";
const CARRIERS: &str = "message msg text input answer value values q query search term body payload data content note notes comment comments \
    description detail details subject error err reason arg args param params field raw log url uri path filename sql statement title summary freetext \
    left right expected actual got found parameter parameters binds bind line1 response request form state info debug warn trace";
const VERSIONS: &str = "version versions ver release released upgrade upgraded upgrading downgrade downgraded firmware agent semver patch \
    installed install rollout deploy deployed deploying image chart driver package bump bumped runtime kernel oid schema";

/// Words that may end the name of an identifier whose own name stands before them: `passport_ref`, `patient_id`.
const LAST_WORDS: &str = "id ref no number num code value reference key nr input text data";

/// A lookup table of squashed words.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    /// Entries by hash, open addressing; a power of two, at most half full.
    slots: Vec<Option<(Box<[u8]>, Sense)>>,
    /// For each length and first letter, which last letters occur, as bits: most words of a text end here.
    ends: Box<[[u32; 26]; MAX_WORD + 1]>,
    /// The last bytes of the names that give a value away.
    tails: Endings,
    /// Which last four bytes occur among all names that speak for a kind, and those that end in `id`, `number` and the like.
    speaking_tails: Endings,
    /// Which first two letters occur.
    pairs: [u32; 32],
    /// Which first letters occur.
    beginnings: Beginnings,
}

/// How many letters of a phrase are looked at first; twice as many bytes hold them, where short words stand apart.
const SHORT_WORDS: usize = 4;

/// Longest squashed word of the table.
pub(crate) const MAX_WORD: usize = 32;

impl Vocabulary {
    /// The default vocabulary, made once.
    pub(crate) fn default_words() -> &'static Vocabulary {
        static DEFAULT: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::with_fields(&[]));
        &DEFAULT
    }

    /// The default vocabulary and further names of fields, which win.
    pub(crate) fn with_fields(fields: &[(String, Kind)]) -> Vocabulary {
        let mut vocabulary = Vocabulary {
            slots: vec![None; 4096],
            ends: Box::new([[0; 26]; MAX_WORD + 1]),
            tails: Endings::default(),
            beginnings: Beginnings::default(),
            pairs: [0; 32],
            speaking_tails: Endings::default(),
        };
        for (kind, names) in FIELDS {
            for name in names.split_ascii_whitespace() {
                vocabulary.add(name.as_bytes(), |sense| {
                    sense.kinds = sense.kinds.with(*kind);
                    sense.field = sense.field.or(Some(*kind));
                });
            }
        }
        for (kind, names) in HINTS {
            for name in names.split_ascii_whitespace() {
                vocabulary.add(name.as_bytes(), |sense| {
                    sense.kinds = sense.kinds.with(*kind);
                });
                if is_given_away(*kind) {
                    vocabulary.tails.add(name.as_bytes());
                }
            }
        }
        for (kind, names) in KEY_ONLY {
            for name in names.split_ascii_whitespace() {
                vocabulary.add(name.as_bytes(), |sense| {
                    sense.kinds = sense.kinds.with(*kind);
                    sense.only_as_key = sense.only_as_key.with(*kind);
                });
                if is_given_away(*kind) {
                    vocabulary.tails.add(name.as_bytes());
                }
            }
        }
        for (kinds, words) in WORDS {
            for word in words.split_ascii_whitespace() {
                vocabulary.add(word.as_bytes(), |sense| {
                    sense.kinds = sense.kinds.union(kinds.iter().copied().collect());
                });
            }
        }
        // The first role that is given stands: a word that measures is no carrier.
        for (role, words) in [
            (Role::Version, VERSIONS),
            (Role::Measure, MEASURES),
            (Role::Carrier, CARRIERS),
            (Role::Thing, THINGS),
        ] {
            for word in words.split_ascii_whitespace() {
                vocabulary.add(word.as_bytes(), |sense| {
                    if sense.role == Role::Plain {
                        sense.role = role;
                    }
                });
            }
        }
        // It may say what stands in `value` that another key names it, see `name_beside`.
        vocabulary.tails.add(b"value");
        for ending in LAST_WORDS.split_ascii_whitespace() {
            vocabulary.speaking_tails.add(ending.as_bytes());
        }
        for (name, kind) in fields {
            let name = &name.as_bytes()[..name.len().min(MAX_WORD)];
            vocabulary.add(name, |sense| {
                *sense = Sense {
                    kinds: KindSet::EMPTY.with(*kind),
                    field: Some(*kind),
                    ..Sense::default()
                };
            });
        }
        vocabulary
    }

    /// What a squashed, lower-case word tells.
    #[inline]
    pub(crate) fn get(&self, word: &[u8]) -> Option<Sense> {
        let (first, last) = (word.first()?.wrapping_sub(b'a'), word[word.len() - 1]);
        if word.len() > MAX_WORD
            || first > 25
            || self.ends[word.len()][usize::from(first)] & 1 << (last & 31) == 0
        {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash(word) as usize & mask;
        while let Some((known, sense)) = &self.slots[slot] {
            if known[..] == *word {
                return Some(*sense);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    /// Whether a name that ends in these four bytes may speak for a kind.
    #[inline]
    pub(crate) fn may_speak(&self, tail: [u8; 4]) -> bool {
        self.speaking_tails.may_have(tail)
    }

    /// Whether a word or a phrase of the vocabulary that speaks for a kind may begin with these letters, in any case.
    #[inline]
    pub(crate) fn may_begin(&self, letters: &[u8]) -> bool {
        if let [a, b, ..] = letters
            && self.pairs[usize::from(a & 31)] & 1 << (b & 31) == 0
            && b.is_ascii_alphabetic()
        {
            return false;
        }
        // Words of two letters and less are few, and what follows them belongs to other words: `H&C number`, `NI no`.
        let mut first = [0; SHORT_WORDS];
        let mut count = 0;
        for byte in letters.iter().take(2 * SHORT_WORDS) {
            if byte.is_ascii_alphabetic() {
                first[count] = *byte;
                count += 1;
                if count == SHORT_WORDS {
                    return self.beginnings.may_have(first);
                }
            }
        }
        true
    }

    /// Whether the name of a field that gives its value away ends in these four bytes, in any case.
    #[inline]
    pub(crate) fn has_tail(&self, tail: [u8; 4]) -> bool {
        self.tails.has(tail)
    }

    /// Whether such a name may end in these four bytes; a quick look.
    #[inline]
    pub(crate) fn may_have_tail(&self, tail: [u8; 4]) -> bool {
        self.tails.may_have(tail)
    }

    fn add(&mut self, word: &[u8], change: impl FnOnce(&mut Sense)) {
        let mask = self.slots.len() - 1;
        let mut slot = hash(word) as usize & mask;
        while let Some((known, _)) = &self.slots[slot]
            && known[..] != *word
        {
            slot = (slot + 1) & mask;
        }
        let (_, sense) = self.slots[slot].get_or_insert_with(|| (word.into(), Sense::default()));
        change(sense);
        if !sense.kinds.is_empty() {
            self.speaking_tails.add(word);
            self.beginnings.add(word);
            if let [a, b, ..] = word {
                self.pairs[usize::from(a & 31)] |= 1 << (b & 31);
            }
        }
        if let Some(kind) = sense.field
            && is_given_away(kind)
        {
            self.tails.add(word);
        }
        if let [first, .., last] = word {
            self.ends[word.len()][usize::from(first.wrapping_sub(b'a').min(25))] |=
                1 << (last & 31);
        }
    }
}

/// Whether a value of this kind is looked for by its name; the others have a shape wherever they stand.
fn is_given_away(kind: Kind) -> bool {
    !matches!(kind, Kind::Email | Kind::IpAddress | Kind::OneLoginSubject)
}

/// FNV-1a, folded: short words, a table that is made once.
#[inline]
fn hash(word: &[u8]) -> u64 {
    let hash = word.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3)
    });
    hash ^ hash >> 29
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_is_found_with_its_kind() {
        let words = Vocabulary::default_words();
        for (kind, names) in FIELDS {
            for name in names.split_ascii_whitespace() {
                assert!(name.len() <= MAX_WORD, "{name} is too long");
                let sense = words.get(name.as_bytes()).unwrap_or_default();
                assert!(sense.kinds.contains(*kind), "{name}");
                if let [.., a, b, c, d] = name.as_bytes()
                    && is_given_away(*kind)
                {
                    assert!(words.has_tail([*a, *b, *c, *d]), "{name}");
                }
            }
        }
        assert_eq!(words.get(b"zebra"), None);
        assert_eq!(words.get(b"count").unwrap_or_default().role, Role::Measure);
        assert_eq!(words.get(b"id").unwrap_or_default().role, Role::Thing);
    }

    #[test]
    fn a_name_of_the_user_wins() {
        let words = Vocabulary::with_fields(&[
            ("clientref".to_owned(), Kind::Nino),
            ("token".to_owned(), Kind::Email),
        ]);
        assert_eq!(
            words.get(b"clientref").unwrap_or_default().field,
            Some(Kind::Nino)
        );
        assert_eq!(
            words.get(b"token").unwrap_or_default().field,
            Some(Kind::Email)
        );
    }
}
