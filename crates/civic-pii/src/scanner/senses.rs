//! What names of fields told lately: the lines of a log have the same names again and again.

use crate::evidence::sense_of_key;
use crate::vocabulary::{Sense, Vocabulary};

/// A power of two, so that a place is a part of a hash.
const PLACES: usize = 64;
/// Longest name that is remembered.
const LONGEST: usize = 16;

/// The senses of the last names of up to sixteen bytes, each in one place; a new name takes the place of an old one.
///
/// Good for one vocabulary only. The zero of an empty place is no name, since a name is never empty.
#[derive(Debug)]
pub(super) struct Senses {
    names: [u128; PLACES],
    told: [(Sense, bool); PLACES],
    /// Names that are none of a value that is looked for by its name.
    dull: [u128; PLACES],
}

impl Default for Senses {
    fn default() -> Self {
        Self {
            names: [0; PLACES],
            told: [(Sense::default(), false); PLACES],
            dull: [0; PLACES],
        }
    }
}

impl Senses {
    /// Whether it is known that the name in this part of a text is none that a value is looked for by.
    #[inline(always)]
    pub(super) fn is_dull(&self, text: &[u8], from: usize, to: usize) -> bool {
        if to <= from || to - from > LONGEST {
            return false;
        }
        let (key, place) = key_and_place(text, from, to);
        self.dull[place] == key
    }

    /// Remembers that.
    pub(super) fn add_dull(&mut self, text: &[u8], from: usize, to: usize) {
        if to > from && to - from <= LONGEST {
            let (key, place) = key_and_place(text, from, to);
            self.dull[place] = key;
        }
    }

    /// What the name tells that stands in this part of a text.
    #[inline]
    pub(super) fn get(
        &mut self,
        text: &[u8],
        (from, to): (usize, usize),
        vocabulary: &Vocabulary,
    ) -> (Sense, bool) {
        let name = &text[from..to];
        if name.is_empty() || name.len() > LONGEST {
            return sense_of_key(name, vocabulary);
        }
        let (key, place) = key_and_place(text, from, to);
        if self.names[place] != key {
            self.names[place] = key;
            self.told[place] = sense_of_key(name, vocabulary);
        }
        self.told[place]
    }
}

/// A name of up to sixteen bytes as a number, and its place.
#[inline(always)]
fn key_and_place(text: &[u8], from: usize, to: usize) -> (u128, usize) {
    let key = if let Some(bytes) = text[..to].last_chunk() {
        u128::from_le_bytes(*bytes) >> (8 * (LONGEST - (to - from)))
    } else {
        text[from..to]
            .iter()
            .rev()
            .fold(0, |key, byte| key << 8 | u128::from(*byte))
    };
    let folded = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (key, (folded >> 58) as usize % PLACES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remembered_name_tells_what_a_new_one_does() {
        let words = Vocabulary::default_words();
        let mut senses = Senses::default();
        let names = [
            "nino",
            "nhs_number",
            "count",
            "message",
            "x",
            "dateOfBirth",
            "a_name_that_is_longer_than_sixteen",
            "ts",
        ];
        for round in 0..3 {
            for (i, name) in names.iter().enumerate() {
                let name = format!(
                    "{name}{}",
                    if round == 1 {
                        i.to_string()
                    } else {
                        String::new()
                    }
                );
                for before in ["", "some words before ", "x."] {
                    let text = format!("{before}{name}=");
                    let part = (before.len(), before.len() + name.len());
                    assert_eq!(
                        senses.get(text.as_bytes(), part, words),
                        sense_of_key(name.as_bytes(), words),
                        "{name}"
                    );
                }
            }
        }
    }
}
