//! Signs checkpoints, and passes the right to sign from segment to segment.
//!
//! Two files: `key-checkpoints` has those that name the next key, one for each segment, oldest first, each durable before the
//! next segment begins; `checkpoint` has the latest, which replaces the one before about once a second.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ed25519_dalek::SigningKey;

use crate::disk::{Disk, DiskFile};
use crate::keys::{KeyStore, random_secret};
use crate::ledger::segment::read_full;
use crate::signature::{Checkpoint, PublicKey, sign};
use crate::tree::Hash;

/// File with the checkpoints that name keys.
const CHAIN: &str = "key-checkpoints";

/// File with the latest checkpoint.
const LATEST: &str = "checkpoint";

/// What stands behind each checkpoint of the chain: a line that no note has.
const BETWEEN: &str = "#\n";

/// Most bytes of these files that are read: a million segments.
const READ_MAX: u64 = 1 << 30;

/// Signs the checkpoints of one stream.
pub(crate) struct Sealer {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    keys: Arc<dyn KeyStore>,
    stream: String,
    key: SigningKey,
    chain: Box<dyn DiskFile>,
    chain_bytes: u64,
    /// Size of the tree at the last checkpoint.
    sealed: u64,
    latest: String,
}

impl Sealer {
    /// Goes on with the key of the store, or has the root name a new one.
    pub(crate) fn open(
        disk: Arc<dyn Disk>,
        folder: &Path,
        stream: &str,
        keys: Arc<dyn KeyStore>,
        tree: (u64, Hash),
    ) -> io::Result<Self> {
        let known = read(&*disk, folder)?;
        let path = folder.join(CHAIN);
        let chain = if let Ok(file) = disk.open(&path) {
            file
        } else {
            let file = disk.create(&path)?;
            disk.sync_folder(folder)?;
            file
        };
        let named = known.chain.last().and_then(|note| note.next_key.clone());
        let stored = keys
            .segment_key()?
            .map(|secret| SigningKey::from_bytes(&secret));
        let fits = |key: &SigningKey| Some(PublicKey::new(stream, key.verifying_key())) == named;
        let in_use = stored.filter(fits);
        let mut sealer = Sealer {
            disk,
            folder: folder.to_owned(),
            keys,
            stream: stream.to_owned(),
            chain,
            chain_bytes: known.chain_bytes,
            sealed: known.chain.last().map_or(0, |note| note.size),
            latest: known.latest.map(|note| note.note()).unwrap_or_default(),
            key: match &in_use {
                Some(key) => key.clone(),
                None => SigningKey::from_bytes(&random_secret()?),
            },
        };
        if in_use.is_none() {
            let secret = *sealer.key.as_bytes();
            let public = PublicKey::new(stream, sealer.key.verifying_key());
            let mut note = Checkpoint::new(stream, tree.0, tree.1, Some(public));
            let signature = sealer.keys.sign_with_root(note.text())?;
            note.sign(&sealer.keys.root()?, &signature);
            sealer.append(&note)?;
            sealer.keys.replace_segment_key(&secret)?;
        }
        sealer.seal(tree)?;
        Ok(sealer)
    }

    /// Signs a tree, if it is larger than the last that was signed.
    pub(crate) fn seal(&mut self, (size, root): (u64, Hash)) -> io::Result<()> {
        if size <= self.sealed {
            return Ok(());
        }
        let mut note = Checkpoint::new(&self.stream, size, root, None);
        self.sign(&mut note);
        self.replace_latest(&note)?;
        self.sealed = size;
        Ok(())
    }

    /// Signs the tree with a checkpoint that names the next key, and forgets this one.
    pub(crate) fn next_key(&mut self, (size, root): (u64, Hash)) -> io::Result<()> {
        let secret = random_secret()?;
        let next = SigningKey::from_bytes(&secret);
        let public = PublicKey::new(&self.stream, next.verifying_key());
        let mut note = Checkpoint::new(&self.stream, size, root, Some(public));
        self.sign(&mut note);
        // In this order: a cut between the two leaves a key in the store that no checkpoint names any more, and the root
        // names another one at the next start.
        self.append(&note)?;
        self.key = next;
        self.keys.replace_segment_key(&secret)
    }

    /// The last checkpoint.
    pub(crate) fn latest(&self) -> &str {
        &self.latest
    }

    fn sign(&self, note: &mut Checkpoint) {
        let public = PublicKey::new(&self.stream, self.key.verifying_key());
        let signature = sign(&self.key, note.text());
        note.sign(&public, &signature);
    }

    fn append(&mut self, note: &Checkpoint) -> io::Result<()> {
        let bytes = format!("{}{BETWEEN}", note.note());
        self.chain
            .write_all_at(bytes.as_bytes(), self.chain_bytes)?;
        self.chain.sync_all()?;
        self.chain_bytes += bytes.len() as u64;
        self.sealed = note.size;
        self.replace_latest(note)
    }

    /// Not synced: what was not there yet after a power cut is signed again at the start.
    fn replace_latest(&mut self, note: &Checkpoint) -> io::Result<()> {
        let text = note.note();
        let unfinished = self.folder.join("checkpoint.new");
        let file = self.disk.create(&unfinished)?;
        file.write_all_at(text.as_bytes(), 0)?;
        self.disk.rename(&unfinished, &self.folder.join(LATEST))?;
        self.latest = text;
        Ok(())
    }
}

/// The checkpoints of a stream.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) chain: Vec<Checkpoint>,
    chain_bytes: u64,
    /// Whether something stands behind the chain that is no checkpoint.
    pub(crate) torn: bool,
    pub(crate) latest: Option<Checkpoint>,
}

/// Reads the checkpoints of a stream.
pub(crate) fn read(disk: &dyn Disk, folder: &Path) -> io::Result<Known> {
    let mut known = Known::default();
    let bytes = read_file(disk, &folder.join(CHAIN))?;
    let mut rest = &bytes[..];
    while let Some(end) = rest.windows(3).position(|part| part == b"\n#\n") {
        let text = std::str::from_utf8(&rest[..=end]).ok();
        let Some(note) = text.and_then(Checkpoint::parse) else {
            break;
        };
        known.chain.push(note);
        known.chain_bytes += end as u64 + 3;
        rest = &rest[end + 3..];
    }
    known.torn = !rest.is_empty();
    let latest = read_file(disk, &folder.join(LATEST))?;
    known.latest = std::str::from_utf8(&latest)
        .ok()
        .and_then(Checkpoint::parse);
    Ok(known)
}

fn read_file(disk: &dyn Disk, path: &Path) -> io::Result<Vec<u8>> {
    let file = match disk.open_to_read(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut bytes = vec![0; file.length()?.min(READ_MAX) as usize];
    let count = read_full(&*file, &mut bytes, 0)?;
    bytes.truncate(count);
    Ok(bytes)
}
