//! Finds and removes UK personal data in text.

#![deny(unsafe_code)]
#![cfg_attr(civic_docsrs, feature(doc_cfg))]

mod finding;
#[cfg_attr(
    not(test),
    expect(
        dead_code,
        reason = "the recognisers of the scanner call the checks that parse does not"
    )
)]
pub mod identifier;
mod kind;
mod redactor;
mod scanner;

pub use finding::{Evidence, Finding};
pub use kind::{Category, Kind, KindSet, UnknownKind};
pub use redactor::{Receipt, Redactor};
pub use scanner::{Explanation, Scanner, ScannerBuilder, Scratch};
