//! Redacts single texts that do not come from a `tracing` event.

#[cfg(feature = "otel")]
use std::borrow::Cow;
use std::panic::{self, AssertUnwindSafe};

#[cfg(feature = "otel")]
use civic_pii::Receipt;
use civic_pii::{Redactor, Scratch};

use crate::Counts;

/// Stands for a value that could not be scanned.
const DROPPED: &str = "[DROPPED]";

/// Redacts one text after the other with the same memory. Fails closed.
#[derive(Debug)]
pub(crate) struct Texts<'a> {
    redactor: &'a Redactor,
    counts: &'a Counts,
    scratch: Scratch,
    out: String,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(redactor: &'a Redactor, counts: &'a Counts) -> Self {
        Self {
            redactor,
            counts,
            scratch: Scratch::default(),
            out: String::new(),
        }
    }

    /// The text without what is personal in it; `None` when it may stay as it is.
    pub(crate) fn text(&mut self, field: Option<&str>, text: &str) -> Option<String> {
        let Self {
            redactor,
            scratch,
            out,
            ..
        } = self;
        out.clear();
        let scan = AssertUnwindSafe(|| redactor.redact_field(field, text, scratch, out));
        let Ok(receipt) = panic::catch_unwind(scan) else {
            self.scratch = Scratch::default();
            return Some(self.dropped().to_owned());
        };
        self.counts.add_redacted(receipt.count());
        self.counts.add_dropped(receipt.failed());
        (!receipt.is_empty()).then(|| self.out.clone())
    }

    #[cfg(feature = "otel")]
    /// Bytes as the text that they may hold; `None` when they may stay as they are.
    pub(crate) fn bytes(&mut self, field: Option<&str>, bytes: &[u8]) -> Option<Vec<u8>> {
        let text = String::from_utf8_lossy(bytes);
        // Ordinary letters in UTF-16, taken as bytes, are letters with NUL between.
        let narrow = match &text {
            text if text.contains('\0') => Cow::Owned(text.replace('\0', "")),
            _ => Cow::Borrowed(""),
        };
        self.text(field, &narrow)
            .or_else(|| self.text(field, &text))
            .map(String::into_bytes)
    }

    #[cfg(feature = "otel")]
    /// The replacement for a number; `None` when it may stay as it is.
    pub(crate) fn number(
        &mut self,
        redact: impl FnOnce(&Redactor, &mut String) -> Receipt,
    ) -> Option<String> {
        let Self { redactor, out, .. } = self;
        out.clear();
        match panic::catch_unwind(AssertUnwindSafe(|| redact(redactor, out))) {
            Ok(receipt) if receipt.is_empty() => None,
            Ok(receipt) => {
                self.counts.add_redacted(receipt.count());
                self.counts.add_dropped(receipt.failed());
                Some(self.out.clone())
            }
            Err(_) => Some(self.dropped().to_owned()),
        }
    }

    /// Counts a value that could not be scanned; the notice that stands for it.
    pub(crate) fn dropped(&mut self) -> &'static str {
        self.counts.add_dropped(1);
        DROPPED
    }
}

#[cfg(all(test, feature = "otel"))]
mod tests {
    use super::*;

    #[test]
    fn a_scan_that_panics_drops_the_value_and_counts_it() {
        let (redactor, counts) = (Redactor::new(), Counts::default());
        let mut texts = Texts::new(&redactor, &counts);
        let number = texts.number(|_, out| {
            out.push_str("half of a value");
            panic!("made by a test");
        });
        assert_eq!(number.as_deref(), Some("[DROPPED]"));
        assert_eq!(counts.dropped(), 1);
    }

    #[test]
    fn bytes_are_read_as_utf_8_and_as_utf_16() {
        let (redactor, counts) = (Redactor::new(), Counts::default());
        let mut texts = Texts::new(&redactor, &counts);
        let wide: Vec<u8> = "to canary@example.com"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let clean = Some(b"to [EMAIL]".to_vec());
        assert_eq!(texts.bytes(None, b"to canary@example.com"), clean);
        assert_eq!(texts.bytes(None, &wide), clean);
        assert_eq!(texts.bytes(None, &[0xff, 0, 1]), None);
    }
}
