//! One scan of one text: takes anchors from the walk, lets recognisers judge, keeps what is found.

use core::ops::Range;

use super::candidate::Candidate;
use super::masks::WINDOWS;
use super::number::Number;
use super::senses::Senses;
use super::windows::{RUN, Shapes};
use super::{Explanation, Inner, chain, embedded, hex_dump, key_of, keyed};
use crate::evidence::{self, Context};
use crate::field::Name;
use crate::identifier::{
    credential, date_of_birth, driving_licence, email, iban, ip_address, mac_address, nino,
    one_login_subject, paye_reference, postcode, prison_number, temporary_reference_number,
    vehicle_registration,
};
use crate::vocabulary::{Role, Sense};
use crate::{Evidence, Finding, Kind};

/// What a key that names the kind adds to a candidate's score, in percent.
const KEY: u8 = 45;
/// What a word near that names the kind adds.
const WORD: u8 = 30;
/// What a key or word that names something else takes away.
const AGAINST: u8 = 30;
/// What a key that tells nothing, or a row of numbers, takes away from a bare number.
const UNKNOWN_KEY: u8 = 10;

/// How far from the start of a field's text its value may begin: behind quotes and brackets.
const MARGIN: usize = 16;

/// The state of a scan.
pub(crate) struct Scan<'a> {
    text: &'a [u8],
    inner: &'a Inner,
    /// What the name of the field tells that holds the text.
    field: Option<(Sense, bool)>,
    findings: &'a mut Vec<Finding>,
    senses: &'a mut Senses,
    /// The last context, by the start of its value: several kinds ask for the same one.
    context: Option<(usize, Context)>,
    /// End of the last chain of digits: no chain begins before.
    chain_end: usize,
    /// A part of the text whose words speak for nothing.
    quiet: Range<usize>,
    /// How far the text was searched for an edge of userinfo, and the last edge that was found there.
    edge: (usize, Option<usize>),
    /// How far encoded texts inside the text were read.
    opened: usize,
    /// Whether encoded forms have been decoded already.
    decoded: bool,
    /// For each byte of a decoded text, what it stands for.
    spans: &'a [(u32, u32)],
    /// How deep the text lies inside encoded texts.
    depth: u8,
    explanations: Option<&'a mut Vec<Explanation>>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(
        text: &'a [u8],
        inner: &'a Inner,
        field: Option<&str>,
        findings: &'a mut Vec<Finding>,
        senses: &'a mut Senses,
        explanations: Option<&'a mut Vec<Explanation>>,
    ) -> Self {
        let field = field.map(|name| evidence::sense_of_key(name.as_bytes(), inner.vocabulary()));
        Self {
            text,
            inner,
            field,
            findings,
            senses,
            context: None,
            chain_end: 0,
            quiet: 0..0,
            edge: (0, None),
            opened: 0,
            decoded: false,
            spans: &[],
            depth: 0,
            explanations,
        }
    }

    /// For a text whose encoded forms have been decoded, or that lies so deep inside encoded texts.
    pub(super) fn decoded(mut self, depth: u8, spans: &'a [(u32, u32)]) -> Self {
        self.decoded = true;
        self.spans = spans;
        self.depth = depth;
        self
    }

    pub(crate) fn text(&self) -> &'a [u8] {
        self.text
    }

    /// Whether the text is that of a field with a name.
    pub(crate) fn has_field(&self) -> bool {
        self.field.is_some()
    }

    /// Whether the byte at a place was written in an encoded form, so that it belongs to a value and not to what is around.
    pub(crate) fn was_encoded(&self, at: usize) -> bool {
        self.spans.get(at).is_some_and(|(from, to)| to - from > 2)
    }

    /// How many encoded texts the text lies in.
    pub(crate) fn depth(&self) -> u8 {
        self.depth
    }

    /// How far encoded texts inside the text were read.
    pub(super) fn opened(&self) -> usize {
        self.opened
    }

    /// Remembers that encoded texts were read up to here.
    pub(super) fn open(&mut self, end: usize) {
        self.opened = self.opened.max(end);
    }

    /// The byte at a place, or zero outside the text.
    #[inline]
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    /// The byte before a place, or zero at the start of the text.
    #[inline]
    pub(crate) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |i| self.byte(i))
    }

    /// The four bytes before a place, with zeros before the start of the text.
    #[inline]
    pub(super) fn last_four(&self, end: usize) -> [u8; 4] {
        match self.text[..end].last_chunk() {
            Some(four) => *four,
            None => core::array::from_fn(|i| {
                if end + i >= 4 {
                    self.byte(end + i - 4)
                } else {
                    0
                }
            }),
        }
    }

    /// Whether a value may begin here: what stands before is no letter and no digit.
    #[inline]
    pub(crate) fn begins(&self, at: usize) -> bool {
        !self.before(at).is_ascii_alphanumeric()
    }

    /// Whether a value may end here.
    #[inline]
    pub(crate) fn ends(&self, at: usize) -> bool {
        !self.byte(at).is_ascii_alphanumeric()
    }

    /// The last byte before a place, at most 128 bytes back, that cannot stand in the userinfo of a URL.
    ///
    /// Each byte is looked at once, however often it is asked.
    pub(crate) fn edge_before(&mut self, at: usize) -> Option<usize> {
        const REACH: usize = 128;
        let earliest = at.saturating_sub(REACH);
        let (searched, known) = self.edge;
        let from = searched.clamp(earliest, at);
        // A password may hold an at sign of its own, which is encoded in a URL.
        let is_edge = |byte: &u8| {
            matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>')
                || byte.is_ascii_whitespace()
        };
        let found = self.text[from..at]
            .iter()
            .rposition(is_edge)
            .map(|i| from + i)
            .or(known);
        self.edge = (at.max(searched), found);
        found.filter(|edge| *edge >= earliest && *edge < at)
    }

    /// Whether this part of the text lies in a UUID: groups of 8, 4, 4, 4 and 12 hexadecimal digits.
    pub(crate) fn is_in_uuid(&self, start: usize, end: usize) -> bool {
        if self.before(start) != b'-' && self.byte(end) != b'-' {
            return false;
        }
        // The group that the part lies in has four, eight or twelve digits; most parts of other things are told by that.
        let right = self.text[start..]
            .iter()
            .take(13)
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        let left = self.text[..start]
            .iter()
            .rev()
            .take(13)
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        if !matches!(left + right, 4 | 8 | 12) {
            return false;
        }
        let hexadecimal = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        let mut from = start;
        while hexadecimal(self.before(from)) && start - from < 36 {
            from -= 1;
        }
        let Some(uuid) = self.text.get(from..from + 36) else {
            return false;
        };
        end <= from + 36
            && uuid.iter().enumerate().all(|(i, byte)| {
                if matches!(i, 8 | 13 | 18 | 23) {
                    *byte == b'-'
                } else {
                    byte.is_ascii_hexdigit()
                }
            })
    }

    /// Whether an encoded form begins here that has to be decoded first.
    #[inline]
    pub(super) fn is_encoded(&self, at: usize) -> bool {
        !self.decoded && crate::decode::is_encoded(self.text, at)
    }

    /// Whether one of the shapes that are looked at more closely first may be a value.
    #[inline(always)]
    pub(super) fn is_live(
        &self,
        at: usize,
        bit: u64,
        window: usize,
        shapes: &Shapes<[u64; WINDOWS]>,
    ) -> bool {
        if shapes.inward[window] & bit != 0 {
            // The letters of a prison number may stand apart.
            let apart = !self.before(at - 1).is_ascii_digit();
            return apart
                || postcode::may_end(self.text, at + 1)
                || prison_number::may_end(self.text, at + 1);
        }
        if shapes.run[window] & bit != 0 {
            let start = at + 1 - RUN;
            if embedded::may_begin(self.text, start)
                || iban::may_begin(self.text, start)
                || credential::may_be_behind_scheme(self.text, start)
            {
                return true;
            }
        }
        shapes.timestamp[window] & bit != 0 && date_of_birth::may_follow(self.text, at + 1)
    }

    /// Takes the shapes of a window that meet at one byte.
    #[inline(never)]
    pub(super) fn anchor(
        &mut self,
        at: usize,
        bit: u64,
        window: usize,
        shapes: &Shapes<[u64; WINDOWS]>,
    ) {
        let meets = |shape: &[u64; WINDOWS]| shape[window] & bit != 0;
        if meets(&shapes.chain) || meets(&shapes.timestamp) {
            chain::recognise(self, at + 1, meets(&shapes.timestamp));
        }
        if meets(&shapes.inward) {
            postcode::recognise(self, at + 1);
            if self.byte(at - 2).is_ascii_digit() {
                prison_number::recognise(self, at + 1);
            } else {
                prison_number::recognise_spaced(self, at + 1);
                vehicle_registration::recognise(self, at + 1);
            }
        }
        if meets(&shapes.key) {
            keyed::recognise(self, at);
        }
        if meets(&shapes.slash) {
            keyed::recognise_element(self, at);
        }
        if meets(&shapes.run) {
            credential::recognise_run(self, at + 1 - RUN);
            embedded::recognise(self, at + 1 - RUN);
            iban::recognise_run(self, at + 1 - RUN);
        }
        if meets(&shapes.plate) || meets(&shapes.suffix_plate) || meets(&shapes.dateless_plate) {
            vehicle_registration::recognise(self, at + 1);
        }
        if meets(&shapes.dateless_plate) {
            date_of_birth::recognise_worded(self, at + 1);
        }
        if meets(&shapes.at) {
            email::recognise(self, at);
        }
        if meets(&shapes.token) {
            credential::recognise_token(self, at);
        }
        if meets(&shapes.group) {
            ip_address::recognise_v6(self, at);
            one_login_subject::recognise(self, at);
        }
        if meets(&shapes.mac) {
            mac_address::recognise(self, at);
            // The first of the five.
            if !self.byte(at).is_ascii_alphanumeric() {
                hex_dump::recognise(self, at - 12);
            }
        }
        if meets(&shapes.nino) {
            nino::recognise_glued(self, at + 1);
        }
        if meets(&shapes.licence) {
            driving_licence::recognise(self, at + 1);
        }
        if meets(&shapes.temporary_reference) {
            if self.byte(at - 5).is_ascii_alphabetic() {
                temporary_reference_number::recognise(self, at + 1);
            } else {
                temporary_reference_number::recognise_apart(self, at + 1);
            }
        }
        if meets(&shapes.paye) {
            paye_reference::recognise(self, at);
        }
    }

    /// Start of the chain of digits that ends here, or `None` if it was taken already.
    pub(super) fn chain_start(&mut self, end: usize) -> Option<usize> {
        if end <= self.chain_end {
            return None;
        }
        let mut at = end;
        while at > self.chain_end {
            let byte = self.text[at - 1];
            if byte.is_ascii_digit()
                || (is_separator(byte)
                    && self.byte(at).is_ascii_digit()
                    && self.before(at - 1).is_ascii_digit())
            {
                at -= 1;
            } else {
                break;
            }
        }
        self.chain_end = end;
        (at < end).then_some(at)
    }

    /// Proposes a number of digits; a bare one gives way to technical names.
    pub(crate) fn propose_number(
        &mut self,
        kind: Kind,
        number: &Number,
        base: u8,
        checksum: bool,
        range: bool,
    ) -> bool {
        let base = if number.in_row {
            base.saturating_sub(UNKNOWN_KEY)
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
            let against = candidate.bare && self.speaks_against(&context, start);
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
    fn has_silent_key(&self, start: usize) -> bool {
        if self.field.is_some() || self.explanations.is_some() {
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

    /// What the name of a field tells that stands here.
    pub(super) fn sense_of_key(&mut self, from: usize, to: usize) -> (Sense, bool) {
        let vocabulary = self.inner.vocabulary();
        if self.inner.has_own_vocabulary() {
            return evidence::sense_of_key(&self.text[from..to], vocabulary);
        }
        self.senses.get(&self.text[from..to], vocabulary)
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

    /// Whether the scan is for some of these kinds.
    #[inline]
    pub(crate) fn wants(&self, kind: Kind) -> bool {
        self.inner.kinds().contains(kind)
    }

    pub(crate) fn inner(&self) -> &'a Inner {
        self.inner
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
        } else if let Some((sense, personal_side)) = self.field {
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

    /// Whether the key, or the word directly before, names something else.
    fn speaks_against(&self, context: &Context, start: usize) -> bool {
        if context.keyed {
            return context.against || !context.key.is_empty();
        }
        // The web server nginx counts its connections so: `5465#8752: *4363658827 upstream`.
        if self.before(start) == b'*' && self.before(start - 1) == b' ' {
            return true;
        }
        evidence::word_directly_before(self.text, start).is_some_and(|(from, to)| {
            let sense = Name::split(&self.text[from..to]).sense(self.inner.vocabulary());
            let names_other = match sense.role {
                Role::Thing => true,
                // `/lookup/` is no measure.
                Role::Measure | Role::Version => self.byte(to) != b'/',
                Role::Plain | Role::Carrier => false,
            };
            sense.kinds.is_empty() && names_other && !evidence::is_verb(self.text, from, to)
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
        let words = if let Some(words) = context.words {
            words
        } else {
            let vocabulary = self.inner.vocabulary();
            let words = evidence::words_before(
                self.text,
                self.findings,
                candidate.start,
                vocabulary,
                &mut self.quiet,
            );
            self.context = Some((
                candidate.start,
                Context {
                    words: Some(words),
                    ..*context
                },
            ));
            words
        };
        words.contains(candidate.kind)
            || (candidate.base < threshold
                && evidence::words_behind(self.text, candidate.end, self.inner.vocabulary())
                    .contains(candidate.kind))
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

/// What people put between groups of digits.
#[inline]
pub(crate) fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'+'..=b'/')
}

/// Puts a finding in its place. Where findings overlap, one that holds the other wins unless it is much less sure, then the
/// surer, then the longer one.
pub(super) fn keep(findings: &mut Vec<Finding>, new: Finding) {
    let first = findings
        .iter()
        .rposition(|old| old.end <= new.start)
        .map_or(0, |i| i + 1);
    let overlapping = findings[first..]
        .iter()
        .take_while(|old| old.start < new.end)
        .count();
    if findings[first..first + overlapping]
        .iter()
        .any(|old| beats(old, &new))
    {
        return;
    }
    findings.splice(first..first + overlapping, [new]);
}

fn beats(old: &Finding, new: &Finding) -> bool {
    const MUCH: u8 = 25;
    let holds = |a: &Finding, b: &Finding| {
        a.start <= b.start && a.end >= b.end && a.end - a.start > b.end - b.start
    };
    if holds(new, old) {
        return old.confidence > new.confidence.saturating_add(MUCH);
    }
    if holds(old, new) {
        return new.confidence <= old.confidence.saturating_add(MUCH);
    }
    (old.confidence, old.end - old.start) >= (new.confidence, new.end - new.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(start: usize, end: usize, confidence: u8) -> Finding {
        Finding {
            start,
            end,
            kind: Kind::Nino,
            confidence,
            evidence: Evidence::SHAPE,
            custom: None,
        }
    }

    #[test]
    fn findings_stay_sorted_and_apart() {
        let mut findings = Vec::new();
        for new in [
            finding(10, 20, 60),
            finding(0, 5, 60),
            finding(12, 15, 70),
            finding(18, 30, 90),
            finding(40, 50, 60),
        ] {
            keep(&mut findings, new);
        }
        let spans: Vec<_> = findings.iter().map(|f| (f.start, f.end)).collect();
        assert_eq!(spans, [(0, 5), (18, 30), (40, 50)]);
    }

    #[test]
    fn the_holder_wins_unless_it_is_much_less_sure() {
        let mut findings = vec![finding(5, 10, 90)];
        keep(&mut findings, finding(0, 20, 70));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].end, 20);
        let mut findings = vec![finding(5, 10, 95)];
        keep(&mut findings, finding(0, 20, 55));
        assert_eq!(findings[0].end, 10);
    }
}
