//! The masks by AVX2.
#![expect(
    unsafe_code,
    reason = "functions compiled for AVX2 may only be called after it was detected"
)]

use core::arch::x86_64::{
    __m256i, _mm_cvtsi32_si128, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256,
    _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setr_epi8, _mm256_shuffle_epi8,
    _mm256_sll_epi64, _mm256_slli_epi16, _mm256_srl_epi64, _mm256_srli_epi16, _mm256_storeu_si256,
    _mm256_xor_si256,
};
use core::ops::{BitAnd, BitOr, Not, Shl, Shr};

use super::nibble::{FIRST_HIGH, FIRST_LOW, SECOND_HIGH, SECOND_LOW};
use super::{Classifier, Lanes, WINDOWS, Windows};
use crate::scanner::engine::Scan;
use crate::scanner::windows::{self, Board, Sheet, WINDOW, Walk};

/// Proof that the processor has AVX2, BMI1, BMI2, LZCNT and POPCNT; made only by [`Avx2::detect`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// Looks at the processor; the answer is cached by the standard library.
    pub(crate) fn detect() -> Option<Self> {
        let all = std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("bmi2")
            && std::arch::is_x86_feature_detected!("lzcnt")
            && std::arch::is_x86_feature_detected!("popcnt");
        all.then_some(Self(()))
    }

    /// Walks a text in a function that is compiled for these features, so that all that is inlined there may use them; texts of
    /// one window in a function of their own.
    pub(in crate::scanner) fn walk(self, scan: &mut Scan<'_>, board: &mut Board) -> Walk {
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn short(proof: Avx2, scan: &mut Scan<'_>, board: &mut Board) -> Walk {
            windows::walk_short(proof, scan, board)
        }
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn long(proof: Avx2, scan: &mut Scan<'_>, board: &mut Board) -> Walk {
            windows::walk(proof, scan, board)
        }
        let is_short = scan.text().len() < WINDOW;
        // SAFETY: a value of this type exists only where these features were detected.
        unsafe {
            if is_short {
                short(self, scan, board)
            } else {
                long(self, scan, board)
            }
        }
    }

    /// Screens texts in a function that is compiled for these features, as [`Self::walk`] does.
    pub(in crate::scanner) fn screen(self, sheet: &mut Sheet<'_>, board: &mut Board) {
        #[target_feature(enable = "avx2,bmi1,popcnt")]
        fn with_features(proof: Avx2, sheet: &mut Sheet<'_>, board: &mut Board) {
            windows::screen(proof, sheet, board);
        }
        // SAFETY: a value of this type exists only where these features were detected.
        unsafe { with_features(self, sheet, board) }
    }
}

impl Classifier for Avx2 {
    type Lanes = Four;
    type Few = Four;

    #[inline(always)]
    fn classify(self, window: &[u8; 64], place: usize, masks: &mut Windows) {
        // SAFETY: a value of this type exists only where AVX2 was detected.
        unsafe { classify(window, place, masks) }
    }
}

/// Four masks in one register. Only [`Avx2`] and `Avx512` name this type as their own, and only they make values of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Four(__m256i);

impl Lanes for Four {
    const COUNT: usize = 4;

    #[inline(always)]
    fn load(windows: &[u64; WINDOWS]) -> Self {
        // SAFETY: the pointer is to 64 readable bytes; AVX2 was detected, or there would be no proof to ask for lanes.
        Self(unsafe { _mm256_loadu_si256(windows.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, windows: &mut [u64; WINDOWS]) {
        // SAFETY: the pointer is to 64 writable bytes; AVX2 was detected.
        unsafe { _mm256_storeu_si256(windows.as_mut_ptr().cast(), self.0) };
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

/// The classes of 32 bytes.
struct Half {
    bytes: __m256i,
    first: __m256i,
    second: __m256i,
}

// Each class is one bit of every byte; a shift brings it to the top, which is all that a movemask reads. Shifts are of 16
// bits, so that bits move from one byte into its neighbour, but only below its top.
macro_rules! mask {
    ($low:ident, $high:ident, $of:ident: $($shift:literal)|+) => {
        u64::from(top!($low.$of, $($shift)|+)) | u64::from(top!($high.$of, $($shift)|+)) << 32
    };
}

macro_rules! top {
    ($lanes:expr, $a:literal) => {
        top(_mm256_slli_epi16::<$a>($lanes))
    };
    ($lanes:expr, $a:literal | $b:literal) => {
        top(_mm256_or_si256(
            _mm256_slli_epi16::<$a>($lanes),
            _mm256_slli_epi16::<$b>($lanes),
        ))
    };
}

#[inline]
#[target_feature(enable = "avx2")]
fn classify(window: &[u8; 64], place: usize, masks: &mut Windows) {
    let (low, high) = window.split_at(32);
    let low = half(low.first_chunk().expect("the lower half has 32 bytes"));
    let high = half(high.first_chunk().expect("the upper half has 32 bytes"));
    masks.digit[place] = mask!(low, high, first: 7);
    masks.separator[place] = mask!(low, high, first: 6);
    masks.dash[place] = mask!(low, high, first: 5);
    masks.letter[place] = mask!(low, high, first: 4 | 3);
    masks.colon[place] = mask!(low, high, first: 2);
    masks.equals[place] = mask!(low, high, first: 1);
    masks.at[place] = mask!(low, high, first: 0);
    masks.token[place] = mask!(low, high, second: 7);
    masks.escape[place] = mask!(low, high, second: 6 | 5);
    masks.bracket[place] = mask!(low, high, second: 4);
    masks.slash[place] = mask!(low, high, second: 2);
    masks.less[place] = mask!(low, high, second: 1);
    masks.dot[place] = mask!(low, high, second: 0);
    let underscore = |half: &Half| top(_mm256_cmpeq_epi8(half.bytes, _mm256_set1_epi8(0x5F)));
    masks.underscore[place] = u64::from(underscore(&low)) | u64::from(underscore(&high)) << 32;
    masks.foreign[place] = mask!(low, high, second: 3) | mask!(low, high, bytes: 0);
}

#[inline]
#[target_feature(enable = "avx2")]
fn half(lane: &[u8; 32]) -> Half {
    // SAFETY: the pointer is to 32 readable bytes, and the load asks for no alignment.
    let bytes = unsafe { _mm256_loadu_si256(lane.as_ptr().cast()) };
    let high = _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(0x0F));
    let classes = |low_table, high_table| {
        _mm256_and_si256(
            _mm256_shuffle_epi8(twice(low_table), bytes),
            _mm256_shuffle_epi8(twice(high_table), high),
        )
    };
    Half {
        bytes,
        first: classes(FIRST_LOW, FIRST_HIGH),
        second: classes(SECOND_LOW, SECOND_HIGH),
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
