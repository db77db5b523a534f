//! Holds the findings of a scan against the truth.

use std::collections::BTreeMap;

use civic_pii::{Finding, Kind, Scanner, Scratch};

use crate::corpus::pen::Evidence;
use crate::truth::{Expected, Truth, Verdict};

/// Letters and digits outside the labels that a right finding may take along: `Bearer`, or the rest of
/// a cookie.
const MARGIN: usize = 24;

/// Counts of one row of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Labelled values, of whatever verdict.
    pub labelled: usize,
    /// Those that a scan has to find.
    pub wanted: usize,
    /// Wanted ones that one finding of the right kind covers.
    pub typed: usize,
    /// Wanted ones of which no letter or digit is left outside findings of any kind.
    pub covered: usize,
    /// Findings.
    pub found: usize,
    /// Findings that are right.
    pub right: usize,
}

impl Tally {
    /// Share of the wanted values that were found as what they are.
    pub fn recall(&self) -> f64 {
        share(self.typed, self.wanted)
    }

    /// Share of the wanted values of which nothing is left.
    pub fn coverage(&self) -> f64 {
        share(self.covered, self.wanted)
    }

    /// Share of the findings that are right.
    pub fn precision(&self) -> f64 {
        share(self.right, self.found)
    }
}

/// The score of a scan over a corpus.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// Number of lines.
    pub lines: usize,
    /// Lines without a value to find.
    pub clean: usize,
    /// Clean lines with a finding.
    pub touched: usize,
    /// Clean lines with a finding which hold a labelled value that must stay.
    pub touched_labelled: usize,
    /// Over everything.
    pub all: Tally,
    /// Over the carriers in which values stand as they are written.
    pub plain: Tally,
    /// By kind of the label, or of the finding.
    pub kinds: BTreeMap<Kind, Tally>,
    /// By carrier of the label; findings by the first label of their line.
    pub carriers: BTreeMap<String, Tally>,
    /// By evidence of the label; findings by the first label of their line.
    pub evidence: BTreeMap<Evidence, Tally>,
    /// Findings of NHS numbers where a name or a word, or its absence, tells: all and right ones.
    pub nhs_told: (usize, usize),
    /// What went wrong, up to a limit.
    pub misses: Vec<String>,
}

/// Which misses are kept as text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// At most so many.
    pub limit: usize,
    /// Of this kind only.
    pub kind: Option<Kind>,
}

impl Wanted {
    fn takes(&self, have: usize, kind: Kind) -> bool {
        have < self.limit && self.kind.is_none_or(|wanted| wanted == kind)
    }
}

/// Scans every line and scores what was found.
pub fn score<'a>(
    scanner: &Scanner,
    lines: impl Iterator<Item = &'a [u8]>,
    truth: &Truth,
    misses: Wanted,
) -> Score {
    let mut score = Score::default();
    let mut scratch = Scratch::default();
    for (number, line) in lines.enumerate() {
        let found = scanner.scan_with(None, line, &mut scratch);
        let expected = truth.get(&number).map_or(&[][..], Vec::as_slice);
        score.line(number, line, expected, found, misses);
    }
    score
}

impl Score {
    fn line(
        &mut self,
        number: usize,
        line: &[u8],
        expected: &[Expected],
        found: &[Finding],
        misses: Wanted,
    ) {
        self.lines += 1;
        if expected.iter().all(|e| e.verdict == Verdict::Leave) {
            self.clean += 1;
            if !found.is_empty() {
                self.touched += 1;
                self.touched_labelled += usize::from(!expected.is_empty());
            }
        }
        for value in expected {
            let typed = found
                .iter()
                .any(|f| value.accepts(f.kind) && f.start <= value.start && value.end <= f.end);
            let covered = (value.start..value.end)
                .filter(|at| is_letter_or_digit(line[*at]))
                .all(|at| found.iter().any(|f| (f.start..f.end).contains(&at)));
            self.each(value.kind, Some(value), |tally| {
                tally.labelled += 1;
                if value.verdict == Verdict::Find {
                    tally.wanted += 1;
                    tally.typed += usize::from(typed);
                    tally.covered += usize::from(covered);
                }
            });
            if value.verdict == Verdict::Find
                && !typed
                && misses.takes(self.misses.len(), value.kind)
            {
                let what = if covered { "other kind" } else { "missed" };
                self.misses
                    .push(describe(what, number, line, value.kind, Some(value), found));
            }
        }
        for finding in found {
            let right = expected.iter().any(|value| value.is_met_by(finding))
                && outside(line, finding, expected) <= MARGIN;
            let near = expected
                .iter()
                .find(|value| value.start < finding.end && finding.start < value.end)
                .or(expected.first());
            self.each(finding.kind, near, |tally| {
                tally.found += 1;
                tally.right += usize::from(right);
            });
            let told = near.is_none_or(|value| value.evidence != Evidence::None);
            if finding.kind == Kind::NhsNumber && told {
                self.nhs_told.0 += 1;
                self.nhs_told.1 += usize::from(right);
            }
            if !right && misses.takes(self.misses.len(), finding.kind) {
                self.misses.push(describe(
                    "false",
                    number,
                    line,
                    finding.kind,
                    near,
                    &[*finding],
                ));
            }
        }
    }

    fn each(&mut self, kind: Kind, value: Option<&Expected>, add: impl Fn(&mut Tally)) {
        add(&mut self.all);
        add(self.kinds.entry(kind).or_default());
        let carrier = value.map_or("(no label)", |value| value.carrier.as_str());
        add(self.carriers.entry(carrier.to_owned()).or_default());
        if let Some(value) = value {
            add(self.evidence.entry(value.evidence).or_default());
            if value.is_plain() {
                add(&mut self.plain);
            }
        }
    }

    /// Share of NHS findings that are right where something tells for or against.
    pub fn nhs_precision(&self) -> f64 {
        share(self.nhs_told.1, self.nhs_told.0)
    }

    /// Clean lines with a finding, of 2,000.
    pub fn touched_per_2000(&self) -> f64 {
        self.touched as f64 * 2000.0 / self.clean.max(1) as f64
    }
}

impl Expected {
    fn accepts(&self, kind: Kind) -> bool {
        kind == self.kind || self.or == Some(kind)
    }

    fn is_met_by(&self, finding: &Finding) -> bool {
        self.verdict != Verdict::Leave
            && self.start < finding.end
            && finding.start < self.end
            // A postcode inside an address is a postcode.
            && (self.accepts(finding.kind)
                || self.kind == Kind::Address && finding.kind == Kind::Postcode)
    }
}

/// Share that is whole where nothing was asked for.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

fn is_letter_or_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// Letters and digits of a finding that belong to no label; none where the text is encoded whole.
fn outside(line: &[u8], finding: &Finding, expected: &[Expected]) -> usize {
    if expected
        .iter()
        .any(|value| matches!(value.carrier.as_str(), "base64" | "byte-debug"))
    {
        return 0;
    }
    (finding.start..finding.end)
        .filter(|at| is_letter_or_digit(line[*at]))
        .filter(|at| !expected.iter().any(|v| (v.start..v.end).contains(at)))
        .count()
}

fn describe(
    what: &str,
    number: usize,
    line: &[u8],
    kind: Kind,
    value: Option<&Expected>,
    found: &[Finding],
) -> String {
    use std::fmt::Write as _;

    let mut out = format!("{what:<10} {kind}");
    let (mut start, mut end) = (0, 0);
    if let Some(value) = value {
        write!(
            out,
            " [{} {} {} {}]",
            value.kind,
            value.carrier,
            value.form,
            value.evidence.id()
        )
        .expect("a String takes any text");
        (start, end) = (value.start, value.end);
    }
    if what == "false" {
        (start, end) = (found[0].start, found[0].end);
    }
    // Enough of the line around the value to see why.
    let from = start.saturating_sub(90);
    let to = (end + 50).min(line.len());
    let text = |range: std::ops::Range<usize>| String::from_utf8_lossy(&line[range]).into_owned();
    write!(
        out,
        " line {}: {}\u{27e6}{}\u{27e7}{}",
        number + 1,
        text(from..start),
        text(start..end),
        text(end..to)
    )
    .expect("a String takes any text");
    if what != "false" {
        for f in found {
            write!(out, " | found {} `{}`", f.kind, text(f.start..f.end))
                .expect("a String takes any text");
        }
    }
    out
}
