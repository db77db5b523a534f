//! Filters inside, around and beside: each as without redaction.

use std::fmt;
use std::sync::{Arc, Mutex};

use civic_pii::Redactor;
use civic_tracing::RedactExt;
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber, debug, error, info, info_span, trace, warn};
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, Layer, reload};

use crate::{NINO, Recorder, Sink};

fn log_each_level() {
    error!(detail = NINO, "one");
    warn!(detail = NINO, "two");
    info!(detail = NINO, "three");
    debug!(detail = NINO, "four");
    trace!(detail = NINO, "five");
}

fn run(stack: impl Subscriber + Send + Sync, log: impl FnOnce()) {
    tracing::subscriber::with_default(stack.redacted(Redactor::new()), log);
}

#[track_caller]
fn assert_lines(sink: &Sink, count: usize) {
    let text = sink.without_canaries();
    assert_eq!(text.lines().count(), count, "{text}");
    assert_eq!(text.matches("[NINO]").count(), count, "{text}");
}

macro_rules! json_layer {
    ($sink:expr) => {
        tracing_subscriber::fmt::layer()
            .json()
            .with_writer($sink.clone())
    };
}

#[test]
fn per_layer_filters_inside() {
    let (errors, all) = (Sink::default(), Sink::default());
    run(
        tracing_subscriber::registry()
            .with(json_layer!(errors).with_filter(LevelFilter::ERROR))
            .with(json_layer!(all).with_filter(LevelFilter::TRACE)),
        log_each_level,
    );
    assert_lines(&errors, 1);
    assert_lines(&all, 5);
}

#[test]
fn env_filter_inside() {
    let sink = Sink::default();
    run(
        tracing_subscriber::registry()
            .with(EnvFilter::new("warn"))
            .with(json_layer!(sink)),
        log_each_level,
    );
    assert_lines(&sink, 2);
}

#[test]
fn env_filter_per_layer_inside() {
    let (sink, all) = (Sink::default(), Sink::default());
    run(
        tracing_subscriber::registry()
            .with(json_layer!(sink).with_filter(EnvFilter::new("info")))
            .with(json_layer!(all)),
        log_each_level,
    );
    assert_lines(&sink, 3);
    assert_lines(&all, 5);
}

#[test]
fn env_filter_on_span_values_sees_the_redacted_value() {
    let log = || {
        info_span!("apply", detail = NINO).in_scope(log_each_level);
        info_span!("apply", detail = "other").in_scope(log_each_level);
    };
    let sink = Sink::default();
    run(
        tracing_subscriber::registry()
            .with(EnvFilter::new(format!(
                "error,[apply{{detail={NINO}}}]=trace"
            )))
            .with(json_layer!(sink)),
        log,
    );
    // Only what `error` lets through: nobody can ask for a person's lines by their number.
    assert_eq!(sink.without_canaries().lines().count(), 2);

    let sink = Sink::default();
    run(
        tracing_subscriber::registry()
            .with(EnvFilter::new("error,[apply{detail=other}]=trace"))
            .with(json_layer!(sink)),
        log,
    );
    assert_eq!(sink.without_canaries().lines().count(), 1 + 5);
}

#[test]
fn a_filter_can_be_reloaded() {
    let sink = Sink::default();
    let (filter, handle) = reload::Layer::new(LevelFilter::ERROR);
    run(
        tracing_subscriber::registry()
            .with(filter)
            .with(json_layer!(sink)),
        || {
            log_each_level();
            assert_lines(&sink, 1);
            handle.modify(|filter| *filter = LevelFilter::INFO).unwrap();
            log_each_level();
        },
    );
    assert_lines(&sink, 4);
}

#[test]
fn a_layer_can_be_reloaded() {
    let sink = Sink::default();
    let (layer, handle) = reload::Layer::new(Some(json_layer!(sink)));
    run(tracing_subscriber::registry().with(layer), || {
        log_each_level();
        handle.modify(|layer| *layer = None).unwrap();
        log_each_level();
    });
    assert_lines(&sink, 5);
}

#[test]
fn an_optional_filter_that_is_none_silences_nothing() {
    let sink = Sink::default();
    let stack = || {
        tracing_subscriber::registry()
            .with(None::<LevelFilter>)
            .with(json_layer!(sink))
    };
    let hint = stack().max_level_hint();
    let redacted = stack().redacted(Redactor::new());
    assert_eq!(redacted.max_level_hint(), hint);
    tracing::subscriber::with_default(redacted, log_each_level);
    assert_lines(&sink, 5);
}

/// `Layered` asks what is under it, by type, whether it holds per-layer filters: then their hint binds
/// nobody above.
#[test]
fn a_layer_above_learns_what_is_inside() {
    let sink = Sink::default();
    let inside =
        || tracing_subscriber::registry().with(json_layer!(sink).with_filter(LevelFilter::ERROR));
    let above = Recorder::default();
    let plain = inside().with(above.clone());
    let redacted = inside().redacted(Redactor::new()).with(above.clone());
    assert_eq!(plain.max_level_hint(), None);
    assert_eq!(redacted.max_level_hint(), None);

    tracing::subscriber::with_default(redacted, log_each_level);
    assert_lines(&sink, 1);
    // Above is above: it sees what was logged. The documentation says so where people read it.
    assert_eq!(above.seen().len(), 10);
    assert!(above.seen().iter().any(|seen| seen.text == NINO));
}

#[test]
fn the_level_hint_is_the_stack_s_own() {
    let stack = tracing_subscriber::registry()
        .with(LevelFilter::WARN)
        .redacted(Redactor::new());
    assert_eq!(stack.max_level_hint(), Some(LevelFilter::WARN));
}

/// Lets an event through by its text; keeps what it was shown.
#[derive(Clone, Default)]
struct ByText(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for ByText {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let mut text = String::new();
        event.record(&mut |_: &tracing::field::Field, value: &dyn fmt::Debug| {
            text = format!("{value:?}");
        });
        self.0.lock().unwrap().push(text.clone());
        !text.contains("skip")
    }
}

#[test]
fn a_filter_on_values_is_asked_once_and_sees_the_redacted_event() {
    let (sink, filter) = (Sink::default(), ByText::default());
    run(
        tracing_subscriber::registry()
            .with(json_layer!(sink))
            .with(filter.clone()),
        || {
            info!("skip {NINO}");
            info!("show {NINO}");
        },
    );
    assert_eq!(*filter.0.lock().unwrap(), ["skip [NINO]", "show [NINO]"]);
    assert_lines(&sink, 1);
}

#[test]
fn a_disabled_event_is_not_read() {
    struct Untouched;
    impl fmt::Debug for Untouched {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("formatted although disabled");
        }
    }
    let sink = Sink::default();
    run(
        tracing_subscriber::registry()
            .with(LevelFilter::ERROR)
            .with(json_layer!(sink)),
        || {
            info!(value = ?Untouched);
            error!(detail = NINO);
        },
    );
    assert_lines(&sink, 1);
}
