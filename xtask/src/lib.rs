//! The commands behind `cargo xtask`, one file each.

mod accuracy;
mod audit_faults;
mod console;
mod context;
mod docs;
mod fuzz;
mod ratios;
mod stage;
mod test;
mod tool;

use std::process::ExitCode;

pub use stage::{STAGES, Stage};
pub use tool::{TOOLS, Tool};

/// Exit code for a command line that cannot be understood.
const USAGE: u8 = 2;

/// A command of `cargo xtask`.
#[derive(Debug)]
pub struct Command {
    /// First word after `cargo xtask`.
    pub name: &'static str,
    /// Arguments, as the help text shows them.
    pub arguments: &'static str,
    /// What the command does, in one line.
    pub about: &'static str,
    run: fn(Vec<String>) -> ExitCode,
}

/// Every command, in the order of the help text.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        arguments: "[--with-tools] [--only STAGE]...",
        about: "Runs everything that must hold before a change lands",
        run: test::run,
    },
    Command {
        name: "docs",
        arguments: "[--check]",
        about: "Writes the generated parts of the Markdown files and the licence links of the crates",
        run: docs::run,
    },
    Command {
        name: "accuracy",
        arguments: "[ARGUMENT]...",
        about: "Prints recall and precision by kind, carrier and evidence",
        run: accuracy::run,
    },
    Command {
        name: "ratios",
        arguments: "[ARGUMENT]...",
        about: "Runs Civic and its rivals in one process and prints the ratios",
        run: ratios::run,
    },
    Command {
        name: "audit-faults",
        arguments: "[--full]",
        about: "Kills, starves and cuts off an audit trail, and says what it lost",
        run: audit_faults::run,
    },
    Command {
        name: "fuzz",
        arguments: "[TARGET]... [--seconds N]",
        about: "Fuzzes the targets for longer than `test` does, ten minutes each unless told",
        run: fuzz::run,
    },
];

/// Runs the command that the arguments name and gives its exit code.
///
/// Codes: 0 all is well, 1 something failed, 2 the command line is wrong; `accuracy` and `ratios` pass on the code of
/// the program that they start.
pub fn main(arguments: Vec<String>) -> ExitCode {
    let mut arguments = arguments.into_iter();
    let name = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    if matches!(name.as_str(), "" | "help" | "-h" | "--help") {
        let asked = !name.is_empty();
        if asked {
            print!("{}", help());
            return ExitCode::SUCCESS;
        }
        eprint!("{}", help());
        return ExitCode::from(USAGE);
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(rest),
        None => usage(&format!("there is no command `{name}`")),
    }
}

/// Says what is wrong with the command line and where the help stands.
fn usage(problem: &str) -> ExitCode {
    eprintln!("error: {problem}; `cargo xtask --help` lists what there is");
    ExitCode::from(USAGE)
}

fn help() -> String {
    use std::fmt::Write as _;

    let mut text = String::from(
        "Commands for those who work on Civic.\n\nUsage: cargo xtask COMMAND\n\nCommands:\n",
    );
    let mut line = |left: &str, right: &str| {
        writeln!(text, "  {left:<40}  {right}").expect("a String takes all that is written");
    };
    for command in COMMANDS {
        line(
            &format!("{} {}", command.name, command.arguments),
            command.about,
        );
    }
    text.push_str("\nStages of `test`, for --only:\n");
    let mut line = |left: &str, right: &str| {
        writeln!(text, "  {left:<10}  {right}").expect("a String takes all that is written");
    };
    for stage in STAGES {
        line(stage.name, stage.about);
    }
    text.push_str(
        "\n`test` skips what needs a program that is not there and says how to install it. With --with-tools it\n\
         installs the missing programs from Debian's packages and fails where it cannot.\n\
         `accuracy` and `ratios` pass their arguments on; try them with --help.\n\n\
         Exit codes: 0 all is well, 1 something failed, 2 the command line is wrong.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_command_and_every_stage() {
        let help = help();
        for command in COMMANDS {
            assert!(
                help.contains(&format!("\n  {} ", command.name)),
                "{}",
                command.name
            );
        }
        for stage in STAGES {
            assert!(
                help.contains(&format!("\n  {} ", stage.name)),
                "{}",
                stage.name
            );
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len());
    }
}
