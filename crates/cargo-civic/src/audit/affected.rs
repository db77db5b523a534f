//! `cargo civic audit affected`: how many people an incident touched.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::PathBuf;

use civic_audit::Record;
use clap::Args;
use serde_json::{Value, json};
use uuid::Uuid;

use super::filter::Filter;
use super::form::Form;
use super::{Refusal, entry, ledgers, logs};
use crate::exit;
use crate::render::visible;

/// Counts the people whom an incident touched: distinct pseudonyms in the entries that fit
///
/// Filters are joined by "and". A person who is known by two numbers, or by two keys of pseudonyms, counts twice.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folders of the ledgers: one for each replica
    #[arg(required = true)]
    ledgers: Vec<PathBuf>,
    #[command(flatten)]
    filter: Filter,
    /// Only this trace
    #[arg(long, value_name = "ID")]
    trace: Option<String>,
    /// Only requests in which this error happened, as the logs tell
    #[arg(long, value_name = "CODE", requires = "logs")]
    error_code: Option<String>,
    /// Log with a JSON object on each line, for --error-code. May be repeated
    #[arg(long = "log", value_name = "FILE")]
    logs: Vec<PathBuf>,
    /// Prints the pseudonyms, too, with the number of entries about each
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    form: Form,
}

/// What was counted.
#[derive(Default)]
struct Affected {
    /// Entries about each person: by type and pseudonym.
    people: BTreeMap<(String, String), u64>,
    actors: BTreeSet<String>,
    entries: u64,
    /// People whom an entry had no room to name.
    left_out: u64,
    first: Option<String>,
    last: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, Refusal> {
    let failed = match &arguments.error_code {
        Some(code) => Some(requests_with(code, arguments)?),
        None => None,
    };
    let outcomes = match &arguments.filter.outcome {
        Some(_) => outcomes(&arguments.ledgers)?,
        None => HashMap::new(),
    };
    let mut affected = Affected::default();
    ledgers::read(&arguments.ledgers, &mut |_, record| {
        let outcome = record
            .outcome
            .as_deref()
            .or_else(|| outcomes.get(&record.id).map(String::as_str));
        let ids = ["trace_id", "request_id"].map(|name| entry::correlation(&record, name));
        let in_trace = arguments
            .trace
            .as_ref()
            .is_none_or(|wanted| ids[0] == Some(wanted));
        let in_failed = failed
            .as_ref()
            .is_none_or(|failed| ids.iter().flatten().any(|id| failed.contains(*id)));
        if in_trace && in_failed && arguments.filter.takes_ending(&record, outcome) {
            affected.add(&record);
        }
    })?;
    let text = if arguments.form.is_json() {
        format!("{:#}\n", affected.as_json(arguments.list))
    } else {
        affected.text(arguments.list)
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(exit::CLEAN)
}

/// Numbers of the traces and requests in which an error was logged, within the window.
fn requests_with(code: &str, arguments: &Arguments) -> Result<HashSet<String>, Refusal> {
    let mut failed = HashSet::new();
    logs::read(&arguments.logs, &mut |_, line| {
        if line.error.as_deref() == Some(code) && arguments.filter.window.holds(&line.time) {
            failed.extend(line.trace);
            failed.extend(line.request);
        }
    })?;
    Ok(failed)
}

/// How each intent ended.
fn outcomes(folders: &[PathBuf]) -> Result<HashMap<Uuid, String>, Refusal> {
    let mut outcomes = HashMap::new();
    ledgers::read(folders, &mut |_, record| {
        if let (Some(intent), Some(outcome)) = (record.intent, record.outcome) {
            outcomes.insert(intent, outcome);
        }
    })?;
    Ok(outcomes)
}

impl Affected {
    fn add(&mut self, record: &Record) {
        let mut named = false;
        for (kind, pseudonym) in entry::people(record) {
            named = true;
            *self
                .people
                .entry((kind.to_owned(), pseudonym.to_owned()))
                .or_default() += 1;
        }
        if !named {
            return;
        }
        self.entries += 1;
        self.left_out += left_out(record);
        self.actors.extend(entry::actor(record).map(str::to_owned));
        if self.first.as_ref().is_none_or(|first| record.time < *first) {
            self.first = Some(record.time.clone());
        }
        if self.last.as_ref().is_none_or(|last| record.time > *last) {
            self.last = Some(record.time.clone());
        }
    }

    fn by_type(&self) -> BTreeMap<&str, u64> {
        let mut by_type = BTreeMap::new();
        for (kind, _) in self.people.keys() {
            *by_type.entry(kind.as_str()).or_default() += 1;
        }
        by_type
    }

    /// Ids of the keys that the pseudonyms were made with: `[NINO:k1:…]`.
    fn keys(&self) -> BTreeSet<&str> {
        self.people
            .keys()
            .filter_map(|(_, pseudonym)| pseudonym.split(':').nth(1))
            .collect()
    }

    fn text(&self, list: bool) -> String {
        let mut text = format!("people: {}\n", self.people.len());
        // Writing to a String does not fail.
        for (kind, count) in self.by_type() {
            let _ = writeln!(text, "  {kind}: {count}");
        }
        if self.left_out > 0 {
            let _ = writeln!(
                text,
                "and up to {} more, whom their entries had no room to name",
                self.left_out
            );
        }
        let _ = writeln!(text, "entries about them: {}", self.entries);
        let _ = writeln!(text, "people who acted: {}", self.actors.len());
        if let (Some(first), Some(last)) = (&self.first, &self.last) {
            let _ = writeln!(text, "from {first} to {last}");
        }
        if self.by_type().len() > 1 || self.keys().len() > 1 {
            text.push_str("a person may stand behind more than one pseudonym: there are several types or keys\n");
        }
        if list {
            for ((kind, pseudonym), entries) in &self.people {
                let _ = writeln!(text, "{kind}  {pseudonym}  {entries} entries");
            }
        }
        visible_lines(&text)
    }

    fn as_json(&self, list: bool) -> Value {
        let mut report = json!({
            "people": self.people.len(),
            "by_type": self.by_type(),
            "left_out": self.left_out,
            "entries": self.entries,
            "actors": self.actors.len(),
            "keys": self.keys(),
            "first": self.first,
            "last": self.last,
        });
        if list {
            report["pseudonyms"] = self
                .people
                .iter()
                .map(|((kind, pseudonym), entries)| {
                    json!({"type": kind, "ref": pseudonym, "entries": entries})
                })
                .collect();
        }
        report
    }
}

/// Subjects that an entry says it had no room for.
fn left_out(record: &Record) -> u64 {
    let truncated = record.other.get("truncated").and_then(Value::as_array);
    truncated
        .into_iter()
        .flatten()
        .filter(|receipt| entry::text(receipt, "field") == Some("subjects"))
        .filter_map(|receipt| receipt.get("left_out")?.as_u64())
        .sum()
}

fn visible_lines(text: &str) -> String {
    text.lines()
        .map(|line| visible(line.as_bytes()) + "\n")
        .collect()
}
