//! Runs every pair of a door and a sink, and prints what came of it.

use std::cell::Cell;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::{env, fs, panic};

use civic_pii::Redactor;
use civic_tracing::panic::PanicHook;
use serde_json::Value;
use tracing_subscriber::prelude::*;

use crate::canary::found_in;
use crate::door::{DOORS, WITNESS, go_through, log_nothing_personal};
use crate::sink::{self, Sink};
use crate::wire::Receiver;

/// Set to write the table to the README instead of comparing it.
const WRITE: &str = "CIVIC_WRITE_DOORS";
const BEGIN: &str = "<!-- printed by the test `doors` -->\n\n";
const END: &str = "\n<!-- end -->";

thread_local! {
    /// What a panic is logged by: the redacting hook, or as the standard hook would.
    static REDACT: Cell<bool> = const { Cell::new(true) };
}

/// What came of a door and a sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Comes out without redaction, and does not with it.
    Clean,
    /// Does not come out at all: the sink does not show what goes in there.
    NotShown,
    Leak,
}

pub(crate) fn run() {
    // Takes records of the `log` crate to whatever subscriber the thread has.
    tracing_subscriber::registry().init();
    install_hook();
    let receiver = Arc::new(Receiver::start());
    let sinks = sink::all(&receiver);

    let rows: Vec<(&str, Vec<Verdict>)> = DOORS
        .iter()
        .map(|(door, go)| {
            let go = || go_through(*go);
            let verdicts = sinks.iter().map(|sink| {
                let verdict = judge(&through(sink, true, &go), &through(sink, false, &go));
                assert_ne!(
                    verdict,
                    Verdict::Leak,
                    "{door} leaks by way of {}",
                    sink.name
                );
                verdict
            });
            (*door, verdicts.collect())
        })
        .collect();
    for (door, verdicts) in &rows {
        assert!(
            verdicts.contains(&Verdict::Clean),
            "{door} is shown by no sink"
        );
    }
    for sink in &sinks {
        check_that_a_sink_without_redaction_fails(sink);
        check_that_the_rest_is_as_it_was(sink);
    }
    let table = table(&sinks, &rows);
    print!("{table}");
    compare_with_readme(&table);
}

/// Redaction of tracing events off, redaction of panics off, guards of OpenTelemetry off.
fn through(sink: &Sink, redact: bool, log: &dyn Fn()) -> Vec<u8> {
    REDACT.set(redact);
    let output = (sink.run)(redact, log);
    REDACT.set(true);
    output
}

fn judge(redacted: &[u8], raw: &[u8]) -> Verdict {
    for output in [redacted, raw] {
        let text = String::from_utf8_lossy(output);
        assert!(text.contains(WITNESS), "nothing came out: {text}");
    }
    match (found_in(raw), found_in(redacted)) {
        (_, true) => Verdict::Leak,
        (true, false) => Verdict::Clean,
        (false, false) => Verdict::NotShown,
    }
}

/// The same test over a sink whose redaction is off has to find a leak.
fn check_that_a_sink_without_redaction_fails(sink: &Sink) {
    let leaks = DOORS.iter().filter(|(_, go)| {
        let raw = through(sink, false, &|| go_through(*go));
        judge(&raw, &raw) == Verdict::Leak
    });
    let leaks = leaks.count();
    assert!(leaks >= 14, "{} lets only {leaks} doors through", sink.name);
}

/// What holds nothing personal comes out as it does without redaction.
fn check_that_the_rest_is_as_it_was(sink: &Sink) {
    if sink.name.starts_with("OTLP") {
        // Ids and times differ from run to run; the sinks before it send the same.
        return;
    }
    let raw = through(sink, false, &log_nothing_personal);
    let redacted = through(sink, true, &log_nothing_personal);
    let (raw, redacted) = (without_time(&raw), without_time(&redacted));
    assert!(
        raw.contains("served") && raw.contains("slow answer"),
        "{raw}"
    );
    assert_eq!(raw, redacted, "{}", sink.name);
}

/// Of a JSON line, everything but the time and how long a span took; other text as it is.
fn without_time(output: &[u8]) -> String {
    let text = String::from_utf8(output.to_vec()).unwrap();
    text.lines().fold(String::new(), |mut all, line| {
        match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(mut object)) => {
                object.retain(|key, _| key != "time" && key != "elapsed_milliseconds");
                writeln!(all, "{}", Value::Object(object)).unwrap();
            }
            _ => writeln!(all, "{line}").unwrap(),
        }
        all
    })
}

fn install_hook() {
    let redacting = PanicHook::new(Redactor::new());
    panic::set_hook(Box::new(move |info| {
        // The panic of a test that failed is to be read by people.
        let by_a_door = info
            .location()
            .is_some_and(|at| at.file().ends_with("door.rs"));
        if !by_a_door {
            eprintln!("{info}");
        } else if REDACT.get() {
            redacting.report(info);
        } else {
            let message = info.payload().downcast_ref::<String>();
            tracing::error!("panicked: {}", message.map_or("", String::as_str));
        }
    }));
}

fn table(sinks: &[Sink], rows: &[(&str, Vec<Verdict>)]) -> String {
    let mut table = String::from("| door |");
    for sink in sinks {
        write!(table, " {} |", sink.name).unwrap();
    }
    table.push_str("\n|---|");
    table.push_str(&"---|".repeat(sinks.len()));
    for (door, verdicts) in rows {
        write!(table, "\n| {door} |").unwrap();
        for verdict in verdicts {
            let word = match verdict {
                Verdict::Clean => "clean",
                Verdict::NotShown => "-",
                Verdict::Leak => "LEAK",
            };
            write!(table, " {word} |").unwrap();
        }
    }
    table.push('\n');
    table
}

fn compare_with_readme(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/civic-tracing/README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme
        .split_once(BEGIN)
        .expect("the README has a place for the table");
    let (shown, after) = rest
        .split_once(END)
        .expect("the place for the table has an end");
    if env::var_os(WRITE).is_some() {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(
            shown, table,
            "the README is stale: run this test with {WRITE}=1"
        );
    }
}
