//! Skeleton: applies a policy to text and numbers.
use std::io;

use crate::{Kind, KindSet, Scanner, Scratch};

/// What a redaction removed: kinds and how many values, never the values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    kinds: KindSet,
    count: u32,
}

impl Receipt {
    /// Whether nothing was removed.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }
    /// Kinds of the values that were removed.
    pub const fn kinds(&self) -> KindSet {
        self.kinds
    }
    /// Number of values that were removed.
    pub const fn count(&self) -> u32 {
        self.count
    }
    /// Adds one removed value.
    pub fn add(&mut self, kind: Kind) {
        self.kinds = self.kinds.with(kind);
        self.count = self.count.saturating_add(1);
    }
    /// Adds what another receipt holds.
    pub fn merge(&mut self, other: Receipt) {
        self.kinds = self.kinds.union(other.kinds);
        self.count = self.count.saturating_add(other.count);
    }
}

/// Replaces personal data in text and numbers by what a policy says. Cheap to clone, `Send + Sync`.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    scanner: Scanner,
}

impl Redactor {
    /// A redactor that erases every kind.
    pub fn new() -> Self {
        Self::default()
    }
    /// The scanner in use.
    pub fn scanner(&self) -> &Scanner {
        &self.scanner
    }
    /// Writes the text of a field, redacted, at the end of `out`.
    pub fn redact_field(
        &self,
        field: Option<&str>,
        text: &str,
        scratch: &mut Scratch,
        out: &mut String,
    ) -> Receipt {
        let mut receipt = Receipt::default();
        let mut done = 0;
        for finding in self.scanner.scan_with(field, text.as_bytes(), scratch) {
            out.push_str(&text[done..finding.start]);
            out.push('[');
            out.push_str(finding.kind.label());
            out.push(']');
            done = finding.end;
            receipt.add(finding.kind);
        }
        out.push_str(&text[done..]);
        receipt
    }
    /// Writes the text, redacted, to `out`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn redact_into<W: io::Write>(
        &self,
        text: &[u8],
        scratch: &mut Scratch,
        out: &mut W,
    ) -> io::Result<Receipt> {
        let mut receipt = Receipt::default();
        let mut done = 0;
        for finding in self.scanner.scan_with(None, text, scratch) {
            out.write_all(&text[done..finding.start])?;
            write!(out, "[{}]", finding.kind.label())?;
            done = finding.end;
            receipt.add(finding.kind);
        }
        out.write_all(&text[done..])?;
        Ok(receipt)
    }
    /// Writes the replacement for an integer at the end of `out` and says what it was; writes nothing when it may stay.
    pub fn redact_u64(&self, field: &str, value: u64, out: &mut String) -> Option<Kind> {
        let kind = self.scanner.scan_u64(field, value)?;
        out.push('[');
        out.push_str(kind.label());
        out.push(']');
        Some(kind)
    }
    /// As [`Redactor::redact_u64`].
    pub fn redact_i64(&self, field: &str, value: i64, out: &mut String) -> Option<Kind> {
        u64::try_from(value)
            .ok()
            .and_then(|value| self.redact_u64(field, value, out))
    }
    /// As [`Redactor::redact_u64`].
    pub fn redact_u128(&self, field: &str, value: u128, out: &mut String) -> Option<Kind> {
        u64::try_from(value)
            .ok()
            .and_then(|value| self.redact_u64(field, value, out))
    }
    /// As [`Redactor::redact_u64`].
    pub fn redact_i128(&self, field: &str, value: i128, out: &mut String) -> Option<Kind> {
        u64::try_from(value)
            .ok()
            .and_then(|value| self.redact_u64(field, value, out))
    }
    /// As [`Redactor::redact_u64`].
    pub fn redact_f64(&self, field: &str, value: f64, out: &mut String) -> Option<Kind> {
        (value >= 0.0 && value.fract() == 0.0 && value < 1e18)
            .then_some(value as u64)
            .and_then(|value| self.redact_u64(field, value, out))
    }
}
