//! One scan of one text: takes anchors from the walk, lets recognisers judge, keeps what is found.

use super::candidate::Candidate;
use super::number::Number;
use super::windows::{Shapes, Walk};
use super::{Explanation, Inner, chain, embedded, hex_dump, keyed};
use crate::evidence::{self, Context, Words};
use crate::field::Name;
use crate::identifier::{
    credential, date_of_birth, driving_licence, email, ip_address, mac_address, nino,
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
/// What a key that tells nothing takes away from a bare number.
const UNKNOWN_KEY: u8 = 10;

/// The state of a scan.
pub(crate) struct Scan<'a> {
    text: &'a [u8],
    inner: &'a Inner,
    /// What the name of the field tells that holds the text.
    field: Option<(Sense, bool)>,
    findings: &'a mut Vec<Finding>,
    /// Made when it is first needed: most texts need none.
    words: Option<Words>,
    /// The last context, by the start of its value: several kinds ask for the same one.
    context: Option<(usize, Context)>,
    /// End of the last chain of digits: no chain begins before.
    chain_end: usize,
    /// How far encoded texts inside the text were read.
    opened: usize,
    /// Whether encoded forms have been decoded already.
    decoded: bool,
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
        explanations: Option<&'a mut Vec<Explanation>>,
    ) -> Self {
        let field = field.map(|name| evidence::sense_of_key(name.as_bytes(), inner.vocabulary()));
        Self {
            text,
            inner,
            field,
            findings,
            words: None,
            context: None,
            chain_end: 0,
            opened: 0,
            decoded: false,
            depth: 0,
            explanations,
        }
    }

    /// For a text whose encoded forms have been decoded, or that lies so deep inside encoded texts.
    pub(super) fn decoded(mut self, depth: u8) -> Self {
        self.decoded = true;
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

    /// Whether this part of the text lies in a UUID: groups of 8, 4, 4, 4 and 12 hexadecimal digits.
    pub(crate) fn is_in_uuid(&self, start: usize, end: usize) -> bool {
        if self.before(start) != b'-' && self.byte(end) != b'-' {
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

    /// Takes the shapes that meet at one byte.
    #[inline]
    pub(super) fn anchor(&mut self, at: usize, bit: u64, shapes: &Shapes) -> Walk {
        if shapes.rare & bit != 0 && !self.decoded && crate::decode::is_encoded(self.text, at) {
            return Walk::Encoded;
        }
        if shapes.key & bit != 0 {
            keyed::recognise(self, at);
        }
        if shapes.slash & bit != 0 {
            keyed::recognise_element(self, at);
        }
        if (shapes.chain | shapes.timestamp) & bit != 0 {
            chain::recognise(self, at + 1, shapes.timestamp & bit != 0);
        }
        if shapes.inward & bit != 0 {
            postcode::recognise(self, at + 1);
            prison_number::recognise(self, at + 1);
        }
        if (shapes.run | shapes.at | shapes.token | shapes.group | shapes.mac) & bit != 0 {
            self.signs(at, bit, shapes);
        }
        if (shapes.plate | shapes.suffix_plate | shapes.dateless_plate) & bit != 0 {
            vehicle_registration::recognise(self, at + 1);
        }
        if shapes.dateless_plate & bit != 0 {
            date_of_birth::recognise_worded(self, at + 1);
        }
        if (shapes.nino | shapes.licence | shapes.temporary_reference | shapes.paye) & bit != 0 {
            self.letters_and_digits(at, bit, shapes);
        }
        Walk::Done
    }

    #[inline(never)]
    fn signs(&mut self, at: usize, bit: u64, shapes: &Shapes) {
        if shapes.at & bit != 0 {
            email::recognise(self, at);
        }
        if shapes.token & bit != 0 {
            credential::recognise_token(self, at);
        }
        if shapes.group & bit != 0 {
            ip_address::recognise_v6(self, at);
            one_login_subject::recognise(self, at);
        }
        if shapes.mac & bit != 0 {
            mac_address::recognise(self, at);
            // The first of the five.
            hex_dump::recognise(self, at - 12);
        }
        if shapes.run & bit != 0 {
            embedded::recognise(self, at);
        }
    }

    #[inline(never)]
    fn letters_and_digits(&mut self, at: usize, bit: u64, shapes: &Shapes) {
        if shapes.nino & bit != 0 {
            nino::recognise_glued(self, at + 1);
        }
        if shapes.licence & bit != 0 {
            driving_licence::recognise(self, at + 1);
        }
        if shapes.temporary_reference & bit != 0 {
            temporary_reference_number::recognise(self, at + 1);
        }
        if shapes.paye & bit != 0 {
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
        let hopeless =
            candidate.base.saturating_add(KEY) < threshold && self.explanations.is_none();
        if hopeless || !self.inner.kinds().contains(kind) {
            return false;
        }
        let mut score = candidate.base;
        let mut evidence = candidate.evidence;
        if !candidate.certain {
            let context = self.context(start);
            if context.key.contains(kind) {
                score = score.saturating_add(KEY);
                evidence = evidence.and(Evidence::KEY);
            } else if context.words.contains(kind) || self.word_behind(&candidate, threshold) {
                score = score.saturating_add(WORD);
                evidence = evidence.and(Evidence::WORD);
            } else if candidate.bare && (context.against || !context.key.is_empty()) {
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
        let vocabulary = self.inner.vocabulary();
        let mut context = Context::default();
        let key = evidence::key_before(self.text, start);
        let mut prose = true;
        if let Some((from, to)) = key {
            let (sense, personal_side) = evidence::sense_of_key(&self.text[from..to], vocabulary);
            context.key = sense.kinds;
            context.personal_side = personal_side;
            context.key_span = Some((from, to));
            context.against = matches!(sense.role, Role::Measure | Role::Thing | Role::Version)
                && sense.kinds.is_empty();
            let called = self.byte(to) == b'(';
            let said = self.byte(to) == b':'
                && self.byte(to + 1) == b' '
                && to + 2 == start
                && self.text[from..to].iter().all(u8::is_ascii_alphabetic);
            let carrier = sense.role == Role::Carrier
                && !self.before(start).is_ascii_whitespace()
                && self.before(start) != b'=';
            // `$2` names a place in a list of parameters.
            let numbered = self.text[from..to].iter().all(u8::is_ascii_digit);
            context.unknown_key = sense.kinds.is_empty()
                && !context.against
                && !(called || said || carrier || numbered);
            prose = !context.against && (called || said || numbered || sense.role == Role::Carrier);
        } else if let Some((sense, personal_side)) = self.field {
            let first = self.text[..start]
                .iter()
                .all(|byte| !byte.is_ascii_alphanumeric());
            if first {
                context.key = sense.kinds;
                context.personal_side = personal_side;
                context.against = matches!(sense.role, Role::Measure | Role::Thing | Role::Version)
                    && sense.kinds.is_empty();
                context.unknown_key = sense.kinds.is_empty() && sense.role == Role::Plain;
            } else {
                context.words = sense.kinds;
            }
        }
        if prose {
            let (kinds, version) = self.words.get_or_insert_with(Words::new).before(
                self.text,
                self.findings,
                start,
                vocabulary,
            );
            context.words = context.words.union(kinds);
            context.version = version;
            if key.is_none()
                && let Some((from, to)) = evidence::word_directly_before(self.text, start)
            {
                let sense = Name::split(&self.text[from..to]).sense(vocabulary);
                context.against |= sense.kinds.is_empty()
                    && matches!(sense.role, Role::Measure | Role::Thing | Role::Version);
            }
        }
        context
    }

    /// Whether a word behind a value that words before leave open names its kind.
    fn word_behind(&mut self, candidate: &Candidate, threshold: u8) -> bool {
        candidate.base < threshold
            && candidate.base.saturating_add(WORD) >= threshold
            && evidence::words_behind(self.text, candidate.end, self.inner.vocabulary())
                .contains(candidate.kind)
    }

    /// Whether the user keeps values of the field that names this one.
    fn is_kept(&self, start: usize) -> bool {
        self.inner.has_kept_fields()
            && evidence::key_before(self.text, start)
                .is_some_and(|(from, to)| self.inner.keeps_field(&self.text[from..to]))
    }

    #[cold]
    fn explain(&mut self, finding: Finding, threshold: u8, accepted: bool) {
        let key = evidence::key_before(self.text, finding.start)
            .map(|(from, to)| String::from_utf8_lossy(&self.text[from..to]).into_owned());
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
