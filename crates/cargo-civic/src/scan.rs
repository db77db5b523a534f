//! `cargo civic scan`: finds personal data in existing log files, or writes them without it.

mod arguments;
mod finder;

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::rc::Rc;

use civic_pii::{Kind, Policy, Receipt};

use crate::exit;
use crate::input::{self, Failure, Input, Lines, Opened, Piece, Unreadable};
use crate::output::Output;
use crate::policy::PolicyFile;
use crate::progress::Progress;
use crate::render::{Hit, Jsonl, Painted, Palette, Summary, Text, masks, visible};

pub(crate) use arguments::Arguments;
use arguments::Format;
use finder::Finder;

/// Scans as the arguments say, and gives the exit code.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    let palette = Palette::new(arguments.color.applies_to(&io::stderr()));
    let Some(paths) = arguments.paths() else {
        complain(
            palette,
            "nothing to read: name a file or a directory, or pipe text in",
        );
        return exit::USAGE;
    };
    if arguments.redact && arguments.format == Format::Jsonl {
        complain(
            palette,
            "--redact writes text and cannot be used with --format jsonl",
        );
        return exit::USAGE;
    }
    let (finder, policy) = match prepare(arguments) {
        Ok(prepared) => prepared,
        Err(message) => {
            complain(palette, &message);
            return exit::USAGE;
        }
    };
    let inputs = input::expand(&paths);
    let progress = Rc::new(Progress::new(inputs.size));
    let mut scan = Scan {
        finder,
        way: Way::new(arguments),
        output: Output::new(Rc::clone(&progress)),
        progress,
        palette,
        summary: Summary::under(policy.as_ref().map(path_of)),
        policy,
    };
    let written = scan.all(inputs.list);
    scan.progress.finish();
    match written {
        Ok(()) => scan.code(),
        // The reader has seen enough (`| head`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => scan.code(),
        Err(error) => {
            complain(
                palette,
                &format!("cannot write to standard output: {error}"),
            );
            exit::UNREADABLE
        }
    }
}

/// Reads the policy, before anything else is read; or says why nothing can be done.
fn prepare(arguments: &Arguments) -> Result<(Finder, Option<PolicyFile>), String> {
    let file = arguments.policy().map_err(|error| with_causes(&error))?;
    let policy = match &file {
        None => Ok(Policy::default()),
        Some(file) if arguments.redact => file.for_redaction(),
        Some(file) => file.for_finding(),
    };
    let policy = policy.map_err(|error| with_causes(&error))?;
    let kinds = arguments.kinds();
    let looks_for = |kind| {
        policy.replaced_kinds().contains(kind)
            && (kind != Kind::Custom || !policy.patterns().is_empty())
    };
    if kinds.is_some_and(|kinds| !kinds.iter().any(looks_for)) {
        return Err(match &file {
            None => "--kind custom means the patterns of a policy, and there is none".to_owned(),
            Some(file) => format!(
                "--kind names nothing that the policy {} looks for and does not keep",
                path_of(file)
            ),
        });
    }
    let finder = if arguments.redact {
        Finder::redacting(policy, kinds)
    } else {
        Finder::reporting(policy, kinds)
    };
    Ok((finder, file))
}

/// What is done with each line.
enum Way {
    Text { text: Text, explain: bool },
    Jsonl { jsonl: Jsonl, explain: bool },
    Redact,
}

impl Way {
    fn new(arguments: &Arguments) -> Self {
        let explain = arguments.explain;
        let show_values = arguments.show_values;
        match arguments.format {
            _ if arguments.redact => Self::Redact,
            Format::Jsonl => Self::Jsonl {
                jsonl: Jsonl { show_values },
                explain,
            },
            Format::Text => {
                let palette = Palette::new(arguments.color.applies_to(&io::stdout()));
                Self::Text {
                    text: Text::new(palette, show_values),
                    explain,
                }
            }
        }
    }
}

/// A scan under way.
struct Scan {
    finder: Finder,
    way: Way,
    output: Output,
    progress: Rc<Progress>,
    /// For standard error.
    palette: Palette,
    summary: Summary,
    policy: Option<PolicyFile>,
}

impl Scan {
    /// Reads every input; an error here is one of standard output.
    fn all(&mut self, inputs: Vec<Result<Input, Failure>>) -> io::Result<()> {
        for input in inputs {
            self.summary.inputs += 1;
            let input = match input {
                Ok(input) => input,
                Err(Failure { path, reason }) => {
                    self.output.flush()?;
                    self.report_unreadable(&path, &reason);
                    continue;
                }
            };
            let before = self.summary.found;
            let result = match input.open(self.progress.taken()) {
                Ok(opened) => self.one(input.path(), opened)?,
                Err(reason) => Err(reason),
            };
            self.summary.inputs_with_findings += u64::from(self.summary.found > before);
            if let Err(reason) = result {
                self.output.flush()?;
                self.report_unreadable(input.path(), &reason);
            }
        }
        self.summarise()
    }

    /// Reads one input to its end. The outer error is one of standard output, the inner one of the input.
    fn one(&mut self, path: &Path, opened: Opened) -> io::Result<Result<(), Unreadable>> {
        let (reader, archive) = opened.into_parts();
        let mut lines = Lines::new(reader);
        loop {
            let filled = lines.fill();
            while let Some(piece) = lines.next(|text| self.finder.cut_point(text)) {
                self.summary.lines += u64::from(piece.offset == 0);
                self.summary.bytes += (piece.text.len() + piece.ending.len()) as u64;
                self.piece(path, &piece)?;
            }
            // Nothing is held back while the next block is waited for.
            self.output.flush()?;
            self.progress.tick(path);
            match filled {
                Ok(true) => {}
                Ok(false) => return Ok(Ok(())),
                Err(error) => return Ok(Err(Opened::reason(archive, error))),
            }
        }
    }

    fn piece(&mut self, path: &Path, piece: &Piece<'_>) -> io::Result<()> {
        let (explain, redact) = match &self.way {
            Way::Text { explain, .. } | Way::Jsonl { explain, .. } => (*explain, false),
            Way::Redact => (false, true),
        };
        if redact {
            let receipt: Receipt = self.finder.redact_into(piece.text, &mut self.output)?;
            self.summary.add_receipt(receipt);
            if receipt.failed() > 0 {
                self.report_unreadable(path, &Unreadable::LeftOut(piece.line));
            }
            return self.output.write_all(piece.ending);
        }

        let found = self.finder.find(piece.text);
        if found.reported.is_empty() {
            return Ok(());
        }
        let explained = explain.then(|| found.explain(piece.text, self.policy.as_ref()));
        let names = found.names();
        let masks = match self.way {
            Way::Text { .. } => masks(&found.reported, found.others, names),
            Way::Jsonl { .. } | Way::Redact => Vec::new(),
        };
        for finding in found.reported.iter() {
            let id = names.id(finding);
            let reasons = explained.as_ref().and_then(|all| all.of(finding));
            let hit = Hit {
                path,
                piece,
                finding,
                id: &id,
                reasons: reasons.as_ref(),
            };
            match &self.way {
                Way::Text { text, .. } => text.hit(&hit, &masks, &mut self.output)?,
                Way::Jsonl { jsonl, .. } => jsonl.hit(&hit, &mut self.output)?,
                Way::Redact => {}
            }
            self.summary.add(id, finding.kind.category());
        }
        Ok(())
    }

    /// Ends the report. Only the report for people has its summary on standard output.
    fn summarise(&mut self) -> io::Result<()> {
        let replaced = matches!(self.way, Way::Redact);
        if let Way::Text { text, .. } = &self.way {
            if self.summary.found > 0 {
                self.output.write_all(b"\n")?;
            }
            self.summary
                .write(replaced, text.palette(), &mut self.output)?;
            return self.output.flush();
        }
        self.output.flush()?;
        let mut report = Vec::new();
        self.summary.write(replaced, &self.palette, &mut report)?;
        // A summary that nobody can read changes nothing about the result.
        let _ = self.progress.hide(|| io::stderr().write_all(&report));
        Ok(())
    }

    fn report_unreadable(&mut self, path: &Path, reason: &Unreadable) {
        self.summary.unreadable += 1;
        let path = visible(path.as_os_str().as_encoded_bytes());
        let message = format!("{path}: {}", with_causes(reason));
        self.progress.hide(|| complain(self.palette, &message));
    }

    fn code(&self) -> u8 {
        if self.summary.unreadable > 0 {
            exit::UNREADABLE
        } else if self.summary.found > 0 && !matches!(self.way, Way::Redact) {
            exit::FOUND
        } else {
            exit::CLEAN
        }
    }
}

fn path_of(file: &PolicyFile) -> String {
    visible(file.path().as_os_str().as_encoded_bytes())
}

/// The error and what caused it, on one line.
fn with_causes(error: &dyn Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(message, ": {error}");
        cause = error.source();
    }
    visible(message.as_bytes())
}

/// Writes an error to standard error; if that fails too, nobody is left to tell.
fn complain(palette: Palette, message: &str) {
    let _ = writeln!(
        io::stderr(),
        "{} {message}",
        Painted(palette.error, "error:")
    );
}
