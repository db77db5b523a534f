//! `cargo civic scan`: finds personal data in existing log files, or writes them without it.

mod arguments;
mod finder;

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;
use std::rc::Rc;

use civic_pii::Receipt;

use crate::exit;
use crate::input::{self, Failure, Input, Lines, Opened, Piece, Unreadable};
use crate::output::Output;
use crate::progress::Progress;
use crate::render::{Hit, Jsonl, Mask, Painted, Palette, Reasons, Summary, Text, masks, visible};

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
    let inputs = input::expand(&paths);
    let progress = Rc::new(Progress::new(inputs.size));
    let mut scan = Scan {
        finder: Finder::new(arguments.kinds()),
        way: Way::new(arguments),
        output: Output::new(Rc::clone(&progress)),
        progress,
        palette,
        summary: Summary::default(),
        masks: Vec::new(),
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
    masks: Vec<Mask>,
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
        let explanations = explain.then(|| found.explain(piece.text));
        if matches!(self.way, Way::Text { .. }) {
            masks(found.reported, found.others, &mut self.masks);
        }
        for finding in found.reported {
            self.summary.add(finding.kind);
            let reasons: Option<Reasons> = explanations
                .as_ref()
                .map(|all| all.get(&(finding.start, finding.end)).cloned())
                .map(Option::unwrap_or_default);
            let hit = Hit {
                path,
                piece,
                finding,
                reasons: reasons.as_ref(),
            };
            match &self.way {
                Way::Text { text, .. } => text.hit(&hit, &self.masks, &mut self.output)?,
                Way::Jsonl { jsonl, .. } => jsonl.hit(&hit, &mut self.output)?,
                Way::Redact => {}
            }
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
        let mut message = format!("{path}: {reason}");
        let mut cause = reason.source();
        while let Some(error) = cause {
            let _ = write!(message, ": {error}");
            cause = error.source();
        }
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

/// Writes an error to standard error; if that fails too, nobody is left to tell.
fn complain(palette: Palette, message: &str) {
    let _ = writeln!(
        io::stderr(),
        "{} {message}",
        Painted(palette.error, "error:")
    );
}
