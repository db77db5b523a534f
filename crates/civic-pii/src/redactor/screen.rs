//! One look at all values of a record, which tells those that need no redaction.

use core::ops::Range;

use super::{Redactor, guarded};
use crate::Scratch;
use crate::policy::Rule;
use crate::scanner::{GAP, may_be_identifier};

/// Which of several texts may hold personal data, as told by [`Redactor::suspects`].
#[derive(Clone, Copy, Debug)]
pub struct Suspects(u64);

impl Suspects {
    /// Every text.
    const ALL: Self = Self(u64::MAX);

    /// Whether the text at this index may hold something. Behind the 64th all may.
    ///
    /// ```
    /// # use civic_pii::{Redactor, Scratch};
    /// let suspects = Redactor::new().suspects("AB123456C", &[0..9], &mut Scratch::default());
    /// assert!(suspects.contains(0));
    /// ```
    #[inline]
    pub const fn contains(self, index: usize) -> bool {
        index >= 64 || self.0 >> index & 1 != 0
    }

    /// Whether no text may hold something, of those up to the 64th.
    ///
    /// ```
    /// # use civic_pii::{Redactor, Scratch};
    /// let suspects = Redactor::new().suspects("nothing here", &[0..12], &mut Scratch::default());
    /// assert!(suspects.is_empty());
    /// ```
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Redactor {
    /// Zero bytes that stand between the texts that [`Redactor::suspects`] looks at.
    pub const GAP: usize = GAP;

    /// Whether the value of a field of this name is scanned; otherwise it is kept or replaced whole, whatever it is.
    ///
    /// The answer is always the same for one redactor and name, so a caller may remember it.
    ///
    /// ```
    /// let redactor = civic_pii::Redactor::new();
    /// assert!(redactor.scans_field("request_id"));
    /// assert!(!redactor.scans_field("surname"));
    /// ```
    pub fn scans_field(&self, field: &str) -> bool {
        matches!(guarded(|| self.rule(Some(field))), Ok(Rule::Scan))
    }

    /// Tells which of several texts may hold personal data, in one pass that is much quicker than a scan of each.
    ///
    /// [`Redactor::redact_field`] leaves every other text as it is, under any name of a field that
    /// [is scanned](Redactor::scans_field). The texts stand in `text` at `places`, in order, with [`Redactor::GAP`] zero bytes
    /// or more between them; where they do not, all are suspects, and so are all when the policy has patterns of its own.
    ///
    /// ```
    /// use civic_pii::{Redactor, Scratch};
    ///
    /// let gap = "\0".repeat(Redactor::GAP);
    /// let text = format!("served{gap}no record for AB123456C{gap}GET");
    /// let places = [0..6, 22..45, 61..64];
    /// let suspects = Redactor::new().suspects(&text, &places, &mut Scratch::default());
    /// assert!(!suspects.contains(0) && suspects.contains(1) && !suspects.contains(2));
    /// ```
    pub fn suspects(&self, text: &str, places: &[Range<usize>], scratch: &mut Scratch) -> Suspects {
        if self.has_patterns() || !are_apart(text.as_bytes(), places) {
            return Suspects::ALL;
        }
        let places = &places[..places.len().min(64)];
        let suspects = guarded(|| self.0.scanner.suspects(text.as_bytes(), places, scratch));
        suspects.map_or_else(
            |_| {
                *scratch = Scratch::default();
                Suspects::ALL
            },
            Suspects,
        )
    }

    /// Whether an integer may be personal data in a field that [is scanned](Redactor::scans_field); a quick look at its size.
    ///
    /// ```
    /// let redactor = civic_pii::Redactor::new();
    /// assert!(!redactor.suspects_integer(200));
    /// assert!(redactor.suspects_integer(4_434_765_919));
    /// ```
    #[inline]
    pub fn suspects_integer(&self, value: u128) -> bool {
        may_be_identifier(value) || self.has_patterns()
    }

    /// As [`Redactor::suspects_integer`], for a float.
    ///
    /// ```
    /// let redactor = civic_pii::Redactor::new();
    /// assert!(!redactor.suspects_float(0.25));
    /// assert!(redactor.suspects_float(4_434_765_919.0));
    /// ```
    #[inline]
    pub fn suspects_float(&self, value: f64) -> bool {
        super::whole(value).is_some_and(may_be_identifier) || self.has_patterns()
    }
}

/// Whether the texts lie in order and in the text, and so far apart that no shape reaches from one into the next.
fn are_apart(text: &[u8], places: &[Range<usize>]) -> bool {
    let mut free = 0;
    places.iter().enumerate().all(|(index, place)| {
        let gap = text.get(free..place.start);
        let apart = index == 0 || gap.is_some_and(|gap| gap.len() >= GAP && is_blank(gap));
        free = place.end;
        apart && place.start <= place.end && place.end <= text.len()
    }) && (places.is_empty() || (places[0].start == 0 && free == text.len()))
}

/// Whether all bytes are zero; nearly always they are as many as fit into one number.
fn is_blank(gap: &[u8]) -> bool {
    match <[u8; GAP]>::try_from(gap) {
        Ok(gap) => u128::from_ne_bytes(gap) == 0,
        Err(_) => gap.iter().all(|byte| *byte == 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::single_range_in_vec_init, reason = "one place is one range")]
    #[test]
    fn texts_that_do_not_stand_apart_are_all_suspects() {
        let redactor = Redactor::new();
        let mut scratch = Scratch::default();
        let mut all = |text: &str, places: &[Range<usize>]| {
            redactor.suspects(text, places, &mut scratch).0 == u64::MAX
        };
        let gap = "\0".repeat(GAP);
        let apart = format!("quiet{gap}words");
        assert!(!all(&apart, &[0..5, 21..26]));
        assert!(!all("", &[]));
        // Too near, out of order, outside, something else between, before or behind.
        assert!(all("quietwords", &[0..5, 5..10]));
        assert!(all(&apart, &[21..26, 0..5]));
        assert!(all(&apart, &[0..5, 21..27]));
        assert!(all(&apart.replace('\0', " "), &[0..5, 21..26]));
        assert!(all("quiet words", &[0..5]));
        assert!(all("quiet words", &[6..11]));
    }
}
