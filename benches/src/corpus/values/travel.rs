//! Driving licences, passports, permits, visas and vehicles.

use civic_pii::Kind;

use super::person::SURNAMES;
use crate::corpus::form::{Form, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::DrivingLicence,
        raw: licence,
        forms: LICENCE,
        keys: &[
            "driving licence number",
            "driving licence",
            "driver number",
            "licence number",
        ],
        words: &["driving licence number", "driver number", "driving licence"],
    },
    Spec {
        kind: Kind::Passport,
        raw: passport,
        forms: PASSPORT,
        keys: &[
            "passport number",
            "passport",
            "passport no",
            "uk passport number",
        ],
        words: &["passport number", "passport no.", "passport"],
    },
    Spec {
        kind: Kind::Brp,
        raw: |rng| permit(rng, true),
        forms: BRP,
        keys: &[
            "brp number",
            "brp",
            "biometric residence permit",
            "residence permit number",
        ],
        words: &[
            "BRP number",
            "biometric residence permit",
            "residence permit number",
        ],
    },
    Spec {
        kind: Kind::VisaGwf,
        raw: |rng| format!("GWF{}", rng.digits(9)),
        forms: GWF,
        keys: &["gwf number", "gwf", "visa reference", "gwf reference"],
        words: &["GWF number", "visa application reference", "GWF reference"],
    },
    Spec {
        kind: Kind::VehicleRegistration,
        raw: registration,
        forms: REGISTRATION,
        keys: &[
            "vehicle registration",
            "registration number",
            "vrm",
            "number plate",
            "vehicle reg",
        ],
        words: &[
            "vehicle registration",
            "number plate",
            "registration number",
            "VRM",
        ],
    },
];

const LICENCE: &[Form] = &[
    form("plain"),
    form("short-name").raw(|rng| {
        let name = rng.pick(&["LEE99", "FOX99", "COX99", "OLD99", "NG999", "DAY99"]);
        licence_of(name, rng)
    }),
    form("one-initial").raw(|rng| {
        let mut number = licence(rng).into_bytes();
        number[12] = b'9';
        String::from_utf8_lossy(&number).into_owned()
    }),
    grouped("spaced-5-6-5", &[5, 6, 5], " "),
    grouped("spaced-5-6-2-3", &[5, 6, 2, 3], " "),
    grouped("dashed-5-6-5", &[5, 6, 5], "-"),
    grouped("nbsp-5-6-5", &[5, 6, 5], "\u{a0}"),
    grouped("with-issue", &[16, 2], " ").raw(|rng| licence(rng) + &rng.digits(2)),
    form("in-brackets").between("(", ")"),
    form("in-file-name").between("photo_", "_front"),
    form("lower").lower().unclear(),
    form("northern-ireland")
        .raw(|rng| rng.digits(8))
        .evidence_only(),
];

const PASSPORT: &[Form] = &[
    form("nine").evidence_only(),
    grouped("spaced-3-3-3", &[3, 3, 3], " ").evidence_only(),
    grouped("dashed-3-3-3", &[3, 3, 3], "-").evidence_only(),
    grouped("spaced-2-3-4", &[2, 3, 4], " ").evidence_only(),
    grouped("nbsp-3-3-3", &[3, 3, 3], "\u{a0}").evidence_only(),
    form("letter-first")
        .raw(|rng| rng.capitals(1) + &rng.digits(6))
        .evidence_only(),
    form("letter-last")
        .raw(|rng| rng.digits(6) + &rng.capitals(1))
        .evidence_only(),
    form("in-brackets").between("(", ")").evidence_only(),
    form("quoted").between("'", "'").evidence_only(),
    form("hash-mark").between("#", "").evidence_only(),
    form("then-full-stop").between("", ".").evidence_only(),
];

// The permits that guidance prints begin with Z; other letters need a name beside them.
const BRP: &[Form] = &[
    form("plain"),
    form("with-x").raw(|rng| format!("Z{}X{}", rng.text("BEFHLMNRSTUVWX", 1), rng.digits(6))),
    grouped("spaced-3-6", &[3, 6], " "),
    grouped("spaced-2-7", &[2, 7], " "),
    grouped("dashed-2-7", &[2, 7], "-"),
    grouped("spaced-2-3-4", &[2, 3, 4], " "),
    grouped("nbsp-2-7", &[2, 7], "\u{a0}"),
    form("in-brackets").between("(", ")"),
    form("in-file-name").between("card_", "_back"),
    form("other-prefix").raw(|rng| permit(rng, false)).unclear(),
    form("lower").lower().unclear(),
    form("then-comma").between("", ","),
];

const GWF: &[Form] = &[
    form("plain"),
    grouped("spaced-3-9", &[3, 9], " "),
    grouped("spaced-3-3-3-3", &[3, 3, 3, 3], " "),
    grouped("dashed-3-9", &[3, 9], "-"),
    grouped("dashed-3-3-3-3", &[3, 3, 3, 3], "-"),
    grouped("nbsp-3-9", &[3, 9], "\u{a0}"),
    form("in-brackets").between("[", "]"),
    form("in-file-name").between("bundle_", "_signed"),
    form("quoted").between("'", "'"),
    form("lower").lower().unclear(),
    form("then-full-stop").between("", "."),
];

const REGISTRATION: &[Form] = &[
    form("current"),
    grouped("current-spaced", &[4, 3], " "),
    grouped("current-dashed", &[4, 3], "-"),
    grouped("current-nbsp", &[4, 3], "\u{a0}"),
    grouped("prefix-spaced", &[4, 3], " ").raw(prefix_registration),
    form("prefix").raw(prefix_registration),
    grouped("suffix-spaced", &[3, 4], " ").raw(suffix_registration),
    form("suffix").raw(suffix_registration),
    grouped("in-brackets", &[4, 3], " ").between("(", ")"),
    grouped("lower-spaced", &[4, 3], " ").lower().unclear(),
    grouped("dateless", &[3, 4], " ")
        .raw(|rng| plate(rng, 3) + &rng.range(1000, 9999).to_string())
        .evidence_only(),
    grouped("dateless-numbers-first", &[4, 2], " ")
        .raw(|rng| rng.range(1000, 9999).to_string() + &plate(rng, 2))
        .evidence_only(),
    grouped("northern-ireland", &[3, 4], " ")
        .raw(|rng| {
            let county = rng.pick(&["AZ", "CZ", "DZ", "GZ", "HZ", "IA", "JI", "OI", "UI", "XI"]);
            format!("{}{county}{}", plate(rng, 1), rng.range(1000, 9999))
        })
        .evidence_only(),
];

fn licence(rng: &mut Rng) -> String {
    let surname: String = rng
        .pick(SURNAMES)
        .to_ascii_uppercase()
        .bytes()
        .filter(u8::is_ascii_uppercase)
        .map(char::from)
        .take(5)
        .collect();
    licence_of(&format!("{surname:9<5}"), rng)
}

fn licence_of(surname: &str, rng: &mut Rng) -> String {
    let month = rng.range(1, 12) + if rng.chance(0.5) { 50 } else { 0 };
    format!(
        "{surname}{}{month:02}{:02}{}{}{}{}",
        rng.text("3456789", 1),
        rng.range(1, 28),
        rng.digits(1),
        rng.text("ABCDEFGHJKLMNPRSTW", 2),
        rng.text("9998", 1),
        rng.capitals(2)
    )
}

fn passport(rng: &mut Rng) -> String {
    rng.range(100_000_000, 999_999_999).to_string()
}

fn permit(rng: &mut Rng, usual: bool) -> String {
    let prefix = if usual {
        format!("Z{}", rng.text("BEFHLMNRSTUVWX", 1))
    } else {
        rng.pick(&["RS", "RF", "RM", "EU", "RT"]).to_owned()
    };
    prefix + &rng.digits(7)
}

fn plate(rng: &mut Rng, n: usize) -> String {
    rng.text("ABCDEFGHJKLMNPRSTUVWXY", n)
}

fn registration(rng: &mut Rng) -> String {
    let age = if rng.chance(0.5) {
        rng.range(2, 26)
    } else {
        rng.range(51, 75)
    };
    format!("{}{age:02}{}", plate(rng, 2), plate(rng, 3))
}

fn prefix_registration(rng: &mut Rng) -> String {
    format!(
        "{}{}{}",
        rng.text("ABCDEFGHJKLMNPRSTVWXY", 1),
        rng.range(100, 999),
        plate(rng, 3)
    )
}

fn suffix_registration(rng: &mut Rng) -> String {
    format!(
        "{}{}{}",
        plate(rng, 3),
        rng.range(100, 999),
        rng.text("ABCDEFGHJKLMNPRSTVWXY", 1)
    )
}
