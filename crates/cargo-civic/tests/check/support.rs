//! Runs the real program in a folder of its own.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A folder with files, in which the program runs.
pub(crate) struct Folder(TempDir);

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a folder for temporary files"))
    }

    pub(crate) fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a new folder");
        fs::write(path, content).expect("a new file");
        self
    }
}

impl Folder {
    /// Runs git here.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let status = Command::new("git")
            .args(arguments)
            .current_dir(self.0.path())
            .status()
            .expect("git runs");
        assert!(status.success(), "git {arguments:?}");
    }
}

impl Run {
    pub(crate) fn of(folder: &Folder, arguments: &[&str]) -> Self {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-civic"))
            .args(arguments)
            .current_dir(folder.0.path())
            .env_remove("NO_COLOR")
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        Self {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).expect("messages are text"),
        }
    }

    /// Standard output as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("the report is text")
    }
}
