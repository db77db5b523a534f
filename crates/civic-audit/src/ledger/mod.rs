//! Where entries become durable: segments in a folder, written by group commit, read back by rules that hide nothing.
//!
//! ```text
//! <folder>/lock                          held while a process writes
//! <folder>/identity                      name of this ledger: service and UUID
//! <folder>/stream-0001/seg-<seq>.log     segments, named by the first sequence in them
//! <folder>/stream-0001/tree-leaves       hashes of the entries; tree-blocks: roots of every 256
//! <folder>/stream-0001/checkpoint        latest signed checkpoint; key-checkpoints: those that name the next key
//! <folder>/stream-0001/reserve           the next segment, durable and full of zeros
//! <folder>/stream-0001/torn-<seq>-<n>.log  segments that were cut before they held an entry
//! ```
//!
//! A ledger has one stream until a part of it that was durable cannot be read; then it is left as it is, and the next stream
//! begins with a gap event.

mod batch;
pub(crate) mod frame;
mod group;
mod hashes;
mod intents;
mod note;
mod open;
mod scan;
mod seal;
mod segment;
mod tail;
#[cfg(test)]
mod tests;
mod walk;
mod writer;

pub(crate) use batch::Done;
pub(crate) use group::{Durable, Patience, Ticket};
pub(crate) use hashes::TreeReader;
pub(crate) use intents::{Id, Mark};
pub(crate) use note::{Gap, Note};
pub(crate) use open::{Ledger, Options};
pub(crate) use seal::read as read_checkpoints;
pub(crate) use segment::{name as segment_name, read_full};
pub(crate) use tail::{Entries, Place, Tail, sizes};
pub(crate) use walk::{Step, stream_folder, stream_names, stream_number, walk};
pub(crate) use writer::{WordNote, body_max};
