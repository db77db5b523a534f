//! Where the keys live that sign checkpoints: outside the ledger, and never in its backups.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;

use crate::signature::{PublicKey, sign};

/// The keys of a ledger: a root, and the key of the segment that is written.
///
/// Each segment has a key of its own. When the next one begins, the last checkpoint of the old key names the new key, and the
/// store replaces the old one: whoever gets hold of the service then cannot sign the segments before. The root signs the
/// first key of a stream, and the next one when a key was lost. It may stay in a key management service, since it signs
/// once for each stream.
///
/// What undoes this: a backup of the store that holds former keys. Do not back up the segment key; losing it costs a
/// signature of the root.
///
/// ```
/// use civic_audit::{FileKeys, KeyStore};
/// # let folder = tempfile::tempdir()?;
/// let keys = FileKeys::create(folder.path(), "licensing-root")?;
/// assert_eq!(keys.root()?.name(), "licensing-root");
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait KeyStore: Send + Sync {
    /// The public half of the root, which auditors are given.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn root(&self) -> io::Result<PublicKey>;

    /// A signature by the root.
    ///
    /// # Errors
    /// When the store cannot be read, or the service that holds the root does not answer.
    fn sign_with_root(&self, text: &str) -> io::Result<[u8; 64]>;

    /// The secret of the segment that is written, if there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn segment_key(&self) -> io::Result<Option<[u8; 32]>>;

    /// Puts the secret of the next segment in the place of the former one, which must be gone afterwards. Durable when it
    /// returns.
    ///
    /// # Errors
    /// When the store cannot be written; the former secret is then still there.
    fn replace_segment_key(&self, secret: &[u8; 32]) -> io::Result<()>;
}

/// Keys in a folder, in files that only their owner reads. `cargo civic keygen` makes one.
///
/// Put the folder on a disk of its own, or at least where backups of the ledger do not reach.
///
/// ```
/// use civic_audit::{FileKeys, KeyStore};
/// # let folder = tempfile::tempdir()?;
/// FileKeys::create(folder.path(), "licensing-root")?;
/// let keys = FileKeys::open(folder.path())?;
/// println!("give this to whoever verifies: {}", keys.root()?);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct FileKeys {
    folder: PathBuf,
    root: SigningKey,
    name: String,
}

/// Name and secret of the root.
const ROOT: &str = "root.key";

/// Public half of the root.
const PUBLIC: &str = "root.pub";

/// Secret of the segment that is written.
const SEGMENT: &str = "segment.key";

impl FileKeys {
    /// Makes a root and writes it. The folder is made where it is missing.
    ///
    /// The name stands in signatures: letters, digits, and none of space and plus.
    ///
    /// ```
    /// # use civic_audit::FileKeys;
    /// # let folder = tempfile::tempdir()?;
    /// FileKeys::create(folder.path(), "licensing-root")?;
    /// assert!(FileKeys::create(folder.path(), "licensing-root").is_err()); // nothing is overwritten
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is a root already, the name does not fit, or the folder cannot be written.
    pub fn create(folder: impl AsRef<Path>, name: &str) -> io::Result<Self> {
        let folder = folder.as_ref();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte);
        if name.is_empty() || name.len() > 128 || !name.bytes().all(fits) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the name of a key is 1 to 128 letters, digits, hyphens, dots, underscores and slashes",
            ));
        }
        fs::create_dir_all(folder)?;
        if folder.join(ROOT).exists() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let root = SigningKey::from_bytes(&random_secret()?);
        let public = PublicKey::new(name, root.verifying_key());
        let secret = format!("{name}\n{}\n", hex(root.as_bytes()));
        write_private(folder, ROOT, secret.as_bytes())?;
        write_private(folder, PUBLIC, format!("{public}\n").as_bytes())?;
        Ok(FileKeys {
            folder: folder.to_owned(),
            root,
            name: name.to_owned(),
        })
    }

    /// Opens a folder of keys.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// assert!(civic_audit::FileKeys::open(folder.path()).is_err()); // no root was made here
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is no root, or others than the owner may read it.
    pub fn open(folder: impl AsRef<Path>) -> io::Result<Self> {
        let folder = folder.as_ref();
        let text = String::from_utf8(read_private(folder, ROOT)?).map_err(|_| unreadable())?;
        let (name, secret) = text.trim_end().split_once('\n').ok_or_else(unreadable)?;
        let secret = from_hex(secret).ok_or_else(unreadable)?;
        Ok(FileKeys {
            folder: folder.to_owned(),
            root: SigningKey::from_bytes(&secret),
            name: name.to_owned(),
        })
    }
}

impl KeyStore for FileKeys {
    fn root(&self) -> io::Result<PublicKey> {
        Ok(PublicKey::new(&self.name, self.root.verifying_key()))
    }

    fn sign_with_root(&self, text: &str) -> io::Result<[u8; 64]> {
        Ok(sign(&self.root, text))
    }

    fn segment_key(&self) -> io::Result<Option<[u8; 32]>> {
        match read_private(&self.folder, SEGMENT) {
            Ok(bytes) => {
                let text = std::str::from_utf8(&bytes).map_err(|_| unreadable())?;
                from_hex(text.trim_end()).map(Some).ok_or_else(unreadable)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn replace_segment_key(&self, secret: &[u8; 32]) -> io::Result<()> {
        // Zeros over the old one first: where the file system writes in place, its blocks do not keep the secret.
        if let Ok(mut old) = OpenOptions::new()
            .write(true)
            .open(self.folder.join(SEGMENT))
        {
            let length = old.metadata()?.len();
            let next = format!("{}\n", hex(secret));
            write_private(&self.folder, SEGMENT, next.as_bytes())?;
            old.write_all(&vec![b'0'; length as usize])?;
            return old.sync_all();
        }
        write_private(
            &self.folder,
            SEGMENT,
            format!("{}\n", hex(secret)).as_bytes(),
        )
    }
}

impl fmt::Debug for FileKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileKeys")
            .field("folder", &self.folder)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A root that somebody else holds, such as a key management service, with the segment key in a folder.
///
/// ```
/// use civic_audit::{HeldKeys, KeyStore, PublicKey};
/// # let folder = tempfile::tempdir()?;
/// # let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
///
/// let root = PublicKey::parse(text).expect("a public key");
/// let keys = HeldKeys::new(folder.path(), root, |text: &str| {
///     // Ask the service to sign `text` with Ed25519.
///     # let _ = text;
///     Err(std::io::Error::other("the service does not answer"))
/// })?;
/// assert!(keys.sign_with_root("text").is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct HeldKeys<F> {
    folder: PathBuf,
    root: PublicKey,
    sign: F,
}

impl<F: Fn(&str) -> io::Result<[u8; 64]> + Send + Sync> HeldKeys<F> {
    /// A store whose root signs by a call. The folder is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(folder: impl AsRef<Path>, root: PublicKey, sign: F) -> io::Result<Self> {
        fs::create_dir_all(folder.as_ref())?;
        Ok(HeldKeys {
            folder: folder.as_ref().to_owned(),
            root,
            sign,
        })
    }

    fn files(&self) -> FileKeys {
        FileKeys {
            folder: self.folder.clone(),
            // Not used: the segment key is all that is asked of it.
            root: SigningKey::from_bytes(&[0; 32]),
            name: String::new(),
        }
    }
}

impl<F: Fn(&str) -> io::Result<[u8; 64]> + Send + Sync> KeyStore for HeldKeys<F> {
    fn root(&self) -> io::Result<PublicKey> {
        Ok(self.root.clone())
    }

    fn sign_with_root(&self, text: &str) -> io::Result<[u8; 64]> {
        (self.sign)(text)
    }

    fn segment_key(&self) -> io::Result<Option<[u8; 32]>> {
        self.files().segment_key()
    }

    fn replace_segment_key(&self, secret: &[u8; 32]) -> io::Result<()> {
        self.files().replace_segment_key(secret)
    }
}

impl<F> fmt::Debug for HeldKeys<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldKeys")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

/// A new secret.
pub(crate) fn random_secret() -> io::Result<[u8; 32]> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)?;
    Ok(secret)
}

/// Writes a file that only its owner reads, durable, in the place of one that is there.
fn write_private(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!("{name}.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(name))?;
    fs::File::open(folder)?.sync_all()
}

fn read_private(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let mut file = fs::File::open(folder.join(name))?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "others than the owner may read the key; `chmod 600` it",
        ));
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unreadable() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "this is no key")
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all that is written");
        text
    })
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[place * 2..place * 2 + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back_and_the_former_one_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let made = FileKeys::create(folder.path(), "licensing-root").unwrap();
        let opened = FileKeys::open(folder.path()).unwrap();
        assert_eq!(made.root().unwrap(), opened.root().unwrap());
        assert_eq!(opened.segment_key().unwrap(), None);
        opened.replace_segment_key(&[1; 32]).unwrap();
        opened.replace_segment_key(&[2; 32]).unwrap();
        assert_eq!(opened.segment_key().unwrap(), Some([2; 32]));
        for entry in fs::read_dir(folder.path()).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            let old = hex(&[1; 32]);
            assert!(!bytes.windows(64).any(|part| part == old.as_bytes()));
        }
        assert!(!format!("{opened:?}").contains(&hex(opened.root.as_bytes())));
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        FileKeys::create(folder.path(), "licensing-root").unwrap();
        let path = folder.path().join(ROOT);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = FileKeys::open(folder.path()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }
}
