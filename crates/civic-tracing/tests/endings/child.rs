//! The process that logs and then ends in a certain way.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;
use std::{process, thread};

use civic_pii::Redactor;
use civic_tracing::RedactExt;
use civic_tracing::panic::{MainError, PanicHook};
use civic_tracing::writer::{BatchingBuilder, BatchingWriter, DirectWriter, FlushGuard, WhenFull};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

/// Log calls before the end.
pub(crate) const LINES: u64 = 20_000;

pub(crate) fn run(writer: &str, ending: &str, folder: &Path) -> Result<(), MainError> {
    let _guard = start(writer, ending, folder);
    if ending == "start" {
        return Ok(());
    }
    for number in 0..LINES {
        tracing::info!(number, "line");
    }
    end(ending)
}

fn start(writer: &str, ending: &str, folder: &Path) -> Option<FlushGuard> {
    let log = folder.join("log");
    let slow = ending == "slow";
    let hook = PanicHook::new(Redactor::new());
    if writer == "none" {
        hook.install();
        return None;
    }
    if writer == "direct" {
        let writer = if slow {
            DirectWriter::stdout()
        } else {
            DirectWriter::file(log)
        };
        log_to(writer.unwrap());
        hook.install();
        return None;
    }
    let (writer, guard) = match writer {
        "batching" => open(BatchingWriter::builder(), slow, &log),
        "dropping" => open(small(), slow, &log),
        // Takes all lines at once and has too little time to write them.
        "hurried" => {
            let builder = BatchingWriter::builder()
                .capacity(64 << 20)
                .flush_limit(Duration::from_millis(200));
            open(builder, slow, &log)
        }
        "no-tally" => open(BatchingWriter::builder().without_tally(), slow, &log),
        other => panic!("no writer {other}"),
    };
    log_to(writer.clone());
    hook.flushing(move || writer.flush(Duration::from_secs(10)).unwrap())
        .install();
    Some(guard)
}

fn small() -> BatchingBuilder {
    BatchingWriter::builder()
        .capacity(16 * 1024)
        .when_full(WhenFull::Drop)
}

fn open(builder: BatchingBuilder, slow: bool, log: &Path) -> (BatchingWriter, FlushGuard) {
    if slow {
        builder.to_stdout().unwrap()
    } else {
        builder.to_file(log).unwrap()
    }
}

fn log_to<W: for<'w> MakeWriter<'w> + Send + Sync + 'static>(writer: W) {
    tracing_subscriber::fmt()
        .json()
        .with_writer(writer)
        .finish()
        .redacted(Redactor::new())
        .init();
}

fn end(ending: &str) -> Result<(), MainError> {
    match ending {
        "return" | "slow" => Ok(()),
        "error" => Err(io::Error::other("no case for canary@example.com"))?,
        "panic" => panic!("no case for canary@example.com"),
        "thread-panic" => {
            let thread = thread::spawn(|| panic!("no case for canary@example.com"));
            assert!(thread.join().is_err());
            // So that the lines are there because of the hook and not because of a guard.
            process::exit(0)
        }
        "exit" => process::exit(0),
        "abort" => process::abort(),
        "sigterm" => {
            println!("ready");
            io::stdout().flush().unwrap();
            loop {
                thread::park();
            }
        }
        other => panic!("no ending {other}"),
    }
}
