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
    senses: [(Sense, bool); PLACES],
}

impl Default for Senses {
    fn default() -> Self {
        Self {
            names: [0; PLACES],
            senses: [(Sense::default(), false); PLACES],
        }
    }
}

impl Senses {
    /// What a name tells.
    #[inline]
    pub(super) fn get(&mut self, name: &[u8], vocabulary: &Vocabulary) -> (Sense, bool) {
        if name.is_empty() || name.len() > LONGEST {
            return sense_of_key(name, vocabulary);
        }
        let mut bytes = [0; LONGEST];
        bytes[..name.len()].copy_from_slice(name);
        let key = u128::from_le_bytes(bytes);
        let folded = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = (folded >> 58) as usize % PLACES;
        if self.names[place] != key {
            self.names[place] = key;
            self.senses[place] = sense_of_key(name, vocabulary);
        }
        self.senses[place]
    }
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
                assert_eq!(
                    senses.get(name.as_bytes(), words),
                    sense_of_key(name.as_bytes(), words),
                    "{name}"
                );
            }
        }
    }
}
