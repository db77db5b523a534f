//! A layer above the redacting subscriber would export what was logged.
use civic_pii::Redactor;
use civic_tracing::RedactExt;
use tracing_subscriber::prelude::*;

fn main() {
    tracing_subscriber::registry()
        .redacted(Redactor::new())
        .with(tracing_opentelemetry::layer())
        .init();
}
