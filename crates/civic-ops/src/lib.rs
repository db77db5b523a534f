//! Reads the source of a service and says what is wrong with it, deterministically and without a build.
//!
//! ```
//! use civic_ops::{Settings, Sources, check};
//!
//! let sources = Sources::from_texts([(
//!     "src/main.rs",
//!     r#"fn apply(applicant: &Applicant) { tracing::info!("saved {}", applicant.email); }"#,
//! )]);
//! let report = check(&sources, &Settings::default());
//! assert_eq!(report.findings[0].code, "PD-LOG");
//! ```
//!
//! Collectors read [`Sources`] into [`Facts`]; [`RULES`] are pure functions from facts to [`Finding`]s; each has a page with
//! an example that fires and one that does not. What cannot be read is [`Undecided`], never guessed. Nothing here builds,
//! starts a program, asks a network or looks at a clock.

#![forbid(unsafe_code)]
#![cfg_attr(civic_docsrs, feature(doc_cfg))]

/// The example of the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod baseline;
mod check;
mod collect;
#[cfg(feature = "compliance")]
#[cfg_attr(civic_docsrs, doc(cfg(feature = "compliance")))]
pub mod compliance;
#[cfg(test)]
mod example;
mod facts;
mod finding;
mod generate;
mod json;
mod judge;
mod link;
mod personal;
mod rule;
mod rust;
mod settings;
mod source;
mod sql;
mod waiver;
mod web;

pub use baseline::Baseline;
pub use check::{Report, check, check_since, facts};
pub use facts::{Facts, Undecided};
pub use finding::{Finding, Origin, Severity};
pub use generate::{Register, RegisterFormat, register};
pub use json::{Difference, FACTS_VERSION, difference};
pub use rule::{RULES, Rule};
pub use settings::{Settings, SettingsError};
pub use source::Sources;
pub use waiver::{UNREADABLE, UNUSED};
