//! How callers, the writing thread and a flush work together.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use super::batching::NotFlushed;
use super::builder::WhenFull;
use super::loss::{Loss, LossReason};
use super::queue::{Lines, Queue};
use super::sink::Sink;
use super::tally::Tally;

/// Most bytes that are handed to the sink at once; a time limit is looked at between two such writes.
const PIECE: usize = 16 * 1024;
/// Time to write the line about what is given up, after the time to flush is over.
const LAST_WORD: Duration = Duration::from_secs(1);

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) capacity: usize,
    pub(super) when_full: WhenFull,
    pub(super) linger: Duration,
    pub(super) flush_limit: Duration,
}

/// No thread waits for one of the two locks while it holds the other.
#[derive(Debug)]
pub(super) struct Shared {
    queue: Mutex<Queue>,
    sink: Mutex<Sink>,
    /// Told to the writing thread: there are lines or a loss, or somebody wants to flush or close.
    arrived: Condvar,
    /// Told to everybody else: there is room, or a flush is done, or the thread has ended.
    progress: Condvar,
    lost: AtomicU64,
    errors: Arc<AtomicU64>,
    tally: Option<Arc<Tally>>,
    settings: Settings,
    writing_thread: OnceLock<ThreadId>,
}

impl Shared {
    /// Starts the writing thread. `returned` is what the tally has counted so far.
    pub(super) fn start(sink: Sink, settings: Settings, returned: u64) -> io::Result<Arc<Self>> {
        let inherited = sink.losses.iter().map(|loss| loss.lines).sum();
        let shared = Arc::new(Self {
            queue: Mutex::new(Queue {
                returned,
                done: returned,
                telling: inherited > 0,
                ..Queue::default()
            }),
            errors: Arc::clone(&sink.errors),
            tally: sink.tally.clone(),
            sink: Mutex::new(sink),
            arrived: Condvar::new(),
            progress: Condvar::new(),
            lost: AtomicU64::new(inherited),
            settings,
            writing_thread: OnceLock::new(),
        });
        let for_thread = Arc::clone(&shared);
        let thread = thread::Builder::new()
            .name("civic-log".to_owned())
            .spawn(move || for_thread.write_lines())?;
        // It was empty, as this is the only place that fills it.
        let _ = shared.writing_thread.set(thread.thread().id());
        Ok(shared)
    }

    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(super) fn errors(&self) -> u64 {
        let tally = self.tally.as_ref().map_or(0, |tally| tally.errors());
        self.errors.load(Ordering::Relaxed) + tally
    }

    /// Queues a line, waits for room, or drops it, as the settings say.
    ///
    /// Lines of errors find as much room again: what filled the queue must not hide why.
    pub(super) fn accept(&self, line: &[u8], error: bool) -> io::Result<()> {
        let capacity = self.settings.capacity * if error { 2 } else { 1 };
        let mut queue = self.queue();
        while !has_room(&queue, line, capacity)
            && !queue.closed
            && self.settings.when_full == WhenFull::Wait
            && !self.is_writing_thread()
        {
            queue = wait(&self.progress, queue);
        }
        queue.returned += 1;
        if let Some(tally) = &self.tally {
            tally.note_returned(queue.returned);
        }
        if queue.closed {
            drop(queue);
            return self.write_past_the_queue(line);
        }
        if has_room(&queue, line, capacity) {
            let before = queue.lines.bytes.len();
            queue.lines.push(line);
            // The thread sleeps until the first line, then lingers until there is a piece.
            if before == 0 || (before < PIECE && queue.lines.bytes.len() >= PIECE) {
                self.arrived.notify_one();
            }
        } else {
            queue.dropped += 1;
            queue.done += 1;
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    pub(super) fn flush(&self, limit: Duration) -> Result<(), NotFlushed> {
        if self.is_writing_thread() {
            // It would wait for itself.
            return Ok(());
        }
        let mut queue = self.queue();
        let target = queue.returned;
        queue.flushing += 1;
        self.arrived.notify_one();
        let flushed = |queue: &Queue| queue.done >= target && queue.dropped == 0 && !queue.telling;
        let mut queue = self.wait_for(queue, limit, |queue| flushed(queue) || queue.ended);
        queue.flushing -= 1;
        if flushed(&queue) || queue.ended {
            Ok(())
        } else {
            Err(NotFlushed {
                lines: target.saturating_sub(queue.done),
            })
        }
    }

    /// Ends the queue: writes what is in it, or counts it once the time is over.
    pub(super) fn close(&self) {
        let mut queue = self.queue();
        queue.closed = true;
        self.arrived.notify_one();
        // Those who wait for room go past the queue.
        self.progress.notify_all();
        queue = self.wait_for(queue, self.settings.flush_limit, |queue| queue.ended);
        if !queue.ended {
            queue.abandoned = true;
            drop(self.wait_for(queue, LAST_WORD, |queue| queue.ended));
        }
    }

    /// What the writing thread does from start to end.
    fn write_lines(&self) {
        let mut hand = Lines::default();
        loop {
            hand.clear();
            hand.shrink(self.settings.capacity);
            let mut queue = self.wait_for_lines();
            std::mem::swap(&mut hand, &mut queue.lines);
            queue.in_hand = hand.bytes.len();
            let dropped = std::mem::take(&mut queue.dropped);
            queue.telling |= dropped > 0;
            let last = queue.closed;
            drop(queue);

            self.write_hand(&hand);
            let mut sink = self.sink();
            sink.lose(Loss::new(dropped, LossReason::QueueFull));
            sink.tell();
            drop(sink);

            let mut queue = self.queue();
            queue.in_hand = 0;
            queue.telling = false;
            // After the queue was closed it takes no line, so this round was the last.
            queue.ended = last;
            self.progress.notify_all();
            if last {
                return;
            }
        }
    }

    fn wait_for_lines(&self) -> MutexGuard<'_, Queue> {
        let mut queue = self.queue();
        while queue.lines.is_empty() && queue.dropped == 0 && !queue.telling && !queue.closed {
            queue = wait(&self.arrived, queue);
        }
        let until = Instant::now() + self.settings.linger;
        while queue.lines.bytes.len() < PIECE.min(self.settings.capacity / 2)
            && queue.dropped == 0
            && queue.flushing == 0
            && !queue.closed
        {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            queue = self
                .arrived
                .wait_timeout(queue, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        queue
    }

    fn write_hand(&self, hand: &Lines) {
        let mut first = 0;
        while first < hand.len() {
            if self.queue().abandoned {
                let left = (hand.len() - first) as u64;
                self.lost.fetch_add(left, Ordering::Relaxed);
                self.sink().lose(Loss::new(left, LossReason::FlushTimeOver));
                return;
            }
            let (piece, count) = hand.piece(first, PIECE);
            let mut sink = self.sink();
            if let Err(taken) = sink.write(piece, count as u64) {
                let (complete, cut) = hand.complete_within(first, taken);
                let lost = (count - complete) as u64;
                sink.cut |= cut;
                sink.settle(complete as u64);
                sink.lose(Loss::new(lost, LossReason::WriteFailed));
                self.lost.fetch_add(lost, Ordering::Relaxed);
            }
            drop(sink);
            first += count;
            let mut queue = self.queue();
            queue.done += count as u64;
            queue.in_hand -= piece.len();
            self.progress.notify_all();
        }
    }

    fn write_past_the_queue(&self, line: &[u8]) -> io::Result<()> {
        let mut sink = self.sink();
        sink.write(line, 1).map_err(|taken| {
            sink.cut |= taken > 0;
            sink.lose(Loss::new(1, LossReason::WriteFailed));
            self.lost.fetch_add(1, Ordering::Relaxed);
            io::Error::from(io::ErrorKind::WriteZero)
        })?;
        sink.tell();
        Ok(())
    }

    fn is_writing_thread(&self) -> bool {
        self.writing_thread.get() == Some(&thread::current().id())
    }

    fn wait_for<'a>(
        &self,
        queue: MutexGuard<'a, Queue>,
        limit: Duration,
        done: impl Fn(&Queue) -> bool,
    ) -> MutexGuard<'a, Queue> {
        self.progress
            .wait_timeout_while(queue, limit, |queue| !done(queue))
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sink(&self) -> MutexGuard<'_, Sink> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A line that is longer than the queue finds room when nothing else is there.
fn has_room(queue: &Queue, line: &[u8], capacity: usize) -> bool {
    let waiting = queue.lines.bytes.len() + queue.in_hand;
    waiting == 0 || waiting + line.len() <= capacity
}

fn wait<'a>(condition: &Condvar, queue: MutexGuard<'a, Queue>) -> MutexGuard<'a, Queue> {
    condition
        .wait(queue)
        .unwrap_or_else(PoisonError::into_inner)
}
