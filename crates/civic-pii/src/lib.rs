//! Finds and removes UK personal data in text and numbers, with the rules of those who issue each identifier.
//!
//! ```
//! use civic_pii::{Kind, Redactor, Scanner};
//!
//! let line = r#"{"user":"jo.bloggs@example.com","nino":"QQ123456C","took_ms":31}"#;
//! assert_eq!(
//!     Redactor::new().redact(line),
//!     r#"{"user":"[EMAIL]","nino":"[NINO]","took_ms":31}"#
//! );
//!
//! let findings = Scanner::new().scan("call 07700 900123 back");
//! assert_eq!((findings[0].kind, findings[0].start..findings[0].end), (Kind::Phone, 5..17));
//! ```
//!
//! # What to use
//!
//! - [`Redactor`] replaces personal data in text, fields and numbers by what a [`Policy`] says, and gives a [`Receipt`].
//! - [`Scanner`] only finds it: sorted [`Finding`]s whose offsets point into the text as it was given.
//! - [`Pii`] holds a value that must not be printed by accident: a name, an address, an answer in free text.
//! - [`identifier`] parses one identifier: `Nino::parse` gives a [`Nino`](identifier::Nino), or says which rule failed.
//!
//! The `civic-tracing` crate puts a redactor in front of every log event; `cargo civic scan` looks through log files.
//!
//! # What it finds
//!
#![doc = include_str!("kinds.md")]
//!
//! Names and addresses have no shape: they are found by the name of their field alone. Where the text is encoded
//! (percent-encoding, JSON escapes, JSON inside a string, base64 of text, full-width digits, invisible characters, `Debug`
//! of bytes), it is read decoded, and the finding covers the encoded form.
//!
//! # What it cannot know
//!
//! - A person's name or a street in free text: `Jo came from the High Street` looks like any other sentence. Log such a value
//!   in a field whose name says so, add the [name of a field](PolicyBuilder::field), or hold it in [`Pii`].
//! - What a bare number is. Nine digits are a passport, an order or a count of bytes; without evidence they stay.
//! - What is encrypted, compressed, or spelt in words.
//!
//! # Evidence and thresholds
//!
//! A recogniser gives a value a base score; what stands around it adds to that or takes from it. A finding is what
//! reaches the threshold of its kind, 50 percent unless the policy says otherwise.
//!
//! | base | the value alone |
//! |---:|---|
//! | 85 to 95 | a distinctive shape, or a long checksum that holds |
//! | 70 to 80 | written in the groups that people use, and every check holds |
//! | 50 to 65 | every check holds, but chance may do that too |
//! | 20 to 40 | nothing without a key or a word that names the kind |
//!
//! | change | what stands around it |
//! |---:|---|
//! | +45 | a key directly before it names its kind: `nino=`, `"nhsNumber":`, `Passport("`, `<postcode>` |
//! | +30 | a word names its kind: within 64 bytes before it, or behind it up to the end of the sentence |
//! | -30 | a key or the word before it names something else: `count`, `order`, `build` (bare numbers and words only) |
//! | -10 | the key before it says nothing (bare numbers and words only) |
//!
//! Only one of these applies, the first that does, and a scan reads words only where they decide. A checksum alone is little: one in eleven ten-digit numbers passes that
//! of an NHS number. The last words of a key decide: `patient.nhsNumber` names an NHS number, `nhs_number_count` a count.
//! [`Scanner::explain`] shows every candidate of a text with its score and what spoke for it and against it:
//!
//! ```
//! use civic_pii::{Evidence, Scanner};
//!
//! let scanner = Scanner::new();
//! assert!(scanner.scan("customer 123456789 came").is_empty());
//! let found = scanner.scan("customer with passport 123456789 came");
//! assert!(found[0].evidence.has(Evidence::WORD));
//! ```
//!
//! # Policies
//!
//! | [`Action`] | a National Insurance number becomes |
//! |---|---|
//! | [`Erase`](Action::Erase), the default | `[NINO]` |
//! | [`Partial`](Action::Partial) | `[NINO *56C]`; erased where that would show half of it or more |
//! | [`Pseudonymise`](Action::Pseudonymise) | `[NINO:k1:` and 20 characters of a keyed MAC, see [`KeyRing`] |
//! | [`Keep`](Action::Keep), with a reason | itself |
//!
//! A field is [kept by its name](PolicyBuilder::keep_field) with a reason, too. With the feature `pattern`,
//! `PolicyBuilder::pattern` adds a regular expression of your own; with `config`, `Config` reads all of this from the
//! `civic.toml` that a service and `cargo civic scan` share.
//!
//! A marker in the input has no effect and counts for nothing; redacting twice changes nothing; JSON stays JSON.
//!
//! # Limits
//!
//! - Any bytes are taken. Time grows with the length of the text and never faster; offsets are bytes.
//! - On clean text without encoded forms nothing is allocated. With a reused [`Scratch`], buffers grow to what the longest
//!   encoded text needs, and stay. Nothing here locks, starts a thread or does I/O.
//! - Should the scanner panic, [`Redactor`] puts `[REDACTION-FAILED]` in place of the whole text: it fails closed.
//! - Inside a text, a value that its name gives away is followed for 512 bytes; in quotes, and a credential, for 8 KiB.
//!   Base64 is undone up to 64 KiB, and an encoding inside an encoding twice.
//! - `unsafe` code is denied, apart from two modules that read 64 bytes with AVX2 or AVX-512 where the processor has it. Which
//!   way is taken is decided when a scanner is built; every way gives the same findings.
//!
//! # Features
//!
//! None is on by default, and none changes what is found. `pattern`: your own regular expressions. `config`: reads
//! `civic.toml`, and brings `pattern`. `serde`: `Deserialize` for [`Pii`].

#![deny(unsafe_code)]
#![cfg_attr(civic_docsrs, feature(doc_cfg))]

/// The example of the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

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
mod search;
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
pub use redactor::{Redactor, Suspects};
pub use scanner::{Explanation, Scanner, ScannerBuilder, Scratch};
