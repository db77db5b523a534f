//! Email addresses and telephone numbers.

use civic_pii::Kind;

use super::person::{FORENAMES, SURNAMES};
use crate::corpus::form::{Form, Place, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::Email,
        raw: dotted,
        forms: EMAIL,
        keys: &[
            "email",
            "email address",
            "e mail",
            "reply to",
            "user email",
            "contact email",
        ],
        words: &["email address", "email", "contact email", "mailbox"],
    },
    Spec {
        kind: Kind::Phone,
        raw: mobile,
        forms: PHONE,
        keys: &[
            "phone number",
            "phone",
            "mobile",
            "telephone",
            "contact number",
            "mobile number",
        ],
        words: &[
            "phone number",
            "mobile number",
            "telephone number",
            "contact number",
        ],
    },
];

const EMAIL: &[Form] = &[
    form("dotted"),
    form("tagged").raw(|rng| {
        format!(
            "{}.{}+{}@{}",
            forename(rng),
            surname(rng),
            rng.pick(&["gov", "tax", "news"]),
            domain(rng)
        )
    }),
    form("number").raw(|rng| format!("{}{}@{}", forename(rng), rng.range(1, 99), domain(rng))),
    form("initial").raw(|rng| format!("{}{}@{}", &forename(rng)[..1], surname(rng), domain(rng))),
    form("underscore").raw(|rng| format!("{}_{}@{}", forename(rng), surname(rng), domain(rng))),
    form("hyphen").raw(|rng| format!("{}-{}@{}", forename(rng), surname(rng), domain(rng))),
    form("capitals").raw(|rng| dotted(rng).to_ascii_uppercase()),
    form("mixed-case").raw(|rng| {
        let (first, last) = (forename(rng), surname(rng));
        format!("{}.{}@{}", capital(&first), capital(&last), domain(rng))
    }),
    form("subdomain").raw(|rng| {
        let host = rng.pick(&["mail", "post", "team-a", "it.north"]);
        format!("{}@{host}.{}", forename(rng), domain(rng))
    }),
    form("angle-brackets").between("<", ">"),
    form("mailto").between("mailto:", ""),
    form("then-full-stop").between("", "."),
    form("in-file-name").between("export_of:", ":2026"),
    form("apostrophe").raw(|rng| format!("{}.o'{}@{}", forename(rng), surname(rng), domain(rng))),
];

const PHONE: &[Form] = &[
    form("mobile"),
    grouped("mobile-spaced-5-6", &[5, 6], " "),
    grouped("mobile-spaced-5-3-3", &[5, 3, 3], " "),
    grouped("mobile-dashed-5-6", &[5, 6], "-"),
    grouped("mobile-dotted-5-3-3", &[5, 3, 3], "."),
    grouped("mobile-nbsp", &[5, 3, 3], "\u{a0}"),
    grouped("london-spaced-3-4-4", &[3, 4, 4], " ").raw(london),
    form("london-brackets").raw(|rng| {
        let number = london(rng);
        format!("({}) {} {}", &number[..3], &number[3..7], &number[7..])
    }),
    form("city").raw(city),
    grouped("city-spaced-4-3-4", &[4, 3, 4], " ").raw(city),
    grouped("no-area-spaced-5-6", &[5, 6], " ").raw(no_area),
    form("e164").raw(|rng| format!("+44{}", &mobile(rng)[1..])),
    form("international-spaced").raw(|rng| {
        let number = mobile(rng);
        format!("+44 {} {}", &number[1..5], &number[5..])
    }),
    form("international-zero").raw(|rng| {
        let number = london(rng);
        format!(
            "+44 (0){} {} {}",
            &number[1..3],
            &number[3..7],
            &number[7..]
        )
    }),
    form("double-zero").raw(|rng| format!("0044{}", &mobile(rng)[1..])),
    form("tel-link")
        .raw(|rng| format!("+44{}", &mobile(rng)[1..]))
        .between("tel:", "")
        .place(Place::Text),
    form("ireland").raw(|rng| format!("+353 1 {} {}", rng.range(200, 899), rng.digits(4))),
    form("france").raw(|rng| {
        format!(
            "+33 6 {} {} {} {}",
            rng.digits(2),
            rng.digits(2),
            rng.digits(2),
            rng.digits(2)
        )
    }),
    form("united-states").raw(|rng| format!("+1 202 555 01{}", rng.digits(2))),
];

const DOMAINS: &[&str] = &[
    "example.com",
    "example.org",
    "example.net",
    "mail.example.co.uk",
    "post.example.gov.uk",
    "trust.example.nhs.uk",
];

fn forename(rng: &mut Rng) -> String {
    ascii(rng.pick(FORENAMES))
}

fn surname(rng: &mut Rng) -> String {
    ascii(rng.pick(SURNAMES))
}

fn domain(rng: &mut Rng) -> &'static str {
    rng.pick(DOMAINS)
}

fn dotted(rng: &mut Rng) -> String {
    format!("{}.{}@{}", forename(rng), surname(rng), domain(rng))
}

fn ascii(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn capital(name: &str) -> String {
    name[..1].to_ascii_uppercase() + &name[1..]
}

/// A mobile number of the range that Ofcom keeps for drama.
fn mobile(rng: &mut Rng) -> String {
    format!("07700900{}", rng.digits(3))
}

fn london(rng: &mut Rng) -> String {
    format!("02079460{}", rng.digits(3))
}

fn city(rng: &mut Rng) -> String {
    let area = rng.pick(&[
        "0113", "0114", "0115", "0116", "0117", "0118", "0121", "0131", "0151",
    ]);
    format!("{area}4960{}", rng.digits(3))
}

fn no_area(rng: &mut Rng) -> String {
    format!("01632960{}", rng.digits(3))
}
