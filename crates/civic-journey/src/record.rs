//! What is kept of a journey between two requests: 11 bytes, none of which says who.

use crate::definition::Facts;

/// Seconds in one unit of a start: coarse, so that the time of a start singles nobody out.
pub(crate) const TICK: u64 = 10;

/// What is kept of one citizen's journey between two requests.
///
/// The journey, the time of the start to 10 seconds, one bit for each step that was reached, and whether it has ended. No
/// identifier, and nothing that a citizen entered.
///
/// ```
/// use civic_journey::Record;
/// # use civic_journey::{Definition, Progress};
/// # use std::time::SystemTime;
/// # civic_journey::journey! {
/// #     pub static APPLY: Apply = "apply-for-a-licence";
/// #     steps ApplyStep { Start = "start", Pay = "pay" }
/// #     outcomes ApplyOutcome { Submitted = "submitted": complete }
/// #     expected = 12 minutes;
/// #     abandon_after = 48 hours;
/// #     slo = 99.5;
/// # }
/// let mut progress = Progress::new(&APPLY, None, SystemTime::now());
/// progress.reach(ApplyStep::Start);
/// let bytes: [u8; 11] = progress.record().to_bytes();
/// assert_eq!(Record::from_bytes(Apply::FACTS, &bytes), Some(progress.record()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    journey: u16,
    /// In ticks of 10 s since 1970, rounded down; 0 before the first reach.
    start: u32,
    steps: u32,
    done: bool,
}

impl Record {
    /// Length of the bytes.
    pub const LEN: usize = 11;

    /// A journey that has not begun.
    pub(crate) const fn empty(facts: &Facts) -> Self {
        Self {
            journey: facts.id(),
            start: 0,
            steps: 0,
            done: false,
        }
    }

    /// The bytes to keep: journey, start and steps with the highest byte first, then 1 for an ended journey.
    #[inline]
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; Self::LEN] {
        let [j0, j1] = self.journey.to_be_bytes();
        let [t0, t1, t2, t3] = self.start.to_be_bytes();
        let [s0, s1, s2, s3] = self.steps.to_be_bytes();
        [j0, j1, t0, t1, t2, t3, s0, s1, s2, s3, self.done as u8]
    }

    /// Reads what [`Record::to_bytes`] wrote; `None` for other bytes and for another journey's.
    #[inline]
    pub fn from_bytes(facts: &Facts, bytes: &[u8]) -> Option<Self> {
        let &[j0, j1, t0, t1, t2, t3, s0, s1, s2, s3, done @ (0 | 1)] = bytes else {
            return None;
        };
        let record = Self {
            journey: u16::from_be_bytes([j0, j1]),
            start: u32::from_be_bytes([t0, t1, t2, t3]),
            steps: u32::from_be_bytes([s0, s1, s2, s3]),
            done: done == 1,
        };
        let beyond = record.steps.checked_shr(facts.steps().len() as u32);
        let fits = record.journey == facts.id() && beyond.unwrap_or(0) == 0;
        // What has steps or an end has begun.
        let begun = record.start != 0 || (record.steps == 0 && !record.done);
        (fits && begun).then_some(record)
    }

    /// Whether a step was reached or an end counted.
    #[inline]
    pub const fn has_begun(&self) -> bool {
        self.start != 0
    }

    /// Whether an end was counted.
    pub const fn has_ended(&self) -> bool {
        self.done
    }

    /// Whether the journey began longer ago than its `abandon_after`, so that it counts as given up.
    #[inline]
    pub fn is_abandoned(&self, facts: &Facts, unix_seconds: u64) -> bool {
        self.has_begun() && self.age(unix_seconds) > facts.abandon_after().as_secs()
    }

    /// Seconds since the start, to 10 seconds; 0 when the clock was set back.
    #[inline]
    pub(crate) fn age(&self, unix_seconds: u64) -> u64 {
        unix_seconds.saturating_sub(self.started_at())
    }

    /// Seconds since 1970 at the start, to 10 seconds.
    #[inline]
    pub(crate) fn started_at(&self) -> u64 {
        u64::from(self.start) * TICK
    }

    pub(crate) const fn start(&self) -> u32 {
        self.start
    }

    pub(crate) const fn steps(&self) -> u32 {
        self.steps
    }

    #[inline]
    pub(crate) const fn has(&self, step: usize) -> bool {
        self.steps & (1 << step) != 0
    }

    #[inline]
    pub(crate) fn begin(&mut self, start: u32) {
        self.start = start;
    }

    #[inline]
    pub(crate) fn add(&mut self, step: usize) {
        self.steps |= 1 << step;
    }

    pub(crate) fn end(&mut self) {
        self.done = true;
    }

    /// A record of this journey from what an atomic store holds.
    pub(crate) fn from_parts(facts: &Facts, start: u32, steps: u32, done: bool) -> Self {
        Self {
            journey: facts.id(),
            start,
            steps,
            done,
        }
    }
}

/// Ticks of this time; at least 1, so that what has begun can be told from what has not.
#[inline]
pub(crate) fn tick(unix_seconds: u64) -> u32 {
    u32::try_from(unix_seconds / TICK)
        .unwrap_or(u32::MAX)
        .max(1)
}
