//! What stands around a value: the key before it and the words near it.
//!
//! The rules, in the order of their weight:
//!
//! 1. A **key** that stands directly before the value (`nino=`, `"nhs_number":`, `Passport("`, `<postcode>`, `dob: `) and
//!    names its kind. The last words of the key decide: `patient.nhsNumber` names an NHS number, `nhs_number_count` a count.
//! 2. A **word** that names the kind, at most [`REACH`] bytes before the value on the same line, or behind it where a
//!    sentence ends ("4434765919 is the NHS number").
//! 3. A key or the word directly before the value that names something **else**: `count`, `seq`, `order`, `build`.
//!
//! Distances are measured without the values that were found and without markers of earlier redactions, so that a text and
//! its redacted form give the same evidence; redaction is idempotent because of that.

mod marks;

use core::ops::Range;

use crate::field::Name;
use crate::marker::marker_len;
use crate::vocabulary::{MAX_WORD, Sense, Vocabulary};
use crate::{Finding, KindSet};
use marks::Marks;

/// How many bytes before a value a word still speaks for it.
pub(crate) const REACH: usize = 64;
/// How much of a text tells whether a phrase may begin there.
const SHORT_PHRASE: usize = 8;
/// How many other values may stand between a word and the value that it speaks for.
const BETWEEN: usize = 4;
/// How many bytes behind a value are read for a word.
const REACH_BEHIND: usize = 64;

/// What stands around a value.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says something of its own, and they come in every combination"
)]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// Whether there is a key before it.
    pub(crate) keyed: bool,
    /// Kinds that the key names.
    pub(crate) key: KindSet,
    /// Whether the key names something else.
    pub(crate) against: bool,
    /// Whether the key tells nothing.
    pub(crate) unknown_key: bool,
    /// Whether the key names a person's side of a connection (`client_ip`), so that even a private address is personal.
    pub(crate) personal_side: bool,
    /// Whether words near it may speak for it: they do not where a key stands directly before.
    pub(crate) prose: bool,
    /// Kinds that the name of the field tells that holds the text, where the value does not begin it.
    pub(crate) field: KindSet,
    /// Kinds that words before it name, once they were read.
    pub(crate) words: Option<KindSet>,
}

/// Kinds that words before a place speak for.
///
/// Words count that begin at most [`REACH`] bytes before the place, in the same line and not in the value of another field.
///
/// What was read is remembered for later calls on the same text, so that candidates which follow each other closely do not
/// read the same words again.
pub(crate) fn words_before(
    text: &[u8],
    findings: &[Finding],
    place: usize,
    vocabulary: &Vocabulary,
    memory: &mut Memory,
) -> KindSet {
    let from = place.saturating_sub(REACH);
    let clean = findings.last().is_none_or(|finding| finding.end <= from);
    // Where there is no marker, nothing has to be left out of the distance.
    if clean && !holds_marker(text, from, &Marks::of(text, from, place)) {
        let quiet = &mut memory.quiet;
        let known = quiet.start <= from && from <= quiet.end;
        let begin = if known { quiet.end.min(place) } else { from };
        let (kinds, read) = read_words(text, begin, place, vocabulary);
        if kinds.is_empty() {
            *quiet = if known { quiet.start } else { from }..read;
        }
        return kinds;
    }
    let mut kinds = KindSet::EMPTY;
    let mut left = REACH;
    let mut end = place;
    for (count, (start, stop)) in HiddenBefore::new(text, findings, place).enumerate() {
        if end.saturating_sub(left) >= stop {
            break;
        }
        let Some(between) = memory.between(text, stop, end, vocabulary) else {
            break;
        };
        if count == BETWEEN {
            return kinds;
        }
        kinds = kinds.union(between);
        left -= end - stop;
        end = start;
    }
    if left > 0 && end > 0 {
        kinds = kinds.union(words_within(
            text,
            end.saturating_sub(left),
            end,
            vocabulary,
        ));
    }
    kinds
}

/// What was read of the words before values in a text.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// A part whose words speak for nothing.
    quiet: Range<usize>,
    /// The last parts between values: where they begin and end, and what their words speak for.
    parts: [(usize, usize, Option<KindSet>); 2 * BETWEEN],
    next: usize,
}

impl Memory {
    /// What the words between two values speak for; `None` if a context ends there. A part is no longer than [`REACH`].
    fn between(
        &mut self,
        text: &[u8],
        from: usize,
        to: usize,
        vocabulary: &Vocabulary,
    ) -> Option<KindSet> {
        // No part ends at the beginning of the text: such a one was never read.
        if let Some((.., kinds)) = self
            .parts
            .iter()
            .find(|(start, end, _)| (*start, *end) == (from, to) && to > 0)
        {
            return *kinds;
        }
        let marks = Marks::of(text, from, to);
        let kinds = (marks.ends(0) == 0).then(|| {
            let begins = marks.words_of_last_context(at_or_zero(text, from));
            read_marked(text, from, to, begins, vocabulary).kinds
        });
        self.parts[self.next] = (from, to, kinds);
        self.next = (self.next + 1) % self.parts.len();
        kinds
    }
}

/// Whether a marker of an earlier redaction ends in a part of a text.
fn holds_marker(text: &[u8], from: usize, marks: &Marks) -> bool {
    let mut brackets = marks.brackets();
    while brackets != 0 {
        let at = from + brackets.trailing_zeros() as usize;
        brackets &= brackets - 1;
        if marker_before(text, at + 1).is_some() {
            return true;
        }
    }
    false
}

/// Kinds that the words of a part of a text speak for.
fn words_within(text: &[u8], from: usize, to: usize, vocabulary: &Vocabulary) -> KindSet {
    read_words(text, from, to, vocabulary).0
}

/// Kinds that the words of a part of a text speak for, from the last end of a context on and without a word that is cut; and
/// where reading has to go on, so that no phrase is missed that begins here and ends further on.
fn read_words(text: &[u8], from: usize, to: usize, vocabulary: &Vocabulary) -> (KindSet, usize) {
    let mut kinds = KindSet::EMPTY;
    let mut last = to;
    let mut open = to;
    let mut part = from;
    // From the last end of a context on, in pieces whose bytes are looked at together.
    if to - from > Marks::LENGTH
        && let Some(end) = last_context_end(text, from, to)
    {
        part = end + 1;
    }
    while part < to {
        let begins = Marks::of(text, part, to).words_of_last_context(at_or_zero(text, part));
        let read = read_marked(text, part, to, begins, vocabulary);
        kinds = kinds.union(read.kinds);
        open = open.min(read.open);
        last = read.last.unwrap_or(last);
        part += Marks::LENGTH;
    }
    // The last word may go on, or be the first of a phrase that does.
    let goes_on = to > from && text[to - 1].is_ascii_alphabetic();
    if last < to && (goes_on || to - last < SHORT_PHRASE) {
        open = open.min(last);
    }
    (kinds, open)
}

/// What the words of a piece of a text tell.
struct Read {
    kinds: KindSet,
    /// Where the last word begins.
    last: Option<usize>,
    /// Where the first phrase begins that may go on behind the part.
    open: usize,
}

/// Reads the words of a part that begin at these bits, counted from the beginning of the piece.
#[inline]
fn read_marked(
    text: &[u8],
    piece: usize,
    to: usize,
    mut begins: u64,
    vocabulary: &Vocabulary,
) -> Read {
    let mut read = Read {
        kinds: KindSet::EMPTY,
        last: None,
        open: to,
    };
    while begins != 0 {
        let at = piece + begins.trailing_zeros() as usize;
        begins &= begins - 1;
        read.last = Some(at);
        if vocabulary.may_begin(&text[at..to]) {
            let (more, ended) = phrase_kinds(text, at, to, vocabulary);
            read.kinds = read.kinds.union(more);
            if !ended {
                read.open = read.open.min(at);
            }
        }
    }
    read
}

/// The byte before a place, or zero at the start of the text.
#[inline]
fn at_or_zero(text: &[u8], at: usize) -> u8 {
    byte_before(text, at).unwrap_or(0)
}

/// Kinds that the words from here on speak for, alone and together with up to three that follow; and whether no more could
/// follow behind the part.
fn phrase_kinds(text: &[u8], start: usize, to: usize, vocabulary: &Vocabulary) -> (KindSet, bool) {
    let mut kinds = KindSet::EMPTY;
    let mut squashed = [0; MAX_WORD];
    let mut len = 0;
    let mut at = start;
    for _ in 0..4 {
        let end = word_end(text, at, to);
        if len + end - at > MAX_WORD {
            return (kinds, true);
        }
        for byte in &text[at..end] {
            squashed[len] = byte.to_ascii_lowercase();
            len += 1;
        }
        // A word that goes on behind the part is another word.
        if end == to && text.get(to).is_some_and(u8::is_ascii_alphabetic) {
            return (kinds, false);
        }
        if let Some(sense) = vocabulary.get(&squashed[..len]) {
            kinds = kinds.union(sense.kinds.difference(sense.only_as_key));
        }
        let gap = text[end..to]
            .iter()
            .take(3)
            .take_while(|byte| !byte.is_ascii_alphabetic())
            .count();
        at = end + gap;
        if gap > 2 || at >= to {
            return (kinds, gap > 2);
        }
    }
    (kinds, true)
}

/// A line, and the value of another field, is a context of its own.
fn last_context_end(text: &[u8], from: usize, to: usize) -> Option<usize> {
    let mut stop = to;
    while stop > from {
        let part = stop.saturating_sub(Marks::LENGTH).max(from);
        let ends = Marks::of(text, part, stop).ends(at_or_zero(text, part));
        if ends != 0 {
            return Some(part + 63 - ends.leading_zeros() as usize);
        }
        stop = part;
    }
    None
}

/// Findings and markers before a place, from the last to the first: they count for no distance and hold no words.
struct HiddenBefore<'a> {
    text: &'a [u8],
    findings: &'a [Finding],
    place: usize,
    /// Bytes that are still looked through for markers.
    budget: usize,
}

impl<'a> HiddenBefore<'a> {
    fn new(text: &'a [u8], findings: &'a [Finding], place: usize) -> Self {
        let before = findings
            .iter()
            .rposition(|finding| finding.end <= place)
            .map_or(0, |last| last + 1);
        Self {
            text,
            findings: &findings[..before],
            place,
            budget: REACH + 1,
        }
    }
}

impl Iterator for HiddenBefore<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        while self.place > 0 && self.budget > 0 {
            if let [earlier @ .., last] = self.findings
                && last.end >= self.place
            {
                // A marker that was passed may have held a part of the finding.
                let end = last.end.min(self.place);
                self.findings = earlier;
                self.place = last.start.min(self.place);
                return Some((self.place, end));
            }
            if self.text[self.place - 1] == b']'
                && let Some(start) = marker_before(self.text, self.place)
            {
                let end = self.place;
                self.place = start;
                return Some((start, end));
            }
            // On to the next place where one may end.
            let earliest = self.place.saturating_sub(self.budget);
            let floor = self
                .findings
                .last()
                .map_or(0, |last| last.end)
                .max(earliest);
            let next = self.text[floor..self.place - 1]
                .iter()
                .rposition(|byte| *byte == b']')
                .map_or(floor, |i| floor + i + 1);
            self.budget -= self.place - next;
            self.place = next;
        }
        None
    }
}

/// Start of the marker that ends here.
pub(crate) fn marker_before(text: &[u8], end: usize) -> Option<usize> {
    const LONGEST: usize = 80;
    let floor = end.saturating_sub(LONGEST);
    let open = floor + text[floor..end].iter().rposition(|byte| *byte == b'[')?;
    (marker_len(&text[open..]) == Some(end - open)).then_some(open)
}

/// Kinds that words behind a value name, where a sentence or the text ends after them.
pub(crate) fn words_behind(text: &[u8], end: usize, vocabulary: &Vocabulary) -> KindSet {
    let stop = text.len().min(end + REACH_BEHIND);
    // What closes the value: `(4434765919) is ..`.
    let closing = text[end..stop]
        .iter()
        .take(2)
        .take_while(|byte| b")]'\".,".contains(byte))
        .count();
    let end = if text.get(end + closing) == Some(&b' ') {
        end + closing
    } else {
        end
    };
    for (i, byte) in text[end..stop].iter().enumerate() {
        match byte {
            b' ' | b'-' | b'\'' => {}
            b'.' | b';' | b')' | b'\n' => return words_within(text, end, end + i, vocabulary),
            byte if byte.is_ascii_alphabetic() => {}
            _ => return KindSet::EMPTY,
        }
    }
    if stop == text.len() {
        words_within(text, end, stop, vocabulary)
    } else {
        KindSet::EMPTY
    }
}

/// Where the name before a value begins and ends.
pub(crate) fn key_before(text: &[u8], start: usize) -> Option<(usize, usize)> {
    let mut at = start;
    // What opens a value: quotes, escapes of quotes, brackets, `Some(`, a byte-string prefix, a space.
    let mut opened = false;
    let floor = start.saturating_sub(24);
    loop {
        match byte_before(text, at) {
            Some(b'"' | b'\'' | b'\\' | b'`' | b'[' | b'{' | b'<') if at > floor => at -= 1,
            // A string may begin with an empty line, a value with a mark: `"\n12"`, `#12`.
            Some(b'\n' | b'#')
                if at > floor
                    && matches!(text[..at - 1].last(), Some(b'"' | b'\'' | b'=' | b'(')) =>
            {
                at -= 1;
            }
            Some(b'(') if at > floor => {
                at -= 1;
                let name = identifier_before(text, at);
                match &text[name..at] {
                    b"Some" | b"Ok" | b"Err" | b"Borrowed" | b"Owned" | b"String" | b"int"
                    | b"float" => at = name,
                    b"" => {}
                    _ => return Some((name, at)),
                }
            }
            Some(b' ') if at > floor && !opened => {
                at -= 1;
                if byte_before(text, at) != Some(b' ') {
                    opened = true;
                }
            }
            _ => break,
        }
    }
    at = before_length(text, at);
    match byte_before(text, at)? {
        // PostgreSQL names a column so: `Key (nino)=(AB123456C) already exists`.
        b'=' if byte_before(text, at - 1) == Some(b')') => at -= 2,
        b'=' | b':' => at -= 1,
        b'>' => {
            at -= 1;
            if byte_before(text, at) == Some(b'=') {
                at -= 1;
            }
        }
        _ => return None,
    }
    while let Some(b' ' | b'"' | b'\'' | b'\\' | b'`' | b']' | b'=' | b':' | b'!') =
        byte_before(text, at)
    {
        // A marker is no name.
        if start - at > 32 || (text[at - 1] == b']' && marker_before(text, at).is_some()) {
            return None;
        }
        at -= 1;
    }
    let name = identifier_before(text, at);
    // `$1`, `[0]`, `12:` name nothing.
    text[name..at]
        .iter()
        .any(u8::is_ascii_alphabetic)
        .then_some((name, at))
}

/// The place before the length that PHP writes in front of a string, if there is one: `["nino"]=> string(9) "AB123456C"`.
pub(crate) fn before_length(text: &[u8], at: usize) -> usize {
    if byte_before(text, at) != Some(b')') {
        return at;
    }
    let digits = text[..at - 1]
        .iter()
        .rev()
        .take(6)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    match text[..at - 1 - digits].strip_suffix(b"string(") {
        Some(head) if digits > 0 => head.len() - usize::from(head.ends_with(b" ")),
        _ => at,
    }
}

/// The name that says what a key `value` holds: `name="nino" value=`, `{"field":"nino","value":`, `nino.value=`.
pub(crate) fn name_beside(text: &[u8], key: usize, key_end: usize) -> Option<(usize, usize)> {
    let whole = &text[key..key_end];
    // `surname.value=`: the name stands before its last word.
    if let Some((owner, b".value")) = whole.split_last_chunk::<6>()
        && !owner.is_empty()
    {
        return Some((key, key + owner.len()));
    }
    if !whole.eq_ignore_ascii_case(b"value") {
        return None;
    }
    let skip = |mut at: usize, bytes: &[u8]| {
        let from = at;
        while let Some(byte) = byte_before(text, at)
            && bytes.contains(&byte)
            && from - at < 12
        {
            at -= 1;
        }
        at
    };
    let end = skip(key, b" ,;\"'\\");
    let name = identifier_before(text, end);
    let sign = skip(name, b" \"'\\`");
    if !matches!(byte_before(text, sign)?, b'=' | b':') || name == end || key == end {
        return None;
    }
    let called_end = skip(sign - 1, b" \"'\\");
    let called = &text[identifier_before(text, called_end)..called_end];
    [
        &b"name"[..],
        b"field",
        b"key",
        b"param",
        b"parameter",
        b"id",
    ]
    .iter()
    .any(|word| called.eq_ignore_ascii_case(word))
    .then_some((name, end))
}

/// Where a name before a colon may begin that is written in several words: `Full name: `, `NHS id: `.
///
/// At most two words more, none of them far away; the widest first.
pub(crate) fn wider_names(text: &[u8], name: usize, end: usize) -> impl Iterator<Item = usize> {
    let mut starts = [None; 2];
    let mut at = name;
    if text.get(end) == Some(&b':') {
        for start in starts.iter_mut().rev() {
            let word = at
                .checked_sub(1)
                .filter(|space| text[*space] == b' ')
                .map(|space| identifier_before(text, space));
            let Some(word) = word.filter(|word| {
                word + 1 < at && text[*word..at - 1].iter().all(u8::is_ascii_alphabetic)
            }) else {
                break;
            };
            at = word;
            *start = Some(word);
        }
    }
    starts.into_iter().flatten()
}

/// What a key tells, by its last words.
pub(crate) fn sense_of_key(key: &[u8], vocabulary: &Vocabulary) -> (Sense, bool) {
    let name = Name::split(key);
    (name.sense(vocabulary), name.is_personal_side())
}

/// The word that ends directly before a value, apart from spaces, `#`, `:` and `/`.
pub(crate) fn word_directly_before(text: &[u8], start: usize) -> Option<(usize, usize)> {
    let mut end = start;
    while let Some(b' ' | b'#' | b':' | b'/') = byte_before(text, end)
        && start - end < 3
    {
        end -= 1;
    }
    if end == start {
        return None;
    }
    let word = text[..end]
        .iter()
        .rposition(|byte| !byte.is_ascii_alphabetic())
        .map_or(0, |i| i + 1)
        .max(end.saturating_sub(MAX_WORD));
    (word < end).then_some((word, end))
}

/// Whether a word that may name a thing is a verb here: `could not process 1`, but `process 1`.
pub(crate) fn is_verb(text: &[u8], from: usize, to: usize) -> bool {
    let head = &text[..from];
    text[from..to].eq_ignore_ascii_case(b"process")
        && text.get(to) == Some(&b' ')
        && (head.ends_with(b"not ") || head.ends_with(b"to "))
}

/// The word that stands one space behind a value.
pub(crate) fn word_directly_behind(text: &[u8], end: usize) -> Option<(usize, usize)> {
    let from = end + 1;
    match text.get(end..)? {
        [b' ', letter, ..] if letter.is_ascii_alphabetic() => {
            Some((from, word_end(text, from, text.len().min(from + MAX_WORD))))
        }
        _ => None,
    }
}

/// Whether a word that measures something as the name of a field tells in prose what was done with the value behind it.
pub(crate) fn tells_a_deed(word: &[u8]) -> bool {
    const DEEDS: [&[u8]; 7] = [
        b"received",
        b"sent",
        b"updated",
        b"modified",
        b"verified",
        b"created",
        b"lookup",
    ];
    DEEDS.iter().any(|deed| word.eq_ignore_ascii_case(deed))
}

fn byte_before(text: &[u8], at: usize) -> Option<u8> {
    at.checked_sub(1).map(|i| text[i])
}

/// Start of the identifier that ends here: letters, digits, `_`, `-`, `.`; at most 64 bytes.
pub(crate) fn identifier_before(text: &[u8], end: usize) -> usize {
    let floor = end.saturating_sub(64);
    let mut at = end;
    while at > floor
        && (text[at - 1].is_ascii_alphanumeric() || matches!(text[at - 1], b'_' | b'-' | b'.'))
    {
        at -= 1;
    }
    at
}

/// End of the word that starts here; a small letter before a capital ends it (`nhsNumber`).
fn word_end(text: &[u8], start: usize, stop: usize) -> usize {
    let mut at = start + 1;
    while at < stop && text[at].is_ascii_alphabetic() {
        if text[at].is_ascii_uppercase() && text[at - 1].is_ascii_lowercase() {
            break;
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn marks_are_those_of_the_bytes_one_by_one() {
        let text: Vec<u8> = (0..=255)
            .cycle()
            .map(|i: u8| i.wrapping_mul(37))
            .take(700)
            .collect();
        let text = [&text[..], b"aB:\":c=d\n", &text].concat();
        for from in 0..600 {
            for len in [0, 1, 7, 63, 64] {
                let to = from + len;
                let marks = Marks::of(&text, from, to);
                let mut words = 0_u64;
                let mut ends = 0_u64;
                for at in from..to {
                    let before = at_or_zero(&text, at);
                    let begins = text[at].is_ascii_alphabetic()
                        && (!before.is_ascii_alphabetic()
                            || (text[at].is_ascii_uppercase() && before.is_ascii_lowercase()));
                    words |= u64::from(begins) << (at - from);
                    let end =
                        matches!(text[at], b'\n' | b'=') || (text[at] == b':' && before == b'"');
                    ends |= u64::from(end) << (at - from);
                }
                let before = at_or_zero(&text, from);
                assert_eq!(marks.words(before), words, "{from} {len}");
                assert_eq!(marks.ends(before), ends, "{from} {len}");
            }
        }
    }

    fn key(text: &str, value: &str) -> Option<String> {
        let start = text
            .find(value)
            .expect("the test names a value of its text");
        key_before(text.as_bytes(), start).map(|(from, to)| text[from..to].to_owned())
    }

    #[test]
    fn the_key_is_found_in_every_notation() {
        for (text, name) in [
            ("nino=X1 ", "nino"),
            (r#"{"nhs_number":"X1"}"#, "nhs_number"),
            (r#"{"nhs_number": X1}"#, "nhs_number"),
            (r#"{"m":"{\"nhsNumber\":\"X1\"}"}"#, "nhsNumber"),
            (r#"Applicant { nino: Some("X1") }"#, "nino"),
            (r#"InvalidNino("X1")"#, "InvalidNino"),
            ("WHERE nino = 'X1'", "nino"),
            ("<postcode>X1</postcode>", "postcode"),
            ("GET /a?b=1&post-code=X1", "post-code"),
            ("user.dob: X1", "user.dob"),
            ("'phone' => 'X1'", "phone"),
        ] {
            assert_eq!(key(text, "X1").as_deref(), Some(name), "{text}");
        }
        for (text, name) in [
            (r#"["nino"]=> string(9) "X1""#, "nino"),
            ("[nino] => X1", "nino"),
            ("DETAIL:  Key (nino)=(X1) already exists.", "nino"),
            (r#"["uln"]=> int(X1)"#, "uln"),
        ] {
            assert_eq!(key(text, "X1").as_deref(), Some(name), "{text}");
        }
        assert_eq!(key("no key before X1", "X1"), None);
        assert_eq!(key("[EMAIL]: X1", "X1"), None);
        assert_eq!(key("X1", "X1"), None);
    }

    #[test]
    fn the_name_of_a_value_may_stand_beside_it() {
        let beside = |text: &str| {
            let start = text
                .find("value")
                .expect("the test names a value of its text");
            let start = identifier_before(text.as_bytes(), start);
            let end = text[start..]
                .find("value")
                .map_or(start, |at| start + at + 5);
            name_beside(text.as_bytes(), start, end).map(|(from, to)| text[from..to].to_owned())
        };
        for text in [
            r#"<field name="nino" value="X1"/>"#,
            r#"{"field":"nino","value":"X1"}"#,
            r#"{"name": "nino", "value": "X1"}"#,
            r#"{\"key\":\"nino\",\"value\":\"X1\"}"#,
            r#"Invalid { field: "nino", value: "X1" }"#,
            "nino.value=X1",
        ] {
            assert_eq!(beside(text).as_deref(), Some("nino"), "{text}");
        }
        for text in ["value=X1", "count=3 value=X1", "a, value: X1", ".value=1"] {
            assert_eq!(beside(text), None, "{text}");
        }
    }

    #[test]
    fn process_is_a_verb_behind_not_and_to() {
        let verb = |text: &str| {
            let from = text.find("process").expect("the test names the word");
            is_verb(text.as_bytes(), from, from + "process".len())
        };
        assert!(verb("could not process 1 here"));
        assert!(verb("failed to process 1"));
        assert!(!verb("process 1 exited"));
        assert!(!verb("not process: 1"));
    }

    #[test]
    fn words_speak_within_reach_on_the_same_line() {
        let words = Vocabulary::default_words();
        let kinds = |text: &str| {
            let place = text.find('#').expect("the test marks the place");
            words_before(text.as_bytes(), &[], place, words, &mut Memory::default())
        };
        assert!(kinds("lookup failed for passport number #").contains(Kind::Passport));
        assert!(kinds("his National Insurance number is #").contains(Kind::Nino));
        assert!(kinds("date of birth #").contains(Kind::DateOfBirth));
        assert!(!kinds("passport\n#").contains(Kind::Passport));
        assert!(!kinds(&format!("passport {} #", "- ".repeat(40))).contains(Kind::Passport));
        assert!(!kinds("sorted in order #").contains(Kind::BankAccount));
        assert!(!kinds("passport=no, number #").contains(Kind::Passport));
    }

    #[test]
    fn what_was_done_with_a_value_does_not_speak_against_it() {
        let found = |text: &str| crate::Scanner::new().scan(text).len();
        for text in [
            "Received 07700 900123 from the form",
            "sent 81.2.69.142 to the queue",
            "verified 4111111111111111",
            "updated AB51 ABC for the keeper",
        ] {
            assert_eq!(found(text), 1, "{text}");
        }
        for text in [
            "received 4010232137 bytes",
            "sent=4010232137",
            "count 4010232137",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
    }

    #[test]
    fn words_behind_speak_only_at_the_end_of_a_sentence() {
        let words = Vocabulary::default_words();
        assert!(words_behind(b"1 is the passport number.", 1, words).contains(Kind::Passport));
        assert!(words_behind(b"1 is her passport", 1, words).contains(Kind::Passport));
        assert!(words_behind(b"1, passport 2", 1, words).is_empty());
        assert!(words_behind(b"1 passport 2", 1, words).is_empty());
    }
}
