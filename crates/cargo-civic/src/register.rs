//! `cargo civic register`: the record of processing activities, made from the source.

use std::fs;
use std::path::{Path, PathBuf};

use civic_ops::{Register, RegisterFormat};
use clap::{Args, ValueEnum};

use crate::check::{read_settings, read_sources};
use crate::drift;
use crate::exit;
use crate::render::{ColourChoice, visible};
use crate::said::{self, Stop};

/// Written and compared where `civic.toml` names no files.
const DEFAULT_FILE: &str = "docs/register.md";

/// Makes the register of personal data: why it is held, and where each field is stored, logged, sent and erased
///
/// UK GDPR Article 30. Nothing is built, no network is asked. What the source cannot say stands in
/// `[register]` of `civic.toml`; what neither says is `not determined`, with its place.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Folder of the service, or one file; paths in the register are seen from here
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,

    /// How the register is written; by the name of the file with `--output`, Markdown otherwise
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    /// Write to this file, or compare it, instead of those that `civic.toml` names
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write the files: those of `files` in `[register]`, `docs/register.md` where it names none
    #[arg(long)]
    write: bool,

    /// Write nothing: show how the files differ from what would be written, and end with 1 if they do
    #[arg(long, conflicts_with = "write")]
    check: bool,

    /// Do as this file says; `civic.toml` in PATH unless named
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// Value of `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Markdown,
    /// One line for each field, for a spreadsheet.
    Csv,
    /// For programs.
    Json,
}

impl From<Format> for RegisterFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Markdown => Self::Markdown,
            Format::Csv => Self::Csv,
            Format::Json => Self::Json,
        }
    }
}

const EXIT_CODES: &str = "\
Exit codes:
  0  the register was printed or written; with --check: the files are as they would be written
  1  with --check: a file is missing or differs
  2  wrong usage, or a file that cannot be used
  3  the source could not be read, or the register not be written";

pub(crate) fn run(arguments: &Arguments) -> u8 {
    said::code(ColourChoice::Auto, register(arguments))
}

fn register(arguments: &Arguments) -> Result<u8, Stop> {
    let settings = read_settings(&arguments.path, arguments.policy.as_ref())?;
    let files = files(arguments, settings.register_files());
    for (path, format) in &files {
        if format.is_none() {
            return Err(Stop::Usage(format!(
                "{}: name a format: the file ends in none of .md, .csv and .json",
                shown(path)
            )));
        }
    }
    let sources = read_sources(&arguments.path)?;
    let register = civic_ops::register(&sources, &settings);
    let files = files
        .into_iter()
        .filter_map(|(path, format)| Some((path, register.write(format?))));
    if arguments.check {
        return drift::check(files, "cargo civic register --write");
    }
    if arguments.write || arguments.output.is_some() {
        for (path, text) in files {
            write(&path, &text)?;
        }
        return said::print(summary(&register).as_bytes()).map(|()| exit::CLEAN);
    }
    let format = arguments
        .format
        .map_or(RegisterFormat::Markdown, Into::into);
    said::print(register.write(format).as_bytes())?;
    // A summary that nobody can read changes nothing about the result.
    eprint_summary(&register);
    Ok(exit::CLEAN)
}

/// The files that are written or compared, with their formats.
fn files(arguments: &Arguments, named: &[String]) -> Vec<(PathBuf, Option<RegisterFormat>)> {
    let by_name = |path: &Path| RegisterFormat::of(&path.to_string_lossy());
    if let Some(path) = &arguments.output {
        let format = arguments.format.map(Into::into).or_else(|| by_name(path));
        return vec![(path.clone(), format)];
    }
    if !arguments.check && !arguments.write {
        return Vec::new();
    }
    let named: Vec<&str> = if named.is_empty() {
        vec![DEFAULT_FILE]
    } else {
        named.iter().map(String::as_str).collect()
    };
    let files = named.into_iter().map(|name| {
        let path = arguments.path.join(name);
        let format = by_name(&path);
        (path, format)
    });
    let wanted = arguments.format.map(RegisterFormat::from);
    files
        .filter(|(_, format)| wanted.is_none() || *format == wanted)
        .collect()
}

fn write(path: &Path, text: &str) -> Result<(), Stop> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .map_err(|error| Stop::failed(folder, "cannot be made", &error))?;
    }
    fs::write(path, text).map_err(|error| Stop::failed(path, "cannot be written", &error))?;
    said::print(format!("{} written\n", shown(path)).as_bytes())
}

fn summary(register: &Register) -> String {
    let count = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    format!(
        "{}, not determined: {}\n",
        count(register.fields(), "personal field", "personal fields"),
        register.not_determined().len()
    )
}

fn eprint_summary(register: &Register) {
    use std::io::Write as _;
    let _ = std::io::stderr().write_all(summary(register).as_bytes());
}

fn shown(path: &Path) -> String {
    visible(path.as_os_str().as_encoded_bytes())
}
