//! `cargo civic audit show`: the entries of a trail, filtered.

use std::io::{self, Write as _};
use std::path::PathBuf;

use civic_audit::Record;
use clap::{Args, ValueEnum};
use serde_json::Value;

use super::Refusal;
use crate::exit;
use crate::render::visible;

/// Shows the entries of a trail, oldest first; filters are joined by "and"
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder of the ledger
    ledger: PathBuf,
    /// Only this class, such as `data_access`
    #[arg(long)]
    class: Option<String>,
    /// Only actions that begin so, such as `licence.`
    #[arg(long)]
    action: Option<String>,
    /// Only this actor, by identifier
    #[arg(long, value_name = "ID")]
    actor: Option<String>,
    /// Only entries about this subject, by pseudonym
    #[arg(long, value_name = "PSEUDONYM")]
    subject: Option<String>,
    /// Only this outcome, such as `unknown`
    #[arg(long)]
    outcome: Option<String>,
    /// Only from this time on, in UTC: `2026-11-25` or `2026-11-25T09:30`
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<String>,
    /// Only before this time, in UTC
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<String>,
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
        if !arguments.take(&record) {
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

impl Arguments {
    fn take(&self, record: &Record) -> bool {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| value == Some(wanted))
        };
        let actor = record.actor.as_ref().and_then(|actor| text(actor, "id"));
        let about = |wanted: &String| {
            let citizen = record.actor.as_ref().and_then(|actor| actor.get("subject"));
            let mut subjects = record.subjects.iter().chain(citizen);
            subjects.any(|subject| text(subject, "ref") == Some(wanted))
        };
        is(&self.class, Some(&record.class))
            && self
                .action
                .as_deref()
                .is_none_or(|wanted| record.action.starts_with(wanted))
            && is(&self.actor, actor)
            && self.subject.as_ref().is_none_or(about)
            && is(&self.outcome, record.outcome.as_deref())
            && self
                .since
                .as_deref()
                .is_none_or(|since| *record.time >= *since)
            && self
                .until
                .as_deref()
                .is_none_or(|until| *record.time < *until)
    }
}

/// One line for people.
fn line(record: &Record) -> String {
    let mut words = vec![
        format!("{:>6}", record.seq),
        record.time.clone(),
        record.action.clone(),
        record
            .outcome
            .clone()
            .unwrap_or_else(|| record.phase.clone()),
    ];
    if let Some(actor) = &record.actor {
        let id = text(actor, "id").or_else(|| text(actor, "type"));
        words.push(format!("by {}", id.unwrap_or("?")));
    }
    let subjects: Vec<&str> = record
        .subjects
        .iter()
        .filter_map(|subject| text(subject, "ref"))
        .collect();
    if !subjects.is_empty() {
        words.push(format!("about {}", subjects.join(" ")));
    }
    if !record.fields.is_empty() {
        words.push(format!("fields {}", record.fields.join(",")));
    }
    if let Some(purpose) = record
        .purpose
        .as_ref()
        .and_then(|purpose| text(purpose, "name"))
    {
        words.push(format!("for {purpose}"));
    }
    if let Some(intent) = record.intent {
        words.push(format!("of {intent}"));
    }
    visible(words.join("  ").as_bytes())
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// Times of entries are UTC in one form, so that the beginning of one compares as text.
fn time(text: &str) -> Result<String, String> {
    let pattern = "0000-00-00T00:00:00.000000Z";
    let fits = text.len() >= "0000-00-00".len()
        && text.len() <= pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| {
            if wanted == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == wanted
            }
        });
    let seconds = text
        .strip_suffix('Z')
        .filter(|rest| rest.len() == "0000-00-00T00:00:00".len());
    match (fits, seconds) {
        (true, _) => Ok(text.trim_end_matches('Z').to_owned()),
        (false, Some(rest)) => time(rest),
        _ => Err("write it as 2026-11-25, 2026-11-25T09:30 or 2026-11-25T09:30:00Z".to_owned()),
    }
}
