//! Events, spans and records made anew over values that were read, with the same callsite and parents.

use tracing_core::Event;
use tracing_core::span::{Attributes, Record};

use crate::handed::hand_on;
use crate::reading::Reading;

impl Reading<'_> {
    /// Lends `then` an event as `event` was, but for its values.
    pub(crate) fn lend_event<R>(
        &self,
        event: &Event<'_>,
        then: impl FnOnce(&Event<'_>) -> R,
    ) -> Option<R> {
        let metadata = event.metadata();
        self.lend(|values| {
            let event = if event.is_contextual() {
                Event::new(metadata, values)
            } else {
                Event::new_child_of(event.parent().cloned(), metadata, values)
            };
            hand_on(&event, self.outcome, self.error_code, then)
        })
    }

    /// Lends `then` attributes as `span` were, but for their values.
    pub(crate) fn lend_span<R>(
        &self,
        span: &Attributes<'_>,
        then: impl FnOnce(&Attributes<'_>) -> R,
    ) -> Option<R> {
        let metadata = span.metadata();
        self.lend(|values| {
            let span = match span.parent() {
                Some(parent) => Attributes::child_of(parent.clone(), metadata, values),
                None if span.is_root() => Attributes::new_root(metadata, values),
                None => Attributes::new(metadata, values),
            };
            hand_on(&span, self.outcome, None, then)
        })
    }

    /// Lends `then` a record of the values; not when nothing was read, for then there is nothing to record.
    pub(crate) fn lend_record<R>(&self, then: impl FnOnce(&Record<'_>) -> R) -> Option<R> {
        self.lend(|values| hand_on(&Record::new(values), self.outcome, None, then))
    }
}
