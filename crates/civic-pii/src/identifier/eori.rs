//! Economic operators registration and identification number: GB or XI and twelve digits.
//!
//! The first nine digits are the VAT number of whoever is registered for VAT. Others get digits whose sum need not
//! match, so a wrong sum refuses nothing here and a right one is evidence.
//!
//! Source: <https://www.gov.uk/eori>.

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::parse_error::{ParseError, Reason};
use super::{identifier, vat_number};

/// An EORI number of Great Britain or Northern Ireland.
///
/// Takes 15 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::Eori;
/// let eori = Eori::parse("gb 123456782 000")?;
/// assert_eq!(eori.expose(), "GB123456782000");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Eori(Ascii<14>);

identifier! {
    /// Two capital letters and twelve digits without spaces.
    Eori, Eori, written
}

/// Whether fourteen characters have the shape; [`checksum`] is apart because not every holder has a VAT number.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [b'G', b'B', digits @ ..] | [b'X', b'I', digits @ ..]
        if digits.len() == 12 && all_digits(digits))
}

/// Whether the first nine of twelve digits are a VAT number.
pub(crate) fn checksum(digits: &[u8]) -> bool {
    vat_number::checksum(digits)
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_digits_follow_gb_or_xi() {
        for text in [
            "GB123456782000",
            "XI123456782000",
            "GB 205 6727 12000",
            "GB000000000001",
        ] {
            assert!(Eori::parse(text).is_ok(), "{text}");
        }
        for text in [
            "FR123456782000",
            "GB12345678200",
            "GB1234567820000",
            "GB12345678200A",
            "123456782000",
            "",
        ] {
            assert!(Eori::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn the_vat_part_can_be_asked_apart() {
        assert!(checksum(b"123456782000"));
        assert!(!checksum(b"123456783000") && !checksum(b""));
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got GB 123456782 000 twice", "GB 123456782 000"),
            ("GB-123456782-000", "GB-123456782-000"),
            ("GB123456782000", "GB123456782000"),
        ] {
            assert_eq!(crate::identifier::found(text), [("eori", value)], "{text}");
        }
        for text in ["GB 123456782 00", "DE123456782000"] {
            let kinds = crate::identifier::found(text);
            assert!(kinds.iter().all(|(kind, _)| *kind != "eori"), "{text}");
        }
    }
}
