//! Classifies 64 bytes at a time into one bit mask per class of byte, several windows side by side.
//!
//! Three implementations give the same masks for the same bytes: [`Portable`], on the crate `wide`, and [`avx2`] and
//! [`avx512`], chosen at run time. Those two are the only places of this crate with `unsafe` code, because calling a function
//! that was compiled for a processor feature needs it; the tests compare all on every byte value and at every alignment.

use core::ops::{BitAnd, BitOr, Not, Shl, Shr};

use wide::{u8x16, u64x4};

/// Most windows that are looked at side by side.
pub(super) const WINDOWS: usize = 8;

/// One mask of 64 bits for each window; all operations are on each by itself.
pub(super) trait Lanes:
    Copy
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + Not<Output = Self>
    + Shl<u8, Output = Self>
    + Shr<u8, Output = Self>
{
    /// How many windows there are; the rest of what is loaded and stored does not count.
    const COUNT: usize;

    fn load(windows: &[u64; WINDOWS]) -> Self;
    fn store(self, windows: &mut [u64; WINDOWS]);
}

/// Bit `i` of a mask tells of byte `i` of its window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks<M> {
    /// `0` to `9`.
    pub(super) digit: M,
    /// `a` to `z` and `A` to `Z`.
    pub(super) letter: M,
    /// What people put between groups: space, `+`, `,`, `-`, `.`, `/`.
    pub(super) separator: M,
    /// `-`.
    pub(super) dash: M,
    /// `/`.
    pub(super) slash: M,
    /// `:`.
    pub(super) colon: M,
    /// `=`.
    pub(super) equals: M,
    /// `@`.
    pub(super) at: M,
    /// `J` and `B`, which stand in `eyJ`, `Bearer` and `Basic`.
    pub(super) token: M,
    /// `.`.
    pub(super) dot: M,
    /// `_`.
    pub(super) underscore: M,
    /// `<`.
    pub(super) less: M,
    /// `%` and `\`.
    pub(super) escape: M,
    /// `[`.
    pub(super) bracket: M,
    /// The escape character, and all bytes above 0x7F.
    pub(super) foreign: M,
}

impl Masks<u64> {
    /// Those of sixteen bytes that make up words and numbers, of separators only all together.
    #[inline(always)]
    pub(super) fn words(bytes: u8x16) -> Self {
        let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
        let bits = |lanes: u8x16| u64::from(lanes.to_bitmask());
        let small = bytes | u8x16::splat(0x20);
        Self {
            digit: bits(within(bytes - u8x16::splat(b'0'), 9)),
            letter: bits(within(small - u8x16::splat(b'a'), 25)),
            separator: bits(is(b' ') | within(bytes - u8x16::splat(b'+'), 4)),
            token: bits(is(b'J') | is(b'B')),
            ..Self::default()
        }
    }

    /// Those of letters, dots and tokens, if no digit and no other sign that a shape is anchored at is among sixteen bytes.
    #[inline(always)]
    pub(super) fn prose(bytes: u8x16) -> Option<Self> {
        let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
        let digit = within(bytes - u8x16::splat(b'0'), 9);
        let signs = is(b'@') | is(b'=') | is(b':') | is(b'<') | is(b'%') | is(b'\\');
        let foreign = bytes | is(0x1B);
        if (digit | signs | foreign).to_bitmask() != 0 {
            return None;
        }
        let small = bytes | u8x16::splat(0x20);
        Some(Self {
            letter: within(small - u8x16::splat(b'a'), 25).to_bitmask().into(),
            dot: is(b'.').to_bitmask().into(),
            token: (is(b'J') | is(b'B')).to_bitmask().into(),
            ..Self::default()
        })
    }

    /// Adds those of each separator.
    #[inline(always)]
    pub(super) fn add_separators(&mut self, bytes: u8x16) {
        let bits = |byte: u8| u64::from(bytes.simd_eq(u8x16::splat(byte)).to_bitmask());
        self.dash = bits(b'-');
        self.slash = bits(b'/');
        self.dot = bits(b'.');
    }

    /// Adds those of sixteen bytes that stand so far from the start of the window.
    #[inline(always)]
    pub(super) fn add(&mut self, bytes: u8x16, from: usize) {
        let is = |byte: u8| bytes.simd_eq(u8x16::splat(byte));
        let bits = |lanes: u8x16| u64::from(lanes.to_bitmask()) << from;
        self.digit |= bits(within(bytes - u8x16::splat(b'0'), 9));
        self.letter |= bits(within(
            (bytes | u8x16::splat(0x20)) - u8x16::splat(b'a'),
            25,
        ));
        self.separator |= bits(is(b' ') | within(bytes - u8x16::splat(b'+'), 4));
        self.dash |= bits(is(b'-'));
        self.slash |= bits(is(b'/'));
        self.colon |= bits(is(b':'));
        self.equals |= bits(is(b'='));
        self.at |= bits(is(b'@'));
        self.token |= bits(is(b'J') | is(b'B'));
        // The highest bit of a lane is its bit in the mask, so that bytes above 0x7F need no comparison.
        self.foreign |= bits(bytes | is(0x1B));
        self.dot |= bits(is(b'.'));
        self.underscore |= bits(is(b'_'));
        self.less |= bits(is(b'<'));
        self.escape |= bits(is(b'%') | is(b'\\'));
        self.bracket |= bits(is(b'['));
    }

    /// The masks, ready for operations.
    #[inline(always)]
    pub(super) fn one(self) -> Masks<One> {
        Masks {
            digit: One(self.digit),
            letter: One(self.letter),
            separator: One(self.separator),
            dash: One(self.dash),
            slash: One(self.slash),
            colon: One(self.colon),
            equals: One(self.equals),
            at: One(self.at),
            token: One(self.token),
            dot: One(self.dot),
            underscore: One(self.underscore),
            less: One(self.less),
            escape: One(self.escape),
            bracket: One(self.bracket),
            foreign: One(self.foreign),
        }
    }
}

/// The masks of the windows that are looked at together.
pub(super) type Windows = Masks<[u64; WINDOWS]>;

impl Windows {
    /// Whether a window has neither a digit nor any other sign that a shape is anchored at; a bracket is one before a digit.
    #[inline(always)]
    pub(super) fn is_plain(&self, place: usize) -> bool {
        let signs = [
            &self.digit,
            &self.at,
            &self.equals,
            &self.colon,
            &self.less,
            &self.escape,
            &self.foreign,
            &self.token,
        ];
        signs.iter().fold(0, |all, mask| all | mask[place]) == 0
    }

    /// What stands in names: letters, digits, `_`, `-` and `.`.
    #[inline(always)]
    pub(super) fn name(&self, place: usize) -> u64 {
        self.letter[place]
            | self.digit[place]
            | self.underscore[place]
            | self.dash[place]
            | self.dot[place]
    }

    /// The masks, ready for operations.
    #[inline(always)]
    pub(super) fn lanes<L: Lanes>(&self) -> Masks<L> {
        Masks {
            digit: L::load(&self.digit),
            letter: L::load(&self.letter),
            separator: L::load(&self.separator),
            dash: L::load(&self.dash),
            slash: L::load(&self.slash),
            colon: L::load(&self.colon),
            equals: L::load(&self.equals),
            at: L::load(&self.at),
            token: L::load(&self.token),
            dot: L::load(&self.dot),
            underscore: L::load(&self.underscore),
            less: L::load(&self.less),
            escape: L::load(&self.escape),
            bracket: L::load(&self.bracket),
            foreign: L::load(&self.foreign),
        }
    }
}

/// Turns 64 bytes into masks.
pub(super) trait Classifier: Copy {
    type Lanes: Lanes;
    /// For no more windows than the lines of most logs have; the same where fewer at a time are no quicker.
    type Few: Lanes;

    /// Puts the masks of a window in its place.
    fn classify(self, window: &[u8; 64], place: usize, masks: &mut Windows);
}

/// Works on every processor.
#[derive(Clone, Copy, Debug)]
pub(super) struct Portable;

impl Lanes for u64x4 {
    const COUNT: usize = 4;

    #[inline(always)]
    fn load(windows: &[u64; WINDOWS]) -> Self {
        let [a, b, c, d, ..] = *windows;
        u64x4::new([a, b, c, d])
    }

    #[inline(always)]
    fn store(self, windows: &mut [u64; WINDOWS]) {
        windows[..4].copy_from_slice(&self.to_array());
    }
}

/// One window alone, in plain registers: quicker for a text that is no longer.
#[derive(Clone, Copy, Debug)]
pub(super) struct One(u64);

impl Lanes for One {
    const COUNT: usize = 1;

    #[inline(always)]
    fn load(windows: &[u64; WINDOWS]) -> Self {
        Self(windows[0])
    }

    #[inline(always)]
    fn store(self, windows: &mut [u64; WINDOWS]) {
        windows[0] = self.0;
    }
}

impl One {
    #[inline(always)]
    pub(super) fn is_zero(self) -> bool {
        self.0 == 0
    }
}

macro_rules! operation {
    ($trait:ident, $method:ident, $argument:ty, |$a:ident, $b:ident| $result:expr) => {
        impl $trait<$argument> for One {
            type Output = Self;

            #[inline(always)]
            fn $method(self, $b: $argument) -> Self {
                let $a = self.0;
                Self($result)
            }
        }
    };
}

operation!(BitAnd, bitand, One, |a, b| a & b.0);
operation!(BitOr, bitor, One, |a, b| a | b.0);
operation!(Shl, shl, u8, |a, b| a << b);
operation!(Shr, shr, u8, |a, b| a >> b);

impl Not for One {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl Classifier for Portable {
    type Lanes = u64x4;
    type Few = u64x4;

    #[inline(always)]
    fn classify(self, window: &[u8; 64], place: usize, masks: &mut Windows) {
        let mut found = Masks::<u64>::default();
        for quarter in 0..4 {
            let mut lane = [0; 16];
            lane.copy_from_slice(&window[quarter * 16..quarter * 16 + 16]);
            found.add(u8x16::new(lane), quarter * 16);
        }
        masks.digit[place] = found.digit;
        masks.letter[place] = found.letter;
        masks.separator[place] = found.separator;
        masks.dash[place] = found.dash;
        masks.slash[place] = found.slash;
        masks.colon[place] = found.colon;
        masks.equals[place] = found.equals;
        masks.at[place] = found.at;
        masks.token[place] = found.token;
        masks.dot[place] = found.dot;
        masks.underscore[place] = found.underscore;
        masks.less[place] = found.less;
        masks.escape[place] = found.escape;
        masks.bracket[place] = found.bracket;
        masks.foreign[place] = found.foreign;
    }
}

/// Lanes whose value is at most `last`.
#[inline(always)]
fn within(lanes: u8x16, last: u8) -> u8x16 {
    lanes.min(u8x16::splat(last)).simd_eq(lanes)
}

#[cfg(target_arch = "x86_64")]
pub(super) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(super) mod avx512;
#[cfg(target_arch = "x86_64")]
mod nibble;

#[cfg(test)]
mod tests {
    use super::*;

    fn by_hand(window: &[u8; 64]) -> Masks<u64> {
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
            dot: mask(&|b| b == b'.'),
            underscore: mask(&|b| b == b'_'),
            less: mask(&|b| b == b'<'),
            escape: mask(&|b| b"%\\".contains(&b)),
            bracket: mask(&|b| b == b'['),
            foreign: mask(&|b| b == 0x1B || b >= 0x80),
        }
    }

    fn place(masks: &Windows, place: usize) -> Masks<u64> {
        Masks {
            digit: masks.digit[place],
            letter: masks.letter[place],
            separator: masks.separator[place],
            dash: masks.dash[place],
            slash: masks.slash[place],
            colon: masks.colon[place],
            equals: masks.equals[place],
            at: masks.at[place],
            token: masks.token[place],
            dot: masks.dot[place],
            underscore: masks.underscore[place],
            less: masks.less[place],
            escape: masks.escape[place],
            bracket: masks.bracket[place],
            foreign: masks.foreign[place],
        }
    }

    fn agrees(classifier: impl Classifier) {
        for shift in 0..=255_u8 {
            let window: [u8; 64] =
                core::array::from_fn(|i| (i as u8).wrapping_mul(5).wrapping_add(shift));
            let mut masks = Windows::default();
            let at = usize::from(shift) % WINDOWS;
            classifier.classify(&window, at, &mut masks);
            assert_eq!(place(&masks, at), by_hand(&window), "shift {shift}");
        }
    }

    fn operates<L: Lanes>() {
        let (mut a, mut b) = ([0; WINDOWS], [0; WINDOWS]);
        for i in 0..WINDOWS {
            a[i] = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(i as u64 + 1);
            b[i] = a[i].rotate_left(23) ^ 0x00FF_00FF;
        }
        let (x, y) = (L::load(&a), L::load(&b));
        let is = |lanes: L, expected: &dyn Fn(u64, u64) -> u64| {
            let mut stored = [0; WINDOWS];
            lanes.store(&mut stored);
            for i in 0..L::COUNT {
                assert_eq!(stored[i], expected(a[i], b[i]));
            }
        };
        is(x & y, &|a, b| a & b);
        is(x | y, &|a, b| a | b);
        is(!x, &|a, _| !a);
        is(x << 5, &|a, _| a << 5);
        is(x >> 3, &|a, _| a >> 3);
    }

    fn holds<C: Classifier>(classifier: C) {
        agrees(classifier);
        operates::<C::Lanes>();
    }

    #[test]
    fn every_byte_value_is_classified_alike_at_every_place() {
        holds(Portable);
        operates::<One>();
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = avx2::Avx2::detect() {
            holds(avx2);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = avx512::Avx512::detect() {
            holds(avx512);
        }
    }
}
