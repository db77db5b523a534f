//! The statements of an atomic store in a SQL database, for whichever client the service has.
//!
//! One row for each session. The count of changed rows is the answer, so no transaction and no lock is asked for: the database
//! holds a row while it changes it, and a second `WHERE bits & x = 0` on the same row finds nothing. Run [`OPEN`] once for each
//! mark, then [`MARK`] once for each bit of [`bits`]. The parameters are those of PostgreSQL, `$1` and on. SQLite takes them as names
//! and numbers them by where they first stand, so bind them by name there: `"$1"`, not the first.
//!
//! ```text
//! // with tokio-postgres
//! let started = client.execute(sql::OPEN, &[key, start, expires, now, again]).await? == 1;
//! let mut changed = Vec::new();
//! for bit in sql::bits(&mark) { changed.push(client.execute(sql::MARK, &[key, bit]).await?); }
//! let marked = sql::marked(&mark, started, &changed);
//! ```
//!
//! A service that keeps its sessions in a table adds the columns there and runs the same statements against it.

use super::atomic::Kept;
use crate::{Mark, Marked};

/// The table. `id` is a [`ProgressKey`](super::atomic::ProgressKey), `expires` in seconds since 1970.
///
/// ```
/// assert!(civic_journey::store::sql::CREATE.starts_with("CREATE TABLE"));
/// ```
pub const CREATE: &str = "\
CREATE TABLE IF NOT EXISTS civic_journey_progress (
  id BYTEA PRIMARY KEY,
  started BIGINT NOT NULL,
  bits BIGINT NOT NULL,
  expires BIGINT NOT NULL
)";

/// Begins a row, or begins one anew that has expired or has to give way. One changed row means: this is the start.
///
/// Parameters: key, [`Mark::start`], [`Mark::expires`], [`Mark::now`], 1 for [`Mark::again`] and 0 otherwise; the numbers are 64
/// bits wide.
///
/// ```
/// assert!(civic_journey::store::sql::OPEN.starts_with("INSERT INTO"));
/// ```
pub const OPEN: &str = "\
INSERT INTO civic_journey_progress AS kept (id, started, bits, expires) VALUES ($1, $2, 0, $3)
ON CONFLICT (id) DO UPDATE SET started = excluded.started, bits = 0, expires = excluded.expires
WHERE kept.expires < $4 OR ($5 = 1 AND kept.bits & 4294967296 <> 0)";

/// Sets one bit. One changed row means: it was not set before.
///
/// Parameters: key, bit.
///
/// ```
/// assert!(civic_journey::store::sql::MARK.ends_with("bits & $2 = 0"));
/// ```
pub const MARK: &str =
    "UPDATE civic_journey_progress SET bits = bits | $2 WHERE id = $1 AND bits & $2 = 0";

/// What is kept: `started` and `bits`. Parameters: key, now in seconds since 1970.
///
/// ```
/// assert!(civic_journey::store::sql::READ.starts_with("SELECT"));
/// ```
pub const READ: &str =
    "SELECT started, bits FROM civic_journey_progress WHERE id = $1 AND expires >= $2";

/// Deletes what has expired; for a job that runs now and then. Parameter: now in seconds since 1970.
///
/// ```
/// assert!(civic_journey::store::sql::SWEEP.starts_with("DELETE"));
/// ```
pub const SWEEP: &str = "DELETE FROM civic_journey_progress WHERE expires < $1";

/// The bits to mark, each for one [`MARK`].
///
/// ```
/// # let mark = civic_journey::Mark { start: 1, bits: 0b101, expires: 600, now: 100, again: false };
/// assert_eq!(civic_journey::store::sql::bits(&mark).collect::<Vec<_>>(), [1, 4]);
/// ```
pub fn bits(mark: &Mark) -> impl Iterator<Item = i64> {
    let mut set = mark.bits;
    core::iter::from_fn(move || {
        let lowest = set & set.wrapping_neg();
        set ^= lowest;
        (lowest != 0).then_some(lowest.cast_signed())
    })
}

/// What the counts of changed rows say: of [`OPEN`], then of [`MARK`] for each of [`bits`].
///
/// ```
/// use civic_journey::store::sql::marked;
/// # let mark = civic_journey::Mark { start: 1, bits: 0b101, expires: 600, now: 100, again: false };
/// let marked = marked(&mark, true, &[1, 0]);
/// assert_eq!((marked.started, marked.fresh), (true, 0b001));
/// ```
#[must_use]
pub fn marked(mark: &Mark, started: bool, changed: &[u64]) -> Marked {
    let set = bits(mark).zip(changed).filter(|(_, rows)| **rows == 1);
    Marked {
        started,
        fresh: set.fold(0, |fresh, (bit, _)| fresh | bit.cast_unsigned()),
    }
}

/// What a row of [`READ`] holds.
///
/// ```
/// let kept = civic_journey::store::sql::kept(9, 0b101);
/// assert_eq!((kept.start, kept.bits), (9, 0b101));
/// ```
#[must_use]
pub fn kept(started: i64, bits: i64) -> Kept {
    Kept {
        start: u32::try_from(started).unwrap_or(0),
        bits: bits.cast_unsigned(),
    }
}
