//! Bank accounts, cards and companies.

use civic_pii::Kind;

use crate::corpus::checksum;
use crate::corpus::form::{Form, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::BankAccount,
        raw: |rng| bank(rng, "-", " "),
        forms: BANK,
        keys: &[
            "bank account",
            "bank details",
            "account details",
            "sort code and account number",
        ],
        words: &[
            "sort code and account number",
            "bank details",
            "bank account",
        ],
    },
    Spec {
        kind: Kind::Iban,
        raw: iban_gb,
        forms: IBAN,
        keys: &["iban", "account iban", "payee iban", "iban number"],
        words: &["IBAN", "payee IBAN"],
    },
    Spec {
        kind: Kind::PaymentCard,
        raw: card,
        forms: CARD,
        keys: &[
            "card number",
            "card no",
            "pan",
            "payment card",
            "debit card number",
        ],
        words: &["card number", "debit card", "payment card number"],
    },
    Spec {
        kind: Kind::CompanyNumber,
        raw: company,
        forms: COMPANY,
        keys: &[
            "company number",
            "companies house number",
            "company registration number",
        ],
        words: &[
            "company number",
            "Companies House number",
            "company registration number",
        ],
    },
];

const BANK: &[Form] = &[
    form("dashed-space"),
    form("dashed-slash").raw(|rng| bank(rng, "-", "/")),
    form("dashed-comma").raw(|rng| bank(rng, "-", ", ")),
    form("dashed-dash").raw(|rng| bank(rng, "-", " - ")),
    form("spaced-space").raw(|rng| bank(rng, " ", " ")),
    form("dotted-space").raw(|rng| bank(rng, ".", " ")),
    form("nbsp").raw(|rng| bank(rng, "-", "\u{a0}")),
    form("en-dash").raw(|rng| bank(rng, "\u{2013}", " ")),
    form("with-word").raw(|rng| bank(rng, "-", " account ")),
    form("with-account-number").raw(|rng| bank(rng, "-", " account number ")),
    form("six-eight").raw(|rng| bank(rng, "", " ")).unclear(),
    form("in-brackets").between("(", ")"),
    form("fourteen").raw(|rng| bank(rng, "", "")).unclear(),
];

const IBAN: &[Form] = &[
    form("plain"),
    grouped("spaced-4", &[4, 4, 4, 4, 4, 2], " "),
    grouped("dashed-4", &[4, 4, 4, 4, 4, 2], "-"),
    grouped("nbsp-4", &[4, 4, 4, 4, 4, 2], "\u{a0}"),
    form("germany").raw(|rng| iban("DE", &rng.digits(18))),
    form("ireland").raw(|rng| {
        let account = format!("AIBK{}", rng.digits(14));
        iban("IE", &account)
    }),
    grouped("netherlands-spaced", &[4, 4, 4, 4, 2], " ").raw(|rng| {
        let account = format!("ABNA{}", rng.digits(10));
        iban("NL", &account)
    }),
    grouped("france-spaced", &[4, 4, 4, 4, 4, 4, 3], " ").raw(|rng| iban("FR", &rng.digits(23))),
    form("lower").lower(),
    form("in-brackets").between("(", ")"),
    form("in-file-name").between("payee_", "_csv"),
    form("then-full-stop").between("", "."),
];

const CARD: &[Form] = &[
    form("plain"),
    grouped("spaced-4", &[4, 4, 4, 4], " "),
    grouped("dashed-4", &[4, 4, 4, 4], "-"),
    grouped("dotted-4", &[4, 4, 4, 4], "."),
    grouped("nbsp-4", &[4, 4, 4, 4], "\u{a0}"),
    form("amex").raw(amex),
    grouped("amex-spaced-4-6-5", &[4, 6, 5], " ").raw(amex),
    form("mastercard-2-series").raw(|rng| {
        let start = rng.range(2221, 2720).to_string();
        luhn(start, 15, rng)
    }),
    form("in-brackets").between("(", ")"),
    form("in-file-name").between("receipt_", "_v1"),
    form("quoted").between("'", "'"),
    form("then-comma").between("", ","),
];

const COMPANY: &[Form] = &[
    form("eight-digits").evidence_only(),
    form("leading-zero")
        .raw(|rng| format!("0{}", rng.range(1_000_000, 9_999_999)))
        .evidence_only(),
    form("scotland")
        .raw(|rng| format!("SC{}", rng.digits(6)))
        .evidence_only(),
    form("northern-ireland")
        .raw(|rng| format!("NI{}", rng.digits(6)))
        .evidence_only(),
    form("partnership")
        .raw(|rng| format!("OC{}", rng.digits(6)))
        .evidence_only(),
    form("limited-partnership")
        .raw(|rng| format!("LP{}", rng.digits(6)))
        .evidence_only(),
    form("industrial-society")
        .raw(|rng| format!("IP{}R", rng.digits(5)))
        .evidence_only(),
    form("lower")
        .raw(|rng| format!("SC{}", rng.digits(6)))
        .lower()
        .evidence_only(),
    form("in-brackets").between("(", ")").evidence_only(),
    form("quoted").between("'", "'").evidence_only(),
    form("then-full-stop").between("", ".").evidence_only(),
];

fn bank(rng: &mut Rng, within: &str, between: &str) -> String {
    format!(
        "{}{within}{}{within}{}{between}{}",
        rng.range(10, 89),
        rng.digits(2),
        rng.digits(2),
        rng.digits(8)
    )
}

fn iban_gb(rng: &mut Rng) -> String {
    let account = rng.capitals(4) + &rng.digits(14);
    iban("GB", &account)
}

fn iban(country: &str, account: &str) -> String {
    format!("{country}{}{account}", checksum::iban(country, account))
}

fn card(rng: &mut Rng) -> String {
    let start = if rng.chance(0.6) {
        "4".to_owned()
    } else {
        format!("5{}", rng.range(1, 5))
    };
    luhn(start, 15, rng)
}

fn amex(rng: &mut Rng) -> String {
    let start = rng.pick(&["34", "37"]).to_string();
    luhn(start, 14, rng)
}

fn luhn(start: String, length: usize, rng: &mut Rng) -> String {
    let body = rng.digits(length - start.len());
    let number = start + &body;
    let check = checksum::luhn(&number);
    format!("{number}{check}")
}

fn company(rng: &mut Rng) -> String {
    rng.range(10_000_000, 16_999_999).to_string()
}
