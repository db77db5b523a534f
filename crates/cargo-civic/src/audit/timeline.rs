//! `cargo civic audit timeline`: what was done and what was logged in the window of an incident, request by request.

mod merge;

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::path::PathBuf;

use civic_audit::Record;
use clap::Args;
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::Form;
use super::logs::{self, LeftOut, Line};
use super::window::Window;
use super::{Refusal, entry, ledgers};
use crate::exit;
use crate::render::{ColourChoice, Painted, Palette, visible};
use merge::{Group, merge};

/// Merges the entries of trails and the lines of logs of an incident, by trace and time
///
/// What belongs to one request stands together, by the number of its trace or of its request. In it, the order of each trail
/// is that of its sequence and the order of each log that of its lines, whatever their clocks say; between them time decides.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folders of the ledgers: one for each replica
    #[arg(required = true)]
    ledgers: Vec<PathBuf>,
    /// Log with a JSON object on each line, plain, gzip or zstd; a folder of them; `-` for standard input. May be repeated
    #[arg(long = "log", value_name = "FILE")]
    logs: Vec<PathBuf>,
    #[command(flatten)]
    window: Window,
    /// Only this trace
    #[arg(long, value_name = "ID")]
    trace: Option<String>,
    /// Only this request
    #[arg(long, value_name = "ID")]
    request: Option<String>,
    #[command(flatten)]
    form: Form,
    /// When to use colour; `auto` means on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColourChoice::Auto)]
    color: ColourChoice,
}

/// Something that happened.
struct Item {
    time: String,
    trace: Option<String>,
    request: Option<String>,
    /// The ledger or the log, in which the order is known.
    source: usize,
    what: What,
}

enum What {
    Entry(Box<Record>),
    Line(Line),
}

pub(super) fn run(arguments: &Arguments) -> Result<u8, Refusal> {
    let mut items = entries(arguments)?;
    let mut left_out = LeftOut::new();
    if !arguments.logs.is_empty() {
        let behind = arguments.ledgers.len();
        left_out = logs::read(&arguments.logs, &mut |place, line| {
            if arguments.window.holds(&line.time) {
                items.push(Item::of_line(behind + place, line));
            }
        })?;
    }
    let mut groups = merge(items);
    groups.retain(|group| arguments.takes(group));
    let mut output = io::BufWriter::new(io::stdout().lock());
    if arguments.form.is_json() {
        writeln!(output, "{:#}", as_json(&groups, &left_out))?;
    } else {
        let palette = Palette::new(arguments.color.applies_to(&io::stdout()));
        for group in &groups {
            write_group(&mut output, group, &palette)?;
        }
        if groups.is_empty() {
            writeln!(output, "nothing happened in this window")?;
        }
    }
    output.flush()?;
    for (file, count) in &left_out {
        // What was not understood must not pass for what did not happen.
        let _ = writeln!(
            io::stderr(),
            "note: {}: {count} lines are no JSON object with a time, and were left out",
            file.display()
        );
    }
    Ok(exit::CLEAN)
}

/// Entries of the window. An outcome belongs to the request of its intent, which may lie before the window.
fn entries(arguments: &Arguments) -> Result<Vec<Item>, Refusal> {
    let mut items = Vec::new();
    let mut intents: HashMap<Uuid, (Option<String>, Option<String>)> = HashMap::new();
    ledgers::read(&arguments.ledgers, &mut |source, record| {
        let own = |name| entry::correlation(&record, name).map(str::to_owned);
        let (mut trace, mut request) = (own("trace_id"), own("request_id"));
        if record.phase == "intent" && (trace.is_some() || request.is_some()) {
            intents.insert(record.id, (trace.clone(), request.clone()));
        }
        if let Some(of) = record.intent.and_then(|intent| intents.remove(&intent)) {
            (trace, request) = (trace.or(of.0), request.or(of.1));
        }
        if arguments.window.holds(&record.time) {
            items.push(Item {
                time: record.time.clone(),
                trace,
                request,
                source,
                what: What::Entry(Box::new(record)),
            });
        }
    })?;
    Ok(items)
}

impl Arguments {
    fn takes(&self, group: &Group) -> bool {
        let is = |wanted: &Option<String>, values: &[String]| {
            wanted.as_ref().is_none_or(|wanted| {
                values
                    .iter()
                    .any(|value| value.eq_ignore_ascii_case(wanted))
            })
        };
        is(&self.trace, group.trace.as_slice()) && is(&self.request, &group.requests)
    }
}

impl Item {
    fn of_line(source: usize, line: Line) -> Self {
        Item {
            time: line.time.clone(),
            trace: line.trace.clone(),
            request: line.request.clone(),
            source,
            what: What::Line(line),
        }
    }
}

fn write_group(output: &mut impl io::Write, group: &Group, palette: &Palette) -> io::Result<()> {
    let mut head = match &group.trace {
        Some(trace) => format!("trace {trace}"),
        None if group.requests.is_empty() => "without a trace".to_owned(),
        None => String::new(),
    };
    for request in &group.requests {
        head.push_str(if head.is_empty() { "" } else { "  " });
        head.push_str("request ");
        head.push_str(request);
    }
    let entries = group.entries();
    writeln!(
        output,
        "{}  {entries} entries, {} lines",
        Painted(palette.path, visible(head.as_bytes())),
        group.items.len() - entries
    )?;
    let mut day = "";
    for item in &group.items {
        let (date, time) = item.time.split_once('T').unwrap_or(("", &item.time));
        if date != day {
            writeln!(output, "  {}", Painted(palette.dim, date))?;
            day = date;
        }
        let (kind, bad, words) = match &item.what {
            What::Entry(record) => {
                let bad = !matches!(entry::ending(record), "succeeded" | "intent");
                ("audit", bad, entry::words(record))
            }
            What::Line(line) => {
                let bad = matches!(line.level.as_str(), "ERROR" | "FATAL" | "CRITICAL");
                let mut words = vec![format!("{:<5}", line.level), line.message.clone()];
                words.extend(line.error.iter().map(|code| format!("error.code={code}")));
                words.extend(line.target.iter().map(|target| format!("in {target}")));
                ("log", bad, words)
            }
        };
        let text = visible(words.join("  ").as_bytes());
        let time = Painted(palette.dim, time.trim_end_matches('Z'));
        if bad {
            writeln!(
                output,
                "  {time}  {kind:<5}  {}",
                Painted(palette.error, text)
            )?;
        } else {
            writeln!(output, "  {time}  {kind:<5}  {text}")?;
        }
    }
    writeln!(output)
}

fn as_json(groups: &[Group], left_out: &LeftOut) -> Value {
    let item = |item: &Item| match &item.what {
        What::Entry(record) => json!({"kind": "audit", "time": item.time, "entry": record}),
        What::Line(line) => json!({
            "kind": "log",
            "time": item.time,
            "level": line.level,
            "message": line.message,
            "target": line.target,
            "error_code": line.error,
            "file": line.file,
            "line": line.number,
        }),
    };
    json!({
        "groups": groups.iter().map(|group| json!({
            "trace_id": group.trace,
            "request_ids": group.requests,
            "items": group.items.iter().map(item).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "left_out": left_out.iter().map(|(file, lines)| json!({"file": file, "lines": lines})).collect::<Vec<_>>(),
    })
}
