//! Guards for what reaches OpenTelemetry without passing through `tracing`.
//!
//! A [`RedactingSubscriber`](crate::RedactingSubscriber) cleans what is logged through `tracing`.
//! OpenTelemetry has doors of its own: `set_attribute` on a span, span events, links, the status,
//! the resource, a record of another log bridge. The guards here stand around the **exporting**
//! end, where all doors meet, so nothing that is added before it gets past them.
//!
//! | wrap | with | cleans |
//! |---|---|---|
//! | a span exporter | [`RedactingSpanExporter`] | name, attributes, events, links, trace state, status, scope, resource |
//! | a log processor | [`RedactingLogProcessor`] | body, attributes, target, scope, resource |
//! | a resource for anything else | [`redacted_resource`] | attributes |
//!
//! ```
//! use civic_pii::Redactor;
//! use civic_tracing::otel::RedactingSpanExporter;
//! use opentelemetry::KeyValue;
//! use opentelemetry::trace::{Span, Tracer, TracerProvider};
//! use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider};
//!
//! let exporter = InMemorySpanExporter::default();
//! let provider = SdkTracerProvider::builder()
//!     .with_batch_exporter(RedactingSpanExporter::new(exporter.clone(), Redactor::new()))
//!     .build();
//!
//! let mut span = provider.tracer("service").start("apply");
//! span.set_attribute(KeyValue::new("contact", "jo@example.com"));
//! span.end();
//! provider.force_flush()?;
//!
//! assert_eq!(exporter.get_finished_spans()?[0].attributes[0].value.as_str(), "[EMAIL]");
//! # Ok::<(), opentelemetry_sdk::error::OTelSdkError>(())
//! ```
//!
//! Names of attributes, span names and event names are scanned too: with OpenTelemetry's API they
//! are values, made at run time. Trace ids and span ids are random and stay.
//!
//! Not covered: baggage, which is sent to other services in a header and never exported; metric
//! labels.

mod attributes;
mod log;
mod resource;
mod span;

pub use log::RedactingLogProcessor;
pub use resource::redacted_resource;
pub use span::RedactingSpanExporter;
