//! `cargo xtask audit-faults`: starts the program in `benches/` that kills, cuts and counts.

use std::process::ExitCode;

use crate::context;

pub(crate) fn run(arguments: Vec<String>) -> ExitCode {
    let cargo = [
        "run",
        "--release",
        "--quiet",
        "-p",
        "civic-benches",
        "--bin",
        "audit-faults",
        "--",
    ];
    context::pass_through(&cargo, arguments)
}
