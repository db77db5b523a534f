//! Reads a whole ledger and says what is wrong with it, by stream, entry and byte.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::Path;

use uuid::Uuid;

use crate::disk::{Disk, RealDisk};
use crate::ledger::{Id, Mark, Step, segment_name, walk};
use crate::record::{Pairing, Record};

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

/// Reads the ledger in a folder from its first entry to its last. Takes no lock, and changes nothing.
///
/// Checked are: every frame's checksum; the sequence, without a gap from 0; that each entry is one of version 1 and names its
/// own stream and sequence; that what cannot be read is accounted for by a gap event; the pairs of intents and outcomes.
/// A change by somebody who computes the checksums anew is not seen by this.
///
/// Memory: two windows of 256 KiB, and about 100 bytes for each intent that has no outcome.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// assert!(civic_audit::verify(folder.path()).is_err()); // this is no ledger
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When the folder holds no ledger, or a file in it cannot be read at all.
pub fn verify(folder: impl AsRef<Path>) -> io::Result<Report> {
    verify_on(&RealDisk, folder.as_ref())
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
    walk(&RealDisk, folder.as_ref(), &mut |step| match step {
        Step::Entry { entry, .. } => match Record::parse(entry) {
            Ok(record) => visit(record),
            Err(_) => true,
        },
        _ => true,
    })
}

pub(crate) fn verify_on(disk: &dyn Disk, folder: &Path) -> io::Result<Report> {
    let mut verifier = Verifier::default();
    walk(disk, folder, &mut |step| {
        verifier.take(&step);
        true
    })?;
    Ok(verifier.finish())
}

#[derive(Default)]
struct Verifier {
    report: Report,
    intents: HashMap<Id, u64>,
    /// Ends of segments that an event must account for: stream and segment.
    unexplained: Vec<Problem>,
    explained: Vec<(String, String)>,
}

impl Verifier {
    fn take(&mut self, step: &Step<'_>) {
        match *step {
            Step::Entry {
                stream,
                segment,
                offset,
                seq,
                entry,
            } => {
                self.report.entries += 1;
                self.count(stream);
                if let Some(why) = fault(stream, seq, entry) {
                    self.problem(problem(stream, segment, seq, offset, why));
                }
                self.pair(stream, seq, entry);
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
                if last && !damaged {
                    self.report.open_tail = Some(found);
                } else {
                    self.unexplained.push(found);
                }
            }
        }
    }

    fn finish(mut self) -> Report {
        // An open tail is one of the last stream only: a later stream was begun after it.
        let last = self.report.streams.last().map(|(stream, _)| stream.clone());
        if let Some(tail) = self.report.open_tail.take() {
            if Some(&tail.stream) == last.as_ref() || last.is_none() {
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
            } else {
                self.problem(found);
            }
        }
        let mut unpaired: Vec<(u64, Id)> = self
            .intents
            .into_iter()
            .map(|(id, seq)| (seq, id))
            .collect();
        unpaired.sort_unstable();
        self.report.unpaired = unpaired
            .into_iter()
            .map(|(_, id)| Uuid::from_bytes(id))
            .collect();
        self.report
    }

    fn count(&mut self, stream: &str) {
        match self.report.streams.last_mut() {
            Some((name, count)) if name == stream => *count += 1,
            _ => self.report.streams.push((stream.to_owned(), 1)),
        }
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

fn problem(stream: &str, segment: u64, seq: u64, byte: u64, why: &'static str) -> Problem {
    Problem {
        stream: stream.to_owned(),
        segment: segment_name(segment),
        seq,
        byte,
        why,
    }
}
