//! How findings are shown: text for people, JSON lines for programs, a summary at the end.

mod excerpt;
mod jsonl;
mod mask;
mod names;
mod palette;
mod reasons;
mod summary;
mod text;
mod visible;

use std::path::Path;

use civic_pii::Finding;

use crate::input::Piece;

pub(crate) use jsonl::Jsonl;
pub(crate) use mask::masks;
pub(crate) use names::Names;
pub(crate) use palette::{ColourChoice, Painted, Palette};
pub(crate) use reasons::Reasons;
pub(crate) use summary::Summary;
pub(crate) use text::Text;
pub(crate) use visible::visible;

/// Everything a report needs to know about one finding.
pub(crate) struct Hit<'a> {
    pub(crate) path: &'a Path,
    pub(crate) piece: &'a Piece<'a>,
    pub(crate) finding: &'a Finding,
    /// The kind as reports name it.
    pub(crate) id: &'a str,
    /// With `--explain`: why it was found.
    pub(crate) reasons: Option<&'a Reasons>,
}

impl Hit<'_> {
    /// Offset of the first byte in the line.
    fn start(&self) -> u64 {
        self.piece.offset + self.finding.start as u64
    }

    /// Offset behind the last byte in the line.
    fn end(&self) -> u64 {
        self.piece.offset + self.finding.end as u64
    }

    /// The value itself.
    fn value(&self) -> &[u8] {
        &self.piece.text[self.finding.start..self.finding.end]
    }
}
