//! Fails a test at the log call that personal data reaches.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use civic_pii::Redactor;
use tracing::dispatcher::DefaultGuard;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::capture::{Entry, EntryKind};
use super::interest::keep_asking;
use super::look::Look;

/// Lets this thread panic at a log call that hands over personal data, until the guard is dropped.
///
/// The panic tells the place of the log call, the fields and the kinds, and no value. A framework
/// may catch it, as an async runtime does in a task, and the test would pass all the same; so the
/// guard panics again when it is dropped.
///
/// ```should_panic
/// let _guard = civic_tracing::test::forbid_personal_data();
/// tracing::info!(contact = "canary@example.com", "applied"); // panics here
/// ```
pub fn forbid_personal_data() -> ForbidGuard {
    keep_asking();
    let layer = ForbidPersonalData::default();
    let first = Arc::clone(&layer.first);
    let stack = tracing_subscriber::registry().with(layer);
    ForbidGuard {
        first,
        _default: tracing::subscriber::set_default(stack),
        _thread: PhantomData,
    }
}

/// Ends [`forbid_personal_data`] when it is dropped.
///
/// # Panics
/// On drop, when personal data was logged and the panic about it was caught on the way.
#[must_use = "it ends when it is dropped"]
pub struct ForbidGuard {
    first: Arc<Mutex<Option<String>>>,
    _default: DefaultGuard,
    /// It belongs to its thread.
    _thread: PhantomData<*const ()>,
}

impl Drop for ForbidGuard {
    fn drop(&mut self) {
        let first = self
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(complaint) = first.filter(|_| !thread::panicking()) {
            panic!("personal data was logged, and the panic about it was caught: {complaint}");
        }
    }
}

impl fmt::Debug for ForbidGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForbidGuard").finish_non_exhaustive()
    }
}

/// A layer that panics at a log call that hands over personal data; for a whole process.
///
/// For tests whose code logs on many threads. Put it **above** a redacting subscriber, or it has
/// nothing to see:
///
/// ```
/// use civic_tracing::RedactExt;
/// use civic_tracing::test::ForbidPersonalData;
/// use tracing_subscriber::prelude::*;
///
/// # let redactor = civic_pii::Redactor::new();
/// let _guard = tracing_subscriber::registry()
///     .with(tracing_subscriber::fmt::layer().json())
///     .redacted(redactor)
///     .with(ForbidPersonalData::default()) // above, so that it sees what was logged
///     .set_default();
/// ```
#[derive(Default)]
pub struct ForbidPersonalData {
    redactor: Redactor,
    first: Arc<Mutex<Option<String>>>,
}

impl ForbidPersonalData {
    /// Forbids what this redactor would remove; the default forbids every kind.
    pub fn new(redactor: Redactor) -> Self {
        Self {
            redactor,
            ..Self::default()
        }
    }

    fn look(
        &self,
        kind: EntryKind,
        metadata: &'static Metadata<'static>,
        record: impl FnOnce(&mut Look<'_>),
    ) {
        let mut look = Look::with(&self.redactor);
        record(&mut look);
        let entry = Entry::new(kind, metadata, Vec::new(), look);
        let Some(complaint) = entry.complaint() else {
            return;
        };
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| complaint.clone());
        drop(first);
        // A second panic while the first unwinds would end the process without a word.
        assert!(thread::panicking(), "personal data was logged: {complaint}");
    }
}

impl fmt::Debug for ForbidPersonalData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForbidPersonalData").finish_non_exhaustive()
    }
}

impl<S: Subscriber> Layer<S> for ForbidPersonalData {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        self.look(EntryKind::Span, attributes.metadata(), |look| {
            attributes.record(look);
        });
    }

    fn on_record(&self, _: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut look = Look::with(&self.redactor);
        values.record(&mut look);
        // Under a subscriber that keeps no spans the fields themselves know where they are from.
        if let Some(metadata) = look.metadata {
            self.look(EntryKind::Record, metadata, |again| again.seen = look.seen);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        self.look(EntryKind::Event, event.metadata(), |look| {
            event.record(look);
        });
    }
}
