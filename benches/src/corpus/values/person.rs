//! Names, addresses and dates of birth.

use civic_pii::Kind;

use super::place;
use crate::corpus::form::{Form, Spec, form};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::DateOfBirth,
        raw: |rng| {
            let (y, m, d) = birthday(rng);
            format!("{d:02}/{m:02}/{y}")
        },
        forms: BIRTH,
        keys: &[
            "date of birth",
            "dob",
            "birth date",
            "applicant dob",
            "birthday",
        ],
        words: &["date of birth", "DOB", "birth date"],
    },
    Spec {
        kind: Kind::PersonName,
        raw: |rng| format!("{} {}", rng.pick(FORENAMES), rng.pick(SURNAMES)),
        forms: NAME,
        keys: &[
            "full name",
            "applicant name",
            "patient name",
            "customer name",
            "claimant full name",
        ],
        words: &[],
    },
    Spec {
        kind: Kind::Address,
        raw: |rng| format!("{} {}, {}", house(rng), rng.pick(STREETS), rng.pick(TOWNS)),
        forms: ADDRESS,
        keys: &[
            "address",
            "home address",
            "postal address",
            "street address",
            "correspondence address",
        ],
        words: &[],
    },
];

const BIRTH: &[Form] = &[
    form("slashes").evidence_only(),
    form("iso")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{y}-{m:02}-{d:02}")
        })
        .evidence_only(),
    form("dashes")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{d:02}-{m:02}-{y}")
        })
        .evidence_only(),
    form("dots")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{d:02}.{m:02}.{y}")
        })
        .evidence_only(),
    form("month-in-words")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{d} {} {y}", MONTHS[m as usize - 1])
        })
        .evidence_only(),
    form("short-month")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{d} {} {y}", &MONTHS[m as usize - 1][..3])
        })
        .evidence_only(),
    form("ordinal")
        .raw(|rng| {
            let (y, m, _) = birthday(rng);
            format!("{}th {} {y}", rng.range(4, 19), MONTHS[m as usize - 1])
        })
        .evidence_only(),
    form("month-first")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{} {d}, {y}", MONTHS[m as usize - 1])
        })
        .evidence_only(),
    form("two-digit-year")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{d:02}/{m:02}/{:02}", y % 100)
        })
        .evidence_only(),
    form("year-first-slashes")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{y}/{m:02}/{d:02}")
        })
        .evidence_only(),
    form("midnight")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{y}-{m:02}-{d:02}T00:00:00Z")
        })
        .evidence_only(),
    form("no-padding")
        .raw(|rng| {
            let (y, m, d) = birthday(rng);
            format!("{d}/{m}/{y}")
        })
        .evidence_only(),
];

const NAME: &[Form] = &[
    form("first-last"),
    form("title").raw(|rng| {
        format!(
            "{} {} {}",
            rng.pick(&["Mr", "Mrs", "Ms", "Dr", "Miss"]),
            rng.pick(FORENAMES),
            rng.pick(SURNAMES)
        )
    }),
    form("last-comma-first").raw(|rng| format!("{}, {}", rng.pick(SURNAMES), rng.pick(FORENAMES))),
    form("capital-surname").raw(|rng| {
        format!(
            "{} {}",
            rng.pick(FORENAMES),
            rng.pick(SURNAMES).to_uppercase()
        )
    }),
    form("initial").raw(|rng| format!("{}. {}", rng.text("ABCDEFGHJKLM", 1), rng.pick(SURNAMES))),
    form("middle").raw(|rng| {
        format!(
            "{} {} {}",
            rng.pick(FORENAMES),
            rng.pick(FORENAMES),
            rng.pick(SURNAMES)
        )
    }),
    form("double-barrelled").raw(|rng| {
        format!(
            "{} {}-{}",
            rng.pick(FORENAMES),
            rng.pick(SURNAMES),
            rng.pick(SURNAMES)
        )
    }),
    form("all-small")
        .raw(|rng| format!("{} {}", rng.pick(FORENAMES), rng.pick(SURNAMES)).to_lowercase()),
    form("forename")
        .raw(|rng| rng.pick(FORENAMES).to_string())
        .keys(&["first name", "forename", "given name", "given names"]),
    form("surname")
        .raw(|rng| rng.pick(SURNAMES).to_string())
        .keys(&["surname", "last name", "family name", "maiden name"]),
    form("apostrophe").raw(|rng| {
        format!(
            "{} O'{}",
            rng.pick(FORENAMES),
            rng.pick(&["Brien", "Neill", "Connor", "Sullivan"])
        )
    }),
];

const ADDRESS: &[Form] = &[
    form("street-town"),
    form("street")
        .raw(|rng| format!("{} {}", house(rng), rng.pick(STREETS)))
        .keys(&["address line 1", "address line1", "street address"]),
    form("flat").raw(|rng| {
        format!(
            "Flat {}, {} {}, {}",
            rng.range(1, 40),
            house(rng),
            rng.pick(STREETS),
            rng.pick(TOWNS)
        )
    }),
    form("letter-after-number")
        .raw(|rng| format!("{}A {}, {}", house(rng), rng.pick(STREETS), rng.pick(TOWNS))),
    form("named-house").raw(|rng| {
        format!(
            "{}, {}, {}",
            rng.pick(&["Rose Cottage", "The Old Mill", "Hillside", "Tŷ Gwyn"]),
            rng.pick(STREETS),
            rng.pick(TOWNS)
        )
    }),
    form("with-postcode").raw(|rng| {
        format!(
            "{} {}, {}, {}",
            house(rng),
            rng.pick(STREETS),
            rng.pick(TOWNS),
            place::spaced(rng)
        )
    }),
    form("capitals").raw(|rng| {
        format!("{} {}, {}", house(rng), rng.pick(STREETS), rng.pick(TOWNS)).to_uppercase()
    }),
    form("all-small").raw(|rng| {
        format!("{} {} {}", house(rng), rng.pick(STREETS), rng.pick(TOWNS)).to_lowercase()
    }),
    form("range-of-numbers").raw(|rng| {
        let first = rng.range(1, 99);
        format!(
            "{first}-{} {}, {}",
            first + 2,
            rng.pick(STREETS),
            rng.pick(TOWNS)
        )
    }),
    form("no-commas")
        .raw(|rng| format!("{} {} {}", house(rng), rng.pick(STREETS), rng.pick(TOWNS))),
    form("unit").raw(|rng| {
        format!(
            "Unit {}, {}, {}",
            rng.range(1, 20),
            rng.pick(STREETS),
            rng.pick(TOWNS)
        )
    }),
];

pub(super) const FORENAMES: &[&str] = &[
    "Abena", "Bartosz", "Catrin", "Dilys", "Ewan", "Farida", "Gethin", "Harriet", "Ifeoma",
    "Jakub", "Kirsty", "Lakshmi", "Morag", "Nadia", "Oisín", "Priti", "Rhodri", "Siân", "Tariq",
    "Ursula", "Vikram", "Winifred", "Yusuf", "Zuzanna",
];

pub(super) const SURNAMES: &[&str] = &[
    "Ashworth",
    "Banerjee",
    "Cadwallader",
    "Davies",
    "Eastwood",
    "Farquhar",
    "Griffiths",
    "Hargreaves",
    "Ibrahim",
    "Jenkins",
    "Kaur",
    "Llewellyn",
    "Mukherjee",
    "Nowak",
    "Okonkwo",
    "Pritchard",
    "Quigley",
    "Rahman",
    "Sutherland",
    "Thistlewood",
    "Underhill",
    "Wojcik",
    "Yates",
];

const STREETS: &[&str] = &[
    "Station Road",
    "Mill Lane",
    "Church Street",
    "Victoria Terrace",
    "Heol y Bont",
    "Orchard Close",
    "Market Square",
    "Canal Walk",
    "Priory Gardens",
    "Queensway",
];

const TOWNS: &[&str] = &[
    "Ambridge",
    "Walford",
    "Holby",
    "Weatherfield",
    "Emmerdale",
    "Llanwenog",
    "Borchester",
    "Glenbogle",
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn birthday(rng: &mut Rng) -> (u64, u64, u64) {
    (rng.range(1935, 2008), rng.range(1, 12), rng.range(1, 28))
}

fn house(rng: &mut Rng) -> u64 {
    rng.range(1, 240)
}
