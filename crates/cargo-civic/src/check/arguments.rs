//! The command line of `cargo civic check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::render::ColourChoice;

/// Reads the source of a service, and says where personal data leaves it and what else is wrong
///
/// Nothing is built, no network is asked. The same files give the same report. `cargo civic explain
/// CODE` prints the page of a rule.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Folder of the service, or one file; paths in the report are seen from here
    #[arg(value_name = "PATH", default_value = ".")]
    pub(super) path: PathBuf,

    /// How findings are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub(super) format: Format,

    /// Look at tests too
    #[arg(long)]
    pub(super) tests: bool,

    /// Do as this file says; `civic.toml` in PATH unless named
    #[arg(long, value_name = "FILE")]
    pub(super) policy: Option<PathBuf>,

    /// Look at the migrations that came after this revision, by git
    ///
    /// A column that they drop or rename is reported with each query of that revision that uses it.
    #[arg(long, value_name = "REVISION")]
    pub(super) base: Option<String>,

    /// Leave out the findings that are in this file
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// Write all findings to this file, for `--baseline`, and report none
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(super) write_baseline: Option<PathBuf>,

    /// When to use colour; `auto` means on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColourChoice::Auto)]
    pub(super) color: ColourChoice,
}

/// Value of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: the source with what is meant marked.
    Text,
    /// One array of objects.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// One test case for each finding.
    Junit,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing found
  1  at least one finding that is neither waived nor in the baseline
  2  wrong usage, or a file that cannot be used
  3  the source could not be read, or the report not be written";
