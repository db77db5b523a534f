//! Where entries go besides the ledger.

mod file;

use std::error::Error;
use std::fmt;

pub use file::FileSink;

use crate::ledger::Entries;

/// Keeps copies of entries: a database, a broker, files that are collected.
///
/// A [`Relay`](crate::Relay) calls it from a thread of its own, so it may block. It gives each entry at least once, those of a
/// stream in their order. What a sink says is stored is not given again after the relay has noted that; a crash in between
/// gives it once more. So a sink either drops what it has already, by stream and sequence, or its readers do.
///
/// ```
/// use civic_audit::{Batch, Sink, SinkError};
///
/// /// Counts what a real one would keep.
/// struct Counting(usize);
///
/// impl Sink for Counting {
///     fn store(&mut self, batch: &Batch<'_>) -> Result<u64, SinkError> {
///         self.0 += batch.len();
///         Ok(batch.end())
///     }
/// }
/// ```
pub trait Sink: Send {
    /// Stores entries in their order, and gives the sequence up to which the stream is stored, which is that of the next
    /// entry. It may be less than the [end](Batch::end) of the batch; the rest is then given again.
    ///
    /// # Errors
    /// [Passing](SinkError::passing), where the same may succeed later: the whole batch is given again. Or
    /// [refused](SinkError::refused), where one entry never will be stored and everything before it is.
    fn store(&mut self, batch: &Batch<'_>) -> Result<u64, SinkError>;
}

/// Entries of one stream, in order.
///
/// ```
/// # use civic_audit::Batch;
/// fn show(batch: &Batch<'_>) {
///     for entry in batch.iter() {
///         println!("{}/{}: {} bytes", batch.stream(), entry.seq, entry.bytes.len());
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Batch<'a> {
    entries: &'a Entries,
    skip: usize,
}

/// An entry on its way to a sink.
///
/// ```
/// # use civic_audit::{Handed, Record};
/// fn action(entry: &Handed<'_>) -> Option<String> {
///     Some(Record::parse(entry.bytes).ok()?.action)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handed<'a> {
    /// Place in the stream.
    pub seq: u64,
    /// The entry, byte by byte as the tree of its stream has it: one JSON object.
    pub bytes: &'a [u8],
}

impl<'a> Batch<'a> {
    pub(crate) fn new(entries: &'a Entries, skip: usize) -> Self {
        Batch { entries, skip }
    }

    /// Name of the stream.
    ///
    /// ```
    /// # use civic_audit::Batch;
    /// fn of(batch: &Batch<'_>, stream: &str) -> bool {
    ///     batch.stream() == stream
    /// }
    /// ```
    pub fn stream(&self) -> &'a str {
        &self.entries.stream
    }

    /// Number of entries; at least one.
    ///
    /// ```
    /// # use civic_audit::Batch;
    /// fn is_single(batch: &Batch<'_>) -> bool {
    ///     batch.len() == 1
    /// }
    /// ```
    pub fn len(&self) -> usize {
        self.entries.len() - self.skip
    }

    /// Whether there is none, which a relay does not give.
    ///
    /// ```
    /// # use civic_audit::Batch;
    /// fn nothing(batch: &Batch<'_>) -> bool {
    ///     batch.is_empty()
    /// }
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Sequence behind the last entry.
    ///
    /// ```
    /// # use civic_audit::Batch;
    /// fn all(batch: &Batch<'_>) -> u64 {
    ///     batch.end()
    /// }
    /// ```
    pub fn end(&self) -> u64 {
        self.iter().last().map_or(0, |entry| entry.seq + 1)
    }

    /// The entries, smallest sequence first.
    ///
    /// ```
    /// # use civic_audit::Batch;
    /// fn bytes(batch: &Batch<'_>) -> usize {
    ///     batch.iter().map(|entry| entry.bytes.len()).sum()
    /// }
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Handed<'a>> + use<'a> {
        let all = self.entries.iter().skip(self.skip);
        all.map(|(seq, bytes)| Handed { seq, bytes })
    }
}

/// Why entries are not stored. It says what failed, and never quotes an entry.
///
/// ```
/// use civic_audit::SinkError;
///
/// let away = SinkError::passing("the database is away");
/// assert!(away.is_passing());
/// let never = SinkError::refused(7, "the entry is larger than the broker takes");
/// assert_eq!(never.refused_seq(), Some(7));
/// ```
#[derive(Debug)]
pub struct SinkError {
    why: &'static str,
    refused: Option<u64>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SinkError {
    /// The same may succeed later. Nothing of the batch counts as stored.
    ///
    /// ```
    /// assert!(civic_audit::SinkError::passing("the broker is away").is_passing());
    /// ```
    pub fn passing(why: &'static str) -> Self {
        SinkError {
            why,
            refused: None,
            source: None,
        }
    }

    /// The entry with this sequence will never be stored. Those before it in the batch are.
    ///
    /// ```
    /// let error = civic_audit::SinkError::refused(7, "another entry is stored in its place");
    /// assert!(!error.is_passing());
    /// ```
    pub fn refused(seq: u64, why: &'static str) -> Self {
        SinkError {
            why,
            refused: Some(seq),
            source: None,
        }
    }

    /// Adds the cause.
    ///
    /// ```
    /// # use civic_audit::SinkError;
    /// let cause = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    /// let error = SinkError::passing("the database is away").because(cause);
    /// assert!(std::error::Error::source(&error).is_some());
    /// ```
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(cause.into());
        self
    }

    /// Whether the same may succeed later.
    ///
    /// ```
    /// assert!(civic_audit::SinkError::passing("it is away").is_passing());
    /// ```
    pub fn is_passing(&self) -> bool {
        self.refused.is_none()
    }

    /// The entry that will never be stored.
    ///
    /// ```
    /// assert_eq!(civic_audit::SinkError::passing("it is away").refused_seq(), None);
    /// ```
    pub fn refused_seq(&self) -> Option<u64> {
        self.refused
    }

    pub(crate) fn why(&self) -> &'static str {
        self.why
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why)
    }
}

impl Error for SinkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
