//! Proofs that an entry is in a stream, to check away from it (C2SP tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra eyJ2Ijox…          the entry, base64
//! index 4020
//! 9kJq…=                   hashes, lowest first
//!
//! licensing/1b0e…/1        the signed checkpoint
//! …
//! ```

use std::fmt::{self, Write as _};
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::disk::RealDisk;
use crate::ledger::{self, Step, TreeReader, read_checkpoints, stream_folder, walk};
use crate::record::Record;
use crate::signature::{Checkpoint, PublicKey};
use crate::tree::{Hash, includes, inclusion, leaf_hash};

/// First line of a proof.
const HEAD: &str = "c2sp.org/tlog-proof@v1";

/// Most hashes on a path: that of a tree of 2^64 leaves.
const PATH_MAX: usize = 64;

/// The keys that a stream was signed with, one after the other, each named by the one before.
///
/// ```
/// use civic_audit::{AuditTrail, FileKeys, KeyChain, KeyStore, Service};
/// # let (folder, keys) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// let store = FileKeys::create(keys.path(), "licensing-root")?;
/// let root = store.root()?;
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
///     .keys(store)
///     .development()
///     .open()?;
///
/// let published = std::fs::read_to_string(folder.path().join("stream-0001/key-checkpoints"))?;
/// let chain = KeyChain::verify(&published, &root).expect("the root named the first key");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyChain {
    /// From which size of the tree each signs.
    pub(crate) keys: Vec<(u64, PublicKey)>,
}

/// Where a chain of keys breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Break {
    /// Number of the checkpoint in the chain.
    pub(crate) place: usize,
    pub(crate) size: u64,
    pub(crate) why: &'static str,
}

impl KeyChain {
    /// Reads the checkpoints that name the keys of a stream, as its file `key-checkpoints` has them, and verifies that each is
    /// signed by the key that was named before, or by the root. `None` where that is not so.
    ///
    /// ```
    /// # let root = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    /// let root = civic_audit::PublicKey::parse(root).expect("a public key");
    /// assert!(civic_audit::KeyChain::verify("no checkpoints", &root).is_none());
    /// ```
    pub fn verify(published: &str, root: &PublicKey) -> Option<Self> {
        let notes = published
            .split_inclusive("\n#\n")
            .map(|part| Checkpoint::parse(part.strip_suffix("#\n")?))
            .collect::<Option<Vec<_>>>()?;
        let chain = Self::of(&notes, Some(root)).ok()?;
        (!chain.keys.is_empty()).then_some(chain)
    }

    /// Without a root, the first checkpoint is taken as it is.
    pub(crate) fn of(notes: &[Checkpoint], root: Option<&PublicKey>) -> Result<Self, Break> {
        let mut keys: Vec<(u64, PublicKey)> = Vec::new();
        for (place, note) in notes.iter().enumerate() {
            let broken = |why| Break {
                place,
                size: note.size,
                why,
            };
            let former = keys.last();
            let by_former = former.is_some_and(|(_, key)| note.is_signed_by(key));
            let by_root = root.is_some_and(|root| note.is_signed_by(root));
            // Who gives no root takes the word of the ledger for it, each time that the root speaks.
            if !by_former && !by_root && root.is_some() {
                return Err(broken(
                    "a key is named by neither the key before it nor the root",
                ));
            }
            if former.is_some_and(|(from, _)| note.size < *from) {
                return Err(broken(
                    "a key is named for fewer entries than the one before it",
                ));
            }
            if notes[0].origin != note.origin {
                return Err(broken("a key is named for another stream"));
            }
            let Some(key) = &note.next_key else {
                return Err(broken("a checkpoint of the chain names no key"));
            };
            keys.push((note.size, key.clone()));
        }
        Ok(KeyChain { keys })
    }

    /// Whether the checkpoint is signed by the key whose turn it was: a key signs nothing from before it was named, nor from
    /// behind the point where it named the next.
    pub(crate) fn seals(&self, note: &Checkpoint) -> bool {
        self.keys.iter().enumerate().any(|(place, (from, key))| {
            let until = self.keys.get(place + 1).map_or(u64::MAX, |(from, _)| *from);
            (*from..=until).contains(&note.size) && note.is_signed_by(key)
        })
    }
}

/// A proof that an entry is in a stream.
///
/// ```
/// use civic_audit::{Actor, AuditTrail, Auth, FileKeys, KeyChain, KeyStore, Proof, Service, prove};
/// # let (folder, keys) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// let store = FileKeys::create(keys.path(), "licensing-root")?;
/// let root = store.root()?;
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
///     .keys(store)
///     .development()
///     .open()?;
/// let entry = trail.record(Auth { actor: Actor::system(), step: "sign-in", method: "token" })?;
/// trail.checkpoint()?;
///
/// // Handed out, and checked by somebody who has the root's public half and the published chain.
/// let text = prove(folder.path(), trail.stream(), entry.seq)?.to_string();
/// let proof = Proof::parse(&text).expect("it is one");
/// let published = std::fs::read_to_string(folder.path().join("stream-0001/key-checkpoints"))?;
/// let chain = KeyChain::verify(&published, &root).expect("the chain holds");
/// let record = proof.check(&chain)?;
/// assert_eq!(record.id, entry.id);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    entry: Vec<u8>,
    index: u64,
    path: Vec<Hash>,
    checkpoint: Checkpoint,
}

/// Why a proof does not hold.
///
/// ```
/// assert_eq!(civic_audit::ProofError::Path.to_string(), "the hashes do not lead from the entry to the root");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofError {
    /// The checkpoint is not signed by a key whose turn it was.
    Signature,
    /// The entry does not lead to the root.
    Path,
    /// The entry is not one of version 1, or says that it stands elsewhere.
    Entry,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ProofError::Signature => "no key whose turn it was signed the checkpoint",
            ProofError::Path => "the hashes do not lead from the entry to the root",
            ProofError::Entry => "the entry is not what stands at this place",
        })
    }
}

impl std::error::Error for ProofError {}

impl Proof {
    /// Reads a proof. `None` when this is none.
    ///
    /// ```
    /// assert!(civic_audit::Proof::parse("no proof").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (proof, checkpoint) = text.split_once("\n\n")?;
        let mut lines = proof.lines();
        (lines.next()? == HEAD).then_some(())?;
        let entry = BASE64.decode(lines.next()?.strip_prefix("extra ")?).ok()?;
        let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
        let path = lines
            .map(|line| BASE64.decode(line).ok()?.try_into().ok())
            .collect::<Option<Vec<Hash>>>()?;
        (path.len() <= PATH_MAX).then_some(Proof {
            entry,
            index,
            path,
            checkpoint: Checkpoint::parse(checkpoint)?,
        })
    }

    /// Verifies it against the keys of the stream, and gives the entry.
    ///
    /// ```
    /// # use civic_audit::{KeyChain, Proof, ProofError, Record};
    /// fn entry(proof: &Proof, chain: &KeyChain) -> Result<Record, ProofError> {
    ///     proof.check(chain)
    /// }
    /// ```
    ///
    /// # Errors
    /// When the signature, the path or the entry is not what it should be.
    pub fn check(&self, chain: &KeyChain) -> Result<Record, ProofError> {
        if !chain.seals(&self.checkpoint) {
            return Err(ProofError::Signature);
        }
        let Checkpoint { size, root, .. } = &self.checkpoint;
        let leaf = leaf_hash(&self.entry);
        if !includes(&leaf, self.index, *size, &self.path, root) {
            return Err(ProofError::Path);
        }
        let record = Record::parse(&self.entry).map_err(|_| ProofError::Entry)?;
        if record.stream != self.checkpoint.origin || record.seq != self.index {
            return Err(ProofError::Entry);
        }
        Ok(record)
    }

    /// The checkpoint that it leads to.
    ///
    /// ```
    /// # use civic_audit::Proof;
    /// fn covered(proof: &Proof) -> u64 {
    ///     proof.checkpoint().size
    /// }
    /// ```
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        writeln!(f, "extra {}", BASE64.encode(&self.entry))?;
        writeln!(f, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", BASE64.encode(hash))?;
        }
        f.write_char('\n')?;
        f.write_str(&self.checkpoint.note())
    }
}

/// Makes the proof that an entry is in a stream of the ledger in a folder, up to the latest signed checkpoint.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// assert!(civic_audit::prove(folder.path(), "licensing/7/1", 0).is_err()); // this is no ledger
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// `NotFound` when there is no such entry, or no signed checkpoint covers it yet; or when the files cannot be read.
pub fn prove(folder: impl AsRef<Path>, stream: &str, seq: u64) -> io::Result<Proof> {
    let (disk, folder) = (&RealDisk, folder.as_ref());
    let absent = |what: &'static str| io::Error::new(io::ErrorKind::NotFound, what);
    let mut entry = None;
    walk(disk, folder, &mut |step| {
        if let Step::Entry {
            stream: here,
            seq: place,
            entry: bytes,
            ..
        } = step
            && here == stream
            && place == seq
        {
            entry = Some(bytes.to_vec());
        }
        entry.is_none()
    })?;
    let entry = entry.ok_or_else(|| absent("there is no such entry"))?;
    let number = ledger::stream_number(stream).ok_or_else(|| absent("there is no such stream"))?;
    let stream_folder = stream_folder(folder, number);
    let checkpoint = read_checkpoints(disk, &stream_folder)?
        .latest
        .filter(|checkpoint| checkpoint.size > seq)
        .ok_or_else(|| absent("no signed checkpoint covers this entry yet"))?;
    let mut tree = TreeReader::open(disk, &stream_folder)?;
    Ok(Proof {
        path: inclusion(&mut tree, seq, checkpoint.size)?,
        entry,
        index: seq,
        checkpoint,
    })
}
