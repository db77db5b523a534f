//! What the field-name rules said lately: the events of a program have the same fields again and again.

use core::sync::atomic::{AtomicU64, Ordering};

use crate::policy::Rule;

/// A power of two, so that a place is a part of a hash.
const PLACES: usize = 32;
/// Longest name that is remembered.
const LONGEST: usize = 32;

/// Tells one policy in use from another. A copy of a redactor has the same policy, and the same mark.
#[derive(Debug)]
pub(super) struct Mark(u64);

impl Default for Mark {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// What the name of a field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) rule: Rule,
    /// Whether the name is evidence for any kind.
    pub(super) speaks: bool,
}

/// What the last names of up to 32 bytes say, each in one place; a new name takes the place of an old one.
///
/// Made with the first name: many buffers never see one.
#[derive(Debug, Default)]
pub(crate) struct Rules(Option<Box<Places>>);

#[derive(Debug)]
struct Places {
    /// The mark of the policy that all this is of; zero is none.
    policy: u64,
    names: [[u8; LONGEST]; PLACES],
    lengths: [u8; PLACES],
    said: [Said; PLACES],
}

impl Rules {
    /// What a name says, if it is remembered.
    #[inline]
    pub(super) fn known(&self, policy: &Mark, name: &str) -> Option<Said> {
        let places = self.0.as_ref().filter(|places| places.policy == policy.0)?;
        let place = place(name.as_bytes())?;
        let known = places.names[place].get(..places.lengths[place].into());
        (known == Some(name.as_bytes())).then(|| places.said[place])
    }

    /// Remembers what a name says.
    pub(super) fn learn(&mut self, policy: &Mark, name: &str, said: Said) {
        let Some(place) = place(name.as_bytes()) else {
            return;
        };
        let places = self.0.get_or_insert_with(Places::none);
        if places.policy != policy.0 {
            places.lengths = [0; PLACES];
            places.policy = policy.0;
        }
        places.said[place] = said;
        places.names[place][..name.len()].copy_from_slice(name.as_bytes());
        places.lengths[place] = name.len() as u8;
    }
}

impl Places {
    #[cold]
    fn none() -> Box<Self> {
        Box::new(Self {
            policy: 0,
            names: [[0; LONGEST]; PLACES],
            lengths: [0; PLACES],
            said: [Said {
                rule: Rule::Scan,
                speaks: true,
            }; PLACES],
        })
    }
}

/// The place of a name, by its length and its first and last bytes; none for a name that is not remembered.
#[inline]
fn place(name: &[u8]) -> Option<usize> {
    if name.len() > LONGEST {
        return None;
    }
    let (first, last) = match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (name.first_chunk(), name.last_chunk()) {
            (Some(first), Some(last)) => (
                u32::from_le_bytes(*first).into(),
                u32::from_le_bytes(*last).into(),
            ),
            _ => match name {
                [first, .., last] => ((*first).into(), (*last).into()),
                _ => return None,
            },
        },
    };
    let folded =
        (first ^ last.rotate_left(29) ^ name.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Some((folded >> 59) as usize % PLACES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn a_name_says_what_its_policy_does_whatever_was_asked_before() {
        let mut rules = Rules::default();
        let marks = [Mark::default(), Mark::default()];
        let names: Vec<String> = (0..100)
            .map(|i| {
                "name_of_a_field_that_is_longer_than_most"[..=i % 40].to_owned() + &i.to_string()
            })
            .chain(["", "x", "ab", "abc", "nino", "ninox"].map(String::from))
            .collect();
        let say = |policy: usize, name: &str| Said {
            rule: match (name.len() + policy) % 3 {
                0 => Rule::Keep,
                1 => Rule::Whole(Kind::Nino),
                _ => Rule::Scan,
            },
            speaks: name.len().is_multiple_of(2),
        };
        for round in 0..6 {
            for name in names.iter().chain(names.iter().rev()) {
                let policy = round / 2 % 2;
                let known = rules.known(&marks[policy], name);
                assert!(
                    known.is_none_or(|known| known == say(policy, name)),
                    "{name}"
                );
                rules.learn(&marks[policy], name, say(policy, name));
                let expected = (2..=LONGEST)
                    .contains(&name.len())
                    .then(|| say(policy, name));
                assert_eq!(rules.known(&marks[policy], name), expected, "{name}");
            }
        }
    }
}
