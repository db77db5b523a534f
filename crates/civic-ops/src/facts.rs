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
}

/// A function or a method.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) item: String,
    pub(crate) place: Place,
    /// The type that it is a method of.
    pub(crate) owner: Option<String>,
    pub(crate) returns: Option<Type>,
    pub(crate) is_async: bool,
    pub(crate) in_test: bool,
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
