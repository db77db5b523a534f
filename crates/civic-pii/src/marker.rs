//! The text that stands where personal data stood.
//!
//! Grammar, complete: nothing else is a marker.
//!
//! ```text
//! marker    = "[" label "]"                       erased
//!           | "[" label " *" tail "]"             partial
//!           | "[" label ":" key ":" code "]"      pseudonym
//!           | "[REDACTION-FAILED]" | "[PERSONAL-DATA]"
//! label     = Kind::label, or the name of a pattern in capitals: only "A".."Z" and "-"
//! tail      = 1 to 6 of "A".."Z" "0".."9", never half of a value (see `partial_limit`)
//! key       = "a".."z" then up to 11 of "a".."z" "0".."9"
//! code      = 20 of "bcdfghjkmnpqrstw"
//! ```
//!
//! No marker holds a quote, a backslash, a control character or a byte above 127, so it can stand inside a
//! JSON string at any depth. The alphabet of the code has no vowel and no digit: it spells no word and no number.

use core::fmt::{self, Write as _};

use crate::Kind;

/// Written where the scanner failed.
pub(crate) const FAILED: &str = "REDACTION-FAILED";

/// Printed by a `Pii` value without a kind.
pub(crate) const UNSPECIFIED: &str = "PERSONAL-DATA";

/// Letters of a pseudonym's code, one for four bits.
pub(crate) const CODE_ALPHABET: &[u8; 16] = b"bcdfghjkmnpqrstw";

/// Length of a pseudonym's code: 80 bits, so that a clash among a thousand million values is unlikely (one in two million).
pub(crate) const CODE_LEN: usize = 20;

/// Longest id of a key.
pub(crate) const KEY_ID_MAX: usize = 12;

/// Most characters that a partial marker shows of any kind.
pub(crate) const TAIL_MAX: usize = 6;

/// What is written for one value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Marker<'a> {
    Erased {
        label: &'a str,
    },
    Partial {
        label: &'a str,
        tail: Tail,
    },
    Pseudonym {
        label: &'a str,
        key: &'a str,
        code: [u8; CODE_LEN],
    },
    Failed,
}

impl<'a> Marker<'a> {
    /// The parts of a marker that shows nothing but its label, for a writer that needs no formatting.
    pub(crate) fn parts(&self) -> Option<[&'a str; 3]> {
        match self {
            Self::Erased { label } => Some(["[", label, "]"]),
            _ => None,
        }
    }
}

impl fmt::Display for Marker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Erased { label } => write!(f, "[{label}]"),
            Self::Partial { label, tail } => {
                write!(f, "[{label} *")?;
                for byte in &tail.bytes[..tail.len] {
                    f.write_char(char::from(*byte))?;
                }
                f.write_char(']')
            }
            Self::Pseudonym { label, key, code } => {
                write!(f, "[{label}:{key}:")?;
                for byte in code {
                    f.write_char(char::from(*byte))?;
                }
                f.write_char(']')
            }
            Self::Failed => write!(f, "[{FAILED}]"),
        }
    }
}

/// The last characters of a value: capitals and digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tail {
    bytes: [u8; TAIL_MAX],
    len: usize,
}

impl Tail {
    /// The last `len` of the characters, or `None` when they would be half of the value or more, or are not ASCII.
    pub(crate) fn new(alphanumerics: &str, len: usize) -> Option<Tail> {
        let total = alphanumerics.chars().count();
        if len == 0 || len > TAIL_MAX || len * 2 >= total {
            return None;
        }
        let mut bytes = [0; TAIL_MAX];
        for (slot, c) in bytes
            .iter_mut()
            .zip(alphanumerics.chars().skip(total - len))
        {
            if !c.is_ascii_alphanumeric() {
                return None;
            }
            *slot = c.to_ascii_uppercase() as u8;
        }
        Some(Tail { bytes, len })
    }
}

/// The most characters of this kind that may be shown: fewer than half of its usual length, at most six.
///
/// `None` where any part says too much: the end of a password, a surname or a town.
pub(crate) const fn partial_limit(kind: Kind) -> Option<u8> {
    Some(match kind {
        Kind::Credential | Kind::PersonName | Kind::Address => return None,
        Kind::Postcode
        | Kind::VehicleRegistration
        | Kind::PrisonNumber
        | Kind::Crn
        | Kind::CompanyNumber
        | Kind::TemporaryReferenceNumber
        | Kind::DateOfBirth => 3,
        Kind::Nino
        | Kind::NhsNumber
        | Kind::ChiNumber
        | Kind::HcNumber
        | Kind::Uln
        | Kind::Utr
        | Kind::Passport
        | Kind::Brp
        | Kind::CroNumber => 4,
        Kind::VisaGwf | Kind::PncId | Kind::Uprn | Kind::MacAddress => 5,
        _ => TAIL_MAX as u8,
    })
}

/// Length of the well-formed marker of a built-in kind that `bytes` begins with.
///
/// Looks at no more bytes than the longest marker has, about eighty.
pub(crate) fn marker_len(bytes: &[u8]) -> Option<usize> {
    let label = label_of(bytes)?;
    let after = 1 + label.len();
    if matches!(label, b"REDACTION-FAILED" | b"PERSONAL-DATA") {
        return (bytes.get(after) == Some(&b']')).then_some(after + 1);
    }
    let kind = [Kind::Custom]
        .iter()
        .chain(Kind::ALL)
        .find(|kind| kind.label().as_bytes() == label)?;
    form_len(bytes, after, usize::from(partial_limit(*kind).unwrap_or(0)))
}

/// The same for the marker of a user's pattern with this label.
#[cfg(feature = "pattern")]
pub(crate) fn custom_marker_len(bytes: &[u8], label: &str) -> Option<usize> {
    if label_of(bytes)? != label.as_bytes() {
        return None;
    }
    form_len(bytes, 1 + label.len(), TAIL_MAX)
}

/// Whether the text is an id that a key may have.
pub(crate) fn is_key_id(id: &[u8]) -> bool {
    (1..=KEY_ID_MAX).contains(&id.len())
        && id[0].is_ascii_lowercase()
        && id
            .iter()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// Label, key id and code of a pseudonym's marker.
pub(crate) fn pseudonym_parts(marker: &str) -> Option<(&str, &str, &str)> {
    let mut parts = marker.strip_prefix('[')?.strip_suffix(']')?.split(':');
    let (label, key, code) = (parts.next()?, parts.next()?, parts.next()?);
    (parts.next().is_none() && is_key_id(key.as_bytes()) && is_code(code.as_bytes()))
        .then_some((label, key, code))
}

fn label_of(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"[")?;
    let len = rest
        .iter()
        .take(LABEL_MAX + 1)
        .take_while(|b| b.is_ascii_uppercase() || **b == b'-')
        .count();
    (1..=LABEL_MAX).contains(&len).then(|| &rest[..len])
}

/// Longest label, and so the longest name of a pattern.
pub(crate) const LABEL_MAX: usize = 40;

/// Length of the whole marker whose label ends at `after`.
fn form_len(bytes: &[u8], after: usize, tail_max: usize) -> Option<usize> {
    let rest = &bytes[after..];
    match rest.first()? {
        b']' => Some(after + 1),
        b' ' => {
            let tail = rest.strip_prefix(b" *")?;
            let len = tail
                .iter()
                .take(tail_max + 1)
                .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                .count();
            ((1..=tail_max).contains(&len) && tail.get(len) == Some(&b']'))
                .then_some(after + 2 + len + 1)
        }
        b':' => {
            let rest = &rest[1..];
            let id = rest
                .iter()
                .take(KEY_ID_MAX + 1)
                .position(|b| *b == b':')
                .filter(|id| is_key_id(&rest[..*id]))?;
            let code = &rest[id + 1..];
            (code.len() > CODE_LEN && is_code(&code[..CODE_LEN]) && code[CODE_LEN] == b']')
                .then_some(after + 1 + id + 1 + CODE_LEN + 1)
        }
        _ => None,
    }
}

fn is_code(code: &[u8]) -> bool {
    code.len() == CODE_LEN && code.iter().all(|b| CODE_ALPHABET.contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_marker_that_is_written_is_read_back_whole() {
        for kind in Kind::ALL.iter().copied().chain([Kind::Custom]) {
            let label = kind.label();
            let mut markers = vec![
                Marker::Erased { label },
                Marker::Pseudonym {
                    label,
                    key: "k2",
                    code: *b"bcdfghjkmnpqrstwbcdf",
                },
                Marker::Failed,
            ];
            if let Some(limit) = partial_limit(kind) {
                let tail = Tail::new("ABCDEFGHIJKLM1234567", limit.into()).unwrap();
                markers.push(Marker::Partial { label, tail });
            }
            for marker in markers {
                let text = format!("{marker} and more");
                assert_eq!(marker_len(text.as_bytes()), Some(text.len() - 9), "{text}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_marker_is_none() {
        for text in [
            "",
            "[",
            "[]",
            "NINO]",
            "[NINO",
            "[nino]",
            "[SMITH]",
            "[AB123456C]",
            "[NINO AB123456C]",
            "[NINO *]",
            "[NINO *56c]",
            "[NINO *23456C]",
            "[POSTCODE *M11AA]",
            "[CREDENTIAL *ABC]",
            "[NINO:k1:AB123456C]",
            "[NINO:K1:bcdfghjkmnpqrstwbcdf]",
            "[NINO:k1:bcdfghjkmnpqrstwbcd]",
            "[NINO:k1:bcdfghjkmnpqrstwbcdfg]",
            "[NINO:averylongkeyid:bcdfghjkmnpqrstwbcdf]",
            "[REDACTION-FAILED *1]",
        ] {
            assert_eq!(marker_len(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn a_tail_never_shows_half_of_the_value() {
        assert!(Tail::new("AB123456C", 4).is_some());
        assert!(Tail::new("AB123456", 4).is_none());
        assert!(Tail::new("AB", 1).is_none());
        assert!(Tail::new("Zoë Brontë", 2).is_none());
    }
}
