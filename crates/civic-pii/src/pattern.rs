//! A user's own regular expression as a recogniser.

use core::error::Error;
use core::fmt;

use regex::bytes::{Regex, RegexBuilder};

use crate::marker::{LABEL_MAX, custom_marker_len};
use crate::{Evidence, Finding, Kind};

/// Largest compiled form of a pattern, in bytes.
const SIZE_LIMIT: usize = 256 * 1024;

/// Longest text of a pattern, in bytes: parsing takes memory before the compiled size can be known.
const TEXT_LIMIT: usize = 4 * 1024;

/// A regular expression of your own as a recogniser, with the name that stands in its marker.
///
/// The syntax is that of the [`regex`](https://docs.rs/regex) crate, which needs linear time on any input.
/// Cheap to clone.
///
/// ```
/// use civic_pii::{Pattern, Policy, Redactor};
///
/// let pattern = Pattern::new("licence-application", r"\bLA-[0-9]{6}\b")?;
/// assert_eq!(pattern.label(), "LICENCE-APPLICATION");
///
/// let policy = Policy::builder().pattern("licence-application", r"\bLA-[0-9]{6}\b").build()?;
/// assert_eq!(Redactor::with_policy(policy).redact("got LA-123456"), "got [LICENCE-APPLICATION]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pattern {
    name: Box<str>,
    label: Box<str>,
    regex: Regex,
}

impl Pattern {
    /// A pattern with this name and regular expression.
    ///
    /// The name is kebab-case without digits, at most 40 bytes, and not that of a built-in kind.
    ///
    /// ```
    /// # use civic_pii::Pattern;
    /// assert!(Pattern::new("case-ref", "CASE[0-9]{8}").is_ok());
    /// let error = Pattern::new("case-ref", "[0-9]*").unwrap_err();
    /// assert_eq!(error.to_string(), "pattern `case-ref` matches the empty text");
    /// ```
    ///
    /// # Errors
    /// When the name has another form or is taken, and when the expression does not parse (the cause is in `source()`),
    /// can match the empty text, can match nothing, is longer than 4 KiB or needs more than 256 KiB compiled.
    pub fn new(name: &str, regex: &str) -> Result<Pattern, PatternError> {
        let fail = |fault| {
            Err(PatternError {
                name: name.into(),
                fault,
            })
        };
        if !is_name(name) {
            return Err(PatternError {
                name: Box::default(),
                fault: Fault::Name,
            });
        }
        if is_taken(name) {
            return fail(Fault::Taken);
        }
        if regex.len() > TEXT_LIMIT {
            return fail(Fault::TooLong);
        }
        let hir = match regex_syntax::ParserBuilder::new()
            .utf8(false)
            .build()
            .parse(regex)
        {
            Ok(hir) => hir,
            Err(error) => return fail(Fault::Syntax(SyntaxError::new(&error))),
        };
        match hir.properties().minimum_len() {
            Some(0) => return fail(Fault::Empty),
            None => return fail(Fault::Never),
            Some(_) => {}
        }
        let regex = RegexBuilder::new(regex)
            .size_limit(SIZE_LIMIT)
            .dfa_size_limit(SIZE_LIMIT)
            .build();
        match regex {
            Ok(regex) => Ok(Pattern {
                name: name.into(),
                label: name.to_ascii_uppercase().into(),
                regex,
            }),
            Err(regex::Error::CompiledTooBig(_)) => fail(Fault::TooBig),
            // Unreachable as far as we know: the same parser has accepted the text above.
            Err(_) => fail(Fault::Syntax(SyntaxError {
                reason: String::from("not valid"),
                column: 1,
            })),
        }
    }

    /// The name, as given.
    ///
    /// ```
    /// # use civic_pii::Pattern;
    /// assert_eq!(Pattern::new("case-ref", "CASE[0-9]{8}")?.name(), "case-ref");
    /// # Ok::<(), civic_pii::PatternError>(())
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name in capitals, as it stands in markers.
    ///
    /// ```
    /// # use civic_pii::Pattern;
    /// assert_eq!(Pattern::new("case-ref", "CASE[0-9]{8}")?.label(), "CASE-REF");
    /// # Ok::<(), civic_pii::PatternError>(())
    /// ```
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Adds what the pattern finds in the text, in order; `index` is its place among the patterns.
    pub(crate) fn find_into(&self, index: u16, text: &[u8], out: &mut Vec<Finding>) {
        out.extend(self.regex.find_iter(text).map(|found| Finding {
            start: found.start(),
            end: found.end(),
            kind: Kind::Custom,
            confidence: 100,
            evidence: Evidence::SHAPE,
            custom: Some(index),
        }));
    }

    pub(crate) fn is_match(&self, text: &[u8]) -> bool {
        self.regex.is_match(text)
    }

    pub(crate) fn marker_len(&self, bytes: &[u8]) -> Option<usize> {
        custom_marker_len(bytes, &self.label)
    }
}

/// Puts the findings of patterns among those of the built-in kinds: sorted and without overlap.
///
/// Where two overlap, the built-in one wins, unless the pattern's covers it and more. Where each has a part of its own,
/// the winner grows over both, so that nothing that was found stays.
pub(crate) fn merge_findings(built_in: &[Finding], mut custom: Vec<Finding>) -> Vec<Finding> {
    custom.extend_from_slice(built_in);
    // Of two that begin together the longer comes first, of two equal ones the built-in.
    custom.sort_by_key(|finding| {
        (
            finding.start,
            core::cmp::Reverse(finding.end),
            finding.custom,
        )
    });
    let mut merged: Vec<Finding> = Vec::with_capacity(custom.len());
    for finding in custom {
        match merged.last_mut() {
            Some(last) if finding.start < last.end => {
                if finding.end > last.end {
                    let start = last.start;
                    if last.custom.is_some() && finding.custom.is_none() {
                        *last = finding;
                    }
                    last.start = start;
                    last.end = finding.end;
                }
            }
            _ => merged.push(finding),
        }
    }
    merged
}

/// Whether it is kebab-case in letters: `case-reference`. Digits are left out so that a marker never looks like a number.
fn is_name(name: &str) -> bool {
    name.len() <= LABEL_MAX
        && name
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()))
}

fn is_taken(name: &str) -> bool {
    Kind::from_id(name).is_some() || matches!(name, "custom" | "redaction-failed" | "personal-data")
}

/// Why a pattern was refused.
#[derive(Clone, Debug)]
pub struct PatternError {
    name: Box<str>,
    fault: Fault,
}

#[derive(Clone, Debug)]
enum Fault {
    Name,
    Taken,
    Syntax(SyntaxError),
    Empty,
    Never,
    TooLong,
    TooBig,
}

impl PatternError {
    /// Name of the pattern; empty when it was the name that was refused.
    ///
    /// ```
    /// # use civic_pii::Pattern;
    /// assert_eq!(Pattern::new("case-ref", "(").unwrap_err().name(), "case-ref");
    /// ```
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[cfg(feature = "config")]
impl PatternError {
    pub(crate) fn is_about_name(&self) -> bool {
        matches!(self.fault, Fault::Name | Fault::Taken)
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.fault {
            Fault::Name => write!(
                f,
                "the name of a pattern is lower-case words joined by `-`, without digits, at most {LABEL_MAX} bytes"
            ),
            Fault::Taken => write!(
                f,
                "pattern `{name}` has the name of a built-in kind or marker"
            ),
            Fault::Syntax(_) => write!(f, "pattern `{name}` is not a regular expression"),
            Fault::Empty => write!(f, "pattern `{name}` matches the empty text"),
            Fault::Never => write!(f, "pattern `{name}` can match nothing"),
            Fault::TooLong => write!(
                f,
                "pattern `{name}` is longer than {} KiB",
                TEXT_LIMIT / 1024
            ),
            Fault::TooBig => write!(
                f,
                "pattern `{name}` needs more than {} KiB compiled",
                SIZE_LIMIT / 1024
            ),
        }
    }
}

impl Error for PatternError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.fault {
            Fault::Syntax(error) => Some(error),
            _ => None,
        }
    }
}

/// What is wrong with the expression, and where, without its text: a pattern may hold an example.
#[derive(Clone, Debug)]
struct SyntaxError {
    reason: String,
    column: usize,
}

impl SyntaxError {
    fn new(error: &regex_syntax::Error) -> Self {
        let (reason, offset) = match error {
            regex_syntax::Error::Parse(error) => {
                (error.kind().to_string(), error.span().start.offset)
            }
            regex_syntax::Error::Translate(error) => {
                (error.kind().to_string(), error.span().start.offset)
            }
            _ => (String::from("not valid"), 0),
        };
        SyntaxError {
            reason,
            column: offset + 1,
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.reason, self.column)
    }
}

impl Error for SyntaxError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(start: usize, end: usize, custom: Option<u16>) -> Finding {
        Finding {
            start,
            end,
            kind: if custom.is_some() {
                Kind::Custom
            } else {
                Kind::Nino
            },
            confidence: 90,
            evidence: Evidence::SHAPE,
            custom,
        }
    }

    fn merged(built_in: &[(usize, usize)], custom: &[(usize, usize)]) -> Vec<(usize, usize, bool)> {
        let built_in: Vec<_> = built_in
            .iter()
            .map(|(s, e)| finding(*s, *e, None))
            .collect();
        let custom = custom
            .iter()
            .map(|(s, e)| finding(*s, *e, Some(0)))
            .collect();
        merge_findings(&built_in, custom)
            .iter()
            .map(|f| (f.start, f.end, f.custom.is_some()))
            .collect()
    }

    #[test]
    fn findings_merge_so_that_nothing_found_stays() {
        assert_eq!(
            merged(&[(5, 9)], &[(0, 3), (12, 14)]),
            [(0, 3, true), (5, 9, false), (12, 14, true)]
        );
        assert_eq!(merged(&[(5, 9)], &[(5, 9)]), [(5, 9, false)]);
        assert_eq!(merged(&[(5, 9)], &[(6, 8)]), [(5, 9, false)]);
        assert_eq!(merged(&[(5, 9)], &[(4, 9)]), [(4, 9, true)]);
        assert_eq!(merged(&[(5, 9)], &[(5, 10)]), [(5, 10, true)]);
        assert_eq!(merged(&[(5, 9)], &[(7, 12)]), [(5, 12, false)]);
        assert_eq!(merged(&[(5, 9)], &[(2, 7)]), [(2, 9, false)]);
        assert_eq!(merged(&[], &[(0, 4), (2, 6)]), [(0, 6, true)]);
    }

    #[test]
    fn bad_patterns_are_refused_with_one_clear_error() {
        for (name, regex, message) in [
            (
                "Case Ref",
                "x",
                "the name of a pattern is lower-case words joined by `-`, without digits, at most 40 bytes",
            ),
            (
                "nino",
                "x",
                "pattern `nino` has the name of a built-in kind or marker",
            ),
            ("a", "x?", "pattern `a` matches the empty text"),
            ("a", r"\b", "pattern `a` matches the empty text"),
            ("a", "[a&&b]", "pattern `a` can match nothing"),
            (
                "a",
                r"\w{900}",
                "pattern `a` needs more than 256 KiB compiled",
            ),
            ("a", "(x", "pattern `a` is not a regular expression"),
        ] {
            let error = Pattern::new(name, regex).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
        let error = Pattern::new("a", &"x".repeat(5000)).unwrap_err();
        assert_eq!(error.to_string(), "pattern `a` is longer than 4 KiB");
    }

    #[test]
    fn the_cause_of_a_syntax_error_names_the_place_and_not_the_text() {
        let error = Pattern::new("a", "QQ123456C(").unwrap_err();
        assert_eq!(
            error.source().unwrap().to_string(),
            "unclosed group at byte 10"
        );
    }
}
