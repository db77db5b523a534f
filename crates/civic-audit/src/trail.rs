//! The trail: where a service records its events.

use std::fmt;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use civic_core::{Clock, SystemClock};
use civic_pii::Redactor;
use uuid::Uuid;

use crate::counts::Counts;
use crate::disk::{Disk, RealDisk};
use crate::error::{OpenError, RecordError};
use crate::event::{
    Actor, BestEffort, Class, Encoder, Event, Outcome, OutcomeOf, Phase, Policy, Service,
    ServiceLifecycle, Transition,
};
use crate::guard::Guard;
use crate::id::Ids;
use crate::keys::KeyStore;
use crate::ledger::{Durable, Ledger, Mark, Options, Patience, Ticket, body_max};
use crate::notes::word_notes;
use crate::time;
use crate::witness::Witness;

/// Size of a segment unless told.
const SEGMENT: u64 = 16 * 1024 * 1024;

/// Bytes of entries that may wait in memory unless told.
const QUEUE: usize = 4 * 1024 * 1024;

/// How long an entry waits for room unless told.
const PATIENCE: Duration = Duration::from_secs(5);

/// A trail. Cheap to clone; clones share one ledger, which closes when the last of them and the last guard is gone.
///
/// Two contracts:
///
/// - [`begin`](AuditTrail::begin): the intent is durable when it returns, before the action. The guard that it gives is
///   completed with the outcome. Dropped, the outcome is `abandoned`; if the process ends, the next one writes `unknown`.
/// - [`record`](AuditTrail::record): the event is durable when it returns. For what is over, or cannot be prevented.
///
/// Durable means: after `fdatasync` of the segment, and `fsync` of the folder where the segment is new. What the disk's own
/// cache does with that is beyond what software can promise.
///
/// Callers that come at the same time share one `fdatasync`. A caller may write the entries of others, so a call takes as long
/// as the disk takes; in async code use [`begin_async`](AuditTrail::begin_async) and
/// [`record_async`](AuditTrail::record_async), which never block and need no runtime.
///
/// ```
/// use civic_audit::{Actor, AuditTrail, DataAccess, Purpose, Service, Subject};
/// # let folder = tempfile::tempdir()?;
/// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
///
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
///     .development() // the folder of this example may be in memory
///     .open()?;
/// let access = trail.begin(DataAccess {
///     actor: Actor::staff("caseworker-7012", "caseworker"),
///     subject: Subject::record(&ring, "licence", "2026/0042"),
///     fields: &["holder", "address"],
///     purpose: Purpose::new("licence-review"),
/// })?;
/// // The entry is on the disk. Now the record may be read.
/// access.succeed()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AuditTrail(pub(crate) Arc<Shared>);

/// What the clones and the guards of a trail share.
pub(crate) struct Shared {
    folder: PathBuf,
    ledger: Ledger,
    encoder: Encoder,
    ids: Arc<Ids>,
    clock: Arc<dyn Clock>,
    patience: Duration,
    /// The file system vanishes with its container, and nobody said that this may be.
    vanishing: bool,
    dropped: AtomicU64,
    warnings: Vec<Warning>,
}

/// Something about the place of a ledger that its owner should know. Log it at start.
///
/// ```
/// let warning = civic_audit::Warning::VanishingStorage;
/// assert!(warning.to_string().starts_with("the ledger is on a file system"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The file system is gone when the container is: tmpfs, ramfs, overlay.
    VanishingStorage,
    /// There are no keys, so that nobody can prove that nothing was changed.
    Unsigned,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Warning::VanishingStorage => {
                "the ledger is on a file system that is gone when the container is; events that must not be lost are refused"
            }
            Warning::Unsigned => "no keys are given, so that no checkpoint of the ledger is signed",
        })
    }
}

/// Where an entry stands, once it is durable.
///
/// ```
/// use civic_audit::{Actor, AuditTrail, Service, ServiceLifecycle, Transition};
/// # let folder = tempfile::tempdir()?;
/// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// let first = trail.record(ServiceLifecycle { actor: Actor::system(), transition: Transition::Started })?;
/// let second = trail.record(ServiceLifecycle { actor: Actor::system(), transition: Transition::Stopping })?;
/// assert_eq!(second.seq, first.seq + 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Id of the event.
    pub id: Uuid,
    /// Place in the stream.
    pub seq: u64,
    /// When it was written, as microseconds since 1970.
    pub logged_micros: i64,
}

/// Settings of a trail. Only [`open`](Builder::open) can fail.
///
/// ```
/// use civic_audit::{AuditTrail, Service};
/// # let folder = tempfile::tempdir()?;
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
///     .segment_bytes(64 * 1024 * 1024)
///     .development()
///     .open()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Builder {
    service: Service,
    folder: PathBuf,
    disk: Arc<dyn Disk>,
    redactor: Redactor,
    clock: Arc<dyn Clock>,
    segment_bytes: u64,
    queue_bytes: usize,
    patience: Duration,
    development: bool,
    keys: Option<Arc<dyn KeyStore>>,
    witness: Option<Arc<dyn Witness>>,
}

impl AuditTrail {
    /// A trail of this service, with its ledger in a folder. One process has a ledger open at a time.
    ///
    /// ```
    /// use civic_audit::{AuditTrail, Service};
    /// let builder = AuditTrail::builder(Service::new("licensing", "1.4.0"), "audit");
    /// ```
    pub fn builder(service: Service, folder: impl AsRef<Path>) -> Builder {
        Builder {
            service,
            folder: folder.as_ref().to_owned(),
            disk: Arc::new(RealDisk),
            redactor: Redactor::new(),
            clock: Arc::new(SystemClock),
            segment_bytes: SEGMENT,
            queue_bytes: QUEUE,
            patience: PATIENCE,
            development: false,
            keys: None,
            witness: None,
        }
    }

    /// Makes an intent durable, then gives the guard that its outcome is told to.
    ///
    /// ```
    /// # use civic_audit::{Actor, AuditTrail, Erasure, Outcome, Purpose, Service, Subject};
    /// # let folder = tempfile::tempdir()?;
    /// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// let erasure = trail.begin(Erasure {
    ///     actor: Actor::system(),
    ///     subject: Subject::record(&ring, "licence", "2026/0042"),
    ///     fields: &["holder"],
    ///     basis: Purpose::new("retention-ended"),
    /// })?;
    /// erasure.complete(Outcome::Failed)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the intent is not known to be durable: the action must not be taken.
    pub fn begin<C: Class>(&self, event: impl Into<Event<C>>) -> Result<Guard<C>, RecordError> {
        let (mut guard, ticket) = self.give_intent(&event.into())?;
        guard.settle(self.0.ledger.wait(&ticket))?;
        Ok(guard)
    }

    /// As [`begin`](AuditTrail::begin), as a future of any runtime. Dropping it half-way leaves an intent that is `abandoned`.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, DataAccess, Guard, RecordError};
    /// async fn open(trail: &AuditTrail, access: DataAccess) -> Result<Guard<DataAccess>, RecordError> {
    ///     trail.begin_async(access).await
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`begin`](AuditTrail::begin).
    pub async fn begin_async<C: Class>(
        &self,
        event: impl Into<Event<C>>,
    ) -> Result<Guard<C>, RecordError> {
        let (mut guard, ticket) = self.give_intent(&event.into())?;
        guard.settle(Acked(&self.0, &ticket).await)?;
        Ok(guard)
    }

    /// Makes an event durable.
    ///
    /// ```
    /// # use civic_audit::{AccessDenied, Actor, AuditTrail, Service};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// trail.record(AccessDenied {
    ///     actor: Actor::staff("caseworker-7012", "caseworker"),
    ///     subject: None,
    ///     attempted: "licence.view",
    ///     reason: "not in the team of this case",
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When it is not known to be durable.
    pub fn record<C: Class>(&self, event: impl Into<Event<C>>) -> Result<Entry, RecordError> {
        let (id, ticket) = self.give_event(&event.into())?;
        Ok(Entry::new(id, self.0.ledger.wait(&ticket)?))
    }

    /// As [`record`](AuditTrail::record), as a future of any runtime. The event is given even if the future is dropped.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Auth, Entry, RecordError};
    /// async fn signed_in(trail: &AuditTrail, auth: Auth) -> Result<Entry, RecordError> {
    ///     trail.record_async(auth).await
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`record`](AuditTrail::record).
    pub async fn record_async<C: Class>(
        &self,
        event: impl Into<Event<C>>,
    ) -> Result<Entry, RecordError> {
        let (id, ticket) = self.give_event(&event.into())?;
        Ok(Entry::new(id, Acked(&self.0, &ticket).await?))
    }

    /// Gives an event and does not wait: the tickets of many are then waited for together, in one batch.
    ///
    /// ```
    /// # use civic_audit::{Actor, AuditTrail, Auth, Service};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// let given: Vec<_> = (0..10)
    ///     .map(|_| trail.submit(Auth { actor: Actor::system(), step: "sign-in", method: "token" }))
    ///     .collect::<Result<_, _>>()?;
    /// for submitted in given {
    ///     submitted.wait()?;
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When there is no room for it.
    pub fn submit<C: Class>(&self, event: impl Into<Event<C>>) -> Result<Submitted, RecordError> {
        let (id, ticket) = self.give_event(&event.into())?;
        Ok(Submitted {
            shared: Arc::clone(&self.0),
            id,
            ticket,
        })
    }

    /// Gives an event that may be lost. Never waits and never fails; what is lost is counted.
    ///
    /// ```
    /// # use civic_audit::{Actor, AuditTrail, Event, Service, ServiceLifecycle, Transition};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// let event = ServiceLifecycle { actor: Actor::system(), transition: Transition::Reconfigured };
    /// trail.note(&Event::from(event).best_effort());
    /// assert_eq!(trail.counts().dropped, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn note<C: Class>(&self, event: &BestEffort<C>) {
        let (_, body) = self.0.word(&event.0, Phase::Event);
        let given = self.0.ledger.push(&body, Mark::None, Patience::NONE);
        match given {
            Ok(_) => self.0.ledger.lead_in_background(),
            Err(_) => {
                self.0.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Name of the stream.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// assert!(trail.stream().starts_with("licensing/"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stream(&self) -> &str {
        &self.0.ledger.stream
    }

    /// The folder of the ledger: for a [`Relay`](crate::Relay).
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, FileSink, Relay, Service};
    /// # let (folder, copies) = (tempfile::tempdir()?, tempfile::tempdir()?);
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// let relay = Relay::new(trail.folder(), "file", FileSink::new(copies.path()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// What the owner of the service should know about the place of its ledger.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// for warning in trail.warnings() {
    ///     eprintln!("audit: {warning}");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn warnings(&self) -> &[Warning] {
        &self.0.warnings
    }

    /// Signs the stream as it is now, and gives the checkpoint: to publish, or to have witnessed. `None` without keys.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// assert_eq!(trail.checkpoint()?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn checkpoint(&self) -> std::io::Result<Option<String>> {
        self.0.ledger.checkpoint()
    }

    /// Figures since it was opened.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// assert_eq!(trail.counts().unpaired_intents, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn counts(&self) -> Counts {
        Counts {
            dropped: self.0.dropped.load(Ordering::Relaxed),
            ..self.0.ledger.counts()
        }
    }

    /// An event, worded and not given.
    #[cfg(feature = "postgres")]
    pub(crate) fn word_event<C: Class>(&self, event: &Event<C>) -> (Uuid, Vec<u8>) {
        self.0.word(event, Phase::Event)
    }

    /// Gives an event that was worded before.
    #[cfg(feature = "postgres")]
    pub(crate) fn submit_body(&self, body: &[u8]) -> Result<Submitted, RecordError> {
        let ticket = self.0.give(Policy::FailClosed, body, Mark::None)?;
        Ok(Submitted {
            shared: Arc::clone(&self.0),
            id: Uuid::nil(),
            ticket,
        })
    }

    fn give_intent<C: Class>(&self, event: &Event<C>) -> Result<(Guard<C>, Ticket), RecordError> {
        let (id, body) = self.0.word(event, Phase::Intent);
        let mark = Mark::Begins(id.into_bytes());
        let ticket = self.0.give(event.policy, &body, mark)?;
        Ok((Guard::new(Arc::clone(&self.0), id, event), ticket))
    }

    fn give_event<C: Class>(&self, event: &Event<C>) -> Result<(Uuid, Ticket), RecordError> {
        let (id, body) = self.0.word(event, Phase::Event);
        let ticket = self.0.give(event.policy, &body, Mark::None)?;
        Ok((id, ticket))
    }
}

impl Shared {
    /// The end of an intent, worded. Gives the id of the event, too.
    pub(crate) fn word_outcome(&self, outcome: &OutcomeOf<'_>) -> (Uuid, Vec<u8>) {
        let now = time::from_system(self.clock.now());
        let id = self.ids.next(now);
        let mut body = Vec::with_capacity(512);
        self.encoder.outcome(outcome, id, now, &mut body);
        (id, body)
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// How long an outcome waits: as an event that must not be lost.
    pub(crate) fn patience(&self) -> Patience {
        Patience {
            memory: self.patience,
            disk: Duration::ZERO,
        }
    }

    fn word<C: Class>(&self, event: &Event<C>, phase: Phase) -> (Uuid, Vec<u8>) {
        let now = time::from_system(self.clock.now());
        let id = self.ids.next(now);
        let mut body = Vec::with_capacity(1024);
        self.encoder.event(event, id, now, phase, &mut body);
        (id, body)
    }

    fn give(&self, policy: Policy, body: &[u8], mark: Mark) -> Result<Ticket, RecordError> {
        let patience = match policy {
            Policy::FailClosed if self.vanishing => return Err(RecordError::Vanishing),
            Policy::FailClosed => self.patience(),
            Policy::Spool => Patience {
                memory: self.patience,
                disk: self.patience,
            },
        };
        self.ledger.push(body, mark, patience)
    }
}

impl Entry {
    pub(crate) fn new(id: Uuid, durable: Durable) -> Self {
        Entry {
            id,
            seq: durable.seq,
            logged_micros: durable.logged.as_microsecond(),
        }
    }
}

impl Builder {
    /// Size of a segment of the ledger, which is also how much the disk needs twice from the start. 16 MiB unless told.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// let builder = AuditTrail::builder(Service::new("licensing", "1.4.0"), "audit").segment_bytes(1 << 26);
    /// ```
    #[must_use]
    pub fn segment_bytes(mut self, bytes: u64) -> Self {
        self.segment_bytes = bytes;
        self
    }

    /// Most bytes of entries that wait for the disk in memory. 4 MiB unless told.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// let builder = AuditTrail::builder(Service::new("licensing", "1.4.0"), "audit").queue_bytes(1 << 20);
    /// ```
    #[must_use]
    pub fn queue_bytes(mut self, bytes: usize) -> Self {
        self.queue_bytes = bytes;
        self
    }

    /// How long an entry waits for room before it fails. Five seconds unless told.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// let builder = AuditTrail::builder(Service::new("licensing", "1.4.0"), "audit")
    ///     .patience(std::time::Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// What free text passes through. Erases every kind of personal data unless told.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// let builder = AuditTrail::builder(Service::new("licensing", "1.4.0"), "audit")
    ///     .redactor(civic_pii::Redactor::new());
    /// ```
    #[must_use]
    pub fn redactor(mut self, redactor: Redactor) -> Self {
        self.redactor = redactor;
        self
    }

    /// Where the time of events comes from.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// let builder = AuditTrail::builder(Service::new("licensing", "1.4.0"), "audit")
    ///     .clock(civic_core::FakeClock::new());
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Takes every event on a file system that is gone when the container is. For a developer's machine and for tests.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// let builder = AuditTrail::builder(Service::new("licensing", "1.4.0"), "audit").development();
    /// ```
    #[must_use]
    pub fn development(mut self) -> Self {
        self.development = true;
        self
    }

    /// Signs a checkpoint of the stream about once a second, at the end of each segment and when the trail closes.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, FileKeys, Service};
    /// # let (folder, keys) = (tempfile::tempdir()?, tempfile::tempdir()?);
    /// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
    ///     .keys(FileKeys::create(keys.path(), "licensing-root")?)
    ///     .development()
    ///     .open()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn keys(mut self, keys: impl KeyStore + 'static) -> Self {
        self.keys = Some(Arc::new(keys));
        self
    }

    /// Gives each signed checkpoint to a witness, about once a second and when the trail closes. Needs [keys](Builder::keys).
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, FileWitness, Service};
    /// let builder = AuditTrail::builder(Service::new("licensing", "1.4.0"), "audit")
    ///     .witness(FileWitness::new("witness"));
    /// ```
    #[must_use]
    pub fn witness(mut self, witness: impl Witness + 'static) -> Self {
        self.witness = Some(Arc::new(witness));
        self
    }

    /// Opens the ledger, or makes it; writes what the last process left open, and `service.started`.
    ///
    /// ```
    /// # use civic_audit::{AuditTrail, Service};
    /// # let folder = tempfile::tempdir()?;
    /// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When another process has it open, the folder cannot be read or written, or a setting is out of range. A part of the
    /// ledger that cannot be read is no error: it stays as it is, and an event in the stream says so.
    pub fn open(self) -> Result<AuditTrail, OpenError> {
        if !self.service.is_sound() {
            return Err(OpenError::service(&self.folder));
        }
        let folder = self.folder;
        let ids = Arc::new(Ids::new());
        let options = Options {
            disk: Arc::clone(&self.disk),
            folder: folder.clone(),
            service: self.service.name().to_owned(),
            segment_size: self.segment_bytes,
            queue: self.queue_bytes,
            keys: self.keys.clone(),
            witness: self.witness,
        };
        let mut limit = 0;
        let (ledger, recovered) = Ledger::open(&options, |stream| {
            limit = body_max(stream);
            word_notes(&self.service, Arc::clone(&ids), Arc::clone(&self.clock))
        })?;
        let vanishes = self
            .disk
            .vanishes(&folder)
            .map_err(OpenError::io(&folder))?;
        let shared = Shared {
            folder: folder.clone(),
            ledger,
            encoder: Encoder::new(self.redactor, &self.service, limit),
            ids,
            clock: self.clock,
            patience: self.patience,
            vanishing: vanishes && !self.development,
            dropped: AtomicU64::new(0),
            warnings: [
                vanishes.then_some(Warning::VanishingStorage),
                self.keys.is_none().then_some(Warning::Unsigned),
            ]
            .into_iter()
            .flatten()
            .collect(),
        };
        let trail = AuditTrail(Arc::new(shared));
        trail
            .resolve(&recovered.unpaired)
            .and_then(|()| {
                let started = ServiceLifecycle {
                    actor: Actor::system(),
                    transition: Transition::Started,
                };
                trail.record(Event::from(started).action("service.started"))
            })
            .map_err(|error| OpenError::note(&folder, error))?;
        Ok(trail)
    }

    /// Another file system.
    #[cfg(test)]
    pub(crate) fn disk(mut self, disk: impl Disk + 'static) -> Self {
        self.disk = Arc::new(disk);
        self
    }
}

impl AuditTrail {
    /// Writes `unknown` for the intents that a former process left open.
    fn resolve(&self, unpaired: &[[u8; 16]]) -> Result<(), RecordError> {
        let mut last = None;
        for intent in unpaired {
            let (_, body) = self.0.word_outcome(&OutcomeOf {
                intent: Uuid::from_bytes(*intent),
                class: "audit_meta",
                action: "audit.resolved",
                outcome: Outcome::Unknown,
                detail: None,
            });
            last = Some(
                self.0
                    .ledger
                    .push(&body, Mark::Ends(*intent), self.0.patience())?,
            );
        }
        // Entries are durable in the order in which they were given.
        last.map_or(Ok(()), |ticket| self.0.ledger.wait(&ticket).map(drop))
    }
}

/// An event that was given. It becomes durable by itself, if not at once; waiting for it makes sure.
///
/// ```
/// # use civic_audit::{Actor, AuditTrail, Auth, Service};
/// # let folder = tempfile::tempdir()?;
/// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// let entry = trail.submit(Auth { actor: Actor::system(), step: "sign-in", method: "token" })?.wait()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an event that nobody waits for is not known to be durable"]
pub struct Submitted {
    shared: Arc<Shared>,
    id: Uuid,
    ticket: Ticket,
}

impl Submitted {
    /// Waits until it is durable.
    ///
    /// ```
    /// # use civic_audit::{Actor, AuditTrail, Auth, Service};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// trail.submit(Auth { actor: Actor::system(), step: "sign-in", method: "token" })?.wait()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When it is not known to be durable.
    pub fn wait(self) -> Result<Entry, RecordError> {
        Ok(Entry::new(self.id, self.shared.ledger.wait(&self.ticket)?))
    }
}

impl Drop for Submitted {
    fn drop(&mut self) {
        self.shared.ledger.lead_in_background();
    }
}

/// Ready when the entry is durable.
pub(crate) struct Acked<'a>(pub(crate) &'a Shared, pub(crate) &'a Ticket);

impl Future for Acked<'_> {
    type Output = Result<Durable, RecordError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.ledger.poll(self.1, context.waker())
    }
}

impl fmt::Debug for AuditTrail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditTrail")
            .field("stream", &self.stream())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("service", &self.service)
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Submitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submitted")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<AuditTrail>();
    shared::<Submitted>();
};
