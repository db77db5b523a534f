//! Signed notes (C2SP signed-note) with Ed25519, and checkpoints (C2SP tlog-checkpoint) in them.
//!
//! ```text
//! licensing/1b0e…/1                         origin: the stream
//! 4021                                      entries
//! 9kJq…=                                    root of the tree over them
//! next 4021 licensing/1b0e…/1+a1b2c3d4+AQ…  at the end of a segment: the key that signs from here on
//!
//! — licensing/1b0e…/1 Zm9v…=                signature
//! ```

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::tree::Hash;

/// Number of Ed25519 in signed notes.
const ED25519: u8 = 1;

/// What begins a line of signature.
const DASH: &str = "\u{2014} ";

/// Longest checkpoint that is read.
const NOTE_MAX: usize = 64 * 1024;

/// A public key with its name, as signed notes write it: `name+hash+base64`.
///
/// ```
/// let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// let key = civic_audit::PublicKey::parse(text).unwrap();
/// assert_eq!((key.name(), key.to_string().as_str()), ("PeterNeumann", text));
/// assert!(civic_audit::PublicKey::parse("PeterNeumann+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

impl PublicKey {
    pub(crate) fn new(name: &str, key: VerifyingKey) -> Self {
        PublicKey {
            name: name.to_owned(),
            key,
        }
    }

    /// Reads a key. `None` when it is none, or its hash is not that of the rest.
    ///
    /// ```
    /// assert!(civic_audit::PublicKey::parse("no key").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.trim_end().split_once('+')?;
        let (hash, key) = rest.split_once('+')?;
        let bytes = BASE64.decode(key).ok()?;
        let (kind, bytes) = bytes.split_first()?;
        let key = VerifyingKey::from_bytes(bytes.try_into().ok()?).ok()?;
        let parsed = PublicKey::new(name, key);
        (*kind == ED25519 && parsed.hash_text() == hash && is_key_name(name)).then_some(parsed)
    }

    /// The name.
    ///
    /// ```
    /// # let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    /// assert_eq!(civic_audit::PublicKey::parse(text).unwrap().name(), "PeterNeumann");
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    fn hash(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.as_bytes());
        hasher.update([b'\n', ED25519]);
        hasher.update(self.key.as_bytes());
        let digest = hasher.finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    fn hash_text(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.hash()))
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(
            f,
            "{}+{}+{}",
            self.name,
            self.hash_text(),
            BASE64.encode(bytes)
        )
    }
}

/// Names of keys have neither spaces nor plus signs.
fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

/// How far a stream was at a moment, and the root over its entries.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// # let keys = tempfile::tempdir()?;
/// use civic_audit::{AuditTrail, Checkpoint, FileKeys, Service};
///
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
///     .keys(FileKeys::create(keys.path(), "licensing-root")?)
///     .development()
///     .open()?;
/// let checkpoint = Checkpoint::parse(&trail.checkpoint()?.expect("it has keys")).expect("it is one");
/// assert_eq!((checkpoint.origin.as_str(), checkpoint.size), (trail.stream(), 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checkpoint {
    /// Name of the stream.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the tree over them.
    pub root: [u8; 32],
    /// At the end of a segment, the key that signs from here on.
    pub next_key: Option<PublicKey>,
    /// The text that is signed.
    text: String,
    signatures: Vec<(String, Vec<u8>)>,
}

impl Checkpoint {
    pub(crate) fn new(origin: &str, size: u64, root: Hash, next_key: Option<PublicKey>) -> Self {
        let mut text = format!("{origin}\n{size}\n{}\n", BASE64.encode(root));
        if let Some(key) = &next_key {
            writeln!(text, "next {key}").expect("a String takes all that is written");
        }
        Checkpoint {
            origin: origin.to_owned(),
            size,
            root,
            next_key,
            text,
            signatures: Vec::new(),
        }
    }

    /// Reads a checkpoint with its signatures, which it does not verify. `None` when this is none.
    ///
    /// ```
    /// assert!(civic_audit::Checkpoint::parse("no checkpoint").is_none());
    /// ```
    pub fn parse(note: &str) -> Option<Self> {
        if note.len() > NOTE_MAX {
            return None;
        }
        let end = note.rfind("\n\n")? + 1;
        let (text, signatures) = (&note[..end], &note[end + 1..]);
        let mut lines = text.lines();
        let origin = lines.next().filter(|origin| !origin.is_empty())?;
        let size = lines.next()?;
        let parsed: u64 = size.parse().ok()?;
        let root = lines.next()?;
        // Extension lines may be anything but empty.
        let mut next_key = None;
        for line in lines {
            if let Some(key) = line.strip_prefix("next ") {
                next_key = Some(PublicKey::parse(key)?);
            } else if line.is_empty() {
                return None;
            }
        }
        let signatures = signatures
            .strip_suffix('\n')?
            .split('\n')
            .map(|line| {
                let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
                Some((name.to_owned(), BASE64.decode(signature).ok()?))
            })
            .collect::<Option<Vec<_>>>()?;
        (parsed.to_string() == size).then_some(Checkpoint {
            origin: origin.to_owned(),
            size: parsed,
            root: BASE64.decode(root).ok()?.try_into().ok()?,
            next_key,
            text: text.to_owned(),
            signatures,
        })
    }

    /// Whether one of its signatures is by this key.
    ///
    /// ```
    /// # let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    /// fn is_sealed(checkpoint: &civic_audit::Checkpoint, key: &civic_audit::PublicKey) -> bool {
    ///     checkpoint.is_signed_by(key)
    /// }
    /// ```
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.signatures.iter().any(|(name, signature)| {
            let Some((hash, signature)) = signature.split_at_checked(4) else {
                return false;
            };
            let Ok(signature) = Signature::from_slice(signature) else {
                return false;
            };
            *name == key.name
                && hash == key.hash()
                && key
                    .key
                    .verify_strict(self.text.as_bytes(), &signature)
                    .is_ok()
        })
    }

    /// The text that is signed.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Adds a signature.
    pub(crate) fn sign(&mut self, key: &PublicKey, signature: &[u8; 64]) {
        let mut bytes = key.hash().to_vec();
        bytes.extend_from_slice(signature);
        self.signatures.push((key.name.clone(), bytes));
    }

    /// The whole note.
    pub(crate) fn note(&self) -> String {
        let mut note = format!("{}\n", self.text);
        for (name, signature) in &self.signatures {
            writeln!(note, "{DASH}{name} {}", BASE64.encode(signature))
                .expect("a String takes all that is written");
        }
        note
    }
}

/// Signs a text.
pub(crate) fn sign(key: &SigningKey, text: &str) -> [u8; 64] {
    key.sign(text.as_bytes()).to_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signed() -> (PublicKey, Checkpoint) {
        let secret = SigningKey::from_bytes(&[7; 32]);
        let key = PublicKey::new("licensing/1", secret.verifying_key());
        let mut checkpoint = Checkpoint::new("licensing/1", 7, [9; 32], Some(key.clone()));
        let signature = sign(&secret, checkpoint.text());
        checkpoint.sign(&key, &signature);
        (key, checkpoint)
    }

    #[test]
    fn another_implementation_reads_the_key_and_verifies_the_note() {
        use signed_note::{Note, StandardVerifier, VerifierList};

        let (key, checkpoint) = signed();
        let verifier = StandardVerifier::new(&key.to_string()).unwrap();
        let note = Note::from_bytes(checkpoint.note().as_bytes()).unwrap();
        let (by_key, _) = note
            .verify(&VerifierList::new(vec![Box::new(verifier)]))
            .unwrap();
        assert_eq!(by_key.len(), 1);
    }

    #[test]
    fn what_is_written_is_read_and_every_change_of_the_text_shows() {
        let (key, checkpoint) = signed();
        let note = checkpoint.note();
        let read = Checkpoint::parse(&note).unwrap();
        assert_eq!(read, checkpoint);
        assert!(read.is_signed_by(&key));
        for place in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[place] ^= 1;
            let changed = String::from_utf8(bytes).ok();
            let read = changed.as_deref().and_then(Checkpoint::parse);
            assert!(
                !read.is_some_and(|read| read.is_signed_by(&key)),
                "byte {place}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer(text in "\\PC{0,200}", tail in "(\n|\u{2014} |[a-z0-9=+/ ]){0,60}") {
            let _ = Checkpoint::parse(&format!("{text}{tail}"));
            let _ = PublicKey::parse(&text);
        }
    }
}
