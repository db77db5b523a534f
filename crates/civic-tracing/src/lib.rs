//! Keeps personal data out of everything that `tracing` writes.
//!
//! # Why wrap the whole subscriber
//!
//! A `Layer` is lent each span and event; it cannot change them, and the layer beside it reads the
//! originals again. A redacting layer therefore protects its own output at most. This crate stands
//! one level up: [`RedactingSubscriber`] takes every span, record and event first, reads each value
//! **once**, asks [`civic_pii`] about it, and hands a rebuilt one with the same fields, types and
//! parents to the stack under it. JSON lines, text lines, OpenTelemetry, filters and layers that
//! are not written yet are all given the same clean values.
//!
//! ```
//! use civic_pii::Redactor;
//! use civic_tracing::RedactExt;
//! use tracing_subscriber::prelude::*;
//!
//! tracing_subscriber::registry()
//!     .with(tracing_subscriber::EnvFilter::new("info"))
//!     .with(tracing_subscriber::fmt::layer().json())
//!     .redacted(Redactor::new()) // last: everything above this line is protected
//!     .init();
//! ```
//!
//! # Order matters
//!
//! `.redacted(..)` is the **last** step before `.init()`. A layer that is added after it stands
//! *above* it and sees values **as they were logged**. The usual ones do not compile there:
//!
//! ```compile_fail
//! # use civic_pii::Redactor;
//! # use civic_tracing::RedactExt;
//! # use tracing_subscriber::prelude::*;
//! tracing_subscriber::registry()
//!     .redacted(Redactor::new())
//!     .with(tracing_subscriber::fmt::layer()) // error: `LookupSpan` is not implemented
//!     .init();
//! ```
//!
//! # Lines
//!
//! [`JsonLayer`] writes the line of `fmt().json()`, redacted, at a fraction of its cost; it has other shapes, and can list on
//! each line what was removed from it. [`TextLayer`] is for people. Both redact by themselves, and scan nothing again under a
//! [`RedactingSubscriber`]. Where one layer is to be redacted and the others not, there is [`Redacting`].
//!
//! # What it does not see
//!
//! - Targets, span names and field names: part of the code, so they are not scanned.
//! - What does not pass through `tracing`: `println!`, metric labels. For panics and the error that
//!   `main` returns there is [`panic`](mod@panic); for OpenTelemetry's own API there is `otel`, with that feature.
//! - What a scanner of patterns cannot know: a person's name or a street address in free text. Log
//!   them in a field whose name says so (`full_name`, `address`), or better not at all.
//!
//! # Limits
//!
//! A value longer than [`MAX_VALUE_BYTES`] is scanned whole, then cut, and says so. A value that
//! cannot be scanned is replaced by `[DROPPED]`. [`Counts`] tells how often either happened.

#![deny(unsafe_code)]

/// The example of the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod buffers;
mod clean;
mod counts;
mod error;
mod fields;
mod filter;
mod handed;
#[cfg(feature = "tower")]
pub mod http;
mod json;
mod lend;
mod line;
mod metrics;
#[cfg(feature = "otel")]
pub mod otel;
mod owner;
pub mod panic;
mod reading;
mod rebuild;
mod redact;
mod redacting;
mod report;
mod slot;
mod subscriber;
#[cfg(feature = "test-util")]
pub mod test;
mod text;
mod text_layer;
mod workspace;
pub mod writer;

pub use clean::MAX_VALUE_BYTES;
pub use counts::{Counts, PlaceCount};
pub use fields::RedactedFields;
pub use filter::{GUARDED_TARGETS, guarded_filter};
pub use json::{JsonLayer, TraceIds};
pub use redact::RedactExt;
pub use redacting::Redacting;
pub use report::Redaction;
pub use subscriber::RedactingSubscriber;
pub use text_layer::TextLayer;
