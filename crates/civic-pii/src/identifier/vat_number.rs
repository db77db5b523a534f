//! VAT registration number: nine digits, twelve with a branch, or GD and HA with three for departments and health bodies.
//!
//! The first seven digits times 8 to 2, plus the last two as a number, are a multiple of 97, or are so with 55 added
//! (numbers given out since 2010). GD takes 000 to 499 and HA 500 to 999. GB or, for goods in Northern Ireland, XI may
//! stand before all of them.
//!
//! Sources: <https://www.gov.uk/hmrc-internal-manuals/vat-trader-records-manual>; the sum:
//! <https://github.com/hmrc/reference-checker>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Number, Prefix, Scan};

use super::ascii::{Ascii, written_with};
use super::checksum::{all_digits, number, weighted};
use super::parse_error::{ParseError, Reason};
use super::{eori, identifier};

/// A British VAT registration number.
///
/// Takes 13 bytes and no heap. The country prefix is left out: GB and XI before the same digits are one registration.
///
/// ```
/// use civic_pii::identifier::VatNumber;
/// let vat = VatNumber::parse("GB 123 4567 82")?;
/// assert_eq!(vat.expose(), "123456782");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VatNumber(Ascii<12>);

identifier! {
    /// The number without country prefix and spaces.
    VatNumber, VatNumber, canonical
}

/// Whether the characters after a country prefix are a number with the right check digits.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    check(canonical).is_ok()
}

/// Whether the check digits of nine or more digits match; those of a branch have none of their own.
pub(crate) fn checksum(digits: &[u8]) -> bool {
    let Some((body, last)) = digits.get(..9).map(|nine| nine.split_at(7)) else {
        return false;
    };
    let sum = u64::from(weighted(body, &[8, 7, 6, 5, 4, 3, 2])).wrapping_add(number(last));
    sum != 0 && (sum % 97 == 0 || (sum % 97 + 55) % 97 == 0)
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    match canonical {
        [b'G', b'D', b'0'..=b'4', rest @ ..] | [b'H', b'A', b'5'..=b'9', rest @ ..]
            if rest.len() == 2 && all_digits(rest) =>
        {
            Ok(())
        }
        digits if !matches!(digits.len(), 9 | 12) || !all_digits(digits) => Err(Reason::Structure),
        digits if checksum(digits) => Ok(()),
        _ => Err(Reason::Checksum),
    }
}

fn canonical(text: &str) -> Option<Ascii<12>> {
    let text = written_with::<14>(text, |character| character == '.')?;
    let ([b'G', b'B', number @ ..] | [b'X', b'I', number @ ..] | number) = text.as_bytes();
    Ascii::from_bytes(number)
}

/// Finds a number of nine or twelve digits without the country's letters.
pub(crate) fn recognise(scan: &mut Scan<'_>, number: &Number) -> bool {
    let valid = is_valid(number.digits());
    scan.propose_number(
        Kind::VatNumber,
        number,
        if valid { NEEDS_EVIDENCE } else { 10 },
        valid,
        false,
    )
}

/// Finds a VAT or EORI number behind `GB` or `XI`.
pub(crate) fn recognise_with_country(
    scan: &mut Scan<'_>,
    groups: &[Group],
    prefix: Prefix,
) -> usize {
    let country = prefix.capitals(scan);
    if !matches!(&country[..2], b"GB" | b"XI") || !scan.begins(prefix.start) {
        return 0;
    }
    let mut total = 0;
    for (i, group) in groups.iter().take(5).enumerate() {
        total += group.len;
        if !matches!(total, 9 | 12) || !scan.ends(group.end()) {
            continue;
        }
        // Three more digits may follow as the branch.
        if total == 9 && groups.get(i + 1).is_some_and(|next| next.len == 3) {
            continue;
        }
        let number = Number::of(scan.text(), &groups[..=i]);
        let valid = eori::checksum(number.digits());
        let (start, end) = (prefix.start, group.end());
        let shown = if valid {
            Evidence::CHECKSUM
        } else {
            Evidence::SHAPE
        };
        // Twelve digits are an EORI number, unless a name says VAT: then they are a number with its branch. Most EORI
        // numbers end in three zeros; no branch has that number.
        let branch = total == 12 && number.digits()[9..] != *b"000";
        let base = match (valid, total == 9 || branch) {
            (true, true) => 80,
            (true, false) => 55,
            (false, _) => 25,
        };
        let vat = Candidate::new(Kind::VatNumber, start, end, base).shows(shown);
        if total == 9 {
            return if scan.propose(vat) { i + 1 } else { 0 };
        }
        let eori_base = match (valid, prefix.apart) {
            (true, _) if branch => 79,
            (true, _) => 85,
            (false, false) => 60,
            (false, true) => NEEDS_EVIDENCE,
        };
        let eori = Candidate::new(Kind::Eori, start, end, eori_base).shows(shown);
        let found = scan.propose(eori);
        return if scan.propose(vat) || found { i + 1 } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sums_are_taken() {
        // The first three are of HMRC's own tests.
        for text in [
            "101747696",
            "101747641",
            "000000097",
            "GB123456782",
            "XI123456727",
            "GB 980 7806 84",
        ] {
            assert!(VatNumber::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn branches_departments_and_health_bodies_parse() {
        for text in ["GB123456782001", "GBGD001", "gd499", "GBHA500", "HA 999"] {
            assert!(VatNumber::parse(text).is_ok(), "{text}");
        }
        for text in [
            "GD500",
            "HA499",
            "GD01",
            "GB12345678",
            "GBGB123456782",
            "DE123456782",
            "",
            "GB1234567820012",
        ] {
            assert!(VatNumber::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn wrong_check_digits_are_seen() {
        for text in ["123456789", "GB123456783", "000000000"] {
            assert!(VatNumber::parse(text).unwrap_err().is_checksum(), "{text}");
        }
        let valid = (0..100)
            .filter(|last| checksum(format!("1234567{last:02}").as_bytes()))
            .count();
        assert_eq!(valid, 2);
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("got GB 123 4567 82", "GB 123 4567 82"),
            ("VAT number GB123456782014", "GB123456782014"),
            ("/organisations/vat/vrn=123456782", "123456782"),
            ("vrn 123456782 is registered", "123456782"),
            ("vat_number=GBGD001", "GBGD001"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("vat-number", value)],
                "{text}"
            );
        }
        for text in ["got 123456782", "GB 123 4567 83", "vrn 123456789"] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "vat-number"),
                "{text}"
            );
        }
    }
}
