//! Turns one value into text that may be logged, or into a notice that it may not. Fails closed.

use std::borrow::Cow;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};

use civic_pii::{Receipt, Redactor, Scratch};

use crate::buffers::Buffers;
use crate::slot::Place;

/// Longest value that is handed on, in bytes: 64 KiB.
///
/// A longer one is scanned whole, then cut, and ends in a notice such as ` [CUT 12345 bytes]`.
pub const MAX_VALUE_BYTES: usize = 64 * 1024;

/// Longest chain of error sources that is followed; a chain can be a ring.
pub(crate) const MAX_ERROR_LINKS: usize = 32;

/// Stands for a value that could not be scanned.
const DROPPED: &str = "[DROPPED]";
/// Follows the part of a value that was written before its `Debug` or `Display` failed.
const FORMAT_FAILED: &str = " [CUT: formatting failed]";

/// What became of the values of one event.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    /// What was replaced, and what was dropped because it could not be scanned.
    pub(crate) receipt: Receipt,
    /// Values that were shortened.
    pub(crate) cut: u32,
}

impl Outcome {
    pub(crate) fn is_empty(&self) -> bool {
        self.receipt.is_empty() && self.cut == 0
    }

    pub(crate) fn merge(&mut self, other: Self) {
        self.receipt.merge(other.receipt);
        self.cut = self.cut.saturating_add(other.cut);
    }
}

/// Scans values by a redactor and writes what is left of them.
#[derive(Debug)]
pub(crate) struct Cleaner<'a> {
    pub(crate) redactor: &'a Redactor,
    pub(crate) outcome: &'a mut Outcome,
}

impl Cleaner<'_> {
    /// Scans a text that stands in the buffer for raw ones.
    pub(crate) fn text(
        &mut self,
        field: Option<&str>,
        range: Range<usize>,
        is_incomplete: bool,
        to: &mut Buffers,
    ) -> Place {
        let Buffers {
            raw,
            changed: out,
            scratch,
            ..
        } = to;
        let start = out.len();
        self.scan(field, &raw[range], scratch, out);
        self.cut(start, out);
        if is_incomplete {
            self.outcome.cut += 1;
            out.push_str(FORMAT_FAILED);
        }
        Place {
            is_changed: true,
            start,
            end: out.len(),
        }
    }

    /// Takes over a clean text that is too long, as far as it may go.
    pub(crate) fn long(&mut self, range: Range<usize>, to: &mut Buffers) -> Place {
        let start = to.changed.len();
        to.changed.push_str(&to.raw[range]);
        self.cut(start, &mut to.changed);
        Place {
            is_changed: true,
            start,
            end: to.changed.len(),
        }
    }

    /// Scans bytes as the text that they may hold; the range is where the result stands in the byte buffer.
    ///
    /// Bytes that are no text and in which nothing is found are handed on as they are.
    pub(crate) fn bytes(
        &mut self,
        field: Option<&str>,
        value: &[u8],
        to: &mut Buffers,
    ) -> Range<usize> {
        let Buffers {
            changed: text,
            bytes,
            scratch,
            ..
        } = to;
        let start = text.len();
        let first = bytes.len();
        let lossy = String::from_utf8_lossy(value);
        let mut changed = false;
        if lossy.contains('\0') {
            // Ordinary letters in UTF-16, taken as bytes, are letters with NUL between.
            changed = self.scan(field, &lossy.replace('\0', ""), scratch, text);
        }
        if !changed {
            text.truncate(start);
            changed = self.scan(field, &lossy, scratch, text);
        }
        if changed || matches!(lossy, Cow::Borrowed(_)) {
            self.cut(start, text);
            bytes.extend_from_slice(&text.as_bytes()[start..]);
        } else {
            let kept = value.len().min(MAX_VALUE_BYTES);
            bytes.extend_from_slice(&value[..kept]);
            if kept < value.len() {
                self.outcome.cut += 1;
                bytes.extend_from_slice(cut_notice(value.len() - kept).as_bytes());
            }
        }
        text.truncate(start);
        first..bytes.len()
    }

    /// Asks about a number; the place is where its replacement stands, if it has one.
    pub(crate) fn number(
        &mut self,
        redact: impl FnOnce(&Redactor, &mut String) -> Receipt,
        to: &mut Buffers,
    ) -> Option<Place> {
        let out = &mut to.changed;
        let start = out.len();
        match guarded(|| redact(self.redactor, out)) {
            Some(receipt) if receipt.is_empty() => {
                out.truncate(start);
                return None;
            }
            Some(receipt) => self.outcome.receipt.merge(receipt),
            None => self.drop_value(start, out),
        }
        Some(Place {
            is_changed: true,
            start,
            end: out.len(),
        })
    }

    /// Scans one text to the end of `out`; says whether it is another text now.
    fn scan(
        &mut self,
        field: Option<&str>,
        text: &str,
        scratch: &mut Scratch,
        out: &mut String,
    ) -> bool {
        let start = out.len();
        #[cfg(test)]
        tests::count_scan();
        let Some(receipt) = guarded(|| self.redactor.redact_field(field, text, scratch, out))
        else {
            // Whatever the buffers held when the scan broke off is not trusted again.
            *scratch = Scratch::default();
            self.drop_value(start, out);
            return true;
        };
        self.outcome.receipt.merge(receipt);
        !receipt.is_empty()
    }

    fn drop_value(&mut self, start: usize, out: &mut String) {
        self.outcome.receipt.add_failed();
        out.truncate(start);
        out.push_str(DROPPED);
    }

    fn cut(&mut self, start: usize, out: &mut String) {
        if out.len() - start <= MAX_VALUE_BYTES {
            return;
        }
        self.outcome.cut += 1;
        let mut end = start + MAX_VALUE_BYTES;
        while !out.is_char_boundary(end) {
            end -= 1;
        }
        let notice = cut_notice(out.len() - end);
        out.truncate(end);
        out.push_str(&notice);
    }
}

/// Runs a redactor; a panic in it becomes `None`. The redactor catches those of its scanner itself,
/// so this is the second net: a fault in logging must neither leak a value nor end a request.
fn guarded<T>(scan: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(scan)).ok()
}

fn cut_notice(bytes: usize) -> String {
    format!(" [CUT {bytes} bytes]")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        static SCANS: Cell<u32> = const { Cell::new(0) };
    }

    pub(crate) fn count_scan() {
        SCANS.set(SCANS.get() + 1);
    }

    /// Texts that this thread has handed to a redactor, alone or side by side with others.
    pub(crate) fn scans() -> u32 {
        SCANS.get()
    }

    #[test]
    fn a_scan_that_panics_drops_the_value_and_counts_it() {
        let redactor = Redactor::new();
        let mut outcome = Outcome::default();
        let mut cleaner = Cleaner {
            redactor: &redactor,
            outcome: &mut outcome,
        };
        let mut to = Buffers::default();
        to.raw.push_str("beforeafter");
        let before = cleaner.text(None, 0..6, false, &mut to);
        let number = cleaner.number(
            |_, out| {
                out.push_str("half of a value");
                panic!("made by a test");
            },
            &mut to,
        );
        let after = cleaner.text(None, 6..11, false, &mut to);

        assert_eq!(to.text(before), "before");
        assert_eq!(to.text(number.unwrap()), "[DROPPED]");
        assert_eq!(to.text(after), "after");
        assert_eq!(outcome.receipt.failed(), 1);
        assert!(!to.changed.contains("half"));
    }
}
