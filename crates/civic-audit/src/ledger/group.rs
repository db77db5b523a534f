//! Group commit: whoever waits leads, and one fdatasync serves all who came meanwhile.
//!
//! There is no writer thread to wake. A caller that waits and finds nobody leading takes the batch that is filling, writes
//! it and tells the others; a single caller therefore pays for its own fdatasync and no change of threads. Entries that
//! nobody waits for are led by the background thread.
//!
//! Locks: `state` guards the batch that is filling and is held for moments; `writer` guards the files and is held by the
//! leader for a whole write. Whoever holds `writer` may take `state`, never the other way round.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::counts::Counts;
use crate::error::RecordError;
use crate::ledger::batch::{Batch, Done};
use crate::ledger::intents::Mark;
use crate::ledger::writer::Writer;

/// Where a durable entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Durable {
    pub(crate) seq: u64,
    pub(crate) logged: Timestamp,
}

/// An entry that was given and is not yet known to be durable.
#[derive(Debug)]
pub(crate) struct Ticket {
    slot: Arc<Slot>,
    place: usize,
}

/// What those who wait for a batch share.
#[derive(Debug, Default)]
struct Slot {
    result: OnceLock<Done>,
    done: Condvar,
}

pub(crate) struct Group {
    state: Mutex<State>,
    /// The batch was taken, there is room in the next one; or there is room on the disk again.
    room: Condvar,
    /// There is something to do for the background thread.
    work: Condvar,
    writer: Mutex<Writer>,
    /// Most bytes that wait in memory.
    limit: usize,
}

struct State {
    filling: Batch,
    spare: Batch,
    slot: Arc<Slot>,
    leading: bool,
    /// Entries are in the batch that nobody waits for.
    unattended: bool,
    wakers: Vec<(Arc<Slot>, Waker)>,
    full: Option<Arc<io::Error>>,
    dead: Option<Arc<io::Error>>,
    closing: bool,
    counts: Counts,
}

/// How long an entry waits for room in memory, and on the disk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub(crate) memory: Duration,
    pub(crate) disk: Duration,
}

impl Patience {
    /// Does not wait.
    pub(crate) const NONE: Patience = Patience {
        memory: Duration::ZERO,
        disk: Duration::ZERO,
    };
}

/// What the background thread is asked to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Lead,
    Look,
    Close,
}

impl Group {
    pub(crate) fn new(writer: Writer, limit: usize) -> Self {
        Group {
            state: Mutex::new(State {
                filling: Batch::default(),
                spare: Batch::default(),
                slot: Arc::default(),
                leading: false,
                unattended: false,
                wakers: Vec::new(),
                full: None,
                dead: None,
                closing: false,
                counts: Counts::default(),
            }),
            room: Condvar::new(),
            work: Condvar::new(),
            writer: Mutex::new(writer),
            limit,
        }
    }

    /// Puts an entry into the batch, and waits for room if it must.
    pub(crate) fn push(
        &self,
        body: &[u8],
        mark: Mark,
        patience: Patience,
    ) -> Result<Ticket, RecordError> {
        let begun = Instant::now();
        let mut state = self.state();
        loop {
            if let Some(error) = &state.dead {
                let error = Arc::clone(error);
                state.counts.failed += 1;
                return Err(RecordError::Storage(error));
            }
            if state.closing {
                state.counts.rejected += 1;
                return Err(RecordError::Closed);
            }
            let full = state.full.clone();
            let fits = state.filling.is_empty() || state.filling.bytes() + body.len() <= self.limit;
            if full.is_none() && fits {
                return Ok(Self::place(&mut state, body, mark));
            }
            let patience = if full.is_some() {
                patience.disk
            } else {
                patience.memory
            };
            if full.is_none() && !state.leading && !patience.is_zero() {
                state = self.lead(state);
                continue;
            }
            let left = patience.saturating_sub(begun.elapsed());
            if left.is_zero() {
                state.counts.rejected += 1;
                return Err(full.map_or(RecordError::Busy, RecordError::Full));
            }
            state = wait_for(&self.room, state, left);
        }
    }

    /// Puts an entry into the batch however long that is, for the background thread to lead. Never waits.
    pub(crate) fn push_unattended(&self, body: &[u8], mark: Mark) -> Result<Ticket, RecordError> {
        let mut state = self.state();
        if let Some(error) = &state.dead {
            let error = Arc::clone(error);
            state.counts.failed += 1;
            return Err(RecordError::Storage(error));
        }
        let ticket = Self::place(&mut state, body, mark);
        state.unattended = true;
        self.work.notify_one();
        Ok(ticket)
    }

    /// Lets the background thread lead what is in the batch.
    pub(crate) fn lead_in_background(&self) {
        let mut state = self.state();
        if !state.filling.is_empty() {
            state.unattended = true;
            self.work.notify_one();
        }
    }

    /// Waits until the entry is durable, and leads where nobody does.
    pub(crate) fn wait(&self, ticket: &Ticket) -> Result<Durable, RecordError> {
        let mut state = self.state();
        loop {
            if let Some(done) = ticket.slot.result.get() {
                return ticket.read(done);
            }
            state = if state.leading {
                ticket
                    .slot
                    .done
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner)
            } else {
                self.lead(state)
            };
        }
    }

    /// As [`Group::wait`], for a future: the background thread leads.
    pub(crate) fn poll(
        &self,
        ticket: &Ticket,
        waker: &Waker,
    ) -> Poll<Result<Durable, RecordError>> {
        let mut state = self.state();
        if let Some(done) = ticket.slot.result.get() {
            return Poll::Ready(ticket.read(done));
        }
        let known = state
            .wakers
            .iter()
            .any(|(slot, known)| Arc::ptr_eq(slot, &ticket.slot) && known.will_wake(waker));
        if !known {
            state.wakers.push((Arc::clone(&ticket.slot), waker.clone()));
        }
        state.unattended = true;
        self.work.notify_one();
        Poll::Pending
    }

    /// Blocks the background thread until there is something to do.
    pub(crate) fn next_work(&self, at_most: Duration) -> Work {
        let mut state = self.state();
        if !state.unattended && !state.closing {
            state = wait_for(&self.work, state, at_most);
        }
        if state.unattended && !state.filling.is_empty() {
            Work::Lead
        } else if state.closing {
            Work::Close
        } else {
            state.unattended = false;
            Work::Look
        }
    }

    /// Leads the batch that is filling, or waits for the one who does.
    pub(crate) fn lead_once(&self) {
        let state = self.state();
        if !state.leading {
            drop(self.lead(state));
            return;
        }
        // Whoever leads now wakes this thread at the end, because entries without an owner are in the next batch.
        drop(wait_for(&self.work, state, Duration::from_millis(100)));
    }

    /// Says whether there is room for another segment again.
    pub(crate) fn set_room(&self) {
        self.state().full = None;
        self.room.notify_all();
    }

    /// Whether entries are refused because the disk is full.
    pub(crate) fn is_full(&self) -> bool {
        self.state().full.is_some()
    }

    /// Entries that a witness has seen.
    pub(crate) fn set_witnessed(&self, size: u64) {
        self.state().counts.witnessed = size;
    }

    /// Takes no more entries, and lets the background thread end.
    pub(crate) fn close(&self) {
        self.state().closing = true;
        self.work.notify_all();
        self.room.notify_all();
    }

    /// Figures since the start.
    pub(crate) fn counts(&self) -> Counts {
        let state = self.state();
        Counts {
            queued: state.filling.len() as u64,
            full: state.full.is_some(),
            failed_for_good: state.dead.is_some(),
            ..state.counts
        }
    }

    /// The writer, for what the ledger does by itself.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(state: &mut State, body: &[u8], mark: Mark) -> Ticket {
        state.filling.push(body, mark);
        Ticket {
            slot: Arc::clone(&state.slot),
            place: state.filling.len() - 1,
        }
    }

    fn lead<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        state.leading = true;
        state.unattended = false;
        let spare = std::mem::take(&mut state.spare);
        let mut batch = std::mem::replace(&mut state.filling, spare);
        let slot = std::mem::take(&mut state.slot);
        let dead = state.dead.clone();
        drop(state);
        self.room.notify_all();

        let done = match dead {
            Some(error) => Done::failed(error),
            // A panic must not leave the others waiting for ever.
            None => catch_unwind(AssertUnwindSafe(|| self.writer().commit(&batch))).unwrap_or_else(
                |_| Done::failed(Arc::new(io::Error::other("a defect of the ledger"))),
            ),
        };
        let entries = batch.len();
        batch.clear();

        let mut state = self.state();
        state.counts.add(&done, entries);
        state.dead.clone_from(&done.failed);
        if done.refused.is_some() {
            state.full.clone_from(&done.refused);
        }
        state.spare = batch;
        state.leading = false;
        slot.result
            .set(done)
            .expect("a batch is led once, and this is its leader");
        slot.done.notify_all();
        // The next leader: one of those who wait for the batch that is filling, or the background thread.
        state.slot.done.notify_one();
        if state.unattended {
            self.work.notify_one();
        }
        let woken;
        (woken, state.wakers) = std::mem::take(&mut state.wakers)
            .into_iter()
            .partition(|(waiting, _)| Arc::ptr_eq(waiting, &slot));
        if woken.is_empty() {
            return state;
        }
        drop(state);
        let woken: Vec<(Arc<Slot>, Waker)> = woken;
        for (_, waker) in woken {
            waker.wake();
        }
        self.state()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it is held leaves counters and a batch, both whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    fn read(&self, done: &Done) -> Result<Durable, RecordError> {
        if let Some(error) = &done.failed {
            return Err(RecordError::Storage(Arc::clone(error)));
        }
        match (done.seq(self.place), &done.refused) {
            (Some(seq), _) if self.place < done.accepted => Ok(Durable {
                seq,
                logged: done.logged,
            }),
            (_, Some(error)) => Err(RecordError::Full(Arc::clone(error))),
            _ => Err(RecordError::Closed),
        }
    }
}

fn wait_for<'a>(
    condition: &Condvar,
    state: MutexGuard<'a, State>,
    time: Duration,
) -> MutexGuard<'a, State> {
    condition
        .wait_timeout(state, time)
        .unwrap_or_else(PoisonError::into_inner)
        .0
}
