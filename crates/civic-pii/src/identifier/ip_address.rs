//! IP address, version 4 or 6, in the forms of RFC 4291 and dotted decimal.
//!
//! An address that the public network can reach may single a person out, and so may one kept for documentation, which
//! stands for such an address in examples. Loopback, unspecified, private, shared, link-local, unique local, multicast,
//! broadcast and reserved addresses belong to machines.
//!
//! Sources: <https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/personal-information-what-is-it/what-is-personal-data/what-are-identifiers-and-related-factors/>,
//! <https://www.iana.org/assignments/iana-ipv4-special-registry>, RFC 5737.

use crate::Evidence;
use crate::scanner::{Candidate, Group, Scan};

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use super::debug_as_marker;
use super::parse_error::{ParseError, Reason};
use crate::Kind;

/// An IP address of version 4 or 6.
///
/// Allocates one string. A port, a zone or a network mask behind the address is refused.
///
/// ```
/// use civic_pii::identifier::IpAddress;
/// let address = IpAddress::parse("2001:DB8::0001")?;
/// assert_eq!(address.expose(), "2001:db8::1");
/// assert!(address.is_personal());
/// assert!(!IpAddress::parse("127.0.0.1")?.is_personal());
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct IpAddress {
    address: IpAddr,
    text: Box<str>,
}

debug_as_marker!(IpAddress, IpAddress);

impl IpAddress {
    /// Parses an address; white space around it is left out.
    ///
    /// # Errors
    ///
    /// If the text is no address. The error does not quote the text.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let address = address(text.trim().as_bytes())
            .ok_or(ParseError::new(Kind::IpAddress, Reason::Structure))?;
        Ok(Self {
            address,
            text: address.to_string().into_boxed_str(),
        })
    }

    /// The shortest form, in lower case.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Whether the address may single a person out, as private and loopback addresses do not.
    pub fn is_personal(&self) -> bool {
        is_personal(&self.address)
    }
}

impl FromStr for IpAddress {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The address that the bytes spell.
pub(crate) fn address(written: &[u8]) -> Option<IpAddr> {
    core::str::from_utf8(written).ok()?.parse().ok()
}

/// Whether the address is one of the public network, or one for documentation, which stands for such.
pub(crate) fn is_personal(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_personal_v4(*address),
        IpAddr::V6(address) => is_personal_v6(*address),
    }
}

fn is_personal_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    // 100.64.0.0/10 is shared by a carrier's customers (RFC 6598); 240 and above are reserved.
    !(a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast())
}

fn is_personal_v6(address: Ipv6Addr) -> bool {
    match address.to_ipv4_mapped() {
        Some(mapped) => is_personal_v4(mapped),
        None => {
            !(address.is_unspecified()
                || address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.is_multicast())
        }
    }
}

/// Finds an IPv4 address whose parts these groups are.
pub(crate) fn recognise_v4(scan: &mut Scan<'_>, groups: &[Group]) -> bool {
    let [a, b, c, d, ..] = groups else {
        return false;
    };
    let dots = [a, b, c].iter().all(|group| group.separator == b'.');
    // A fifth part makes it an object identifier or a version.
    if !dots || d.separator == b'.' || scan.before(a.start) == b'.' || !scan.ends(d.end()) {
        return false;
    }
    let mut octets = [0; 4];
    for (octet, group) in octets.iter_mut().zip([a, b, c, d]) {
        if group.len > 3 {
            return false;
        }
        let digits = &scan.text()[group.start..group.end()];
        let value = digits
            .iter()
            .fold(0_u32, |value, digit| value * 10 + u32::from(digit - b'0'));
        if value > 255 || (group.len > 1 && digits[0] == b'0') {
            return false;
        }
        *octet = value as u8;
    }
    let (start, end) = (start_of_mapped(scan.text(), a.start), d.end());
    let address = Ipv4Addr::from(octets);
    if !is_personal(&IpAddr::V4(address)) {
        let context = scan.context(start);
        return context.personal_side
            && context.key.contains(Kind::IpAddress)
            && scan.propose(Candidate::new(Kind::IpAddress, start, end, 40));
    }
    let product = is_version_of_product(scan, start);
    let small = octets[0] <= 20 && octets[1] <= 50 && octets[2] <= 50;
    let base = match (product, small) {
        (true, _) => 20,
        (false, true) => 40,
        (false, false) => 60,
    };
    scan.propose(
        Candidate::new(Kind::IpAddress, start, end, base)
            .shows(Evidence::RANGE)
            .bare(),
    )
}

/// Where an address begins that version 6 holds in its own notation, `::ffff:192.0.2.1`.
fn start_of_mapped(text: &[u8], start: usize) -> usize {
    let head = &text[..start];
    for mapped in [&b"::ffff:"[..], b"0:0:0:0:0:ffff:", b"::"] {
        if let Some(at) = start.checked_sub(mapped.len())
            && head[at..].eq_ignore_ascii_case(mapped)
            && !at
                .checked_sub(1)
                .is_some_and(|before| head[before].is_ascii_alphanumeric() || head[before] == b':')
        {
            return at;
        }
    }
    start
}

/// Whether the number belongs to a product: `Chrome/126.0.64.12`, `proxy-1.20.3.4`; a segment of a path does not.
fn is_version_of_product(scan: &Scan<'_>, start: usize) -> bool {
    let mark = scan.before(start);
    if !matches!(mark, b'/' | b'-' | b'_' | b'v') || !scan.before(start - 1).is_ascii_alphanumeric()
    {
        return false;
    }
    let mut name = start - 1;
    while scan.before(name).is_ascii_alphanumeric() {
        name -= 1;
    }
    mark != b'/' || !matches!(scan.before(name), b'/' | b'-' | b'.')
}

/// Finds an IPv6 address; the colon behind its first four digits stands here.
pub(crate) fn recognise_v6(scan: &mut Scan<'_>, colon: usize) {
    let text = scan.text();
    let start = colon - 4;
    if scan.before(start) == b'.' {
        return;
    }
    // A colon before it ends a name, `Value:2001:db8::1`, or another part of a longer run.
    if scan.before(start) == b':' {
        let name = text[..start - 1]
            .iter()
            .rev()
            .take(5)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        if name < 5 || scan.before(start - 1 - name) == b':' {
            return;
        }
    }
    let len = text[start..]
        .iter()
        .take(45)
        .take_while(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        .count();
    let mut end = start + len;
    while end > start
        && (matches!(text[end - 1], b'.') || (text[end - 1] == b':' && text[end - 2] != b':'))
    {
        end -= 1;
    }
    let Ok(written) = core::str::from_utf8(&text[start..end]) else {
        return;
    };
    // Addresses that are given to people lie in 2000::/3; any other has to be called one.
    let is_given = matches!(text[start], b'2' | b'3');
    if scan.ends(end)
        && let Ok(address) = written.parse::<Ipv6Addr>()
        && is_personal(&IpAddr::V6(address))
        && (is_given || scan.context(start).key.contains(Kind::IpAddress))
    {
        scan.propose(Candidate::certain(Kind::IpAddress, start, end, 88));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_machines_are_not_personal() {
        for text in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.1.1",
            "172.16.0.1",
            "192.168.1.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!IpAddress::parse(text).unwrap().is_personal(), "{text}");
        }
    }

    #[test]
    fn public_and_documentation_addresses_are_personal() {
        for text in [
            "192.0.2.1",
            "198.51.100.7",
            "203.0.113.9",
            "81.2.69.142",
            "100.128.0.1",
            "172.32.0.1",
            "2001:db8::1",
            "2a00:1450:4009::1",
            "::ffff:192.0.2.1",
        ] {
            assert!(IpAddress::parse(text).unwrap().is_personal(), "{text}");
        }
    }

    #[test]
    fn one_address_has_one_form() {
        assert_eq!(
            IpAddress::parse("2001:0DB8:0:0::1"),
            IpAddress::parse(" 2001:db8::1 ")
        );
        for text in [
            "",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.256",
            "192.0.2.1:80",
            "192.0.2.0/24",
            "fe80::1%eth0",
            "01.2.3.4",
            "g::1",
        ] {
            assert!(IpAddress::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("from ::ffff:198.51.100.46 now", "::ffff:198.51.100.46"),
            (
                "[{Value:2001:db8:2fdf::1161:b7a2}]",
                "2001:db8:2fdf::1161:b7a2",
            ),
            ("\"remote_addr\":\"2.98.90.172\"}", "2.98.90.172"),
            (
                "client_ip=684d:1111:222:3333:4444:5555:6:77 ok",
                "684d:1111:222:3333:4444:5555:6:77",
            ),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("ip-address", value)],
                "{text}"
            );
        }
        for text in ["at ::ffff:10.0.0.1", "oid 1.3.6.1.4", "Chrome/126.0.64.12"] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "ip-address"),
                "{text}"
            );
        }
    }
}
