//! Chains of digits that are nothing to any recogniser, told by the masks of their window before a byte is read.
//!
//! Nearly every line of a log has a few: fractions, sizes, ids under technical names, pieces of hashes and of UUIDs.

use core::ops::Range;

use super::engine::Scan;
use super::masks::Windows;
use crate::identifier::mod11_weighted;

/// Letters of a word that no format has before its digits, but for six of them.
const LONG_WORD: u32 = 6;

/// Most groups that are told from identifiers here.
const GROUPS: u32 = 4;

/// A chain, as the masks of its window tell.
#[derive(Clone, Copy)]
struct Chain {
    /// Where it begins in the text, and in the window.
    start: usize,
    at: u32,
    /// Digits in each group, eight bits for each, from the last one on.
    lens: u32,
    count: u32,
    /// Digits in all.
    total: u32,
    /// Whether all separators are points.
    dotted: bool,
}

impl Chain {
    /// Digits in a group, counted from the last one.
    #[inline(always)]
    fn len(&self, group: u32) -> u32 {
        self.lens >> (8 * group) & 0xFF
    }
}

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
    let mut chain = Chain {
        start: 0,
        at: bit + 1 - last,
        lens: last,
        count: 1,
        total: last,
        dotted: true,
    };
    // What lies before the window is not known.
    while chain.at > 1 && separator >> (chain.at - 1) & 1 != 0 {
        let more = run_before(digit, chain.at - 1);
        if more == 0 {
            break;
        }
        if chain.count == GROUPS {
            return false;
        }
        chain.dotted &= masks.dot[window] >> (chain.at - 1) & 1 != 0;
        chain.lens |= more << (8 * chain.count);
        chain.count += 1;
        chain.total += more;
        chain.at -= 1 + more;
    }
    if chain.at == 0 {
        return false;
    }
    chain.start = base + chain.at as usize;
    if hidden.is_some_and(|id| id.start <= chain.start) {
        return true;
    }
    match chain.count {
        1 => is_dull_number(scan, masks, window, chain),
        2 => is_dull_pair(scan, masks, window, chain),
        _ => chain.dotted && is_dull_row(scan, masks, window, chain),
    }
}

/// Whether digits without separators are nothing.
#[inline(always)]
fn is_dull_number(scan: &Scan<'_>, masks: &Windows, window: usize, chain: Chain) -> bool {
    let Chain { start, total, .. } = chain;
    if masks.letter[window] >> (chain.at - 1) & 1 != 0 {
        return is_in_hexadecimal(scan.text(), start);
    }
    let end = start + total as usize;
    match total {
        // So few digits are nothing without a name or a word, and words do not count behind a key.
        6..=9 => {
            scan.has_silent_key(start)
                // Seven digits may follow an area code: `(0141) 4960123`.
                || (total == 7
                    && scan.ends(end)
                    && !follows_dialling(scan, start)
                    && (stands_free(scan, masks, window, chain)
                        || follows_long_word(masks, window, chain)))
        }
        10 => {
            let digits = &scan.text()[start..end];
            digits[0] != b'0'
                && !matches!(scan.byte(end), b'K' | b'k')
                && mod11_weighted(digits) != 0
                && scan.has_silent_key(start)
        }
        _ => false,
    }
}

/// Whether two groups are a fraction, or two numbers that are nothing.
#[inline(always)]
fn is_dull_pair(scan: &Scan<'_>, masks: &Windows, window: usize, chain: Chain) -> bool {
    let start = chain.start;
    let (a, b) = (chain.len(1), chain.len(0));
    if follows_dialling(scan, start) {
        return false;
    }
    let free = stands_free(scan, masks, window, chain);
    // A fraction has no zero in front but before its point: `07700.900123` is a telephone number.
    if chain.dotted && free && a < 9 && (a, b) != (6, 4) && (scan.byte(start) != b'0' || a == 1) {
        return true;
    }
    let place = start + a as usize;
    let sign = scan.byte(place);
    let short = |len: u32| matches!(len, 1..=5 | 7);
    let reference = matches!(sign, b'/' | b'-') && (matches!((a, b), (2 | 4, 1..=7) | (_, 2)));
    if !short(a) || !short(b) || a + b > 8 || (a, b) == (4, 4) || reference {
        return false;
    }
    // The first bytes of a dump.
    if a % 2 == 0 && (scan.byte(place + 3) == sign || scan.byte(place + 5) == sign) {
        return false;
    }
    free || follows_word(scan, masks, window, chain)
}

/// Whether three or four groups with points between are a version, or an address that is nobody's.
#[inline(never)]
fn is_dull_row(scan: &Scan<'_>, masks: &Windows, window: usize, chain: Chain) -> bool {
    let start = chain.start;
    let (a, b, c, d) = (chain.len(3), chain.len(2), chain.len(1), chain.len(0));
    let first = if chain.count == GROUPS { a } else { b };
    if chain.total - first > 9 || scan.byte(start) == b'0' || follows_dialling(scan, start) {
        return false;
    }
    if chain.count == GROUPS && a.max(b).max(c).max(d) < 4 {
        return is_local(scan, chain);
    }
    !looks_known(a, b, c)
        && !looks_known(b, c, d)
        && a.max(b).max(c).max(d) < 5
        && (stands_free(scan, masks, window, chain) || follows_word(scan, masks, window, chain))
}

/// Whether three groups have the lengths of a date or a sort code, or of a number of ten or nine digits.
#[inline(always)]
fn looks_known(a: u32, b: u32, c: u32) -> bool {
    matches!(
        (a, b, c),
        (4, 1..=2, 1..=2)
            | (1..=2, 1..=2, 2 | 4)
            | (3, 3, 3 | 4)
            | (4, 3, 3)
            | (2, 4 | 3, 4)
            | (3, 4, 2)
    ) || (a, b) == (4, 4)
        || (b, c) == (4, 4)
}

/// Whether four groups are the address of a machine in its own network, with no name before it that speaks.
#[inline(always)]
fn is_local(scan: &Scan<'_>, chain: Chain) -> bool {
    let Chain { start, .. } = chain;
    let text = scan.text();
    let local = text[start..].starts_with(b"10.") || text[start..].starts_with(b"127.");
    let end = start + (chain.total + GROUPS) as usize - 1;
    let before = scan.before(start);
    // Behind a word or a sign no key can stand.
    let apart = before == b' '
        && (scan.before(start - 1).is_ascii_alphanumeric()
            || matches!(scan.before(start - 1), b'-' | b']'));
    local
        && scan.begins(start)
        && scan.ends(end)
        && scan.byte(end) != b'.'
        && !text[start..end]
            .split(|byte| *byte == b'.')
            .any(|part| part.len() == 3 && part[0] > b'2')
        && (apart || scan.has_silent_key(start))
}

/// Whether what stands in front may belong to a telephone number.
#[inline(always)]
pub(super) fn follows_dialling(scan: &Scan<'_>, start: usize) -> bool {
    scan.before(start) == b'+' || is_behind_bracket(scan, start)
}

/// Whether the bracket of an area code may stand in front: `(0141) 4960123`.
#[inline(always)]
pub(super) fn is_behind_bracket(scan: &Scan<'_>, start: usize) -> bool {
    let close = if scan.before(start) == b')' {
        start
    } else {
        start.saturating_sub(1)
    };
    // Nothing but digits stands in it: `540M->23M(1574M) 24.266ms`.
    scan.before(close) == b')' && matches!(scan.before(close - 1), b'0'..=b'9' | b'(')
}

/// Whether no letter stands in front, in the same word or one separator before it.
#[inline(always)]
fn stands_free(scan: &Scan<'_>, masks: &Windows, window: usize, chain: Chain) -> bool {
    let Chain { start, at, .. } = chain;
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
fn follows_long_word(masks: &Windows, window: usize, chain: Chain) -> bool {
    masks.separator[window] >> (chain.at - 1) & 1 != 0
        && run_before(masks.letter[window], chain.at - 1) >= LONG_WORD
}

/// As [`follows_long_word`], and no two capitals at its end can be those of an identifier with six digits.
#[inline(always)]
fn follows_word(scan: &Scan<'_>, masks: &Windows, window: usize, chain: Chain) -> bool {
    follows_long_word(masks, window, chain) && scan.before(chain.start - 1).is_ascii_lowercase()
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
pub(super) fn run_before(mask: u64, bit: u32) -> u32 {
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
