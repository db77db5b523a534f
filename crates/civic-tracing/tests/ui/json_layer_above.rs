//! A layer above the redacting subscriber would write what was logged.
use civic_pii::Redactor;
use civic_tracing::{JsonLayer, RedactExt};
use tracing_subscriber::prelude::*;

fn main() {
    tracing_subscriber::registry()
        .redacted(Redactor::new())
        .with(JsonLayer::new(Redactor::new()))
        .init();
}
