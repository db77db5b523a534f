//! What a rule reports.

use core::ops::Range;

use serde::Serialize;

/// One thing that a rule found, at one place.
///
/// Serialises to exactly `code`, `severity`, `path`, `line`, `column`, `item`, `message`, `help` and `origin`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code of the rule, such as `PD-LOG`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Path from the folder that was read, with `/` between its parts.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The names of what it stands in: `accounts::Store::save`.
    pub item: String,
    /// What is wrong here.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Where the fact comes from that the rule looked at.
    pub origin: Origin,
    /// Bytes of the file that it is about.
    #[serde(skip)]
    pub span: Range<usize>,
    /// Bytes of the file that explain it, each with a word.
    #[serde(skip)]
    pub labels: Vec<(Range<usize>, String)>,
    /// What it is about, without lines: the same in the next version of the file.
    #[serde(skip)]
    pub subject: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be changed.
    Warning,
    /// Must be changed.
    Error,
}

impl Severity {
    /// The word in reports: `error`, `warning` or `note`.
    ///
    /// ```
    /// assert_eq!(civic_ops::Severity::Error.id(), "error");
    /// ```
    pub const fn id(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Said outright in the source, by an attribute or a macro of Civic.
    Declared,
    /// Read out of the source.
    Scanned,
    /// Told by a compiler's view of the types.
    Typed,
}

impl Finding {
    /// What stays the same while lines move: code, path, item and subject.
    ///
    /// ```
    /// # let sources = civic_ops::Sources::from_texts([("a.rs", "fn f(email: &str) { info!(\"{email}\") }")]);
    /// let report = civic_ops::check(&sources, &civic_ops::Settings::default());
    /// assert_eq!(report.findings[0].key(), "PD-LOG|a.rs|f|email");
    /// ```
    pub fn key(&self) -> String {
        format!("{}|{}|{}|{}", self.code, self.path, self.item, self.subject)
    }
}
