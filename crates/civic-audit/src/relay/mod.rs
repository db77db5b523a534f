//! Takes entries from the ledger to a sink: each at least once, in the order of its stream.

mod backoff;
mod dead;
mod delivery;
mod driver;
mod position;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use dead::{DeadLetter, dead_letters};
pub use delivery::{Delivery, RelayCounts};
pub use driver::RunningRelay;

use crate::disk::{Disk, RealDisk};
use crate::ledger::{Entries, Place, Tail};
use crate::sink::{Batch, Sink, SinkError};
pub(crate) use backoff::Backoff;
use dead::DeadLetters;
use position::PositionFile;

/// Most entries of a batch unless told: four of the rows that the PostgreSQL sink inserts at once.
const BATCH: usize = 1024;

/// Bytes of entries after which a batch is full.
const BATCH_BYTES: usize = 1024 * 1024;

/// How often a ledger is looked at in which nothing was new.
const LOOK: Duration = Duration::from_millis(100);

/// Gives the entries of a ledger to a sink, and remembers how far it is.
///
/// The ledger is the spool: an entry is durable there before it is given away, and it stays there. So a sink that is away
/// costs disk and no memory: a relay holds one batch. Its position stands in the folder `relay-<name>` of the ledger and is
/// made durable after each batch; after a crash, entries since then are given again, which the sinks of this crate drop by
/// stream and sequence.
///
/// A failure is tried again after a wait that doubles from 0.2 to 30 seconds, each shortened at random by up to a half. An
/// entry that the sink [refuses for good](SinkError::refused) is kept whole with the reason as a [dead
/// letter](dead_letters), and the next follows.
///
/// A relay runs in the process of the service or in another; one of a name runs at a time. It may be started before there is
/// a ledger.
///
/// ```
/// use civic_audit::{AuditTrail, FileSink, Relay, Service};
/// # let (folder, copies) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// let relay = Relay::new(folder.path(), "file", FileSink::new(copies.path())).start()?;
/// // ... at the end, gives what is left ten seconds:
/// drop(trail);
/// assert!(relay.finish(std::time::Duration::from_secs(10)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Relay {
    disk: Arc<dyn Disk>,
    ledger: PathBuf,
    sink: Box<dyn Sink>,
    delivery: Delivery,
    batch: usize,
    look: Duration,
    tail: Tail,
    entries: Entries,
    /// Entries of the batch that are stored, or dead letters.
    done: usize,
    /// Where the sink is.
    place: Place,
    /// What the file says.
    noted: Place,
    backoff: Backoff,
    ready: Option<Ready>,
}

/// What there is once there is a ledger.
struct Ready {
    name: String,
    position: PositionFile,
    dead: DeadLetters,
    /// Held, so that no other relay has this name.
    _lock: Box<dyn Send + Sync>,
}

/// What a [step](Relay::step) of a relay did.
///
/// ```
/// # use civic_audit::Step;
/// fn is_even(step: &Step) -> bool {
///     matches!(step, Step::Idle)
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Step {
    /// The sink has all there is.
    Idle,
    /// So many entries were stored or became dead letters.
    Moved(usize),
    /// It failed, and should be tried again after this time.
    Failed {
        /// How long to wait.
        wait: Duration,
        /// What failed.
        error: SinkError,
    },
}

impl Relay {
    /// A relay from the ledger in a folder to a sink. The name is that of its position and of its metrics.
    ///
    /// # Panics
    /// When the name is not of lower-case letters, digits and hyphens: it is part of the code.
    ///
    /// ```
    /// use civic_audit::{FileSink, Relay};
    /// let relay = Relay::new("audit", "file", FileSink::new("/var/log/licensing/audit"));
    /// ```
    pub fn new(ledger: impl AsRef<Path>, name: &'static str, sink: impl Sink + 'static) -> Self {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(
            (1..=32).contains(&name.len()) && name.bytes().all(fits),
            "the name of a relay is 1 to 32 lower-case letters, digits and hyphens"
        );
        let ledger = ledger.as_ref().to_owned();
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        Relay {
            tail: Tail::new(Arc::clone(&disk), &ledger, Place::default()),
            delivery: Delivery::new(&ledger, name),
            disk,
            ledger,
            sink: Box::new(sink),
            batch: BATCH,
            look: LOOK,
            entries: Entries::default(),
            done: 0,
            place: Place::default(),
            noted: Place::default(),
            backoff: Backoff::default(),
            ready: None,
        }
    }

    /// Most entries that the sink is given at once; a batch also ends at 1 MiB. 1,024 unless told.
    ///
    /// ```
    /// # use civic_audit::{FileSink, Relay};
    /// let relay = Relay::new("audit", "file", FileSink::new("copies")).batch_entries(256);
    /// ```
    #[must_use]
    pub fn batch_entries(mut self, most: usize) -> Self {
        self.batch = most.max(1);
        self
    }

    /// How often the ledger is looked at when nothing was new, unless somebody waits for an entry. 0.1 seconds unless told.
    ///
    /// ```
    /// # use civic_audit::{FileSink, Relay};
    /// let relay = Relay::new("audit", "file", FileSink::new("copies")).look_every(std::time::Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn look_every(mut self, time: Duration) -> Self {
        self.look = time;
        self
    }

    /// How far it is, to wait for and to show.
    ///
    /// ```
    /// # use civic_audit::{FileSink, Relay};
    /// let delivery = Relay::new("audit", "file", FileSink::new("copies")).delivery();
    /// assert_eq!(delivery.counts().sent, 0);
    /// ```
    pub fn delivery(&self) -> Delivery {
        self.delivery.clone()
    }

    /// Runs it on a thread of its own.
    ///
    /// ```
    /// # use civic_audit::{FileSink, Relay};
    /// # let (folder, copies) = (tempfile::tempdir()?, tempfile::tempdir()?);
    /// let relay = Relay::new(folder.path(), "file", FileSink::new(copies.path())).start()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the system has no thread.
    pub fn start(self) -> io::Result<RunningRelay> {
        RunningRelay::start(self)
    }

    /// Gives the sink one batch. For a driver of one's own; [`start`](Relay::start) calls it from a thread.
    ///
    /// Blocks for as long as the sink does, and for the write of the position.
    ///
    /// ```
    /// use civic_audit::{AuditTrail, FileSink, Relay, Service, Step};
    /// # let (folder, copies) = (tempfile::tempdir()?, tempfile::tempdir()?);
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// let mut relay = Relay::new(folder.path(), "file", FileSink::new(copies.path()));
    /// assert!(matches!(relay.step(), Step::Moved(2)));
    /// assert!(matches!(relay.step(), Step::Idle));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn step(&mut self) -> Step {
        let moved = self
            .get_ready()
            .and_then(|ready| if ready { self.give() } else { Ok(0) });
        match moved {
            Ok(0) => {
                self.backoff.reset();
                self.delivery.even();
                Step::Idle
            }
            Ok(count) => {
                self.backoff.reset();
                Step::Moved(count)
            }
            Err(error) => {
                self.delivery.failed();
                let wait = self.backoff.next();
                Step::Failed { wait, error }
            }
        }
    }

    /// Takes the lock and reads the position, once there is a ledger.
    fn get_ready(&mut self) -> Result<bool, SinkError> {
        if self.ready.is_some() {
            return Ok(true);
        }
        let Some(name) = self.tail.base().map_err(unreadable)?.map(str::to_owned) else {
            return Ok(false);
        };
        let folder = folder(&self.ledger, self.delivery.sink());
        let unfit = |error: io::Error| {
            SinkError::passing("the position of the relay cannot be used").because(error)
        };
        self.disk.create_folder(&folder).map_err(unfit)?;
        self.disk.sync_folder(&self.ledger).map_err(unfit)?;
        let lock = self.disk.lock(&folder.join("lock")).map_err(|error| {
            SinkError::passing("another relay of this name is at work").because(error)
        })?;
        let position = PositionFile::new(&folder);
        self.place = position.read(&*self.disk, &name).map_err(unfit)?;
        self.noted = self.place;
        self.tail.go_to(self.place);
        self.delivery.moved(self.place);
        self.ready = Some(Ready {
            name,
            position,
            dead: DeadLetters::new(&folder),
            _lock: lock,
        });
        Ok(true)
    }

    /// Reads a batch unless one is left, gives it to the sink, and notes how far that is.
    fn give(&mut self) -> Result<usize, SinkError> {
        // Left over where the write failed.
        self.note()?;
        if self.done == self.entries.len() {
            self.done = 0;
            self.tail
                .read(&mut self.entries, self.batch, BATCH_BYTES)
                .map_err(unreadable)?;
            if self.entries.missing > 0 {
                let missing = self.entries.missing;
                self.delivery.count(|counts| counts.missing += missing);
            }
            if self.entries.is_empty() {
                return Ok(0);
            }
        }
        let batch = Batch::new(&self.entries, self.done);
        let (first, end) = (self.done, batch.end());
        let mut dead = 0u64;
        match self.sink.store(&batch) {
            Ok(up_to) => self.pass(up_to.min(end)),
            Err(error) => {
                let Some(seq) = error.refused_seq() else {
                    return Err(error);
                };
                self.pass(seq);
                self.bury(seq, error)?;
                dead = 1;
            }
        }
        let moved = self.done - first;
        if moved == 0 {
            return Err(SinkError::passing("the sink stored nothing, and said so"));
        }
        let bytes = self.entries.iter().skip(first).take(moved);
        let bytes: u64 = bytes.map(|(_, entry)| entry.len() as u64).sum();
        self.delivery.stored(moved as u64 - dead, bytes);
        self.place = self.place_of_done();
        self.note()?;
        Ok(moved)
    }

    /// The place behind the last entry that is done.
    fn place_of_done(&self) -> Place {
        let last = self.entries.iter().nth(self.done.saturating_sub(1));
        match last {
            Some((seq, _)) if self.done < self.entries.len() => Place {
                seq: seq + 1,
                ..self.entries.next
            },
            _ => self.entries.next,
        }
    }

    /// Counts the entries before a sequence as done.
    fn pass(&mut self, up_to: u64) {
        let before = self.entries.iter().take_while(|(seq, _)| *seq < up_to);
        self.done = self.done.max(before.count());
    }

    /// Keeps an entry as a dead letter.
    fn bury(&mut self, seq: u64, error: SinkError) -> Result<(), SinkError> {
        let entry = self.entries.iter().nth(self.done);
        let (Some(ready), Some((at, entry))) = (&self.ready, entry) else {
            return Err(error);
        };
        if at != seq {
            return Err(error);
        }
        let stream = &self.entries.stream;
        ready
            .dead
            .keep(&*self.disk, (stream, seq), entry, error.why())
            .map_err(|error| SinkError::passing("a dead letter cannot be kept").because(error))?;
        self.done += 1;
        self.delivery.count(|counts| counts.dead_letters += 1);
        Ok(())
    }

    /// Makes durable how far the sink is, and tells those who wait for it.
    fn note(&mut self) -> Result<(), SinkError> {
        let Some(ready) = self.ready.as_ref().filter(|_| self.noted != self.place) else {
            return Ok(());
        };
        ready
            .position
            .write(&*self.disk, &ready.name, self.place)
            .map_err(|error| SinkError::passing("the position cannot be written").because(error))?;
        self.noted = self.place;
        self.delivery.moved(self.place);
        Ok(())
    }
}

/// Folder of a relay in its ledger.
fn folder(ledger: &Path, name: &str) -> PathBuf {
    ledger.join(format!("relay-{name}"))
}

fn unreadable(error: io::Error) -> SinkError {
    SinkError::passing("the ledger cannot be read").because(error)
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("sink", &self.delivery.sink())
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
