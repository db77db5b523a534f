//! Truth files: one JSON object for each line that holds a labelled value.
//!
//! Two formats are read: this project's own, and that of a generator of another author whose types
//! are written in capitals (`NINO`, `SORT_ACCOUNT`) and which says nothing about evidence.

use std::collections::BTreeMap;
use std::{fmt, fs, io};

use civic_pii::Kind;
use serde::{Deserialize, Serialize};

use crate::corpus::Corpus;
use crate::corpus::carrier::Carrier;
use crate::corpus::pen::{Evidence, Label};

/// A value that a scan is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// First byte in the line.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
    /// Another kind that is as right.
    pub or: Option<Kind>,
    /// Text around it.
    pub carrier: String,
    /// How it is written.
    pub form: String,
    /// What tells that it is personal.
    pub evidence: Evidence,
    /// What a scan should make of it.
    pub verdict: Verdict,
}

/// What a scan should make of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Find it.
    Find,
    /// Leave it: nothing tells that it is personal.
    Leave,
    /// Either: personal, but nobody could tell.
    Either,
}

/// Expected values by the number of their line, from 0.
pub type Truth = BTreeMap<usize, Vec<Expected>>;

#[derive(Deserialize, Serialize)]
struct Line {
    line: usize,
    spans: Vec<Span>,
}

#[derive(Deserialize, Serialize)]
struct Span {
    s: usize,
    e: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind_in_capitals: Option<String>,
    carrier: String,
    form: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expect: Option<String>,
}

/// Why a truth file could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum TruthError {
    /// A line is no object of the format.
    Json {
        /// Number of the line, from 1.
        line: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A line names a kind, evidence or verdict that does not exist.
    Unknown {
        /// Number of the line, from 1.
        line: usize,
        /// What should be a kind or evidence.
        what: String,
    },
}

impl fmt::Display for TruthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { line, .. } => write!(f, "line {line} of the truth file is not readable"),
            Self::Unknown { line, what } => {
                write!(f, "line {line} of the truth file names an unknown {what}")
            }
        }
    }
}

impl std::error::Error for TruthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Json { source, .. } => Some(source),
            Self::Unknown { .. } => None,
        }
    }
}

/// A file that could not be read.
#[derive(Debug)]
pub struct FileError {
    path: String,
    source: io::Error,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {}", self.path)
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// The whole of a text file.
///
/// # Errors
/// When it cannot be read or is no UTF-8.
pub fn read(path: &str) -> Result<String, FileError> {
    fs::read_to_string(path).map_err(|source| FileError {
        path: path.to_owned(),
        source,
    })
}

/// The truth of a generated corpus.
pub fn of(corpus: &Corpus) -> Truth {
    corpus
        .truth
        .iter()
        .map(|(line, labels)| (*line, labels.iter().map(Expected::from).collect()))
        .collect()
}

/// Reads a truth file of either format.
///
/// # Errors
/// When a line is no JSON object of the format or names an unknown kind.
pub fn parse(text: &str) -> Result<Truth, TruthError> {
    let mut truth = Truth::new();
    for (i, text) in text.lines().enumerate() {
        let number = i + 1;
        let line: Line = serde_json::from_str(text).map_err(|source| TruthError::Json {
            line: number,
            source,
        })?;
        let mut expected = Vec::new();
        for span in line.spans {
            expected.push(span.expected(number)?);
        }
        truth.insert(line.line, expected);
    }
    Ok(truth)
}

/// Writes the labels of a corpus as a truth file.
///
/// # Errors
/// Those of `out`.
pub fn write(corpus: &Corpus, out: &mut impl io::Write) -> io::Result<()> {
    for (line, labels) in &corpus.truth {
        let line = Line {
            line: *line,
            spans: labels.iter().map(Span::from).collect(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

impl From<&Label> for Span {
    fn from(label: &Label) -> Self {
        Self {
            s: label.start,
            e: label.end,
            kind: Some(label.kind.id().to_owned()),
            kind_in_capitals: None,
            carrier: label.carrier.to_owned(),
            form: label.form.clone(),
            evidence: Some(label.evidence.id().to_owned()),
            expect: label.untouched.then(|| "untouched".to_owned()),
        }
    }
}

impl From<&Label> for Expected {
    fn from(label: &Label) -> Self {
        Self {
            start: label.start,
            end: label.end,
            kind: label.kind,
            or: None,
            carrier: label.carrier.to_owned(),
            form: label.form.clone(),
            evidence: label.evidence,
            verdict: if label.untouched {
                Verdict::Leave
            } else {
                Verdict::Find
            },
        }
    }
}

impl Span {
    fn expected(self, line: usize) -> Result<Expected, TruthError> {
        let unknown = |what: &str| TruthError::Unknown {
            line,
            what: what.to_owned(),
        };
        let (kind, evidence, verdict, or) = match (&self.kind, &self.kind_in_capitals) {
            (Some(id), _) => {
                let kind = Kind::from_id(id).ok_or_else(|| unknown("kind"))?;
                let evidence = self.evidence.as_deref().unwrap_or("none");
                let evidence = Evidence::ALL
                    .into_iter()
                    .find(|e| e.id() == evidence)
                    .ok_or_else(|| unknown("evidence"))?;
                let verdict = match self.expect.as_deref() {
                    None => Verdict::Find,
                    Some("untouched") => Verdict::Leave,
                    Some(_) => return Err(unknown("expectation")),
                };
                (kind, evidence, verdict, None)
            }
            (None, Some(name)) => {
                let kind = kind_in_capitals(name).ok_or_else(|| unknown("type"))?;
                let evidence = evidence_of(&self.carrier);
                let verdict = if needs_evidence(kind, &self.form) && !evidence.is_for() {
                    Verdict::Either
                } else {
                    Verdict::Find
                };
                // Some of its postcodes stand in a field called `address`.
                let or = (kind == Kind::Postcode).then_some(Kind::Address);
                (kind, evidence, verdict, or)
            }
            (None, None) => return Err(unknown("kind")),
        };
        Ok(Expected {
            start: self.s,
            end: self.e,
            kind,
            or,
            carrier: self.carrier,
            form: self.form,
            evidence,
            verdict,
        })
    }
}

impl Expected {
    /// Whether the carrier is one in which a value stands as it is written.
    pub fn is_plain(&self) -> bool {
        use crate::corpus::carrier::Group;

        match Carrier::from_id(&self.carrier) {
            Some(carrier) => carrier.group() == Group::Plain,
            None => self.carrier == "sql",
        }
    }
}

fn kind_in_capitals(name: &str) -> Option<Kind> {
    Some(match name {
        "EMAIL" => Kind::Email,
        "NINO" => Kind::Nino,
        "NHS" => Kind::NhsNumber,
        "PAN" => Kind::PaymentCard,
        "POSTCODE" => Kind::Postcode,
        "PHONE" => Kind::Phone,
        "TOKEN" => Kind::Credential,
        "IPV4" => Kind::IpAddress,
        "IBAN" => Kind::Iban,
        "SORT_ACCOUNT" => Kind::BankAccount,
        "VRN" => Kind::VehicleRegistration,
        "PASSPORT" => Kind::Passport,
        "DVLA" => Kind::DrivingLicence,
        "UTR" => Kind::Utr,
        _ => return None,
    })
}

/// Carriers of the other generator: all but these name the value with a field or a word.
fn evidence_of(carrier: &str) -> Evidence {
    match carrier {
        "bare-sentence" | "panic" | "path-segment" => Evidence::None,
        "sentence" | "obfuscated" => Evidence::Word,
        _ => Evidence::Key,
    }
}

fn needs_evidence(kind: Kind, form: &str) -> bool {
    match kind {
        Kind::Passport | Kind::Utr => true,
        Kind::Nino => form.starts_with("lower"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Recipe;

    #[test]
    fn a_truth_file_reads_back_as_it_was_written() {
        let corpus = Corpus::generate(&Recipe {
            bytes: 300_000,
            seed: 5,
            pii_rate: 0.3,
        });
        let mut file = Vec::new();
        write(&corpus, &mut file).expect("a Vec takes any bytes");
        let read = parse(std::str::from_utf8(&file).expect("JSON is UTF-8")).expect("own format");
        assert_eq!(read, of(&corpus));
    }

    #[test]
    fn the_other_format_is_read_with_evidence_from_the_carrier() {
        let text = r#"{"line":4,"spans":[{"s":1,"e":10,"cs":1,"ce":10,"type":"PASSPORT","value":"x","carrier":"panic","form":"plain"}]}
{"line":9,"spans":[{"s":1,"e":10,"cs":1,"ce":10,"type":"PASSPORT","value":"x","carrier":"json","form":"plain"}]}"#;
        let truth = parse(text).expect("readable");
        assert_eq!(truth[&4][0].verdict, Verdict::Either);
        assert_eq!(truth[&9][0].verdict, Verdict::Find);
        assert_eq!(truth[&9][0].kind, Kind::Passport);
    }

    #[test]
    fn an_unknown_kind_is_named_with_its_line() {
        let text = r#"{"line":1,"spans":[{"s":0,"e":1,"kind":"ssn","carrier":"json","form":"x"}]}"#;
        let error = parse(text).expect_err("no such kind");
        assert_eq!(
            error.to_string(),
            "line 1 of the truth file names an unknown kind"
        );
    }
}
