//! Why telemetry could not be set up.

use std::error::Error;
use std::fmt;

/// Telemetry could not be set up; the cause is the source.
#[derive(Debug)]
pub struct TelemetryError {
    kind: Kind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Filter,
    Output,
    #[cfg(feature = "metrics")]
    Metrics,
    AlreadySet,
}

impl TelemetryError {
    pub(crate) fn filter(source: impl Error + Send + Sync + 'static) -> Self {
        Self::new(Kind::Filter, source)
    }

    pub(crate) fn output(source: impl Error + Send + Sync + 'static) -> Self {
        Self::new(Kind::Output, source)
    }

    #[cfg(feature = "metrics")]
    pub(crate) fn metrics(source: impl Error + Send + Sync + 'static) -> Self {
        Self::new(Kind::Metrics, source)
    }

    pub(crate) fn already_set(source: impl Error + Send + Sync + 'static) -> Self {
        Self::new(Kind::AlreadySet, source)
    }

    fn new(kind: Kind, source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            kind,
            source: Some(Box::new(source)),
        }
    }

    /// Whether the filter, from `RUST_LOG` or the builder, could not be read.
    pub fn is_filter(&self) -> bool {
        self.kind == Kind::Filter
    }

    /// Whether the place that lines go to could not be opened.
    pub fn is_output(&self) -> bool {
        self.kind == Kind::Output
    }

    /// Whether two sources show different metrics under one name.
    #[cfg(feature = "metrics")]
    pub fn is_metrics(&self) -> bool {
        self.kind == Kind::Metrics
    }

    /// Whether the process has a subscriber already.
    pub fn is_already_set(&self) -> bool {
        self.kind == Kind::AlreadySet
    }
}

impl fmt::Display for TelemetryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Filter => "the log filter cannot be read; it has the form of RUST_LOG, such as `info,my_service=debug`",
            Kind::Output => "the log cannot be opened",
            #[cfg(feature = "metrics")]
            Kind::Metrics => "the metrics cannot be shown together",
            Kind::AlreadySet => "the process logs already; set up telemetry once, and remove the other `init()`",
        })
    }
}

impl Error for TelemetryError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
