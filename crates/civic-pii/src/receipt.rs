//! What a redaction removed, without the values.

use crate::{Kind, KindSet};

/// What a redaction removed: kinds and how many values, never the values.
///
/// The receipt proves a redaction, not the text of a marker: `[NINO]` in the input adds nothing here.
/// Small and `Copy`; receipts of several fields [merge](Receipt::merge).
///
/// ```
/// use civic_pii::{Kind, Redactor, Scratch};
///
/// let mut out = String::new();
/// let receipt = Redactor::new().redact_field(None, "AB123456C and [NINO]", &mut Scratch::default(), &mut out);
/// assert_eq!(out, "[NINO] and [NINO]");
/// assert_eq!(receipt.count(), 1);
/// assert!(receipt.kinds().contains(Kind::Nino));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    kinds: KindSet,
    count: u32,
    failed: u32,
}

impl Receipt {
    /// Whether nothing was removed, and nothing failed.
    ///
    /// ```
    /// assert!(civic_pii::Receipt::default().is_empty());
    /// ```
    pub const fn is_empty(&self) -> bool {
        self.count == 0 && self.failed == 0
    }

    /// Kinds of the values that were removed.
    ///
    /// ```
    /// # use civic_pii::{Kind, Receipt};
    /// let mut receipt = Receipt::default();
    /// receipt.add(Kind::Email);
    /// assert_eq!(receipt.kinds().iter().collect::<Vec<_>>(), [Kind::Email]);
    /// ```
    pub const fn kinds(&self) -> KindSet {
        self.kinds
    }

    /// Number of values that were removed; stays at `u32::MAX` when it gets there.
    ///
    /// ```
    /// assert_eq!(civic_pii::Receipt::default().count(), 0);
    /// ```
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Number of values that were dropped whole because the scanner failed on them.
    ///
    /// More than none is a defect of the scanner; `[REDACTION-FAILED]` stands in the text.
    ///
    /// ```
    /// assert_eq!(civic_pii::Receipt::default().failed(), 0);
    /// ```
    pub const fn failed(&self) -> u32 {
        self.failed
    }

    /// Adds one removed value.
    ///
    /// ```
    /// # use civic_pii::{Kind, Receipt};
    /// let mut receipt = Receipt::default();
    /// receipt.add(Kind::Nino);
    /// receipt.add(Kind::Nino);
    /// assert_eq!((receipt.count(), receipt.kinds().len()), (2, 1));
    /// ```
    pub fn add(&mut self, kind: Kind) {
        self.kinds = self.kinds.with(kind);
        self.count = self.count.saturating_add(1);
    }

    /// Adds one value that was dropped because the scanner failed.
    ///
    /// ```
    /// # use civic_pii::Receipt;
    /// let mut receipt = Receipt::default();
    /// receipt.add_failed();
    /// assert_eq!((receipt.count(), receipt.failed()), (0, 1));
    /// ```
    pub fn add_failed(&mut self) {
        self.failed = self.failed.saturating_add(1);
    }

    /// Adds what another receipt holds.
    ///
    /// ```
    /// # use civic_pii::{Kind, Receipt};
    /// let (mut line, mut field) = (Receipt::default(), Receipt::default());
    /// field.add(Kind::Email);
    /// line.merge(field);
    /// assert_eq!(line, field);
    /// ```
    pub fn merge(&mut self, other: Receipt) {
        self.kinds = self.kinds.union(other.kinds);
        self.count = self.count.saturating_add(other.count);
        self.failed = self.failed.saturating_add(other.failed);
    }
}
