//! The one error of every `parse` in this module.

use core::fmt;

use crate::Kind;

/// The text is not an identifier of the kind that was asked for.
///
/// It names the kind and the rule that failed, and never holds or prints the text itself.
///
/// ```
/// use civic_pii::identifier::NhsNumber;
/// let error = NhsNumber::parse("401 023 2138").unwrap_err();
/// assert!(error.is_checksum());
/// assert_eq!(error.to_string(), "not a valid nhs-number: its check digit does not match");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    kind: Kind,
    reason: Reason,
}

/// The rule that a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Its length or its characters do not have the shape of the kind.
    Structure,
    /// The shape is right and the check digit or letter is not.
    Checksum,
    /// Shape and check are right, and the value is in no range that is issued.
    Unissued,
}

impl ParseError {
    pub(crate) const fn new(kind: Kind, reason: Reason) -> Self {
        Self { kind, reason }
    }

    /// The kind that was asked for.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether length or characters do not have the shape of the kind.
    pub const fn is_structure(&self) -> bool {
        matches!(self.reason, Reason::Structure)
    }

    /// Whether the shape is right and only the check digit or letter is wrong.
    pub const fn is_checksum(&self) -> bool {
        matches!(self.reason, Reason::Checksum)
    }

    /// Whether the value is well formed and outside every range that is issued.
    pub const fn is_unissued(&self) -> bool {
        matches!(self.reason, Reason::Unissued)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            Reason::Structure => "its length or its characters are wrong",
            Reason::Checksum => "its check digit does not match",
            Reason::Unissued => "it is in no range that is issued",
        };
        write!(f, "not a valid {}: {reason}", self.kind)
    }
}

impl core::error::Error for ParseError {}
