//! Why an input could not be read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// An input that could not be read to its end, with the reason.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) path: PathBuf,
    pub(crate) reason: Unreadable,
}

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The file system does not give it.
    Open(io::Error),
    /// Reading began, and failed.
    Read(io::Error),
    /// The archive stops in its middle.
    EndsEarly(&'static str),
    /// The archive cannot be decompressed.
    Corrupt(&'static str, io::Error),
    /// Packed in a way that this command does not open.
    Closed(&'static str),
    /// The scanner failed on this line, and its text was left out.
    LeftOut(u64),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(_) => f.write_str("cannot open it"),
            Self::Read(_) => f.write_str("cannot read it"),
            Self::EndsEarly(archive) => {
                write!(f, "the {archive} archive ends early, scanned up to there")
            }
            Self::Corrupt(archive, _) => {
                write!(f, "the {archive} archive is damaged, scanned up to there")
            }
            Self::LeftOut(line) => write!(f, "line {line} broke the scanner and was left out"),
            Self::Closed(what) => write!(
                f,
                "it is {what}, which would hide its text from the scan; convert it first and scan the result"
            ),
        }
    }
}

impl Error for Unreadable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Open(error) | Self::Read(error) | Self::Corrupt(_, error) => Some(error),
            Self::EndsEarly(_) | Self::Closed(_) | Self::LeftOut(_) => None,
        }
    }
}
