//! Addresses of machines.

use std::net::Ipv6Addr;

use civic_pii::Kind;

use crate::corpus::form::{Form, Place, Spec, form, grouped};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::IpAddress,
        raw: v4,
        forms: IP,
        keys: &[
            "ip address",
            "client ip",
            "remote addr",
            "source ip",
            "x forwarded for",
            "user ip",
        ],
        words: &["IP address", "client address", "remote IP"],
    },
    Spec {
        kind: Kind::MacAddress,
        raw: mac,
        forms: MAC,
        keys: &["mac address", "mac", "device mac", "wifi mac"],
        words: &["MAC address", "device MAC", "hardware address"],
    },
];

const IP: &[Form] = &[
    form("v4"),
    form("v4-port").between("", ":51834"),
    form("v4-brackets").between("[", "]"),
    form("v4-then-comma").between("", ", 10.0.4.17"),
    form("v4-then-full-stop").between("", "."),
    form("v4-network").between("", "/32"),
    form("v6-full").raw(|rng| {
        let groups: Vec<String> = (0..8)
            .map(|i| match i {
                0 => "2001".to_owned(),
                1 => "0db8".to_owned(),
                _ => rng.hex(4),
            })
            .collect();
        groups.join(":")
    }),
    form("v6-short").raw(v6),
    form("v6-capitals").raw(|rng| v6(rng).to_ascii_uppercase()),
    form("v6-port").raw(v6).between("[", "]:443"),
    form("v6-mapped").raw(|rng| format!("::ffff:{}", v4(rng))),
    form("v6-few").raw(|rng| format!("2a00:{}::{}", rng.range(1000, 9999), rng.range(1, 9))),
];

const MAC: &[Form] = &[
    grouped("colons", &[2, 2, 2, 2, 2, 2], ":"),
    grouped("dashes", &[2, 2, 2, 2, 2, 2], "-"),
    grouped("capital-colons", &[2, 2, 2, 2, 2, 2], ":").raw(|rng| mac(rng).to_ascii_uppercase()),
    grouped("capital-dashes", &[2, 2, 2, 2, 2, 2], "-").raw(|rng| mac(rng).to_ascii_uppercase()),
    grouped("dotted-4-4-4", &[4, 4, 4], "."),
    grouped("in-brackets", &[2, 2, 2, 2, 2, 2], ":").between("(", ")"),
    grouped("then-comma", &[2, 2, 2, 2, 2, 2], ":").between("", ","),
    grouped("quoted", &[2, 2, 2, 2, 2, 2], ":").between("'", "'"),
    grouped("wlan", &[2, 2, 2, 2, 2, 2], ":")
        .between("wlan0/", "")
        .place(Place::Text),
    form("plain").evidence_only(),
    form("capital-plain")
        .raw(|rng| mac(rng).to_ascii_uppercase())
        .evidence_only(),
];

/// An address out of the blocks for documentation or, at times, another public one.
fn v4(rng: &mut Rng) -> String {
    let host = rng.range(1, 254);
    if rng.chance(0.7) {
        format!(
            "{}.{host}",
            rng.pick(&["192.0.2", "198.51.100", "203.0.113"])
        )
    } else {
        format!(
            "{}.{}.{}.{host}",
            rng.pick(&[5, 31, 51, 78, 81, 86, 92, 109, 151, 188, 213]),
            rng.range(0, 255),
            rng.range(0, 255)
        )
    }
}

fn v6(rng: &mut Rng) -> String {
    let part = |rng: &mut Rng| rng.range(1, 0xffff) as u16;
    Ipv6Addr::new(0x2001, 0x0db8, part(rng), 0, 0, 0, part(rng), part(rng)).to_string()
}

/// A made-up address with a maker's part and at least one letter.
fn mac(rng: &mut Rng) -> String {
    let maker = rng.pick(&["3c22fb", "a483e7", "f01898", "00163e", "b827eb", "dca632"]);
    format!("{maker}{}", rng.hex(6))
}
