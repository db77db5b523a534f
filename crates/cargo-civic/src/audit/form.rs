//! How a report is written: for people or for programs.

use clap::{Args, ValueEnum};

/// `--format`, and its short form.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Form {
    /// How the report is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The same as `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Form {
    pub(super) fn is_json(self) -> bool {
        self.json || self.format == Format::Json
    }
}
