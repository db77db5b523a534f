//! For the tests of a service: what did it log, and was any of it personal?
//!
//! Two ways, which need nothing from the code under test:
//!
//! - [`Capture`] keeps what this thread logs, for assertions about it.
//! - [`forbid_personal_data`] lets a test fail at the log call that personal data reaches. Put it
//!   at the start of the tests that a service has, and they look for leaks beside what they test.
//!
//! Both see spans and events **as they were logged**, whatever the redacting subscriber of the
//! service would make of them: a log call that hands over personal data is worth knowing about
//! even where a net is under it. They scan values with a [`Redactor`](civic_pii::Redactor) as the
//! service does, so test data has to have the form of real data: `QQ123456C`, not `TEST`.
//!
//! ```
//! use civic_tracing::assert_no_personal_data;
//! use civic_tracing::test::Capture;
//!
//! let capture = Capture::start();
//! tracing::info!(rows = 3, "served");
//! assert_eq!(capture.entries()[0].field("rows"), Some("3"));
//! assert_no_personal_data!();
//! ```
//!
//! # Threads
//!
//! What is captured is what **this thread** logs, so tests side by side do not see each other.
//! Code on another thread logs elsewhere: use a current-thread runtime, which is what
//! `#[tokio::test]` gives, or [`ForbidPersonalData`] for a whole process.
//!
//! `tracing` remembers for the whole process whether anybody wants a log call. A test kit that is
//! careless about that sees nothing in the tests that come second. Once either way above was used,
//! every log call of the process stays wanted and is asked anew, so the order of tests does not
//! matter.

mod capture;
mod forbid;
mod interest;
mod look;

pub use capture::{Capture, Entry, EntryKind};
pub use forbid::{ForbidGuard, ForbidPersonalData, forbid_personal_data};

#[doc(hidden)]
pub use capture::check;

/// Fails when personal data was logged since the [`Capture`] of this thread began.
///
/// The panic tells the places in the code, the fields and the kinds, and no value. With an
/// argument it looks at that text instead, such as the body of an error page.
///
/// ```
/// use civic_tracing::assert_no_personal_data;
///
/// let page = "There is a problem with the service";
/// assert_no_personal_data!(page);
/// ```
///
/// ```should_panic
/// # use civic_tracing::{assert_no_personal_data, test::Capture};
/// let _capture = Capture::start();
/// tracing::info!("mail to canary@example.com");
/// assert_no_personal_data!(); // src/..: `message` of an event holds email
/// ```
#[macro_export]
macro_rules! assert_no_personal_data {
    () => {
        $crate::test::check(::core::option::Option::None)
    };
    ($text:expr $(,)?) => {
        $crate::test::check(::core::option::Option::Some(
            ::core::convert::AsRef::<str>::as_ref(&$text),
        ))
    };
}
