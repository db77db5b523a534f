//! Keeps what one thread logs.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use civic_pii::{Kind, KindSet, Redactor};
use tracing::dispatcher::DefaultGuard;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use super::interest::keep_asking;
use super::look::{Look, Seen, kinds_in};

thread_local! {
    /// Captures of this thread, the latest last.
    static CAPTURES: RefCell<Vec<Entries>> = const { RefCell::new(Vec::new()) };
}

type Entries = Arc<Mutex<Vec<Entry>>>;

/// Everything that this thread logs until it is dropped, as it was logged.
///
/// It takes the place of the subscriber that the thread had, so nothing is written meanwhile. All
/// levels are kept. A capture that begins while another one is there takes over until it is
/// dropped.
#[must_use = "it ends when it is dropped"]
pub struct Capture {
    entries: Entries,
    _default: DefaultGuard,
    /// It belongs to its thread.
    _thread: PhantomData<*const ()>,
}

impl Capture {
    /// Begins to capture, and looks for every kind of personal data.
    pub fn start() -> Self {
        Self::start_with(Redactor::new())
    }

    /// Begins to capture, and looks for what this redactor would remove.
    pub fn start_with(redactor: Redactor) -> Self {
        keep_asking();
        let entries = Entries::default();
        let layer = CaptureLayer {
            entries: Arc::clone(&entries),
            redactor,
        };
        let stack = tracing_subscriber::registry().with(layer);
        let default = tracing::subscriber::set_default(stack);
        CAPTURES.with_borrow_mut(|captures| captures.push(Arc::clone(&entries)));
        Self {
            entries,
            _default: default,
            _thread: PhantomData,
        }
    }

    /// Spans, later values of spans, and events so far, in the order in which they were logged.
    pub fn entries(&self) -> Vec<Entry> {
        lock(&self.entries).clone()
    }

    /// The events among them.
    pub fn events(&self) -> Vec<Entry> {
        let mut entries = self.entries();
        entries.retain(|entry| entry.kind == EntryKind::Event);
        entries
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        CAPTURES.with_borrow_mut(|captures| {
            captures.retain(|entries| !Arc::ptr_eq(entries, &self.entries));
        });
    }
}

/// Counts only: a capture holds what was logged.
impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("entries", &lock(&self.entries).len())
            .finish_non_exhaustive()
    }
}

/// What an [`Entry`] was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryKind {
    /// A new span with its values.
    Span,
    /// Values of a span that were recorded later.
    Record,
    /// An event.
    Event,
}

/// One span, record or event as it was logged.
#[derive(Clone)]
pub struct Entry {
    kind: EntryKind,
    metadata: &'static Metadata<'static>,
    spans: Vec<&'static str>,
    seen: Vec<Seen>,
}

impl Entry {
    /// Whether it was a span, a record or an event.
    pub fn kind(&self) -> EntryKind {
        self.kind
    }

    /// Its level.
    pub fn level(&self) -> Level {
        *self.metadata.level()
    }

    /// Its target, which is the module unless the log call says otherwise.
    pub fn target(&self) -> &'static str {
        self.metadata.target()
    }

    /// Where the log call is, such as `src/routes.rs:42`.
    pub fn place(&self) -> String {
        place(self.metadata)
    }

    /// Names of the spans around it, outermost first; of a span or a record, its own name last.
    pub fn spans(&self) -> &[&'static str] {
        &self.spans
    }

    /// The text of an event.
    pub fn message(&self) -> Option<&str> {
        self.field("message")
    }

    /// The value of a field as text: strings without quotes, the links of an error with `: ` between.
    pub fn field(&self, name: &str) -> Option<&str> {
        let seen = self.seen.iter().find(|seen| seen.field == name)?;
        Some(&seen.text)
    }

    /// Names of its fields.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.seen.iter().map(|seen| seen.field)
    }

    /// Fields that hold personal data, and the kinds of it.
    pub fn personal(&self) -> impl Iterator<Item = (&'static str, KindSet)> {
        let found = self.seen.iter().filter(|seen| !seen.kinds.is_empty());
        found.map(|seen| (seen.field, seen.kinds))
    }

    pub(super) fn new(
        kind: EntryKind,
        metadata: &'static Metadata<'static>,
        spans: Vec<&'static str>,
        look: Look<'_>,
    ) -> Self {
        Self {
            kind,
            metadata,
            spans,
            seen: look.seen,
        }
    }

    /// What is personal in it and where, in words without a value; `None` when nothing is.
    pub(super) fn complaint(&self) -> Option<String> {
        let found: Vec<String> = self
            .personal()
            .map(|(field, kinds)| format!("`{field}` holds {}", names(kinds)))
            .collect();
        let what = match self.kind {
            EntryKind::Span => "span",
            EntryKind::Record => "span, later",
            EntryKind::Event => "event",
        };
        (!found.is_empty()).then(|| {
            format!(
                "{} ({what}, target {}): {}",
                self.place(),
                self.target(),
                found.join(", ")
            )
        })
    }
}

/// Without values, as it may be printed anywhere.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("kind", &self.kind)
            .field("place", &self.place())
            .field("fields", &self.fields().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

pub(super) fn place(metadata: &Metadata<'_>) -> String {
    match (metadata.file(), metadata.line()) {
        (Some(file), Some(line)) => format!("{file}:{line}"),
        _ => metadata.target().to_owned(),
    }
}

pub(super) fn names(kinds: KindSet) -> String {
    let names: Vec<&str> = kinds.iter().map(Kind::id).collect();
    names.join(" and ")
}

/// The far end of [`assert_no_personal_data`](crate::assert_no_personal_data).
///
/// # Panics
/// When there is personal data, or nothing is captured on this thread.
#[track_caller]
pub fn check(text: Option<&str>) {
    if let Some(text) = text {
        let kinds = kinds_in(&Redactor::new(), None, text);
        assert!(kinds.is_empty(), "the text holds {}", names(kinds));
        return;
    }
    let entries = CAPTURES.with_borrow(|captures| captures.last().cloned());
    let Some(entries) = entries else {
        panic!("nothing is captured on this thread: begin with `Capture::start()`");
    };
    let complaints: Vec<String> = lock(&entries).iter().filter_map(Entry::complaint).collect();
    assert!(
        complaints.is_empty(),
        "personal data was logged:\n{}",
        complaints.join("\n")
    );
}

struct CaptureLayer {
    entries: Entries,
    redactor: Redactor,
}

impl CaptureLayer {
    fn keep(
        &self,
        kind: EntryKind,
        metadata: &'static Metadata<'static>,
        spans: Vec<&'static str>,
        record: impl FnOnce(&mut Look<'_>),
    ) {
        let mut look = Look::with(&self.redactor);
        record(&mut look);
        // Taken after the values were read: a value may log while it is formatted.
        lock(&self.entries).push(Entry::new(kind, metadata, spans, look));
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for CaptureLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let spans = names_of(context.span_scope(id));
        self.keep(EntryKind::Span, attributes.metadata(), spans, |look| {
            attributes.record(look);
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let spans = names_of(context.span_scope(id));
        if let Some(metadata) = context.metadata(id) {
            self.keep(EntryKind::Record, metadata, spans, |look| {
                values.record(look);
            });
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let spans = names_of(context.event_scope(event));
        self.keep(EntryKind::Event, event.metadata(), spans, |look| {
            event.record(look);
        });
    }
}

fn names_of<'a, S: LookupSpan<'a>>(
    scope: Option<tracing_subscriber::registry::Scope<'a, S>>,
) -> Vec<&'static str> {
    let scope = scope
        .into_iter()
        .flat_map(tracing_subscriber::registry::Scope::from_root);
    scope.map(|span| span.name()).collect()
}

fn lock(entries: &Entries) -> MutexGuard<'_, Vec<Entry>> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}
