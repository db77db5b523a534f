//! Keys that sign what a citizen's browser carries: one in use, older ones to check with.

use core::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// Fewest bytes of a key: the output size of SHA-256, as RFC 2104 section 3 advises.
const KEY_MIN: usize = 32;

/// Most bytes of a key's id.
const ID_MAX: usize = 12;

/// Keys for signatures: one in use, older ones to check with.
///
/// Holds keys and does nothing with them; who signs says how. To rotate, make a ring with the new key and add the
/// former one with [`KeyRing::with_old`], on every replica; drop the former one when what it signed has expired.
///
/// Keys are zeroed when the last clone is dropped, and never printed. Clones share them.
///
/// ```
/// use civic_core::KeyRing;
///
/// let ring = KeyRing::new("k2", vec![8; 32])?.with_old("k1", vec![7; 32])?;
/// assert_eq!(ring.current().id(), "k2");
/// assert!(ring.find("k1").is_some() && ring.find("k0").is_none());
/// # Ok::<(), civic_core::KeyError>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    /// Never empty; the first is in use.
    keys: Vec<Key>,
}

/// A key of a ring, with its id.
///
/// ```
/// let ring = civic_core::KeyRing::new("k1", vec![7; 32])?;
/// assert_eq!(format!("{:?}", ring.current()), r#"Key { id: "k1", .. }"#);
/// # Ok::<(), civic_core::KeyError>(())
/// ```
#[derive(Clone)]
pub struct Key {
    id: Arc<str>,
    secret: Arc<Zeroizing<Vec<u8>>>,
}

impl KeyRing {
    /// A ring whose key in use has this id and these bytes.
    ///
    /// The id stands beside each signature: a lower-case letter, then at most eleven lower-case letters and digits.
    /// The bytes are taken as they are; make them with a random generator, not from a pass phrase.
    ///
    /// ```
    /// assert!(civic_core::KeyRing::new("k1", vec![7; 32]).is_ok());
    /// ```
    ///
    /// # Errors
    /// When the id has another form, or the key fewer than 32 bytes.
    pub fn new(id: &str, key: impl Into<Vec<u8>>) -> Result<Self, KeyError> {
        let key = Key::new(id, Zeroizing::new(key.into()))?;
        Ok(Self { keys: vec![key] })
    }

    /// Adds a key that is no longer in use, so that what it signed is still accepted.
    ///
    /// ```
    /// # use civic_core::KeyRing;
    /// let ring = KeyRing::new("k2", vec![8; 32])?.with_old("k1", vec![7; 32])?;
    /// assert_eq!(ring.keys().count(), 2);
    /// # Ok::<(), civic_core::KeyError>(())
    /// ```
    ///
    /// # Errors
    /// As [`KeyRing::new`], and when the ring has a key of this id.
    pub fn with_old(mut self, id: &str, key: impl Into<Vec<u8>>) -> Result<Self, KeyError> {
        let key = Key::new(id, Zeroizing::new(key.into()))?;
        if self.find(id).is_some() {
            return Err(KeyError(KeyFault::SameId(key.id)));
        }
        self.keys.push(key);
        Ok(self)
    }

    /// The key to sign with.
    ///
    /// ```
    /// # use civic_core::KeyRing;
    /// assert_eq!(KeyRing::new("k1", vec![7; 32])?.current().id(), "k1");
    /// # Ok::<(), civic_core::KeyError>(())
    /// ```
    pub fn current(&self) -> &Key {
        &self.keys[0]
    }

    /// All keys, the one in use first.
    ///
    /// ```
    /// # use civic_core::KeyRing;
    /// assert_eq!(KeyRing::new("k1", vec![7; 32])?.keys().count(), 1);
    /// # Ok::<(), civic_core::KeyError>(())
    /// ```
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter()
    }

    /// The key with this id.
    ///
    /// ```
    /// # use civic_core::KeyRing;
    /// assert!(KeyRing::new("k1", vec![7; 32])?.find("k2").is_none());
    /// # Ok::<(), civic_core::KeyError>(())
    /// ```
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| &*key.id == id)
    }
}

impl Key {
    fn new(id: &str, secret: Zeroizing<Vec<u8>>) -> Result<Self, KeyError> {
        if !is_id(id) {
            return Err(KeyError(KeyFault::Id));
        }
        let id = Arc::from(id);
        if secret.len() < KEY_MIN {
            return Err(KeyError(KeyFault::Short(id, secret.len())));
        }
        Ok(Self {
            id,
            secret: Arc::new(secret),
        })
    }

    /// The id, which is no secret.
    ///
    /// ```
    /// assert_eq!(civic_core::KeyRing::new("k1", vec![7; 32])?.current().id(), "k1");
    /// # Ok::<(), civic_core::KeyError>(())
    /// ```
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The bytes, for the one who signs; never for a log.
    ///
    /// ```
    /// let ring = civic_core::KeyRing::new("k1", vec![7; 32])?;
    /// assert_eq!(ring.current().expose_secret(), [7; 32]);
    /// # Ok::<(), civic_core::KeyError>(())
    /// ```
    pub fn expose_secret(&self) -> &[u8] {
        &self.secret
    }
}

fn is_id(id: &str) -> bool {
    let bytes = id.as_bytes();
    let word = bytes
        .iter()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    word && bytes.len() <= ID_MAX && bytes.first().is_some_and(u8::is_ascii_lowercase)
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.keys().map(Key::id).collect();
        f.debug_struct("KeyRing")
            .field("ids", &ids)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Why a key was refused.
///
/// ```
/// let error = civic_core::KeyRing::new("k1", b"too short".to_vec()).unwrap_err();
/// assert_eq!(error.to_string(), "key `k1` has 9 bytes, fewer than the 32 that a signature needs");
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
    /// # use civic_core::KeyRing;
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
                ID_MAX - 1
            ),
            KeyFault::Short(id, len) => write!(
                f,
                "key `{id}` has {len} bytes, fewer than the {KEY_MIN} that a signature needs"
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

    #[test]
    fn debug_shows_ids_and_no_byte_of_a_key() {
        let ring = KeyRing::new("k1", vec![7; 32]).unwrap();
        assert_eq!(format!("{ring:?}"), r#"KeyRing { ids: ["k1"], .. }"#);
        assert_eq!(format!("{:?}", ring.current()), r#"Key { id: "k1", .. }"#);
    }

    #[test]
    fn a_bad_key_is_refused_without_being_quoted() {
        let error = KeyRing::new("0123456789abcdef0123456789abcdef", vec![7; 32]).unwrap_err();
        assert!(!error.to_string().contains("0123456789"));
        let ring = KeyRing::new("k1", vec![7; 32]).unwrap();
        let error = ring.with_old("k1", vec![7; 32]).unwrap_err();
        assert_eq!(error.to_string(), "key `k1` stands twice");
    }
}
