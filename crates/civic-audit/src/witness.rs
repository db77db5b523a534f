//! Somebody else who keeps checkpoints, so that a rewritten history shows.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::signature::Checkpoint;
use crate::tree::is_consistent;

/// Keeps the latest checkpoint of a stream, and takes a new one only with the proof that the tree grew from it.
///
/// A witness is worth as much as it is out of reach of whoever could change the ledger: another account, another machine,
/// another organisation. What it has seen cannot be changed without showing; what is newer can, by somebody who owns the
/// service's machine.
///
/// ```
/// use civic_audit::{FileWitness, Witness};
/// # let folder = tempfile::tempdir()?;
/// let witness = FileWitness::new(folder.path());
/// assert_eq!(witness.seen("licensing/7/1")?, 0);
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Witness: Send + Sync {
    /// Number of entries of the stream that the witness has seen; 0 for a stream that it does not know.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn seen(&self, stream: &str) -> io::Result<u64>;

    /// Gives it a checkpoint, with the hashes that prove consistency with the size that it has seen.
    ///
    /// # Errors
    /// When it cannot be reached, or refuses: the tree is not a continuation of what it has seen.
    fn add(&self, checkpoint: &str, proof: &[[u8; 32]]) -> io::Result<()>;
}

/// A witness that keeps checkpoints in a folder, one file for each stream: a mount of another account's storage.
///
/// ```
/// use civic_audit::{AuditTrail, FileKeys, FileWitness, Service, Witness};
/// # let (folder, keys, mount) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
///     .keys(FileKeys::create(keys.path(), "licensing-root")?)
///     .witness(FileWitness::new(mount.path()))
///     .development()
///     .open()?;
/// let stream = trail.stream().to_owned();
/// drop(trail);
/// assert_eq!(FileWitness::new(mount.path()).seen(&stream)?, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileWitness {
    folder: PathBuf,
}

impl FileWitness {
    /// A witness in a folder.
    ///
    /// ```
    /// let witness = civic_audit::FileWitness::new("witness");
    /// ```
    pub fn new(folder: impl AsRef<Path>) -> Self {
        FileWitness {
            folder: folder.as_ref().to_owned(),
        }
    }

    /// The checkpoint that it keeps of a stream, as text.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// assert_eq!(civic_audit::FileWitness::new(folder.path()).kept("licensing/7/1")?, None);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn kept(&self, stream: &str) -> io::Result<Option<String>> {
        match fs::read_to_string(self.path(stream)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn checkpoint(&self, stream: &str) -> io::Result<Option<Checkpoint>> {
        let Some(text) = self.kept(stream)? else {
            return Ok(None);
        };
        match Checkpoint::parse(&text) {
            Some(checkpoint) => Ok(Some(checkpoint)),
            None => Err(refused("what the witness keeps is no checkpoint")),
        }
    }

    fn path(&self, stream: &str) -> PathBuf {
        self.folder
            .join(format!("{}.checkpoint", stream.replace('/', "_")))
    }
}

impl Witness for FileWitness {
    fn seen(&self, stream: &str) -> io::Result<u64> {
        Ok(self.checkpoint(stream)?.map_or(0, |kept| kept.size))
    }

    fn add(&self, checkpoint: &str, proof: &[[u8; 32]]) -> io::Result<()> {
        let new = Checkpoint::parse(checkpoint).ok_or_else(|| refused("this is no checkpoint"))?;
        if let Some(old) = self.checkpoint(&new.origin)?
            && !is_consistent((old.size, &old.root), (new.size, &new.root), proof)
        {
            return Err(refused(
                "the tree is no continuation of the one that was witnessed",
            ));
        }
        fs::create_dir_all(&self.folder)?;
        let path = self.path(&new.origin);
        let unfinished = path.with_extension("new");
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .open(&unfinished)?;
        file.write_all(checkpoint.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        File::open(&self.folder)?.sync_all()
    }
}

fn refused(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
