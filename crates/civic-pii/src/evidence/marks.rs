//! Where words begin and contexts end, for up to 64 bytes at once.

use wide::u8x16;

/// Bit `i` tells of byte `i` of the part.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    letter: u64,
    upper: u64,
    /// `=` and the end of a line.
    end: u64,
    colon: u64,
    quote: u64,
    /// `]`.
    bracket: u64,
}

impl Marks {
    /// How many bytes are looked at together.
    pub(super) const LENGTH: usize = 64;

    /// The marks of a part of a text, of its first bytes if it is longer.
    #[inline]
    pub(super) fn of(text: &[u8], from: usize, to: usize) -> Self {
        let len = (to - from).min(Self::LENGTH);
        let mut copy = [0; Self::LENGTH];
        let bytes = if let Some(bytes) = text[from..].first_chunk() {
            bytes
        } else {
            copy[..len].copy_from_slice(&text[from..from + len]);
            &copy
        };
        let mut marks = Self::default();
        // Between values that follow each other closely parts are short.
        for quarter in 0..len.div_ceil(16) {
            let mut lane = [0; 16];
            lane.copy_from_slice(&bytes[quarter * 16..quarter * 16 + 16]);
            let bytes = u8x16::new(lane);
            let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
            let bits = |lanes: u8x16| u64::from(lanes.to_bitmask()) << (quarter * 16);
            let folded = (bytes | u8x16::splat(0x20)) - u8x16::splat(b'a');
            let letter = folded.min(u8x16::splat(25)).simd_eq(folded);
            marks.letter |= bits(letter);
            marks.upper |= bits(letter & (bytes & u8x16::splat(0x20)).simd_eq(u8x16::splat(0)));
            marks.end |= bits(is(b'=') | is(b'\n'));
            marks.colon |= bits(is(b':'));
            marks.quote |= bits(is(b'"'));
            marks.bracket |= bits(is(b']'));
        }
        let mine = if len == 64 { u64::MAX } else { (1 << len) - 1 };
        Self {
            letter: marks.letter & mine,
            upper: marks.upper & mine,
            end: marks.end & mine,
            colon: marks.colon & mine,
            quote: marks.quote & mine,
            bracket: marks.bracket & mine,
        }
    }

    /// Where markers of earlier redactions may end.
    #[inline]
    pub(super) fn brackets(&self) -> u64 {
        self.bracket
    }

    /// Where words begin; a capital behind a small letter begins one too.
    #[inline]
    pub(super) fn words(&self, before: u8) -> u64 {
        let letter_before = self.letter << 1 | u64::from(before.is_ascii_alphabetic());
        let upper_before = self.upper << 1 | u64::from(before.is_ascii_uppercase());
        self.letter & (!letter_before | (self.upper & !upper_before))
    }

    /// Where words begin behind the last end of a context.
    #[inline]
    pub(super) fn words_of_last_context(&self, before: u8) -> u64 {
        let ends = self.ends(before);
        // All bits above the highest that is set; all bits if none is.
        let behind = u64::MAX.checked_shl(64 - ends.leading_zeros()).unwrap_or(0);
        self.words(before) & behind
    }

    /// Where a context ends: a line, a value before `=`, a value before a key of JSON.
    #[inline]
    pub(super) fn ends(&self, before: u8) -> u64 {
        self.end | (self.colon & (self.quote << 1 | u64::from(before == b'"')))
    }
}
