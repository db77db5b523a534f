//! What is wrong with a `civic.toml`, and where.

use core::error::Error;
use core::fmt;
use core::ops::Range;

use crate::PatternError;

/// Why a `civic.toml` was refused, with line and column.
///
/// ```
/// use civic_pii::Config;
///
/// let error = Config::parse("[pii]\nthreshold = 'high'").unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 13: `threshold` is a whole number of percent from 0 to 100");
/// assert_eq!((error.line(), error.column()), (2, 13));
/// ```
#[derive(Clone, Debug)]
pub struct ConfigError {
    line: usize,
    column: usize,
    message: String,
    cause: Option<PatternError>,
}

/// What is wrong, with its bytes in the text.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) span: Range<usize>,
    pub(super) message: String,
    pub(super) cause: Option<PatternError>,
}

impl Fault {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Fault {
            span,
            message: message.into(),
            cause: None,
        }
    }
}

impl ConfigError {
    pub(super) fn new(text: &str, fault: Fault) -> Self {
        let before = text.get(..fault.span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        ConfigError {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: fault.message,
            cause: fault.cause,
        }
    }

    /// Line, the first is 1.
    ///
    /// ```
    /// assert_eq!(civic_pii::Config::parse("\n[x]").unwrap_err().line(), 2);
    /// ```
    pub fn line(&self) -> usize {
        self.line
    }

    /// Column in characters, the first is 1.
    ///
    /// ```
    /// assert_eq!(civic_pii::Config::parse("[x]").unwrap_err().column(), 2);
    /// ```
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ConfigError {
            line,
            column,
            message,
            ..
        } = self;
        write!(f, "line {line}, column {column}: {message}")
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
