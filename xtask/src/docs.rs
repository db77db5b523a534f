//! `cargo xtask docs`: starts the generator, which stands in `tests/` because it needs the crates themselves.

use std::process::ExitCode;

use crate::context;

pub(crate) fn run(arguments: Vec<String>) -> ExitCode {
    let cargo = ["run", "--quiet", "-p", "civic-tests", "--bin", "docs", "--"];
    context::pass_through(&cargo, arguments)
}
