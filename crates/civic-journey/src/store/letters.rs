//! Base64 for URLs (RFC 4648 section 5) of whole groups of three bytes, which need no padding.
//!
//! A token has 27 bytes each time. A general codec, with its engines, padding and rest of a group, takes half as long as the
//! signature; this is two tables.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is no letter; beyond six bits.
const NONE: u8 = 0xff;

static VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut i = 0;
    while i < LETTERS.len() {
        values[LETTERS[i] as usize] = i as u8;
        i += 1;
    }
    values
};

/// Writes four letters for each group.
#[inline]
pub(crate) fn encode(groups: &[[u8; 3]], letters: &mut [[u8; 4]]) {
    for (group, four) in groups.iter().zip(letters) {
        let [a, b, c] = *group;
        let bits = u32::from_be_bytes([0, a, b, c]);
        for (letter, shift) in four.iter_mut().zip([18, 12, 6, 0]) {
            *letter = LETTERS[(bits >> shift) as usize & 63];
        }
    }
}

/// Writes the group of each four letters; `false` when there are others among them.
#[inline]
#[must_use]
pub(crate) fn decode(letters: &[[u8; 4]], groups: &mut [[u8; 3]]) -> bool {
    let mut seen = 0;
    for (four, group) in letters.iter().zip(groups) {
        let mut bits = 0;
        for letter in four {
            let value = VALUES[usize::from(*letter)];
            seen |= value;
            bits = bits << 6 | u32::from(value & 63);
        }
        let [_, a, b, c] = bits.to_be_bytes();
        *group = [a, b, c];
    }
    seen < 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_the_standard() {
        // python3 -c "import base64; print(base64.urlsafe_b64encode(bytes([0, 16, 131, 251, 255, 190])))"
        let groups = [[0, 16, 131], [251, 255, 190]];
        let mut letters = [[0; 4]; 2];
        encode(&groups, &mut letters);
        assert_eq!(letters, [*b"ABCD", *b"-_--"]);
        let mut back = [[0; 3]; 2];
        assert!(decode(&letters, &mut back));
        assert_eq!(back, groups);
    }

    #[test]
    fn every_group_comes_back_and_other_letters_do_not() {
        let (mut letters, mut back) = ([[0; 4]], [[0; 3]]);
        for bits in (0..1_u32 << 24).step_by(977) {
            let [_, a, b, c] = bits.to_be_bytes();
            encode(&[[a, b, c]], &mut letters);
            assert!(decode(&letters, &mut back));
            assert_eq!(back, [[a, b, c]]);
        }
        for letter in (0..=255).filter(|letter| !LETTERS.contains(letter)) {
            assert!(!decode(&[[b'A', letter, b'A', b'A']], &mut back));
        }
    }
}
