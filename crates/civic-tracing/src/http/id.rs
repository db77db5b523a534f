//! An id for each request.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use ::http::{HeaderMap, HeaderName, HeaderValue};

/// Header that an id comes in and goes out by.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, in the form of a UUID; a request's extensions hold it.
///
/// It is taken from the header `x-request-id` where that holds a UUID, which a proxy writes. A
/// header with anything else in it is not used, because anybody can put anything there. Otherwise
/// the id is made here: random, of version 8, and no secret. The response carries it in the same
/// header, so that a person who reports a problem can quote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(u128);

impl RequestId {
    /// The id in the header of a request, or a new one.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        headers
            .get(HEADER)
            .and_then(|value| Self::parse(value.as_bytes()))
            .unwrap_or_else(Self::new)
    }

    /// Two keyed hashes of a count. Their keys come from the operating system.
    fn new() -> Self {
        static KEYS: OnceLock<[RandomState; 2]> = OnceLock::new();
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let keys = KEYS.get_or_init(|| [RandomState::new(), RandomState::new()]);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let [high, low] = [0, 1].map(|half: usize| u128::from(keys[half].hash_one(count)));
        let random = high << 64 | low;
        // Version 8 and the variant of RFC 9562.
        Self(random & !(0xf << 76) & !(0b11 << 62) | 8 << 76 | 0b10 << 62)
    }

    fn parse(text: &[u8]) -> Option<Self> {
        if text.len() != 36 {
            return None;
        }
        let mut id = 0;
        for (index, byte) in text.iter().enumerate() {
            let dash = matches!(index, 8 | 13 | 18 | 23);
            match char::from(*byte).to_digit(16) {
                Some(digit) if !dash => id = id << 4 | u128::from(digit),
                None if dash && *byte == b'-' => {}
                _ => return None,
            }
        }
        Some(Self(id))
    }

    pub(super) fn to_header(self) -> HeaderValue {
        HeaderValue::try_from(self.to_string()).expect("hexadecimal digits and dashes are visible")
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            id >> 96,
            id >> 80 & 0xffff,
            id >> 64 & 0xffff,
            id >> 48 & 0xffff,
            id & 0xffff_ffff_ffff
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_own_text() {
        for text in [
            "67e55044-10b1-426f-9247-bb680e5fe0c8",
            "00000000-0000-0000-0000-00000000000f",
        ] {
            assert_eq!(RequestId::parse(text.as_bytes()).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_header_that_holds_no_id_is_not_used() {
        for text in [
            "canary@example.com",
            "67e55044-10b1-426f-9247-bb680e5fe0c",
            "67e5504410b1-426f-9247-bb680e5fe0c8a",
            "67e55044-10b1-426f-9247-bb680e5fe0g8",
            "-7e55044-10b1-426f-9247-bb680e5fe0c8",
        ] {
            assert_eq!(RequestId::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn new_ids_differ_and_say_their_version() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| RequestId::new()).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let text = id.to_string();
            assert_eq!(&text[14..15], "8");
            assert!("89ab".contains(&text[19..20]), "{text}");
        }
    }
}
