//! Weighs a candidate against what stands around it.

use super::candidate::{Candidate, NEEDS_EVIDENCE};
use super::engine::Scan;
use super::number::Number;
use super::overlap::keep;
use super::{Explanation, key_of};
use crate::evidence::{self, Context};
use crate::field::Name;
use crate::vocabulary::{Role, Sense};
use crate::{Evidence, Finding, Kind, KindSet};

/// What a key that names the kind adds to a candidate's score, in percent.
const KEY: u8 = 45;
/// What a word near that names the kind adds.
const WORD: u8 = 30;
/// What a key or word that names something else takes away.
const AGAINST: u8 = 30;
/// What a key that tells nothing takes away from a bare number.
const UNKNOWN_KEY: u8 = 10;

/// How far from the start of a field's text its value may begin: behind quotes and brackets.
const MARGIN: usize = 16;

impl Scan<'_> {
    /// Proposes a number of digits; a bare one gives way to technical names.
    pub(crate) fn propose_number(
        &mut self,
        kind: Kind,
        number: &Number,
        base: u8,
        checksum: bool,
        range: bool,
    ) -> bool {
        // Ten times the same digit passes mod 11, and is what people type where a number has to stand.
        let digits = number.digits();
        let base = if checksum && digits.iter().all(|digit| *digit == digits[0]) {
            base.min(NEEDS_EVIDENCE)
        } else {
            base
        };
        let mut candidate = Candidate::new(kind, number.start, number.end, base);
        candidate = candidate.bare();
        if !number.is_bare() {
            candidate = candidate.shows(Evidence::GROUPS);
        }
        for (shown, evidence) in [(checksum, Evidence::CHECKSUM), (range, Evidence::RANGE)] {
            if shown {
                candidate = candidate.shows(evidence);
            }
        }
        self.propose(candidate)
    }

    /// Weighs a candidate and keeps it if it reaches the threshold of its kind.
    pub(crate) fn propose(&mut self, candidate: Candidate) -> bool {
        let Candidate {
            kind, start, end, ..
        } = candidate;
        let threshold = self.inner.threshold(kind);
        // What only its own name could speak for is found by that name, see `keyed`.
        let hopeless =
            candidate.base.saturating_add(WORD) < threshold && self.explanations.is_none();
        if hopeless || !self.inner.kinds().contains(kind) {
            return false;
        }
        if candidate.base < threshold && !candidate.certain && self.has_silent_key(start) {
            return false;
        }
        let mut score = candidate.base;
        let mut evidence = candidate.evidence;
        let settled = candidate.is_settled() && self.explanations.is_none();
        if !candidate.certain && !settled {
            let context = self.context(start);
            let against = candidate.bare && self.is_against(&context, start, end);
            // Words are read only where they decide.
            let decisive = against || score < threshold || self.explanations.is_some();
            if context.key.contains(kind) {
                score = score.saturating_add(KEY);
                evidence = evidence.and(Evidence::KEY);
            } else if decisive && self.word_speaks(&candidate, &context, threshold) {
                score = score.saturating_add(WORD);
                evidence = evidence.and(Evidence::WORD);
            } else if against {
                score = score.saturating_sub(AGAINST);
                evidence = evidence.and(Evidence::AGAINST);
            } else if candidate.bare && context.unknown_key {
                score = score.saturating_sub(UNKNOWN_KEY);
            }
        }
        let score = score.min(99);
        let finding = Finding {
            start,
            end,
            kind,
            confidence: score,
            evidence,
            custom: None,
        };
        let accepted = score >= threshold && !self.is_kept(start);
        if self.explanations.is_some() {
            self.explain(finding, threshold, accepted);
        }
        if accepted {
            keep(self.findings, finding);
        }
        accepted
    }

    /// Whether a key stands directly before a value that by its last letters names no kind: most numbers of a log have one.
    #[inline]
    pub(super) fn has_silent_key(&self, start: usize) -> bool {
        if self.has_field() || self.explanations.is_some() || !self.inner.needs_evidence() {
            return false;
        }
        let mut sign = start;
        while start - sign < 4 && matches!(self.before(sign), b'"' | b'\\' | b'\'') {
            sign -= 1;
        }
        let quoted = sign < start;
        if quoted && self.before(sign) == b' ' && self.before(sign - 1) == b':' {
            sign -= 1;
        }
        let mut end = match self.before(sign) {
            b'=' => sign - 1,
            b':' if quoted || self.before(sign - 1) == b'"' => sign - 1,
            _ => return false,
        };
        while sign - end < 6 && matches!(self.before(end), b'"' | b'\\' | b'\'') {
            end -= 1;
        }
        end >= 2
            && self.before(end).is_ascii_alphabetic()
            && !self.inner.vocabulary().may_speak(self.last_four(end))
    }

    /// Whether neither a key nor any word speaks for a value that stands here, so that one that needs evidence is nothing.
    #[inline(never)]
    pub(super) fn has_no_evidence(&mut self, start: usize, end: usize) -> bool {
        if self.has_field() || self.explanations.is_some() || !self.inner.needs_evidence() {
            return false;
        }
        let context = self.context(start);
        !context.keyed
            && self.words_before(start, &context).is_empty()
            && evidence::words_behind(self.text, end, self.inner.vocabulary()).is_empty()
    }

    /// What the name of a field tells that stands here.
    pub(super) fn sense_of_key(&mut self, from: usize, to: usize) -> (Sense, bool) {
        let vocabulary = self.inner.vocabulary();
        if self.inner.has_own_vocabulary() {
            return evidence::sense_of_key(&self.text[from..to], vocabulary);
        }
        self.senses.get(self.text, (from, to), vocabulary)
    }

    /// What a name before a colon tells together with the words in front of it, if they name a kind together: `NHS id: `.
    pub(super) fn name_in_words(&self, from: usize, to: usize) -> Option<Sense> {
        evidence::wider_names(self.text, from, to).find_map(|start| {
            Name::split(&self.text[start..to])
                .whole(self.inner.vocabulary())
                .filter(|sense| !sense.kinds.is_empty())
        })
    }

    /// What stands around a value that begins here.
    pub(crate) fn context(&mut self, start: usize) -> Context {
        if let Some((at, context)) = self.context
            && at == start
        {
            return context;
        }
        let context = self.read_context(start);
        self.context = Some((start, context));
        context
    }

    fn read_context(&mut self, start: usize) -> Context {
        let technical = |sense: &Sense| {
            sense.kinds.is_empty()
                && matches!(sense.role, Role::Measure | Role::Thing | Role::Version)
        };
        let mut context = Context {
            prose: true,
            ..Context::default()
        };
        // A value may stand behind other words of its string, glued with `_`: `"upload_AB123456C"`.
        let written = if self.before(start) == b'_' {
            evidence::identifier_before(self.text, start)
        } else {
            start
        };
        if let Some((mut from, mut to)) = evidence::key_before(self.text, written) {
            let (mut sense, mut personal_side) = self.sense_of_key(from, to);
            // A type that wraps the value of a field: `nino: Text("AB123456C")`.
            if self.byte(to) == b'('
                && sense.kinds.is_empty()
                && let Some((outer, outer_end)) = evidence::key_before(self.text, from)
                && self.byte(outer_end) != b'('
            {
                (from, to) = (outer, outer_end);
                (sense, personal_side) = self.sense_of_key(from, to);
            }
            // A name may stand beside the value, or in several words before it.
            if sense.kinds.is_empty() {
                if let Some((beside, end)) = evidence::name_beside(self.text, from, to) {
                    (from, to) = (beside, end);
                    (sense, personal_side) = self.sense_of_key(from, to);
                } else if let Some(words) = self.name_in_words(from, to) {
                    sense = words;
                }
            }
            // A list of bytes that was decoded may hold anything.
            let list = self.decoded
                && self.before(start) == b'['
                && to - from >= 5
                && self.text[to - 5..to].eq_ignore_ascii_case(b"bytes");
            context.keyed = true;
            context.key = sense.kinds;
            context.personal_side = personal_side;
            context.against = technical(&sense) && !list;
            let called = self.byte(to) == b'(';
            // The path of a module in front of a message, `ledger::post: `, is no key either.
            let said = self.byte(to) == b':'
                && self.byte(to + 1) == b' '
                && (self.before(from) == b':' || self.is_prose(from, to, start));
            // A bare number is the value of its carrier, not a word in a text.
            let carrier = sense.role == Role::Carrier
                && !self.before(start).is_ascii_whitespace()
                && self.before(start) != b'='
                || list;
            context.unknown_key =
                sense.kinds.is_empty() && !context.against && !called && !said && !carrier;
            context.prose =
                !context.against && (called || said || list || sense.role == Role::Carrier);
        } else if let Some((sense, personal_side)) = self.field() {
            if start <= MARGIN
                && self.text[..start]
                    .iter()
                    .all(|byte| !byte.is_ascii_alphanumeric())
            {
                context.keyed = true;
                context.key = sense.kinds;
                context.personal_side = personal_side;
                context.against = technical(&sense);
                context.unknown_key = sense.kinds.is_empty() && sense.role == Role::Plain;
            } else {
                context.field = sense.kinds;
            }
        }
        context
    }

    /// Whether a name before a colon is the end of a phrase: `passport no.: '533401372'`.
    fn is_prose(&self, from: usize, to: usize, start: usize) -> bool {
        let name = &self.text[from..to];
        let name = name.strip_suffix(b".").unwrap_or(name);
        let follows_word = self.before(from) == b' ' && self.before(from - 1).is_ascii_alphabetic();
        name.iter().all(u8::is_ascii_alphabetic) && (to + 2 == start || follows_word)
    }

    /// As [`Scan::speaks_against`], once for several kinds that ask for the same value.
    fn is_against(&mut self, context: &Context, start: usize, end: usize) -> bool {
        if let Some((from, to, against)) = self.against
            && (from, to) == (start, end)
        {
            return against;
        }
        let against = self.speaks_against(context, start, end);
        self.against = Some((start, end, against));
        against
    }

    /// Whether the key, or the word directly before, names something else.
    fn speaks_against(&mut self, context: &Context, start: usize, end: usize) -> bool {
        if context.keyed {
            return context.against || !context.key.is_empty();
        }
        // The web server nginx counts its connections so: `5465#8752: *4363658827 upstream`.
        if self.before(start) == b'*' && self.before(start - 1) == b' ' {
            return true;
        }
        let Some((from, to)) = evidence::word_directly_before(self.text, start) else {
            return false;
        };
        // "Received 07700 900123 from the form" tells what was done with the value; "received 1024 bytes" counts.
        if evidence::tells_a_deed(&self.text[from..to]) {
            return self.counts(end);
        }
        let (sense, _) = self.sense_of_key(from, to);
        let names_other = match sense.role {
            Role::Thing => !evidence::is_verb(self.text, from, to),
            // A part of a path is no measure.
            Role::Measure | Role::Version => self.byte(to) != b'/',
            Role::Plain | Role::Carrier => false,
        };
        sense.kinds.is_empty() && names_other
    }

    /// Whether the word behind a number says what it counts: `1024 bytes`, `9434765919 rows`.
    fn counts(&mut self, end: usize) -> bool {
        evidence::word_directly_behind(self.text, end).is_some_and(|(from, to)| {
            let (sense, _) = self.sense_of_key(from, to);
            sense.kinds.is_empty() && matches!(sense.role, Role::Measure | Role::Thing)
        })
    }

    /// Whether a word near the value names its kind: before it, or behind it where that is still open.
    fn word_speaks(&mut self, candidate: &Candidate, context: &Context, threshold: u8) -> bool {
        if context.field.contains(candidate.kind) {
            return true;
        }
        if !context.prose {
            return false;
        }
        let words = self.words_before(candidate.start, context);
        words.contains(candidate.kind)
            || (candidate.base < threshold
                && evidence::words_behind(self.text, candidate.end, self.inner.vocabulary())
                    .contains(candidate.kind))
    }

    /// Kinds that words before a value speak for; they are read once.
    fn words_before(&mut self, start: usize, context: &Context) -> KindSet {
        if let Some(words) = context.words {
            return words;
        }
        let vocabulary = self.inner.vocabulary();
        let words =
            evidence::words_before(self.text, self.findings, start, vocabulary, &mut self.words);
        self.context = Some((
            start,
            Context {
                words: Some(words),
                ..*context
            },
        ));
        words
    }

    /// Whether the user keeps values of the field that names this one.
    fn is_kept(&self, start: usize) -> bool {
        self.inner.keeps_value(self.text, start)
    }

    #[cold]
    fn explain(&mut self, finding: Finding, threshold: u8, accepted: bool) {
        let key = key_of(self.text, finding.start);
        let explanation = Explanation::new(finding, threshold, accepted, key);
        if let Some(explanations) = &mut self.explanations {
            explanations.push(explanation);
        }
    }
}
