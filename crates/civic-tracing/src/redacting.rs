//! A layer that redacts for one other layer, in stacks where others are to see what was logged.

use std::any::TypeId;
use std::fmt;

use civic_pii::Redactor;
use tracing_core::span::{Attributes, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Dispatch, Event, LevelFilter, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt as fmt_layer;
use tracing_subscriber::fmt::format::{DefaultFields, FormatFields};
use tracing_subscriber::layer::Context;

use crate::Counts;
use crate::fields::RedactedFields;
use crate::owner::{ErrorCode, Owner};
use crate::reading::{Mode, Reading};
use crate::workspace::note_pass;

/// Redacts what one layer sees, while the layers beside it see values as they were logged.
///
/// [`RedactingSubscriber`](crate::RedactingSubscriber) is the right choice nearly always: it protects every layer, and
/// reads each value once. Take this one where one output is allowed personal data, such as a protected audit file, and
/// another is not.
///
/// Filters belong around it, `Redacting::new(..).with_filter(..)`: then nothing is read for what is filtered out.
///
/// ```
/// use civic_pii::Policy;
/// use civic_tracing::{JsonLayer, Redacting};
/// use tracing_subscriber::prelude::*;
///
/// # struct Audit;
/// # impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Audit {}
/// tracing_subscriber::registry()
///     .with(Audit) // sees everything
///     .with(Redacting::fmt(tracing_subscriber::fmt::layer().json(), Policy::default()))
///     .init();
/// ```
///
/// # Layers of `fmt` need [`Redacting::fmt`]
///
/// `fmt` layers keep the text of a span's fields in the span, by the type of what formats them, and take what they find
/// there. A raw `fmt` layer that stands first would leave personal data for the wrapped one. [`Redacting::fmt`] gives the
/// wrapped one a type of its own, [`RedactedFields`]. A `fmt` layer in [`Redacting::new`] is refused.
///
/// # Panics
///
/// When it is added to a stack with a `fmt` layer inside that has no [`RedactedFields`].
pub struct Redacting<L> {
    inner: L,
    owner: Owner,
}

impl<L> Redacting<L> {
    /// Redacts for a layer that is none of `fmt`; takes a [`Policy`](civic_pii::Policy) or a [`Redactor`].
    pub fn new(inner: L, redactor: impl Into<Redactor>) -> Self {
        Self {
            inner,
            owner: Owner::new(redactor.into()),
        }
    }

    /// A handle to the counts of what was redacted, cut or dropped.
    pub fn counts(&self) -> Counts {
        self.owner.counts.clone()
    }

    /// See [`RedactingSubscriber`](crate::RedactingSubscriber): a value that logged used up what filters inside had noted.
    fn ask_again<S>(
        &self,
        metadata: &Metadata<'_>,
        reading: &Reading<'_>,
        cx: &Context<'_, S>,
    ) -> bool
    where
        L: Layer<S>,
        S: Subscriber,
    {
        !reading.was_interrupted() || self.inner.enabled(metadata, cx.clone())
    }
}

impl<S, N, E, W> Redacting<fmt_layer::Layer<S, RedactedFields<N>, E, W>>
where
    N: for<'a> FormatFields<'a> + 'static,
{
    /// Redacts for a layer of `fmt`, which is given a type of its own for what it keeps in spans.
    pub fn fmt(layer: fmt_layer::Layer<S, N, E, W>, redactor: impl Into<Redactor>) -> Self {
        Self::new(layer.map_fmt_fields(RedactedFields::new), redactor)
    }
}

impl<L> fmt::Debug for Redacting<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacting")
            .field("counts", &self.owner.counts)
            .finish_non_exhaustive()
    }
}

impl<S, L> Layer<S> for Redacting<L>
where
    S: Subscriber,
    L: Layer<S>,
{
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        self.inner.on_register_dispatch(subscriber);
    }

    fn on_layer(&mut self, subscriber: &mut S) {
        assert!(
            !shares_fields::<S, L>(&self.inner),
            "a `fmt` layer reads what others left of a span's fields: wrap it by `Redacting::fmt`"
        );
        self.inner.on_layer(subscriber);
        self.owner.error_code = answer::<ErrorCode, S, L>(&self.inner).copied();
    }

    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        self.inner.register_callsite(metadata)
    }

    fn enabled(&self, metadata: &Metadata<'_>, cx: Context<'_, S>) -> bool {
        note_pass();
        self.inner.enabled(metadata, cx)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        self.inner.max_level_hint()
    }

    fn on_new_span(&self, span: &Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        let metadata = span.metadata();
        let reading = Reading::of(&self.owner, Some(metadata), Mode::HandOn, |v| {
            span.record(v);
        });
        reading.count();
        self.ask_again(metadata, &reading, &cx);
        reading.lend_span(span, |span| self.inner.on_new_span(span, id, cx));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, cx: Context<'_, S>) {
        let reading = Reading::of(&self.owner, None, Mode::HandOn, |v| values.record(v));
        reading.count();
        reading.lend_record(|values| self.inner.on_record(id, values, cx));
    }

    fn on_follows_from(&self, span: &Id, follows: &Id, cx: Context<'_, S>) {
        self.inner.on_follows_from(span, follows, cx);
    }

    /// Always true: the layer is asked by [`on_event`](Layer::on_event), with the rewritten event, and answers for itself.
    fn event_enabled(&self, _: &Event<'_>, _: Context<'_, S>) -> bool {
        true
    }

    fn on_event(&self, event: &Event<'_>, cx: Context<'_, S>) {
        let reading = Reading::of_event(&self.owner, event, Mode::HandOn);
        reading.count();
        if !self.ask_again(event.metadata(), &reading, &cx) {
            return;
        }
        reading.lend_event(event, |event| {
            if self.inner.event_enabled(event, cx.clone()) {
                self.inner.on_event(event, cx);
            }
        });
    }

    fn on_enter(&self, id: &Id, cx: Context<'_, S>) {
        self.inner.on_enter(id, cx);
    }

    fn on_exit(&self, id: &Id, cx: Context<'_, S>) {
        self.inner.on_exit(id, cx);
    }

    fn on_close(&self, id: Id, cx: Context<'_, S>) {
        self.inner.on_close(id, cx);
    }

    fn on_id_change(&self, old: &Id, new: &Id, cx: Context<'_, S>) {
        self.inner.on_id_change(old, new, cx);
    }

    #[expect(
        unsafe_code,
        reason = "OpenTelemetry, reload handles and `Option` layers find each other through this"
    )]
    unsafe fn downcast_raw(&self, id: TypeId) -> Option<*const ()> {
        if id == TypeId::of::<Self>() {
            return Some(std::ptr::from_ref(self).cast());
        }
        // SAFETY: the pointer is the inner layer's own answer for the same type id. It points into `self.inner`, which
        // lives as long as `self` does and is never moved while borrowed.
        unsafe { self.inner.downcast_raw(id) }
    }
}

/// Whether a layer keeps fields of spans under a type that raw layers use too.
///
/// A `fmt` layer tells by its type. One behind `Box<dyn Layer>` tells by what it answers for, unless it is one of the JSON or
/// the pretty formatter, features that this crate does not ask for.
fn shares_fields<S: Subscriber, L: Layer<S>>(layer: &L) -> bool {
    let name = std::any::type_name::<L>();
    (name.contains("fmt::fmt_layer::Layer<") && !name.contains("RedactedFields<"))
        || answer::<DefaultFields, S, L>(layer).is_some()
}

/// What a layer has inside of this type.
#[expect(unsafe_code, reason = "layers have no safe way to be asked")]
fn answer<T: 'static, S: Subscriber, L: Layer<S>>(layer: &L) -> Option<&T> {
    // SAFETY: a layer that answers for a type returns a pointer to a value of it that lives as long as the layer is
    // borrowed; that is the contract of `downcast_raw`, by which `tracing` itself dereferences the answer.
    unsafe {
        layer
            .downcast_raw(TypeId::of::<T>())
            .map(|pointer| &*pointer.cast::<T>())
    }
}
