//! What one event costs: the comparison of `cargo xtask ratios tracing`, the way Rust people expect it.
//!
//! Plots and tables are written to `target/criterion`. Times are those of this machine at this moment; the ratios are what
//! to quote.

use civic_benches::logging::{Data, Values, log_in_spans, stack, values};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tracing::Dispatch;

/// Events for each measurement, so that entering a span and setting a subscriber do not count.
const EVENTS: usize = 1_000;

fn logging_overhead(criterion: &mut Criterion) {
    for (group, data, spans) in [
        ("clean", Data::Clean, 1),
        ("uuid", Data::Uuid, 1),
        ("hits", Data::ThreeHits, 1),
        ("spans", Data::Clean, 3),
    ] {
        let values = values(data);
        let mut group = criterion.benchmark_group(group);
        group.throughput(Throughput::Elements(EVENTS as u64));
        let mut measure = |name: &str, dispatch: &Dispatch, values: &[Values]| {
            let id = BenchmarkId::from_parameter(name);
            group.bench_function(id, |bencher| {
                bencher.iter(|| log_in_spans(dispatch, spans, values, EVENTS));
            });
        };
        // Short names: a longer one is cut off beside its plot.
        measure("raw fmt json", &stack::fmt_json(), &values);
        measure("raw fmt text", &stack::fmt_text(), &values);
        measure("redacted fmt", &stack::redacted_fmt_json(), &values);
        measure("JsonLayer", &stack::json(), &values);
        measure("redacted + Json", &stack::redacted_json(), &values);
        measure("TextLayer", &stack::text(), &values);
        measure("rewriting alone", &stack::redacted_empty(), &values);
        measure("empty layer", &stack::empty(), &values);
        measure("values only", &stack::values_only(), &values);
        #[cfg(feature = "rivals")]
        for (name, dispatch) in civic_benches::logging::rival::stacks() {
            measure(name, &dispatch, &values);
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30);
    targets = logging_overhead
}
criterion_main!(benches);
