//! National Insurance and HMRC references.

use civic_pii::Kind;

use crate::corpus::checksum;
use crate::corpus::form::{Form, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::Nino,
        raw: nino,
        forms: NINO,
        keys: &[
            "nino",
            "national insurance number",
            "ni number",
            "ni no",
            "partner nino",
        ],
        words: &[
            "National Insurance number",
            "NI number",
            "NINO",
            "national insurance no.",
        ],
    },
    Spec {
        kind: Kind::Utr,
        raw: utr,
        forms: UTR,
        keys: &[
            "utr",
            "unique taxpayer reference",
            "sa utr",
            "ct utr",
            "tax reference",
        ],
        words: &[
            "UTR",
            "unique taxpayer reference",
            "Self Assessment UTR",
            "tax reference",
        ],
    },
    Spec {
        kind: Kind::VatNumber,
        raw: vat_with_country,
        forms: VAT,
        keys: &["vat number", "vat registration number", "vat reg no"],
        words: &["VAT number", "VAT registration number", "VAT reg no."],
    },
    Spec {
        kind: Kind::Eori,
        raw: eori,
        forms: EORI,
        keys: &["eori", "eori number", "trader eori"],
        words: &["EORI number", "EORI", "trader's EORI"],
    },
    Spec {
        kind: Kind::PayeReference,
        raw: paye,
        forms: PAYE,
        keys: &[
            "paye reference",
            "employer paye reference",
            "paye ref",
            "employer reference",
        ],
        words: &[
            "PAYE reference",
            "employer PAYE reference",
            "employer reference number",
        ],
    },
    Spec {
        kind: Kind::AccountsOfficeReference,
        raw: accounts_office,
        forms: ACCOUNTS_OFFICE,
        keys: &[
            "accounts office reference",
            "accounts office ref",
            "ao reference",
        ],
        words: &["accounts office reference", "Accounts Office ref"],
    },
    Spec {
        kind: Kind::TemporaryReferenceNumber,
        raw: temporary,
        forms: TEMPORARY,
        keys: &["temporary reference number", "temporary ref", "trn"],
        words: &["temporary reference number", "TRN"],
    },
    Spec {
        kind: Kind::ChildBenefitNumber,
        raw: child_benefit,
        forms: CHILD_BENEFIT,
        keys: &["child benefit number", "chb number", "child benefit ref"],
        words: &["Child Benefit number", "child benefit reference"],
    },
];

const NINO: &[Form] = &[
    form("plain"),
    grouped("spaced-2-2-2-2-1", &[2, 2, 2, 2, 1], " "),
    grouped("spaced-2-6-1", &[2, 6, 1], " "),
    grouped("dashed-2-2-2-2-1", &[2, 2, 2, 2, 1], "-"),
    grouped("dotted-2-2-2-2-1", &[2, 2, 2, 2, 1], "."),
    grouped("nbsp-2-2-2-2-1", &[2, 2, 2, 2, 1], "\u{a0}"),
    grouped("en-dash-2-6-1", &[2, 6, 1], "\u{2013}"),
    form("in-file-name").between("upload_", "_v2"),
    form("angle-brackets").between("<", ">"),
    form("lower").lower().evidence_only(),
    grouped("lower-spaced", &[2, 2, 2, 2, 1], " ")
        .lower()
        .evidence_only(),
    form("no-suffix").raw(nino_no_suffix).evidence_only(),
    grouped("no-suffix-spaced", &[2, 2, 2, 2], " ")
        .raw(nino_no_suffix)
        .evidence_only(),
    form("example-prefix").raw(nino_example).evidence_only(),
];

const UTR: &[Form] = &[
    form("k-after").raw(|rng| utr(rng) + "K"),
    form("k-before").raw(|rng| format!("K{}", utr(rng))),
    grouped("k-after-spaced", &[5, 5, 1], " ").raw(|rng| utr(rng) + "K"),
    form("plain").evidence_only(),
    grouped("spaced-5-5", &[5, 5], " ").evidence_only(),
    grouped("dashed-5-5", &[5, 5], "-").evidence_only(),
    grouped("spaced-3-3-4", &[3, 3, 4], " ").evidence_only(),
    grouped("nbsp-5-5", &[5, 5], "\u{a0}").evidence_only(),
    form("with-office")
        .raw(|rng| format!("{}{}", rng.range(100, 999), utr(rng)))
        .evidence_only(),
    grouped("with-office-spaced", &[3, 5, 5], " ")
        .raw(|rng| format!("{}{}", rng.range(100, 999), utr(rng)))
        .evidence_only(),
    form("then-full-stop").between("", ".").evidence_only(),
];

const VAT: &[Form] = &[
    form("country"),
    grouped("country-spaced-3-4-2", &[2, 3, 4, 2], " "),
    grouped("country-then-space", &[2, 9], " "),
    grouped("country-dashed", &[2, 3, 4, 2], "-"),
    grouped("country-nbsp", &[2, 3, 4, 2], "\u{a0}"),
    form("northern-ireland").raw(|rng| format!("XI{}", vat(rng))),
    form("in-brackets").between("(", ")"),
    form("no-country").raw(vat).evidence_only(),
    grouped("no-country-spaced-3-4-2", &[3, 4, 2], " ")
        .raw(vat)
        .evidence_only(),
    grouped("no-country-spaced-3-3-3", &[3, 3, 3], " ")
        .raw(vat)
        .evidence_only(),
    form("branch")
        .raw(|rng| format!("GB{}{:03}", vat(rng), rng.range(1, 40)))
        .unclear(),
];

const EORI: &[Form] = &[
    form("plain"),
    form("northern-ireland").raw(|rng| eori(rng).replacen("GB", "XI", 1)),
    grouped("spaced-2-12", &[2, 12], " "),
    grouped("spaced-2-9-3", &[2, 9, 3], " "),
    grouped("spaced-2-3-3-3-3", &[2, 3, 3, 3, 3], " "),
    grouped("dashed-2-9-3", &[2, 9, 3], "-"),
    grouped("nbsp-2-12", &[2, 12], "\u{a0}"),
    form("in-brackets").between("(", ")"),
    form("quoted").between("'", "'"),
    form("lower").lower().unclear(),
    form("then-comma").between("", ","),
];

const PAYE: &[Form] = &[
    form("two-letters-five"),
    form("letter-three").raw(|rng| format!("{}/{}{}", office(rng), rng.capitals(1), rng.digits(3))),
    form("two-letters-three")
        .raw(|rng| format!("{}/{}{}", office(rng), rng.capitals(2), rng.digits(3))),
    form("two-letters-four")
        .raw(|rng| format!("{}/{}{}", office(rng), rng.capitals(2), rng.digits(4))),
    form("letter-five").raw(|rng| format!("{}/{}{}", office(rng), rng.capitals(1), rng.digits(5))),
    form("letter-last").raw(|rng| {
        format!(
            "{}/{}{}{}",
            office(rng),
            rng.capitals(1),
            rng.digits(4),
            rng.capitals(1)
        )
    }),
    form("in-brackets").between("(", ")"),
    form("then-full-stop").between("", "."),
    form("lower").lower().unclear(),
    form("spaced-slash")
        .raw(|rng| paye(rng).replacen('/', " / ", 1))
        .unclear(),
    form("dash-for-slash")
        .raw(|rng| paye(rng).replacen('/', "-", 1))
        .unclear(),
];

const ACCOUNTS_OFFICE: &[Form] = &[
    form("plain"),
    form("ends-with-x").raw(accounts_office_x),
    grouped("spaced-3-2-8", &[3, 2, 8], " "),
    grouped("spaced-3-1-1-8", &[3, 1, 1, 8], " "),
    grouped("dashed-3-2-8", &[3, 2, 8], "-"),
    grouped("nbsp-3-2-8", &[3, 2, 8], "\u{a0}"),
    grouped("spaced-3-2-4-4", &[3, 2, 4, 4], " "),
    form("in-brackets").between("(", ")"),
    form("in-file-name").between("p32_", "_m04"),
    form("lower").lower().unclear(),
    form("then-comma").between("", ","),
];

const TEMPORARY: &[Form] = &[
    form("plain").evidence_only(),
    grouped("spaced-2-1-5", &[2, 1, 5], " ").evidence_only(),
    grouped("spaced-2-1-2-2-1", &[2, 1, 2, 2, 1], " ").evidence_only(),
    grouped("spaced-2-2-2-2", &[2, 2, 2, 2], " ").evidence_only(),
    grouped("dashed-2-1-5", &[2, 1, 5], "-").evidence_only(),
    grouped("nbsp-2-1-5", &[2, 1, 5], "\u{a0}").evidence_only(),
    form("lower").lower().evidence_only(),
    form("in-brackets").between("(", ")").evidence_only(),
    form("quoted").between("'", "'").evidence_only(),
    form("then-full-stop").between("", ".").evidence_only(),
];

const CHILD_BENEFIT: &[Form] = &[
    form("plain"),
    grouped("spaced-3-8-2", &[3, 8, 2], " "),
    grouped("spaced-3-4-4-2", &[3, 4, 4, 2], " "),
    grouped("dashed-3-8-2", &[3, 8, 2], "-"),
    grouped("nbsp-3-8-2", &[3, 8, 2], "\u{a0}"),
    grouped("spaced-11-2", &[11, 2], " "),
    form("in-brackets").between("(", ")"),
    form("in-file-name").between("claim_", "_pdf"),
    form("lower").lower().unclear(),
    form("then-comma").between("", ","),
];

fn nino(rng: &mut Rng) -> String {
    nino_no_suffix(rng) + &rng.text("ABCD", 1)
}

fn nino_no_suffix(rng: &mut Rng) -> String {
    // Besides what may not be issued, the prefixes of administrative numbers are left out.
    const NEVER: [&str; 15] = [
        "BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "OO", "CR", "FY", "MW", "NC", "PP", "PY", "PZ",
    ];
    loop {
        let prefix = rng.text("ABCEGHJKLMNOPRSTWXYZ", 1) + &rng.text("ABCEGHJKLMNPRSTWXYZ", 1);
        if !NEVER.contains(&prefix.as_str()) {
            return prefix + &rng.digits(6);
        }
    }
}

fn nino_example(rng: &mut Rng) -> String {
    format!("QQ{}{}", rng.digits(6), rng.text("ABCD", 1))
}

fn utr(rng: &mut Rng) -> String {
    let nine = rng.digits(9);
    format!("{}{nine}", checksum::utr(&nine))
}

fn vat(rng: &mut Rng) -> String {
    let seven = rng.range(1_000_000, 9_999_999).to_string();
    let newer = rng.chance(0.25);
    format!("{seven}{:02}", checksum::vat(&seven, newer))
}

fn vat_with_country(rng: &mut Rng) -> String {
    format!("GB{}", vat(rng))
}

fn eori(rng: &mut Rng) -> String {
    format!("GB{}000", vat(rng))
}

fn office(rng: &mut Rng) -> String {
    rng.range(101, 961).to_string()
}

fn paye(rng: &mut Rng) -> String {
    format!("{}/{}{}", office(rng), rng.capitals(2), rng.digits(5))
}

fn accounts_office(rng: &mut Rng) -> String {
    let rest = format!("00{}", rng.digits(6));
    let office = rng.range(101, 950).to_string();
    let letter = checksum::accounts_office(&office, &rest);
    format!("{office}P{letter}{rest}")
}

fn accounts_office_x(rng: &mut Rng) -> String {
    let rest = format!("00{}X", rng.digits(5));
    let office = rng.range(101, 950).to_string();
    let letter = checksum::accounts_office(&office, &rest);
    format!("{office}P{letter}{rest}")
}

fn temporary(rng: &mut Rng) -> String {
    format!("{}{}{}", rng.digits(2), rng.capitals(1), rng.digits(5))
}

fn child_benefit(rng: &mut Rng) -> String {
    format!("CHB{}{}", rng.digits(8), rng.capitals(2))
}
