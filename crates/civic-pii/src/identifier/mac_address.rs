//! MAC address: six bytes in hexadecimal, written `aa:bb:cc:dd:ee:ff`, `aa-bb-cc-dd-ee-ff` or `aabb.ccdd.eeff`.
//!
//! That of a telephone or a laptop singles its owner out. A group address (lowest bit of the first byte) and the zero
//! address belong to no device.
//!
//! Source: <https://standards.ieee.org/products-programs/regauth/>.

use crate::Kind;
use crate::scanner::{Candidate, Scan};

use super::ascii::{Ascii, written_with};
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A MAC address (EUI-48).
///
/// Takes 18 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::MacAddress;
/// let address = MacAddress::parse("00-00-5E-00-53-AF")?;
/// assert_eq!(address.expose(), "00:00:5e:00:53:af");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct MacAddress(Ascii<17>);

identifier! {
    /// Six pairs of small hexadecimal digits with colons between them.
    MacAddress, MacAddress, canonical
}

impl MacAddress {
    /// Whether the address is one device's, and not a group's or zero.
    pub fn is_personal(&self) -> bool {
        is_personal(self.0.as_bytes())
    }
}

/// Whether the bytes are an address in one of the three written forms, in capitals or not.
pub(crate) fn is_valid(written: &[u8]) -> bool {
    let (group, separator) = match written {
        [_, _, separator @ (b':' | b'-'), ..] if written.len() == 17 => (3, *separator),
        [_, _, _, _, b'.', ..] if written.len() == 14 => (5, b'.'),
        _ => return false,
    };
    written.iter().zip(1..).all(|(byte, place)| {
        if place % group == 0 {
            *byte == separator
        } else {
            byte.is_ascii_hexdigit()
        }
    })
}

/// Whether a written address is that of one device; the lowest bit of the first byte marks a group.
pub(crate) fn is_personal(written: &[u8]) -> bool {
    let group = written
        .get(1)
        .and_then(|byte| char::from(*byte).to_digit(16))
        .is_none_or(|value| value % 2 == 1);
    !group
        && written
            .iter()
            .any(|byte| !matches!(byte, b'0' | b':' | b'-' | b'.'))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

fn canonical(text: &str) -> Option<Ascii<17>> {
    let digits = written_with::<12>(text, |character| matches!(character, ':' | '.'))?;
    let mut canonical = Ascii::new();
    for (place, byte) in digits.as_bytes().iter().enumerate() {
        let colon = place > 0 && place % 2 == 0;
        if (colon && !canonical.push(b':')) || !canonical.push(byte.to_ascii_lowercase()) {
            return None;
        }
    }
    Some(canonical)
}

/// Finds an address; the last of its five separators stands here.
pub(crate) fn recognise(scan: &mut Scan<'_>, separator: usize) {
    let text = scan.text();
    if text[separator].is_ascii_alphanumeric() {
        return recognise_dotted(scan, separator + 1);
    }
    let Some(start) = separator.checked_sub(14) else {
        return;
    };
    let end = start + 17;
    let Some(value) = text.get(start..end) else {
        return;
    };
    let mark = text[separator];
    // Lists of pairs and rows of colons go on before it.
    if (scan.before(start) == mark && !is_behind_name(scan, start))
        || !text[separator - 1].is_ascii_hexdigit()
    {
        return;
    }
    let shaped = value.iter().enumerate().all(|(i, byte)| {
        if i % 3 == 2 {
            *byte == mark
        } else {
            byte.is_ascii_hexdigit()
        }
    });
    let alone = scan.begins(start) && scan.ends(end) && scan.byte(end) != mark;
    let mut digits = value
        .iter()
        .filter(|byte| byte.is_ascii_hexdigit())
        .map(u8::to_ascii_lowercase);
    let first = digits.next();
    // All zeros and all ones are nobody's.
    let uniform = matches!(first, Some(b'0' | b'f')) && digits.all(|digit| Some(digit) == first);
    // Six pairs of digits alone are a list of times or dates.
    let letters = value.iter().any(u8::is_ascii_alphabetic);
    if shaped && alone && !uniform {
        scan.propose(Candidate::new(
            Kind::MacAddress,
            start,
            end,
            if letters { 85 } else { 52 },
        ));
    }
}

/// Finds an address in three groups of four that ends here, `aabb.ccdd.eeff`.
fn recognise_dotted(scan: &mut Scan<'_>, end: usize) {
    let Some(start) = end.checked_sub(14) else {
        return;
    };
    let value = &scan.text()[start..end];
    let letters = value
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .count();
    let alone = scan.begins(start) && scan.before(start) != b'.' && scan.byte(end) != b'.';
    if alone && letters > 0 && letters < 12 && is_valid(value) && is_personal(value) {
        scan.propose(Candidate::new(Kind::MacAddress, start, end, 80));
    }
}

/// Whether a word ends at the colon before this place, `Value:dc:a6:..`, and not another pair of digits.
fn is_behind_name(scan: &Scan<'_>, start: usize) -> bool {
    scan.before(start) == b':'
        && (2..=4).all(|back| start > back && scan.byte(start - back).is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_write_are_one_address() {
        for text in [
            "00:00:5e:00:53:af",
            "00-00-5E-00-53-AF",
            "0000.5e00.53af",
            "00005E0053AF",
        ] {
            assert_eq!(
                MacAddress::parse(text).unwrap().expose(),
                "00:00:5e:00:53:af",
                "{text}"
            );
        }
        for text in [
            "",
            "00:00:5e:00:53",
            "00:00:5e:00:53:ag",
            "00:00:5e:00:53:af:01",
        ] {
            assert!(
                MacAddress::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_written_address_keeps_one_separator() {
        for text in ["00:00:5E:00:53:AF", "00-00-5e-00-53-af", "0000.5e00.53af"] {
            assert!(is_valid(text.as_bytes()), "{text}");
        }
        for text in [
            "00:00-5e:00:53:af",
            "00005e0053af",
            "00.00.5e.00.53.af",
            "0000:5e00:53af",
            "00:00:5e:00:53:a",
        ] {
            assert!(!is_valid(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn groups_and_zero_are_no_devices() {
        assert!(
            MacAddress::parse("00:00:5e:00:53:af")
                .unwrap()
                .is_personal()
        );
        for text in [
            "ff:ff:ff:ff:ff:ff",
            "01:00:5e:00:00:01",
            "00:00:00:00:00:00",
        ] {
            assert!(!MacAddress::parse(text).unwrap().is_personal(), "{text}");
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got 0200.5e00.53af, so", "0200.5e00.53af"),
            ("Value:00:00:5e:00:53:af,", "00:00:5e:00:53:af"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("mac-address", value)],
                "{text}"
            );
        }
        for text in [
            "with that this then",
            "1234.5678.9012",
            "dead.beef.cafe",
            "a.0200.5e00.53af",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "mac-address"),
                "{text}"
            );
        }
    }
}
