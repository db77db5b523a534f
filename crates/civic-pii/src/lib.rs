//! Finds and removes UK personal data in text.

#![deny(unsafe_code)]
#![cfg_attr(civic_docsrs, feature(doc_cfg))]

mod decode;
mod evidence;
mod field;
mod finding;
pub mod identifier;
mod kind;
mod marker;
mod redactor;
mod scanner;
mod vocabulary;

pub use finding::{Evidence, Finding};
pub use kind::{Category, Kind, KindSet, UnknownKind};
pub use redactor::{Receipt, Redactor};
pub use scanner::{Explanation, Scanner, ScannerBuilder, Scratch};
