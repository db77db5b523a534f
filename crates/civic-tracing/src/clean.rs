//! Turns one value into text that may be logged, or into a notice that it may not.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};

use civic_pii::{Receipt, Redactor, Scratch};

use crate::Counts;
use crate::error::RedactedError;

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
/// Last link of a chain that is longer than [`MAX_ERROR_LINKS`].
const CHAIN_CUT: &str = "[CUT: more sources]";

/// Buffers that values are written to; kept from one event to the next.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    /// Text that may be logged; values stand in it one after the other.
    text: String,
    /// Bytes that may be logged.
    bytes: Vec<u8>,
    /// One value as it formats itself, not yet scanned.
    raw: String,
    scratch: Scratch,
}

impl Buffers {
    pub(crate) fn text(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    pub(crate) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        &self.bytes[range.clone()]
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.bytes.clear();
        self.raw.clear();
    }

    /// Gives memory back after an unusually large event, so that a thread does not hold it for ever.
    pub(crate) fn shrink(&mut self) {
        const KEPT: usize = 4 * MAX_VALUE_BYTES;
        self.text.shrink_to(KEPT);
        self.bytes.shrink_to(KEPT);
        self.raw.shrink_to(KEPT);
    }
}

/// Scans values by a redactor and writes what is left of them. Fails closed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cleaner<'a> {
    pub(crate) redactor: &'a Redactor,
    pub(crate) counts: &'a Counts,
}

impl Cleaner<'_> {
    /// Scans `text`; the range is where the result stands in the text buffer.
    pub(crate) fn text(self, field: Option<&str>, text: &str, to: &mut Buffers) -> Range<usize> {
        let Buffers {
            text: out, scratch, ..
        } = to;
        let start = out.len();
        self.scan(field, text, scratch, out);
        self.cut(start, out);
        start..out.len()
    }

    /// Formats `value` once, then scans what it wrote, be it complete or not.
    pub(crate) fn formatted(
        self,
        field: Option<&str>,
        value: fmt::Arguments<'_>,
        to: &mut Buffers,
    ) -> Range<usize> {
        to.raw.clear();
        // A value may log, panic or fail while it formats itself. Nothing of ours is borrowed by
        // the thread meanwhile, and what was written stays in `raw`, which no layer ever sees.
        let complete = to.raw.write_fmt(value).is_ok();
        let Buffers {
            text: out,
            raw,
            scratch,
            ..
        } = to;
        let start = out.len();
        self.scan(field, raw, scratch, out);
        self.cut(start, out);
        if !complete {
            self.counts.add_cut();
            out.push_str(FORMAT_FAILED);
        }
        start..out.len()
    }

    /// Scans bytes as the text that they may hold; the range is where the result stands in the byte buffer.
    ///
    /// Bytes that are no text and in which nothing is found are handed on as they are.
    pub(crate) fn bytes(self, field: Option<&str>, value: &[u8], to: &mut Buffers) -> Range<usize> {
        let Buffers {
            text,
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
                self.counts.add_cut();
                bytes.extend_from_slice(cut_notice(value.len() - kept).as_bytes());
            }
        }
        text.truncate(start);
        first..bytes.len()
    }

    /// Reads an error and its sources, and builds an owned chain of what may be logged.
    pub(crate) fn error(
        self,
        field: Option<&str>,
        error: &(dyn Error + 'static),
        to: &mut Buffers,
    ) -> Option<RedactedError> {
        let mut texts = Vec::new();
        let mut link = Some(error);
        while let Some(error) = link {
            if texts.len() == MAX_ERROR_LINKS {
                texts.push(CHAIN_CUT.to_owned());
                break;
            }
            let range = self.formatted(field, format_args!("{error}"), to);
            let start = range.start;
            texts.push(to.text[range].to_owned());
            to.text.truncate(start);
            link = error.source();
        }
        RedactedError::from_chain(texts)
    }

    /// Asks about a number; the range is where its replacement stands in the text buffer, if it has one.
    pub(crate) fn number(
        self,
        redact: impl FnOnce(&Redactor, &mut String) -> Receipt,
        to: &mut Buffers,
    ) -> Option<Range<usize>> {
        let out = &mut to.text;
        let start = out.len();
        match guarded(|| redact(self.redactor, out)) {
            Some(receipt) if receipt.is_empty() => {
                out.truncate(start);
                return None;
            }
            Some(receipt) => {
                self.counts.add_redacted(receipt.count());
                self.counts.add_dropped(receipt.failed());
            }
            None => self.drop_value(start, out),
        }
        Some(start..out.len())
    }

    /// Scans one text to the end of `out`; says whether it is another text now.
    fn scan(
        self,
        field: Option<&str>,
        text: &str,
        scratch: &mut Scratch,
        out: &mut String,
    ) -> bool {
        let start = out.len();
        let Some(receipt) = guarded(|| self.redactor.redact_field(field, text, scratch, out))
        else {
            // Whatever the buffers held when the scan broke off is not trusted again.
            *scratch = Scratch::default();
            self.drop_value(start, out);
            return true;
        };
        self.counts.add_redacted(receipt.count());
        self.counts.add_dropped(receipt.failed());
        !receipt.is_empty()
    }

    fn drop_value(self, start: usize, out: &mut String) {
        self.counts.add_dropped(1);
        out.truncate(start);
        out.push_str(DROPPED);
    }

    fn cut(self, start: usize, out: &mut String) {
        if out.len() - start <= MAX_VALUE_BYTES {
            return;
        }
        self.counts.add_cut();
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
mod tests {
    use super::*;

    #[test]
    fn a_scan_that_panics_drops_the_value_and_counts_it() {
        let (redactor, counts) = (Redactor::new(), Counts::default());
        let cleaner = Cleaner {
            redactor: &redactor,
            counts: &counts,
        };
        let mut to = Buffers::default();
        let before = cleaner.text(None, "before", &mut to);
        let number = cleaner.number(
            |_, out| {
                out.push_str("half of a value");
                panic!("made by a test");
            },
            &mut to,
        );
        let after = cleaner.text(None, "after", &mut to);

        assert_eq!(to.text(&before), "before");
        assert_eq!(to.text(&number.unwrap()), "[DROPPED]");
        assert_eq!(to.text(&after), "after");
        assert_eq!(counts.dropped(), 1);
        assert!(!to.text.contains("half"));
    }

    #[test]
    fn a_large_event_does_not_keep_its_memory() {
        let mut buffers = Buffers::default();
        buffers.raw.push_str(&"x".repeat(8 << 20));
        buffers.clear();
        buffers.shrink();
        assert!(buffers.raw.capacity() <= 4 * MAX_VALUE_BYTES);
    }
}
