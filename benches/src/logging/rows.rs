//! `cargo xtask ratios tracing`: ours against unredacted `fmt().json()`, in turn in one process.

use std::error::Error;
use std::io;
use std::thread;
use std::time::Instant;

use tracing::Dispatch;

use super::{Data, Values, log, log_in_spans, stack, values};
use crate::goals::Row;
use crate::paired::{Spread, cpu_time, rounds};

/// Measures and, unless for JSON, prints all rows.
///
/// # Errors
/// When a temporary file cannot be made.
pub fn all(quick: bool, json: bool, rows: &mut Vec<Row>) -> Result<(), Box<dyn Error>> {
    let mut bench = Bench {
        rounds: if quick { 7 } else { 25 },
        events: if quick { 4_000 } else { 20_000 },
        is_quiet: json,
        rows,
    };
    // First, while no other subscriber says that it wants events.
    bench.disabled();
    let (clean, uuid, hits) = (
        values(Data::Clean),
        values(Data::Uuid),
        values(Data::ThreeHits),
    );
    bench.against_fmt("json-clean", &stack::json(), 1, &clean);
    bench.against_fmt("json-uuid", &stack::json(), 1, &uuid);
    bench.against_fmt("json-three-hits", &stack::json(), 1, &hits);
    bench.against_fmt("json-three-spans", &stack::json(), 3, &clean);
    bench.files(&clean)?;
    bench.against_fmt("rewrite-empty-clean", &stack::redacted_empty(), 1, &clean);
    bench.threads(&clean);

    bench.against_fmt("redacted-json-clean", &stack::redacted_json(), 1, &clean);
    bench.against_fmt(
        "redacted-json-three-hits",
        &stack::redacted_json(),
        1,
        &hits,
    );
    bench.against_fmt(
        "redacted-fmt-json-clean",
        &stack::redacted_fmt_json(),
        1,
        &clean,
    );
    bench.against_fmt("text-clean", &stack::text(), 1, &clean);
    bench.against_fmt("fmt-text-clean", &stack::fmt_text(), 1, &clean);
    bench.against_fmt("floor-empty-layer", &stack::empty(), 1, &clean);
    bench.against_fmt("floor-values-only", &stack::values_only(), 1, &clean);
    bench.rivals(&clean);
    Ok(())
}

struct Bench<'r> {
    rounds: usize,
    events: usize,
    is_quiet: bool,
    rows: &'r mut Vec<Row>,
}

impl Bench<'_> {
    /// A stack against unredacted `fmt().json()`.
    fn against_fmt(&mut self, name: &str, ours: &Dispatch, spans: usize, values: &[Values]) {
        self.pair(name, ours, &stack::fmt_json(), spans, values);
    }

    fn pair(
        &mut self,
        name: &str,
        ours: &Dispatch,
        theirs: &Dispatch,
        spans: usize,
        values: &[Values],
    ) {
        let measured = rounds(
            self.rounds,
            &mut || log_in_spans(ours, spans, values, self.events),
            &mut || log_in_spans(theirs, spans, values, self.events),
        );
        let (own, rival) = measured.medians();
        let nanos = |seconds: f64| seconds / self.events as f64 * 1e9;
        if !self.is_quiet {
            println!(
                "{:.0} ns an event, fmt().json() {:.0} ns",
                nanos(own),
                nanos(rival)
            );
        }
        self.push(name, measured.ratio());
    }

    /// One write to a file for each line, on both sides.
    fn files(&mut self, values: &[Values]) -> io::Result<()> {
        let (own, rival) = (tempfile::tempfile()?, tempfile::tempfile()?);
        let (own_handle, rival_handle) = (own.try_clone()?, rival.try_clone()?);
        let (ours, theirs) = (stack::json_to(own), stack::fmt_json_to(rival));
        let empty = |file: &std::fs::File| {
            use std::io::Seek as _;
            // A file that cannot be emptied only grows.
            let _ = file.set_len(0).and_then(|()| (&*file).rewind());
        };
        let measured = rounds(
            self.rounds,
            &mut || {
                empty(&own_handle);
                log_in_spans(&ours, 1, values, self.events);
            },
            &mut || {
                empty(&rival_handle);
                log_in_spans(&theirs, 1, values, self.events);
            },
        );
        self.push("json-file-clean", measured.ratio());
        Ok(())
    }

    /// What an event costs when two threads log at once, over what it costs when one does.
    ///
    /// In CPU time of the threads, which counts waiting for a processor's cache and not for a lock that sleeps; the second
    /// row is in time on the clock and depends on what else the machine does.
    fn threads(&mut self, values: &[Values]) {
        let dispatch = stack::json();
        let measure = |threads: usize| {
            let start = Instant::now();
            let cpu: f64 = thread::scope(|scope| {
                let handles: Vec<_> = (0..threads)
                    .map(|_| {
                        scope.spawn(|| {
                            let start = cpu_time();
                            log_in_spans(&dispatch, 1, values, self.events);
                            cpu_time().saturating_sub(start).as_secs_f64()
                        })
                    })
                    .collect();
                let join = |handle: thread::ScopedJoinHandle<'_, f64>| {
                    handle.join().expect("logging does not panic")
                };
                handles.into_iter().map(join).sum()
            });
            (cpu / threads as f64, start.elapsed().as_secs_f64())
        };
        measure(2);
        let pairs: Vec<_> = (0..self.rounds).map(|_| (measure(2), measure(1))).collect();
        let cpu = pairs.iter().map(|(two, one)| two.0 / one.0).collect();
        let clock = pairs.iter().map(|(two, one)| two.1 / one.1).collect();
        self.push("two-threads", Spread::of(cpu));
        self.push("two-threads-on-the-clock", Spread::of(clock));
    }

    /// An event that a filter shuts out, over one without any subscriber.
    fn disabled(&mut self) {
        let dispatch = stack::disabled();
        let values = values(Data::Clean);
        let events = self.events * 20;
        let measured = rounds(
            self.rounds,
            &mut || {
                tracing::dispatcher::with_default(&dispatch, || {
                    for values in values.iter().cycle().take(events) {
                        log(values);
                    }
                });
            },
            &mut || {
                for values in values.iter().cycle().take(events) {
                    log(values);
                }
            },
        );
        self.push("disabled", measured.ratio());
    }

    #[cfg(feature = "rivals")]
    fn rivals(&mut self, values: &[Values]) {
        super::rival::rows(self.rounds, self.events, values, |name, spread| {
            push(self.rows, self.is_quiet, name, spread);
        });
    }

    #[cfg(not(feature = "rivals"))]
    fn rivals(&mut self, _: &[Values]) {
        for name in ["json-subscriber", "bunyan", "slog-json", "logforth"] {
            let row = Row::not_run(&format!("tracing/{name}"), "time ratio");
            if !self.is_quiet {
                println!("{} (needs the feature `rivals`)", row.line());
            }
            self.rows.push(row);
        }
    }

    fn push(&mut self, name: &str, spread: Spread) {
        push(self.rows, self.is_quiet, name, spread);
    }
}

fn push(rows: &mut Vec<Row>, is_quiet: bool, name: &str, spread: Spread) {
    let name = format!("tracing/{name}");
    let row = Row::new(&name, "time ratio", spread.median, spread.min, spread.max);
    if !is_quiet {
        println!("{}", row.line());
    }
    rows.push(row);
}
