//! Where lines go: straight to a descriptor, or in batches through a thread.
//!
//! Both go wherever `tracing-subscriber` takes a
//! [`MakeWriter`](tracing_subscriber::fmt::MakeWriter). What can be promised of a line whose log
//! call has returned, by the way that the process ends:
//!
//! | ending | [`DirectWriter`] | [`BatchingWriter`] to a file | [`BatchingWriter`] without a [tally](BatchingBuilder::tally) |
//! |---|---|---|---|
//! | `main` returns, panic, panic in a thread | written | written, or counted in a line of the log | the same |
//! | `process::exit`, abort, a signal, out of memory | written | written, or counted in the log by the next start | what was queued is lost |
//! | a sink slower than the service | the caller waits | the caller waits, or the line is dropped and counted | the same |
//! | the machine loses power | as the file system promises | as the file system promises | as the file system promises |
//!
//! Take [`DirectWriter`] unless a measurement says that the write call is what the service waits
//! for. It costs a system call a line, holds no line back and needs no guard.
//!
//! ```
//! use civic_tracing::writer::DirectWriter;
//! use tracing_subscriber::prelude::*;
//!
//! let layer = tracing_subscriber::fmt::layer().json().with_writer(DirectWriter::stdout()?);
//! let _guard = tracing_subscriber::registry().with(layer).set_default();
//! # Ok::<(), std::io::Error>(())
//! ```

mod batching;
mod builder;
mod direct;
mod loss;
mod queue;
mod shared;
mod sink;
mod tally;

pub use batching::{BatchedLine, BatchingWriter, FlushGuard, NotFlushed};
pub use builder::{BatchingBuilder, BuildError, WhenFull};
pub use direct::DirectWriter;
pub use loss::{Loss, LossReason};
