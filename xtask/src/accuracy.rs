//! `cargo xtask accuracy`: starts the program in `benches/` and passes everything through.

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
        "accuracy",
        "--",
    ];
    context::pass_through(&cargo, arguments)
}
