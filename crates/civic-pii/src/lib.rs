//! Finds and removes UK personal data in text.

#![deny(unsafe_code)]
#![cfg_attr(civic_docsrs, feature(doc_cfg))]

mod canonical;
#[cfg(feature = "config")]
mod config;
mod decode;
mod evidence;
mod field;
mod finding;
pub mod identifier;
mod json;
mod kind;
mod marker;
#[cfg(feature = "pattern")]
mod pattern;
mod pii;
mod policy;
mod pseudonym;
mod receipt;
mod redactor;
mod scanner;
mod splice;
pub mod tag;
mod vocabulary;

#[cfg(feature = "config")]
#[cfg_attr(civic_docsrs, doc(cfg(feature = "config")))]
pub use config::{Config, ConfigError, KeyRef, KeySource};
pub use finding::{Evidence, Finding};
pub use kind::{Category, Kind, KindSet, UnknownKind};
#[cfg(feature = "pattern")]
#[cfg_attr(civic_docsrs, doc(cfg(feature = "pattern")))]
pub use pattern::{Pattern, PatternError};
pub use pii::{Loggable, Pii};
pub use policy::{Action, Policy, PolicyBuilder, PolicyError};
pub use pseudonym::{KeyError, KeyRing};
pub use receipt::Receipt;
pub use redactor::Redactor;
pub use scanner::{Explanation, Scanner, ScannerBuilder, Scratch};
