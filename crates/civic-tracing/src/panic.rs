//! What a panic and a failing `main` print, without personal data in it.
//!
//! The standard library prints the message of a panic, and the error that `main` returns, to
//! standard error, past every subscriber. Both quote values: `expect` on a parse error, a slice of
//! a form. [`PanicHook`] and [`MainError`] make log events of them that are redacted like others.
//!
//! ```
//! use civic_pii::Redactor;
//! use civic_tracing::panic::{MainError, PanicHook};
//!
//! fn main() -> Result<(), MainError> {
//!     PanicHook::new(Redactor::new()).install();
//!     let port: u16 = "8080".parse()?;
//!     # let _ = port;
//!     Ok(())
//! }
//! ```

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::error::Error;
use std::fmt;
use std::io::Write as _;
use std::panic::{self, Location, PanicHookInfo};
use std::thread;

use civic_pii::Redactor;
use tracing::Level;

use crate::Counts;
use crate::clean::MAX_ERROR_LINKS;
use crate::text::Texts;

/// Target of the events made here, for filters.
const TARGET: &str = "civic_tracing::panic";

/// Redacts the message of a panic and logs it as an event; then flushes what it was told to.
///
/// The event has the level `ERROR`, the target `civic_tracing::panic` and the fields `panic.location`,
/// `panic.thread` and, where `RUST_BACKTRACE` asks for it, `panic.backtrace`, which names functions
/// and holds no values. Where no subscriber takes the event, the redacted text goes to standard
/// error instead.
///
/// It **replaces** the hook before it, which would print the message as it is. A reporter that
/// installs a hook of its own afterwards sees the message as it is. A layer that panics while a
/// panic is logged ends the process, as a panic in any hook does.
pub struct PanicHook {
    redactor: Redactor,
    counts: Counts,
    flush: Vec<Box<dyn Fn() + Send + Sync>>,
}

impl PanicHook {
    /// A hook that redacts with this redactor.
    pub fn new(redactor: Redactor) -> Self {
        Self {
            redactor,
            counts: Counts::default(),
            flush: Vec::new(),
        }
    }

    /// Runs `flush` after each panic was logged; give it a time limit.
    ///
    /// With `panic = "abort"` this is the only chance that buffered lines have.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use civic_pii::Redactor;
    /// use civic_tracing::panic::PanicHook;
    /// use civic_tracing::writer::BatchingWriter;
    ///
    /// let (writer, _guard) = BatchingWriter::builder().to(std::io::sink())?;
    /// PanicHook::new(Redactor::new())
    ///     .flushing(move || {
    ///         // What was not written in time stays queued.
    ///         let _ = writer.flush(Duration::from_secs(2));
    ///     })
    ///     .install();
    /// # Ok::<(), civic_tracing::writer::BuildError>(())
    /// ```
    #[must_use]
    pub fn flushing(mut self, flush: impl Fn() + Send + Sync + 'static) -> Self {
        self.flush.push(Box::new(flush));
        self
    }

    /// Makes this the hook of the process.
    ///
    /// # Panics
    /// When called from a thread that is panicking.
    pub fn install(self) {
        panic::set_hook(Box::new(move |panic| self.report(panic)));
    }

    /// What the hook does; for a hook of your own that does more.
    pub fn report(&self, panic: &PanicHookInfo<'_>) {
        self.log(panic);
        for flush in &self.flush {
            flush();
        }
    }

    fn log(&self, panic: &PanicHookInfo<'_>) {
        let raw = message(panic.payload());
        let message = Texts::new(&self.redactor, &self.counts)
            .text(None, raw)
            .unwrap_or_else(|| raw.to_owned());
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then_some(&backtrace);
        if !tracing::enabled!(target: TARGET, Level::ERROR) {
            say(&message, panic.location(), backtrace);
            return;
        }
        tracing::error!(
            target: TARGET,
            {
                panic.location = panic.location().map(tracing::field::display),
                panic.thread = thread::current().name(),
                panic.backtrace = backtrace.map(tracing::field::display),
            },
            "panicked: {message}",
        );
    }
}

impl fmt::Debug for PanicHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PanicHook")
            .field("flushing", &self.flush.len())
            .finish_non_exhaustive()
    }
}

/// Text of a panic. A payload of another type has none; the standard hook prints none either.
fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&'static str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("with a value that is no text")
}

/// Writes to standard error, for want of a subscriber. Fails in silence, as there is nobody left to tell.
fn say(message: &str, location: Option<&Location<'_>>, backtrace: Option<&Backtrace>) {
    let thread = thread::current();
    let name = thread.name().unwrap_or("<unnamed>");
    let at = location.map(|at| format!(" at {at}")).unwrap_or_default();
    let trace = backtrace.map(|t| format!("{t}\n")).unwrap_or_default();
    let text = format!("thread '{name}' panicked{at}:\n{message}\n{trace}");
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// An error for `main` to return: logged when it is made, and redacted when it is printed.
///
/// `?` turns every error into one. Made, it logs an event with the level `ERROR` and the redacted
/// texts of the error and its sources; that happens while the guards in `main` are still there.
/// Printed, which is what the runtime does with it, it gives the same texts on one line.
///
/// It asks a [`Redactor`] with the policy that replaces every kind, because `?` has no room for
/// another; [`MainError::redacted_by`] has. An error that is already a box comes in through
/// [`MainError::from_boxed`].
pub struct MainError {
    text: String,
}

impl MainError {
    /// Takes an error and its sources, redacted by this redactor.
    pub fn redacted_by(redactor: &Redactor, error: &(dyn Error + 'static)) -> Self {
        let counts = Counts::default();
        let mut texts = Texts::new(redactor, &counts);
        let mut chain = String::new();
        let links = std::iter::successors(Some(error), |link: &&(dyn Error + 'static)| {
            (*link).source()
        });
        for link in links.take(MAX_ERROR_LINKS) {
            let raw = link.to_string();
            if !chain.is_empty() {
                chain.push_str(": ");
            }
            chain.push_str(&texts.text(None, &raw).unwrap_or(raw));
        }
        // Two links may hold a value between them.
        let text = texts.text(None, &chain).unwrap_or(chain);
        tracing::error!(target: TARGET, error = %text, "main failed");
        Self { text }
    }

    /// Takes an error that is a box.
    ///
    /// ```
    /// use civic_tracing::panic::MainError;
    ///
    /// let boxed: Box<dyn std::error::Error + Send + Sync> = "no answer for canary@example.com".into();
    /// assert_eq!(format!("{:?}", MainError::from_boxed(boxed)), "no answer for [EMAIL]");
    /// ```
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it goes where a function is asked for, as in `map_err`"
    )]
    pub fn from_boxed(error: Box<dyn Error + Send + Sync>) -> Self {
        Self::redacted_by(&Redactor::new(), &*error)
    }
}

impl<E: Error + 'static> From<E> for MainError {
    fn from(error: E) -> Self {
        Self::redacted_by(&Redactor::new(), &error)
    }
}

/// The redacted text: the runtime prints an error of `main` by its `Debug`.
impl fmt::Debug for MainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
