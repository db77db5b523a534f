//! Reads a ledger from a place on, while it is written, and gives out what is durable.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk::Disk;
use crate::ledger::frame::Codec;
use crate::ledger::scan::Scan;
use crate::ledger::{hashes, segment, walk};

/// A place between two entries of a ledger: everything before it was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Number of the stream; 0 before the first.
    pub(crate) stream: u32,
    /// Sequence of the next entry.
    pub(crate) seq: u64,
}

/// Entries of one stream, in order, in one buffer.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) stream: String,
    /// Where reading goes on after them.
    pub(crate) next: Place,
    /// Sequences that were passed over since the last entries because they are not there.
    pub(crate) missing: u64,
    bytes: Vec<u8>,
    places: Vec<(u64, Range<usize>)>,
}

/// A reader that stays at a place and goes on from there.
pub(crate) struct Tail {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    base: Option<String>,
    at: Place,
    reading: Option<Reading>,
}

/// The segment that is read.
struct Reading {
    stream: u32,
    first_seq: u64,
    scan: Scan,
    /// Its end was seen after something behind it was there, so that nothing comes to it any more.
    ended: bool,
}

impl Entries {
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Sequences and entries, from a place in the list on.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (u64, &[u8])> {
        let one = |(seq, range): &(u64, Range<usize>)| (*seq, &self.bytes[range.clone()]);
        self.places.iter().map(one)
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.places.clear();
        self.missing = 0;
    }

    fn push(&mut self, seq: u64, entry: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(entry);
        self.places.push((seq, start..self.bytes.len()));
    }
}

impl Tail {
    pub(crate) fn new(disk: Arc<dyn Disk>, folder: &Path, at: Place) -> Self {
        Tail {
            disk,
            folder: folder.to_owned(),
            base: None,
            at,
            reading: None,
        }
    }

    /// Name of the ledger, once there is one.
    pub(crate) fn base(&mut self) -> io::Result<Option<&str>> {
        if self.base.is_none() {
            self.base = walk::identity(&*self.disk, &self.folder)?;
        }
        Ok(self.base.as_deref())
    }

    /// Begins anew at a place.
    pub(crate) fn go_to(&mut self, at: Place) {
        self.at = at;
        self.reading = None;
    }

    /// Reads entries until there are so many, so many bytes, or no more; those of one stream. What it gives is durable.
    ///
    /// An entry that another thread has written and not yet synced is synced from here before it is given out: nobody may hear
    /// of an entry that a power cut takes back.
    pub(crate) fn read(
        &mut self,
        entries: &mut Entries,
        most: usize,
        most_bytes: usize,
    ) -> io::Result<()> {
        entries.clear();
        entries.next = self.at;
        let Some(base) = self.base()?.map(str::to_owned) else {
            return Ok(());
        };
        let started = self.at;
        let read = self.fill(&base, entries, most, most_bytes);
        if let Err(error) = read {
            // What was read is not given out, so it is read again.
            self.go_to(started);
            entries.clear();
            return Err(error);
        }
        entries.next = self.at;
        Ok(())
    }

    fn fill(
        &mut self,
        base: &str,
        entries: &mut Entries,
        most: usize,
        most_bytes: usize,
    ) -> io::Result<()> {
        loop {
            let Some(reading) = &mut self.reading else {
                if !self.open_segment(base, entries)? {
                    return Ok(());
                }
                continue;
            };
            let before = entries.len();
            while entries.len() < most && entries.bytes() < most_bytes {
                let Some((_, frame)) = reading.scan.next_frame()? else {
                    break;
                };
                if frame.seq < self.at.seq {
                    continue;
                }
                entries.push(frame.seq, frame.entry);
                self.at.seq = frame.seq + 1;
            }
            if entries.len() > before {
                reading.scan.sync()?;
                entries.stream = walk::stream_name(base, reading.stream);
            }
            if entries.len() >= most || entries.bytes() >= most_bytes {
                return Ok(());
            }
            if !self.go_on(base, entries)? {
                return Ok(());
            }
        }
    }

    /// Opens the segment that holds the place, or the first behind it.
    fn open_segment(&mut self, base: &str, entries: &mut Entries) -> io::Result<bool> {
        let streams = walk::streams(&*self.disk, &self.folder)?;
        let mut found = None;
        for stream in streams
            .into_iter()
            .filter(|stream| *stream >= self.at.stream)
        {
            let folder = walk::stream_folder(&self.folder, stream);
            let segments = segment::list(&*self.disk, &folder)?;
            if !segments.is_empty() {
                found = Some((stream, folder, segments));
                break;
            }
        }
        let Some((stream, folder, segments)) = found else {
            return Ok(false);
        };
        if stream > self.at.stream {
            self.at = Place { stream, seq: 0 };
        }
        let holds = segments.iter().rposition(|first| *first <= self.at.seq);
        let first_seq = segments[holds.unwrap_or(0)];
        self.pass_over(first_seq, entries);
        let file = self.disk.open_to_read(&segment::path(&folder, first_seq))?;
        let codec = Codec::new(&walk::stream_name(base, stream));
        self.reading = Some(Reading {
            stream,
            first_seq,
            scan: Scan::new(file, codec, first_seq, u64::MAX)?,
            ended: false,
        });
        Ok(true)
    }

    /// At the end of a segment: looks for more in it, in the next one, and in the next stream. `false` when there is no more.
    fn go_on(&mut self, base: &str, entries: &mut Entries) -> io::Result<bool> {
        let Some(reading) = &self.reading else {
            return Ok(true);
        };
        let (stream, first_seq) = (reading.stream, reading.first_seq);
        let folder = walk::stream_folder(&self.folder, stream);
        let segments = segment::list(&*self.disk, &folder)?;
        let next = segments.into_iter().find(|first| *first > first_seq);
        let later = walk::streams(&*self.disk, &self.folder)?
            .into_iter()
            .find(|number| *number > stream);
        if reading.ended && next.is_some() {
            self.pass_over(next.unwrap_or(0), entries);
            self.reading = None;
            return Ok(true);
        }
        if reading.ended && later.is_some() {
            // The entries of one stream at a time.
            if !entries.is_empty() {
                return Ok(false);
            }
            let stream = later.unwrap_or(stream);
            self.go_to(Place { stream, seq: 0 });
            return Ok(true);
        }
        // Opened anew: a segment without an entry may have been set aside, with another one in its place. And read once more
        // where something stands behind it: it may have grown before that came to be.
        let place = (reading.scan.next_seq(), reading.scan.offset());
        let codec = Codec::new(&walk::stream_name(base, stream));
        let path = segment::path(&folder, first_seq);
        let ended = next.is_some() || later.is_some();
        let file = self.disk.open_to_read(&path)?;
        let scan = Scan::resume(file, codec, place, next.unwrap_or(u64::MAX))?;
        self.reading = Some(Reading {
            stream,
            first_seq,
            scan,
            ended,
        });
        if ended {
            return Ok(true);
        }
        Ok(false)
    }

    /// Goes to a sequence, and counts those that are not there.
    fn pass_over(&mut self, seq: u64, entries: &mut Entries) {
        entries.missing += seq.saturating_sub(self.at.seq);
        self.at.seq = self.at.seq.max(seq);
    }
}

/// Numbers of the streams of a ledger, with how many entries each has.
pub(crate) fn sizes(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<(u32, u64)>> {
    walk::streams(disk, folder)?
        .into_iter()
        .map(|stream| {
            Ok((
                stream,
                hashes::size(disk, &walk::stream_folder(folder, stream))?,
            ))
        })
        .collect()
}
