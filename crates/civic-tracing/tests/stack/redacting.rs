//! One layer redacted, the others not.

use std::panic::{self, AssertUnwindSafe};

use civic_pii::Redactor;
use civic_tracing::{JsonLayer, RedactExt, Redacting};
use tracing::field::Empty;
use tracing::level_filters::LevelFilter;
use tracing::{debug, error, info, info_span};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{Layer, Registry, reload};

use crate::errors::Failed;
use crate::{EMAIL, NINO, Recorder, Sink};

fn log() {
    let span = info_span!("apply", contact = EMAIL, late = Empty);
    let _entered = span.enter();
    span.record("late", NINO);
    info!(detail = NINO, "mail {EMAIL}");
    info!(
        error = &Failed::with_canaries() as &dyn std::error::Error,
        bytes = NINO.as_bytes(),
        "failed"
    );
}

fn json(
    sink: &Sink,
) -> tracing_subscriber::fmt::Layer<
    Registry,
    tracing_subscriber::fmt::format::JsonFields,
    tracing_subscriber::fmt::format::Format<tracing_subscriber::fmt::format::Json>,
    Sink,
> {
    tracing_subscriber::fmt::layer()
        .json()
        .with_writer(sink.clone())
}

#[track_caller]
fn check(raw: &Sink, clean: &Sink) {
    let raw = raw.text();
    assert!(
        raw.contains(NINO) && raw.contains(EMAIL),
        "the raw layer sees what was logged: {raw}"
    );
    let clean = clean.without_canaries();
    assert_eq!(clean.lines().count(), raw.lines().count());
    // Two of the span on each line, twice, and those of the events.
    assert!(clean.matches("[NINO]").count() >= 3, "{clean}");
    assert!(clean.matches("[EMAIL]").count() >= 3, "{clean}");
}

macro_rules! raw_and_wrapped {
    ($name:ident, $layer:expr) => {
        #[test]
        fn $name() {
            {
                let (raw, clean) = (Sink::default(), Sink::default());
                let stack = tracing_subscriber::registry()
                    .with($layer(raw.clone()))
                    .with(Redacting::fmt($layer(clean.clone()), Redactor::new()));
                tracing::subscriber::with_default(stack, log);
                check(&raw, &clean);

                let (raw, clean) = (Sink::default(), Sink::default());
                let stack = tracing_subscriber::registry()
                    .with(Redacting::fmt($layer(clean.clone()), Redactor::new()))
                    .with($layer(raw.clone()));
                tracing::subscriber::with_default(stack, log);
                check(&raw, &clean);
            }
        }
    };
}

raw_and_wrapped!(json_beside_raw_json, |sink| tracing_subscriber::fmt::layer(
)
.json()
.with_writer(sink));
raw_and_wrapped!(text_beside_raw_text, |sink| tracing_subscriber::fmt::layer(
)
.with_ansi(false)
.with_writer(sink));
raw_and_wrapped!(compact_beside_raw_compact, |sink| {
    tracing_subscriber::fmt::layer().compact().with_writer(sink)
});
raw_and_wrapped!(pretty_beside_raw_pretty, |sink| {
    tracing_subscriber::fmt::layer().pretty().with_writer(sink)
});

#[test]
fn a_line_is_otherwise_that_of_the_layer_alone() {
    let log = || {
        let span = info_span!("apply", step = "name", late = Empty, n = 1);
        let _entered = span.enter();
        span.record("late", 5);
        info!(rows = 3, ok = true, took = ?std::time::Duration::from_millis(1), "served");
    };
    let (plain, wrapped) = (Sink::default(), Sink::default());
    let layer = json(&plain).without_time();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
    let layer = Redacting::fmt(json(&wrapped).without_time(), Redactor::new());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
    assert!(plain.text().contains("served"));
    assert_eq!(plain.text(), wrapped.text());
}

#[test]
fn a_fmt_layer_that_shares_its_fields_is_refused() {
    let refused = |add: &dyn Fn()| {
        let message = panic::catch_unwind(AssertUnwindSafe(add)).expect_err("it is refused");
        let message = message
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned());
        message.is_some_and(|text| text.contains("Redacting::fmt"))
    };
    let sink = Sink::default();
    assert!(refused(&|| {
        let layer = tracing_subscriber::fmt::layer().with_writer(sink.clone());
        let _ = tracing_subscriber::registry().with(Redacting::new(layer, Redactor::new()));
    }));
    assert!(refused(&|| {
        let layer = Redacting::new(json(&sink), Redactor::new());
        let _ = tracing_subscriber::registry().with(layer);
    }));
    assert!(refused(&|| {
        let layer = json(&sink).with_filter(LevelFilter::INFO);
        let _ = tracing_subscriber::registry().with(Redacting::new(layer, Redactor::new()));
    }));
    assert!(refused(&|| {
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(sink.clone())
            .boxed();
        let _ = tracing_subscriber::registry().with(Redacting::new(layer, Redactor::new()));
    }));
}

#[test]
fn any_other_layer_can_be_wrapped() {
    let (raw, clean) = (Recorder::default(), Recorder::default());
    let wrapped = Redacting::new(clean.clone(), Redactor::new());
    let counts = wrapped.counts();
    let stack = tracing_subscriber::registry()
        .with(raw.clone())
        .with(wrapped);
    tracing::subscriber::with_default(stack, || info!(detail = NINO, n = 5_u64));
    assert_eq!(raw.value("detail"), ("str", NINO.to_owned()));
    assert_eq!(clean.value("detail"), ("str", "[NINO]".to_owned()));
    assert_eq!(clean.value("n"), ("u64", "5".to_owned()));
    assert_eq!(counts.redacted(), 1);
}

#[test]
fn our_layers_keep_their_spans_apart_by_themselves() {
    let keep = civic_pii::Policy::builder()
        .action(
            civic_pii::Kind::Email,
            civic_pii::Action::keep("a staff directory"),
        )
        .build()
        .unwrap();
    let (open, closed) = (Sink::default(), Sink::default());
    let stack = tracing_subscriber::registry()
        .with(JsonLayer::new(keep).with_writer(open.clone()))
        .with(JsonLayer::new(Redactor::new()).with_writer(closed.clone()));
    tracing::subscriber::with_default(stack, log);
    assert!(open.text().contains(EMAIL));
    closed.without_canaries();
}

#[test]
fn filters_work_inside_around_and_beside() {
    let log = || {
        error!(detail = NINO, "one");
        info!(detail = NINO, "two");
        debug!(detail = NINO, "three");
    };
    let (inside, around, optional, all) = <(Sink, Sink, Sink, Sink)>::default();
    let wrap = |sink: &Sink| JsonLayer::new(Redactor::new()).with_writer(sink.clone());
    let (reloadable, handle) = reload::Layer::new(LevelFilter::ERROR);
    let stack = tracing_subscriber::registry()
        .with(Redacting::new(
            wrap(&inside).with_filter(LevelFilter::ERROR),
            Redactor::new(),
        ))
        .with(Redacting::new(wrap(&around), Redactor::new()).with_filter(reloadable))
        .with(Some(Redacting::new(wrap(&optional), Redactor::new())))
        .with(None::<Redacting<LevelFilter>>)
        .with(Redacting::new(
            wrap(&all).with_filter(filter_fn(|_| true)),
            Redactor::new(),
        ));
    tracing::subscriber::with_default(stack, || {
        log();
        handle
            .modify(|filter| *filter = LevelFilter::DEBUG)
            .unwrap();
        log();
    });
    for (sink, lines) in [(inside, 2), (around, 4), (optional, 6), (all, 6)] {
        let text = sink.without_canaries();
        assert_eq!(text.lines().count(), lines, "{text}");
        assert_eq!(text.matches("[NINO]").count(), lines);
    }
}

#[test]
fn under_a_redacting_subscriber_nothing_changes() {
    let sink = Sink::default();
    let layer = Redacting::fmt(json(&sink), Redactor::new());
    let counts = layer.counts();
    let stack = tracing_subscriber::registry()
        .with(layer)
        .redacted(Redactor::new());
    tracing::subscriber::with_default(stack, log);
    assert!(sink.without_canaries().contains("[NINO]"));
    assert_eq!(counts.redacted(), 0, "nothing was left for it");
}
