//! Reads a whole ledger and says what is wrong with it, by stream, entry and byte.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::Path;

use uuid::Uuid;

use crate::disk::{Disk, RealDisk};
use crate::ledger::{Id, Mark, Step, segment_name, stream_names, walk};
use crate::record::{Pairing, Record};
use crate::seals::Seals;
use crate::signature::{Checkpoint, PublicKey};

/// Most problems that a report names; it counts the others.
const NAMED: usize = 100;

/// What a look through a whole ledger found.
///
/// ```
/// use civic_audit::{Actor, AuditTrail, Auth, Service, verify};
/// # let folder = tempfile::tempdir()?;
///
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// trail.record(Auth { actor: Actor::system(), step: "sign-in", method: "token" })?;
/// drop(trail);
/// let report = verify(folder.path())?;
/// assert!(report.is_sound());
/// assert_eq!(report.entries, 3); // the opening of the segment, service.started, and the event
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Entries that were read.
    pub entries: u64,
    /// Streams, with the number of entries in each.
    pub streams: Vec<(String, u64)>,
    /// What is wrong, in the order of the ledger; the first hundred.
    pub problems: Vec<Problem>,
    /// Number of problems.
    pub problem_count: u64,
    /// Parts that could not be read and that an event in the ledger accounts for.
    pub gaps: u64,
    /// A tail that is being written or was torn, behind the last entry; the next process accounts for it.
    pub open_tail: Option<Problem>,
    /// Whether there are signed checkpoints, each of which was compared with the entries.
    pub sealed: bool,
    /// Intents that have no outcome yet. While the service runs these are actions that go on.
    pub unpaired: Vec<Uuid>,
}

/// Something that is wrong at a place of the ledger.
///
/// ```
/// # use civic_audit::Problem;
/// fn show(problem: &Problem) {
///     println!("{problem}");
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Name of the stream.
    pub stream: String,
    /// File of the segment.
    pub segment: String,
    /// Sequence of the entry, or of the first that is missing.
    pub seq: u64,
    /// Offset in the file.
    pub byte: u64,
    /// What is wrong there.
    pub why: &'static str,
}

impl Report {
    /// Whether nothing is wrong: every byte is accounted for. Intents without an outcome are no fault of the ledger.
    ///
    /// ```
    /// assert!(civic_audit::Report::default().is_sound());
    /// ```
    pub fn is_sound(&self) -> bool {
        self.problem_count == 0
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} entry {}: {} at byte {} of {}",
            self.stream, self.seq, self.why, self.byte, self.segment
        )
    }
}

/// A look through a whole ledger, with what the auditor brings along.
///
/// ```
/// use civic_audit::{AuditTrail, Checkpoint, FileKeys, KeyStore, Service, Verification};
/// # let (folder, keys) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// let store = FileKeys::create(keys.path(), "licensing-root")?;
/// let root = store.root()?;
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path())
///     .keys(store)
///     .development()
///     .open()?;
/// let seen = trail.checkpoint()?.expect("it has keys"); // given to somebody who keeps it
/// drop(trail);
///
/// let report = Verification::new()
///     .root(root)
///     .witnessed(Checkpoint::parse(&seen).expect("it is one"))
///     .run(folder.path())?;
/// assert!(report.is_sound());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Verification {
    root: Option<PublicKey>,
    witnessed: Vec<Checkpoint>,
}

impl Verification {
    /// One without a key and without a witness.
    ///
    /// ```
    /// let verification = civic_audit::Verification::new();
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// The public half of the root that must have named the keys.
    ///
    /// ```
    /// # let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    /// # let root = civic_audit::PublicKey::parse(text).expect("a public key");
    /// let verification = civic_audit::Verification::new().root(root);
    /// ```
    #[must_use]
    pub fn root(mut self, root: PublicKey) -> Self {
        self.root = Some(root);
        self
    }

    /// A checkpoint that somebody else kept: every entry that it covers must still be there, as it was.
    ///
    /// ```
    /// # use civic_audit::{Checkpoint, Verification};
    /// fn with(kept: Checkpoint) -> Verification {
    ///     Verification::new().witnessed(kept)
    /// }
    /// ```
    #[must_use]
    pub fn witnessed(mut self, checkpoint: Checkpoint) -> Self {
        self.witnessed.push(checkpoint);
        self
    }

    /// Reads the ledger in a folder from its first entry to its last. Takes no lock, and changes nothing.
    ///
    /// Checked are: every frame's checksum; the sequence, without a gap from 0; that each entry is one of version 1 and names
    /// its own stream and sequence; that what cannot be read is accounted for by a gap event; the pairs of intents and
    /// outcomes; that every checkpoint is signed by the key whose turn it was, and that its root is that of the entries.
    ///
    /// Without a root's key it takes the ledger's word for who signs. Without a witnessed checkpoint it cannot tell that the
    /// newest entries were removed together with their checkpoint.
    ///
    /// Memory: two windows of 256 KiB, about 100 bytes for each intent that has no outcome, and the checkpoints that name
    /// keys, about 400 bytes for each segment.
    ///
    /// ```
    /// let folder = tempfile::tempdir()?;
    /// assert!(civic_audit::Verification::new().run(folder.path()).is_err()); // this is no ledger
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the folder holds no ledger, or a file in it cannot be read at all.
    pub fn run(&self, folder: impl AsRef<Path>) -> io::Result<Report> {
        self.run_on(&RealDisk, folder.as_ref(), &mut |_| {})
    }

    /// As [`run`](Verification::run), and tells how many bytes of entries were read, now and then.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # use civic_audit::{AuditTrail, Service, Verification};
    /// # drop(AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?);
    /// let mut bytes = 0;
    /// Verification::new().run_with(folder.path(), &mut |read| bytes += read)?;
    /// assert!(bytes > 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`run`](Verification::run).
    pub fn run_with(
        &self,
        folder: impl AsRef<Path>,
        progress: &mut dyn FnMut(u64),
    ) -> io::Result<Report> {
        self.run_on(&RealDisk, folder.as_ref(), progress)
    }

    pub(crate) fn root_key(&self) -> Option<&PublicKey> {
        self.root.as_ref()
    }

    /// Checkpoints of a stream that somebody else kept.
    pub(crate) fn witnesses<'a>(&'a self, stream: &'a str) -> impl Iterator<Item = &'a Checkpoint> {
        self.witnessed
            .iter()
            .filter(move |kept| kept.origin == stream)
    }

    pub(crate) fn run_on(
        &self,
        disk: &dyn Disk,
        folder: &Path,
        progress: &mut dyn FnMut(u64),
    ) -> io::Result<Report> {
        let mut verifier = Verifier {
            disk,
            folder,
            verification: self,
            report: Report::default(),
            intents: HashMap::new(),
            unexplained: Vec::new(),
            explained: Vec::new(),
            seals: None,
            failure: None,
        };
        walk(disk, folder, &mut |step| {
            if let Step::Entry { entry, .. } = step {
                progress(entry.len() as u64);
            }
            verifier.take(&step);
            verifier.failure.is_none()
        })?;
        verifier.finish()
    }
}

/// Verifies without a key and without a witness: [`Verification`] with nothing brought along.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// assert!(civic_audit::verify(folder.path()).is_err()); // this is no ledger
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// As [`Verification::run`].
pub fn verify(folder: impl AsRef<Path>) -> io::Result<Report> {
    Verification::new().run(folder)
}

/// Names of the streams of the ledger in a folder, in order.
///
/// ```
/// # use civic_audit::{AuditTrail, Service, streams};
/// # let folder = tempfile::tempdir()?;
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// assert_eq!(streams(folder.path())?, [trail.stream()]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the folder holds no ledger, or cannot be read.
pub fn streams(folder: impl AsRef<Path>) -> io::Result<Vec<String>> {
    stream_names(&RealDisk, folder.as_ref())
}

/// Gives each entry of the ledger in a folder, from the first to the last, to `visit`, until that says `false`.
///
/// What cannot be read is passed over; [`verify`] tells of it. Takes no lock, and changes nothing.
///
/// ```
/// use civic_audit::{Actor, AuditTrail, Auth, Service, read};
/// # let folder = tempfile::tempdir()?;
///
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// trail.record(Auth { actor: Actor::system(), step: "sign-in", method: "token" })?;
/// let mut actions = Vec::new();
/// read(folder.path(), &mut |record| {
///     actions.push(record.action);
///     true
/// })?;
/// assert_eq!(actions, ["audit.segment_opened", "service.started", "auth"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`verify`].
pub fn read(folder: impl AsRef<Path>, visit: &mut dyn FnMut(Record) -> bool) -> io::Result<()> {
    read_with(folder, visit, &mut |_| {})
}

/// As [`read`], and tells how many bytes of entries were read, now and then.
///
/// ```
/// # use civic_audit::{AuditTrail, Service, read_with};
/// # let folder = tempfile::tempdir()?;
/// # drop(AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?);
/// let (mut entries, mut bytes) = (0, 0);
/// let mut visit = |_| {
///     entries += 1;
///     true
/// };
/// read_with(folder.path(), &mut visit, &mut |read| bytes += read)?;
/// assert!(entries > 0 && bytes > entries);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`read`].
pub fn read_with(
    folder: impl AsRef<Path>,
    visit: &mut dyn FnMut(Record) -> bool,
    progress: &mut dyn FnMut(u64),
) -> io::Result<()> {
    walk(&RealDisk, folder.as_ref(), &mut |step| match step {
        Step::Entry { entry, .. } => {
            progress(entry.len() as u64);
            match Record::parse(entry) {
                Ok(record) => visit(record),
                Err(_) => true,
            }
        }
        _ => true,
    })
}

struct Verifier<'a> {
    disk: &'a dyn Disk,
    folder: &'a Path,
    verification: &'a Verification,
    report: Report,
    intents: HashMap<Id, u64>,
    /// Ends of segments that an event must account for: stream and segment.
    unexplained: Vec<Problem>,
    explained: Vec<(String, String)>,
    /// The tree of the stream that is read.
    seals: Option<Seals>,
    failure: Option<io::Error>,
}

impl Verifier<'_> {
    fn take(&mut self, step: &Step<'_>) {
        match *step {
            Step::Stream(stream) => {
                self.end_of_stream();
                self.report.streams.push((stream.to_owned(), 0));
                self.begin_stream(stream);
            }
            Step::Entry {
                stream,
                segment,
                offset,
                seq,
                entry,
            } => {
                self.report.entries += 1;
                if let Some((_, count)) = self.report.streams.last_mut() {
                    *count += 1;
                }
                if let Some(why) = fault(stream, seq, entry) {
                    self.problem(problem(stream, segment, seq, offset, why));
                }
                self.pair(stream, seq, entry);
                if let Some(found) = self.seals.as_mut().and_then(|seals| seals.push(entry)) {
                    self.problem(found);
                }
            }
            Step::Missing {
                stream,
                segment,
                from_seq,
            } => {
                let why = "entries before this segment are missing";
                self.problem(problem(stream, segment, from_seq, 0, why));
            }
            Step::Tail {
                stream,
                segment,
                next_seq,
                torn,
                damaged,
                last,
            } => {
                let found = problem(stream, segment, next_seq, torn.offset, torn.why);
                if damaged || torn.cut {
                    // An event may account for it, but entries that were durable are lost.
                    self.problem(found.clone());
                }
                if last && !damaged {
                    self.report.open_tail = Some(found);
                } else {
                    self.unexplained.push(found);
                }
            }
        }
    }

    fn finish(mut self) -> io::Result<Report> {
        self.end_of_stream();
        if let Some(error) = self.failure {
            return Err(error);
        }
        for kept in &self.verification.witnessed {
            if !self
                .report
                .streams
                .iter()
                .any(|(stream, _)| *stream == kept.origin)
            {
                self.problem(Problem {
                    stream: kept.origin.clone(),
                    segment: "a witnessed checkpoint".to_owned(),
                    seq: 0,
                    byte: 0,
                    why: "the stream is missing",
                });
            }
        }
        // An open tail is one of the last stream only: a later stream was begun after it.
        let last = self.report.streams.last().map(|(stream, _)| stream.clone());
        if let Some(tail) = self.report.open_tail.take() {
            if last.is_none_or(|last| last == tail.stream) {
                self.report.open_tail = Some(tail);
            } else {
                self.unexplained.push(tail);
            }
        }
        for found in std::mem::take(&mut self.unexplained) {
            let told = self
                .explained
                .iter()
                .any(|(stream, segment)| *stream == found.stream && *segment == found.segment);
            if told {
                self.report.gaps += 1;
            } else if !self.report.problems.contains(&found) {
                self.problem(found);
            }
        }
        let mut unpaired: Vec<(u64, Id)> =
            self.intents.iter().map(|(id, seq)| (*seq, *id)).collect();
        unpaired.sort_unstable();
        self.report.unpaired = unpaired
            .into_iter()
            .map(|(_, id)| Uuid::from_bytes(id))
            .collect();
        Ok(self.report)
    }

    fn pair(&mut self, stream: &str, seq: u64, entry: &[u8]) {
        let pairing = Pairing::read(entry);
        match pairing.mark() {
            Mark::None => {}
            Mark::Begins(id) => {
                self.intents.insert(id, seq);
            }
            Mark::Ends(id) => {
                self.intents.remove(&id);
            }
        }
        if let Some(segment) = pairing.explains {
            let stream = pairing.explains_stream.unwrap_or_else(|| stream.to_owned());
            self.explained.push((stream, segment));
        }
    }

    fn begin_stream(&mut self, stream: &str) {
        match Seals::read(self.disk, self.folder, stream, self.verification) {
            Ok((seals, problems)) => {
                self.report.sealed |= seals.sealed;
                self.seals = Some(seals);
                for found in problems {
                    self.problem(found);
                }
            }
            Err(error) => self.failure = Some(error),
        }
    }

    fn end_of_stream(&mut self) {
        let missing = self.seals.take().map(Seals::finish).unwrap_or_default();
        for found in missing {
            self.problem(found);
        }
    }

    fn problem(&mut self, problem: Problem) {
        self.report.problem_count += 1;
        if self.report.problems.len() < NAMED {
            self.report.problems.push(problem);
        }
    }
}

/// What is wrong with an entry whose frame is whole.
fn fault(stream: &str, seq: u64, entry: &[u8]) -> Option<&'static str> {
    let Ok(record) = Record::parse(entry) else {
        return Some("this is no entry of version 1");
    };
    if record.stream != stream {
        return Some("the entry names another stream");
    }
    (record.seq != seq).then_some("the entry names another sequence")
}

pub(crate) fn problem(
    stream: &str,
    segment: u64,
    seq: u64,
    byte: u64,
    why: &'static str,
) -> Problem {
    Problem {
        stream: stream.to_owned(),
        segment: segment_name(segment),
        seq,
        byte,
        why,
    }
}
