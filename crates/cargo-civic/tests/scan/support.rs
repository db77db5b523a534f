//! Runs the real program in a folder of its own.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Made-up values, and text around them.
pub(crate) const NINO: &str = "AB123456C";
pub(crate) const EMAIL: &str = "ann.example@example.com";
pub(crate) const CLEAN: &str = "2026-01-05T09:30:00Z INFO started, 4 workers\n";

/// A line of a log with a NINO and an e-mail address.
pub(crate) fn personal() -> String {
    format!("INFO submitted nino={NINO} by {EMAIL} in 31 ms\n")
}

/// A folder with files, in which the program runs.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a folder for temporary files"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a new folder");
        fs::write(path, content).expect("a new file");
        self
    }

    /// Runs `cargo-civic scan` with these arguments and an empty standard input.
    pub(crate) fn scan(&self, arguments: &[&str]) -> Run {
        self.scan_with_input(arguments, b"")
    }

    pub(crate) fn scan_with_input(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = self.command();
        command.arg("scan").args(arguments);
        Run::of(command, input)
    }

    /// The program, without the colours and the width of the terminal that runs the tests.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-civic"));
        command.current_dir(self.0.path()).env_remove("NO_COLOR");
        command
    }
}

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(mut command: Command, input: &[u8]) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        let input = input.to_vec();
        // The program may end before it has read everything.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().expect("the program ends");
        writer.join().expect("the writer does not panic");
        Self {
            code: status.code(),
            stdout,
            stderr: String::from_utf8(stderr).expect("messages are text"),
        }
    }

    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the report is text")
    }

    /// The objects of a report in JSON lines.
    pub(crate) fn objects(&self) -> Vec<serde_json::Value> {
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is an object"))
            .collect()
    }

    /// Line, start and end of each finding in a report in JSON lines.
    pub(crate) fn places(&self) -> Vec<(u64, u64, u64)> {
        let number = |object: &serde_json::Value, name: &str| object[name].as_u64();
        self.objects()
            .iter()
            .map(|object| {
                (
                    number(object, "line").expect("a line"),
                    number(object, "start").expect("a start"),
                    number(object, "end").expect("an end"),
                )
            })
            .collect()
    }

    /// Fails if the bytes are anywhere in what the run wrote.
    pub(crate) fn assert_never_shows(&self, value: &str) {
        for (name, written) in [
            ("stdout", &self.stdout[..]),
            ("stderr", self.stderr.as_bytes()),
        ] {
            let found = written
                .windows(value.len())
                .any(|part| part == value.as_bytes());
            assert!(
                !found,
                "{name} shows a value: {}",
                String::from_utf8_lossy(written)
            );
        }
    }
}
