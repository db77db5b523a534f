//! What a scan returns.

use crate::Kind;

/// A piece of personal data in a text: where it stands, what it is, and how sure the scanner is.
///
/// Offsets are bytes of the text that was given to the scanner, end exclusive. When the value stood
/// there in an encoded form (`%40`, `\u0040`, full-width digits, base64) they cover that form.
/// Findings of one scan are sorted and do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What was found.
    pub kind: Kind,
    /// How sure the scanner is, in percent, 0 to 100.
    pub confidence: u8,
    /// What the confidence rests on.
    pub evidence: Evidence,
    /// For [`Kind::Custom`]: which of the user's patterns it was, by order of addition.
    pub custom: Option<u16>,
}

impl Finding {
    /// Confidence as a fraction between 0 and 1.
    pub fn confidence(&self) -> f32 {
        f32::from(self.confidence) / 100.0
    }
}

/// What speaks for or against a finding, as a set of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Evidence(u8);

impl Evidence {
    /// The shape of the value alone.
    pub const SHAPE: Evidence = Evidence(0);
    /// Its check digit or letter is right.
    pub const CHECKSUM: Evidence = Evidence(1);
    /// It lies in a range or list that an authority issues from.
    pub const RANGE: Evidence = Evidence(2);
    /// The field, key or column before it names the kind.
    pub const KEY: Evidence = Evidence(4);
    /// A word near it names the kind.
    pub const WORD: Evidence = Evidence(8);
    /// It is written in the groups that people write it in.
    pub const GROUPS: Evidence = Evidence(16);
    /// The field or a word near it says that it is something else.
    pub const AGAINST: Evidence = Evidence(32);

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Evidence) -> Evidence {
        Evidence(self.0 | other.0)
    }

    /// Whether every flag of `other` is set.
    pub const fn has(self, other: Evidence) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names of the flags that are set, in a fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (Self::CHECKSUM, "checksum"),
            (Self::RANGE, "range"),
            (Self::KEY, "key"),
            (Self::WORD, "word"),
            (Self::GROUPS, "groups"),
            (Self::AGAINST, "against"),
        ]
        .into_iter()
        .filter(move |(flag, _)| self.has(*flag))
        .map(|(_, name)| name)
    }
}
