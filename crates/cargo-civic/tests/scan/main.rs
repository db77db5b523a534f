//! `cargo civic scan` as a user runs it: arguments and files in; standard output, standard error and
//! the exit code out.

mod archives;
mod inputs;
mod long_lines;
mod policy;
mod redaction;
mod reports;
mod support;
mod usage;
