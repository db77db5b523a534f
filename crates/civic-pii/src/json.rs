//! Where a marker goes so that JSON stays JSON.
//!
//! A finding may be a bare JSON number, which a marker must replace in quotes; inside JSON that is itself a string the
//! quotes need the backslashes of that depth. All that is needed for it is how many strings are open: one quote at
//! depth `d` is written with `2^d - 1` backslashes before it.

use core::ops::Range;

/// How far a number, white space or a run of backslashes is followed from a finding.
///
/// It bounds the work per finding. A `u128` has 39 digits; deeper indentation than this leaves a number unquoted.
const REACH: usize = 64;

/// Deepest nesting of JSON in strings that is followed.
const DEPTH_MAX: u32 = 6;

/// What to replace for one finding, and with which quotes around the marker.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Depths of the quotes before the marker, outermost first.
    pub(crate) opens: Range<u32>,
    /// Depths of the quotes after the marker, outermost first.
    pub(crate) closes: Range<u32>,
}

/// Places the findings of one text, which must come in order.
#[derive(Debug)]
pub(crate) struct Placer<'t> {
    text: &'t [u8],
    strings: Option<Strings>,
}

impl<'t> Placer<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Placer {
            text,
            strings: looks_like_json(text).then(Strings::default),
        }
    }

    /// What to replace for a finding; nothing before `floor`, where the last place ended.
    pub(crate) fn place(&mut self, start: usize, end: usize, floor: usize) -> Place {
        let (start, end) = whole_characters(self.text, start, end, floor);
        let text = self.text;
        let number = number_around(text, start, end, floor);
        let (before, after) = (
            value_before(text, number.start),
            value_after(text, number.end),
        );
        let Some(strings) = &mut self.strings else {
            return match (before, after) {
                (Some(Before::Member(depth)), Some(b',' | b'}')) => quoted(number, depth),
                _ => bare(start, end),
            };
        };
        strings.advance(text, start);
        let (depth, listed) = (strings.open, strings.holds_json());
        strings.advance(text, end);
        let depth_after = strings.open;
        if depth == depth_after {
            return match (before, after) {
                (Some(Before::Member(own)), Some(b',' | b'}')) if own >= depth => {
                    quoted(number, own)
                }
                (Some(Before::Element), Some(b',' | b']')) if listed => quoted(number, depth),
                _ => bare(start, end),
            };
        }
        // One value of two members: `"sort_code":"12-34-56","account":12345678`. Close what was open, open what will be.
        Place {
            start: if depth < depth_after {
                number.start
            } else {
                start
            },
            end: if depth > depth_after { number.end } else { end },
            opens: depth..depth_after.max(depth),
            closes: depth_after..depth.max(depth_after),
        }
    }
}

fn bare(start: usize, end: usize) -> Place {
    Place {
        start,
        end,
        opens: 0..0,
        closes: 0..0,
    }
}

fn quoted(number: Range<usize>, depth: u32) -> Place {
    Place {
        start: number.start,
        end: number.end,
        opens: depth..depth + 1,
        closes: depth..depth + 1,
    }
}

/// Whether the text is JSON as a whole, by its first and last characters.
///
/// A bracket alone is no sign: log lines begin with `[INFO]` and `[2026-11-24T09:00:00Z]`.
fn looks_like_json(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    match text.first() {
        Some(b'{') => true,
        Some(b'[') => {
            let inner = text[1..].trim_ascii_start();
            matches!(inner.first(), Some(b'{' | b'[' | b'"')) || text.last() == Some(&b']')
        }
        _ => false,
    }
}

/// How many JSON strings are open, one inside the other, at a place in the text.
#[derive(Debug, Default)]
struct Strings {
    at: usize,
    open: u32,
    /// Bit `n` says whether the string at depth `n` begins like JSON.
    json: u32,
}

impl Strings {
    /// Reads on to `to`; a group of backslashes and what they escape is read whole or not at all.
    fn advance(&mut self, text: &[u8], to: usize) {
        while self.at < to {
            let plain = text[self.at..to]
                .iter()
                .position(|b| matches!(b, b'"' | b'\\' | b'\n'));
            let Some(plain) = plain else {
                self.at = to;
                return;
            };
            self.at += plain;
            if text[self.at] == b'\n' {
                // JSON strings hold no line feed: whatever was left open on this line was no JSON.
                self.open = 0;
                self.at += 1;
                continue;
            }
            let run = backslashes(&text[self.at..]);
            let next = self.at + run;
            if text.get(next) == Some(&b'"') {
                if next >= to {
                    return;
                }
                self.quote(run, &text[next + 1..]);
            }
            self.at = next + 1;
        }
    }

    /// A quote after `run` backslashes: each open string has taken one of each pair away.
    fn quote(&mut self, mut run: usize, rest: &[u8]) {
        for depth in 0..self.open {
            if run.is_multiple_of(2) {
                self.open = depth;
                return;
            }
            run = (run - 1) / 2;
        }
        if run == 0 && self.open < DEPTH_MAX {
            let begins = rest.iter().take(REACH).find(|b| !b.is_ascii_whitespace());
            let bit = 1 << self.open;
            self.json &= !bit;
            if matches!(begins, Some(b'{' | b'[')) {
                self.json |= bit;
            }
            self.open += 1;
        }
    }

    /// Whether what is read now is JSON: the text itself, or a string that begins like it.
    fn holds_json(&self) -> bool {
        self.open == 0 || self.json & (1 << (self.open - 1)) != 0
    }
}

fn backslashes(text: &[u8]) -> usize {
    text.iter().take_while(|b| **b == b'\\').count()
}

/// Moves the ends of a finding so that it cuts no UTF-8 character and no escape in two.
///
/// The scanner's own findings cover escapes whole; those of a user's expression may not.
fn whole_characters(text: &[u8], start: usize, end: usize, floor: usize) -> (usize, usize) {
    let (mut start, mut end) = (start.max(floor), end.min(text.len()));
    for _ in 0..3 {
        if start > floor && continues(text, start) {
            start -= 1;
        }
        if continues(text, end) {
            end += 1;
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

fn continues(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(|b| b & 0xc0 == 0x80)
}

/// The escape that has bytes on both sides of `at`.
fn escape_across(text: &[u8], at: usize) -> Option<Range<usize>> {
    for start in at.saturating_sub(2)..at {
        if text[start] == b'%'
            && text
                .get(start + 1..start + 3)
                .is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
        {
            return Some(start..start + 3);
        }
    }
    let last = (at.saturating_sub(9)..at)
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

/// The finding together with what belongs to the same number: a sign, a fraction, an exponent.
fn number_around(text: &[u8], start: usize, end: usize, floor: usize) -> Range<usize> {
    let in_number = |b: &&u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
    let before = text[floor..start]
        .iter()
        .rev()
        .take(REACH)
        .take_while(in_number)
        .count();
    let after = text[end..].iter().take(REACH).take_while(in_number).count();
    start - before..end + after
}

enum Before {
    /// A key with quotes of this depth, and a colon.
    Member(u32),
    /// The begin of an array, or a comma.
    Element,
}

/// What makes the text at `at` the begin of a bare JSON value.
fn value_before(text: &[u8], at: usize) -> Option<Before> {
    let (last, rest) = before_space(&text[..at])?;
    match last {
        b'[' | b',' => Some(Before::Element),
        b':' => {
            let (last, rest) = before_space(rest)?;
            if last != b'"' {
                return None;
            }
            let run = rest
                .iter()
                .rev()
                .take(REACH)
                .take_while(|b| **b == b'\\')
                .count();
            let depth = (run + 1).ilog2();
            ((1 << depth) == run + 1 && depth <= DEPTH_MAX).then_some(Before::Member(depth))
        }
        _ => None,
    }
}

/// The byte that follows a bare JSON value which ends at `at`.
fn value_after(text: &[u8], at: usize) -> Option<u8> {
    text[at..]
        .iter()
        .take(REACH)
        .copied()
        .find(|b| !b.is_ascii_whitespace())
}

fn before_space(text: &[u8]) -> Option<(u8, &[u8])> {
    let space = text
        .iter()
        .rev()
        .take(REACH)
        .take_while(|b| b.is_ascii_whitespace())
        .count();
    let (last, rest) = text[..text.len() - space].split_last()?;
    Some((*last, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replaces each `<...>` of the text, which stands for a finding, by `[M]`.
    fn replaced(marked: &str) -> String {
        let mut text = String::new();
        let mut findings = Vec::new();
        for (i, part) in marked.split(['<', '>']).enumerate() {
            if i % 2 == 1 {
                findings.push((text.len(), text.len() + part.len()));
            }
            text.push_str(part);
        }
        let mut placer = Placer::new(text.as_bytes());
        let mut out = String::new();
        let mut done = 0;
        for (start, end) in findings {
            let place = placer.place(start, end, done);
            let quote = |depth: u32| "\\".repeat((1 << depth) - 1) + "\"";
            out.push_str(&text[done..place.start]);
            out.extend(place.opens.map(quote));
            out.push_str("[M]");
            out.extend(place.closes.rev().map(quote));
            done = place.end;
        }
        out + &text[done..]
    }

    #[test]
    fn bare_numbers_get_quotes_and_strings_do_not() {
        for (marked, expected) in [
            (r#"{"a":<4434765919>}"#, r#"{"a":"[M]"}"#),
            (r#"{"a":"<4434765919>"}"#, r#"{"a":"[M]"}"#),
            (r#"{"a": "x: <4434765919>, y"}"#, r#"{"a": "x: [M], y"}"#),
            (
                r#"{"a" : <4434765919> , "b":1}"#,
                r#"{"a" : "[M]" , "b":1}"#,
            ),
            (r#"{"a":<4434765919>.0}"#, r#"{"a":"[M]"}"#),
            (r#"{"a":-<4434765919>e0}"#, r#"{"a":"[M]"}"#),
            (
                r#"{"a":[1,<4434765919>,<4434765919>]}"#,
                r#"{"a":[1,"[M]","[M]"]}"#,
            ),
            ("[<4434765919>]", r#"["[M]"]"#),
            (
                r#"["<4434765919>", "x, <4434765919>, y"]"#,
                r#"["[M]", "x, [M], y"]"#,
            ),
            (
                "{\n  \"a\": [\n    <4434765919>\n  ]\n}",
                "{\n  \"a\": [\n    \"[M]\"\n  ]\n}",
            ),
            (r#"{"a":"\\","b":<4434765919>}"#, r#"{"a":"\\","b":"[M]"}"#),
            (r#"{"a":<[65, 66]>}"#, r#"{"a":"[M]"}"#),
        ] {
            assert_eq!(replaced(marked), expected);
        }
    }

    #[test]
    fn json_in_a_string_gets_quotes_of_its_depth() {
        for (marked, expected) in [
            (
                r#"{"m":"{\"a\":<4434765919>}"}"#,
                r#"{"m":"{\"a\":\"[M]\"}"}"#,
            ),
            (
                r#"{"m":"{\"a\":[<1>,2]}"}"#,
                r#"{"m":"{\"a\":[\"[M]\",2]}"}"#,
            ),
            (r#"{"m":"[<1>,2]"}"#, r#"{"m":"[\"[M]\",2]"}"#),
            (
                r#"{"m":"{\"n\":\"{\\\"a\\\":<4434765919>}\"}"}"#,
                r#"{"m":"{\"n\":\"{\\\"a\\\":\\\"[M]\\\"}\"}"}"#,
            ),
            (
                r#"{"m":"{\"n\":\"x\\\\\",\"a\":<1>}"}"#,
                r#"{"m":"{\"n\":\"x\\\\\",\"a\":\"[M]\"}"}"#,
            ),
        ] {
            assert_eq!(replaced(marked), expected);
        }
    }

    #[test]
    fn a_value_over_two_members_leaves_json() {
        for (marked, expected) in [
            (r#"{"s":<123456,"a":12345678>}"#, r#"{"s":"[M]"}"#),
            (r#"{"s":"<12-34-56","a":"12345678>"}"#, r#"{"s":"[M]"}"#),
            (r#"{"s":"<12-34-56","a":12345678>}"#, r#"{"s":"[M]"}"#),
            (r#"{"s":<123456,"a":"12345678>"}"#, r#"{"s":"[M]"}"#),
        ] {
            assert_eq!(replaced(marked), expected);
        }
    }

    #[test]
    fn json_after_a_prefix_gets_quotes_for_members() {
        for (marked, expected) in [
            (
                r#"09:00 payload {"a":<4434765919>}"#,
                r#"09:00 payload {"a":"[M]"}"#,
            ),
            (r#"payload="{\"a\":<1>}""#, r#"payload="{\"a\":\"[M]\"}""#),
            ("[INFO] ids 1, <2>, 3", "[INFO] ids 1, [M], 3"),
            ("Patient { nhs: <4434765919> }", "Patient { nhs: [M] }"),
            ("10.<4434765919>.1", "10.[M].1"),
        ] {
            assert_eq!(replaced(marked), expected);
        }
    }

    #[test]
    fn no_escape_or_character_is_cut_in_two() {
        for (marked, expected) in [
            (r#"{"m":"x\<nAB>"}"#, r#"{"m":"x[M]"}"#),
            (r#"{"m":"x\u00<41B>"}"#, r#"{"m":"x[M]"}"#),
            (r#"{"m":"<AB\>u0041x"}"#, r#"{"m":"[M]x"}"#),
            (r#"{"m":"{\"a\":\"<AB\>"}"}"#, r#"{"m":"{\"a\":\"[M]\"}"}"#),
            ("q=%4<0AB%>20x", "q=[M]x"),
            (r"C:\Users\<bob> \w", r"C:\Users[M] \w"),
        ] {
            assert_eq!(replaced(marked), expected);
        }
        let mut placer = Placer::new("aéb".as_bytes());
        assert_eq!(placer.place(2, 3, 0), bare(1, 3));
        assert_eq!(Placer::new("aéb".as_bytes()).place(0, 2, 0), bare(0, 3));
    }
}
