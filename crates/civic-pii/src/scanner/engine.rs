//! The state of one scan of one text, and what recognisers ask about the text.

use super::senses::Senses;
use super::{Explanation, Inner};
use crate::decode::Spans;
use crate::evidence::{self, Context, Memory};
use crate::vocabulary::Sense;
use crate::{Finding, Kind};

/// The state of a scan.
pub(crate) struct Scan<'a> {
    pub(super) text: &'a [u8],
    pub(super) inner: &'a Inner,
    /// The name of the field that holds the text.
    field: Option<&'a str>,
    /// What it tells, once that was asked.
    field_sense: Option<(Sense, bool)>,
    pub(super) findings: &'a mut Vec<Finding>,
    pub(super) senses: &'a mut Senses,
    /// The last context, by the start of its value: several kinds ask for the same one.
    pub(super) context: Option<(usize, Context)>,
    /// Whether what stands directly before the last value names something else, by its start and end.
    pub(super) against: Option<(usize, usize, bool)>,
    /// End of the last chain of digits: no chain begins before.
    chain_end: usize,
    /// What was read of the words before values.
    pub(super) words: Memory,
    /// How far the text was searched for an edge of userinfo, and the last edge that was found there.
    edge: (usize, Option<usize>),
    /// How far encoded texts inside the text were read.
    opened: usize,
    /// Whether encoded forms have been decoded already.
    pub(super) decoded: bool,
    /// For each byte of a decoded text, what it stands for.
    spans: Option<&'a Spans>,
    /// How deep the text lies inside encoded texts.
    depth: u8,
    pub(super) explanations: Option<&'a mut Vec<Explanation>>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(
        text: &'a [u8],
        inner: &'a Inner,
        field: Option<&'a str>,
        findings: &'a mut Vec<Finding>,
        senses: &'a mut Senses,
        explanations: Option<&'a mut Vec<Explanation>>,
    ) -> Self {
        Self {
            text,
            inner,
            field,
            field_sense: None,
            findings,
            senses,
            context: None,
            against: None,
            chain_end: 0,
            words: Memory::default(),
            edge: (0, None),
            opened: 0,
            decoded: false,
            spans: None,
            depth: 0,
            explanations,
        }
    }

    /// For a text whose encoded forms have been decoded, or that lies so deep inside encoded texts.
    pub(super) fn decoded(mut self, depth: u8, spans: &'a Spans) -> Self {
        self.decoded = true;
        self.spans = Some(spans);
        self.depth = depth;
        self
    }

    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Whether the text is that of a field with a name.
    pub(crate) fn has_field(&self) -> bool {
        self.field.is_some()
    }

    /// What the name of the field tells that holds the text.
    pub(super) fn field(&mut self) -> Option<(Sense, bool)> {
        let name = self.field?;
        let vocabulary = self.inner.vocabulary();
        let sense = self
            .field_sense
            .get_or_insert_with(|| evidence::sense_of_key(name.as_bytes(), vocabulary));
        Some(*sense)
    }

    /// Whether the byte at a place was written in an encoded form, so that it belongs to a value and not to what is around.
    pub(crate) fn was_encoded(&self, at: usize) -> bool {
        at < self.text.len()
            && self.spans.is_some_and(|spans| {
                let (from, to) = spans.get(at);
                to - from > 2
            })
    }

    /// How many encoded texts the text lies in.
    pub(crate) fn depth(&self) -> u8 {
        self.depth
    }

    /// How far encoded texts inside the text were read.
    pub(super) fn opened(&self) -> usize {
        self.opened
    }

    /// Remembers that encoded texts were read up to here.
    pub(super) fn open(&mut self, end: usize) {
        self.opened = self.opened.max(end);
    }

    /// The byte at a place, or zero outside the text.
    #[inline]
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// The byte before a place, or zero at the start of the text.
    #[inline]
    pub(crate) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |i| self.byte(i))
    }

    /// The four bytes before a place, with zeros before the start of the text.
    #[inline]
    pub(super) fn last_four(&self, end: usize) -> [u8; 4] {
        match self.text[..end].last_chunk() {
            Some(four) => *four,
            None => core::array::from_fn(|i| {
                if end + i >= 4 {
                    self.byte(end + i - 4)
                } else {
                    0
                }
            }),
        }
    }

    /// Whether a value may begin here: what stands before is no letter and no digit.
    #[inline]
    pub(crate) fn begins(&self, at: usize) -> bool {
        !self.before(at).is_ascii_alphanumeric()
    }

    /// Whether a value may end here.
    #[inline]
    pub(crate) fn ends(&self, at: usize) -> bool {
        !self.byte(at).is_ascii_alphanumeric()
    }

    /// The last byte before a place, at most 128 bytes back, that cannot stand in the userinfo of a URL.
    ///
    /// Each byte is looked at once, however often it is asked.
    pub(crate) fn edge_before(&mut self, at: usize) -> Option<usize> {
        const REACH: usize = 128;
        let earliest = at.saturating_sub(REACH);
        let (searched, known) = self.edge;
        let from = searched.clamp(earliest, at);
        // A password may hold an at sign of its own, which is encoded in a URL.
        let is_edge = |byte: &u8| {
            matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>')
                || byte.is_ascii_whitespace()
        };
        let found = self.text[from..at]
            .iter()
            .rposition(is_edge)
            .map(|i| from + i)
            .or(known);
        self.edge = (at.max(searched), found);
        found.filter(|edge| *edge >= earliest && *edge < at)
    }

    /// Whether this part of the text lies in a UUID: groups of 8, 4, 4, 4 and 12 hexadecimal digits.
    pub(crate) fn is_in_uuid(&self, start: usize, end: usize) -> bool {
        if self.before(start) != b'-' && self.byte(end) != b'-' {
            return false;
        }
        // The group that the part lies in has four, eight or twelve digits; most parts of other things are told by that.
        let right = self.text[start..]
            .iter()
            .take(13)
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let left = self.text[..start]
            .iter()
            .rev()
            .take(13)
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        if !matches!(left + right, 4 | 8 | 12) {
            return false;
        }
        let hexadecimal = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        let mut from = start;
        while hexadecimal(self.before(from)) && start - from < 36 {
            from -= 1;
        }
        let Some(uuid) = self.text.get(from..from + 36) else {
            return false;
        };
        end <= from + 36
            && uuid.iter().enumerate().all(|(i, byte)| {
                if matches!(i, 8 | 13 | 18 | 23) {
                    *byte == b'-'
                } else {
                    byte.is_ascii_hexdigit()
                }
            })
    }

    /// Start of the chain of digits that ends here, or `None` if it was taken already.
    pub(super) fn chain_start(&mut self, end: usize) -> Option<usize> {
        if end <= self.chain_end {
            return None;
        }
        let mut at = end;
        while at > self.chain_end {
            let byte = self.text[at - 1];
            if byte.is_ascii_digit()
                || (is_separator(byte)
                    && self.byte(at).is_ascii_digit()
                    && self.before(at - 1).is_ascii_digit())
            {
                at -= 1;
            } else {
                break;
            }
        }
        self.chain_end = end;
        (at < end).then_some(at)
    }

    /// Whether the scan is for some of these kinds.
    #[inline]
    pub(crate) fn wants(&self, kind: Kind) -> bool {
        self.inner.kinds().contains(kind)
    }

    pub(crate) fn inner(&self) -> &'a Inner {
        self.inner
    }
}

/// What people put between groups of digits.
#[inline]
pub(crate) fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'+'..=b'/')
}
