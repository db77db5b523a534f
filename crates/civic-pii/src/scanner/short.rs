//! Tells at once that a short text holds nothing, without the state and the buffers of a scan.
//!
//! Most texts of fields are words, counts and codes of a few bytes. Their masks fit into registers, and where no shape is
//! anchored there is nothing to hand over.

use wide::u8x16;

use super::embedded;
use super::masks::Masks;
use super::windows::{RUN, Shapes, bits};
use crate::identifier::credential;

/// Longest text that is looked at here.
pub(super) const LONGEST: usize = 64;
/// Longest text whose masks are all worked out here.
const WORD: usize = 16;
/// Longest text of digits and separators that is nothing by itself. Only an address has so few, and three points.
const FEW_DIGITS: usize = 8;

/// Whether a text of at most [`LONGEST`] bytes surely holds nothing.
///
/// `bare` says that no name speaks for it, and that no kind's threshold is lower than usual: few digits are nothing then.
#[inline]
pub(super) fn is_silent(text: &[u8], bare: bool) -> bool {
    if text.len() > WORD {
        return is_prose(text);
    }
    let Some(bytes) = padded(text) else {
        return true;
    };
    let bytes = u8x16::new(bytes.to_le_bytes());
    let mut masks = Masks::<u64>::words(bytes);
    let words = masks.digit | masks.letter | masks.separator;
    if words != u64::MAX >> (64 - text.len()) {
        masks.add(bytes, 0);
        return Shapes::of(&masks.one()).are_none();
    }
    if masks.digit | masks.token == 0 && text.len() < RUN {
        return true;
    }
    if masks.separator == 0 {
        // The shapes of one word are fewer.
        masks.separator = 0;
        let few_digits = masks.letter == 0 && text.len() <= FEW_DIGITS && bare && text[0] != b'0';
        return few_digits || Shapes::of(&masks.one()).are_none();
    }
    masks.add_separators(bytes);
    if masks.letter == 0 && text.len() <= FEW_DIGITS && bare {
        let prefixed = matches!(text[0], b'0' | b'+');
        return !prefixed && masks.dot.count_ones() < 3;
    }
    Shapes::of(&masks.one()).are_none()
}

/// Whether a text of at least sixteen bytes has no byte that a shape is anchored at, and no shape of letters that is more
/// than a word; `false` where that is not sure.
#[inline]
pub(super) fn is_prose(text: &[u8]) -> bool {
    let mut start = 0;
    while start + LONGEST < text.len() {
        if !is_prose_piece(text, start) {
            return false;
        }
        // What a shape of letters reaches is looked at again.
        start += LONGEST - WORD;
    }
    is_prose_piece(text, start)
}

/// As [`is_prose`], of at most [`LONGEST`] bytes from here on.
#[inline]
fn is_prose_piece(text: &[u8], start: usize) -> bool {
    let piece = &text[start..text.len().min(start + LONGEST)];
    let (mut letter, mut dot, mut token) = (0, 0, 0);
    let mut from = 0;
    while from < piece.len() {
        // The last bytes are read together with some that were read before.
        let at = from.min(piece.len().saturating_sub(WORD));
        let Some(bytes) = piece[at..].first_chunk::<WORD>() else {
            return false;
        };
        let Some(words) = Masks::prose(u8x16::new(*bytes)) else {
            return false;
        };
        letter |= words.letter << at;
        dot |= words.dot << at;
        token |= words.token << at;
        from += WORD;
    }
    // A long run, and groups of four between dots.
    let l2 = letter & (letter << 1);
    let l4 = l2 & (l2 << 2);
    let twelve = l4 & (l4 << 4) & (l4 << 8);
    let groups = l4 & (dot << 4) & (l4 << 5);
    let is_word = |end: usize| {
        let run = start + end + 1 - RUN;
        !embedded::may_begin(text, run) && !credential::may_be_behind_scheme(text, run)
    };
    groups == 0
        && bits(token).all(|at| !credential::may_stand(text, start + at))
        && bits(twelve & !(twelve << 1)).all(is_word)
}

/// Four to sixteen bytes as one number, loaded in whole words: a copy to memory in parts would be waited for.
#[inline(always)]
fn padded(text: &[u8]) -> Option<u128> {
    let len = text.len();
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        return Some(u128::from(first) | u128::from(last) << ((len - 8) * 8));
    }
    let (first, last) = (text.first_chunk::<4>()?, text.last_chunk::<4>()?);
    let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
    Some(u128::from(
        u64::from(first) | u64::from(last) << ((len - 4) * 8),
    ))
}

#[cfg(test)]
mod tests {
    use crate::{Scanner, Scratch};

    /// A text of these characters, the same for the same seed.
    fn text(alphabet: &[u8], len: usize, seed: u64) -> String {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            alphabet[(state >> 32) as usize % alphabet.len()]
        };
        (0..len).map(|_| char::from(next())).collect()
    }

    #[test]
    fn a_silent_text_holds_nothing() {
        let scanner = Scanner::new();
        let mut scratch = Scratch::default();
        let mut silent = [0; 2];
        let alphabets: [&[u8]; 8] = [
            b"0123456789",
            b"0123456789-./, +",
            b"0123456789.",
            b"0123456789abcdefAB",
            b"ABKMSWY0123456789 ",
            b"abcdefgh ijklmnop qrstuvwxyz.JBey",
            b"aB1 .-/@=:<%\\[J\x1b~(\"",
            b"a.@bc1:e",
        ];
        for seed in 0..400_000 {
            let len = (seed / 8 % 66) as usize;
            let len = if seed % 3 == 0 { len } else { len % 17 };
            let text = text(alphabets[(seed % 8) as usize], len, seed + 1);
            for (speaks, names) in [
                (false, [None, Some("message")]),
                (true, [Some("nhs_number"), Some("date_of_birth")]),
            ] {
                if text.len() <= super::LONGEST && scanner.is_silent(speaks, text.as_bytes()) {
                    silent[usize::from(speaks)] += 1;
                    for name in names {
                        let found = scanner.scan_with(name, text.as_bytes(), &mut scratch);
                        assert_eq!(found, [], "{name:?} {text:?}");
                    }
                }
            }
        }
        assert!(silent.iter().all(|count| *count > 50_000), "{silent:?}");
    }

    #[test]
    fn what_stands_in_a_short_text_is_found() {
        let redactor = crate::Redactor::new();
        let mut scratch = Scratch::default();
        for (name, text) in [
            (None, "SW1A 2AA"),
            (None, "a@b.co.uk"),
            (Some("client_ip"), "1.2.3.44"),
            (None, "BD51 SMR"),
            (None, "AB123456C"),
            (Some("sort_code"), "12-34-56"),
            (Some("passport"), "533401372"),
            (Some("dob"), "1971-09"),
            (Some("uprn"), "12345678"),
        ] {
            // Once with a name that is new, once with one that is remembered.
            for _ in 0..2 {
                let mut out = String::new();
                redactor.redact_field(name, text, &mut scratch, &mut out);
                assert_ne!(out, text);
            }
        }
    }
}
