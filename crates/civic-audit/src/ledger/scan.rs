//! Reads a segment frame by frame, and says what stands behind the last one.
//!
//! The rules of the tail, in this order:
//!
//! 1. Reading stops at the first frame that does not hold together, has another sequence than the next, or is not there.
//! 2. Only zeros up to the size in the head: clean. Nothing was being written.
//! 3. A whole frame further on whose batch begins behind the place where reading stopped: damage. That batch was begun
//!    after everything before it was durable.
//! 4. Anything else: a torn tail. Nobody was told that it is durable, unless the file was cut.

use std::io;

use crate::disk::DiskFile;
use crate::ledger::frame::{Codec, ENTRY_MAX, Frame, HEADER, Read};
use crate::ledger::segment::{HEAD, read_full, size_in_head};

/// Read at once. Larger than a frame, so that a frame always fits.
const WINDOW: usize = 256 * 1024;

const _: () = assert!(WINDOW > HEADER + ENTRY_MAX);

/// What stands behind the last frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tail {
    Clean,
    Torn(Torn),
    Damaged(Torn),
}

/// Where reading stopped and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Torn {
    /// First byte that is no part of a frame.
    pub(crate) offset: u64,
    /// Behind the last byte that is not zero; the length of the file when that is shorter than it should be.
    pub(crate) end: u64,
    pub(crate) why: &'static str,
    /// The file has another size than it was made with, or no head. No power cut does that: it is durable before it is used.
    pub(crate) cut: bool,
}

pub(crate) struct Scan {
    file: Box<dyn DiskFile>,
    codec: Codec,
    next_seq: u64,
    /// Frames from this sequence on were written again in the next segment.
    limit: u64,
    buffer: Vec<u8>,
    /// The part of the buffer that was read and not yet given out.
    start: usize,
    filled: usize,
    /// Offset in the file of `buffer[start]`.
    offset: u64,
    length: u64,
    size: u64,
    stopped: Option<&'static str>,
}

impl Scan {
    /// Begins at the first frame, which has this sequence, and ends before `limit`.
    pub(crate) fn new(
        file: Box<dyn DiskFile>,
        codec: Codec,
        first_seq: u64,
        limit: u64,
    ) -> io::Result<Self> {
        let length = file.length()?;
        let head = size_in_head(&*file)?;
        Ok(Scan {
            file,
            codec,
            next_seq: first_seq,
            limit,
            buffer: vec![0; WINDOW],
            start: 0,
            filled: 0,
            offset: if head.is_some() { HEAD } else { 0 },
            length,
            size: head.unwrap_or(0),
            stopped: match head {
                Some(_) => None,
                None if length < HEAD => Some("the file ends within its head"),
                None => Some("this is not the head of a segment"),
            },
        })
    }

    /// Goes on at a place where a frame with this sequence begins or will begin.
    pub(crate) fn resume(
        file: Box<dyn DiskFile>,
        codec: Codec,
        (next_seq, offset): (u64, u64),
        limit: u64,
    ) -> io::Result<Self> {
        let mut scan = Scan::new(file, codec, next_seq, limit)?;
        scan.offset = scan.offset.max(offset);
        Ok(scan)
    }

    /// Makes durable what was read, if whoever wrote it has not yet done so.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Sequence that the next frame must have.
    pub(crate) fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// Offset of the next frame.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Size of the segment as its head gives it; 0 without a head.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The file, to go on writing to it.
    pub(crate) fn into_file(self) -> Box<dyn DiskFile> {
        self.file
    }

    /// The next frame with its offset, or `None` where reading stops.
    pub(crate) fn next_frame(&mut self) -> io::Result<Option<(u64, Frame<'_>)>> {
        if self.stopped.is_some() || self.next_seq >= self.limit {
            return Ok(None);
        }
        let size = loop {
            let window = &self.buffer[self.start..self.filled];
            match self.codec.read(window) {
                Read::Frame(frame) if frame.seq == self.next_seq => break frame.size(),
                Read::Frame(_) => return Ok(self.stop("the sequence is not the next one")),
                Read::End => return Ok(self.stop("")),
                Read::Bad(why) => return Ok(self.stop(why)),
                Read::Short(needed) => {
                    let had = window.len();
                    self.fill()?;
                    if self.filled - self.start < needed {
                        let at_end = had == 0 && self.filled == self.start;
                        return Ok(self.stop(if at_end {
                            ""
                        } else {
                            "the file ends within a frame"
                        }));
                    }
                }
            }
        };
        let (start, offset) = (self.start, self.offset);
        self.start += size;
        self.offset += size as u64;
        self.next_seq += 1;
        match self.codec.read(&self.buffer[start..self.filled]) {
            Read::Frame(frame) => Ok(Some((offset, frame))),
            _ => unreachable!("the same bytes were a frame a moment ago"),
        }
    }

    /// What stands behind the last frame, once [`Scan::next_frame`] gave `None`.
    pub(crate) fn tail(&self) -> io::Result<Tail> {
        let mut end = self.offset;
        let mut at = self.offset;
        let mut later = false;
        let mut window = vec![0; WINDOW];
        while at < self.length {
            let count = read_full(&*self.file, &mut window, at)?;
            if count == 0 {
                break;
            }
            if let Some(last) = window[..count].iter().rposition(|byte| *byte != 0) {
                end = at + last as u64 + 1;
                later |= self.finds_later_batch(&window[..count]);
            }
            // Windows overlap by the longest frame, so that none is missed between two.
            let step = if count < WINDOW {
                count
            } else {
                count - HEADER - ENTRY_MAX
            };
            at += step as u64;
        }
        let resized = self.length != self.size;
        if resized {
            end = self.length;
        }
        let why = match self.stopped {
            Some(why) if !why.is_empty() => why,
            _ if self.length < self.size => "the file is shorter than it was made",
            _ if resized => "the file is longer than it was made",
            _ => "bytes that are no frame stand behind the last one",
        };
        let torn = Torn {
            offset: self.offset,
            end,
            why,
            cut: resized || self.size == 0,
        };
        Ok(if later {
            Tail::Damaged(torn)
        } else if end > self.offset || resized || self.size == 0 {
            Tail::Torn(torn)
        } else {
            Tail::Clean
        })
    }

    fn finds_later_batch(&self, window: &[u8]) -> bool {
        (0..window.len().saturating_sub(HEADER)).any(|at| {
            // Two cheap looks before a checksum: a length in range, and a sequence that this stream can have reached.
            let length = u32::from_le_bytes([
                window[at],
                window[at + 1],
                window[at + 2],
                window[at + 3],
            ]) as usize;
            if length == 0 || length > ENTRY_MAX || window[at + 15] != 0 {
                return false;
            }
            matches!(self.codec.read(&window[at..]), Read::Frame(frame) if frame.batch > self.next_seq)
        })
    }

    fn stop<T>(&mut self, why: &'static str) -> Option<T> {
        self.stopped = Some(why);
        None
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        let at = self.offset + self.filled as u64;
        self.filled += read_full(&*self.file, &mut self.buffer[self.filled..], at)?;
        Ok(())
    }
}
