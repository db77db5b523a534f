//! Keyed pseudonyms: the same person gives the same marker, and nobody without the key can tell who it is.

use core::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::Kind;
use crate::canonical::canonical;
use crate::marker::{CODE_ALPHABET, CODE_LEN, KEY_ID_MAX, Marker, is_key_id, pseudonym_parts};

/// Fewest bytes of a key: the output size of SHA-256, as RFC 2104 section 3 advises.
const KEY_MIN: usize = 32;

/// Keys for pseudonyms: one in use, older ones to check with.
///
/// A pseudonym is HMAC-SHA256 (RFC 2104) over the kind's id, a zero byte and the value in one spelling (case,
/// separators and escapes undone), cut to 80 bits. Services that share the key agree on it: a person can be followed
/// through their logs without being named. A value of one kind never gives the pseudonym of another.
/// To rotate, make a new ring with the new key and add the former one with [`KeyRing::with_old`].
///
/// Pseudonyms are still personal data (UK GDPR recital 26) for whoever holds the key: keep it where the logs are not.
///
/// Keys are zeroed when the last clone is dropped, and never printed. Clones share them.
///
/// ```
/// use civic_pii::{KeyRing, Kind};
///
/// let old = KeyRing::new("k1", vec![7; 32])?;
/// let marker = old.pseudonym(Kind::Nino, "QQ 12 34 56 C");
/// assert!(marker.starts_with("[NINO:k1:"));
/// assert_eq!(marker, old.pseudonym(Kind::Nino, "qq123456c"));
///
/// let ring = KeyRing::new("k2", vec![8; 32])?.with_old("k1", vec![7; 32])?;
/// assert_eq!(ring.verify(&marker, "QQ123456C"), Some(true));
/// # Ok::<(), civic_pii::KeyError>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    current: Key,
    old: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: Arc<str>,
    secret: Arc<Zeroizing<Vec<u8>>>,
}

impl KeyRing {
    /// A ring whose key in use has this id and these bytes.
    ///
    /// The id stands in each pseudonym: a lower-case letter, then at most eleven lower-case letters and digits.
    /// The bytes are taken as they are; make them with a random generator, not from a pass phrase.
    ///
    /// ```
    /// let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
    /// assert_eq!(ring.current_id(), "k1");
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// When the id has another form, or the key fewer than 32 bytes.
    pub fn new(id: &str, key: impl Into<Vec<u8>>) -> Result<KeyRing, KeyError> {
        Ok(KeyRing {
            current: Key::new(id, Zeroizing::new(key.into()))?,
            old: Vec::new(),
        })
    }

    /// Adds a key that is no longer in use, so that its pseudonyms can still be verified.
    ///
    /// ```
    /// # use civic_pii::KeyRing;
    /// let ring = KeyRing::new("k2", vec![8; 32])?.with_old("k1", vec![7; 32])?;
    /// assert_eq!(ring.ids().collect::<Vec<_>>(), ["k2", "k1"]);
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// As [`KeyRing::new`], and when the ring has a key of this id.
    pub fn with_old(mut self, id: &str, key: impl Into<Vec<u8>>) -> Result<KeyRing, KeyError> {
        let key = Key::new(id, Zeroizing::new(key.into()))?;
        if self.ids().any(|other| other == id) {
            return Err(KeyError(KeyFault::SameId(key.id)));
        }
        self.old.push(key);
        Ok(self)
    }

    /// Id of the key in use.
    ///
    /// ```
    /// # use civic_pii::KeyRing;
    /// assert_eq!(KeyRing::new("k1", vec![7; 32])?.current_id(), "k1");
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn current_id(&self) -> &str {
        &self.current.id
    }

    /// Ids of all keys, the one in use first.
    ///
    /// ```
    /// # use civic_pii::KeyRing;
    /// assert_eq!(KeyRing::new("k1", vec![7; 32])?.ids().count(), 1);
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        core::iter::once(&self.current)
            .chain(&self.old)
            .map(|key| &*key.id)
    }

    /// The marker that a redaction writes for this value, to search logs for a person who asks for their data.
    ///
    /// ```
    /// # use civic_pii::{KeyRing, Kind};
    /// let ring = KeyRing::new("k1", vec![7; 32])?;
    /// assert_ne!(ring.pseudonym(Kind::Nino, "QQ123456C"), ring.pseudonym(Kind::Nino, "QQ123457C"));
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn pseudonym(&self, kind: Kind, value: &str) -> String {
        self.marker(kind, kind.label(), value.as_bytes())
            .to_string()
    }

    /// Whether the marker stands for this value, whichever key of the ring wrote it.
    ///
    /// `None` when the text is no pseudonym or its key is not in the ring.
    ///
    /// ```
    /// # use civic_pii::{KeyRing, Kind};
    /// let ring = KeyRing::new("k1", vec![7; 32])?;
    /// let marker = ring.pseudonym(Kind::Email, "a.person@example.com");
    /// assert_eq!(ring.verify(&marker, "A.Person@example.com"), Some(true));
    /// assert_eq!(ring.verify(&marker, "b.person@example.com"), Some(false));
    /// assert_eq!(ring.verify("[EMAIL]", "a.person@example.com"), None);
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn verify(&self, marker: &str, value: &str) -> Option<bool> {
        let (label, id, code) = pseudonym_parts(marker)?;
        let key = core::iter::once(&self.current)
            .chain(&self.old)
            .find(|key| &*key.id == id)?;
        let kind = Kind::from_id(&label.to_ascii_lowercase()).unwrap_or(Kind::Custom);
        Some(key.code(kind, label, value.as_bytes()) == code.as_bytes())
    }

    pub(crate) fn marker<'a>(&'a self, kind: Kind, label: &'a str, value: &[u8]) -> Marker<'a> {
        Marker::Pseudonym {
            label,
            key: &self.current.id,
            code: self.current.code(kind, label, value),
        }
    }
}

impl Key {
    fn new(id: &str, secret: Zeroizing<Vec<u8>>) -> Result<Key, KeyError> {
        if !is_key_id(id.as_bytes()) {
            return Err(KeyError(KeyFault::Id));
        }
        let id = Arc::from(id);
        if secret.len() < KEY_MIN {
            return Err(KeyError(KeyFault::Short(id, secret.len())));
        }
        Ok(Key {
            id,
            secret: Arc::new(secret),
        })
    }

    fn code(&self, kind: Kind, label: &str, value: &[u8]) -> [u8; CODE_LEN] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        for byte in label.bytes() {
            mac.update(&[byte.to_ascii_lowercase()]);
        }
        mac.update(&[0]);
        mac.update(canonical(kind, value).as_bytes());
        let digest = mac.finalize().into_bytes();
        core::array::from_fn(|i| {
            let byte = digest[i / 2];
            let four = if i % 2 == 0 { byte >> 4 } else { byte & 15 };
            CODE_ALPHABET[usize::from(four)]
        })
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("ids", &self.ids().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Why a key was refused.
///
/// ```
/// let error = civic_pii::KeyRing::new("k1", b"too short".to_vec()).unwrap_err();
/// assert_eq!(error.to_string(), "key `k1` has 9 bytes, fewer than the 32 that a pseudonym needs");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyError(KeyFault);

#[derive(Clone, Debug, PartialEq, Eq)]
enum KeyFault {
    Id,
    Short(Arc<str>, usize),
    SameId(Arc<str>),
}

impl KeyError {
    /// Whether the key has too few bytes.
    ///
    /// ```
    /// # use civic_pii::KeyRing;
    /// assert!(KeyRing::new("k1", vec![7; 31]).unwrap_err().is_too_short());
    /// ```
    pub fn is_too_short(&self) -> bool {
        matches!(self.0, KeyFault::Short(..))
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            // The text is not quoted: it may be the key itself in the wrong place.
            KeyFault::Id => write!(
                f,
                "a key id is a lower-case letter and up to {} lower-case letters and digits",
                KEY_ID_MAX - 1
            ),
            KeyFault::Short(id, len) => write!(
                f,
                "key `{id}` has {len} bytes, fewer than the {KEY_MIN} that a pseudonym needs"
            ),
            KeyFault::SameId(id) => write!(f, "key `{id}` stands twice"),
        }
    }
}

impl core::error::Error for KeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    const _: () = {
        const fn zeroed_on_drop<T: zeroize::ZeroizeOnDrop>() {}
        zeroed_on_drop::<Zeroizing<Vec<u8>>>();
    };

    fn ring() -> KeyRing {
        KeyRing::new("k1", (0..32).collect::<Vec<u8>>()).unwrap()
    }

    #[test]
    fn the_code_is_hmac_sha256_of_class_and_value() {
        // Computed with another implementation:
        // python3 -c "import hmac; print(hmac.new(bytes(range(32)), b'nino\0qq123456', 'sha256').hexdigest()[:20])"
        let hex = "9560dfd6e5b381dee933";
        let code: String = hex
            .chars()
            .map(|c| CODE_ALPHABET[c.to_digit(16).unwrap() as usize] as char)
            .collect();
        assert_eq!(
            ring().pseudonym(Kind::Nino, "QQ 12 34 56 C"),
            format!("[NINO:k1:{code}]")
        );
    }

    #[test]
    fn kind_and_key_change_the_code() {
        let code = |ring: &KeyRing, kind| ring.current.code(kind, kind.label(), b"1234567890");
        let other = KeyRing::new("k1", vec![9; 32]).unwrap();
        assert_ne!(code(&ring(), Kind::Uln), code(&ring(), Kind::HcNumber));
        assert_ne!(code(&ring(), Kind::Uln), code(&other, Kind::Uln));
    }

    #[test]
    fn debug_shows_ids_and_no_byte_of_a_key() {
        assert_eq!(format!("{:?}", ring()), r#"KeyRing { ids: ["k1"], .. }"#);
    }

    #[test]
    fn an_unknown_key_or_label_verifies_nothing() {
        let other = KeyRing::new("k9", vec![9; 32]).unwrap();
        let marker = other.pseudonym(Kind::Nino, "QQ123456C");
        assert_eq!(ring().verify(&marker, "QQ123456C"), None);
        assert_eq!(ring().verify("[NINO:k1:QQ123456C]", "QQ123456C"), None);
    }

    #[test]
    fn a_bad_key_is_refused_without_being_quoted() {
        let error = KeyRing::new("0123456789abcdef0123456789abcdef", vec![7; 32]).unwrap_err();
        assert!(!error.to_string().contains("0123456789"));
        let error = ring().with_old("k1", vec![7; 32]).unwrap_err();
        assert_eq!(error.to_string(), "key `k1` stands twice");
    }
}
