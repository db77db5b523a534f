//! Times as entries write them.

use std::fmt;
use std::time::SystemTime;

use jiff::Timestamp;

/// Bytes of `2026-11-25T01:30:27.123456Z`.
pub(crate) const LENGTH: usize = 27;

/// The time of the machine. Wrong clocks are recorded as they are, not corrected: the order is that of the sequence.
pub(crate) fn now() -> Timestamp {
    from_system(SystemTime::now())
}

/// A time before year -9999 or after 9999 becomes 1970.
pub(crate) fn from_system(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Writes microseconds in UTC, always of one length.
pub(crate) struct Micros(pub(crate) Timestamp);

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_never_changes() {
        for micros in [0, 1, 1_764_034_227_000_000, 1_764_034_227_123_450] {
            let text = Micros(Timestamp::from_microsecond(micros).unwrap()).to_string();
            assert_eq!(text.len(), LENGTH, "{text}");
        }
        let text = Micros(Timestamp::from_microsecond(1_764_034_227_123_450).unwrap()).to_string();
        assert_eq!(text, "2025-11-25T01:30:27.123450Z");
    }
}
