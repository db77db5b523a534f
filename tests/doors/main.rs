//! Known fakes through each door into a log, and each sink's output searched for them.
//!
//! Every pair of a door and a sink runs twice. Without redaction the fake has to come out, or the
//! pair proves nothing; with redaction it must not, in any form, and the rest has to be there.
//!
//! A program of its own and no list of tests: it also starts itself as the OTLP receiver.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

mod canary;
mod door;
#[path = "../../crates/civic-tracing/tests/harness/mod.rs"]
mod harness;
mod matrix;
mod sink;
mod wire;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, file] if word == "receive" => wire::receive(file.as_ref()),
        _ if harness::wants("doors") => matrix::run(),
        _ => {}
    }
}
