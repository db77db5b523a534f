//! PostgreSQL: a sink for entries, and an outbox for events that commit with a business row.
//!
//! # Tables
//!
//! [`ENTRIES`] and [`OUTBOX`] are migrations to take into the tool of the service; nothing here runs them by itself.
//!
//! # What a commit means
//!
//! The server answers a commit when its write-ahead log is synced, and with synchronous replicas when they have it, too.
//! Sessions of this module switch `synchronous_commit` on where it is off; a server that runs with `fsync = off` loses what it
//! said it has, and nothing here can tell.

mod mover;
mod outbox;
mod session;
mod sink;

pub use mover::{OutboxMover, RunningMover};
pub use outbox::{INSERT_OUTBOX, OutboxRow};
pub use sink::PostgresSink;

/// Migration that makes the tables of [`PostgresSink`]. It can be run again.
pub const ENTRIES: &str = include_str!("entries.sql");

/// Migration that makes the table of the outbox. It can be run again.
pub const OUTBOX: &str = include_str!("outbox.sql");
