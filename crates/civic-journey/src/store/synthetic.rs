//! Marks smoke and load tests, so that they do not count as citizens.
//!
//! A marker is signed: a citizen who sends one of their own is counted as before, and the refusal is counted too.

use civic_core::KeyRing;

use super::sign::{Signer, TAG};
use crate::Refusal;

/// Name of the header that carries a marker.
///
/// ```
/// assert_eq!(civic_journey::store::synthetic::HEADER, "civic-synthetic");
/// ```
pub const HEADER: &str = "civic-synthetic";

/// Signs and checks markers of synthetic traffic.
///
/// A marker is `<key id>.<expiry in seconds since 1970>.<32 hexadecimal digits>`, good for any journey of services that share the
/// key. Give a test a marker of minutes, not of years.
///
/// ```
/// use civic_core::KeyRing;
/// use civic_journey::store::synthetic::Markers;
///
/// let markers = Markers::new(&KeyRing::new("k1", vec![7; 32])?);
/// let now = 1_767_268_800;
/// let marker = markers.sign(now + 600);
/// assert!(markers.verify(&marker, now).is_ok());
/// assert!(markers.verify(&marker, now + 601).is_err());
/// # Ok::<(), civic_core::KeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Markers(Signer);

impl Markers {
    /// Markers under these keys.
    #[must_use]
    pub fn new(keys: &KeyRing) -> Self {
        Self(Signer::new(keys, "civic-journey synthetic v1", ""))
    }

    /// A marker that is good until this time, in seconds since 1970.
    #[must_use]
    pub fn sign(&self, until: u64) -> String {
        let (id, tag) = self.0.sign(&until.to_be_bytes());
        let mut text = format!("{id}.{until}.");
        for byte in tag {
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
        text
    }

    /// Whether a key of the ring signed the marker and its time has not passed.
    ///
    /// # Errors
    /// [`Refusal::Synthetic`] when not: count the citizen, and the refusal.
    pub fn verify(&self, marker: &str, unix_seconds: u64) -> Result<(), Refusal> {
        let genuine = || {
            let (id, rest) = marker.split_once('.')?;
            let (until, tag) = rest.split_once('.')?;
            let until: u64 = until.parse().ok()?;
            let signed = self.0.verify(id, &until.to_be_bytes(), &from_hex(tag)?);
            (signed && unix_seconds <= until).then_some(())
        };
        genuine().ok_or(Refusal::Synthetic)
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn from_hex(text: &str) -> Option<[u8; TAG]> {
    let text = text.as_bytes();
    let mut tag = [0; TAG];
    if text.len() != 2 * TAG {
        return None;
    }
    for (byte, pair) in tag.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |letter: u8| HEX.iter().position(|hex| *hex == letter);
        *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
    }
    Some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_makes_or_prolongs_a_marker_without_the_key() {
        let markers = Markers::new(&KeyRing::new("k1", vec![7; 32]).unwrap());
        let stranger = Markers::new(&KeyRing::new("k1", vec![8; 32]).unwrap());
        let marker = markers.sign(1000);
        assert_eq!(markers.verify(&marker, 999), Ok(()));
        assert_eq!(stranger.verify(&marker, 999), Err(Refusal::Synthetic));
        let prolonged = marker.replace(".1000.", ".2000.");
        let shouted = marker.to_uppercase();
        for wrong in [
            "", "k1", "k1.1000", "k1.1000.", "true", &prolonged, &shouted,
        ] {
            assert_eq!(
                markers.verify(wrong, 999),
                Err(Refusal::Synthetic),
                "{wrong}"
            );
        }
    }
}
