//! Finds the next of a few bytes, sixteen at a time.

use wide::u8x16;

/// Where the next of these bytes stands, or the end of the text.
#[inline]
pub(crate) fn next_of<const N: usize>(text: &[u8], from: usize, bytes: [u8; N]) -> usize {
    let mut at = from;
    while let Some(lane) = text[at..].first_chunk::<16>() {
        let lane = u8x16::new(*lane);
        let found = bytes.iter().fold(u8x16::ZERO, |found, byte| {
            found | lane.simd_eq(u8x16::splat(*byte))
        });
        let found = found.to_bitmask();
        if found != 0 {
            return at + found.trailing_zeros() as usize;
        }
        at += 16;
    }
    let left = &text[at..];
    let next = left.iter().position(|byte| bytes.contains(byte));
    at + next.unwrap_or(left.len())
}

#[cfg(test)]
mod tests {
    use super::next_of;

    #[test]
    fn each_place_of_a_text_is_looked_at() {
        for len in 0..50 {
            let mut text = vec![b'x'; len];
            assert_eq!(next_of(&text, 0, *b"%["), len);
            for at in 0..len {
                text[at] = if at % 2 == 0 { b'%' } else { b'[' };
                for from in 0..=len {
                    let expected = if from <= at { at } else { len };
                    assert_eq!(next_of(&text, from, *b"%["), expected, "{at} {from} {len}");
                }
                text[at] = b'x';
            }
        }
    }
}
