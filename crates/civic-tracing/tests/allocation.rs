//! A clean event allocates nothing once its thread is warm; alone in this process, with its own allocator.

#[path = "../../../tests/counting_allocator.rs"]
mod counting_allocator;

use civic_pii::Redactor;
use civic_tracing::{JsonLayer, RedactExt, Redacting, TextLayer};
use tracing::{Dispatch, Subscriber, info, info_span};
use tracing_subscriber::Layer;
use tracing_subscriber::prelude::*;

struct Empty;
impl<S: Subscriber> Layer<S> for Empty {}

/// Allocations of one more turn, after some to warm up.
fn allocations(mut turn: impl FnMut()) -> u64 {
    for _ in 0..4 {
        turn();
    }
    counting_allocator::allocations(turn)
}

#[test]
fn clean_events_and_records_allocate_nothing() {
    let stack = tracing_subscriber::registry()
        .with(Empty)
        .redacted(Redactor::new());
    tracing::subscriber::with_default(stack, || {
        let counted = allocations(|| {
            let text = String::from("the counter counts");
            drop(text);
        });
        assert_eq!(counted, 1, "the allocator that this test trusts");

        let method = std::hint::black_box("POST");
        assert_eq!(
            allocations(|| {
                info!(
                    method,
                    status = 200_u64,
                    size = -1,
                    ratio = 0.5,
                    ok = true,
                    "served"
                );
            }),
            0,
            "strings and numbers"
        );
        assert_eq!(
            allocations(|| info!(took = ?std::time::Duration::from_millis(12), path = %"/apply")),
            0,
            "formatted values"
        );
        assert_eq!(
            allocations(|| {
                info!(
                    a = 1,
                    b = 2,
                    c = 3,
                    d = 4,
                    e = 5,
                    f = 6,
                    g = 7,
                    h = 8,
                    i = 9,
                    j = 10,
                    k = 11,
                    l = 12,
                    m = 13,
                    n = 14,
                    o = 15,
                    p = 16,
                    q = 17,
                    r = 18,
                    s = 19,
                    t = 20,
                    u = 21,
                    v = 22,
                    w = 23,
                    x = 24,
                    y = 25,
                    z = "clean",
                );
            }),
            0,
            "26 fields"
        );
        let span = info_span!("apply", step = tracing::field::Empty);
        assert_eq!(
            allocations(|| {
                span.record("step", "check-answers");
            }),
            0,
            "a late record"
        );
    });
}

/// Strings, numbers and formatted values, with a UUID as well as words, in a span and in three.
#[test]
fn clean_lines_allocate_nothing() {
    let layer = || JsonLayer::new(Redactor::new()).with_writer(std::io::sink);
    let registry = tracing_subscriber::registry;
    let text = TextLayer::new(Redactor::new()).with_writer(std::io::sink);
    for (name, stack) in [
        ("json", Dispatch::new(registry().with(layer()))),
        (
            "json with receipts",
            Dispatch::new(registry().with(layer().with_receipts(true))),
        ),
        (
            "json under a subscriber",
            Dispatch::new(registry().with(layer()).redacted(Redactor::new())),
        ),
        (
            "json wrapped",
            Dispatch::new(registry().with(Redacting::new(layer(), Redactor::new()))),
        ),
        (
            "two",
            Dispatch::new(registry().with(layer()).with(layer().flat())),
        ),
        ("flat", Dispatch::new(registry().with(layer().flat()))),
        (
            "opentelemetry",
            Dispatch::new(registry().with(layer().opentelemetry())),
        ),
        ("ecs", Dispatch::new(registry().with(layer().ecs()))),
        ("gov.uk", Dispatch::new(registry().with(layer().gov_uk()))),
        ("text", Dispatch::new(registry().with(text))),
    ] {
        tracing::dispatcher::with_default(&stack, || {
            let one = info_span!("request", method = "POST", n = 1);
            let _one = one.enter();
            let log = || {
                info!(
                    id = "6f9619ff-8b86-4011-b42d-00cf4fc964ff",
                    status = 200_u64,
                    took = 1.5,
                    cached = true,
                    path = ?Some("/apply"),
                    "handled {}",
                    "request"
                );
            };
            assert_eq!(allocations(log), 0, "{name}");
            let two = info_span!("handler", step = "name");
            let _two = two.enter();
            let three = info_span!("query");
            let _three = three.enter();
            assert_eq!(allocations(log), 0, "{name} in three spans");
        });
    }
}
