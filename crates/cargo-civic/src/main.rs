//! `cargo civic`: finds and removes personal data in existing log files, and reads a service's source.
//!
//! Arguments, files, progress, rendering and exit codes live here; what personal data looks like is
//! the matter of `civic-pii`, what is wrong with a source that of `civic-ops`.

mod audit;
mod check;
mod diff;
mod drift;
mod exit;
mod explain;
mod facts;
mod init;
mod input;
mod keygen;
mod output;
mod policy;
mod progress;
mod register;
mod render;
mod said;
mod scan;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Keeps personal data out of what a public service writes down
#[derive(Debug, Parser)]
#[command(
    name = "cargo civic",
    bin_name = "cargo civic",
    version,
    max_term_width = 100
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Scan(scan::Arguments),
    Audit(audit::Arguments),
    Keygen(keygen::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Facts(facts::Arguments),
    Diff(diff::Arguments),
    Init(init::Arguments),
    Register(register::Arguments),
}

impl Command {
    fn run(&self) -> u8 {
        match self {
            Self::Scan(arguments) => scan::run(arguments),
            Self::Audit(arguments) => audit::run(arguments),
            Self::Keygen(arguments) => keygen::run(arguments),
            Self::Check(arguments) => check::run(arguments),
            Self::Explain(arguments) => explain::run(arguments),
            Self::Facts(arguments) => facts::run(arguments),
            Self::Diff(arguments) => diff::run(arguments),
            Self::Init(arguments) => init::run(arguments),
            Self::Register(arguments) => register::run(arguments),
        }
    }
}

fn main() -> ExitCode {
    panic::set_hook(Box::new(report_defect));
    let code = match Cli::try_parse_from(arguments(env::args_os())) {
        Ok(Cli { command }) => {
            panic::catch_unwind(AssertUnwindSafe(|| command.run())).unwrap_or(exit::UNREADABLE)
        }
        Err(error) => {
            // Nobody is left to tell if this fails too.
            let _ = error.print();
            if error.use_stderr() {
                exit::USAGE
            } else {
                exit::CLEAN
            }
        }
    };
    ExitCode::from(code)
}

/// Says where a panic came from, and not what it says: its message may quote the text that was read.
fn report_defect(panic: &PanicHookInfo<'_>) {
    let mut stderr = io::stderr().lock();
    let _ = write!(
        stderr,
        "error: the command broke off: a defect of this program"
    );
    if let Some(place) = panic.location() {
        let _ = write!(stderr, " at {}:{}", place.file(), place.line());
    }
    let _ = writeln!(stderr);
}

/// Cargo starts `cargo-civic civic scan` for `cargo civic scan`; both forms mean the same.
fn arguments(given: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    given
        .enumerate()
        .filter(|(place, argument)| *place != 1 || argument != "civic")
        .map(|(_, argument)| argument)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn only_the_first_argument_is_the_word_that_cargo_adds() {
        let words = |given: &[&str]| -> Vec<OsString> {
            arguments(given.iter().map(OsString::from)).collect()
        };
        assert_eq!(
            words(&["cargo-civic", "civic", "scan", "civic"]),
            words(&["cargo-civic", "scan", "civic"])
        );
    }
}
