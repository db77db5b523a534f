//! Memory that reading needs, one per thread, taken for the time of use.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use tracing_core::Metadata;

use crate::buffers::Buffers;
use crate::error::RedactedError;
use crate::line::Clock;
use crate::owner::{Known, Owner, address};
use crate::slot::Slot;

/// Callsites that a thread remembers; a power of two.
const REMEMBERED: usize = 256;

thread_local! {
    static SPARE: Cell<Option<Box<Workspace>>> = const { Cell::new(None) };
    /// How often this thread asked a redacting subscriber to look at a span or an event.
    static PASSES: Cell<u32> = const { Cell::new(0) };
}

/// What one reading holds: a slot per field, and the buffers and errors that slots point into.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) slots: Vec<Slot>,
    pub(crate) buffers: Buffers,
    pub(crate) errors: Vec<RedactedError>,
    /// The line that is being written.
    pub(crate) line: String,
    pub(crate) clock: Clock,
    /// Names that the line has already.
    pub(crate) names: Vec<&'static str>,
    remembered: Vec<Option<Arc<Known>>>,
    /// The next spare one: a layer that reads under a subscriber that reads needs two.
    next: Option<Box<Workspace>>,
}

impl Workspace {
    /// Takes out what this thread knows of a callsite; [`Workspace::remember`] puts it back.
    ///
    /// It is moved and not cloned, since all threads would count in one place.
    #[inline]
    pub(crate) fn know(
        &mut self,
        owner: &Owner,
        metadata: &'static Metadata<'static>,
    ) -> Arc<Known> {
        let place = place(owner.id(), metadata);
        match self.remembered.get_mut(place).and_then(Option::take) {
            Some(known) if known.is_of(owner, metadata) => known,
            _ => owner.learn(metadata),
        }
    }

    #[inline]
    pub(crate) fn remember(&mut self, owner: u64, known: Arc<Known>) {
        if self.remembered.is_empty() {
            self.remembered.resize(REMEMBERED, None);
        }
        let place = place(owner, known.metadata);
        self.remembered[place] = Some(known);
    }
}

#[inline]
fn place(owner: u64, metadata: &'static Metadata<'static>) -> usize {
    let key = (address(metadata) as u64 >> 4) ^ owner.rotate_left(32);
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize % REMEMBERED
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
    #[inline]
    pub(crate) fn new() -> Self {
        let mut workspace = SPARE
            .try_with(|spare| {
                let mut first = spare.take()?;
                spare.set(first.next.take());
                Some(first)
            })
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

impl Taken {
    /// The workspace itself, so that its parts can be borrowed side by side.
    #[inline]
    pub(crate) fn workspace_mut(&mut self) -> &mut Workspace {
        self
    }
}

impl Deref for Taken {
    type Target = Workspace;

    #[inline]
    fn deref(&self) -> &Workspace {
        self.workspace
            .as_ref()
            .expect("it is taken out by `drop` only")
    }
}

impl DerefMut for Taken {
    #[inline]
    fn deref_mut(&mut self) -> &mut Workspace {
        self.workspace
            .as_mut()
            .expect("it is taken out by `drop` only")
    }
}

impl Drop for Taken {
    #[inline]
    fn drop(&mut self) {
        if let Some(mut workspace) = self.workspace.take() {
            workspace.errors.clear();
            workspace.buffers.shrink();
            crate::buffers::shrink(&mut workspace.line);
            // A thread that is ending has no slot any more; the memory is freed here then.
            let _ = SPARE.try_with(|spare| {
                workspace.next = spare.take();
                spare.set(Some(workspace));
            });
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
