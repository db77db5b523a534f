//! The policy file: which one it is, what it says, and where its keys are.

use std::env;
use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use civic_pii::{Config, ConfigError, KeyRef, KeySource, Policy, PolicyError};

/// The file that is read when none is named.
pub(crate) const DEFAULT_FILE: &str = "civic.toml";

/// A policy file whose text is sound.
pub(crate) struct PolicyFile {
    path: PathBuf,
    text: String,
    config: Config,
}

impl PolicyFile {
    /// Reads the file that was named.
    ///
    /// # Errors
    /// If it cannot be read, or says what is not allowed.
    pub(crate) fn read(path: &Path) -> Result<Self, Refused> {
        let refused = |fault| Refused {
            path: path.to_owned(),
            fault,
        };
        let text = fs::read_to_string(path).map_err(|error| refused(Fault::Read(error)))?;
        let config = Config::parse(&text).map_err(|error| refused(Fault::Text(error)))?;
        Ok(Self {
            path: path.to_owned(),
            text,
            config,
        })
    }

    /// Reads `civic.toml` in the current folder; `None` if there is none.
    ///
    /// # Errors
    /// As [`PolicyFile::read`]. A link that leads nowhere is an error too.
    pub(crate) fn read_default() -> Result<Option<Self>, Refused> {
        let path = Path::new(DEFAULT_FILE);
        match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Self::read(path).map(Some),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The policy for a report, which needs no keys.
    ///
    /// # Errors
    /// If its rules contradict each other.
    pub(crate) fn for_finding(&self) -> Result<Policy, Refused> {
        self.checked(self.config.policy_without_keys())
    }

    /// The policy for a redaction, with its keys.
    ///
    /// # Errors
    /// If its rules contradict each other, or a key cannot be read or used.
    pub(crate) fn for_redaction(&self) -> Result<Policy, Refused> {
        self.checked(self.config.policy(|key| Ok(read_key(key)?)))
    }

    /// Whether the file may have these lines at its end: not if it has their table.
    pub(crate) fn takes(&self, lines: &str) -> bool {
        Config::parse(&format!("{}\n{lines}\n", self.text)).is_ok()
    }

    fn checked(&self, policy: Result<Policy, PolicyError>) -> Result<Policy, Refused> {
        policy.map_err(|error| Refused {
            path: self.path.clone(),
            fault: Fault::Policy(error),
        })
    }
}

fn read_key(key: &KeyRef) -> Result<Vec<u8>, KeyMissing> {
    match key.source() {
        KeySource::Env(name) => match env::var_os(name) {
            Some(value) => Ok(value.into_encoded_bytes()),
            None => Err(KeyMissing::Variable(name.clone())),
        },
        KeySource::File(path) => {
            fs::read(path).map_err(|error| KeyMissing::File(path.clone(), error))
        }
        _ => Err(KeyMissing::Source),
    }
}

/// Why a policy file cannot be used.
#[derive(Debug)]
pub(crate) struct Refused {
    path: PathBuf,
    fault: Fault,
}

#[derive(Debug)]
enum Fault {
    Read(io::Error),
    Text(ConfigError),
    Policy(PolicyError),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            Fault::Read(_) => "cannot be read",
            Fault::Text(_) => "is wrong",
            Fault::Policy(_) => "cannot be used",
        };
        write!(f, "the policy {} {what}", self.path.display())
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(match &self.fault {
            Fault::Read(error) => error,
            Fault::Text(error) => error,
            Fault::Policy(error) => error,
        })
    }
}

/// Why the bytes of a key are not there.
#[derive(Debug)]
enum KeyMissing {
    Variable(String),
    File(String, io::Error),
    Source,
}

impl fmt::Display for KeyMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "the environment variable `{name}` is not set"),
            Self::File(path, _) => write!(f, "the file `{path}` cannot be read"),
            Self::Source => f.write_str("this command does not know such a place for keys"),
        }
    }
}

impl Error for KeyMissing {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File(_, error) => Some(error),
            Self::Variable(_) | Self::Source => None,
        }
    }
}
