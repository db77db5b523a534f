//! The subscriber that stands around all others.

use std::any::TypeId;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use civic_pii::Redactor;
use tracing_core::span::{Attributes, Current, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Dispatch, Event, LevelFilter, Metadata, Subscriber};

use crate::Counts;
use crate::owner::{ErrorCode, Owner};
use crate::reading::{Mode, Reading};
use crate::report::{Redaction, Report};
use crate::workspace::note_pass;

/// A subscriber that redacts spans and events before anything under it sees them.
///
/// Make it with [`RedactExt::redacted`](crate::RedactExt::redacted) as the **last** step of
/// building a stack. Everything under it, be it layer, filter or exporter, is given the rewritten
/// span or event, once. **A layer stacked above it (`.redacted(..).with(layer)`) sees values as
/// they were logged.** Layers that read spans from the registry, such as `fmt::layer()` and
/// OpenTelemetry's, do not compile there, because this type does not implement `LookupSpan`;
/// a layer of your own that asks for no more than `Subscriber` does compile, so keep it below.
///
/// What is kept: types (integers, floats, booleans, strings, bytes, `Debug` and `Display` values,
/// errors), field identity, parents, span ids, records of the `log` crate, and an error's chain of
/// sources up to 32 links. What changes: a number that is personal data becomes a string; an error
/// can no longer be downcast; a filter on span field values (`EnvFilter`'s `[span{field=value}]`)
/// sees the redacted value.
///
/// What it cannot see: target, span name and field names, which are part of the code; and data
/// that does not pass through `tracing`.
///
/// A value is formatted once, whatever the number of layers. An event whose values are strings,
/// numbers and booleans and hold nothing to redact allocates nothing once its thread is warm.
/// It fails closed: a value that cannot be scanned is replaced by `[DROPPED]`, and counted.
pub struct RedactingSubscriber<S> {
    inner: S,
    owner: Owner,
}

impl<S: Subscriber> RedactingSubscriber<S> {
    /// Puts a redacting subscriber around `inner`; takes a [`Policy`](civic_pii::Policy) or a [`Redactor`].
    pub fn new(inner: S, redactor: impl Into<Redactor>) -> Self {
        let mut owner = Owner::new(redactor.into());
        // An error is another one once it was rebuilt, so its code has to be read here for the layer that writes it.
        owner.error_code = (&inner as &dyn Subscriber)
            .downcast_ref::<ErrorCode>()
            .copied();
        Self { inner, owner }
    }

    /// Calls `tell` when an event or a span held personal data: at most once in so long for each place in the code.
    ///
    /// It is called by the thread that logged, after counting and before the event is handed on. What it logs itself is
    /// redacted like everything, and not told again.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use civic_pii::Redactor;
    /// use civic_tracing::RedactExt;
    ///
    /// let subscriber = tracing_subscriber::registry()
    ///     .redacted(Redactor::new())
    ///     .on_redaction(Duration::from_secs(60), |redaction| {
    ///         let place = (redaction.file, redaction.line);
    ///         eprintln!("{:?} logs {:?}", place, redaction.receipt.kinds());
    ///     });
    /// # drop(subscriber);
    /// ```
    #[must_use]
    pub fn on_redaction(
        mut self,
        every: Duration,
        tell: impl Fn(&Redaction<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.owner.report = Some(Report {
            every,
            tell: Arc::new(tell),
        });
        self
    }

    /// Reads the stable code of an error before it is rebuilt, for the layers below that write one.
    ///
    /// Not needed when a [`JsonLayer`](crate::JsonLayer) below was given the same function: it is found there.
    #[must_use]
    pub fn error_code(mut self, of: fn(&(dyn Error + 'static)) -> Option<&'static str>) -> Self {
        self.owner.error_code = Some(ErrorCode(of));
        self
    }

    /// A handle to the counts of what was redacted, cut or dropped; stays valid after `init`.
    ///
    /// ```
    /// use civic_pii::Redactor;
    /// use civic_tracing::RedactExt;
    /// use tracing_subscriber::prelude::*;
    ///
    /// let subscriber = tracing_subscriber::registry()
    ///     .with(tracing_subscriber::fmt::layer())
    ///     .redacted(Redactor::new());
    /// let counts = subscriber.counts();
    /// let _guard = subscriber.set_default();
    ///
    /// tracing::info!("mail to jo@example.com and to al@example.com");
    /// assert_eq!(counts.redacted(), 2);
    /// ```
    pub fn counts(&self) -> Counts {
        self.owner.counts.clone()
    }

    /// Asks the stack again whether it wants this span or event.
    ///
    /// Per-layer filters note their answer for the thread until the span or event arrives. A value
    /// that logged while it was read has used that note up for its own event.
    fn ask_again(&self, metadata: &Metadata<'_>, reading: &Reading<'_>) -> bool {
        !reading.was_interrupted() || self.inner.enabled(metadata)
    }
}

impl<S> fmt::Debug for RedactingSubscriber<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedactingSubscriber")
            .field("counts", &self.owner.counts)
            .finish_non_exhaustive()
    }
}

impl<S: Subscriber> Subscriber for RedactingSubscriber<S> {
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        self.inner.on_register_dispatch(subscriber);
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.inner.register_callsite(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        note_pass();
        self.inner.enabled(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        self.inner.max_level_hint()
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        note_pass();
        let metadata = span.metadata();
        let reading = Reading::of(&self.owner, Some(metadata), Mode::HandOn, |v| {
            span.record(v);
        });
        reading.count();
        // A span must be given an id, wanted or not; the filters' note is what counts here.
        self.ask_again(metadata, &reading);
        reading
            .lend_span(span, |span| self.inner.new_span(span))
            .expect("the fields of a span are known from its metadata")
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let reading = Reading::of(&self.owner, None, Mode::HandOn, |v| values.record(v));
        reading.count();
        reading.lend_record(|values| self.inner.record(span, values));
    }

    fn record_follows_from(&self, span: &Id, follows: &Id) {
        self.inner.record_follows_from(span, follows);
    }

    /// Always true: the stack is asked by [`event`](Subscriber::event), with the rewritten event.
    fn event_enabled(&self, _: &Event<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        note_pass();
        let metadata = event.metadata();
        let reading = Reading::of_event(&self.owner, event, Mode::HandOn);
        reading.count();
        if !self.ask_again(metadata, &reading) {
            return;
        }
        reading.lend_event(event, |event| {
            if self.inner.event_enabled(event) {
                self.inner.event(event);
            }
        });
    }

    fn enter(&self, span: &Id) {
        self.inner.enter(span);
    }

    fn exit(&self, span: &Id) {
        self.inner.exit(span);
    }

    fn clone_span(&self, id: &Id) -> Id {
        self.inner.clone_span(id)
    }

    fn try_close(&self, id: Id) -> bool {
        self.inner.try_close(id)
    }

    #[expect(
        deprecated,
        reason = "a subscriber under this one may still implement it"
    )]
    fn drop_span(&self, id: Id) {
        self.inner.drop_span(id);
    }

    fn current_span(&self) -> Current {
        self.inner.current_span()
    }

    #[expect(
        unsafe_code,
        reason = "OpenTelemetry, reload handles and `Option` layers find each other through this"
    )]
    unsafe fn downcast_raw(&self, id: TypeId) -> Option<*const ()> {
        if id == TypeId::of::<Self>() {
            return Some(std::ptr::from_ref(self).cast());
        }
        // SAFETY: the pointer is the inner subscriber's own answer for the same type id. It points
        // into `self.inner`, which lives as long as `self` does and is never moved while borrowed.
        unsafe { self.inner.downcast_raw(id) }
    }
}
