//! Known fakes through each door into a log, and each sink's output searched for them.
//!
//! Every pair of a door and a sink runs twice. Without redaction the fake has to come out, or the
//! pair proves nothing; with redaction it must not, in any form, and the rest has to be there.
//!
//! A program of its own and no list of tests: it also starts itself as the OTLP receiver.

#![cfg_attr(
    feature = "otel",
    expect(clippy::unwrap_used, reason = "a panic is how a test reports")
)]

#[cfg(feature = "otel")]
mod canary;
#[cfg(feature = "otel")]
mod door;
#[cfg(feature = "otel")]
#[path = "../harness/mod.rs"]
mod harness;
#[cfg(feature = "otel")]
mod matrix;
#[cfg(feature = "otel")]
mod sink;
#[cfg(feature = "otel")]
mod wire;

#[cfg(feature = "otel")]
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, file] if word == "receive" => wire::receive(file.as_ref()),
        _ if harness::wants("doors") => matrix::run(),
        _ => {}
    }
}

#[cfg(not(feature = "otel"))]
fn main() {}
