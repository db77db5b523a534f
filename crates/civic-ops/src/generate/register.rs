//! The record of processing activities (UK GDPR Article 30), and where each personal field is.

mod activity;
mod csv;
mod flow;
mod markdown;
mod row;

use serde::Serialize;

use crate::collect::collect;
use crate::facts::{Facts, Place, Undecided};
use crate::judge::Judge;
use crate::link::Links;
use crate::personal::Names;
use crate::settings::Settings;
use crate::source::Sources;

use activity::Activity;
use row::Row;

/// Version of the register's JSON.
const VERSION: u32 = 1;

/// The register of personal data of a service.
///
/// Sorted, without a clock in it: the same files and settings give the same bytes.
#[derive(Debug, Serialize)]
pub struct Register {
    version: u32,
    controller: Answer<String>,
    contact: Answer<String>,
    protection_officer: Answer<String>,
    security: Answer<Vec<String>>,
    activities: Vec<Activity>,
    fields: Vec<Row>,
    not_determined: Vec<String>,
}

/// How a register is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterFormat {
    /// For people.
    Markdown,
    /// One line for each field, for a spreadsheet.
    Csv,
    /// For programs.
    Json,
}

impl RegisterFormat {
    /// The format of a file by the end of its name: `.md`, `.csv` or `.json`.
    ///
    /// ```
    /// use civic_ops::RegisterFormat;
    ///
    /// assert_eq!(RegisterFormat::of("docs/register.csv"), Some(RegisterFormat::Csv));
    /// assert_eq!(RegisterFormat::of("register"), None);
    /// ```
    pub fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "md" => Some(Self::Markdown),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// What is known, or why it is not: `why, path:line`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Answer<T> {
    Known(T),
    Unknown { not_determined: String },
}

impl<T> Answer<T> {
    fn unknown(why: &str, spot: &Spot) -> Self {
        Self::Unknown {
            not_determined: format!("{why}, {}", spot.shown()),
        }
    }

    fn why(&self) -> Option<&str> {
        match self {
            Self::Known(_) => None,
            Self::Unknown { not_determined } => Some(not_determined),
        }
    }
}

/// A line of a file, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Spot {
    path: String,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<String>,
}

impl Spot {
    fn new(facts: &Facts, place: &Place) -> Self {
        Self {
            path: facts.paths[place.file].to_string(),
            line: place.line,
            what: None,
        }
    }

    fn with(self, what: impl Into<String>) -> Self {
        Self {
            what: Some(what.into()),
            ..self
        }
    }

    fn shown(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }
}

/// What the parts of a register are made from.
struct Reading<'a> {
    facts: &'a Facts,
    settings: &'a Settings,
    judge: Judge<'a>,
    links: Links<'a>,
    /// Where a word that is missing in `civic.toml` belongs.
    policy: Spot,
}

/// Reads the register out of the files of a service; what they cannot say comes from `[register]` in `civic.toml`.
///
/// Tests are left out. What neither tells is `not determined`, with the reason and a place.
///
/// ```
/// use civic_ops::{RegisterFormat, Settings, Sources, register};
///
/// let sources = Sources::from_texts([
///     ("migrations/1.sql", "CREATE TABLE users (id INT, email TEXT);"),
///     ("src/db.rs", r#"fn erase() { sqlx::query("DELETE FROM users WHERE id = $1"); }"#),
/// ]);
/// let register = register(&sources, &Settings::default());
/// let csv = register.write(RegisterFormat::Csv);
/// assert!(csv.contains("users.email,email,ordinary,"));
/// assert!(csv.contains("src/db.rs:1"));
/// ```
pub fn register(sources: &Sources, settings: &Settings) -> Register {
    let mut facts = collect(sources);
    let undecided = std::mem::take(&mut facts.undecided);
    let names = Names::with(settings.scanner());
    let reading = Reading {
        judge: Judge::new(&facts, &names),
        links: Links::new(&facts),
        policy: policy(sources),
        facts: &facts,
        settings,
    };
    let mut rows = row::rows(&reading);
    let mut notes = flow::follow(&reading, &mut rows);
    let activities = activity::activities(&reading, &mut rows, &mut notes);
    notes.extend(read(undecided, settings));
    let told = |value: &Option<String>, key: &str| match value {
        Some(value) => Answer::Known(value.clone()),
        None => Answer::unknown(&format!("`civic.toml` names no {key}"), &reading.policy),
    };
    let said = &settings.register;
    let mut register = Register {
        version: VERSION,
        controller: told(&said.controller, "controller"),
        contact: told(&said.contact, "contact"),
        protection_officer: told(&said.protection_officer, "data protection officer"),
        security: match &said.security[..] {
            [] => Answer::unknown("`civic.toml` names no security measures", &reading.policy),
            list => Answer::Known(list.to_vec()),
        },
        activities,
        fields: rows,
        not_determined: notes,
    };
    register.gather();
    register
}

impl Register {
    /// The text of the register, with an end of line.
    ///
    /// # Panics
    /// Never: the register is text, numbers and lists, which are JSON.
    pub fn write(&self, format: RegisterFormat) -> String {
        match format {
            RegisterFormat::Markdown => markdown::write(self),
            RegisterFormat::Csv => csv::write(self),
            RegisterFormat::Json => {
                let text = serde_json::to_string_pretty(self);
                text.expect("text, numbers and lists are JSON") + "\n"
            }
        }
    }

    /// What could not be told: why, and a place; sorted.
    pub fn not_determined(&self) -> &[String] {
        &self.not_determined
    }

    /// How many personal fields there are.
    pub fn fields(&self) -> usize {
        self.fields.len()
    }

    /// Puts what is not determined anywhere into the one list.
    fn gather(&mut self) {
        let mut all: Vec<String> = [&self.controller, &self.contact, &self.protection_officer]
            .into_iter()
            .filter_map(Answer::why)
            .chain(self.security.why())
            .map(str::to_owned)
            .collect();
        all.extend(self.activities.iter().flat_map(Activity::unknown));
        all.extend(self.fields.iter().flat_map(Row::unknown));
        self.not_determined.append(&mut all);
        self.not_determined.sort();
        self.not_determined.dedup();
    }
}

/// Files that could not be read, as far as they may hold personal data.
fn read(undecided: Vec<Undecided>, settings: &Settings) -> impl Iterator<Item = String> {
    undecided
        .into_iter()
        .filter(|undecided| !settings.excludes(&undecided.path))
        .map(|undecided| format!("{}, {}:{}", undecided.why, undecided.path, undecided.line))
}

/// Where what is missing in `civic.toml` would stand: there, or where the service begins.
fn policy(sources: &Sources) -> Spot {
    let paths = ["civic.toml", "Cargo.toml"];
    let path = paths.into_iter().find(|path| sources.text(path).is_some());
    let path = path.or_else(|| sources.texts().next().map(|(path, _)| path));
    Spot {
        path: path.unwrap_or("civic.toml").to_owned(),
        line: 1,
        what: None,
    }
}
