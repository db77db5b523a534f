//! Where entries become durable: segments in a folder, written by group commit, read back by rules that hide nothing.
//!
//! ```text
//! <folder>/lock                          held while a process writes
//! <folder>/identity                      name of this ledger: service and UUID
//! <folder>/stream-0001/seg-<seq>.log     segments, named by the first sequence in them
//! <folder>/stream-0001/reserve           the next segment, durable and full of zeros
//! <folder>/stream-0001/torn-<seq>-<n>.log  segments that were cut before they held an entry
//! ```
//!
//! A ledger has one stream until a part of it that was durable cannot be read; then it is left as it is, and the next stream
//! begins with a gap event.

mod batch;
pub(crate) mod frame;
mod group;
mod intents;
mod note;
mod open;
mod scan;
mod segment;
#[cfg(test)]
mod tests;
mod walk;
mod writer;

pub(crate) use batch::Done;
pub(crate) use group::{Durable, Patience, Ticket};
pub(crate) use intents::{Id, Mark};
pub(crate) use note::{Gap, Note};
pub(crate) use open::{Ledger, Options};
pub(crate) use segment::name as segment_name;
pub(crate) use walk::{Step, walk};
pub(crate) use writer::{WordNote, body_max};
