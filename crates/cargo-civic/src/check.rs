//! `cargo civic check`: reads the source of a service and says what is wrong with it.

mod arguments;
mod github;
mod junit;
mod previous;
mod sarif;
mod text;

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use civic_ops::{Baseline, Finding, Report, Settings, Sources};

use crate::exit;
use crate::render::visible;
use crate::said::{self, Stop};

pub(crate) use arguments::Arguments;
use arguments::Format;

/// Checks as the arguments say, and gives the exit code.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    said::code(arguments.color, check(arguments))
}

fn check(arguments: &Arguments) -> Result<u8, Stop> {
    let root = &arguments.path;
    let mut settings = read_settings(root, arguments.policy.as_ref())?;
    settings.tests |= arguments.tests;
    let baseline = match &arguments.baseline {
        Some(path) => Some(read_baseline(path)?),
        None => None,
    };
    let sources = read_sources(root)?;
    let mut report = match &arguments.base {
        Some(revision) => {
            let previous = previous::read(root, revision)?;
            civic_ops::check_since(&sources, &previous, &settings)
        }
        None => civic_ops::check(&sources, &settings),
    };
    if let Some(path) = &arguments.write_baseline {
        let text = Baseline::of(&report.findings).to_text();
        fs::write(path, text).map_err(|error| Stop::failed(path, "cannot be written", &error))?;
        let message = format!(
            "{} findings written to {}\n",
            report.findings.len(),
            shown(path)
        );
        return said::print(message.as_bytes()).map(|()| exit::CLEAN);
    }
    let (known, gone) = baseline.map_or((0, 0), |baseline| baseline.apply(&mut report.findings));
    let summary = Summary::new(&report, known, gone);
    write(arguments, &report, &sources, &summary)?;
    Ok(if report.findings.is_empty() {
        exit::CLEAN
    } else {
        exit::FOUND
    })
}

/// What a reader is told at the end.
struct Summary {
    lines: Vec<String>,
}

impl Summary {
    fn new(report: &Report, known: usize, gone: usize) -> Self {
        let count = |number: usize, one: &str, many: &str| match number {
            1 => format!("1 {one}"),
            number => format!("{number} {many}"),
        };
        let mut first = format!(
            "{} in {}",
            count(report.findings.len(), "finding", "findings"),
            count(report.files, "Rust file", "Rust files"),
        );
        if report.waived > 0 {
            let _ = write!(first, ", {} waived", report.waived);
        }
        if known > 0 {
            let _ = write!(first, ", {known} in the baseline");
        }
        let mut lines = vec![first];
        if gone > 0 {
            lines.push(format!(
                "{} of the baseline no longer stand in the source: write it anew",
                count(gone, "entry", "entries")
            ));
        }
        if !report.undecided.is_empty() {
            lines.push(format!("not determined: {}", report.undecided.len()));
            for undecided in &report.undecided {
                lines.push(format!(
                    "  not determined: {}, {}:{}",
                    undecided.why,
                    visible(undecided.path.as_bytes()),
                    undecided.line
                ));
            }
        }
        Self { lines }
    }
}

fn write(
    arguments: &Arguments,
    report: &Report,
    sources: &Sources,
    summary: &Summary,
) -> Result<(), Stop> {
    let findings: &[Finding] = &report.findings;
    let mut out = match arguments.format {
        Format::Text => text::write(findings, sources, arguments.color.applies_to(&io::stdout())),
        Format::Json => {
            serde_json::to_string_pretty(findings).expect("findings are text and numbers") + "\n"
        }
        Format::Sarif => sarif::write(report),
        Format::Github => github::write(findings),
        Format::Junit => junit::write(findings),
    };
    if arguments.format == Format::Text {
        for line in &summary.lines {
            out += line;
            out.push('\n');
        }
        return said::print(out.as_bytes());
    }
    said::print(out.as_bytes())?;
    let mut stderr = io::stderr().lock();
    for line in &summary.lines {
        // A summary that nobody can read changes nothing about the result.
        let _ = writeln!(stderr, "{line}");
    }
    Ok(())
}

/// The `civic.toml` that was named, or that of the folder that is read.
pub(crate) fn read_settings(root: &Path, named: Option<&PathBuf>) -> Result<Settings, Stop> {
    let default = root.join(crate::policy::DEFAULT_FILE);
    let path = named.unwrap_or(&default);
    if named.is_none() && !path.exists() {
        return Ok(Settings::default());
    }
    let text =
        fs::read_to_string(path).map_err(|error| Stop::usage(path, "cannot be read", &error))?;
    civic_pii::Config::parse(&text).map_err(|error| Stop::usage(path, "is wrong", &error))?;
    Settings::parse(&text).map_err(|error| Stop::usage(path, "is wrong", &error))
}

/// Reads what is to be checked.
pub(crate) fn read_sources(root: &Path) -> Result<Sources, Stop> {
    if !root.exists() {
        return Err(Stop::Usage(format!(
            "{}: there is no such file or folder",
            shown(root)
        )));
    }
    Sources::read(root).map_err(|error| Stop::failed(root, "cannot be read", &error))
}

fn read_baseline(path: &PathBuf) -> Result<Baseline, Stop> {
    let text =
        fs::read_to_string(path).map_err(|error| Stop::usage(path, "cannot be read", &error))?;
    Baseline::parse(&text).map_err(|what| Stop::Usage(format!("{}: {what}", shown(path))))
}

fn shown(path: &Path) -> String {
    visible(path.as_os_str().as_encoded_bytes())
}
