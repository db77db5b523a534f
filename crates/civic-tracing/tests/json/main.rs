//! The lines of the JSON layer, byte for byte.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

mod default_line;
mod receipts;
mod shapes;
mod spans;
mod text;

use std::io;
use std::sync::{Arc, Mutex};

use civic_pii::Redactor;
use civic_tracing::JsonLayer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

/// A made-up National Insurance number.
pub(crate) const NINO: &str = "AB123456C";
/// A made-up address in a domain that is reserved for documentation.
pub(crate) const EMAIL: &str = "canary@example.com";

/// What was written, one entry for each call of `write`.
#[derive(Clone, Default)]
pub(crate) struct Sink(Arc<Mutex<Vec<Vec<u8>>>>);

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(bytes.to_owned());
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Sink {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Sink {
    /// The writes since the last time; each has to be a line.
    #[track_caller]
    pub(crate) fn lines(&self) -> Vec<String> {
        let writes = std::mem::take(&mut *self.0.lock().unwrap());
        let lines = writes.into_iter().map(|bytes| {
            let line = String::from_utf8(bytes).unwrap();
            assert_eq!(line.find('\n'), Some(line.len() - 1), "{line:?}");
            for canary in [NINO, EMAIL] {
                assert!(!line.contains(canary), "{canary} in {line}");
            }
            line.trim_end().to_owned()
        });
        lines.collect()
    }
}

/// The lines that `log` writes under what `set` makes of the default layer.
#[track_caller]
pub(crate) fn lines(set: impl FnOnce(JsonLayer) -> JsonLayer, log: impl FnOnce()) -> Vec<String> {
    let sink = Sink::default();
    let layer = set(JsonLayer::new(Redactor::new())).with_writer(sink.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
    sink.lines()
}

/// As [`lines`], read as JSON.
#[track_caller]
pub(crate) fn values(
    set: impl FnOnce(JsonLayer) -> JsonLayer,
    log: impl FnOnce(),
) -> Vec<serde_json::Value> {
    let lines = lines(set, log);
    let parse = |line: &String| serde_json::from_str(line).expect(line);
    lines.iter().map(parse).collect()
}
