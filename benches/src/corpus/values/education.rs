//! Unique learner and pupil numbers.

use civic_pii::Kind;

use crate::corpus::checksum;
use crate::corpus::form::{Form, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::Uln,
        raw: uln,
        forms: ULN,
        keys: &[
            "uln",
            "unique learner number",
            "learner number",
            "learner uln",
        ],
        words: &["ULN", "unique learner number", "learner number"],
    },
    Spec {
        kind: Kind::Upn,
        raw: upn,
        forms: UPN,
        keys: &["upn", "unique pupil number", "pupil upn", "pupil number"],
        words: &["UPN", "unique pupil number", "pupil number"],
    },
];

const ULN: &[Form] = &[
    form("plain").evidence_only(),
    grouped("spaced-3-3-4", &[3, 3, 4], " ").evidence_only(),
    grouped("spaced-5-5", &[5, 5], " ").evidence_only(),
    grouped("dashed-3-3-4", &[3, 3, 4], "-").evidence_only(),
    grouped("spaced-4-3-3", &[4, 3, 3], " ").evidence_only(),
    grouped("nbsp-5-5", &[5, 5], "\u{a0}").evidence_only(),
    grouped("dotted-3-3-4", &[3, 3, 4], ".").evidence_only(),
    form("in-brackets").between("(", ")").evidence_only(),
    form("then-semicolon").between("", ";").evidence_only(),
    form("hash-mark").between("#", "").evidence_only(),
];

const UPN: &[Form] = &[
    form("plain"),
    form("temporary").raw(upn_temporary),
    grouped("spaced-1-3-4-5", &[1, 3, 4, 5], " "),
    grouped("dashed-1-3-4-5", &[1, 3, 4, 5], "-"),
    grouped("spaced-4-4-5", &[4, 4, 5], " "),
    grouped("nbsp-1-3-4-5", &[1, 3, 4, 5], "\u{a0}"),
    form("in-brackets").between("(", ")"),
    form("in-file-name").between("report_", "_2026"),
    form("quoted").between("'", "'"),
    form("lower").lower().unclear(),
    form("then-full-stop").between("", "."),
];

fn uln(rng: &mut Rng) -> String {
    loop {
        let nine = rng.range(100_000_000, 999_999_999).to_string();
        if let Some(check) = checksum::uln(&nine) {
            return format!("{nine}{check}");
        }
    }
}

fn upn(rng: &mut Rng) -> String {
    let twelve = format!("{}{}", authority_school_year(rng), rng.digits(3));
    format!("{}{twelve}", checksum::upn(&twelve))
}

fn upn_temporary(rng: &mut Rng) -> String {
    let twelve = format!(
        "{}{}{}",
        authority_school_year(rng),
        rng.digits(2),
        rng.text("ABCDEFGHJKLMNPQRTUVWXYZ", 1)
    );
    format!("{}{twelve}", checksum::upn(&twelve))
}

fn authority_school_year(rng: &mut Rng) -> String {
    // Codes of local authorities that are or were in use.
    let authority = rng.pick(&[
        202, 211, 301, 313, 330, 341, 353, 371, 380, 801, 815, 823, 840, 855, 873, 881, 908, 916,
        926, 937,
    ]);
    format!(
        "{authority}{}{:02}",
        rng.range(2000, 7999),
        rng.range(5, 25)
    )
}
