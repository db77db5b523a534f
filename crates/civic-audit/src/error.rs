//! Why an entry was not taken, and why a trail does not open.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why an entry is not known to be durable. Whoever asked for it must not release the data.
///
/// ```
/// use civic_audit::RecordError;
/// assert_eq!(RecordError::Busy.to_string(), "too many entries wait for the disk");
/// assert!(RecordError::Busy.is_passing());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum RecordError {
    /// More entries wait than memory is set aside for, for longer than the policy allows.
    Busy,
    /// The disk has no room for another segment; entries are taken again when it has.
    Full(Arc<io::Error>),
    /// The storage failed twice. Nothing is taken until the service starts anew.
    Storage(Arc<io::Error>),
    /// The file system is gone when the container is, so that it cannot hold what must not be lost.
    Vanishing,
    /// The trail was closed.
    Closed,
}

impl RecordError {
    /// Whether the same call may succeed later without a restart.
    ///
    /// ```
    /// assert!(!civic_audit::RecordError::Closed.is_passing());
    /// ```
    pub fn is_passing(&self) -> bool {
        matches!(self, RecordError::Busy | RecordError::Full(_))
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RecordError::Busy => "too many entries wait for the disk",
            RecordError::Full(_) => "there is no room for another segment of the ledger",
            RecordError::Storage(_) => "the storage of the ledger failed",
            RecordError::Vanishing => "the ledger's file system is gone when the container is",
            RecordError::Closed => "the trail is closed",
        })
    }
}

impl std::error::Error for RecordError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            RecordError::Full(error) | RecordError::Storage(error) => Some(&**error),
            _ => None,
        }
    }
}

/// Why a trail does not open.
///
/// ```
/// use civic_audit::{AuditTrail, Service};
///
/// let folder = tempfile::tempdir()?;
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// let again = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open();
/// assert!(again.unwrap_err().is_locked());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct OpenError {
    path: PathBuf,
    fault: Fault,
}

#[derive(Debug)]
enum Fault {
    Locked,
    Io(io::Error),
    SegmentSize(u64),
    Service,
    Note(RecordError),
}

impl OpenError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |error| OpenError {
            path,
            fault: Fault::Io(error),
        }
    }

    pub(crate) fn locked(path: &Path) -> Self {
        Self::with(path, Fault::Locked)
    }

    pub(crate) fn segment_size(path: &Path, least: u64) -> Self {
        Self::with(path, Fault::SegmentSize(least))
    }

    pub(crate) fn service(path: &Path) -> Self {
        Self::with(path, Fault::Service)
    }

    pub(crate) fn note(path: &Path, error: RecordError) -> Self {
        Self::with(path, Fault::Note(error))
    }

    fn with(path: &Path, fault: Fault) -> Self {
        OpenError {
            path: path.to_owned(),
            fault,
        }
    }

    /// Whether another process, or another trail of this one, has the ledger open.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// # let folder = tempfile::tempdir()?;
    /// let wrong = AuditTrail::builder(Service::new("a \"name\"", "1"), folder.path()).open().unwrap_err();
    /// assert!(!wrong.is_locked());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn is_locked(&self) -> bool {
        matches!(self.fault, Fault::Locked)
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            Fault::Locked => write!(f, "another process writes to the ledger in {path}"),
            Fault::Io(_) => write!(f, "cannot open the ledger in {path}"),
            Fault::SegmentSize(least) => {
                write!(
                    f,
                    "a segment of the ledger in {path} needs at least {least} bytes"
                )
            }
            Fault::Service => f.write_str(
                "the name of a service is 1 to 64 letters, digits, hyphens, dots and underscores",
            ),
            Fault::Note(_) => write!(f, "cannot write to the ledger in {path}"),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.fault {
            Fault::Io(error) => Some(error),
            Fault::Note(error) => Some(error),
            _ => None,
        }
    }
}
