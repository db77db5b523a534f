//! Ids of events: UUIDv7, made by whoever records the event.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

/// Random bytes that are asked of the system at once.
const POOL: usize = 1024;

/// Bytes of an id that are random.
const RANDOM: usize = 10;

/// Makes ids. One system call for about a hundred of them.
pub(crate) struct Ids(Mutex<Pool>);

struct Pool {
    bytes: [u8; POOL],
    left: usize,
}

impl Ids {
    pub(crate) fn new() -> Self {
        Ids(Mutex::new(Pool {
            bytes: [0; POOL],
            left: 0,
        }))
    }

    pub(crate) fn next(&self, time: Timestamp) -> Uuid {
        let mut random = [0; RANDOM];
        let mut pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pool.left < RANDOM {
            getrandom::fill(&mut pool.bytes)
                .expect("a machine without random numbers runs no service");
            pool.left = POOL;
        }
        let end = pool.left;
        random.copy_from_slice(&pool.bytes[end - RANDOM..end]);
        pool.left -= RANDOM;
        drop(pool);
        let millis = u64::try_from(time.as_millisecond()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ids")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_of_version_7_and_never_the_same() {
        let ids = Ids::new();
        let time = Timestamp::from_millisecond(1_764_034_227_000).unwrap();
        let many: HashSet<Uuid> = (0..10_000).map(|_| ids.next(time)).collect();
        assert_eq!(many.len(), 10_000);
        assert!(many.iter().all(|id| id.get_version_num() == 7));
        assert!(
            many.iter()
                .all(|id| id.to_string().starts_with("019ab8a2-2b38-7"))
        );
    }
}
