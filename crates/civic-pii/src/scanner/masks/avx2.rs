//! The masks by AVX2.
#![expect(
    unsafe_code,
    reason = "functions compiled for AVX2 may only be called after it was detected"
)]

use core::arch::x86_64::{
    __m256i, _mm_cvtsi32_si128, _mm256_and_si256, _mm256_loadu_si256, _mm256_movemask_epi8,
    _mm256_or_si256, _mm256_set1_epi8, _mm256_setr_epi8, _mm256_shuffle_epi8, _mm256_sll_epi64,
    _mm256_slli_epi16, _mm256_srl_epi64, _mm256_srli_epi16, _mm256_storeu_si256, _mm256_xor_si256,
};
use core::ops::{BitAnd, BitOr, Not, Shl, Shr};

use super::{Classifier, Lanes, WINDOWS, Windows};
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

    /// Walks a text in a function that is compiled for these features, so that all that is inlined there may use them.
    pub(in crate::scanner) fn walk(self, scan: &mut Scan<'_>) -> Walk {
        #[target_feature(enable = "avx2,bmi1,popcnt")]
        fn with_features(proof: Avx2, scan: &mut Scan<'_>) -> Walk {
            windows::walk(proof, scan)
        }
        // SAFETY: a value of this type exists only where these features were detected.
        unsafe { with_features(self, scan) }
    }
}

impl Classifier for Avx2 {
    type Lanes = Four;

    #[inline(always)]
    fn classify(self, window: &[u8; 64], place: usize, masks: &mut Windows) {
        // SAFETY: a value of this type exists only where AVX2 was detected.
        unsafe { classify(window, place, masks) }
    }
}

/// Four masks in one register. Only [`Avx2`] names this type as its own, and only that makes values of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Four(__m256i);

impl Lanes for Four {
    #[inline(always)]
    fn load(windows: &[u64; WINDOWS]) -> Self {
        // SAFETY: the pointer is to 32 readable bytes; AVX2 was detected, or there would be no `Avx2` to ask for lanes.
        Self(unsafe { _mm256_loadu_si256(windows.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self) -> [u64; WINDOWS] {
        let mut windows = [0; WINDOWS];
        // SAFETY: the pointer is to 32 writable bytes; AVX2 was detected.
        unsafe { _mm256_storeu_si256(windows.as_mut_ptr().cast(), self.0) };
        windows
    }
}

macro_rules! operation {
    ($trait:ident, $method:ident, $argument:ty, |$a:ident, $b:ident| $result:expr) => {
        impl $trait<$argument> for Four {
            type Output = Self;

            #[inline(always)]
            fn $method(self, $b: $argument) -> Self {
                let $a = self;
                // SAFETY: a value of this type exists only where AVX2 was detected.
                Self(unsafe { $result })
            }
        }
    };
}

operation!(BitAnd, bitand, Four, |a, b| _mm256_and_si256(a.0, b.0));
operation!(BitOr, bitor, Four, |a, b| _mm256_or_si256(a.0, b.0));
operation!(Shl, shl, u8, |a, b| _mm256_sll_epi64(
    a.0,
    _mm_cvtsi32_si128(i32::from(b))
));
operation!(Shr, shr, u8, |a, b| _mm256_srl_epi64(
    a.0,
    _mm_cvtsi32_si128(i32::from(b))
));

impl Not for Four {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        // SAFETY: a value of this type exists only where AVX2 was detected.
        Self(unsafe { _mm256_xor_si256(self.0, _mm256_set1_epi8(-1)) })
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
const BACKSLASH: i8 = 1 << 2;
const BRACKET: i8 = 1 << 3;
const ESCAPE: i8 = 1 << 4;
const SLASH: i8 = 1 << 5;
const LESS: i8 = 1 << 6;

#[inline]
#[target_feature(enable = "avx2")]
fn classify(window: &[u8; 64], place: usize, masks: &mut Windows) {
    let (low, high) = window.split_at(32);
    half(
        low.first_chunk().expect("the lower half has 32 bytes"),
        place,
        0,
        masks,
    );
    half(
        high.first_chunk().expect("the upper half has 32 bytes"),
        place,
        32,
        masks,
    );
}

#[inline]
#[target_feature(enable = "avx2")]
fn half(lane: &[u8; 32], place: usize, shift: u32, masks: &mut Windows) {
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
                BACKSLASH | LESS,
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
                LESS,
                TOKEN,
                BRACKET | BACKSLASH,
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
    // movemask reads.
    let put = |mask: &mut [u64; WINDOWS], bits: u32| mask[place] |= u64::from(bits) << shift;
    put(&mut masks.digit, top(_mm256_slli_epi16::<7>(first)));
    put(&mut masks.separator, top(_mm256_slli_epi16::<6>(first)));
    put(&mut masks.dash, top(_mm256_slli_epi16::<5>(first)));
    put(
        &mut masks.letter,
        top(_mm256_or_si256(
            _mm256_slli_epi16::<4>(first),
            _mm256_slli_epi16::<3>(first),
        )),
    );
    put(&mut masks.colon, top(_mm256_slli_epi16::<2>(first)));
    put(&mut masks.equals, top(_mm256_slli_epi16::<1>(first)));
    put(&mut masks.at, top(first));
    put(&mut masks.token, top(_mm256_slli_epi16::<7>(second)));
    put(
        &mut masks.escape,
        top(_mm256_or_si256(
            _mm256_slli_epi16::<6>(second),
            _mm256_slli_epi16::<5>(second),
        )),
    );
    put(&mut masks.bracket, top(_mm256_slli_epi16::<4>(second)));
    put(
        &mut masks.foreign,
        top(_mm256_or_si256(_mm256_slli_epi16::<3>(second), bytes)),
    );
    put(&mut masks.slash, top(_mm256_slli_epi16::<2>(second)));
    put(&mut masks.less, top(_mm256_slli_epi16::<1>(second)));
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
