//! What is in the log after a process has ended, for every writer and every way to end.
//!
//! A program of its own and no list of tests: it starts itself as the process that ends.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

#[cfg(unix)]
mod child;
#[cfg(unix)]
#[path = "../harness/mod.rs"]
mod harness;
#[cfg(unix)]
mod parent;

#[cfg(unix)]
fn main() -> Result<(), civic_tracing::panic::MainError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, writer, ending, folder] if word == "child" => {
            child::run(writer, ending, folder.as_ref())
        }
        _ => {
            if harness::wants("endings") {
                parent::run();
            }
            Ok(())
        }
    }
}

#[cfg(not(unix))]
fn main() {}
