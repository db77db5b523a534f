//! Ends and beginnings of the words of a vocabulary, for a quick look before a word is looked up.

/// The last four bytes of names, in any case; of a name of three letters, those with whatever may stand before it.
#[derive(Debug)]
pub(super) struct Endings {
    /// A bit for the hash of each; what is not in the set may seem to be.
    bits: Box<[u32; ENDINGS]>,
    /// All of them in small letters, sorted; the first byte is zero where any may stand.
    known: Vec<[u8; 4]>,
}

/// Enough that one name in thirty that is not in the set seems to be, and few enough to stay near the processor.
const ENDINGS: usize = 2048;

/// What stands between the words of a name.
const SEPARATORS: [u8; 3] = *b"_-.";

impl Default for Endings {
    fn default() -> Self {
        Self {
            bits: Box::new([0; ENDINGS]),
            known: Vec::new(),
        }
    }
}

impl Endings {
    /// Adds the end of a name, as it stands where its words are joined and where a separator stands between them.
    pub(super) fn add(&mut self, name: &[u8]) {
        match name {
            [.., a, b, c, d] => {
                self.insert([*a, *b, *c, *d]);
                self.add_apart(*b, *c, *d);
            }
            [b, c, d] => {
                self.insert([0, *b, *c, *d]);
                self.add_apart(*b, *c, *d);
                // `d_o_b`.
                for separator in SEPARATORS {
                    self.insert([separator, *c, separator, *d]);
                }
            }
            [c, d] => (0..=255).for_each(|b| self.insert([0, b, *c, *d])),
            _ => {}
        }
    }

    fn add_apart(&mut self, b: u8, c: u8, d: u8) {
        for separator in SEPARATORS {
            self.insert([separator, b, c, d]);
            self.insert([b, separator, c, d]);
            self.insert([b, c, separator, d]);
        }
    }

    fn insert(&mut self, ending: [u8; 4]) {
        let [first, b, c, d] = ending;
        let (place, bit) = place(if first == 0 {
            last_three([b, c, d])
        } else {
            small(ending)
        });
        self.bits[place] |= 1 << bit;
        if let Err(at) = self.known.binary_search(&ending) {
            self.known.insert(at, ending);
        }
    }

    /// Whether a name that ends in these four bytes may be one of them; a quick look, without a branch.
    #[inline]
    pub(super) fn may_have(&self, [a, b, c, d]: [u8; 4]) -> bool {
        let (four, three) = (place(small([a, b, c, d])), place(last_three([b, c, d])));
        (self.bits[four.0] >> four.1 | self.bits[three.0] >> three.1) & 1 != 0
    }

    /// Whether it is one of them.
    #[inline]
    pub(super) fn has(&self, last: [u8; 4]) -> bool {
        let [a, b, c, d] = last.map(|byte| byte.to_ascii_lowercase());
        self.may_have(last)
            && [[a, b, c, d], [0, b, c, d]]
                .iter()
                .any(|ending| self.known.binary_search(ending).is_ok())
    }
}

/// Four bytes with their letters made small; what else that changes stands in no name.
#[inline]
fn small(four: [u8; 4]) -> u32 {
    u32::from_be_bytes(four) | 0x2020_2020
}

/// The last three of four bytes.
#[inline]
fn last_three([b, c, d]: [u8; 3]) -> u32 {
    small([0, b, c, d]) & 0x00FF_FFFF
}

/// Where the bit of an ending stands.
#[inline]
fn place(ending: u32) -> (usize, u32) {
    let hash = ending.wrapping_mul(0x9E37_79B1) >> 16;
    ((hash >> 5) as usize % ENDINGS, hash & 31)
}

/// The first four letters of words, of shorter words fewer, five bits of each; what is not in the set may seem to be.
#[derive(Debug)]
pub(super) struct Beginnings(Box<[u32; BEGINNINGS]>);

/// Enough that few words that are not in the set seem to be.
const BEGINNINGS: usize = 4096;

impl Default for Beginnings {
    fn default() -> Self {
        Self(Box::new([0; BEGINNINGS]))
    }
}

impl Beginnings {
    /// Adds the beginning of a word; of a shorter word, with whatever may follow it.
    pub(super) fn add(&mut self, word: &[u8]) {
        match word {
            [a, b, c, d, ..] => self.set([*a, *b, *c, *d]),
            [a, b, c] => (0..32).for_each(|d| self.set([*a, *b, *c, d])),
            [a, b] => (0..32).for_each(|c| (0..32).for_each(|d| self.set([*a, *b, c, d]))),
            _ => {}
        }
    }

    fn set(&mut self, [a, b, c, d]: [u8; 4]) {
        self.0[three_letters(a, b, c)] |= 1 << (d & 31);
    }

    /// Whether a word may begin with these letters, in any case.
    #[inline]
    pub(super) fn may_have(&self, [a, b, c, d]: [u8; 4]) -> bool {
        self.0[three_letters(a, b, c)] & 1 << (d & 31) != 0
    }
}

#[inline]
fn three_letters(a: u8, b: u8, c: u8) -> usize {
    let letters = usize::from(a & 31) << 10 | usize::from(b & 31) << 5 | usize::from(c & 31);
    (letters * 0x9E5) >> 3 & (BEGINNINGS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_three_letters_ends_so_whatever_stands_before_it() {
        let mut endings = Endings::default();
        endings.add(b"vat");
        endings.add(b"surname");
        for before in 0..=255 {
            assert!(endings.has([before, b'v', b'a', b't']), "{before}");
            assert_eq!(
                endings.has([before, b'a', b'm', b'e']),
                b"nN_-.".contains(&before),
                "{before}"
            );
            assert!(!endings.has([before, b'c', b'a', b'r']), "{before}");
        }
        assert!(endings.has(*b"V_AT") && endings.has(*b"_a_t"));
    }

    #[test]
    fn what_was_added_seems_to_be_there_and_little_else_does() {
        let mut endings = Endings::default();
        let mut beginnings = Beginnings::default();
        let letters = |i: u32| -> [u8; 4] {
            core::array::from_fn(|place| {
                b'a' + (i.wrapping_mul(2_654_435_761) >> (7 * place)) as u8 % 26
            })
        };
        for i in 0..300 {
            endings.add(&letters(i));
            beginnings.add(&letters(i));
        }
        assert!((0..300).all(|i| endings.may_have(letters(i)) && beginnings.may_have(letters(i))));
        let seem =
            |has: &dyn Fn([u8; 4]) -> bool| (1000..2000).filter(|i| has(letters(*i))).count();
        assert!(seem(&|four| endings.may_have(four)) < 100);
        assert!(seem(&|four| beginnings.may_have(four)) < 100);
        assert!(seem(&|four| endings.has(four)) < 10);
    }
}
