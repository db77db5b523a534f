//! The owned stand-in for an error value, with its source chain.

use std::error::Error;
use std::fmt;

/// An error that was read, scanned and rebuilt, link by link.
///
/// `tracing` hands layers a `&(dyn Error + 'static)`, so the stand-in has to own its text.
#[derive(Debug)]
pub(crate) struct RedactedError {
    text: String,
    source: Option<Box<RedactedError>>,
}

impl RedactedError {
    /// Last link of a chain that is longer than [`MAX_ERROR_LINKS`](crate::clean::MAX_ERROR_LINKS).
    pub(crate) const CHAIN_CUT: &str = "[CUT: more sources]";

    /// Builds the chain from the texts of its links, outermost first.
    pub(crate) fn from_chain(texts: Vec<String>) -> Option<Self> {
        texts.into_iter().rev().fold(None, |source, text| {
            Some(Self {
                text,
                source: source.map(Box::new),
            })
        })
    }
}

impl fmt::Display for RedactedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for RedactedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
