//! An audit trail that loses no acknowledged event, with types that ask who, whom and why.
//!
//! ```
//! use civic_audit::{Actor, AuditTrail, DataAccess, Guarded, Purpose, Service, Subject};
//! use civic_pii::{KeyRing, Pii, tag};
//! # let folder = tempfile::tempdir()?;
//! # let ring = KeyRing::new("k1", vec![7; 32])?;
//!
//! let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
//!     .development() // the folder of this example may be in memory
//!     .open()?;
//!
//! // The store gives out records behind a guard.
//! let subject = Subject::record(&ring, "licence", "2026/0042");
//! let found = Guarded::new(subject, Pii::new(tag::PersonName, "A Person"));
//!
//! // First the entry, durable; then the record; then how it ended.
//! let access = trail.begin(DataAccess {
//!     actor: Actor::staff("caseworker-7012", "caseworker"),
//!     subject: found.subject().clone(),
//!     fields: &["holder"],
//!     purpose: Purpose::new("licence-review").because("caller asked about her renewal"),
//! })?;
//! assert_eq!(*found.open(&access)?, "A Person");
//! access.succeed()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to use
//!
//! - [`AuditTrail`]: [`begin`](AuditTrail::begin) before an action, [`record`](AuditTrail::record) for what is over; each
//!   returns when its entry is durable.
//! - A struct for each class of event: [`DataAccess`], [`DataChange`], [`Disclosure`], [`Erasure`], [`AccessDenied`],
//!   [`Auth`], [`PrivilegeChange`], [`Deployment`], [`FlagChange`], [`ServiceLifecycle`], [`HealthTransition`],
//!   [`AuditMeta`]. What a class cannot do without is a field of the struct; [`Event`] adds what it can.
//! - [`Guarded`]: a record that opens only to its entry.
//! - [`verify()`], [`Verification`] and [`read`], for a ledger at rest or at work.
//! - [`Relay`], which gives entries to a [`Sink`]: [`FileSink`], `PostgresSink`, `KafkaSink`; in the [`Shape`] that its readers
//!   want.
//! - [`FileKeys`] and [`FileWitness`], so that nobody can change quietly what was written; [`prove`], to show a single entry
//!   to somebody who has nothing but the public key.
//!
//! # What is promised
//!
//! - An event that was acknowledged is on the disk: after `fdatasync`, which many callers share.
//! - The sequence of a stream has no gap. What could not be written or read is told by an event in the stream: a torn tail by
//!   `audit.gap`, a failed disk by `audit.storage_error`, a full one by `audit.full`. No byte that was written is removed.
//! - An intent gets an outcome: the caller's; `abandoned` when its guard is dropped; `unknown` from the next process.
//! - No class and no setting turns the trail off. What cannot be recorded is refused, by the [`Policy`] of its class.
//!
//! # What is not promised
//!
//! - More than the [`Witness`] has seen. Every change of an entry that a witnessed checkpoint covers is found. Entries that are
//!   newer (a second and the way to the witness) can be removed or changed by somebody who owns the machine. Without a
//!   witness, the [keys](KeyStore) alone protect the segments before the one that is written; without keys, [`verify()`] finds
//!   accidents only.
//! - That an event was recorded at all, where the code does not ask: put records behind [`Guarded`].
//! - That a disk keeps what it says it has. A disk with a volatile cache that ignores flushes loses it.
//!
//! # Personal data
//!
//! No identifier of a citizen is in an entry in clear: a [`Subject`] is a keyed pseudonym by its type, fields are named and
//! never shown, and free text passes the scanner of `civic-pii`, with a receipt in the entry. Pseudonyms and identifiers of
//! staff remain personal data (UK GDPR Article 4(5) and recital 26); entries carry a [`Retention`] class for that reason.
//!
//! # Features
//!
//! None is on by default, and nothing without them needs a runtime; the futures of [`AuditTrail`] run on any. A trail has one
//! thread, and so has each [`Relay`].
//!
//! - `postgres`: a sink, and an outbox that commits an event with a business row. Costs tokio-postgres and tokio.
//! - `kafka`: a sink for brokers of the Kafka protocol. Costs a build of librdkafka, which needs a C compiler and make.

#![forbid(unsafe_code)]
#![cfg_attr(civic_docsrs, feature(doc_cfg))]

/// The example of the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

mod counts;
mod disk;
mod error;
mod event;
mod export;
mod guard;
mod guarded;
mod id;
mod json;
#[cfg(feature = "kafka")]
mod kafka;
mod keys;
mod ledger;
mod lines;
mod metrics;
mod notes;
#[cfg(feature = "postgres")]
#[cfg_attr(civic_docsrs, doc(cfg(feature = "postgres")))]
pub mod postgres;
mod proof;
mod record;
mod relay;
mod seals;
mod signature;
mod sink;
mod time;
mod trail;
mod tree;
mod verify;
mod witness;

pub use counts::Counts;
pub use error::{OpenError, RecordError};
pub use event::{
    AccessDenied, Actor, AuditMeta, Auth, BestEffort, Class, Correlation, DataAccess, DataChange,
    Deployment, Digest, Disclosure, Erasure, Event, Fields, FlagChange, HealthTransition,
    MayBeLost, Name, OpensRecord, Outcome, Policy, PrivilegeChange, Purpose, Retention, Right,
    Service, ServiceLifecycle, Subject, Transition, UnfitDigest, UnfitName,
};
pub use export::{CloudEvent, OCSF_VERSION, Shape, cloud_event, hmpps, ocsf, play_auditing};
pub use guard::Guard;
pub use guarded::{Guarded, OtherRecord};
#[cfg(feature = "kafka")]
#[cfg_attr(civic_docsrs, doc(cfg(feature = "kafka")))]
pub use kafka::KafkaSink;
pub use keys::{FileKeys, HeldKeys, KeyStore};
#[cfg(feature = "postgres")]
#[doc(inline)]
pub use postgres::PostgresSink;
pub use proof::{KeyChain, Proof, ProofError, prove};
pub use record::Record;
pub use relay::{DeadLetter, Delivery, Relay, RelayCounts, RunningRelay, Step, dead_letters};
pub use signature::{Checkpoint, PublicKey};
pub use sink::{Batch, FileSink, Handed, Sink, SinkError};
pub use trail::{AuditTrail, Builder, Entry, Submitted, Warning};
pub use verify::{Problem, Report, Verification, read, read_with, streams, verify};
pub use witness::{FileWitness, Witness};
