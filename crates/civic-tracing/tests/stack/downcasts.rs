//! What is inside can be found by its type through every nesting, and what is found is the very thing.

use std::error::Error;

use civic_pii::Redactor;
use civic_tracing::{JsonLayer, RedactExt, Redacting, RedactingSubscriber, TextLayer};
use tracing::level_filters::LevelFilter;
use tracing::{Dispatch, Subscriber, error};
use tracing_subscriber::filter::FilterId;
use tracing_subscriber::layer::Layered;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{Layer, Registry, reload};

use crate::Sink;

/// A layer with something in it that can be told from others.
#[derive(Debug)]
struct Marked(u64);

impl<S: Subscriber> Layer<S> for Marked {}

#[track_caller]
fn assert_finds(stack: impl Subscriber + Send + Sync, mark: u64) {
    let dispatch = Dispatch::new(stack);
    let found = dispatch
        .downcast_ref::<Marked>()
        .expect("the layer is found");
    assert_eq!(found.0, mark);
    // In the same place each time, and not a copy.
    let again = dispatch.downcast_ref::<Marked>().unwrap();
    assert!(std::ptr::eq(found, again));
    assert!(dispatch.downcast_ref::<Registry>().is_some());
    assert!(dispatch.downcast_ref::<FilterId>().is_none());
    assert!(dispatch.downcast_ref::<String>().is_none());
}

fn redactor() -> Redactor {
    Redactor::new()
}

#[test]
fn through_the_subscriber() {
    let registry = tracing_subscriber::registry;
    assert_finds(registry().with(Marked(1)).redacted(redactor()), 1);
    assert_finds(
        registry()
            .with(Marked(2))
            .with(LevelFilter::INFO)
            .redacted(redactor()),
        2,
    );
    assert_finds(
        registry()
            .with(LevelFilter::INFO)
            .with(Marked(3))
            .redacted(redactor()),
        3,
    );
    assert_finds(registry().with(Some(Marked(4))).redacted(redactor()), 4);
    assert_finds(registry().with(Marked(5).boxed()).redacted(redactor()), 5);
    assert_finds(
        registry()
            .with(Marked(6).with_filter(LevelFilter::INFO))
            .redacted(redactor()),
        6,
    );
    assert_finds(
        registry()
            .with(Marked(7))
            .redacted(redactor())
            .redacted(redactor()),
        7,
    );
    assert_finds(registry().redacted(redactor()).with(Marked(8)), 8);
    let boxed: Box<dyn Subscriber + Send + Sync> = Box::new(registry().with(Marked(9)));
    assert_finds(boxed.redacted(redactor()), 9);
}

#[test]
fn through_the_layer() {
    let stack = tracing_subscriber::registry;
    let wrap = |mark| Redacting::new(Marked(mark), redactor());
    assert_finds(stack().with(wrap(1)), 1);
    assert_finds(stack().with(Some(wrap(2))), 2);
    assert_finds(stack().with(wrap(3).boxed()), 3);
    assert_finds(stack().with(wrap(4).with_filter(LevelFilter::INFO)), 4);
    assert_finds(stack().with(Redacting::new(wrap(5), redactor())), 5);
    assert_finds(stack().with(Redacting::new(Some(Marked(6)), redactor())), 6);
    assert_finds(
        stack().with(Redacting::new(
            Marked(7).with_filter(LevelFilter::INFO),
            redactor(),
        )),
        7,
    );
    assert_finds(
        stack().with(Redacting::new(
            LevelFilter::INFO.and_then(Marked(8)),
            redactor(),
        )),
        8,
    );
    assert_finds(stack().with(wrap(9)).redacted(redactor()), 9);
    let vector: Vec<Box<dyn Layer<Registry> + Send + Sync>> = vec![wrap(10).boxed()];
    assert_finds(stack().with(vector), 10);
}

#[test]
fn each_is_found_as_itself() {
    let sink = Sink::default();
    let json = JsonLayer::new(redactor()).with_writer(sink.clone());
    let stack = tracing_subscriber::registry()
        .with(json)
        .with(TextLayer::new(redactor()).with_writer(sink))
        .with(Redacting::new(Marked(1), redactor()));
    let dispatch = Dispatch::new(stack.redacted(redactor()));
    assert!(dispatch.downcast_ref::<JsonLayer<Sink>>().is_some());
    assert!(dispatch.downcast_ref::<TextLayer<Sink>>().is_some());
    assert!(dispatch.downcast_ref::<JsonLayer>().is_none());
    let wrapped = dispatch.downcast_ref::<Redacting<Marked>>().unwrap();
    assert_eq!(wrapped.counts().redacted(), 0);

    let stack = tracing_subscriber::registry()
        .with(Marked(1))
        .redacted(redactor());
    let dispatch = Dispatch::new(stack);
    let whole = dispatch.downcast_ref::<RedactingSubscriber<Layered<Marked, Registry>>>();
    assert_eq!(whole.unwrap().counts().redacted(), 0);
}

#[test]
fn an_optional_layer_that_is_none_stays_none() {
    let stack = tracing_subscriber::registry()
        .with(Redacting::new(None::<LevelFilter>, redactor()))
        .with(Marked(1));
    assert_eq!(stack.max_level_hint(), None);
    assert_finds(stack.redacted(redactor()), 1);
}

#[test]
fn a_reload_handle_works_through_both() {
    let (layer, handle) = reload::Layer::new(Some(Marked(1)));
    let stack = tracing_subscriber::registry().with(Redacting::new(layer, redactor()));
    let dispatch = Dispatch::new(stack.redacted(redactor()));
    handle.reload(None).unwrap();
    assert!(handle.with_current(Option::is_none).unwrap());
    drop(dispatch);
    assert!(handle.reload(Some(Marked(2))).is_err(), "the stack is gone");
}

#[test]
fn the_code_of_an_error_is_read_before_the_error_is_rebuilt() {
    fn code(error: &(dyn Error + 'static)) -> Option<&'static str> {
        error.downcast_ref::<std::io::Error>().map(|_| "IO-1")
    }
    let log = || {
        let failed = std::io::Error::other(format!("of {}", crate::NINO));
        error!(error = &failed as &(dyn Error + 'static), "failed");
        error!(error = &std::fmt::Error as &(dyn Error + 'static), "failed");
        error!("no error");
    };
    let layer = |sink: &Sink| {
        JsonLayer::new(redactor())
            .error_code(code)
            .with_writer(sink.clone())
    };
    let (alone, under, filtered, wrapped, by_hand) = <(Sink, Sink, Sink, Sink, Sink)>::default();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer(&alone)), log);
    let stack = tracing_subscriber::registry()
        .with(layer(&under))
        .redacted(redactor());
    tracing::subscriber::with_default(stack, log);
    let stack = tracing_subscriber::registry()
        .with(Some(layer(&filtered).with_filter(LevelFilter::INFO)))
        .redacted(redactor());
    tracing::subscriber::with_default(stack, log);
    let stack = tracing_subscriber::registry().with(Redacting::new(layer(&wrapped), redactor()));
    tracing::subscriber::with_default(stack, log);
    let (reloadable, _handle) =
        reload::Layer::new(JsonLayer::new(redactor()).with_writer(by_hand.clone()));
    let stack = tracing_subscriber::registry().with(reloadable);
    tracing::subscriber::with_default(stack.redacted(redactor()).error_code(code), log);
    for sink in [alone, under, filtered, wrapped, by_hand] {
        let text = sink.without_canaries();
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[0].contains("\"error\":\"of [NINO]\"")
                && lines[0].contains("\"error.code\":\"IO-1\""),
            "{text}"
        );
        assert!(
            !lines[1].contains("error.code") && !lines[2].contains("error.code"),
            "{text}"
        );
    }
}
