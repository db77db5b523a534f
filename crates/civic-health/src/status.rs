//! What a check or a whole service says of itself.

use std::fmt;

/// How well something works, best first, in the words of draft-inadarei-api-health-check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Works.
    Pass,
    /// Works, and somebody should look.
    Warn,
    /// Does not work.
    Fail,
}

impl Status {
    /// The word of the draft: `pass`, `warn` or `fail`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }

    /// The word of GovukHealthcheck: `ok`, `warning` or `critical`.
    pub const fn govuk(self) -> &'static str {
        match self {
            Self::Pass => "ok",
            Self::Warn => "warning",
            Self::Fail => "critical",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
