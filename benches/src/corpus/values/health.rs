//! NHS, CHI and H&C numbers.

use civic_pii::Kind;

use crate::corpus::checksum::mod_11;
use crate::corpus::form::{Form, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::NhsNumber,
        raw: nhs,
        forms: NHS,
        keys: &[
            "nhs number",
            "nhs no",
            "patient nhs number",
            "nhs id",
            "nhsno",
        ],
        words: &["NHS number", "NHS no.", "patient's NHS number", "NHS ID"],
    },
    Spec {
        kind: Kind::ChiNumber,
        raw: chi,
        forms: CHI,
        keys: &["chi number", "chi", "chi no", "patient chi"],
        words: &["CHI number", "CHI", "Community Health Index number"],
    },
    Spec {
        kind: Kind::HcNumber,
        raw: hc,
        forms: HC,
        keys: &[
            "hc number",
            "health and care number",
            "hcn",
            "h and c number",
        ],
        words: &["H&C number", "Health and Care number", "HCN"],
    },
];

const NHS: &[Form] = &[
    form("plain"),
    grouped("spaced-3-3-4", &[3, 3, 4], " "),
    grouped("dashed-3-3-4", &[3, 3, 4], "-"),
    grouped("dotted-3-3-4", &[3, 3, 4], "."),
    grouped("nbsp-3-3-4", &[3, 3, 4], "\u{a0}"),
    grouped("en-dash-3-3-4", &[3, 3, 4], "\u{2013}"),
    grouped("thousands", &[1, 3, 3, 3], ","),
    grouped("thin-space-3-3-4", &[3, 3, 4], "\u{2009}"),
    form("in-brackets").between("(", ")"),
    form("in-file-name").between("scan_", "_final"),
    grouped("hash-mark", &[3, 3, 4], " ").between("#", ","),
    form("test-range").raw(nhs_test).evidence_only(),
];

const CHI: &[Form] = &[
    form("plain"),
    grouped("spaced-6-4", &[6, 4], " "),
    grouped("dashed-6-4", &[6, 4], "-"),
    grouped("slash-6-4", &[6, 4], "/"),
    grouped("dotted-6-4", &[6, 4], "."),
    grouped("spaced-6-3-1", &[6, 3, 1], " "),
    grouped("spaced-3-3-4", &[3, 3, 4], " "),
    grouped("nbsp-6-4", &[6, 4], "\u{a0}"),
    grouped("en-dash-6-4", &[6, 4], "\u{2013}"),
    form("in-brackets").between("[", "]"),
    form("in-file-name").between("letter_", "_v3"),
];

const HC: &[Form] = &[
    form("plain").evidence_only(),
    grouped("spaced-3-3-4", &[3, 3, 4], " ").evidence_only(),
    grouped("dashed-3-3-4", &[3, 3, 4], "-").evidence_only(),
    grouped("dotted-3-3-4", &[3, 3, 4], ".").evidence_only(),
    grouped("nbsp-3-3-4", &[3, 3, 4], "\u{a0}").evidence_only(),
    grouped("en-dash-3-3-4", &[3, 3, 4], "\u{2013}").evidence_only(),
    grouped("spaced-6-4", &[6, 4], " ").evidence_only(),
    form("in-brackets").between("(", ")").evidence_only(),
    form("then-full-stop").between("", ".").evidence_only(),
    form("then-semicolon").between("", ";").evidence_only(),
];

/// An NHS number in the ranges that England and Wales issue from.
pub fn nhs(rng: &mut Rng) -> String {
    checked(rng, |rng| {
        if rng.chance(0.5) {
            rng.range(400_000_000, 499_999_999)
        } else {
            rng.range(600_000_000, 799_999_999)
        }
        .to_string()
    })
}

/// A CHI number: date of birth, two digits, a digit for the sex, check digit.
pub fn chi(rng: &mut Rng) -> String {
    checked(rng, |rng| {
        format!(
            "{:02}{:02}{:02}{}",
            rng.range(1, 28),
            rng.range(1, 12),
            rng.range(0, 99),
            rng.digits(3)
        )
    })
}

fn nhs_test(rng: &mut Rng) -> String {
    checked(rng, |rng| format!("999{}", rng.digits(6)))
}

fn hc(rng: &mut Rng) -> String {
    checked(rng, |rng| rng.range(320_000_001, 399_999_999).to_string())
}

fn checked(rng: &mut Rng, nine: fn(&mut Rng) -> String) -> String {
    loop {
        let nine = nine(rng);
        if let Some(check) = mod_11(&nine) {
            return format!("{nine}{check}");
        }
    }
}
