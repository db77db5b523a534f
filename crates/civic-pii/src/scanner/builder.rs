//! Configures a scanner.

use std::sync::Arc;

use super::Scanner;
use super::candidate::NEEDS_EVIDENCE;
use super::engine::Scan;
use super::masks::Portable;
#[cfg(target_arch = "x86_64")]
use super::masks::{avx2::Avx2, avx512::Avx512};
use super::windows::{self, Board, Sheet, WINDOW, Walk};
use crate::evidence;
use crate::vocabulary::Vocabulary;
use crate::{Kind, KindSet};

/// Score, in percent, that a finding of any kind has to reach unless it is set otherwise.
const THRESHOLD: u8 = 50;

/// Configures a [`Scanner`]: kinds, thresholds, names of fields.
#[derive(Clone, Debug)]
pub struct ScannerBuilder {
    kinds: KindSet,
    thresholds: [u8; 64],
    fields: Vec<(String, Kind)>,
    kept: Vec<String>,
}

impl ScannerBuilder {
    pub(super) fn new() -> Self {
        Self {
            kinds: KindSet::ALL,
            thresholds: [THRESHOLD; 64],
            fields: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// Looks for these kinds only.
    #[must_use]
    pub fn kinds(mut self, kinds: KindSet) -> Self {
        self.kinds = kinds;
        self
    }

    /// Sets the score that a finding of this kind has to reach, in percent; 50 unless set, 100 at the most.
    #[must_use]
    pub fn threshold(mut self, kind: Kind, percent: u8) -> Self {
        self.thresholds[kind as usize] = percent.min(100);
        self
    }

    /// Adds the name of a field that holds this kind; it wins over the default vocabulary.
    ///
    /// Case and separators do not matter: `clientRef` and `client_ref` are the same name. A name counts also when other
    /// words stand before it.
    #[must_use]
    pub fn field(mut self, name: &str, kind: Kind) -> Self {
        self.fields.push((squash(name.as_bytes()), kind));
        self
    }

    /// Names a field whose value is never personal data: it is not scanned.
    ///
    /// The whole name has to agree, apart from case and separators.
    #[must_use]
    pub fn keep_field(mut self, name: &str) -> Self {
        self.kept.push(squash(name.as_bytes()));
        self
    }

    /// Makes the scanner; this is where tables are built.
    pub fn build(self) -> Scanner {
        let own_vocabulary =
            (!self.fields.is_empty()).then(|| Vocabulary::with_fields(&self.fields));
        Scanner {
            inner: Arc::new(Inner {
                kinds: self.kinds,
                thresholds: self.thresholds,
                needs_evidence: self.thresholds.iter().all(|least| *least > NEEDS_EVIDENCE),
                usual_thresholds: self.thresholds.iter().all(|least| *least >= THRESHOLD),
                default_vocabulary: Vocabulary::default_words(),
                own_vocabulary,
                kept: self.kept,
                #[cfg(target_arch = "x86_64")]
                avx512: Avx512::detect(),
                #[cfg(target_arch = "x86_64")]
                avx2: Avx2::detect(),
            }),
        }
    }
}

/// What a scanner was configured with.
#[derive(Debug)]
pub(crate) struct Inner {
    kinds: KindSet,
    thresholds: [u8; 64],
    needs_evidence: bool,
    usual_thresholds: bool,
    default_vocabulary: &'static Vocabulary,
    own_vocabulary: Option<Vocabulary>,
    kept: Vec<String>,
    #[cfg(target_arch = "x86_64")]
    avx512: Option<Avx512>,
    #[cfg(target_arch = "x86_64")]
    avx2: Option<Avx2>,
}

impl Inner {
    #[inline]
    pub(crate) fn kinds(&self) -> KindSet {
        self.kinds
    }

    #[inline]
    pub(crate) fn threshold(&self, kind: Kind) -> u8 {
        self.thresholds[kind as usize]
    }

    /// Whether what needs evidence is never found without it, by the thresholds of all kinds.
    #[inline]
    pub(super) fn needs_evidence(&self) -> bool {
        self.needs_evidence
    }

    /// Whether no threshold is lower than it is unless set.
    #[inline]
    pub(super) fn has_usual_thresholds(&self) -> bool {
        self.usual_thresholds
    }

    #[inline]
    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        self.own_vocabulary
            .as_ref()
            .unwrap_or(self.default_vocabulary)
    }

    #[inline]
    pub(super) fn has_own_vocabulary(&self) -> bool {
        self.own_vocabulary.is_some()
    }

    #[inline]
    pub(crate) fn has_kept_fields(&self) -> bool {
        !self.kept.is_empty()
    }

    /// Whether the user keeps values of a field of this name.
    pub(crate) fn keeps_field(&self, name: &[u8]) -> bool {
        let name = squash(name);
        self.kept.contains(&name)
    }

    /// Whether the user keeps the value that begins here, because of the key before it.
    pub(crate) fn keeps_value(&self, text: &[u8], start: usize) -> bool {
        self.has_kept_fields()
            && evidence::key_before(text, start)
                .is_some_and(|(from, to)| self.keeps_field(&text[from..to]))
    }

    /// Walks a text by the fastest way that the processor has.
    #[inline]
    pub(super) fn walk(&self, scan: &mut Scan<'_>, board: &mut Board) -> Walk {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = self.avx512 {
            return avx512.walk(scan, board);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = self.avx2 {
            return avx2.walk(scan, board);
        }
        if scan.text().len() < WINDOW {
            windows::walk_short(Portable, scan, board)
        } else {
            windows::walk(Portable, scan, board)
        }
    }

    /// Screens texts by the fastest way that the processor has.
    #[inline]
    pub(super) fn screen(&self, sheet: &mut Sheet<'_>, board: &mut Board) {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = self.avx512 {
            return avx512.screen(sheet, board);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = self.avx2 {
            return avx2.screen(sheet, board);
        }
        windows::screen(Portable, sheet, board);
    }
}

/// Lower case, letters and digits only.
fn squash(name: &[u8]) -> String {
    name.iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect()
}
