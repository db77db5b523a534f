//! The secrets of this service: a file beside the database that only its owner can read, made at the first start.
//!
//! Where several replicas serve, all of them need the same ones: put the file there from your store of secrets.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::secret;

pub(crate) struct Keys {
    /// Hides sessions in the progress of journeys, and signs markers of synthetic traffic.
    pub(crate) journey: civic::core::KeyRing,
    /// Hides references in the audit trail.
    pub(crate) subjects: civic::pii::KeyRing,
}

impl Keys {
    /// Reads the file, or makes it.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(path)?,
            Err(error) => return Err(error),
        };
        let mut lines = text.lines();
        let mut key = || {
            let line = lines.next().filter(|line| line.len() == 64);
            line.ok_or_else(|| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    "it has two lines of 64 digits each",
                )
            })
        };
        let (journey, subjects) = (key()?, key()?);
        Ok(Self {
            journey: civic::core::KeyRing::new("k1", journey).map_err(io::Error::other)?,
            subjects: civic::pii::KeyRing::new("k1", subjects).map_err(io::Error::other)?,
        })
    }
}

fn make(path: &Path) -> io::Result<String> {
    let text = format!("{}\n{}\n", secret::random(), secret::random());
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn keys_are_made_once_and_for_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let pseudonym = || {
            let keys = Keys::open(&path).unwrap();
            keys.subjects.pseudonym(civic::pii::Kind::Custom, "LIC-1")
        };
        assert_eq!(pseudonym(), pseudonym());
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(&path, "short\n").unwrap();
        assert!(Keys::open(&path).is_err());
    }
}
