//! Postcodes and property numbers.

use civic_pii::Kind;

use crate::corpus::form::{Form, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::Postcode,
        raw: spaced,
        forms: POSTCODE,
        keys: &[
            "postcode",
            "post code",
            "home postcode",
            "postal code",
            "address postcode",
        ],
        words: &["postcode", "post code", "home postcode"],
    },
    Spec {
        kind: Kind::Uprn,
        raw: |rng| format!("100{}", rng.digits(9)),
        forms: UPRN,
        keys: &[
            "uprn",
            "property uprn",
            "unique property reference number",
            "address uprn",
        ],
        words: &[
            "UPRN",
            "unique property reference number",
            "property's UPRN",
        ],
    },
];

const POSTCODE: &[Form] = &[
    form("spaced"),
    form("plain").raw(|rng| joined(rng, "")),
    form("dashed").raw(|rng| joined(rng, "-")),
    form("nbsp").raw(|rng| joined(rng, "\u{a0}")),
    form("two-spaces").raw(|rng| joined(rng, "  ")),
    form("london").raw(|rng| {
        let district = rng.pick(&["EC1A", "WC2N", "SW1A", "W1J", "E1W", "N1C", "SE1P"]);
        format!("{district} {}", inward(rng))
    }),
    form("one-letter-area").raw(|rng| {
        format!(
            "{}{} {}",
            rng.pick(&["B", "E", "G", "L", "M", "N", "S", "W"]),
            rng.range(1, 9),
            inward(rng)
        )
    }),
    form("forces").raw(|rng| format!("BF1 {}", inward(rng))),
    form("giro").raw(|_| "GIR 0AA".to_owned()),
    form("in-brackets").between("(", ")"),
    form("then-full-stop").between("", "."),
    form("lower-spaced").lower(),
    form("lower").raw(|rng| joined(rng, "")).lower(),
];

const UPRN: &[Form] = &[
    form("twelve").evidence_only(),
    form("eleven")
        .raw(|rng| rng.range(10_000_000_000, 99_999_999_999).to_string())
        .evidence_only(),
    form("ten")
        .raw(|rng| rng.range(1_000_000_000, 9_999_999_999).to_string())
        .evidence_only(),
    form("eight")
        .raw(|rng| rng.range(10_000_000, 99_999_999).to_string())
        .evidence_only(),
    form("leading-zeros")
        .raw(|rng| format!("00{}", rng.range(1_000_000_000, 9_999_999_999)))
        .evidence_only(),
    grouped("spaced-4-4-4", &[4, 4, 4], " ").evidence_only(),
    grouped("spaced-3-3-3-3", &[3, 3, 3, 3], " ").evidence_only(),
    form("in-brackets").between("(", ")").evidence_only(),
    form("quoted").between("'", "'").evidence_only(),
    form("then-semicolon").between("", ";").evidence_only(),
    form("hash-mark").between("#", "").evidence_only(),
];

const AREAS: &[&str] = &[
    "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH",
    "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E",
    "EH", "EN", "EX", "FK", "FY", "G", "GL", "GU", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX",
    "IG", "IP", "IV", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M",
    "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH", "PL",
    "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR",
    "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA", "WD",
    "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
];

/// A postcode with one space.
pub(super) fn spaced(rng: &mut Rng) -> String {
    joined(rng, " ")
}

fn joined(rng: &mut Rng, separator: &str) -> String {
    let district = if rng.chance(0.6) {
        rng.range(1, 9)
    } else {
        rng.range(10, 28)
    };
    format!("{}{district}{separator}{}", rng.pick(AREAS), inward(rng))
}

fn inward(rng: &mut Rng) -> String {
    rng.digits(1) + &rng.text("ABDEFGHJLNPQRSTUWXYZ", 2)
}
