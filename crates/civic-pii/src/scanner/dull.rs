//! Chains of digits that are nothing to any recogniser, told by the masks of their window before a byte is read.
//!
//! Nearly every line of a log has a few: fractions, sizes, ids under technical names, pieces of hashes and of UUIDs.

use core::ops::Range;

use super::engine::Scan;
use super::masks::Windows;

/// Letters of a word that no format has before its digits, but for six of them.
const LONG_WORD: u32 = 6;

/// Whether the chain that ends with this bit of a window is nothing to any recogniser; `false` where that is not sure.
///
/// `base` is where the window begins, and `hidden` the UUID that the chain ends in, if it does.
#[inline(always)]
pub(super) fn is_dull(
    scan: &Scan<'_>,
    masks: &Windows,
    window: usize,
    base: usize,
    bit: u32,
    hidden: Option<&Range<usize>>,
) -> bool {
    let (digit, separator) = (masks.digit[window], masks.separator[window]);
    let last = run_before(digit, bit + 1);
    let Some(mut at) = (bit + 1).checked_sub(last).filter(|at| *at > 0) else {
        return false;
    };
    let mut first = 0;
    let mut groups = 1;
    let mut sign = 0;
    // The groups before, up to three in all.
    while groups < 3 && separator >> (at - 1) & 1 != 0 {
        let more = run_before(digit, at - 1);
        if more == 0 {
            break;
        }
        let Some(next) = (at - 1).checked_sub(more).filter(|at| *at > 0) else {
            return false;
        };
        sign = at - 1;
        first = more;
        at = next;
        groups += 1;
    }
    let start = base + at as usize;
    if hidden.is_some_and(|id| id.start <= start) {
        return true;
    }
    match groups {
        1 => is_dull_number(scan, masks, window, start, at, last),
        2 => {
            let sign = base + sign as usize;
            is_dull_pair(scan, masks, window, (start, at), (first, sign, last))
        }
        _ => false,
    }
}

/// Whether digits without separators are nothing.
#[inline(always)]
fn is_dull_number(
    scan: &Scan<'_>,
    masks: &Windows,
    window: usize,
    start: usize,
    at: u32,
    len: u32,
) -> bool {
    let before = scan.before(start);
    if before.is_ascii_alphabetic() {
        return is_in_hexadecimal(scan.text(), start);
    }
    let end = start + len as usize;
    match len {
        // Seven digits may follow an area code: `(0141) 4960123`.
        7 if scan.ends(end)
            && before != b')'
            && scan.before(start - 1) != b')'
            && (stands_free(scan, masks, window, start, at)
                || follows_long_word(masks, window, at)) =>
        {
            true
        }
        // So few digits are nothing without a name or a word, and words do not count behind a key.
        6..=9 => scan.has_silent_key(start),
        _ => false,
    }
}

/// Whether two groups are a fraction, or two numbers that are nothing.
#[inline(always)]
fn is_dull_pair(
    scan: &Scan<'_>,
    masks: &Windows,
    window: usize,
    (start, at): (usize, u32),
    (a, place, b): (u32, usize, u32),
) -> bool {
    let sign = scan.byte(place);
    let free = stands_free(scan, masks, window, start, at);
    if sign == b'.' {
        // A fraction has no zero in front but before its point: `07700.900123` is a telephone number.
        let fraction = a < 9 && (scan.byte(start) != b'0' || a == 1) && (a, b) != (6, 4);
        if fraction && free {
            return true;
        }
    }
    let short = |len: u32| matches!(len, 1..=5 | 7);
    let reference = matches!(sign, b'/' | b'-') && (matches!((a, b), (2 | 4, 1..=7) | (_, 2)));
    if !short(a) || !short(b) || a + b > 8 || a + b == 6 || (a, b) == (4, 4) || reference {
        return false;
    }
    // The first bytes of a dump.
    if scan.byte(place + 3) == sign || scan.byte(place + 5) == sign {
        return false;
    }
    match scan.before(start) {
        // What stands in front may belong to a telephone number.
        b'+' | b')' => false,
        b' ' if scan.before(start - 1) == b')' => false,
        _ => free || follows_long_word(masks, window, at),
    }
}

/// Whether no letter stands in front, in the same word or one separator before it.
#[inline(always)]
fn stands_free(scan: &Scan<'_>, masks: &Windows, window: usize, start: usize, at: u32) -> bool {
    let letter = masks.letter[window];
    let near = letter >> (at - 1) & 1 != 0;
    // The byte before the separator may lie before the window.
    let apart = masks.separator[window] >> (at - 1) & 1 != 0
        && if at > 1 {
            letter >> (at - 2) & 1 != 0
        } else {
            scan.before(start - 1).is_ascii_alphabetic()
        };
    !near && !apart
}

/// Whether a separator stands in front and a long word before it.
#[inline(always)]
fn follows_long_word(masks: &Windows, window: usize, at: u32) -> bool {
    masks.separator[window] >> (at - 1) & 1 != 0
        && run_before(masks.letter[window], at - 1) >= LONG_WORD
}

/// Whether eight lower-case hexadecimal digits stand in front, and not only letters: no number begins within such a word.
#[inline]
pub(super) fn is_in_hexadecimal(text: &[u8], start: usize) -> bool {
    let Some(eight) = text[..start].last_chunk::<8>() else {
        return false;
    };
    let (hexadecimal, digit) = eight.iter().fold((true, false), |(all, any), byte| {
        let digit = byte.is_ascii_digit();
        (all & (digit | matches!(byte, b'a'..=b'f')), any | digit)
    });
    hexadecimal && digit
}

/// How many bits of a mask are set directly below this one.
#[inline(always)]
fn run_before(mask: u64, bit: u32) -> u32 {
    if bit == 0 {
        return 0;
    }
    (!(mask << (64 - bit))).leading_zeros().min(bit)
}

/// The UUID whose last hyphen stands here: groups of 8, 4, 4, 4 and 12 hexadecimal digits.
#[inline]
pub(super) fn uuid_around(text: &[u8], last_hyphen: usize) -> Option<Range<usize>> {
    const LENGTH: usize = 36;
    let start = last_hyphen.checked_sub(23)?;
    let mut digits: [u8; LENGTH] = *text[start..].first_chunk()?;
    for hyphen in [8, 13, 18, 23] {
        digits[hyphen] = b'0';
    }
    let hexadecimal = digits
        .iter()
        .fold(true, |all, byte| all & byte.is_ascii_hexdigit());
    let around =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    let longer =
        around(start.checked_sub(1).map(|at| &text[at])) || around(text.get(start + LENGTH));
    (hexadecimal && !longer).then_some(start..start + LENGTH)
}
