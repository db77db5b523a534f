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
    #[cfg(feature = "metrics")]
    pub(crate) sources: crate::sources::Sources,
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

    /// How much was redacted, cut or dropped so far; feature `metrics` shows it among the metrics.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What there is to scrape: what was redacted, the journeys, and whatever else the builder was given.
    ///
    /// Each call makes another one, over the same counts. `Service::metrics` serves it; elsewhere,
    /// [`Exposition::render`](civic_metrics::Exposition::render) writes it.
    ///
    /// ```
    /// let (_, telemetry) = civic::Telemetry::builder("service").build()?;
    /// assert!(telemetry.metrics().prometheus().contains("redaction_pieces_total 0"));
    /// # Ok::<(), civic::TelemetryError>(())
    /// ```
    #[cfg(feature = "metrics")]
    #[expect(
        clippy::missing_panics_doc,
        reason = "the builder saw that they go together"
    )]
    pub fn metrics(&self) -> civic_metrics::Exposition {
        let exposition = self.sources.exposition();
        exposition.expect("they were put together once when the telemetry was built")
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry")
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
