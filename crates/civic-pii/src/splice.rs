//! Writes a text with markers in place of what was found.

use core::convert::Infallible;
use core::fmt::Write as _;
use core::ops::Range;
use std::io;

use crate::json::Placer;
use crate::marker::Marker;
use crate::{Finding, Policy, Receipt};

/// Writes the text to the sink, with the policy's marker for each finding. The findings are in order and in the text.
pub(crate) fn splice<S: Sink>(
    policy: &Policy,
    text: &[u8],
    findings: &[Finding],
    sink: &mut S,
) -> Result<Receipt, S::Error> {
    let mut receipt = Receipt::default();
    if findings.is_empty() {
        sink.copy(0..text.len())?;
        return Ok(receipt);
    }
    let mut placer = Placer::new(text);
    let mut done = 0;
    for finding in findings {
        let value = &text[finding.start..finding.end];
        let Some(marker) = policy.marker(finding.kind, finding.custom, value) else {
            continue;
        };
        // Covered by a place that grew over it: a number in quotes holds one marker.
        if finding.end <= done {
            receipt.add(finding.kind);
            continue;
        }
        let found = placer.place(finding.start, finding.end, done);
        // A finding of nothing but JSON's own punctuation removes nothing.
        if !found.as_slice().is_empty() {
            receipt.add(finding.kind);
        }
        for place in found.as_slice() {
            sink.copy(done..place.start)?;
            if let Some(depth) = place.quote {
                sink.quote(depth)?;
            }
            sink.marker(marker)?;
            if let Some(depth) = place.quote {
                sink.quote(depth)?;
            }
            done = place.end;
        }
    }
    sink.copy(done..text.len())?;
    Ok(receipt)
}

/// Where the pieces of a redacted text go.
pub(crate) trait Sink {
    type Error;

    /// A part of the original text.
    fn copy(&mut self, range: Range<usize>) -> Result<(), Self::Error>;

    /// The same text in all places: markers and quotes.
    fn marker(&mut self, marker: Marker<'_>) -> Result<(), Self::Error>;

    /// A JSON quote at this depth of strings in strings.
    fn quote(&mut self, depth: u32) -> Result<(), Self::Error>;
}

pub(crate) struct StringSink<'a> {
    pub(crate) text: &'a str,
    pub(crate) out: &'a mut String,
}

impl Sink for StringSink<'_> {
    type Error = Infallible;

    fn copy(&mut self, range: Range<usize>) -> Result<(), Infallible> {
        self.out.push_str(&self.text[range]);
        Ok(())
    }

    fn marker(&mut self, marker: Marker<'_>) -> Result<(), Infallible> {
        match marker.parts() {
            Some(parts) => self.out.extend(parts),
            None => write!(self.out, "{marker}").expect("a string takes any text"),
        }
        Ok(())
    }

    fn quote(&mut self, depth: u32) -> Result<(), Infallible> {
        self.out.extend((1..1 << depth).map(|_| '\\'));
        self.out.push('"');
        Ok(())
    }
}

pub(crate) struct WriteSink<'a, W> {
    pub(crate) text: &'a [u8],
    pub(crate) out: &'a mut W,
}

impl<W: io::Write> Sink for WriteSink<'_, W> {
    type Error = io::Error;

    fn copy(&mut self, range: Range<usize>) -> io::Result<()> {
        self.out.write_all(&self.text[range])
    }

    fn marker(&mut self, marker: Marker<'_>) -> io::Result<()> {
        match marker.parts() {
            Some(parts) => parts
                .iter()
                .try_for_each(|part| self.out.write_all(part.as_bytes())),
            None => write!(self.out, "{marker}"),
        }
    }

    fn quote(&mut self, depth: u32) -> io::Result<()> {
        for _ in 1..1 << depth {
            self.out.write_all(b"\\")?;
        }
        self.out.write_all(b"\"")
    }
}
