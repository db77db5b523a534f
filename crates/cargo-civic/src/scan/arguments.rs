//! The command line of `cargo civic scan`.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use civic_pii::{Kind, KindSet};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueEnum};

use crate::policy::{PolicyFile, Refused};
use crate::render::ColourChoice;

/// Finds personal data in existing log files, or writes them without it
///
/// Values are found by their patterns, check digits and the words near them. What has no pattern, such
/// as a person's name or a street address in free text, is found only behind a key that names it.
///
/// A found value is never printed, unless `--show-values` is given.
///
/// What is looked for, what is kept and how a value is replaced is said by a policy, the `[pii]` part of
/// `civic.toml`. Without one, every kind is looked for and erased.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES, after_long_help = after_long_help())]
pub(crate) struct Arguments {
    /// Files and directories to read, `-` for standard input
    ///
    /// Without a path, standard input is read if something is piped into it. Directories are read to
    /// the bottom, in the order of file names, through symbolic links. Files packed with gzip or zstd
    /// are told by their first bytes and unpacked, on standard input too.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How findings are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub(super) format: Format,

    /// Write the text to standard output with every value replaced, and no report
    ///
    /// Every other byte stays as it is. Several inputs follow one another in order.
    #[arg(long, conflicts_with_all = ["show_values", "explain"])]
    pub(super) redact: bool,

    /// Do as the policy in this file says; `civic.toml` in the current directory unless named
    ///
    /// Kinds and fields that it keeps are not reported. Keys for pseudonyms are read with `--redact`
    /// only, from the variables and files that it names.
    #[arg(long, value_name = "FILE", conflicts_with = "no_policy")]
    policy: Option<PathBuf>,

    /// Look for every kind and erase it, whatever `civic.toml` says
    #[arg(long)]
    no_policy: bool,

    /// Report or replace only these kinds; may be repeated, or separated by commas
    ///
    /// `custom` means every pattern of the policy. A kind that the policy keeps stays kept.
    #[arg(
        long = "kind",
        value_name = "ID",
        value_delimiter = ',',
        hide_possible_values = true,
        value_parser = PossibleValuesParser::new(every_kind().map(Kind::id))
            .map(|id| every_kind().find(|kind| kind.id() == id).expect("the parser lets only ids of kinds pass")),
    )]
    kinds: Vec<Kind>,

    /// Print the values that were found: the output then holds personal data
    #[arg(long)]
    pub(super) show_values: bool,

    /// Say for each finding what it rests on, and how to keep such a value
    #[arg(long)]
    pub(super) explain: bool,

    /// When to use colour; `auto` means on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColourChoice::Auto)]
    pub(crate) color: ColourChoice,
}

/// Value of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: place, kind, confidence, and the line with a caret.
    Text,
    /// For programs: one JSON object per finding and line.
    Jsonl,
}

impl Arguments {
    /// What to read; `None` if nothing is named and nothing is piped in.
    pub(super) fn paths(&self) -> Option<Vec<PathBuf>> {
        if !self.paths.is_empty() {
            return Some(self.paths.clone());
        }
        (!io::stdin().is_terminal()).then(|| vec![PathBuf::from("-")])
    }

    /// The policy file, if there is one.
    ///
    /// # Errors
    /// If it cannot be read, or says what is not allowed.
    pub(super) fn policy(&self) -> Result<Option<PolicyFile>, Refused> {
        match &self.policy {
            Some(path) => PolicyFile::read(path).map(Some),
            None if self.no_policy => Ok(None),
            None => PolicyFile::read_default(),
        }
    }

    /// The kinds of interest, if not all are.
    pub(super) fn kinds(&self) -> Option<KindSet> {
        (!self.kinds.is_empty()).then(|| self.kinds.iter().copied().collect())
    }
}

/// The kinds that Civic knows, and the patterns of the policy.
fn every_kind() -> impl Iterator<Item = Kind> {
    Kind::ALL.iter().copied().chain([Kind::Custom])
}

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing found; with --redact: everything read and written
  1  personal data found
  2  wrong usage, or a policy that cannot be used; nothing was read
  3  an input could not be read whole, or the output not be written; standard error says which";

fn after_long_help() -> String {
    let mut help = String::from("Kinds:\n ");
    let mut column = 1;
    for kind in every_kind() {
        let id = kind.id();
        if column + 2 + id.len() > 96 {
            help.push_str("\n ");
            column = 1;
        }
        help.push(' ');
        help.push_str(id);
        column += 1 + id.len();
    }
    help.push_str(
        "\n\nJSON lines:\n  \
         path, line (from 1), start and end (byte offsets in the line, end exclusive), kind,\n  \
         confidence (0 to 1); with --show-values value, with --explain evidence, score and threshold\n  \
         (percent), key and keep (lines for civic.toml); a pattern of the policy is of the kind\n  \
         custom:NAME\n\n\
         Long lines:\n  \
         A line of more than 1 MiB is scanned in pieces that are cut between values.\n\n",
    );
    help.push_str(EXIT_CODES);
    help
}
