//! Where the workspace stands, what it holds, and how a stage starts a program.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde_json::Value;

use crate::console::Console;

/// What every stage needs to know.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
    pub(crate) with_tools: bool,
    pub(crate) console: Console,
}

/// A member of the workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
    pub(crate) default_features: Vec<String>,
    pub(crate) publishable: bool,
    pub(crate) library: bool,
}

impl Context {
    /// Asks cargo what the workspace holds.
    ///
    /// # Errors
    /// When cargo cannot read the workspace; the text is cargo's.
    pub(crate) fn new(with_tools: bool) -> Result<Self, String> {
        let root = root();
        let output = cargo_in(&root)
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cannot start cargo: {error}"))?;
        if !output.status.success() {
            return Err("cargo cannot read the workspace".to_owned());
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("cannot read cargo's metadata: {error}"))?;
        let packages = metadata["packages"]
            .as_array()
            .ok_or("cargo's metadata holds no packages")?;
        let target = metadata["target_directory"]
            .as_str()
            .ok_or("cargo's metadata names no target directory")?;
        Ok(Self {
            target: target.into(),
            packages: packages.iter().filter_map(Package::read).collect(),
            root,
            with_tools,
            console: Console::new(),
        })
    }

    /// A cargo command that runs in the root of the workspace.
    pub(crate) fn cargo<I, S>(&self, arguments: I) -> Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = cargo_in(&self.root);
        command.args(arguments);
        command
    }

    /// Shows the command, runs it with its output in view, and fails unless it exits with 0.
    ///
    /// # Errors
    /// When the program cannot be started or fails; the text names it.
    pub(crate) fn run(&self, command: &mut Command) -> Result<(), String> {
        self.show(command);
        let shown = describe(command);
        match command.stdin(Stdio::null()).status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{shown}` failed ({status})")),
            Err(error) => Err(format!("cannot start `{shown}`: {error}")),
        }
    }

    /// Prints the command as a person would type it.
    pub(crate) fn show(&self, command: &Command) {
        println!(
            "{}",
            self.console.faint(&format!("$ {}", describe(command)))
        );
    }

    /// Members that are published, sorted by name.
    pub(crate) fn publishable(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.publishable)
    }

    /// Whether a program of this name stands in a folder of `PATH`.
    pub(crate) fn finds(program: &str) -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    }
}

impl Package {
    /// Name and version, as cargo names the archive.
    pub(crate) fn stem(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    fn read(package: &Value) -> Option<Self> {
        let mut features: Vec<String> = package["features"].as_object()?.keys().cloned().collect();
        features.retain(|feature| feature != "default");
        let words = |value: &Value| -> Vec<String> {
            let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
            list.iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        Some(Self {
            name: package["name"].as_str()?.to_owned(),
            version: package["version"].as_str()?.to_owned(),
            features,
            default_features: words(&package["features"]["default"]),
            // `publish = false` is an empty list of registries.
            publishable: package["publish"]
                .as_array()
                .is_none_or(|registries| !registries.is_empty()),
            library: package["targets"].as_array()?.iter().any(|target| {
                words(&target["kind"])
                    .iter()
                    .any(|kind| kind == "lib" || kind == "proc-macro")
            }),
        })
    }
}

/// Runs cargo with these arguments and those of the user; nothing else reaches standard output.
pub(crate) fn pass_through(cargo: &[&str], arguments: Vec<String>) -> ExitCode {
    match cargo_in(&root()).args(cargo).args(arguments).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => ExitCode::from(
            status
                .code()
                .and_then(|code| u8::try_from(code).ok())
                .unwrap_or(1),
        ),
        Err(error) => {
            eprintln!("error: cannot start cargo: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace: the folder above this package.
fn root() -> PathBuf {
    // Set by `cargo run`; the value at compile time serves a binary that is started by hand.
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let package = PathBuf::from(package);
    package.parent().map_or(package.clone(), Path::to_owned)
}

fn cargo_in(folder: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_found_with_its_members() {
        let context = Context::new(false).unwrap();
        let xtask = context
            .packages
            .iter()
            .find(|package| package.name == "xtask")
            .unwrap();
        assert!(!xtask.publishable && xtask.library);
        assert!(
            context
                .publishable()
                .any(|package| package.name == "civic-pii")
        );
    }
}
