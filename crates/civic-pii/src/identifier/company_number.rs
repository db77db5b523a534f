//! Companies House number: eight characters, all digits in England and Wales, or two letters and six digits.
//!
//! The letters say where and as what a body is registered: SC Scotland, NI and R0 Northern Ireland, OC, SO and NC limited
//! liability partnerships, and so on. Old societies end in R (`IP12345R`, `SP1234RS`). A number names an organisation, and
//! behind a small one a person. There is no check digit.
//!
//! Source:
//! <https://www.gov.uk/government/publications/companies-house-uniform-resource-identifiers-uri-customer-guide>.

use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Number, Prefix, Scan};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// The number of a body on the register of Companies House.
///
/// Takes 9 bytes and no heap. Zeros in front belong to it and are not added here.
///
/// ```
/// use civic_pii::identifier::CompanyNumber;
/// let number = CompanyNumber::parse("sc 123456")?;
/// assert_eq!(number.expose(), "SC123456");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CompanyNumber(Ascii<8>);

identifier! {
    /// Eight capital letters and digits without spaces.
    CompanyNumber, CompanyNumber, written
}

/// Whether eight characters have the shape and a prefix that is in use.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    canonical.len() == 8
        && match canonical {
            [b'I', b'P', digits @ .., b'R'] | [b'S', b'P', digits @ .., b'R', b'S'] => {
                all_digits(digits)
            }
            [a, b, digits @ ..] if prefix(*a, *b) => all_digits(digits),
            digits => all_digits(digits) && digits != b"00000000",
        }
}

/// Whether two characters are a prefix of the register; plain digits are none.
pub(crate) fn prefix(a: u8, b: u8) -> bool {
    PREFIXES.contains(&[a, b])
}

const PREFIXES: [[u8; 2]; 41] = [
    *b"AC", *b"BR", *b"CE", *b"CS", *b"EN", *b"ES", *b"FC", *b"GE", *b"GN", *b"GS", *b"IC", *b"IP",
    *b"LP", *b"NA", *b"NC", *b"NF", *b"NI", *b"NL", *b"NO", *b"NP", *b"NR", *b"NV", *b"NZ", *b"OC",
    *b"OE", *b"PC", *b"R0", *b"RC", *b"RS", *b"SA", *b"SC", *b"SE", *b"SF", *b"SG", *b"SI", *b"SL",
    *b"SO", *b"SP", *b"SR", *b"SZ", *b"ZC",
];

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a number with letters before it, such as `SC123456`.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> bool {
    let [group] = groups else { return false };
    if prefix.apart
        || prefix.len + group.len != 8
        || !scan.begins(prefix.start)
        || !scan.ends(group.end())
    {
        return false;
    }
    let mut canonical = [0; 8];
    canonical.copy_from_slice(&scan.text()[prefix.start..group.end()]);
    canonical.make_ascii_uppercase();
    is_valid(&canonical)
        && scan.propose(
            Candidate::new(
                Kind::CompanyNumber,
                prefix.start,
                group.end(),
                NEEDS_EVIDENCE,
            )
            .bare(),
        )
}

/// Finds a number of eight digits; one that lost its leading zeros is found by the name of its field.
pub(crate) fn recognise_bare(scan: &mut Scan<'_>, number: &Number) {
    if number.digits().len() == 8 {
        scan.propose_number(
            Kind::CompanyNumber,
            number,
            NEEDS_EVIDENCE - 2,
            false,
            false,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_alone_or_behind_a_known_prefix_parse() {
        for text in [
            "01234567",
            "SC123456",
            "ni 012345",
            "R0000012",
            "OC301234",
            "IP12345R",
            "SP1234RS",
            "RS001234",
        ] {
            assert!(CompanyNumber::parse(text).is_ok(), "{text}");
        }
        for text in [
            "1234567",
            "123456789",
            "AB123456",
            "SC12345",
            "SC12345R",
            "IP123456R",
            "00000000",
            "",
        ] {
            assert!(
                CompanyNumber::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }
}
