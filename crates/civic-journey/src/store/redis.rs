//! The commands of an atomic store in Redis, for whichever client the service has.
//!
//! One string for each session: four bytes of the start, then one bit for each step and one for the end, set with SETBIT. One
//! script does it in one round trip, on one key, so that it works in a cluster. Redis 2.6 and later, Valkey too.
//!
//! ```text
//! // with the crate `redis`
//! let replies: Vec<i64> = Script::new(redis::MARK).key(redis::key(&key)).arg(redis::arguments(&mark)).invoke_async(..).await?;
//! let marked = redis::marked(&mark, &replies);
//! let kept = redis::kept(&cmd("GET").arg(redis::key(&key)).query_async::<Vec<u8>>(..).await?);
//! ```

use super::atomic::{Kept, ProgressKey};
use crate::{Mark, Marked};

/// The script that marks, for EVAL: one key and [`arguments`].
///
/// It answers with integers: 1 when this was the start, then for each bit 1 when it was set before.
///
/// ```
/// assert!(civic_journey::store::redis::MARK.contains("SETBIT"));
/// ```
pub const MARK: &str = "\
local start, ttl, again, done = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if again == '1' and redis.call('GETBIT', KEYS[1], done) == 1 then redis.call('DEL', KEYS[1]) end
local started = 0
if redis.call('EXISTS', KEYS[1]) == 0 then
  started = 1
  redis.call('SETBIT', KEYS[1], 79, 0)
  for i = 0, 31 do
    if string.sub(start, i + 1, i + 1) == '1' then redis.call('SETBIT', KEYS[1], i, 1) end
  end
  redis.call('EXPIRE', KEYS[1], ttl)
end
local answer = { started }
for i = 5, #ARGV do answer[#answer + 1] = redis.call('SETBIT', KEYS[1], ARGV[i], 1) end
return answer";

/// Bits before the first step: those of the start.
const BEFORE: u32 = 32;

/// Bytes of a value: start, 32 steps, and the end with room.
const LEN: usize = 10;

/// The key of a session: `civic-journey:` and the bytes.
///
/// ```text
/// GET civic-journey:<32 bytes>
/// ```
pub fn key(key: &ProgressKey) -> Vec<u8> {
    [b"civic-journey:", key.as_bytes().as_slice()].concat()
}

/// The arguments of [`MARK`], in order.
///
/// ```
/// # let mark = civic_journey::Mark { start: 1, bits: 0b101, expires: 600, now: 100, again: false };
/// let arguments = civic_journey::store::redis::arguments(&mark);
/// assert_eq!(arguments[1..], ["500", "0", "64", "32", "34"]);
/// ```
#[must_use]
pub fn arguments(mark: &Mark) -> Vec<String> {
    let ttl = mark.expires.saturating_sub(mark.now).max(1);
    let mut arguments = vec![
        format!("{:032b}", mark.start),
        ttl.to_string(),
        u8::from(mark.again).to_string(),
        (BEFORE + Mark::DONE.trailing_zeros()).to_string(),
    ];
    arguments.extend(positions(mark.bits).map(|bit| (BEFORE + bit).to_string()));
    arguments
}

/// What the answer of [`MARK`] says; `None` for an answer of another length.
///
/// ```
/// use civic_journey::store::redis::marked;
/// # let mark = civic_journey::Mark { start: 1, bits: 0b101, expires: 600, now: 100, again: false };
/// let marked = marked(&mark, &[1, 0, 1]).expect("one answer and one for each bit");
/// assert_eq!((marked.started, marked.fresh), (true, 0b001));
/// ```
pub fn marked(mark: &Mark, answer: &[i64]) -> Option<Marked> {
    let (started, before) = answer.split_first()?;
    let bits = positions(mark.bits);
    if before.len() != mark.bits.count_ones() as usize {
        return None;
    }
    let fresh = bits
        .zip(before)
        .filter(|(_, before)| **before == 0)
        .fold(0, |fresh, (bit, _)| fresh | 1 << bit);
    Some(Marked {
        started: *started == 1,
        fresh,
    })
}

/// What the answer of GET holds; `None` for a value of another form.
///
/// ```
/// use civic_journey::store::redis::kept;
/// assert_eq!(kept(b""), None);
/// let kept = kept(&[0, 0, 0, 9, 0b1010_0000, 0, 0, 0, 0b1000_0000, 0]).expect("ten bytes");
/// assert_eq!((kept.start, kept.bits), (9, 0b101 | civic_journey::Mark::DONE));
/// ```
pub fn kept(value: &[u8]) -> Option<Kept> {
    let value: &[u8; LEN] = value.try_into().ok()?;
    let (start, bits) = value.split_first_chunk::<4>()?;
    // SETBIT counts from the highest bit of the first byte.
    let bits = bits.iter().enumerate().fold(0_u64, |all, (i, byte)| {
        all | u64::from(byte.reverse_bits()) << (8 * i)
    });
    Some(Kept {
        start: u32::from_be_bytes(*start),
        bits,
    })
}

fn positions(mut set: u64) -> impl Iterator<Item = u32> {
    core::iter::from_fn(move || {
        let next = (set != 0).then(|| set.trailing_zeros())?;
        set &= set - 1;
        Some(next)
    })
}
