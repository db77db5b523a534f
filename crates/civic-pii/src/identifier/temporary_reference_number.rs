//! Temporary reference number: two digits, a letter and five digits, used while a NINO is not known.
//!
//! Written 11 A1 11 11. There is no check digit, and order numbers look the same: it needs evidence beside it.
//!
//! Source: <https://www.gov.uk/hmrc-internal-manuals/paye-manual/paye70025>.

use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Prefix, Scan, canonical, is_separator};

use super::ascii::{Ascii, written};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A temporary reference number of HMRC.
///
/// Takes 9 bytes and no heap.
///
/// ```
/// use civic_pii::identifier::TemporaryReferenceNumber;
/// let number = TemporaryReferenceNumber::parse("11 a1 11 11")?;
/// assert_eq!(number.expose(), "11A11111");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TemporaryReferenceNumber(Ascii<8>);

identifier! {
    /// Eight capital letters and digits without spaces.
    TemporaryReferenceNumber, TemporaryReferenceNumber, written
}

/// Whether eight characters have the shape.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    matches!(canonical, [a, b, b'A'..=b'Z', serial @ ..]
        if all_digits(&[*a, *b]) && serial.len() == 5 && all_digits(serial))
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

/// Finds a number without separators that ends here.
pub(crate) fn recognise(scan: &mut Scan<'_>, end: usize) {
    let start = end - 8;
    // A small letter from `a` to `f` between digits is hexadecimal.
    let hexadecimal = matches!(scan.byte(start + 2), b'a'..=b'f');
    if scan.begins(start) && !hexadecimal && scan.byte(end) != b'-' {
        scan.propose(Candidate::new(
            Kind::TemporaryReferenceNumber,
            start,
            end,
            NEEDS_EVIDENCE,
        ));
    }
}

/// Finds a number in the groups `11 A 11111` that ends here.
pub(crate) fn recognise_apart(scan: &mut Scan<'_>, end: usize) {
    let Some(start) = end.checked_sub(10) else {
        return;
    };
    if scan.begins(start) && scan.byte(start + 2) == scan.byte(start + 4) {
        scan.propose(Candidate::new(
            Kind::TemporaryReferenceNumber,
            start,
            end,
            NEEDS_EVIDENCE,
        ));
    }
}

/// Finds a number with separators, `11 A1 11 11` or `11-A-11-11-1`; the digits behind its letter begin the chain.
pub(crate) fn recognise_spaced(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> usize {
    // What follows the fifth digit may be another number: `GET /trn/11 A1 11 11 200`.
    let mut digits = 0;
    let count = groups
        .iter()
        .take_while(|group| {
            digits += group.len;
            digits <= 5
        })
        .count();
    let groups = &groups[..count];
    if groups.iter().map(|group| group.len).sum::<usize>() != 5 {
        return 0;
    }
    let apart = usize::from(is_separator(scan.before(prefix.start)));
    let Some(start) = prefix.start.checked_sub(2 + apart) else {
        return 0;
    };
    let mut buffer = [0; 8];
    let (written, end) = canonical(scan.text(), start, &mut buffer);
    let found = is_valid(written)
        && scan.begins(start)
        && scan.ends(end)
        && groups.last().is_some_and(|last| last.end() == end)
        && scan.propose(Candidate::new(
            Kind::TemporaryReferenceNumber,
            start,
            end,
            NEEDS_EVIDENCE,
        ));
    if found { groups.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_may_follow_the_groups() {
        let found = crate::identifier::found("GET /trn/27%20L6%2001%2054 200 3ms");
        assert_eq!(found, [("temporary-reference-number", "27%20L6%2001%2054")]);
    }

    #[test]
    fn the_letter_is_the_third_character() {
        for text in ["11A11111", "63 T1 23 45", "63-T12345"] {
            assert!(TemporaryReferenceNumber::parse(text).is_ok(), "{text}");
        }
        for text in [
            "1A111111",
            "11111111",
            "11A1111",
            "11A111111",
            "11AA1111",
            "",
        ] {
            assert!(
                TemporaryReferenceNumber::parse(text)
                    .unwrap_err()
                    .is_structure(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("TRN 76 I9 14 21", "76 I9 14 21"),
            ("TRN 57-W-22087 shared", "57-W-22087"),
            ("the TRN is 60 M 81 51 8, check", "60 M 81 51 8"),
            ("TRN 88M84593", "88M84593"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("temporary-reference-number", value)],
                "{text}"
            );
        }
        for text in ["row 57-W-22087", "76 I9 14 21", "88M84593"] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds
                    .iter()
                    .all(|(kind, _)| *kind != "temporary-reference-number"),
                "{text}"
            );
        }
    }
}
