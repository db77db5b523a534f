//! The right order: `redacted` last.
use civic_pii::Redactor;
use civic_tracing::RedactExt;
use tracing_subscriber::prelude::*;

fn main() {
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer())
        .redacted(Redactor::new())
        .init();
}
