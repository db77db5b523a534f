//! The type by which a wrapped layer of `fmt` keeps its fields of spans apart from those of a raw one.

use std::fmt;

use tracing_core::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::{FormatFields, Writer};

/// Formats fields as `N` does, under a type of its own.
///
/// `fmt` keeps the formatted fields of a span in the span, by the type of what formatted them, and a layer takes what another
/// of the same type left there. [`Redacting::fmt`](crate::Redacting::fmt) puts this around what a layer formats fields with,
/// so that a raw layer leaves nothing for it.
///
/// It redacts nothing by itself. A field that is recorded late has no colours. Two wrapped layers of one formatter in one stack share what the first of them wrote: give
/// them the same policy.
#[derive(Clone, Debug, Default)]
pub struct RedactedFields<N> {
    inner: N,
}

impl<N> RedactedFields<N> {
    /// Formats as `inner` does.
    pub fn new(inner: N) -> Self {
        Self { inner }
    }
}

impl<'w, N> FormatFields<'w> for RedactedFields<N>
where
    N: for<'a> FormatFields<'a>,
{
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        self.inner.format_fields(writer, fields)
    }

    fn add_fields(
        &self,
        current: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        // Under the type that the inner one knows; whether there were colours cannot be carried over.
        let mut own = FormattedFields::<N>::new(std::mem::take(&mut current.fields));
        let result = self.inner.add_fields(&mut own, fields);
        current.fields = own.fields;
        result
    }
}
