//! Identifiers of the criminal justice system.

use civic_pii::Kind;

use crate::corpus::checksum::police;
use crate::corpus::form::{Form, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::PrisonNumber,
        raw: |rng| format!("A{}{}", rng.digits(4), rng.capitals(2)),
        forms: PRISON,
        keys: &[
            "prison number",
            "nomis id",
            "prisoner number",
            "noms number",
            "offender no",
        ],
        words: &[
            "prison number",
            "NOMIS number",
            "prisoner number",
            "NOMS number",
        ],
    },
    Spec {
        kind: Kind::Crn,
        raw: |rng| rng.capitals(1) + &rng.digits(6),
        forms: CRN,
        keys: &[
            "crn",
            "case reference number",
            "probation crn",
            "delius crn",
        ],
        words: &["CRN", "case reference number", "probation CRN"],
    },
    Spec {
        kind: Kind::PncId,
        raw: |rng| pnc(rng, 4),
        forms: PNC,
        keys: &["pnc id", "pnc number", "pnc", "police national computer id"],
        words: &["PNC number", "PNC ID", "Police National Computer number"],
    },
    Spec {
        kind: Kind::CroNumber,
        raw: cro,
        forms: CRO,
        keys: &["cro number", "cro", "criminal records office number"],
        words: &["CRO number", "CRO", "Criminal Records Office number"],
    },
];

const PRISON: &[Form] = &[
    form("plain").evidence_only(),
    grouped("spaced-1-4-2", &[1, 4, 2], " ").evidence_only(),
    grouped("spaced-5-2", &[5, 2], " ").evidence_only(),
    grouped("dashed-1-4-2", &[1, 4, 2], "-").evidence_only(),
    form("lower").lower().evidence_only(),
    form("in-brackets").between("(", ")").evidence_only(),
    form("square-brackets").between("[", "]").evidence_only(),
    form("quoted").between("'", "'").evidence_only(),
    form("then-full-stop").between("", ".").evidence_only(),
    form("then-comma").between("", ",").evidence_only(),
    form("hash-mark").between("#", "").evidence_only(),
];

const CRN: &[Form] = &[
    form("plain").evidence_only(),
    form("x-first")
        .raw(|rng| format!("X{}", rng.digits(6)))
        .evidence_only(),
    grouped("spaced-1-6", &[1, 6], " ").evidence_only(),
    grouped("spaced-1-3-3", &[1, 3, 3], " ").evidence_only(),
    form("lower").lower().evidence_only(),
    form("in-brackets").between("(", ")").evidence_only(),
    form("square-brackets").between("[", "]").evidence_only(),
    form("quoted").between("'", "'").evidence_only(),
    form("then-full-stop").between("", ".").evidence_only(),
    form("hash-mark").between("#", "").evidence_only(),
];

const PNC: &[Form] = &[
    form("long"),
    form("short-year").raw(|rng| pnc(rng, 2)),
    form("short-serial").raw(|rng| {
        let year = rng.range(1985, 2024).to_string();
        let serial = rng.range(10_000, 999_999);
        let letter = police(&year[2..], &format!("{serial:07}"));
        format!("{year}/{serial}{letter}")
    }),
    form("both-short").raw(|rng| {
        let year = format!("{:02}", rng.range(1, 24));
        let serial = rng.range(10_000, 999_999);
        let letter = police(&year, &format!("{serial:07}"));
        format!("{year}/{serial}{letter}")
    }),
    form("in-brackets").between("(", ")"),
    form("square-brackets").between("[", "]"),
    form("quoted").between("'", "'"),
    form("then-full-stop").between("", "."),
    form("no-slash")
        .raw(|rng| pnc(rng, 4).replacen('/', "", 1))
        .unclear(),
    form("dash-for-slash")
        .raw(|rng| pnc(rng, 4).replacen('/', "-", 1))
        .unclear(),
    form("lower").lower().unclear(),
];

const CRO: &[Form] = &[
    form("standard"),
    form("short-serial").raw(|rng| {
        let year = format!("{:02}", rng.range(60, 99));
        let serial = rng.range(1_000, 99_999);
        let letter = police(&year, &format!("{serial:06}"));
        format!("{serial}/{year}{letter}")
    }),
    form("sf").raw(sf),
    form("sf-in-brackets").raw(sf).between("(", ")"),
    form("in-brackets").between("(", ")"),
    form("square-brackets").between("[", "]"),
    form("quoted").between("'", "'"),
    form("then-full-stop").between("", "."),
    form("then-comma").between("", ","),
    form("dash-for-slash")
        .raw(|rng| cro(rng).replacen('/', "-", 1))
        .unclear(),
    form("lower").lower().unclear(),
];

fn pnc(rng: &mut Rng, year_digits: usize) -> String {
    let year = rng.range(1985, 2024).to_string();
    let serial = format!("{:07}", rng.range(1, 9_999_999));
    let letter = police(&year[2..], &serial);
    format!("{}/{serial}{letter}", &year[4 - year_digits..])
}

fn cro(rng: &mut Rng) -> String {
    let year = format!("{:02}", rng.range(0, 99));
    let serial = rng.digits(6);
    let letter = police(&year, &serial);
    format!("{serial}/{year}{letter}")
}

fn sf(rng: &mut Rng) -> String {
    let year = format!("{:02}", rng.range(39, 95));
    let serial = rng.range(1_000, 999_999).to_string();
    let letter = police(&year, &serial);
    format!("SF{year}/{serial}{letter}")
}
