//! Counts journeys of citizens through a service, right across replicas, with no personal data.
#![doc = include_str!("manual.md")]
#![forbid(unsafe_code)]

/// The example of the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod counts;
mod definition;
mod duration;
#[cfg(feature = "tower")]
mod layer;
pub mod macros;
mod progress;
pub mod publish;
mod record;
#[cfg(test)]
mod sample;
#[cfg(feature = "store")]
pub mod store;

pub use civic_core::{DependencyName, JourneyName, OutcomeName, StepName};

#[cfg(feature = "attribute")]
pub use civic_macros::journey_step;
pub use counts::{Counts, ErrorKind, Journey, Refusal};
pub use definition::{Definition, Facts, Label, OutcomeFacts, SERIES_MAX, STEPS_MAX, StepFacts};
pub use duration::BOUNDS;
#[cfg(feature = "tower")]
pub use layer::{NoProgress, ProgressLayer, ProgressService};
pub use progress::{Counting, Mark, Marked, Progress, Submission};
pub use record::Record;

/// What `journey!` needs of this crate; no API.
#[doc(hidden)]
pub mod __private {
    pub use crate::counts::Cells;
}
