//! `cargo xtask ratios`: starts the program in `benches/`, with the rivals compiled in, and passes everything through.

use std::process::ExitCode;

use crate::context;

pub(crate) fn run(arguments: Vec<String>) -> ExitCode {
    let cargo = [
        "run",
        "--release",
        "--quiet",
        "-p",
        "civic-benches",
        "--features",
        "rivals",
        "--bin",
        "ratios",
        "--",
    ];
    context::pass_through(&cargo, arguments)
}
