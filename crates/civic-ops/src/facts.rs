//! What the collectors found: the one thing that rules may look at.

use core::ops::Range;
use std::sync::Arc;

use crate::rust::ty::Type;
use crate::rust::value::Value;

/// Everything that was read out of the files of a service.
///
/// Sorted by path and place, whatever order the files came in. [`Facts::to_json`](crate::Facts::to_json) gives the versioned form.
#[derive(Debug, Default)]
pub struct Facts {
    pub(crate) paths: Vec<Arc<str>>,
    pub(crate) types: Vec<TypeFact>,
    pub(crate) functions: Vec<Function>,
    pub(crate) sites: Vec<Site>,
    pub(crate) calls: Vec<Call>,
    /// Queries in code, parsed.
    pub(crate) queries: Vec<Query>,
    /// Tables as the migrations leave them.
    pub(crate) tables: Vec<Table>,
    /// What migrations change in tables that are there, in their order.
    pub(crate) changes: Vec<Change>,
    /// Whether the service uses PostgreSQL.
    pub(crate) postgres: bool,
    /// Variables that code reads: name, place, item.
    pub(crate) variables: Vec<(String, Place, String)>,
    /// Texts that people read: what is said, place, item.
    pub(crate) messages: Vec<(String, Place, String)>,
    /// Everything that documents and examples of configuration say.
    pub(crate) documents: String,
    pub(crate) templates: Vec<Template>,
    /// What `journey!` declares.
    pub(crate) journeys: Vec<Journey>,
    /// Calls that hand something to another system.
    pub(crate) outside: Vec<Outside>,
    /// Constants that are texts: name, text.
    pub(crate) constants: Vec<(String, String)>,
    /// Types and the traits that are implemented for them.
    pub(crate) implementations: Vec<(String, String)>,
    /// Types whose `Debug` is written by hand.
    pub(crate) manual_debug: Vec<String>,
    pub(crate) undecided: Vec<Undecided>,
}

/// Where a fact stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index into [`Facts::paths`].
    pub(crate) file: usize,
    /// Bytes in the file.
    pub(crate) span: Range<usize>,
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
}

/// A struct, or a variant of an enum with its fields.
#[derive(Debug)]
pub(crate) struct TypeFact {
    pub(crate) name: String,
    /// The variant, where this is one of an enum.
    pub(crate) variant: Option<String>,
    pub(crate) item: String,
    pub(crate) place: Place,
    /// Names in its `derive`s, such as `Debug`.
    pub(crate) derives: Vec<String>,
    pub(crate) fields: Vec<Field>,
    /// The table that an attribute of a query builder names.
    pub(crate) table: Option<String>,
    pub(crate) is_enum: bool,
    pub(crate) in_test: bool,
}

/// A field of a struct or of a variant.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its position where it has no name.
    pub(crate) name: String,
    pub(crate) ty: Type,
    /// Whether an attribute keeps it out of `Debug`.
    pub(crate) hidden: bool,
    pub(crate) span: Range<usize>,
    /// From 1.
    pub(crate) line: usize,
}

/// A function or a method.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) item: String,
    pub(crate) place: Place,
    /// The type that it is a method of.
    pub(crate) owner: Option<String>,
    pub(crate) returns: Option<Type>,
    /// Names of the types of its parameters, and of what is inside of them.
    pub(crate) parameters: Vec<(String, Type)>,
    /// Names of its attributes.
    pub(crate) attributes: Vec<String>,
    pub(crate) is_async: bool,
    pub(crate) in_test: bool,
}

/// A call of a function, a method, or a macro that runs a query.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers a question of its own"
)]
#[derive(Debug)]
pub(crate) struct Call {
    /// Last name of its path; with `!` for a macro.
    pub(crate) name: String,
    /// The path before the name; of a method the name that stands before it.
    pub(crate) before: String,
    pub(crate) is_method: bool,
    /// Its first argument that is a string.
    pub(crate) text: Option<String>,
    /// Its arguments, as they are written, cut.
    pub(crate) arguments: String,
    /// What stands between its angle brackets, cut.
    pub(crate) generics: String,
    /// The methods that are called on its result, and their arguments, cut.
    pub(crate) chain: Vec<(String, String)>,
    /// Whether nobody looks at its result.
    pub(crate) discarded: bool,
    pub(crate) in_loop: bool,
    /// Whether it stands where it may block.
    pub(crate) may_block: bool,
    /// Index into [`Facts::functions`].
    pub(crate) function: Option<usize>,
    pub(crate) place: Place,
    pub(crate) item: String,
    pub(crate) in_test: bool,
}

/// A query in code.
#[derive(Debug)]
pub(crate) struct Query {
    /// Index into [`Facts::calls`].
    pub(crate) call: usize,
    pub(crate) sql: crate::sql::Statement,
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// Names and places.
    pub(crate) columns: Vec<(String, Place)>,
    /// Columns that an index begins with.
    pub(crate) indexed: Vec<String>,
    /// Tables that it refers to, and whether its rows go when theirs do.
    pub(crate) references: Vec<(String, bool)>,
    /// How long a migration says that its rows are kept: `P6Y`.
    pub(crate) retention: Option<String>,
}

/// What a migration changes in a table.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) kind: ChangeKind,
    pub(crate) table: String,
    /// The column, where it is about one.
    pub(crate) column: Option<String>,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    /// The table is made here: what else is done to it before the release harms nobody.
    Create,
    Drop,
    Rename,
    NotNull,
    Type,
    /// An index that is made while writes wait.
    Index,
}

/// A journey that is declared with `journey!`.
#[derive(Debug)]
pub(crate) struct Journey {
    /// As it stands in labels.
    pub(crate) name: String,
    /// The static, and the type behind its colon.
    pub(crate) variable: String,
    pub(crate) ty: String,
    /// The enums of its steps and of its outcomes.
    pub(crate) step_type: String,
    pub(crate) outcome_type: String,
    pub(crate) steps: Vec<JourneyStep>,
    pub(crate) outcomes: Vec<JourneyOutcome>,
    /// In seconds.
    pub(crate) expected: u64,
    /// In seconds.
    pub(crate) abandon_after: u64,
    /// In percent.
    pub(crate) slo: f64,
    pub(crate) place: Place,
    pub(crate) item: String,
    pub(crate) in_test: bool,
}

/// A step of a journey, in the order of its declaration.
#[derive(Debug)]
pub(crate) struct JourneyStep {
    pub(crate) variant: String,
    pub(crate) name: String,
    /// What it depends on outside the service.
    pub(crate) needs: Vec<String>,
    pub(crate) place: Place,
}

/// A way in which a journey ends.
#[derive(Debug)]
pub(crate) struct JourneyOutcome {
    pub(crate) variant: String,
    pub(crate) name: String,
    /// Whether the service did what it is there for.
    pub(crate) complete: bool,
    pub(crate) place: Place,
}

/// A page of a service.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) file: usize,
    pub(crate) text: String,
}

/// A place where values leave the program, or are put into a text that does.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) kind: SiteKind,
    /// What stands there: `tracing::info!`, `record`, `#[instrument]`.
    pub(crate) name: String,
    pub(crate) item: String,
    pub(crate) place: Place,
    pub(crate) arguments: Vec<Argument>,
    /// The type whose method this is in.
    pub(crate) owner: Option<String>,
    pub(crate) in_test: bool,
}

/// Where the values of a site go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SiteKind {
    Log,
    Span,
    Record,
    Instrument,
    Print,
    Panic,
    /// The text of an error.
    ErrorText,
    /// The `Display` or `Debug` of a type that is written by hand.
    Display,
    Debug,
    Metric,
}

/// A call that hands something to another system.
#[derive(Debug)]
pub(crate) struct Outside {
    pub(crate) kind: OutsideKind,
    /// What stands there: `post`, `Message::builder`.
    pub(crate) name: String,
    /// The address or the topic, where it is a text.
    pub(crate) address: Option<String>,
    /// Names of constants that the address is made from.
    pub(crate) constants: Vec<String>,
    /// What is handed over.
    pub(crate) arguments: Vec<Argument>,
    pub(crate) place: Place,
    pub(crate) item: String,
    /// Index into [`Facts::functions`].
    pub(crate) function: Option<usize>,
    pub(crate) in_test: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OutsideKind {
    Http,
    Mail,
    Queue,
}

/// One value at a site.
#[derive(Debug)]
pub(crate) struct Argument {
    /// Name of the field, or the name that stands before the placeholder.
    pub(crate) key: Option<String>,
    /// Whether it is written with `Debug`.
    pub(crate) debug: bool,
    pub(crate) value: Value,
    pub(crate) span: Range<usize>,
}

/// What could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecided {
    /// Path of the file, from the folder that is read.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Why nothing can be said.
    pub why: String,
}
