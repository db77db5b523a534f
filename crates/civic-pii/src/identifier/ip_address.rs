//! IP address, version 4 or 6, in the forms of RFC 4291 and dotted decimal.
//!
//! An address that the public network can reach may single a person out, and so may one kept for documentation, which
//! stands for such an address in examples. Loopback, unspecified, private, shared, link-local, unique local, multicast,
//! broadcast and reserved addresses belong to machines.
//!
//! Sources: <https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/personal-information-what-is-it/what-is-personal-data/what-are-identifiers-and-related-factors/>,
//! <https://www.iana.org/assignments/iana-ipv4-special-registry>, RFC 5737.

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

/// Whether the bytes are an address of any range; [`is_personal`] is apart.
pub(crate) fn is_valid(written: &[u8]) -> bool {
    address(written).is_some()
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
}
