//! A value that a recogniser proposes, before its surroundings are weighed.

use crate::{Evidence, Kind};

/// A proposal: what stands where, and how far the value speaks for itself.
///
/// The base score is in percent. Recognisers use these steps:
///
/// | base | meaning |
/// |---|---|
/// | 85 to 95 | the shape is distinctive, or a long checksum holds |
/// | 70 to 80 | written in the groups that people use, and all checks hold |
/// | 50 to 65 | all checks hold, but chance may do that too |
/// | 20 to 40 | nothing without a key or a word that names the kind |
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) base: u8,
    pub(super) evidence: Evidence,
    /// Whether the surroundings do not matter.
    pub(super) certain: bool,
    /// Whether it is a bare number or word, which a technical name speaks against.
    pub(super) bare: bool,
}

/// Base score of a value that is nothing without evidence.
pub(crate) const NEEDS_EVIDENCE: u8 = 30;

/// Score at which a value that no name speaks against needs no other evidence. The numbers of VAT and EORI look alike, so that
/// a name decides between them whatever their score.
const SETTLED: u8 = 70;

impl Candidate {
    /// A value that its surroundings may speak for.
    pub(crate) const fn new(kind: Kind, start: usize, end: usize, base: u8) -> Self {
        Self {
            kind,
            start,
            end,
            base,
            evidence: Evidence::SHAPE,
            certain: false,
            bare: false,
        }
    }

    /// A value that is what it is wherever it stands.
    pub(crate) const fn certain(kind: Kind, start: usize, end: usize, base: u8) -> Self {
        Self {
            certain: true,
            ..Self::new(kind, start, end, base)
        }
    }

    /// A bare number or word: technical names speak against it.
    pub(crate) const fn bare(self) -> Self {
        Self { bare: true, ..self }
    }

    /// Whether the surroundings could change neither that it is found nor what it is taken for.
    #[inline]
    pub(super) const fn is_settled(&self) -> bool {
        self.base >= SETTLED && !self.bare && !matches!(self.kind, Kind::VatNumber | Kind::Eori)
    }

    /// What the value itself shows.
    pub(crate) const fn shows(self, evidence: Evidence) -> Self {
        Self {
            evidence: self.evidence.and(evidence),
            ..self
        }
    }
}
