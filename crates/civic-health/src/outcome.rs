//! What one run of a check found.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use crate::status::Status;

/// Longest private detail that is kept, in bytes; the rest is cut off.
pub const MAX_DETAIL_BYTES: usize = 1024;

/// What one run of a check found: a status, why, and what was measured.
///
/// The reason may be shown to anyone who may see the checks, so it is a text of the program and
/// cannot hold an error's words, a host or a person's data. What an error said goes into the
/// [detail](Self::detail), which no answer of this crate holds: it leaves through the log only,
/// where the service's redaction reads it.
///
/// ```
/// use civic_health::{Outcome, Status};
///
/// let outcome = Outcome::fail("query failed")
///     .detail("password authentication failed for user case_worker")
///     .observed(12.0, "connections");
/// assert_eq!(outcome.status(), Status::Fail);
/// assert!(!format!("{outcome:?}").contains("case_worker"));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Outcome {
    status: Status,
    reason: Option<&'static str>,
    detail: Option<PrivateDetail>,
    observed: Option<Observed>,
}

/// A measured value with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// The value; one that is not finite is left out of answers.
    pub value: f64,
    /// Its unit, such as `ms`, `percent` or `connections`.
    pub unit: &'static str,
}

/// What may only be logged: the words of an error, as they came.
///
/// Neither `Debug` nor `Display` shows it. A clone shares the text.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateDetail(Arc<str>);

impl Outcome {
    /// It works.
    pub const fn pass() -> Self {
        Self::new(Status::Pass, None)
    }

    /// It works, and somebody should look.
    pub const fn warn(reason: &'static str) -> Self {
        Self::new(Status::Warn, Some(reason))
    }

    /// It does not work.
    pub const fn fail(reason: &'static str) -> Self {
        Self::new(Status::Fail, Some(reason))
    }

    /// Adds what only the log may say, cut after [`MAX_DETAIL_BYTES`].
    pub fn detail(mut self, detail: impl fmt::Display) -> Self {
        let mut text = Bounded(String::new());
        // Ends early when the text is full; what is there already is kept.
        let _ = write!(text, "{detail}");
        self.detail = Some(PrivateDetail(text.0.into()));
        self
    }

    /// Adds an error with its causes, for the log only.
    pub fn error(self, error: &(dyn Error + 'static)) -> Self {
        struct Chain<'a>(&'a (dyn Error + 'static));
        impl fmt::Display for Chain<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)?;
                let mut cause = self.0.source();
                while let Some(error) = cause {
                    write!(f, ": {error}")?;
                    cause = error.source();
                }
                Ok(())
            }
        }
        self.detail(Chain(error))
    }

    /// Adds what was measured.
    pub const fn observed(mut self, value: f64, unit: &'static str) -> Self {
        self.observed = Some(Observed { value, unit });
        self
    }

    /// How well it works.
    pub const fn status(&self) -> Status {
        self.status
    }

    /// Why, in words that may be shown.
    pub const fn reason(&self) -> Option<&'static str> {
        self.reason
    }

    /// What only the log may say.
    pub const fn private_detail(&self) -> Option<&PrivateDetail> {
        self.detail.as_ref()
    }

    /// What was measured.
    pub const fn value(&self) -> Option<Observed> {
        self.observed
    }

    const fn new(status: Status, reason: Option<&'static str>) -> Self {
        Self {
            status,
            reason,
            detail: None,
            observed: None,
        }
    }
}

/// `Ok` passes; `Err` fails with `check failed` in the answer and the error in the log.
impl<T, E: Into<Box<dyn Error + Send + Sync>>> From<Result<T, E>> for Outcome {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(_) => Self::pass(),
            Err(error) => Self::fail("check failed").error(&*error.into()),
        }
    }
}

impl PrivateDetail {
    /// The text, for a log that redacts what it writes. Never put it into an answer.
    pub fn reveal_for_log(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

/// A text that takes so many bytes and no more.
struct Bounded(String);

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = MAX_DETAIL_BYTES - self.0.len();
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        let end = (0..=room).rev().find(|end| text.is_char_boundary(*end));
        self.0.push_str(&text[..end.unwrap_or(0)]);
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug)]
    struct Connect(io::Error);

    impl fmt::Display for Connect {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("cannot connect")
        }
    }

    impl Error for Connect {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn an_error_goes_to_the_log_with_its_causes_and_nowhere_else() {
        let result: Result<(), _> = Err(Connect(io::Error::other("db.example.com refused")));
        let outcome = Outcome::from(result);
        assert_eq!(outcome.reason(), Some("check failed"));
        let detail = outcome.private_detail().unwrap();
        assert_eq!(
            detail.reveal_for_log(),
            "cannot connect: db.example.com refused"
        );
        assert!(!format!("{outcome:?}").contains("example.com"));
    }

    #[test]
    fn a_long_detail_is_cut_between_characters() {
        let outcome = Outcome::pass().detail("é".repeat(MAX_DETAIL_BYTES));
        let detail = outcome.private_detail().unwrap().reveal_for_log();
        assert_eq!(detail.len(), MAX_DETAIL_BYTES);
        let odd = Outcome::pass().detail(format_args!("a{}", "é".repeat(MAX_DETAIL_BYTES)));
        let detail = odd.private_detail().unwrap().reveal_for_log();
        assert_eq!(detail.len(), MAX_DETAIL_BYTES - 1);
    }
}
