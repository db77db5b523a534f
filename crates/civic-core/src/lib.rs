//! Words that several crates of Civic share: names, priorities, clocks, signing keys, and what a metric is.
//!
//! Vocabulary only. Other crates give these words a meaning: `civic-journey` counts, `civic-metrics` writes what a
//! [`MetricSource`] shows. Nothing here does input or output, starts a thread or knows another crate of Civic.
//!
//! ```
//! use civic_core::{JourneyName, Priority};
//!
//! const APPLY: JourneyName = JourneyName::new("apply-for-a-licence");
//! assert_eq!(APPLY.to_string(), "apply-for-a-licence");
//! assert_eq!(Priority::P1.to_string(), "P1");
//! ```

#![forbid(unsafe_code)]

/// The example of the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod clock;
mod key;
mod metric;
mod name;
mod priority;

pub use clock::{Clock, FakeClock, SystemClock};
pub use key::{Key, KeyError, KeyRing};
pub use metric::{
    Histogram, LabelValue, Metric, MetricKind, MetricSink, MetricSource, Unit, Value,
};
pub use name::{DependencyName, JourneyName, NAME_MAX, OutcomeName, StepName};
pub use priority::Priority;
