//! Opens what is to be scanned: files, directories, standard input, gzip and zstd.

mod cut;
mod error;
mod format;
mod lines;
mod walk;
mod zstd;

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::rc::Rc;

use flate2::bufread::MultiGzDecoder;

use format::Format;

pub(crate) use cut::{cut_point, tail};
pub(crate) use error::{Failure, Unreadable};
pub(crate) use lines::{Lines, Piece};
pub(crate) use walk::{Input, expand};

/// Buffer before a decompressor.
const PACKED_BLOCK: usize = 64 * 1024;

/// An input that is open, and unpacked where it was packed.
pub(crate) struct Opened {
    reader: Box<dyn Read>,
    /// What it was packed with.
    archive: Option<&'static str>,
}

impl Input {
    /// Opens the input and unpacks gzip and zstd, told by their first bytes.
    ///
    /// `taken` counts the bytes that are read, before they are unpacked.
    ///
    /// # Errors
    /// If the file cannot be opened, or is packed in another way.
    pub(crate) fn open(&self, taken: &Rc<Cell<u64>>) -> Result<Opened, Unreadable> {
        let source: Box<dyn Read> = match self {
            Self::Stdin => Box::new(io::stdin().lock()),
            Self::File(path) => Box::new(File::open(path).map_err(Unreadable::Open)?),
        };
        let mut source = Counted {
            source,
            taken: Rc::clone(taken),
        };
        let head = read_head(&mut source).map_err(Unreadable::Read)?;
        let format = format::detect(&head);
        let whole = Cursor::new(head).chain(source);
        let (reader, archive): (Box<dyn Read>, _) = match format {
            Format::Plain => (Box::new(whole), None),
            Format::Gzip => {
                let packed = BufReader::with_capacity(PACKED_BLOCK, whole);
                (Box::new(MultiGzDecoder::new(packed)), Some("gzip"))
            }
            Format::Zstd => {
                let packed = BufReader::with_capacity(PACKED_BLOCK, whole);
                (Box::new(zstd::ZstdReader::new(packed)), Some("zstd"))
            }
            Format::Closed(what) => return Err(Unreadable::Closed(what)),
        };
        Ok(Opened { reader, archive })
    }
}

impl Opened {
    /// What an error of the reader means for this input.
    pub(crate) fn reason(archive: Option<&'static str>, error: io::Error) -> Unreadable {
        match archive {
            Some(archive) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Unreadable::EndsEarly(archive)
            }
            Some(archive) => Unreadable::Corrupt(archive, error),
            None => Unreadable::Read(error),
        }
    }

    /// The reader, and what it was packed with.
    pub(crate) fn into_parts(self) -> (Box<dyn Read>, Option<&'static str>) {
        (self.reader, self.archive)
    }
}

/// Reads enough to tell how the input is packed, and no further than a first short line, so that text
/// from a pipe is scanned as it comes. No first bytes of an archive hold an end of line.
fn read_head(source: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(format::HEAD);
    let mut block = [0; format::HEAD];
    while head.len() < format::HEAD && !head.contains(&b'\n') {
        let room = format::HEAD - head.len();
        match source.read(&mut block[..room]) {
            Ok(0) => break,
            Ok(count) => head.extend_from_slice(&block[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

/// Counts what is read from a source.
struct Counted<R> {
    source: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.taken.set(self.taken.get() + count as u64);
        Ok(count)
    }
}
