//! Finds and removes UK personal data in text.

#![deny(unsafe_code)]
#![cfg_attr(civic_docsrs, feature(doc_cfg))]

mod finding;
mod kind;
mod redactor;
mod scanner;

pub use finding::{Evidence, Finding};
pub use kind::{Category, Kind, KindSet, UnknownKind};
pub use redactor::{Receipt, Redactor};
pub use scanner::{Explanation, Scanner, ScannerBuilder, Scratch};
