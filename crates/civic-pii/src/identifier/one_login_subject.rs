//! GOV.UK One Login subject identifier: `urn:fdc:gov.uk:2022:` and 43 characters of base64url, usually with `=` behind.
//!
//! It is pairwise: one person has another one at each service, and keeps it there for good. There is no check digit.
//!
//! Source: <https://docs.sign-in.service.gov.uk/integrate-with-integration-environment/authenticate-your-user/>.

use crate::Kind;
use crate::scanner::{Candidate, Scan};

use super::ascii::Ascii;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// The subject identifier of a person's GOV.UK One Login.
///
/// Takes 65 bytes and no heap. Capitals and small letters are not the same here.
///
/// ```
/// use civic_pii::identifier::OneLoginSubject;
/// let subject = OneLoginSubject::parse("urn:fdc:gov.uk:2022:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")?;
/// assert_eq!(format!("{subject:?}"), "OneLoginSubject([ONE-LOGIN-SUBJECT])");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OneLoginSubject(Ascii<64>);

identifier! {
    /// The whole identifier as it was written, without white space around.
    OneLoginSubject, OneLoginSubject, canonical
}

/// What every subject identifier begins with.
pub(crate) const PREFIX: &[u8] = b"urn:fdc:gov.uk:2022:";

/// Whether the characters are the prefix and 43 of base64url, with or without the padding.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    canonical.strip_prefix(PREFIX).is_some_and(|id| {
        let id = id.strip_suffix(b"=").unwrap_or(id);
        id.len() == 43
            && id
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    })
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

fn canonical(text: &str) -> Option<Ascii<64>> {
    Ascii::from_bytes(text.trim().as_bytes())
}

/// Finds a subject; the colon behind the year of its prefix stands here.
pub(crate) fn recognise(scan: &mut Scan<'_>, colon: usize) {
    let text = scan.text();
    let Some(start) = (colon + 1).checked_sub(PREFIX.len()) else {
        return;
    };
    if !text[start..=colon].eq_ignore_ascii_case(PREFIX) {
        return;
    }
    let digest = colon + 1;
    let len = text[digest..]
        .iter()
        .take(64)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .count();
    if len >= 20 {
        let end = digest + len + usize::from(scan.byte(digest + len) == b'=');
        scan.propose(Candidate::certain(Kind::OneLoginSubject, start, end, 95));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_and_length_are_fixed() {
        let id = "aB3-_".repeat(8) + "xyz";
        for text in [
            format!("urn:fdc:gov.uk:2022:{id}="),
            format!(" urn:fdc:gov.uk:2022:{id}\n"),
        ] {
            assert_eq!(OneLoginSubject::parse(&text).unwrap().expose(), text.trim());
        }
        for text in [
            format!("urn:fdc:gov.uk:2023:{id}="),
            format!("urn:fdc:gov.uk:2022:{id}x="),
            format!("urn:fdc:gov.uk:2022:{id}=="),
            format!("urn:fdc:gov.uk:2022:{}+=", &id[1..]),
            id,
        ] {
            assert!(
                OneLoginSubject::parse(&text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }
}
