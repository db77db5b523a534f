//! The masks by AVX-512, whose comparisons give masks by themselves; eight windows side by side.
#![expect(
    unsafe_code,
    reason = "functions compiled for AVX-512 may only be called after it was detected"
)]

use core::arch::x86_64::{
    __m512i, _mm_cvtsi32_si128, _mm_setr_epi8, _mm512_and_si512, _mm512_broadcast_i32x4,
    _mm512_cmpeq_epi8_mask, _mm512_loadu_si512, _mm512_movepi8_mask, _mm512_or_si512,
    _mm512_set1_epi8, _mm512_shuffle_epi8, _mm512_sll_epi64, _mm512_srl_epi64, _mm512_srli_epi16,
    _mm512_storeu_si512, _mm512_test_epi8_mask, _mm512_xor_si512,
};
use core::ops::{BitAnd, BitOr, Not, Shl, Shr};

use super::avx2::Four;
use super::nibble::{
    AT, BACKSLASH, BRACKET, COLON, DASH, DIGIT, DOT, EQUALS, ESCAPE, FIRST_HIGH, FIRST_LOW, LESS,
    LETTER_HIGH, LETTER_LOW, PERCENT, SECOND_HIGH, SECOND_LOW, SEPARATOR, SLASH, TOKEN,
};
use super::{Classifier, Lanes, WINDOWS, Windows};
use crate::scanner::engine::Scan;
use crate::scanner::windows::{self, Board, Sheet, WINDOW, Walk};

/// Proof that the processor has AVX-512 F, BW and VL, AVX2, BMI1, BMI2, LZCNT and POPCNT; made only by [`Avx512::detect`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Avx512(());

impl Avx512 {
    /// Looks at the processor; the answer is cached by the standard library.
    pub(crate) fn detect() -> Option<Self> {
        let all = std::arch::is_x86_feature_detected!("avx512f")
            && std::arch::is_x86_feature_detected!("avx512bw")
            && std::arch::is_x86_feature_detected!("avx512vl")
            && std::arch::is_x86_feature_detected!("avx2")
            && std::arch::is_x86_feature_detected!("bmi1")
            && std::arch::is_x86_feature_detected!("bmi2")
            && std::arch::is_x86_feature_detected!("lzcnt")
            && std::arch::is_x86_feature_detected!("popcnt");
        all.then_some(Self(()))
    }

    /// Walks a text in a function that is compiled for these features, so that all that is inlined there may use them; texts of
    /// one window in a function of their own.
    pub(in crate::scanner) fn walk(self, scan: &mut Scan<'_>, board: &mut Board) -> Walk {
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn short(proof: Avx512, scan: &mut Scan<'_>, board: &mut Board) -> Walk {
            windows::walk_short(proof, scan, board)
        }
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn long(proof: Avx512, scan: &mut Scan<'_>, board: &mut Board) -> Walk {
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
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,bmi1,popcnt")]
        fn with_features(proof: Avx512, sheet: &mut Sheet<'_>, board: &mut Board) {
            windows::screen(proof, sheet, board);
        }
        // SAFETY: a value of this type exists only where these features were detected.
        unsafe { with_features(self, sheet, board) }
    }
}

impl Classifier for Avx512 {
    type Lanes = Eight;
    type Few = Four;

    #[inline(always)]
    fn classify(self, window: &[u8; 64], place: usize, masks: &mut Windows) {
        // SAFETY: a value of this type exists only where AVX-512 F and BW were detected.
        unsafe { classify(window, place, masks) }
    }
}

/// Eight masks in one register. Only [`Avx512`] names this type as its own, and only that makes values of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Eight(__m512i);

impl Lanes for Eight {
    const COUNT: usize = 8;

    #[inline(always)]
    fn load(windows: &[u64; WINDOWS]) -> Self {
        // SAFETY: the pointer is to 64 readable bytes; AVX-512 was detected, or there would be no `Avx512` to ask for lanes.
        Self(unsafe { _mm512_loadu_si512(windows.as_ptr().cast()) })
    }

    #[inline(always)]
    fn store(self, windows: &mut [u64; WINDOWS]) {
        // SAFETY: the pointer is to 64 writable bytes; AVX-512 was detected.
        unsafe { _mm512_storeu_si512(windows.as_mut_ptr().cast(), self.0) };
    }
}

macro_rules! operation {
    ($trait:ident, $method:ident, $argument:ty, |$a:ident, $b:ident| $result:expr) => {
        impl $trait<$argument> for Eight {
            type Output = Self;

            #[inline(always)]
            fn $method(self, $b: $argument) -> Self {
                let $a = self;
                // SAFETY: a value of this type exists only where AVX-512 F was detected.
                Self(unsafe { $result })
            }
        }
    };
}

operation!(BitAnd, bitand, Eight, |a, b| _mm512_and_si512(a.0, b.0));
operation!(BitOr, bitor, Eight, |a, b| _mm512_or_si512(a.0, b.0));
operation!(Shl, shl, u8, |a, b| _mm512_sll_epi64(
    a.0,
    _mm_cvtsi32_si128(i32::from(b))
));
operation!(Shr, shr, u8, |a, b| _mm512_srl_epi64(
    a.0,
    _mm_cvtsi32_si128(i32::from(b))
));

impl Not for Eight {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        // SAFETY: a value of this type exists only where AVX-512 F was detected.
        Self(unsafe { _mm512_xor_si512(self.0, _mm512_set1_epi8(-1)) })
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw")]
fn classify(window: &[u8; 64], place: usize, masks: &mut Windows) {
    // SAFETY: the pointer is to 64 readable bytes, and the load asks for no alignment.
    let bytes = unsafe { _mm512_loadu_si512(window.as_ptr().cast()) };
    let high = _mm512_and_si512(_mm512_srli_epi16::<4>(bytes), _mm512_set1_epi8(0x0F));
    let classes = |low_table, high_table| {
        _mm512_and_si512(
            _mm512_shuffle_epi8(four_times(low_table), bytes),
            _mm512_shuffle_epi8(four_times(high_table), high),
        )
    };
    let (first, second) = (
        classes(FIRST_LOW, FIRST_HIGH),
        classes(SECOND_LOW, SECOND_HIGH),
    );
    let of = |classes, class| _mm512_test_epi8_mask(classes, _mm512_set1_epi8(class));
    masks.digit[place] = of(first, DIGIT);
    masks.separator[place] = of(first, SEPARATOR);
    masks.dash[place] = of(first, DASH);
    masks.letter[place] = of(first, LETTER_LOW | LETTER_HIGH);
    masks.colon[place] = of(first, COLON);
    masks.equals[place] = of(first, EQUALS);
    masks.at[place] = of(first, AT);
    masks.token[place] = of(second, TOKEN);
    masks.escape[place] = of(second, PERCENT | BACKSLASH);
    masks.bracket[place] = of(second, BRACKET);
    masks.slash[place] = of(second, SLASH);
    masks.less[place] = of(second, LESS);
    masks.dot[place] = of(second, DOT);
    masks.underscore[place] = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(0x5F));
    masks.foreign[place] = of(second, ESCAPE) | _mm512_movepi8_mask(bytes);
}

/// A table of sixteen entries, once for each quarter of the register.
#[inline]
#[target_feature(enable = "avx512f")]
fn four_times(t: [i8; 16]) -> __m512i {
    _mm512_broadcast_i32x4(_mm_setr_epi8(
        t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12], t[13],
        t[14], t[15],
    ))
}
