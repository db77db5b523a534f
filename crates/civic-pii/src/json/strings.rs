//! Which JSON strings are open at a place in the text.

use core::ops::Range;

use super::{DEPTH_MAX, Place, REACH, bare, in_number, is_punctuation, number_around, quoted};
use crate::search::next_of;

/// How many JSON strings are open, one inside the other, at a place in the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Strings {
    at: usize,
    /// End of the run of backslashes that was counted last.
    run_end: usize,
    pub(super) open: u32,
    /// Bit `n` says whether the string at depth `n` begins like JSON.
    json: u32,
}

impl Strings {
    /// Reads on to `to`; a group of backslashes and what they escape is read whole or not at all.
    pub(super) fn advance(&mut self, text: &[u8], to: usize) {
        while self.next_quote(text, to).is_some() {}
    }

    /// Reads on behind the next quote before `to`, or to `to`, and says where the quote with its backslashes stands.
    fn next_quote(&mut self, text: &[u8], to: usize) -> Option<Range<usize>> {
        while self.at < to {
            self.at = next_of(&text[..to], self.at, *b"\"\\\n");
            if self.at == to {
                return None;
            }
            if text[self.at] == b'\n' {
                // JSON strings hold no line feed: whatever was left open on this line was no JSON.
                self.open = 0;
                self.at += 1;
                continue;
            }
            // Counted once, however many findings there are in a long run.
            if self.run_end <= self.at {
                self.run_end = self.at + backslashes(&text[self.at..]);
            }
            let (start, next) = (self.at, self.run_end);
            let is_quote = text.get(next) == Some(&b'"');
            if is_quote && next >= to {
                return None;
            }
            self.at = next + 1;
            if is_quote {
                self.quote(next - start, &text[next + 1..]);
                return Some(start..next + 1);
            }
        }
        None
    }

    /// Takes a finding apart: what is in strings, and the bare numbers between them. Quotes and punctuation stay.
    pub(super) fn pieces(mut self, text: &[u8], start: usize, end: usize) -> Pieces {
        let mut pieces = Pieces {
            places: Vec::new(),
            lowest: self.open,
            last: 0,
            is_json: true,
        };
        let mut done = start;
        loop {
            let (depth, json) = (self.open, self.holds_json());
            let quote = self.next_quote(text, end);
            let piece = done..quote.as_ref().map_or(end, |quote| quote.start);
            if json && values(text, piece.clone()).all(|value| is_literal(&text[value])) {
                let numbers = values(text, piece).filter(|value| in_number(text[value.start]));
                pieces.places.extend(numbers.map(|number| {
                    let number = number_around(text, number.start, number.end, start);
                    quoted(number, depth)
                }));
            } else if depth == 0 {
                pieces.is_json = false;
            } else if !piece.is_empty() {
                pieces.places.push(bare(piece.start, piece.end));
            }
            pieces.lowest = pieces.lowest.min(self.open);
            pieces.last = self.open;
            match quote {
                Some(quote) => done = quote.end,
                None => return pieces,
            }
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
    pub(super) fn holds_json(&self) -> bool {
        self.open == 0 || self.json & (1 << (self.open - 1)) != 0
    }
}

/// What stands between JSON's punctuation.
fn values(text: &[u8], range: Range<usize>) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = range.start;
    text[range]
        .split(|b| is_punctuation(*b))
        .map(move |value| {
            let start = at;
            at += value.len() + 1;
            start..start + value.len()
        })
        .filter(|value| !value.is_empty())
}

/// Whether it is a word or a number of JSON, or a part of a number.
fn is_literal(value: &[u8]) -> bool {
    matches!(value, b"true" | b"false" | b"null") || value.iter().all(|b| in_number(*b))
}

fn backslashes(text: &[u8]) -> usize {
    text.iter().take_while(|b| **b == b'\\').count()
}

/// A finding taken apart at the quotes of JSON.
pub(super) struct Pieces {
    pub(super) places: Vec<Place>,
    /// The fewest strings that are open anywhere in it, and how many at its end.
    pub(super) lowest: u32,
    pub(super) last: u32,
    /// Whether what lies between the strings may be JSON: punctuation, numbers, `true`, `false` and `null`.
    pub(super) is_json: bool,
}
