//! Where a marker goes so that JSON stays JSON.
//!
//! A finding may be a bare JSON number, which a marker must replace in quotes; inside JSON that is itself a string the
//! quotes need the backslashes of that depth. All that is needed for it is how many strings are open: one quote at
//! depth `d` is written with `2^d - 1` backslashes before it.

mod escape;
mod strings;

use core::ops::Range;

use escape::whole_characters;
use strings::Strings;

/// How far a number, white space or a run of backslashes is followed from a finding.
///
/// It bounds the work per finding. A `u128` has 39 digits; deeper indentation than this leaves a number unquoted.
const REACH: usize = 64;

/// Deepest nesting of JSON in strings that is followed.
const DEPTH_MAX: u32 = 6;

/// What to replace by a marker, and the depth of the quotes around it, if it needs them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quote: Option<u32>,
}

/// What to replace for one finding: one place, but for a finding that lies over several JSON strings.
#[derive(Debug)]
pub(crate) enum Places {
    One(Place),
    Several(Vec<Place>),
}

impl Places {
    pub(crate) fn as_slice(&self) -> &[Place] {
        match self {
            Places::One(place) => core::slice::from_ref(place),
            Places::Several(places) => places,
        }
    }
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
    pub(crate) fn place(&mut self, start: usize, end: usize, floor: usize) -> Places {
        let text = self.text;
        let (start, end) = whole_characters(text, start, end, floor);
        let Some(strings) = &mut self.strings else {
            let number = number_around(text, start, end, floor);
            return Places::One(match around(text, &number) {
                Around::Member(Some(depth)) => quoted(number, depth),
                _ => bare(start, end),
            });
        };
        strings.advance(text, start);
        let (depth, json) = (strings.open, strings.holds_json());
        // Brackets and commas at its ends are not part of a bare value: `{"password":[]}`.
        let inner = if json {
            without_punctuation(text, start..end)
        } else {
            start..end
        };
        let mixed = |b: &u8| *b == b'"' || json && matches!(b, b'[' | b']' | b'{' | b'}' | b':');
        if text[inner.clone()].iter().any(mixed) {
            let pieces = strings.clone().pieces(text, start, end);
            strings.advance(text, end);
            if json || pieces.lowest < depth || pieces.last != depth {
                return if pieces.is_json {
                    Places::Several(pieces.places)
                } else {
                    Places::One(bare(start, end))
                };
            }
        }
        strings.advance(text, end);
        if !json {
            let number = number_around(text, start, end, floor);
            // JSON in the midst of a text in a string.
            return Places::One(match around(text, &number) {
                Around::Member(Some(own)) if own >= depth => quoted(number, own),
                _ => bare(start, end),
            });
        }
        if inner.is_empty() {
            return Places::Several(Vec::new());
        }
        let number = number_around(text, inner.start, inner.end, floor);
        Places::One(match around(text, &number) {
            Around::Member(_) | Around::Element => quoted(number, depth),
            Around::Other => bare(start, end),
        })
    }
}

fn bare(start: usize, end: usize) -> Place {
    Place {
        start,
        end,
        quote: None,
    }
}

fn quoted(number: Range<usize>, depth: u32) -> Place {
    Place {
        start: number.start,
        end: number.end,
        quote: Some(depth),
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

/// The finding together with what belongs to the same number: a sign, a fraction, an exponent.
fn number_around(text: &[u8], start: usize, end: usize, floor: usize) -> Range<usize> {
    let in_number = |b: &&u8| in_number(**b);
    let before = text[floor..start]
        .iter()
        .rev()
        .take(REACH)
        .take_while(in_number)
        .count();
    let after = text[end..].iter().take(REACH).take_while(in_number).count();
    start - before..end + after
}

/// What stands around a bare JSON value.
enum Around {
    /// A key in quotes with a colon, and the begin of the next member or the end. The depth of the quotes is told by their
    /// backslashes, if the key itself ends in none.
    Member(Option<u32>),
    /// The begin of an array or a comma, and the end or a comma.
    Element,
    Other,
}

fn around(text: &[u8], value: &Range<usize>) -> Around {
    let after = behind_space(&text[value.end..]);
    let Some((before, rest)) = before_space(&text[..value.start]) else {
        return Around::Other;
    };
    match (before, after) {
        (b'[' | b',', Some(b',' | b']')) => Around::Element,
        (b':', Some(b',' | b'}')) => match before_space(rest) {
            Some((b'"', rest)) => {
                let run = rest
                    .iter()
                    .rev()
                    .take(REACH)
                    .take_while(|b| **b == b'\\')
                    .count();
                let depth = (run + 1).ilog2();
                Around::Member(((1 << depth) == run + 1 && depth <= DEPTH_MAX).then_some(depth))
            }
            _ => Around::Other,
        },
        _ => Around::Other,
    }
}

fn in_number(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

fn without_punctuation(text: &[u8], range: Range<usize>) -> Range<usize> {
    let outer = |b: &u8| is_punctuation(*b);
    let value = &text[range.clone()];
    let before = value.iter().take_while(|b| outer(b)).count();
    let after = value[before..]
        .iter()
        .rev()
        .take_while(|b| outer(b))
        .count();
    range.start + before..range.end - after
}

fn is_punctuation(byte: u8) -> bool {
    matches!(byte, b'[' | b']' | b'{' | b'}' | b',' | b':') || byte.is_ascii_whitespace()
}

/// The last byte before white space, and what stands before it; in a string line breaks are escaped: `[\n  1\n]`.
fn before_space(text: &[u8]) -> Option<(u8, &[u8])> {
    let floor = text.len().saturating_sub(REACH);
    let mut end = text.len();
    while end > floor {
        match text[end - 1] {
            byte if byte.is_ascii_whitespace() => end -= 1,
            b'n' | b'r' | b't' if text[..end - 1].ends_with(b"\\") => {
                end -= 1;
                while end > floor && text[end - 1] == b'\\' {
                    end -= 1;
                }
            }
            _ => break,
        }
    }
    let (last, rest) = text[..end].split_last()?;
    Some((*last, rest))
}

/// The first byte behind white space, escaped or not.
fn behind_space(text: &[u8]) -> Option<&u8> {
    let mut bytes = text.iter().take(REACH).peekable();
    loop {
        let byte = bytes.find(|byte| !byte.is_ascii_whitespace())?;
        if *byte != b'\\' {
            return Some(byte);
        }
        while bytes.next_if(|byte| **byte == b'\\').is_some() {}
        bytes.next_if(|byte| matches!(byte, b'n' | b'r' | b't'))?;
    }
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
            for place in placer.place(start, end, done).as_slice() {
                let quote = |depth: u32| "\\".repeat((1 << depth) - 1) + "\"";
                out.push_str(&text[done..place.start]);
                out.extend(place.quote.map(quote));
                out.push_str("[M]");
                out.extend(place.quote.map(quote));
                done = place.end;
            }
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
            (r#"{"\\":<4434765919>}"#, r#"{"\\":"[M]"}"#),
            (r#"{"a":<[65, 66]>}"#, r#"{"a":["[M]"]}"#),
            (r#"{"a":<[>]}"#, r#"{"a":[]}"#),
            (r#"{"a<":1},[2]>}"#, r#"{"a":"[M]"},["[M]"]}"#),
            (r#"{"a"<:1},[2]>}"#, r#"{"a":"[M]"},["[M]"]}"#),
            ("{ url: http://<u:pw>@h }", "{ url: http://[M]@h }"),
            (r#"{ 'a': <b"c> }"#, "{ 'a': [M] }"),
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
                r#"{"m":"[\n  <1>,\n  2\r\n]"}"#,
                r#"{"m":"[\n  \"[M]\",\n  2\r\n]"}"#,
            ),
            (r#"{"m":"[\n  <1>\r\n]"}"#, r#"{"m":"[\n  \"[M]\"\r\n]"}"#),
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
    fn a_value_over_several_strings_leaves_json() {
        for (marked, expected) in [
            (
                r#"{"s":<123456,"a":12345678>}"#,
                r#"{"s":"[M]","[M]":"[M]"}"#,
            ),
            (
                r#"{"s":"<12-34-56","a":"12345678>"}"#,
                r#"{"s":"[M]","[M]":"[M]"}"#,
            ),
            (
                r#"{"s":"<12-34-56","a":12345678>.0}"#,
                r#"{"s":"[M]","[M]":"[M]"}"#,
            ),
            (r#"["bob<","@example.com>"]"#, r#"["bob","[M]"]"#),
            (r#"["<b","[x] y>"]"#, r#"["[M]","[M]"]"#),
            (
                r#"["b<ob",{"c":true},"@x>"]"#,
                r#"["b[M]",{"[M]":true},"[M]"]"#,
            ),
            (r#"{"a":<"AB123456C">}"#, r#"{"a":"[M]"}"#),
            (
                r#"{"m":"{\"s\":\"<1\",\"a\":2>}"}"#,
                r#"{"m":"{\"s\":\"[M]\",\"[M]\":\"[M]\"}"}"#,
            ),
            (r#"{"m":"to <\"a b\"@example.com>"}"#, r#"{"m":"to [M]"}"#),
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
    fn the_work_is_linear_in_a_text_full_of_findings() {
        // Quadratic work over this much would take minutes.
        for (unit, len) in [
            ("\\\\", 2),
            ("1.", 1),
            ("1{\"a\":1,", 1),
            ("1[ ", 1),
            ("\\u0041", 6),
            ("%41", 3),
        ] {
            let text = format!("{{\"{}\"}}", unit.repeat(200_000 / unit.len()));
            let mut placer = Placer::new(text.as_bytes());
            let mut done = 0;
            for start in (2..text.len() - unit.len()).step_by(unit.len()) {
                if start + len > done {
                    let found = placer.place(start, start + len, done);
                    done = found.as_slice().last().map_or(done, |place| place.end);
                }
            }
            assert!(done > 190_000);
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
        assert_eq!(placer.place(2, 3, 0).as_slice(), [bare(1, 3)]);
        assert_eq!(
            Placer::new("aéb".as_bytes()).place(0, 2, 0).as_slice(),
            [bare(0, 3)]
        );
    }
}
