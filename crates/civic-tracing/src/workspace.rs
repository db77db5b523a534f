//! Memory that a rewrite needs, one per thread, taken for the time of use.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

use crate::clean::Buffers;
use crate::error::RedactedError;
use crate::rewrite::Slot;

thread_local! {
    static SPARE: Cell<Option<Box<Workspace>>> = const { Cell::new(None) };
    /// How often this thread asked a redacting subscriber to look at a span or an event.
    static PASSES: Cell<u32> = const { Cell::new(0) };
}

/// What one rewrite holds: a slot per field, and the buffers and errors that slots point into.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) slots: Vec<Slot>,
    pub(crate) buffers: Buffers,
    pub(crate) errors: Vec<RedactedError>,
}

/// A workspace that returns to its thread when dropped.
///
/// It is taken out of the thread, not borrowed from it: a value that logs while it is formatted,
/// or a layer that logs while it writes, finds none there and makes its own.
#[derive(Debug)]
pub(crate) struct Taken {
    // `None` only while `drop` runs.
    workspace: Option<Box<Workspace>>,
}

impl Taken {
    pub(crate) fn new() -> Self {
        let mut workspace = SPARE
            .try_with(Cell::take)
            .ok()
            .flatten()
            .unwrap_or_default();
        workspace.slots.clear();
        workspace.buffers.clear();
        workspace.errors.clear();
        Self {
            workspace: Some(workspace),
        }
    }
}

impl Deref for Taken {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        self.workspace
            .as_ref()
            .expect("it is taken out by `drop` only")
    }
}

impl DerefMut for Taken {
    fn deref_mut(&mut self) -> &mut Workspace {
        self.workspace
            .as_mut()
            .expect("it is taken out by `drop` only")
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(mut workspace) = self.workspace.take() {
            workspace.errors.clear();
            workspace.buffers.shrink();
            // A thread that is ending has no slot any more; the memory is freed here then.
            let _ = SPARE.try_with(|spare| spare.set(Some(workspace)));
        }
    }
}

/// Notes that the stack below was asked about a span or an event.
pub(crate) fn note_pass() {
    let _ = PASSES.try_with(|passes| passes.set(passes.get().wrapping_add(1)));
}

/// Number of such passes so far; a difference tells that a value logged while it was read.
pub(crate) fn passes() -> u32 {
    PASSES.try_with(Cell::get).unwrap_or_default()
}
