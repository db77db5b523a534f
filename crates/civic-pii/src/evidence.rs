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

use crate::field::Name;
use crate::marker::marker_len;
use crate::vocabulary::{MAX_WORD, Role, Sense, Vocabulary};
use crate::{Finding, KindSet};

/// How many bytes before a value a word still speaks for it.
pub(crate) const REACH: usize = 64;
/// How many bytes behind a value are read for a word.
const REACH_BEHIND: usize = 64;

/// What stands around a value.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// Kinds that the key before it names.
    pub(crate) key: KindSet,
    /// Kinds that words near it name.
    pub(crate) words: KindSet,
    /// Whether the key, or the word directly before, names something else.
    pub(crate) against: bool,
    /// Whether there is a key that tells nothing.
    pub(crate) unknown_key: bool,
    /// Whether a word near speaks of software versions.
    pub(crate) version: bool,
    /// Where the key stands.
    pub(crate) key_span: Option<(usize, usize)>,
    /// Whether the key names a person's side of a connection (`client_ip`), so that even a private address is personal.
    pub(crate) personal_side: bool,
}

/// Reads the words of a text, each once, and remembers the last ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    /// Where reading goes on.
    cursor: usize,
    /// Bytes of findings and markers before the cursor.
    hidden: usize,
    /// Last words: place of their last byte less what is hidden before it, and what they tell.
    recent: [(usize, Sense); 8],
    next: usize,
    /// How many of the findings the cursor has passed.
    passed: usize,
}

impl Words {
    pub(crate) const fn new() -> Self {
        let none = Sense {
            kinds: KindSet::EMPTY,
            only_as_key: KindSet::EMPTY,
            field: None,
            role: Role::Plain,
        };
        Self {
            cursor: 0,
            hidden: 0,
            recent: [(usize::MAX, none); 8],
            next: 0,
            passed: 0,
        }
    }

    /// Kinds that words before `place` speak for, and whether one speaks of versions.
    pub(crate) fn before(
        &mut self,
        text: &[u8],
        findings: &[Finding],
        place: usize,
        vocabulary: &Vocabulary,
    ) -> (KindSet, bool) {
        self.read_to(text, findings, place, vocabulary);
        let here = place.saturating_sub(self.hidden);
        let mut kinds = KindSet::EMPTY;
        let mut version = false;
        for (at, sense) in &self.recent {
            if *at <= here && here - at <= REACH {
                kinds = kinds.union(sense.kinds.difference(sense.only_as_key));
                version |= sense.role == Role::Version;
            }
        }
        (kinds, version)
    }

    fn read_to(
        &mut self,
        text: &[u8],
        findings: &[Finding],
        place: usize,
        vocabulary: &Vocabulary,
    ) {
        if place <= self.cursor {
            return;
        }
        let from = self.start(text, findings, place);
        if from > self.cursor {
            self.cursor = from;
        }
        let mut squashed = Squashed::default();
        let mut last_end = 0;
        while self.cursor < place {
            let at = self.cursor;
            if let Some(finding) = findings.get(self.passed)
                && finding.start <= at
            {
                self.passed += 1;
                if finding.end > at {
                    self.hidden += finding.end - at;
                    self.cursor = finding.end;
                }
                squashed = Squashed::default();
                continue;
            }
            let byte = text[at];
            // A line, and a value of another field, is a context of its own.
            if matches!(byte, b'\n' | b'=')
                || (byte == b':' && matches!(byte_before(text, at), Some(b'"')))
            {
                self.recent = Self::new().recent;
                squashed = Squashed::default();
            } else if byte == b'[' {
                if let Some(len) = marker_len(&text[at..]) {
                    self.hidden += len;
                    self.cursor = at + len;
                    squashed = Squashed::default();
                    continue;
                }
            } else if byte.is_ascii_alphabetic() {
                let end = word_end(text, at, place);
                if at - last_end > 2 {
                    squashed = Squashed::default();
                }
                self.word(&text[at..end], &mut squashed, end, vocabulary);
                last_end = end;
                self.cursor = end;
                continue;
            }
            self.cursor += 1;
        }
    }

    /// Where reading has to begin, so that all words within reach of the place are read.
    fn start(&self, text: &[u8], findings: &[Finding], place: usize) -> usize {
        let mut left = REACH + MAX_WORD;
        let mut at = place;
        let mut later = findings.len();
        while at > self.cursor && left > 0 {
            if later > 0 && findings[later - 1].end >= at {
                later -= 1;
                at = at.min(findings[later].start);
                continue;
            }
            at -= 1;
            match text[at] {
                b'\n' => return at,
                b']' => {
                    if let Some(open) = text[at.saturating_sub(80)..at]
                        .iter()
                        .rposition(|byte| *byte == b'[')
                    {
                        let open = at.saturating_sub(80) + open;
                        if marker_len(&text[open..]) == Some(at + 1 - open) {
                            at = open;
                        }
                    }
                }
                _ => left -= 1,
            }
        }
        at
    }

    fn word(&mut self, word: &[u8], squashed: &mut Squashed, end: usize, vocabulary: &Vocabulary) {
        squashed.push(word);
        if let Some(sense) = squashed.longest(vocabulary)
            && (!sense.kinds.is_empty() || sense.role == Role::Version)
        {
            self.recent[self.next] = (end - self.hidden.min(end), sense);
            self.next = (self.next + 1) % self.recent.len();
        }
    }
}

/// Kinds that words behind a value name, where a sentence or the text ends after them.
pub(crate) fn words_behind(text: &[u8], end: usize, vocabulary: &Vocabulary) -> KindSet {
    let mut kinds = KindSet::EMPTY;
    let mut squashed = Squashed::default();
    let stop = text.len().min(end + REACH_BEHIND);
    let mut at = end;
    // What closes the value: `(4434765919) is ..`.
    while at < stop && at - end < 2 && b")]'\".,".contains(&text[at]) {
        at += 1;
    }
    if text.get(at) != Some(&b' ') {
        at = end;
    }
    while at < stop {
        let byte = text[at];
        if byte.is_ascii_alphabetic() {
            let word_end = word_end(text, at, stop);
            squashed.push(&text[at..word_end]);
            if let Some(sense) = squashed.longest(vocabulary) {
                kinds = kinds.union(sense.kinds.difference(sense.only_as_key));
            }
            at = word_end;
            continue;
        }
        match byte {
            b' ' | b'-' | b'\'' => {}
            b'.' | b';' | b')' | b'\n' => return kinds,
            _ => return KindSet::EMPTY,
        }
        at += 1;
    }
    if stop == text.len() {
        kinds
    } else {
        KindSet::EMPTY
    }
}

/// The name before a value and the sense that it makes.
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
                    b"Some" | b"Ok" | b"Err" | b"Borrowed" | b"Owned" | b"String" => at = name,
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
    match byte_before(text, at)? {
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
        if start - at > 32 {
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

/// What a key tells, by its last words.
pub(crate) fn sense_of_key(key: &[u8], vocabulary: &Vocabulary) -> (Sense, bool) {
    let name = Name::split(key);
    (name.sense(vocabulary), name.is_personal_side())
}

/// The word that ends directly before a value, apart from spaces, `#` and `:`.
pub(crate) fn word_directly_before(text: &[u8], start: usize) -> Option<(usize, usize)> {
    let mut end = start;
    while let Some(b' ' | b'#' | b':') = byte_before(text, end)
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

/// The last words, squashed: lower case, nothing between.
#[derive(Clone, Copy)]
struct Squashed {
    letters: [u8; MAX_WORD],
    len: usize,
    /// Where each of the last words begins, newest last.
    starts: [usize; 4],
    words: usize,
}

impl Default for Squashed {
    fn default() -> Self {
        Self {
            letters: [0; MAX_WORD],
            len: 0,
            starts: [0; 4],
            words: 0,
        }
    }
}

impl Squashed {
    fn push(&mut self, word: &[u8]) {
        if word.len() > MAX_WORD {
            *self = Self::default();
            return;
        }
        // Drop the oldest words until the new one has room.
        while self.words == self.starts.len() || self.len + word.len() > MAX_WORD {
            let cut = if self.words > 1 {
                self.starts[1]
            } else {
                self.len
            };
            self.letters.copy_within(cut..self.len, 0);
            self.len -= cut;
            self.words = self.words.saturating_sub(1);
            self.starts.copy_within(1.., 0);
            for start in &mut self.starts[..self.words] {
                *start -= cut;
            }
        }
        self.starts[self.words] = self.len;
        self.words += 1;
        for byte in word {
            self.letters[self.len] = byte.to_ascii_lowercase();
            self.len += 1;
        }
    }

    /// The sense of the longest run of last words that the vocabulary knows.
    fn longest(&self, vocabulary: &Vocabulary) -> Option<Sense> {
        self.starts[..self.words]
            .iter()
            .find_map(|start| vocabulary.get(&self.letters[*start..self.len]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

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
        assert_eq!(key("no key before X1", "X1"), None);
        assert_eq!(key("X1", "X1"), None);
    }

    #[test]
    fn words_speak_within_reach_on_the_same_line() {
        let words = Vocabulary::default_words();
        let kinds = |text: &str| {
            let place = text.find('#').expect("the test marks the place");
            Words::new().before(text.as_bytes(), &[], place, words).0
        };
        assert!(kinds("lookup failed for passport number #").contains(Kind::Passport));
        assert!(kinds("his National Insurance number is #").contains(Kind::Nino));
        assert!(kinds("date of birth #").contains(Kind::DateOfBirth));
        assert!(!kinds("passport\n#").contains(Kind::Passport));
        assert!(!kinds(&format!("passport {} #", "- ".repeat(40))).contains(Kind::Passport));
        assert!(!kinds("sorted in order #").contains(Kind::BankAccount));
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
