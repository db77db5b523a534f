//! The one value that a service keeps.

use std::fmt;

use civic_pii::Redactor;
use civic_tracing::Counts;
use civic_tracing::writer::FlushGuard;

use crate::TelemetryBuilder;

/// The telemetry of a service; keep it until the end of `main`.
///
/// Dropping it flushes what is buffered, where there is a buffer: the batching writer, and spans
/// and logs on their way to an exporter. With the default writer nothing is.
#[must_use = "dropping it ends the telemetry"]
pub struct Telemetry {
    pub(crate) redactor: Redactor,
    pub(crate) counts: Counts,
    /// Flushed first, as its last lines may tell of the others.
    #[cfg(feature = "otel")]
    pub(crate) _traces: crate::traces::Providers,
    pub(crate) _flush: Option<FlushGuard>,
}

impl Telemetry {
    /// Settings of the telemetry of a service, with a default for each.
    ///
    /// The name is the service's own and is no secret: `apply-for-a-licence`.
    pub fn builder(service: &'static str) -> TelemetryBuilder {
        TelemetryBuilder::new(service)
    }

    /// What redacts everywhere; for text that goes elsewhere, such as the body of an alert.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// How much was redacted, cut or dropped so far; publish it as a metric.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry")
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
