//! Applies a policy to text and numbers.

mod findings;
mod pattern;
mod rules;
mod screen;
mod settle;

pub(crate) use rules::Rules;
pub use screen::Suspects;
pub(crate) use settle::Settled;

use core::fmt::{self, Write as _};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::marker::Marker;
use crate::policy::Rule;
use crate::splice::{StringSink, WriteSink, splice};
use crate::{Finding, Kind, Policy, Receipt, Scanner, Scratch};
use rules::{Mark, Said};

/// Replaces personal data in text and numbers by what a policy says. Cheap to clone, `Send + Sync`.
///
/// - JSON stays JSON: a number becomes a marker in quotes.
/// - Redacting twice changes nothing: markers are left alone, and count in no [`Receipt`].
/// - It fails closed: should the scanner panic, `[REDACTION-FAILED]` stands in place of the whole text.
/// - Text without personal data is copied to `out` and nothing else is allocated.
///
/// What patterns cannot know is not found: a person's name or a street in free text. Name such fields in the
/// [policy](crate::PolicyBuilder::field), or hold the value in a [`Pii`](crate::Pii).
///
/// ```
/// use civic_pii::Redactor;
///
/// let redactor = Redactor::new();
/// assert_eq!(redactor.redact(r#"{"nino":"AB123456C"}"#), r#"{"nino":"[NINO]"}"#);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Redactor(Arc<Parts>);

#[derive(Debug, Default)]
struct Parts {
    scanner: Scanner,
    policy: Policy,
    mark: Mark,
}

impl Redactor {
    /// A redactor that erases every kind.
    ///
    /// ```
    /// let redactor = civic_pii::Redactor::new();
    /// assert_eq!(redactor.redact("mail a.person@example.com"), "mail [EMAIL]");
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// A redactor that does what the policy says.
    ///
    /// ```
    /// use civic_pii::{Action, Kind, Policy, Redactor};
    ///
    /// let policy = Policy::builder().action(Kind::Email, Action::keep("a staff directory")).build()?;
    /// let redactor = Redactor::with_policy(policy);
    /// assert_eq!(redactor.redact("a.person@example.com AB123456C"), "a.person@example.com [NINO]");
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn with_policy(policy: Policy) -> Self {
        let mut builder = Scanner::builder().kinds(policy.kinds());
        for (kind, percent) in policy.thresholds() {
            builder = builder.threshold(*kind, *percent);
        }
        for (name, kind) in policy.fields() {
            builder = builder.field(name, *kind);
        }
        for (name, _) in policy.kept_fields() {
            builder = builder.keep_field(name);
        }
        Redactor(Arc::new(Parts {
            scanner: builder.build(),
            policy,
            mark: Mark::default(),
        }))
    }

    /// The scanner in use.
    ///
    /// ```
    /// let redactor = civic_pii::Redactor::new();
    /// assert_eq!(redactor.scanner().scan("AB123456C").len(), 1);
    /// ```
    pub fn scanner(&self) -> &Scanner {
        &self.0.scanner
    }

    /// The policy in use.
    ///
    /// ```
    /// use civic_pii::{Action, Kind, Redactor};
    /// assert_eq!(Redactor::new().policy().action(Kind::Nino), &Action::Erase);
    /// ```
    pub fn policy(&self) -> &Policy {
        &self.0.policy
    }

    /// The text, redacted, in new memory. Use [`Redactor::redact_field`] where it matters.
    ///
    /// ```
    /// assert_eq!(civic_pii::Redactor::new().redact("nothing to hide"), "nothing to hide");
    /// ```
    pub fn redact(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        self.redact_field(None, text, &mut Scratch::default(), &mut out);
        out
    }

    /// Writes the text of a field, redacted, at the end of `out`.
    ///
    /// The name of the field is evidence for what its text holds. When the field-name rules say what that is, the whole
    /// value is replaced, whatever it looks like; but not an empty one, `true`, `false`, `null`, `None` or a marker.
    ///
    /// ```
    /// use civic_pii::{Kind, Policy, Redactor, Scratch};
    ///
    /// let redactor = Redactor::with_policy(Policy::builder().field("case_worker", Kind::PersonName).build()?);
    /// let (mut scratch, mut out) = (Scratch::default(), String::new());
    /// let receipt = redactor.redact_field(Some("case_worker"), "A Person", &mut scratch, &mut out);
    /// assert_eq!(out, "[PERSON-NAME]");
    /// assert_eq!(receipt.count(), 1);
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn redact_field(
        &self,
        field: Option<&str>,
        text: &str,
        scratch: &mut Scratch,
        out: &mut String,
    ) -> Receipt {
        if self.is_silent(field, text, scratch) {
            out.push_str(text);
            return Receipt::default();
        }
        let found = self.find(field, text.as_bytes(), scratch);
        let receipt = self.write_field(&found, text, out);
        if receipt.failed() > 0 {
            *scratch = Scratch::default();
        }
        receipt
    }

    /// Writes the text, redacted, to `out`. The text may be any bytes.
    ///
    /// All of the text is scanned before the first byte is written. Give whole lines: a value that is cut in two is not found.
    ///
    /// ```
    /// use civic_pii::{Redactor, Scratch};
    ///
    /// let mut out = Vec::new();
    /// let receipt = Redactor::new().redact_into(b"nino=AB123456C sent\n", &mut Scratch::default(), &mut out)?;
    /// assert_eq!(out, b"nino=[NINO] sent\n");
    /// assert_eq!(receipt.count(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of `out`, as it returned them. What has been written by then is redacted, and may be incomplete.
    pub fn redact_into<W: io::Write>(
        &self,
        text: &[u8],
        scratch: &mut Scratch,
        out: &mut W,
    ) -> io::Result<Receipt> {
        let found = self.find(None, text, scratch);
        let receipt = self.write_bytes(&found, text, out)?;
        if receipt.failed() > 0 {
            *scratch = Scratch::default();
        }
        Ok(receipt)
    }

    /// Writes the replacement for an integer at the end of `out`; writes nothing, and returns an empty receipt, when it may stay.
    ///
    /// Should the scanner fail, it writes `[REDACTION-FAILED]`, and the receipt counts that as [failed](Receipt::failed).
    ///
    /// ```
    /// use civic_pii::{Kind, Policy, Redactor};
    ///
    /// let redactor = Redactor::with_policy(Policy::builder().field("patient", Kind::NhsNumber).build()?);
    /// let mut out = String::new();
    /// let receipt = redactor.redact_u64(Some("patient"), 4_434_765_919, &mut out);
    /// assert_eq!(out, "[NHS-NUMBER]");
    /// assert!(receipt.kinds().contains(Kind::NhsNumber));
    /// assert!(redactor.redact_u64(Some("elapsed_ms"), 12, &mut out).is_empty());
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn redact_u64(&self, field: Option<&str>, value: u64, out: &mut String) -> Receipt {
        let scan = |scanner: &Scanner| scanner.scan_integer(field, u128::from(value));
        self.redact_number(field, value, scan, out)
    }

    /// As [`Redactor::redact_u64`].
    ///
    /// ```
    /// let mut out = String::new();
    /// assert!(civic_pii::Redactor::new().redact_i64(Some("delta"), -3, &mut out).is_empty());
    /// ```
    pub fn redact_i64(&self, field: Option<&str>, value: i64, out: &mut String) -> Receipt {
        let scan = |scanner: &Scanner| scanner.scan_integer(field, u128::try_from(value).ok()?);
        self.redact_number(field, value, scan, out)
    }

    /// As [`Redactor::redact_u64`].
    ///
    /// ```
    /// let mut out = String::new();
    /// assert!(civic_pii::Redactor::new().redact_u128(Some("total"), 3, &mut out).is_empty());
    /// ```
    pub fn redact_u128(&self, field: Option<&str>, value: u128, out: &mut String) -> Receipt {
        let scan = |scanner: &Scanner| scanner.scan_integer(field, value);
        self.redact_number(field, value, scan, out)
    }

    /// As [`Redactor::redact_u64`].
    ///
    /// ```
    /// let mut out = String::new();
    /// assert!(civic_pii::Redactor::new().redact_i128(Some("total"), -3, &mut out).is_empty());
    /// ```
    pub fn redact_i128(&self, field: Option<&str>, value: i128, out: &mut String) -> Receipt {
        let scan = |scanner: &Scanner| scanner.scan_integer(field, u128::try_from(value).ok()?);
        self.redact_number(field, value, scan, out)
    }

    /// As [`Redactor::redact_u64`], for a whole number that was stored as a float; any other is scanned by no rule but its
    /// field's.
    ///
    /// ```
    /// let mut out = String::new();
    /// assert!(civic_pii::Redactor::new().redact_f64(Some("ratio"), 0.25, &mut out).is_empty());
    /// ```
    pub fn redact_f64(&self, field: Option<&str>, value: f64, out: &mut String) -> Receipt {
        let scan = |scanner: &Scanner| scanner.scan_integer(field, whole(value)?);
        self.redact_number(field, value, scan, out)
    }

    /// Whether a quick look tells that there is nothing to do: most texts of fields are short words.
    #[inline]
    fn is_silent(&self, field: Option<&str>, text: &str, scratch: &Scratch) -> bool {
        if text.len() > Scanner::SHORT || self.has_patterns() {
            return false;
        }
        // A name that is not remembered is asked where a panic costs the value only.
        let speaks = match field.map(|name| scratch.rules.known(&self.0.mark, name)) {
            None => false,
            Some(Some(Said {
                rule: Rule::Scan,
                speaks,
            })) => speaks,
            Some(_) => return false,
        };
        self.0.scanner.is_silent(speaks, text.as_bytes())
    }

    /// What is to be done with a text, decided without writing anything.
    fn find<'s>(
        &self,
        field: Option<&str>,
        text: &[u8],
        scratch: &'s mut Scratch,
    ) -> Result<Found<'s>, ScanFailed> {
        let found =
            guarded(
                || match field.map_or(Rule::Scan, |name| self.said(name, scratch).rule) {
                    Rule::Keep => Found::Keep,
                    Rule::Whole(kind) => Found::Whole(kind),
                    Rule::Scan => {
                        self.0.scanner.scan_with(field, text, scratch);
                        self.settle(field, text, scratch)
                    }
                },
            )?;
        match &found {
            Found::Parts(findings) if !is_sound(findings, text.len()) => Err(ScanFailed),
            _ => Ok(found),
        }
    }

    fn write_field(
        &self,
        found: &Result<Found<'_>, ScanFailed>,
        text: &str,
        out: &mut String,
    ) -> Receipt {
        let mut receipt = Receipt::default();
        match found {
            Ok(Found::Keep) => out.push_str(text),
            Ok(Found::Whole(kind)) => {
                let value = text.trim();
                match self.0.policy.marker(*kind, None, bare(value).as_bytes()) {
                    Some(marker) if !says_nothing(value) && !self.is_marker(value) => {
                        push(out, marker);
                        receipt.add(*kind);
                    }
                    _ => out.push_str(text),
                }
            }
            Ok(Found::Parts(findings)) => {
                let mut sink = StringSink { text, out };
                let Ok(done) = splice(&self.0.policy, text.as_bytes(), findings, &mut sink);
                receipt = done;
            }
            Ok(Found::Done(bytes, done)) => match core::str::from_utf8(bytes) {
                Ok(text) => {
                    out.push_str(text);
                    receipt = *done;
                }
                Err(_) => return self.write_field(&Err(ScanFailed), text, out),
            },
            Err(ScanFailed) => {
                push(out, Marker::Failed);
                receipt.add_failed();
            }
        }
        receipt
    }

    fn write_bytes<W: io::Write>(
        &self,
        found: &Result<Found<'_>, ScanFailed>,
        text: &[u8],
        out: &mut W,
    ) -> io::Result<Receipt> {
        match found {
            Ok(Found::Parts(findings)) => {
                splice(&self.0.policy, text, findings, &mut WriteSink { text, out })
            }
            Ok(Found::Done(bytes, receipt)) => {
                out.write_all(bytes)?;
                Ok(*receipt)
            }
            // Without a field name there is no rule that says keep or whole.
            Ok(Found::Keep | Found::Whole(_)) | Err(ScanFailed) => {
                write!(out, "{}", Marker::Failed)?;
                if text.ends_with(b"\n") {
                    out.write_all(b"\n")?;
                }
                let mut receipt = Receipt::default();
                receipt.add_failed();
                Ok(receipt)
            }
        }
    }

    /// What the name of a field says, remembered in the buffers.
    fn said(&self, field: &str, scratch: &mut Scratch) -> Said {
        let mark = &self.0.mark;
        scratch.rules.known(mark, field).unwrap_or_else(|| {
            let said = Said {
                rule: self.rule(Some(field)),
                speaks: self.0.scanner.speaks(field),
            };
            scratch.rules.learn(mark, field, said);
            said
        })
    }

    fn rule(&self, field: Option<&str>) -> Rule {
        let default = |field: &str| self.0.scanner.kind_of_field(field);
        field.map_or(Rule::Scan, |field| self.0.policy.rule(field, default))
    }

    fn redact_number(
        &self,
        field: Option<&str>,
        value: impl fmt::Display,
        scan: impl FnOnce(&Scanner) -> Option<Kind>,
        out: &mut String,
    ) -> Receipt {
        let Parts {
            scanner, policy, ..
        } = &*self.0;
        let found = guarded(|| match self.rule(field) {
            Rule::Keep => None,
            Rule::Whole(kind) => Some((kind, None)),
            Rule::Scan => scan(scanner)
                .filter(|kind| policy.replaces(*kind))
                .map(|kind| (kind, None))
                .or_else(|| self.pattern_of(&value)),
        });
        let mut receipt = Receipt::default();
        match found {
            Ok(None) => {}
            Ok(Some((kind, custom))) => {
                let text = value.to_string();
                if let Some(marker) = policy.marker(kind, custom, text.as_bytes()) {
                    push(out, marker);
                    receipt.add(kind);
                }
            }
            Err(ScanFailed) => {
                push(out, Marker::Failed);
                receipt.add_failed();
            }
        }
        receipt
    }

    /// Whether the text is one marker and nothing else.
    fn is_marker(&self, text: &str) -> bool {
        self.marker_len(text.as_bytes()) == Some(text.len())
    }
}

impl From<Policy> for Redactor {
    fn from(policy: Policy) -> Self {
        Self::with_policy(policy)
    }
}

enum Found<'s> {
    /// Leave the text alone.
    Keep,
    /// All of it is one value of this kind.
    Whole(Kind),
    /// These parts of it are personal data.
    Parts(&'s [Finding]),
    /// This is the redacted text.
    Done(&'s [u8], Receipt),
}

/// The scanner panicked, or found what is not in the text.
#[derive(Debug)]
struct ScanFailed;

/// Turns a panic into an error.
///
/// Nothing is seen half-changed afterwards: a scanner is immutable, and the caller replaces its buffers.
fn guarded<T>(scan: impl FnOnce() -> T) -> Result<T, ScanFailed> {
    catch_unwind(AssertUnwindSafe(scan)).map_err(|_| ScanFailed)
}

/// Whether the findings are in order and in the text: if not, parts of it would be written that must not be.
fn is_sound(findings: &[Finding], len: usize) -> bool {
    let mut last = 0;
    findings.iter().all(|finding| {
        let sound = last <= finding.start && finding.start <= finding.end && finding.end <= len;
        last = finding.start;
        sound
    })
}

/// Whether a value is none, so that there is nothing to replace.
fn says_nothing(value: &str) -> bool {
    matches!(value, "" | "\"\"" | "true" | "false" | "null" | "None")
}

/// The value without what `Debug` puts around it, so that `?name` and `%name` give the same pseudonym.
fn bare(value: &str) -> &str {
    let inner = value
        .strip_prefix("Some(")
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(value);
    inner
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(inner)
}

/// The integer that a float holds, if it is one that an identifier can be.
#[expect(
    clippy::float_cmp,
    reason = "a float is whole when it is the very same as an integer"
)]
fn whole(value: f64) -> Option<u128> {
    // All floats in this range have a u64 below them, which is quicker to ask for than a fraction.
    let below = value as u64;
    ((0.0..1e19).contains(&value) && below as f64 == value).then(|| below.into())
}

fn push(out: &mut String, marker: Marker<'_>) {
    write!(out, "{marker}").expect("a string takes any text");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Evidence;

    const _: () = {
        const fn shared<T: Send + Sync + Clone>() {}
        shared::<Redactor>();
    };

    #[test]
    fn a_panic_of_the_scanner_costs_the_value_and_not_the_line() {
        let found = guarded(|| -> Found<'static> { panic!("a defect, made for this test") });
        let redactor = Redactor::new();
        let mut out = String::from("before ");
        let receipt = redactor.write_field(&found, "AB123456C", &mut out);
        assert_eq!(out, "before [REDACTION-FAILED]");
        assert_eq!(
            (receipt.count(), receipt.failed(), receipt.is_empty()),
            (0, 1, false)
        );

        let mut out = Vec::new();
        let receipt = redactor.write_bytes(&Err(ScanFailed), b"AB123456C\n", &mut out);
        assert_eq!(out, b"[REDACTION-FAILED]\n");
        assert_eq!(receipt.unwrap().failed(), 1);
    }

    #[test]
    fn a_panic_over_a_number_costs_the_number() {
        let mut out = String::new();
        let scan = |_: &Scanner| -> Option<Kind> { panic!("a defect, made for this test") };
        let receipt = Redactor::new().redact_number(Some("n"), 4_434_765_919_u64, scan, &mut out);
        assert_eq!(out, "[REDACTION-FAILED]");
        assert_eq!((receipt.count(), receipt.failed()), (0, 1));
    }

    #[test]
    fn findings_out_of_order_or_outside_the_text_are_a_failure() {
        let finding = |start, end| Finding {
            start,
            end,
            kind: Kind::Nino,
            confidence: 90,
            evidence: Evidence::SHAPE,
            custom: None,
        };
        assert!(is_sound(&[finding(0, 2), finding(2, 4)], 4));
        for findings in [
            [finding(2, 4), finding(0, 2)],
            [finding(0, 2), finding(3, 5)],
            [finding(0, 2), finding(4, 3)],
        ] {
            assert!(!is_sound(&findings, 4));
        }
    }

    #[test]
    fn debug_output_has_the_pseudonym_of_the_value() {
        for text in ["A Person", "\"A Person\"", "Some(\"A Person\")"] {
            assert_eq!(bare(text), "A Person");
        }
    }
}
