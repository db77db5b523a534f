//! Starts the fake provider beside the service, so that `cargo run` is all that it takes.

use std::env;
use std::io::{self, BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// What this program is told, to be the fake provider.
pub(crate) const ARGUMENT: &str = "fake-payments";

/// A fake provider in a process of its own. It ends when its input does: when this is dropped, or this process ends.
#[derive(Debug)]
pub(crate) struct FakeProvider {
    child: Child,
    origin: String,
}

impl FakeProvider {
    pub(crate) fn start() -> io::Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .arg(ARGUMENT)
            .env("PORT", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let origin = line.trim().to_owned();
        Ok(Self { child, origin })
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }
}

impl Drop for FakeProvider {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // It has been told; that it has gone needs no more waiting than this.
        let _ = self.child.wait();
    }
}
