//! HMAC-SHA256 under each key of a ring, one purpose each.

use core::fmt;

use civic_core::{Key, KeyRing};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sha2::digest::Output;

/// Length of a signature: 128 of the 256 bits, as RFC 2104 section 5 allows.
pub(crate) const TAG: usize = 16;

/// Signs for one purpose, so that a signature for another means nothing here.
///
/// The key of a purpose is HMAC(key of the ring, purpose); its first block is hashed in advance. What is held is zeroed when it
/// is dropped.
#[derive(Clone)]
pub(crate) struct Signer {
    /// The key in use first.
    keys: Vec<(String, Hmac<Sha256>)>,
}

impl Signer {
    pub(crate) fn new(ring: &KeyRing, purpose: &str, of: &str) -> Self {
        let keys = ring.keys().map(|key| {
            let mut mac = keyed(key.expose_secret());
            mac.update(purpose.as_bytes());
            mac.update(&[0]);
            mac.update(of.as_bytes());
            let mut derived = mac.finalize().into_bytes();
            let signer = keyed(&derived);
            derived.fill(0);
            (id(key), signer)
        });
        Self {
            keys: keys.collect(),
        }
    }

    /// Id of the key in use, and the signature.
    #[inline]
    pub(crate) fn sign(&self, message: &[u8]) -> (&str, [u8; TAG]) {
        let (id, key) = &self.keys[0];
        (id, cut(&digest(key, message)))
    }

    /// Whether the key of this id signed the message, in a time that does not depend on where they differ.
    #[inline]
    pub(crate) fn verify(&self, id: &str, message: &[u8], tag: &[u8; TAG]) -> bool {
        let Some((_, key)) = self.keys.iter().find(|(known, _)| known == id) else {
            return false;
        };
        let mut mac = key.clone();
        mac.update(message);
        mac.verify_truncated_left(tag).is_ok()
    }

    /// The whole digest under the key in use.
    pub(crate) fn digest(&self, message: &[u8]) -> [u8; 32] {
        digest(&self.keys[0].1, message).into()
    }

    /// The whole digest under every key, the one in use first.
    pub(crate) fn digests(&self, message: &[u8]) -> impl Iterator<Item = [u8; 32]> {
        self.keys
            .iter()
            .map(move |(_, key)| digest(key, message).into())
    }
}

fn id(key: &Key) -> String {
    key.id().to_owned()
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

#[inline]
fn digest(key: &Hmac<Sha256>, message: &[u8]) -> Output<Sha256> {
    let mut mac = key.clone();
    mac.update(message);
    mac.finalize().into_bytes()
}

#[inline]
fn cut(digest: &[u8]) -> [u8; TAG] {
    core::array::from_fn(|i| digest[i])
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.keys.iter().map(|(id, _)| id.as_str()).collect();
        f.debug_struct("Signer")
            .field("ids", &ids)
            .finish_non_exhaustive()
    }
}
