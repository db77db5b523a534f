//! Skeleton.
use crate::{Finding, Kind, KindSet};

/// Finds personal data in text. Immutable, `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Scanner {
    kinds: KindSet,
}

/// Buffers that a scan reuses.
#[derive(Debug, Default)]
pub struct Scratch {
    findings: Vec<Finding>,
}

/// Why a value was found, or found to be none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The candidate, with score and evidence.
    pub finding: Finding,
    /// Score it had to reach, in percent.
    pub threshold: u8,
    /// Whether it was reported.
    pub accepted: bool,
    /// The key before the value, as it stands in the text, if there is one.
    pub key: Option<String>,
    /// The line to write into `civic.toml` to keep such a value.
    pub keep_line: String,
}

/// Configures a [`Scanner`].
#[derive(Clone, Debug)]
pub struct ScannerBuilder {
    kinds: KindSet,
    thresholds: [u8; 64],
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// A scanner of every kind, with default thresholds and field names.
    pub fn new() -> Self {
        Self::builder().build()
    }
    /// Starts a configuration.
    pub fn builder() -> ScannerBuilder {
        ScannerBuilder {
            kinds: KindSet::ALL,
            thresholds: [50; 64],
        }
    }
    /// Finds personal data.
    pub fn scan(&self, text: impl AsRef<[u8]>) -> Vec<Finding> {
        let mut scratch = Scratch::default();
        self.scan_with(None, text.as_ref(), &mut scratch).to_vec()
    }
    /// The same with a field name and reused buffers.
    pub fn scan_with<'s>(
        &self,
        field: Option<&str>,
        text: &[u8],
        scratch: &'s mut Scratch,
    ) -> &'s [Finding] {
        let _ = (field, self.kinds);
        scratch.findings.clear();
        // Placeholder: words of nine bytes shaped like a NINO, and words that hold an at sign.
        let mut start = 0;
        for end in 0..=text.len() {
            if end < text.len() && !b" \"',:=(){}[]".contains(&text[end]) {
                continue;
            }
            let word = &text[start..end];
            let kind = if word.len() == 9
                && word[2..8].iter().all(u8::is_ascii_digit)
                && word[0].is_ascii_uppercase()
            {
                Some(Kind::Nino)
            } else if word.contains(&b'@') {
                Some(Kind::Email)
            } else {
                None
            };
            if let Some(kind) = kind {
                scratch.findings.push(Finding {
                    start,
                    end,
                    kind,
                    confidence: 90,
                    evidence: crate::Evidence::SHAPE,
                    custom: None,
                });
            }
            start = end + 1;
        }
        &scratch.findings
    }
    /// Finds personal data in an integer that stands in a field of this name.
    pub fn scan_u64(&self, field: &str, value: u64) -> Option<Kind> {
        let _ = (field, value);
        None
    }
    /// As [`Scanner::scan_u64`].
    pub fn scan_i64(&self, field: &str, value: i64) -> Option<Kind> {
        u64::try_from(value)
            .ok()
            .and_then(|value| self.scan_u64(field, value))
    }
    /// As [`Scanner::scan_u64`].
    pub fn scan_u128(&self, field: &str, value: u128) -> Option<Kind> {
        u64::try_from(value)
            .ok()
            .and_then(|value| self.scan_u64(field, value))
    }
    /// As [`Scanner::scan_u64`].
    pub fn scan_f64(&self, field: &str, value: f64) -> Option<Kind> {
        (value >= 0.0 && value.fract() == 0.0 && value < 1e18)
            .then_some(value as u64)
            .and_then(|value| self.scan_u64(field, value))
    }
    /// The kind that a field of this name holds, by the field-name rules.
    pub fn kind_of_field(&self, field: &str) -> Option<Kind> {
        let _ = field;
        None
    }
    /// Every candidate with its score and reasons.
    pub fn explain(&self, field: Option<&str>, text: impl AsRef<[u8]>) -> Vec<Explanation> {
        let _ = (field, text.as_ref());
        Vec::new()
    }
}

impl ScannerBuilder {
    /// Looks for these kinds only.
    #[must_use]
    pub fn kinds(mut self, kinds: KindSet) -> Self {
        self.kinds = kinds;
        self
    }
    /// Sets the confidence that a kind must reach, in percent.
    #[must_use]
    pub fn threshold(mut self, kind: Kind, percent: u8) -> Self {
        self.thresholds[kind as usize] = percent.min(100);
        self
    }
    /// Adds a field name that holds this kind; wins over the default vocabulary.
    #[must_use]
    pub fn field(self, name: &str, kind: Kind) -> Self {
        let _ = (name, kind);
        self
    }
    /// Names a field that never holds personal data: its value is not scanned and the name is no evidence.
    #[must_use]
    pub fn keep_field(self, name: &str) -> Self {
        let _ = name;
        self
    }
    /// Makes the scanner.
    pub fn build(self) -> Scanner {
        Scanner { kinds: self.kinds }
    }
}
