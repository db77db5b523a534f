//! The stacks that are measured.

use std::fs::File;
use std::io;
use std::sync::Arc;

use civic_pii::Redactor;
use civic_tracing::{JsonLayer, RedactExt, TextLayer};
use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{Layer, registry};

/// `fmt().json()` without redaction, to nowhere: what the others are measured against.
pub fn fmt_json() -> Dispatch {
    let layer = tracing_subscriber::fmt::layer().json();
    Dispatch::new(registry().with(layer.with_writer(io::sink)))
}

/// The same to a file.
pub fn fmt_json_to(file: File) -> Dispatch {
    let layer = tracing_subscriber::fmt::layer().json();
    Dispatch::new(registry().with(layer.with_writer(Arc::new(file))))
}

/// `fmt()`, for people.
pub fn fmt_text() -> Dispatch {
    let layer = tracing_subscriber::fmt::layer().with_ansi(false);
    Dispatch::new(registry().with(layer.with_writer(io::sink)))
}

/// Our JSON layer, which redacts.
pub fn json() -> Dispatch {
    let layer = JsonLayer::new(Redactor::new()).with_writer(io::sink);
    Dispatch::new(registry().with(layer))
}

/// The same to a file.
pub fn json_to(file: File) -> Dispatch {
    let layer = JsonLayer::new(Redactor::new()).with_writer(Arc::new(file));
    Dispatch::new(registry().with(layer))
}

/// Our layer for people, which redacts.
pub fn text() -> Dispatch {
    let layer = TextLayer::new(Redactor::new()).with_writer(io::sink);
    Dispatch::new(registry().with(layer))
}

/// Our JSON layer under a redacting subscriber.
pub fn redacted_json() -> Dispatch {
    let layer = JsonLayer::new(Redactor::new()).with_writer(io::sink);
    Dispatch::new(registry().with(layer).redacted(Redactor::new()))
}

/// `fmt().json()` under a redacting subscriber.
pub fn redacted_fmt_json() -> Dispatch {
    let layer = tracing_subscriber::fmt::layer().json();
    let stack = registry().with(layer.with_writer(io::sink));
    Dispatch::new(stack.redacted(Redactor::new()))
}

/// A redacting subscriber around a layer that does nothing.
pub fn redacted_empty() -> Dispatch {
    Dispatch::new(registry().with(Empty).redacted(Redactor::new()))
}

/// Our JSON layer under a redacting subscriber and a filter that lets nothing of INFO through.
pub fn disabled() -> Dispatch {
    let layer = JsonLayer::new(Redactor::new()).with_writer(io::sink);
    let stack = registry().with(LevelFilter::WARN).with(layer);
    Dispatch::new(stack.redacted(Redactor::new()))
}

/// A layer that does nothing.
pub fn empty() -> Dispatch {
    Dispatch::new(registry().with(Empty))
}

/// A layer that formats all values into a buffer, and writes no line: what any layer has to do.
pub fn values_only() -> Dispatch {
    Dispatch::new(registry().with(Format))
}

struct Empty;

impl<S: Subscriber> Layer<S> for Empty {}

struct Format;

impl<S: Subscriber> Layer<S> for Format {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        struct Text(String);
        impl Visit for Text {
            fn record_debug(&mut self, _: &Field, value: &dyn std::fmt::Debug) {
                use std::fmt::Write as _;
                let _ = write!(self.0, "{value:?}");
            }
            fn record_str(&mut self, _: &Field, value: &str) {
                self.0.push_str(value);
            }
        }
        let mut text = Text(String::with_capacity(256));
        event.record(&mut text);
        std::hint::black_box(text.0);
    }
}
