//! Classifies 64 bytes at a time into one bit mask per class of byte.
//!
//! Two implementations give the same masks for the same bytes: [`Portable`], on the crate `wide`, and [`avx2::Avx2`],
//! chosen at run time. The second is the only place of this crate with `unsafe` code, because calling a function that was
//! compiled for a processor feature needs it; the tests compare both on every byte value and at every alignment.

use wide::u8x16;

/// Bit `i` of each mask tells of byte `i` of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// `0` to `9`.
    pub(super) digit: u64,
    /// `a` to `z` and `A` to `Z`.
    pub(super) letter: u64,
    /// What people put between groups: space, `+`, `,`, `-`, `.`, `/`.
    pub(super) separator: u64,
    /// `-`.
    pub(super) dash: u64,
    /// `/`.
    pub(super) slash: u64,
    /// `:`.
    pub(super) colon: u64,
    /// `=`.
    pub(super) equals: u64,
    /// `@`.
    pub(super) at: u64,
    /// `J` and `B`, which stand in `eyJ`, `Bearer` and `Basic`.
    pub(super) token: u64,
    /// What may begin an encoded form: `%`, `\`, `[`, escape, and all above 0x7F.
    pub(super) rare: u64,
}

/// Turns 64 bytes into masks.
pub(super) trait Classifier: Copy {
    fn classify(self, window: &[u8; 64]) -> Masks;
}

/// Works on every processor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Portable;

impl Classifier for Portable {
    #[inline(always)]
    fn classify(self, window: &[u8; 64]) -> Masks {
        let mut masks = Masks::default();
        for quarter in 0..4 {
            let mut lane = [0; 16];
            lane.copy_from_slice(&window[quarter * 16..quarter * 16 + 16]);
            let bytes = u8x16::new(lane);
            let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
            let bits = |lanes: u8x16| u64::from(lanes.to_bitmask()) << (quarter * 16);
            let dash = is(b'-');
            masks.digit |= bits(within(bytes - u8x16::splat(b'0'), 9));
            masks.letter |= bits(within(
                (bytes | u8x16::splat(0x20)) - u8x16::splat(b'a'),
                25,
            ));
            masks.separator |= bits(is(b' ') | within(bytes - u8x16::splat(b'+'), 4));
            masks.dash |= bits(dash);
            masks.slash |= bits(is(b'/'));
            masks.colon |= bits(is(b':'));
            masks.equals |= bits(is(b'='));
            masks.at |= bits(is(b'@'));
            masks.token |= bits(is(b'J') | is(b'B'));
            // The highest bit of a lane is its bit in the mask, so that bytes above 0x7F need no comparison.
            masks.rare |= bits(bytes | is(b'%') | is(b'[') | is(b'\\') | is(0x1B));
        }
        masks
    }
}

/// Lanes whose value is at most `last`.
#[inline(always)]
fn within(lanes: u8x16, last: u8) -> u8x16 {
    lanes.min(u8x16::splat(last)).simd_eq(lanes)
}

#[cfg(target_arch = "x86_64")]
pub(super) mod avx2 {
    #![expect(
        unsafe_code,
        reason = "functions compiled for AVX2 may only be called after it was detected"
    )]

    use core::arch::x86_64::{
        __m256i, _mm256_and_si256, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256,
        _mm256_set1_epi8, _mm256_setr_epi8, _mm256_shuffle_epi8, _mm256_slli_epi16,
        _mm256_srli_epi16,
    };

    use super::{Classifier, Masks};
    use crate::scanner::engine::Scan;
    use crate::scanner::windows::{self, Walk};

    /// Proof that the processor has AVX2, BMI1 and POPCNT; made only by [`Avx2::detect`].
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Avx2(());

    impl Avx2 {
        /// Looks at the processor; the answer is cached by the standard library.
        pub(crate) fn detect() -> Option<Self> {
            let all = std::arch::is_x86_feature_detected!("avx2")
                && std::arch::is_x86_feature_detected!("bmi1")
                && std::arch::is_x86_feature_detected!("popcnt");
            all.then_some(Self(()))
        }
    }

    impl Classifier for Avx2 {
        #[inline(always)]
        fn classify(self, window: &[u8; 64]) -> Masks {
            // SAFETY: a value of this type exists only where AVX2 was detected.
            unsafe { classify(window) }
        }
    }

    impl Avx2 {
        /// Walks a text in a function that is compiled for these features, so that all that is inlined there may use them.
        pub(in super::super) fn walk(self, scan: &mut Scan<'_>) -> Walk {
            #[target_feature(enable = "avx2,bmi1,popcnt")]
            fn with_features(proof: Avx2, scan: &mut Scan<'_>) -> Walk {
                windows::walk(proof, scan)
            }
            // SAFETY: a value of this type exists only where these features were detected.
            unsafe { with_features(self, scan) }
        }
    }

    // A byte's classes are the bits that its low and its high nibble have in common. Bytes above 0x7F have none, since
    // the shuffle gives zero for an index with the highest bit set.
    const DIGIT: i8 = 1;
    const SEPARATOR: i8 = 1 << 1;
    const DASH: i8 = 1 << 2;
    const LETTER_LOW: i8 = 1 << 3; // 0x41 to 0x4F and 0x61 to 0x6F
    const LETTER_HIGH: i8 = 1 << 4; // 0x50 to 0x5A and 0x70 to 0x7A
    const COLON: i8 = 1 << 5;
    const EQUALS: i8 = 1 << 6;
    const AT: i8 = -128;
    const TOKEN: i8 = 1;
    const PERCENT: i8 = 1 << 1;
    const BRACKET: i8 = 1 << 2; // `[` and `\`
    const ESCAPE: i8 = 1 << 3;
    const SLASH: i8 = 1 << 4;

    #[inline]
    #[target_feature(enable = "avx2")]
    fn classify(window: &[u8; 64]) -> Masks {
        let (low, high) = (half(window, 0), half(window, 32));
        let both = |(a, b): (u32, u32)| u64::from(a) | u64::from(b) << 32;
        both_halves(low, high, both)
    }

    /// Masks of 32 bytes.
    struct Half {
        digit: u32,
        letter: u32,
        separator: u32,
        dash: u32,
        slash: u32,
        colon: u32,
        equals: u32,
        at: u32,
        token: u32,
        rare: u32,
    }

    #[inline(always)]
    fn both_halves(low: Half, high: Half, both: impl Fn((u32, u32)) -> u64) -> Masks {
        Masks {
            digit: both((low.digit, high.digit)),
            letter: both((low.letter, high.letter)),
            separator: both((low.separator, high.separator)),
            dash: both((low.dash, high.dash)),
            slash: both((low.slash, high.slash)),
            colon: both((low.colon, high.colon)),
            equals: both((low.equals, high.equals)),
            at: both((low.at, high.at)),
            token: both((low.token, high.token)),
            rare: both((low.rare, high.rare)),
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn half(window: &[u8; 64], from: usize) -> Half {
        let lane: &[u8; 32] = window[from..from + 32]
            .first_chunk()
            .expect("a half of 64 bytes has 32");
        // SAFETY: the pointer is to 32 readable bytes, and the load asks for no alignment.
        let bytes = unsafe { _mm256_loadu_si256(lane.as_ptr().cast()) };
        let high_nibble = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(0x0F));
        let first = _mm256_and_si256(
            _mm256_shuffle_epi8(
                twice([
                    DIGIT | SEPARATOR | LETTER_HIGH | AT,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    DIGIT | LETTER_LOW | LETTER_HIGH,
                    LETTER_LOW | LETTER_HIGH | COLON,
                    SEPARATOR | LETTER_LOW,
                    SEPARATOR | LETTER_LOW,
                    SEPARATOR | DASH | LETTER_LOW | EQUALS,
                    SEPARATOR | LETTER_LOW,
                    SEPARATOR | LETTER_LOW,
                ]),
                bytes,
            ),
            _mm256_shuffle_epi8(
                twice([
                    0,
                    0,
                    SEPARATOR | DASH,
                    DIGIT | COLON | EQUALS,
                    LETTER_LOW | AT,
                    LETTER_HIGH,
                    LETTER_LOW,
                    LETTER_HIGH,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                ]),
                high_nibble,
            ),
        );
        let second = _mm256_and_si256(
            _mm256_shuffle_epi8(
                twice([
                    0,
                    0,
                    TOKEN,
                    0,
                    0,
                    PERCENT,
                    0,
                    0,
                    0,
                    0,
                    TOKEN,
                    BRACKET | ESCAPE,
                    BRACKET,
                    0,
                    0,
                    SLASH,
                ]),
                bytes,
            ),
            _mm256_shuffle_epi8(
                twice([
                    0,
                    ESCAPE,
                    PERCENT | SLASH,
                    0,
                    TOKEN,
                    BRACKET,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                ]),
                high_nibble,
            ),
        );
        // A 16-bit shift moves bits of one byte into its neighbour, but only below the highest bit, which is all that the
        // movemask reads for shifts of whole classes upwards.
        let rare = _mm256_or_si256(
            bytes,
            _mm256_or_si256(
                _mm256_slli_epi16::<6>(second),
                _mm256_or_si256(
                    _mm256_slli_epi16::<5>(second),
                    _mm256_slli_epi16::<4>(second),
                ),
            ),
        );
        Half {
            digit: top(_mm256_slli_epi16::<7>(first)),
            separator: top(_mm256_slli_epi16::<6>(first)),
            dash: top(_mm256_slli_epi16::<5>(first)),
            letter: top(_mm256_or_si256(
                _mm256_slli_epi16::<4>(first),
                _mm256_slli_epi16::<3>(first),
            )),
            colon: top(_mm256_slli_epi16::<2>(first)),
            equals: top(_mm256_slli_epi16::<1>(first)),
            at: top(first),
            token: top(_mm256_slli_epi16::<7>(second)),
            slash: top(_mm256_slli_epi16::<3>(second)),
            rare: top(rare),
        }
    }

    /// The highest bit of each byte.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn top(lanes: __m256i) -> u32 {
        _mm256_movemask_epi8(lanes).cast_unsigned()
    }

    /// A table of sixteen entries, once for each half of the register.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn twice(t: [i8; 16]) -> __m256i {
        _mm256_setr_epi8(
            t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12], t[13],
            t[14], t[15], t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11],
            t[12], t[13], t[14], t[15],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_hand(window: &[u8; 64]) -> Masks {
        let mask = |class: &dyn Fn(u8) -> bool| {
            window
                .iter()
                .enumerate()
                .fold(0, |mask, (i, byte)| mask | u64::from(class(*byte)) << i)
        };
        Masks {
            digit: mask(&|b| b.is_ascii_digit()),
            letter: mask(&|b| b.is_ascii_alphabetic()),
            separator: mask(&|b| b" +,-./".contains(&b)),
            dash: mask(&|b| b == b'-'),
            slash: mask(&|b| b == b'/'),
            colon: mask(&|b| b == b':'),
            equals: mask(&|b| b == b'='),
            at: mask(&|b| b == b'@'),
            token: mask(&|b| b"JB".contains(&b)),
            rare: mask(&|b| b"%\\[\x1B".contains(&b) || b >= 0x80),
        }
    }

    #[test]
    fn every_byte_value_is_classified_alike_at_every_place() {
        for shift in 0..=255_u8 {
            let window: [u8; 64] =
                core::array::from_fn(|i| (i as u8).wrapping_mul(5).wrapping_add(shift));
            let expected = by_hand(&window);
            assert_eq!(
                Portable.classify(&window),
                expected,
                "portable, shift {shift}"
            );
            #[cfg(target_arch = "x86_64")]
            if let Some(avx2) = avx2::Avx2::detect() {
                assert_eq!(avx2.classify(&window), expected, "AVX2, shift {shift}");
            }
        }
    }
}
