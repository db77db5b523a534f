//! How soon somebody has to look.

use core::fmt;

/// How much citizens feel of a failure, and so how soon somebody has to look.
///
/// Sorted with the most urgent first.
///
/// ```
/// use civic_core::Priority;
/// assert!(Priority::P1 < Priority::P2);
/// assert_eq!(Priority::P1.meaning(), "primary journey blocked");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Citizens cannot do what they came for.
    P1,
    /// They can, but slower or by a detour.
    P2,
    /// Only staff notice.
    P3,
    /// Nobody is held up.
    P4,
}

impl Priority {
    /// All, the most urgent first.
    ///
    /// ```
    /// assert_eq!(civic_core::Priority::ALL.len(), 4);
    /// ```
    pub const ALL: [Self; 4] = [Self::P1, Self::P2, Self::P3, Self::P4];

    /// What it means, as a lower-case fragment.
    ///
    /// ```
    /// assert_eq!(civic_core::Priority::P3.meaning(), "internal only");
    /// ```
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::P1 => "primary journey blocked",
            Self::P2 => "degraded",
            Self::P3 => "internal only",
            Self::P4 => "minor",
        }
    }

    /// `P1` to `P4`.
    ///
    /// ```
    /// assert_eq!(civic_core::Priority::P2.as_str(), "P2");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
            Self::P4 => "P4",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
