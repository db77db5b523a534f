//! Finds personal data in text and numbers.
//!
//! One pass over the bytes finds the places where a value may stand ([`windows`], on the masks of [`masks`]); the exact
//! grammar of each identifier, in its own file under [`identifier`](crate::identifier), looks only there; what stands around
//! a value ([`evidence`](crate::evidence)) raises or lowers its score; what reaches its kind's threshold is a finding.

#![expect(
    clippy::inline_always,
    reason = "what runs for every byte or word is inlined into the walk that is compiled for its instruction set"
)]

mod builder;
mod candidate;
mod chain;
mod dispatch;
mod dull;
mod embedded;
mod engine;
mod explanation;
mod hex_dump;
mod keyed;
mod masks;
mod number;
mod overlap;
mod senses;
mod short;
mod value;
mod weighing;
mod windows;

use core::ops::Range;
use std::sync::Arc;

pub use builder::ScannerBuilder;
pub use explanation::Explanation;

pub(crate) use builder::Inner;
pub(crate) use candidate::{Candidate, NEEDS_EVIDENCE};
pub(crate) use chain::canonical;
pub(crate) use embedded::base64;
pub(crate) use engine::{Scan, is_separator};
pub(crate) use number::{Group, Number, Prefix};
pub(crate) use windows::GAP;

use crate::decode::Decoded;
use crate::field::Name;
use crate::redactor::{Rules, Settled};
use crate::{Finding, Kind};
use senses::Senses;
use windows::{Board, Sheet, Walk};

/// Texts longer than this are scanned in pieces, cut at a line's end where there is one.
const PIECE: usize = 1 << 30;
/// No value is shorter.
const SHORTEST: usize = 4;

/// Finds personal data in text and numbers.
///
/// A scanner is immutable, `Send + Sync`, and cheap to clone. A scan takes no lock, starts no thread and does no I/O. Its
/// time is linear in the length of the text. On text that holds neither personal data nor encoded forms it allocates
/// nothing; with a reused [`Scratch`] it allocates nothing at all once the buffers have grown.
///
/// ```
/// use civic_pii::{Kind, Scanner};
///
/// let scanner = Scanner::new();
/// let text = "no record for AB123456C at step address";
/// let findings = scanner.scan(text);
/// assert_eq!(findings[0].kind, Kind::Nino);
/// assert_eq!(&text[findings[0].start..findings[0].end], "AB123456C");
/// ```
#[derive(Clone, Debug)]
pub struct Scanner {
    inner: Arc<Inner>,
}

/// Buffers that scans reuse; one for each thread of work.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) findings: Vec<Finding>,
    decoded: Decoded,
    board: Board,
    /// For the default vocabulary; others have their own for each scan.
    senses: Senses,
    pub(crate) rules: Rules,
    pub(crate) settled: Settled,
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Scanner {
    /// A scanner of every kind, with default thresholds and names of fields.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Starts a configuration.
    pub fn builder() -> ScannerBuilder {
        ScannerBuilder::new()
    }

    /// Finds personal data in a text of any bytes; findings are sorted and do not overlap.
    pub fn scan(&self, text: impl AsRef<[u8]>) -> Vec<Finding> {
        let mut scratch = Scratch::default();
        self.scan_with(None, text.as_ref(), &mut scratch);
        scratch.findings
    }

    /// Finds personal data in the text of a field, with buffers that are reused.
    ///
    /// The name of the field is evidence for what its text holds; `None` for free text such as a log message.
    pub fn scan_with<'s>(
        &self,
        field: Option<&str>,
        text: &[u8],
        scratch: &'s mut Scratch,
    ) -> &'s [Finding] {
        scratch.findings.clear();
        if let Some(name) = field
            && self.inner.has_kept_fields()
            && self.inner.keeps_field(name.as_bytes())
        {
            return &scratch.findings;
        }
        if text.len() <= PIECE {
            scan_piece(&self.inner, field, text, scratch, None);
            return &scratch.findings;
        }
        let mut all = Vec::new();
        let mut done = 0;
        while done < text.len() {
            let end = piece_end(text, done);
            scan_piece(&self.inner, field, &text[done..end], scratch, None);
            let moved = |finding: &Finding| Finding {
                start: finding.start + done,
                end: finding.end + done,
                ..*finding
            };
            all.extend(scratch.findings.iter().map(moved));
            done = end;
        }
        scratch.findings = all;
        &scratch.findings
    }

    /// Longest text that a quick look is enough for.
    pub(crate) const SHORT: usize = short::LONGEST;

    /// Whether a quick look tells that a text holds nothing, where the name of its field, if it has one, speaks for a kind or not.
    #[inline]
    pub(crate) fn is_silent(&self, speaks: bool, text: &[u8]) -> bool {
        short::is_silent(text, !speaks && self.inner.has_usual_thresholds())
    }

    /// Whether a quick look tells that a text of any length holds nothing, whatever the name of its field.
    #[inline]
    pub(crate) fn is_prose(text: &[u8]) -> bool {
        short::is_prose(text)
    }

    /// Whether the name of a field is evidence for any kind.
    pub(crate) fn speaks(&self, field: &str) -> bool {
        let (sense, _) = crate::evidence::sense_of_key(field.as_bytes(), self.inner.vocabulary());
        !sense.kinds.is_empty()
    }

    /// The kind of personal data that an integer is, in a field of this name.
    ///
    /// Numbers have no shape but their digits, so a name that says something else (`order_id`, `count`) lets even a valid
    /// identifier stay. A lost leading zero is found by the name.
    pub fn scan_u64(&self, field: &str, value: u64) -> Option<Kind> {
        self.scan_u128(field, u128::from(value))
    }

    /// As [`Scanner::scan_u64`]; a negative number is never personal data.
    pub fn scan_i64(&self, field: &str, value: i64) -> Option<Kind> {
        self.scan_u64(field, u64::try_from(value).ok()?)
    }

    /// As [`Scanner::scan_u64`].
    pub fn scan_u128(&self, field: &str, value: u128) -> Option<Kind> {
        self.scan_integer(Some(field), value)
    }

    /// The kind of personal data that an integer is, in a field of this name if it has one.
    pub(crate) fn scan_integer(&self, field: Option<&str>, value: u128) -> Option<Kind> {
        if !may_be_identifier(value) {
            return None;
        }
        let mut buffer = [0; 40];
        let mut scratch = Scratch::default();
        let digits = Number::printed(value, &mut buffer);
        self.scan_with(field, digits, &mut scratch)
            .first()
            .map(|finding| finding.kind)
    }

    /// As [`Scanner::scan_u64`], for a whole number that was stored as a float.
    pub fn scan_f64(&self, field: &str, value: f64) -> Option<Kind> {
        let whole = value >= 0.0 && value.fract() == 0.0 && value < 1e19;
        if whole {
            self.scan_u64(field, value as u64)
        } else {
            None
        }
    }

    /// A bit for each of these texts that may hold something, whatever the name of its field; the others hold nothing.
    ///
    /// The texts stand in order, at most 64 of them, with [`GAP`] zero bytes between.
    pub(crate) fn suspects(
        &self,
        text: &[u8],
        places: &[Range<usize>],
        scratch: &mut Scratch,
    ) -> u64 {
        let Scratch {
            findings,
            board,
            senses,
            ..
        } = scratch;
        findings.clear();
        let mut sheet = Sheet {
            text,
            places,
            suspects: 0,
            inner: &self.inner,
            findings,
            senses,
        };
        self.inner.screen(&mut sheet, board);
        sheet.suspects
    }

    /// The kind that a field of this name holds whatever its value looks like, by the rules for names of fields.
    ///
    /// The last words of a name decide, in any case and with any separator: `applicant.dateOfBirth` holds a date of birth,
    /// `email_sent` holds none.
    ///
    /// ```
    /// use civic_pii::{Kind, Scanner};
    /// let scanner = Scanner::new();
    /// assert_eq!(scanner.kind_of_field("applicant_surname"), Some(Kind::PersonName));
    /// assert_eq!(scanner.kind_of_field("postcode_lookup_ms"), None);
    /// ```
    pub fn kind_of_field(&self, field: &str) -> Option<Kind> {
        if self.inner.has_kept_fields() && self.inner.keeps_field(field.as_bytes()) {
            return None;
        }
        Name::split(field.as_bytes())
            .kind(self.inner.vocabulary())
            .filter(|kind| self.inner.kinds().contains(*kind))
    }

    /// Every candidate of a text, found or not, with its score and what spoke for and against it; by where they stand.
    ///
    /// Words near a value are read for each of them here, and in a scan only where they decide: a score may be higher here.
    pub fn explain(&self, field: Option<&str>, text: impl AsRef<[u8]>) -> Vec<Explanation> {
        let mut explanations = Vec::new();
        let mut scratch = Scratch::default();
        scan_piece(
            &self.inner,
            field,
            text.as_ref(),
            &mut scratch,
            Some(&mut explanations),
        );
        explanation::settle(&mut explanations);
        explanations
    }
}

#[cfg(feature = "pattern")]
impl Scanner {
    /// Whether the value that begins here is kept because of the key before it.
    pub(crate) fn keeps_value(&self, text: &[u8], start: usize) -> bool {
        self.inner.keeps_value(text, start)
    }

    /// The explanation of a finding that no recogniser of the scanner made.
    pub(crate) fn explain_pattern(text: &[u8], finding: Finding) -> Explanation {
        Explanation::new(finding, 0, true, key_of(text, finding.start))
    }
}

/// The key before a value, as it stands in the text.
fn key_of(text: &[u8], start: usize) -> Option<String> {
    crate::evidence::key_before(text, start)
        .map(|(from, to)| String::from_utf8_lossy(&text[from..to]).into_owned())
}

/// Whether an integer has as many digits as identifiers have: no fewer than five and no more than twenty.
pub(crate) fn may_be_identifier(value: u128) -> bool {
    (10_000..10_u128.pow(20)).contains(&value)
}

/// Where the piece of a text ends that begins here.
fn piece_end(text: &[u8], start: usize) -> usize {
    if text.len() - start <= PIECE {
        return text.len();
    }
    let stop = start + PIECE;
    text[stop - PIECE / 2..stop]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(stop, |i| stop - PIECE / 2 + i + 1)
}

/// Scans a piece, as it stands and, where it holds encoded forms, decoded instead.
fn scan_piece(
    inner: &Inner,
    field: Option<&str>,
    text: &[u8],
    scratch: &mut Scratch,
    mut explanations: Option<&mut Vec<Explanation>>,
) {
    let Scratch {
        findings,
        decoded,
        board,
        senses,
        ..
    } = scratch;
    findings.clear();
    if text.len() < SHORTEST {
        return;
    }
    let mut scan = Scan::new(
        text,
        inner,
        field,
        findings,
        senses,
        explanations.as_deref_mut(),
    );
    if inner.walk(&mut scan, board) == Walk::Done {
        return;
    }
    findings.clear();
    if let Some(explanations) = &mut explanations {
        explanations.clear();
    }
    decoded.read(text);
    let mut scan = Scan::new(
        &decoded.bytes,
        inner,
        field,
        findings,
        senses,
        explanations.as_deref_mut(),
    )
    .decoded(0, decoded.spans());
    inner.walk(&mut scan, board);
    let explained = explanations
        .into_iter()
        .flatten()
        .map(|explanation| &mut explanation.finding);
    for finding in findings.iter_mut().chain(explained) {
        (finding.start, finding.end) = decoded.original(finding.start, finding.end);
    }
}

/// Scans a text that was found inside another one, so deep.
fn scan_text<'s>(inner: &Inner, text: &[u8], depth: u8, scratch: &'s mut Scratch) -> &'s [Finding] {
    let Scratch {
        findings,
        decoded,
        board,
        senses,
        ..
    } = scratch;
    findings.clear();
    if text.len() >= SHORTEST {
        decoded.read(text);
        let mut scan = Scan::new(&decoded.bytes, inner, None, findings, senses, None)
            .decoded(depth, decoded.spans());
        inner.walk(&mut scan, board);
    }
    for finding in findings.iter_mut() {
        (finding.start, finding.end) = decoded.original(finding.start, finding.end);
    }
    findings
}
