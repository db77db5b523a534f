//! What the ledger itself has to say in the stream.

/// An event of the ledger, which the trail words and the ledger appends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    /// First entry of a segment. Reading from `open_since` on finds every intent that has no outcome yet.
    SegmentOpened { segment: String, open_since: u64 },
    /// A part of the stream could not be read and was set aside.
    Gap(Gap),
    /// A write failed; what was not acknowledged was written again to this segment.
    StorageFailed {
        segment: String,
        offset: u64,
        error: String,
    },
    /// There is no room for another segment; entries are refused.
    Full { error: String },
    /// There is room again.
    Resumed,
}

/// A part of a stream that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    /// The stream, where it is another one.
    pub(crate) stream: Option<String>,
    pub(crate) segment: String,
    /// First byte that was not read, and how many there are up to the last that is not zero. They stay where they are.
    pub(crate) offset: u64,
    pub(crate) bytes: u64,
    /// Sequence of the first entry that is missing, if there was one.
    pub(crate) from_seq: u64,
    pub(crate) why: &'static str,
}
