//! Sets up the telemetry of a public service with one value.
//!
//! ```
//! fn main() -> Result<(), civic::MainError> {
//!     let _telemetry = civic::Telemetry::builder("apply-for-a-licence").init()?;
//!
//!     tracing::info!(contact = "jo@example.com", "application received");
//!     // {"timestamp":"..","level":"INFO","fields":{"message":"application received","contact":"[EMAIL]"},..}
//!     Ok(())
//! }
//! ```
//!
//! That is all it takes. In a service that has
//!
//! ```text
//! tracing_subscriber::fmt().json().init();
//! ```
//!
//! it stands in the place of that line. The lines look the same, and go to standard output as
//! before; what changes is
//!
//! - personal data is redacted in events, spans and panics, whoever logs it;
//! - a line is with the kernel before the log call returns, so none is lost at the end;
//! - targets that log bodies and parameters stay at `INFO`, whatever `RUST_LOG` says for all, see
//!   [`GUARDED_TARGETS`](civic_tracing::GUARDED_TARGETS).
//!
//! The parts are crates of their own, re-exported here: [`pii`] says what personal data is,
//! [`log`] keeps it out of logs and traces. This crate ties them together and adds nothing.

#![forbid(unsafe_code)]

/// The example of the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod builder;
mod error;
mod output;
#[cfg(feature = "health")]
mod service;
#[cfg(feature = "metrics")]
mod sources;
mod telemetry;
#[cfg(feature = "otel")]
mod traces;

#[cfg(feature = "audit")]
#[doc(inline)]
pub use civic_audit as audit;
#[cfg(feature = "health")]
#[doc(inline)]
pub use civic_health as health;
#[cfg(feature = "journey")]
#[doc(inline)]
pub use civic_journey as journey;
#[cfg(feature = "metrics")]
#[doc(inline)]
pub use civic_metrics as metrics;
#[doc(inline)]
pub use civic_pii as pii;
#[doc(inline)]
pub use civic_tracing as log;

pub use builder::TelemetryBuilder;
#[cfg(feature = "metrics")]
pub use civic_core as core;
pub use civic_pii::{Pii, Policy, Redactor};
pub use civic_tracing::panic::MainError;
pub use error::TelemetryError;
#[cfg(feature = "health")]
pub use service::Service;
pub use telemetry::Telemetry;
