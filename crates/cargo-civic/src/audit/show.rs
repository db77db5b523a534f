//! `cargo civic audit show`: the entries of a trail, filtered.

use std::io::{self, Write as _};
use std::path::PathBuf;

use civic_audit::Record;
use clap::{Args, ValueEnum};

use super::filter::Filter;
use super::{Refusal, entry};
use crate::exit;
use crate::render::visible;

/// Shows the entries of a trail, oldest first; filters are joined by "and"
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder of the ledger
    ledger: PathBuf,
    #[command(flatten)]
    filter: Filter,
    /// At most so many entries
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// How entries are written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, Refusal> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut shown = 0;
    let mut written = Ok(());
    let read = civic_audit::read(&arguments.ledger, &mut |record| {
        if arguments.limit.is_some_and(|limit| shown >= limit) {
            return false;
        }
        if !arguments.filter.takes(&record) {
            return true;
        }
        shown += 1;
        written = match arguments.format {
            Format::Text => writeln!(output, "{}", line(&record)),
            Format::Jsonl => writeln!(output, "{}", record.to_json()),
        };
        written.is_ok()
    });
    read.map_err(|error| Refusal::unreadable(&arguments.ledger, &error))?;
    written?;
    output.flush()?;
    Ok(exit::CLEAN)
}

/// One line for people.
fn line(record: &Record) -> String {
    let mut words = vec![format!("{:>6}", record.seq), record.time.clone()];
    words.extend(entry::words(record));
    visible(words.join("  ").as_bytes())
}
