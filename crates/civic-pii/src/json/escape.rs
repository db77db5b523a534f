//! Characters and escapes that a finding must not cut in two.

use core::ops::Range;

use super::REACH;

/// Moves the ends of a finding so that it cuts no UTF-8 character and no escape in two.
///
/// The scanner's own findings cover escapes whole; those of a user's expression may not.
pub(super) fn whole_characters(
    text: &[u8],
    start: usize,
    end: usize,
    floor: usize,
) -> (usize, usize) {
    let (mut start, mut end) = (start.max(floor), end.min(text.len()));
    if continues(text, start) || continues(text, end) {
        for _ in 0..3 {
            if start > floor && continues(text, start) {
                start -= 1;
            }
            if continues(text, end) {
                end += 1;
            }
        }
    }
    if let Some(escape) = escape_across(text, start) {
        start = escape.start.max(floor);
    }
    if let Some(escape) = escape_across(text, end) {
        // A quote at the end is not part of the value, and neither are its backslashes.
        end = if text[escape.end - 1] == b'"' && escape.start > start {
            escape.start
        } else {
            escape.end
        };
    }
    (start, end)
}

/// Most bytes of an escape before its last one, apart from further backslashes.
const LONGEST: usize = 9;

fn is_sign(byte: u8) -> bool {
    matches!(byte, b'%' | b'\\')
}

fn continues(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|b| b & 0xc0 == 0x80)
}

/// The escape that has bytes on both sides of `at`.
fn escape_across(text: &[u8], at: usize) -> Option<Range<usize>> {
    // Nearly always none begins so near.
    let near = text[..at].last_chunk::<LONGEST>();
    if near.is_some_and(|near| !near.iter().fold(false, |any, byte| any | is_sign(*byte))) {
        return None;
    }
    for start in at.saturating_sub(2)..at {
        if text[start] == b'%'
            && text
                .get(start + 1..start + 3)
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
        {
            return Some(start..start + 3);
        }
    }
    let last = (at.saturating_sub(LONGEST)..at)
        .rev()
        .find(|i| text[*i] == b'\\')?;
    let before = text[..last]
        .iter()
        .rev()
        .take(REACH)
        .take_while(|b| **b == b'\\')
        .count();
    let escaped = last
        + text[last..]
            .iter()
            .take(REACH)
            .take_while(|b| **b == b'\\')
            .count();
    let hex = |from: usize, len: usize| {
        text.get(from..from + len)
            .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    };
    let end = match text.get(escaped)? {
        b'u' if hex(escaped + 1, 4) => escaped + 5,
        b'u' if text.get(escaped + 1) == Some(&b'{') => {
            let close = text[escaped..].iter().take(9).position(|b| *b == b'}')?;
            escaped + close + 1
        }
        b'x' if hex(escaped + 1, 2) => escaped + 3,
        b'n' | b'r' | b't' | b'b' | b'f' | b'0' | b'/' | b'"' | b'\'' => escaped + 1,
        _ => escaped,
    };
    (end > at).then_some(last - before..end)
}
