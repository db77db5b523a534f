//! Moves what stands in the outbox into the ledger.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use civic_core::{Metric, MetricSink, MetricSource, Unit, Value};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::Type;
use tokio_postgres::{Config, NoTls, Row, Socket};
use uuid::Uuid;

use crate::postgres::session::{Failure, Number, Session};
use crate::record::Record;
use crate::relay::Backoff;
use crate::trail::AuditTrail;

/// Rows that are moved at once.
const ROWS: i64 = 256;

/// How often the outbox is looked at when nothing was in it.
const LOOK: Duration = Duration::from_millis(200);

const TAKE: Number = Number(0);
const TAKEN: Number = Number(1);
const DELETE: Number = Number(2);
const REFUSE: Number = Number(3);

static STATEMENTS: [(&str, &[Type]); 4] = [
    // Committed before anything is moved, so that no other ledger moves the same.
    (
        "UPDATE civic_audit_outbox SET taken_by = $1 WHERE queued IN ( \
             SELECT queued FROM civic_audit_outbox WHERE taken_by IS NULL AND refused IS NULL \
             ORDER BY queued LIMIT $2 FOR UPDATE SKIP LOCKED)",
        &[Type::TEXT, Type::INT8],
    ),
    (
        "SELECT id::text, body FROM civic_audit_outbox WHERE taken_by = $1 AND refused IS NULL ORDER BY queued LIMIT $2",
        &[Type::TEXT, Type::INT8],
    ),
    (
        "DELETE FROM civic_audit_outbox WHERE taken_by = $1 AND id = ANY (SELECT unnest($2)::uuid)",
        &[Type::TEXT, Type::TEXT_ARRAY],
    ),
    (
        "UPDATE civic_audit_outbox SET refused = $3 WHERE taken_by = $1 AND id = $2::uuid",
        &[Type::TEXT, Type::TEXT, Type::TEXT],
    ),
];

static METRICS: [Metric; 3] = [
    Metric::counter(
        "audit.outbox.moved",
        Unit::Of("event"),
        "Events that were moved from the outbox into the ledger.",
        &[],
    ),
    Metric::counter(
        "audit.outbox.refused",
        Unit::Of("event"),
        "Rows of the outbox that are no events of this service, and stay there.",
        &[],
    ),
    Metric::counter(
        "audit.outbox.failures",
        Unit::Of("failure"),
        "Attempts that failed and are made again.",
        &[],
    ),
];

/// Moves events from the outbox into the ledger of a trail, each once.
///
/// A row is first taken for this ledger, then made durable in it, then removed. A process that ends in between leaves rows that
/// only this ledger moves on; it looks for their ids in itself before it does, so that none is there twice. A ledger that is
/// gone with its machine leaves rows that somebody has to give to the others: the migration says how.
///
/// Events keep the id and the time that they were recorded with. Those of one transaction keep their order; between
/// transactions the order is that of the ledger, as the database promises none.
///
/// ```no_run
/// use civic_audit::{AuditTrail, Service, postgres::OutboxMover};
///
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), "/var/lib/licensing/audit").open()?;
/// let mover = OutboxMover::new(&trail, "host=db.internal dbname=licensing user=licensing".parse()?)?.start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct OutboxMover<T = NoTls> {
    trail: AuditTrail,
    ledger: String,
    session: Session<T>,
    /// Rows that are taken may be in the ledger already: this process has just begun, or lost an answer.
    unsure: bool,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    moved: AtomicU64,
    refused: AtomicU64,
    failures: AtomicU64,
    ending: AtomicBool,
    lock: Mutex<()>,
    ended: Condvar,
}

/// A mover that runs on a thread of its own. Dropping it ends the thread after the rows that are on their way.
///
/// ```
/// # use civic_audit::postgres::RunningMover;
/// fn show(mover: &RunningMover) {
///     println!("{} events were moved", mover.moved());
/// }
/// ```
#[derive(Debug)]
pub struct RunningMover {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// Why nothing was moved.
#[derive(Debug)]
struct MoveError {
    why: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl OutboxMover {
    /// A mover into the ledger of this trail, with a connection of its own.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service, postgres::OutboxMover};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// let mover = OutboxMover::new(&trail, "host=/run/postgresql dbname=licensing".parse()?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the system gives no runtime.
    pub fn new(trail: &AuditTrail, config: Config) -> io::Result<Self> {
        Self::with_tls(trail, config, NoTls)
    }
}

impl<T> OutboxMover<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + 'static,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
{
    /// A mover that connects with the TLS of another crate.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service, postgres::OutboxMover};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// # let connector = tokio_postgres::NoTls;
    /// let mover = OutboxMover::with_tls(&trail, "host=db.internal sslmode=require".parse()?, connector)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the system gives no runtime.
    pub fn with_tls(trail: &AuditTrail, config: Config, tls: T) -> io::Result<Self> {
        let stream = trail.stream();
        Ok(OutboxMover {
            ledger: stream
                .rsplit_once('/')
                .map_or(stream, |(base, _)| base)
                .to_owned(),
            trail: trail.clone(),
            session: Session::new(config, tls, &STATEMENTS)?,
            unsure: true,
            shared: Arc::default(),
        })
    }

    /// How long the server may take for one answer before the connection is given up. 30 seconds unless told.
    ///
    /// ```
    /// # use civic_audit::postgres::OutboxMover;
    /// fn impatient(mover: OutboxMover) -> OutboxMover {
    ///     mover.timeout(std::time::Duration::from_secs(5))
    /// }
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.session.set_timeout(timeout);
        self
    }

    /// Moves at most 256 events, and gives how many. For a driver of one's own; [`start`](OutboxMover::start) calls it from a
    /// thread. Blocks; do not call it from async code.
    ///
    /// ```no_run
    /// # use civic_audit::postgres::OutboxMover;
    /// fn empty(mover: &mut OutboxMover) -> std::io::Result<()> {
    ///     while mover.step()? > 0 {}
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When the database or the ledger fails. Nothing is lost; call it again.
    pub fn step(&mut self) -> io::Result<usize> {
        let moved = self.move_some();
        if let Ok(count) = &moved {
            let count = *count as u64;
            self.shared.moved.fetch_add(count, Ordering::Relaxed);
        } else {
            self.unsure = true;
            self.shared.failures.fetch_add(1, Ordering::Relaxed);
        }
        moved.map_err(io::Error::other)
    }

    /// Runs it on a thread of its own.
    ///
    /// ```no_run
    /// # use civic_audit::postgres::OutboxMover;
    /// # fn start(mover: OutboxMover) -> std::io::Result<()> {
    /// let mover = mover.start()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the system has no thread.
    pub fn start(mut self) -> io::Result<RunningMover> {
        let shared = Arc::clone(&self.shared);
        let thread = thread::Builder::new()
            .name("audit-outbox".to_owned())
            .spawn(move || self.run())?;
        Ok(RunningMover {
            shared,
            thread: Some(thread),
        })
    }

    fn run(&mut self) {
        let mut backoff = Backoff::default();
        while !self.shared.ending.load(Ordering::Acquire) {
            let wait = match self.step() {
                Ok(0) => LOOK,
                Ok(_) => {
                    backoff.reset();
                    continue;
                }
                Err(_) => backoff.next(),
            };
            let lock = self.shared.lock.lock();
            let lock = lock.unwrap_or_else(PoisonError::into_inner);
            let is_going_on = |(): &mut ()| !self.shared.ending.load(Ordering::Acquire);
            drop(
                self.shared
                    .ended
                    .wait_timeout_while(lock, wait, is_going_on),
            );
        }
    }

    fn move_some(&mut self) -> Result<usize, MoveError> {
        let ledger = self.ledger.clone();
        let mut rows = self.taken(&ledger)?;
        let left_over = !rows.is_empty();
        if rows.is_empty() {
            self.unsure = false;
            let taken = self.session.execute(TAKE, &[&ledger, &ROWS]);
            if taken.map_err(database)? == 0 {
                return Ok(0);
            }
            rows = self.taken(&ledger)?;
        }
        let mut known = HashSet::new();
        if left_over && self.unsure {
            known = self.in_ledger(&rows)?;
        }
        let mut given = Vec::with_capacity(rows.len());
        let mut done = Vec::with_capacity(rows.len());
        let mut refused = Vec::new();
        let mut failed = None;
        for (id, body) in rows {
            if known.contains(&id) {
                done.push(id.to_string());
            } else if let Some(why) = unfit(id, &body) {
                refused.push((id, why));
            } else {
                match self.trail.submit_body(body.as_bytes()) {
                    Ok(submitted) => given.push((id, submitted)),
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
            }
        }
        let moved = given.len();
        // All of them, whatever failed: what is on its way must be there before anybody looks for it.
        for (id, submitted) in given {
            match submitted.wait() {
                Ok(_) => done.push(id.to_string()),
                Err(error) => failed = Some(error),
            }
        }
        for (id, why) in refused {
            self.refuse(id, why)?;
        }
        if let Some(error) = failed {
            return Err(MoveError {
                why: "the ledger takes no event",
                source: error.into(),
            });
        }
        self.session
            .execute(DELETE, &[&ledger, &done])
            .map_err(database)?;
        self.unsure = false;
        Ok(moved)
    }

    /// Rows that this ledger has taken.
    fn taken(&mut self, ledger: &str) -> Result<Vec<(Uuid, String)>, MoveError> {
        let rows = self.session.query(TAKEN, &[&ledger, &ROWS]);
        let read = |row: &Row| -> Result<(Uuid, String), tokio_postgres::Error> {
            let id: &str = row.try_get(0)?;
            // It comes out of a column of that type.
            Ok((Uuid::parse_str(id).unwrap_or_default(), row.try_get(1)?))
        };
        rows.map_err(database)?
            .iter()
            .map(|row| read(row).map_err(|error| database(Failure::Postgres(error))))
            .collect()
    }

    /// Those of some rows that are in the ledger. Reads all of it, which is only needed after a crash.
    fn in_ledger(&self, rows: &[(Uuid, String)]) -> Result<HashSet<Uuid>, MoveError> {
        let wanted: HashSet<Uuid> = rows.iter().map(|(id, _)| *id).collect();
        let mut found = HashSet::new();
        crate::verify::read(self.trail.folder(), &mut |record| {
            if wanted.contains(&record.id) {
                found.insert(record.id);
            }
            true
        })
        .map_err(|error| MoveError {
            why: "the ledger cannot be read",
            source: error.into(),
        })?;
        Ok(found)
    }

    fn refuse(&mut self, id: Uuid, why: &'static str) -> Result<(), MoveError> {
        let ledger = self.ledger.clone();
        self.session
            .execute(REFUSE, &[&ledger, &id.to_string(), &why])
            .map_err(database)?;
        self.shared.refused.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl RunningMover {
    /// Events that were moved since the start.
    ///
    /// ```
    /// # use civic_audit::postgres::RunningMover;
    /// fn has_moved(mover: &RunningMover) -> bool {
    ///     mover.moved() > 0
    /// }
    /// ```
    pub fn moved(&self) -> u64 {
        self.shared.moved.load(Ordering::Relaxed)
    }
}

impl Drop for RunningMover {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::Release);
        // Behind the lock, so that the thread does not begin to wait after it was called.
        drop(
            self.shared
                .lock
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        self.shared.ended.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Events that were moved and refused, and failures.
impl MetricSource for RunningMover {
    fn metrics(&self) -> &'static [Metric] {
        &METRICS
    }

    fn collect(&self, sink: &mut dyn MetricSink) {
        let of = |count: &AtomicU64| Value::Count(count.load(Ordering::Relaxed));
        let Shared {
            moved,
            refused,
            failures,
            ..
        } = &*self.shared;
        for (metric, value) in METRICS.iter().zip([of(moved), of(refused), of(failures)]) {
            sink.sample(metric, &[], value);
        }
    }
}

/// Why a row is no event, if it is none.
fn unfit(id: Uuid, body: &str) -> Option<&'static str> {
    let whole = format!("{{\"v\":1,\"stream\":\"\",\"seq\":0,\"logged_time\":\"\",{body}");
    match Record::parse(whole.as_bytes()) {
        Ok(record) if record.id != id => Some("the event has another id"),
        Ok(record) if record.phase != "event" => Some("an intent cannot be recorded afterwards"),
        Ok(_) if body.contains('\n') => Some("the event is not one line"),
        Ok(_) => None,
        Err(_) => Some("this is no event of version 1"),
    }
}

fn database(failure: Failure) -> MoveError {
    MoveError {
        why: "the outbox cannot be read or changed",
        source: failure.into(),
    }
}

impl fmt::Display for MoveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why)
    }
}

impl Error for MoveError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source: &(dyn Error + 'static) = &*self.source;
        Some(source)
    }
}

impl<T> fmt::Debug for OutboxMover<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxMover")
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}
