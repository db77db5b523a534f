//! Counts of what was removed: by kind, and by the place in the code that logged it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use civic_pii::{Kind, Receipt};

use crate::clean::Outcome;

/// Places in the code that are told apart; those of the `log` crate are not known before they log.
const MOST_PLACES: usize = 10_000;

/// Counts of values that were redacted, cut or dropped; never the values.
///
/// A clone is a handle to the same counts. Take one with
/// [`RedactingSubscriber::counts`](crate::RedactingSubscriber::counts) before the subscriber is
/// installed, and publish it as a metric: a service whose logs suddenly hold much to redact has
/// a fault upstream, and [`Counts::by_place`] says in which log call. Reading does not empty the
/// counts. A clean event costs no atomic access and no lock; one with something in it takes a lock.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    redacted: AtomicU64,
    cut: AtomicU64,
    dropped: AtomicU64,
    /// Taken when an event held something, for as long as it takes to count it.
    places: Mutex<HashMap<String, HashMap<u32, Tally>>>,
}

/// What was removed at one place.
#[derive(Debug, Default)]
struct Tally {
    events: u64,
    by_kind: Vec<(Kind, u64)>,
    told: Option<Instant>,
    untold: u64,
}

/// A place in the code, and what was removed from what it logged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlaceCount {
    /// Path of the source file as the compiler wrote it; the target where there is no file.
    pub file: String,
    /// Line of the log call; 0 where it is not known.
    pub line: u32,
    /// Events and spans that held something.
    pub events: u64,
    /// Events and spans that held this kind, for each kind, most frequent first.
    pub by_kind: Vec<(Kind, u64)>,
}

impl Counts {
    /// Pieces of personal data that were replaced.
    pub fn redacted(&self) -> u64 {
        self.shared.redacted.load(Ordering::Relaxed)
    }

    /// Values that were shortened because they were too long or did not format to their end.
    pub fn cut(&self) -> u64 {
        self.shared.cut.load(Ordering::Relaxed)
    }

    /// Values that were left out whole because they could not be scanned.
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }

    /// Events and spans that held each kind, most frequent first.
    ///
    /// ```
    /// use civic_pii::{Kind, Redactor};
    /// use civic_tracing::RedactExt;
    ///
    /// let subscriber = tracing_subscriber::registry().redacted(Redactor::new());
    /// let counts = subscriber.counts();
    /// tracing::subscriber::with_default(subscriber, || {
    ///     tracing::info!("mail to jo@example.com and to al@example.com");
    /// });
    /// assert_eq!(counts.by_kind(), [(Kind::Email, 1)]);
    /// assert_eq!(counts.redacted(), 2);
    /// ```
    pub fn by_kind(&self) -> Vec<(Kind, u64)> {
        let mut sum: Vec<(Kind, u64)> = Vec::new();
        for tally in self.places().values().flat_map(HashMap::values) {
            for (kind, count) in &tally.by_kind {
                add(&mut sum, *kind, *count);
            }
        }
        sort(&mut sum);
        sum
    }

    /// The log calls and spans that held something, those with most first: where to look for the leak.
    ///
    /// ```
    /// use civic_pii::Redactor;
    /// use civic_tracing::RedactExt;
    ///
    /// let subscriber = tracing_subscriber::registry().redacted(Redactor::new());
    /// let counts = subscriber.counts();
    /// tracing::subscriber::with_default(subscriber, || {
    ///     tracing::info!("mail to jo@example.com");
    /// });
    /// for place in counts.by_place() {
    ///     println!("{}:{} {:?}", place.file, place.line, place.by_kind);
    /// }
    /// ```
    pub fn by_place(&self) -> Vec<PlaceCount> {
        let mut counts = Vec::new();
        for (file, lines) in self.places().iter() {
            for (line, tally) in lines {
                let mut by_kind = tally.by_kind.clone();
                sort(&mut by_kind);
                counts.push(PlaceCount {
                    file: file.clone(),
                    line: *line,
                    events: tally.events,
                    by_kind,
                });
            }
        }
        counts.sort_by(|a, b| (b.events, &a.file, a.line).cmp(&(a.events, &b.file, b.line)));
        counts
    }

    pub(crate) fn add_redacted(&self, pieces: u32) {
        raise(&self.shared.redacted, pieces);
    }

    pub(crate) fn add_dropped(&self, values: u32) {
        raise(&self.shared.dropped, values);
    }

    /// Counts what became of one event; with `every`, says how many such events of its place went untold since the last
    /// that was told, if it is time to tell again.
    pub(crate) fn add(
        &self,
        outcome: &Outcome,
        file: &str,
        line: u32,
        every: Option<Duration>,
    ) -> Option<u64> {
        let Outcome { receipt, cut } = outcome;
        self.add_redacted(receipt.count());
        self.add_dropped(receipt.failed());
        raise(&self.shared.cut, *cut);
        if receipt.is_empty() {
            return None;
        }
        self.tally(*receipt, file, line, every)
    }

    fn tally(
        &self,
        receipt: Receipt,
        file: &str,
        line: u32,
        every: Option<Duration>,
    ) -> Option<u64> {
        let mut places = self.places();
        if !places.contains_key(file) {
            if places.len() >= MOST_PLACES {
                return None;
            }
            places.insert(file.to_owned(), HashMap::new());
        }
        let lines = places.get_mut(file)?;
        if lines.len() >= MOST_PLACES && !lines.contains_key(&line) {
            return None;
        }
        let tally = lines.entry(line).or_default();
        tally.events += 1;
        for kind in receipt.kinds().iter() {
            add(&mut tally.by_kind, kind, 1);
        }
        let every = every?;
        if tally.told.is_some_and(|told| told.elapsed() < every) {
            tally.untold += 1;
            return None;
        }
        tally.told = Some(Instant::now());
        Some(std::mem::take(&mut tally.untold))
    }

    fn places(&self) -> std::sync::MutexGuard<'_, HashMap<String, HashMap<u32, Tally>>> {
        self.shared
            .places
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn raise(count: &AtomicU64, by: u32) {
    if by > 0 {
        count.fetch_add(u64::from(by), Ordering::Relaxed);
    }
}

fn add(to: &mut Vec<(Kind, u64)>, kind: Kind, count: u64) {
    match to.iter_mut().find(|(known, _)| *known == kind) {
        Some((_, sum)) => *sum += count,
        None => to.push((kind, count)),
    }
}

fn sort(counts: &mut [(Kind, u64)]) {
    counts.sort_by(|(a, more), (b, less)| less.cmp(more).then(a.id().cmp(b.id())));
}
