//! Shows the metrics of Civic, under the same names and units everywhere.
//!
//! A [`MetricSource`](civic_core::MetricSource) owns its counts: a journey, the checks of a service, its audit trail. This crate
//! reads them and owns none. [`Exposition`] writes Prometheus text and OpenMetrics, [`observe`](otel::observe) shows them to
//! OpenTelemetry, and [`Bridge`](facade::Bridge) to a recorder of the `metrics` facade. Reading empties nothing, so that any number
//! of them may run side by side.
//!
//! ```
//! use civic_metrics::Exposition;
//! # use civic_core::{Metric, MetricSink, MetricSource, Unit, Value};
//! # struct Doors;
//! # static METRICS: [Metric; 1] = [Metric::counter("doors.opened", Unit::Of("door"), "Doors that were opened.", &[])];
//! # impl MetricSource for Doors {
//! #     fn metrics(&self) -> &'static [Metric] { &METRICS }
//! #     fn collect(&self, sink: &mut dyn MetricSink) { sink.sample(&METRICS[0], &[], Value::Count(3)) }
//! # }
//!
//! let exposition = Exposition::new().with(Doors)?;
//! assert!(exposition.prometheus().ends_with("doors_opened_total 3\n"));
//! # Ok::<(), civic_metrics::Conflict>(())
//! ```
//!
//! # Names
//!
//! | kind and unit | in the code and in OpenTelemetry | in Prometheus and in `metrics` |
//! |---|---|---|
//! | counter of steps | `journey.steps`, `{step}` | `journey_steps_total` |
//! | histogram of seconds | `journey.duration`, `s` | `journey_duration_seconds` |
//! | gauge of events | `audit.backlog`, `{event}` | `audit_backlog` |
//! | info | `journey.info` | `journey_info` |
//!
//! Every counter is shown from the start at 0, so that a monitoring system sees its first increase. A histogram of
//! OpenTelemetry or of `metrics` appears with its first value, because neither can be told of an empty one.
//!
//! # Personal data
//!
//! A source cannot show a text that a citizen wrote: its labels are texts of the code and numbers. Other code can, through `metrics`;
//! `RedactingRecorder` (feature `redact`) stands in front of the recorder and takes it out.

#![forbid(unsafe_code)]

/// The example of the README compiles and holds.
#[cfg(all(doctest, feature = "redact"))]
#[doc = include_str!("../README.md")]
mod readme {}

#[cfg(any(feature = "metrics", feature = "opentelemetry"))]
mod added;
mod exposition;
#[cfg(feature = "metrics")]
pub mod facade;
mod family;
mod name;
#[cfg(feature = "opentelemetry")]
pub mod otel;
#[cfg(feature = "redact")]
mod recorder;

pub use exposition::{Conflict, Exposition, Format};
pub use name::prometheus_name;
#[cfg(feature = "redact")]
pub use recorder::RedactingRecorder;
