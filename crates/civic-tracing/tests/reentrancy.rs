//! A value that logs while it is formatted, under a global subscriber: only there does its event arrive.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

mod written;

use std::fmt;

use civic_pii::Redactor;
use civic_tracing::RedactExt;
use tracing::{Level, debug, error, info, info_span};
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::prelude::*;

use written::Sink;

const NINO: &str = "AB123456C";
const EMAIL: &str = "canary@example.com";

impl Sink {
    fn lines(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(NINO) && !text.contains(EMAIL), "{text}");
        text.lines().map(str::to_owned).collect()
    }
}

/// Logs at ERROR, then at DEBUG, while it is formatted.
struct Chatty;

impl fmt::Debug for Chatty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "before {EMAIL}")?;
        error!(detail = NINO, "inner error");
        debug!(detail = NINO, "inner debug");
        write!(f, " after {EMAIL}")
    }
}

#[test]
fn a_value_that_logs_mixes_with_nothing_and_changes_no_filter() {
    let (errors, infos, all) = (Sink::default(), Sink::default(), Sink::default());
    // A dynamic filter, so that each event is asked about and nothing is cached by callsite.
    macro_rules! layer {
        ($sink:expr, $least:expr) => {
            tracing_subscriber::fmt::layer()
                .without_time()
                .with_target(false)
                .with_ansi(false)
                .with_writer($sink.clone())
                .with_filter(dynamic_filter_fn(|meta, _| *meta.level() <= $least))
        };
    }
    tracing_subscriber::registry()
        .with(layer!(errors, Level::ERROR))
        .with(layer!(infos, Level::INFO))
        .with(layer!(all, Level::TRACE))
        .redacted(Redactor::new())
        .init();

    info!(value = ?Chatty, other = NINO, "outer");
    let error = "ERROR inner error detail=\"[NINO]\"";
    let debug = "DEBUG inner debug detail=\"[NINO]\"";
    let outer = " INFO outer value=before [EMAIL] after [EMAIL] other=\"[NINO]\"";
    assert_eq!(errors.lines(), [error]);
    assert_eq!(infos.lines(), [error, outer]);
    assert_eq!(all.lines(), [error, debug, outer]);

    // A span's filters decide which layers see it at all.
    let span = info_span!("apply", value = ?Chatty);
    assert_eq!(errors.lines(), [error]);
    assert_eq!(infos.lines(), [error]);
    assert_eq!(all.lines(), [error, debug]);
    span.in_scope(|| error!("inside"));
    assert_eq!(errors.lines(), ["ERROR inside"]);
    assert_eq!(
        infos.lines(),
        ["ERROR apply{value=before [EMAIL] after [EMAIL]}: inside"]
    );

    // And the next ordinary event is as any other.
    debug!(detail = NINO, "next");
    assert!(errors.lines().is_empty() && infos.lines().is_empty());
}
