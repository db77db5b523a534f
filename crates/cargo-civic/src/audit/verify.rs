//! `cargo civic audit verify`: reads a whole trail and says what is wrong, where and why.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use civic_audit::{Checkpoint, Problem, Report, Verification};
use clap::Args;
use serde_json::{Value, json};

use super::form::Form;
use super::{Refusal, read_key, read_text};
use crate::exit;
use crate::progress::Progress;

/// Reads a whole trail and says what is wrong with it: the first bad entry, its byte, and why
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder of the ledger
    ledger: PathBuf,
    /// Public half of the root key, which must have named the keys that signed
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Checkpoint that somebody else kept: what it covers must still be there; may be given more than once
    #[arg(long, value_name = "FILE")]
    witnessed: Vec<PathBuf>,
    #[command(flatten)]
    form: Form,
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, Refusal> {
    let mut verification = Verification::new();
    if let Some(path) = &arguments.key {
        verification = verification.root(read_key(path)?);
    }
    for path in &arguments.witnessed {
        let checkpoint = Checkpoint::parse(&read_text(path)?)
            .ok_or_else(|| Refusal::usage(format!("{} holds no checkpoint", path.display())))?;
        verification = verification.witnessed(checkpoint);
    }
    let progress = Progress::new(None);
    let report = verification.run_with(&arguments.ledger, &mut |bytes| {
        progress.taken().set(progress.taken().get() + bytes);
        progress.tick(&arguments.ledger);
    });
    progress.finish();
    let report = report.map_err(|error| Refusal::unreadable(&arguments.ledger, &error))?;
    let text = if arguments.form.is_json() {
        format!("{:#}\n", as_json(&report))
    } else {
        text(&arguments.ledger, &report, arguments.key.is_some())
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(if report.is_sound() {
        exit::CLEAN
    } else {
        exit::FOUND
    })
}

fn text(ledger: &Path, report: &Report, with_key: bool) -> String {
    let mut lines = Vec::new();
    for (stream, entries) in &report.streams {
        lines.push(format!("{stream}: {entries} entries"));
    }
    for problem in &report.problems {
        lines.push(format!("problem: {problem}"));
    }
    let unnamed = report.problem_count - report.problems.len() as u64;
    if unnamed > 0 {
        lines.push(format!("and {unnamed} more problems"));
    }
    if report.gaps > 0 {
        lines.push(format!("gaps that an event accounts for: {}", report.gaps));
    }
    if let Some(tail) = &report.open_tail {
        lines.push(format!(
            "unfinished at the end: {tail}; the next start of the service accounts for it"
        ));
    }
    if !report.unpaired.is_empty() {
        lines.push(format!(
            "intents without an outcome: {}; the service is at work, or its next start writes `unknown`",
            report.unpaired.len()
        ));
    }
    lines.push(match (report.is_sound(), report.sealed) {
        (false, _) => format!("{} is NOT sound", ledger.display()),
        (true, true) if with_key => format!("{} is sound, and signed", ledger.display()),
        (true, true) => format!(
            "{} is sound, and signed by keys that nobody vouches for: --key names the root",
            ledger.display()
        ),
        (true, false) => format!(
            "{} is sound, and not signed: a change by who knows the format would not show",
            ledger.display()
        ),
    });
    lines.join("\n") + "\n"
}

fn as_json(report: &Report) -> Value {
    json!({
        "sound": report.is_sound(),
        "signed": report.sealed,
        "entries": report.entries,
        "streams": report.streams.iter().map(|(name, entries)| json!({"name": name, "entries": entries})).collect::<Vec<_>>(),
        "problem_count": report.problem_count,
        "problems": report.problems.iter().map(problem).collect::<Vec<_>>(),
        "gaps": report.gaps,
        "open_tail": report.open_tail.as_ref().map(problem),
        "unpaired": report.unpaired,
    })
}

fn problem(problem: &Problem) -> Value {
    json!({
        "stream": problem.stream,
        "segment": problem.segment,
        "seq": problem.seq,
        "byte": problem.byte,
        "why": problem.why,
    })
}
