//! Walks over all that a ledger holds, in order, and reports what cannot be read.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::ledger::frame::Codec;
use crate::ledger::scan::{Scan, Tail, Torn};
use crate::ledger::segment;

/// File that holds the name of the ledger.
pub(crate) const IDENTITY: &str = "identity";

/// Longest name of a ledger: a service, a slash, a UUID.
const IDENTITY_MAX: usize = 128;

/// A piece of a ledger.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    /// A stream begins.
    Stream(&'a str),
    Entry {
        stream: &'a str,
        segment: u64,
        offset: u64,
        seq: u64,
        entry: &'a [u8],
    },
    /// The frames of a segment end, and what follows is not as it should be.
    Tail {
        stream: &'a str,
        segment: u64,
        next_seq: u64,
        torn: Torn,
        /// A whole entry stands further on.
        damaged: bool,
        /// Nothing was written after this segment.
        last: bool,
    },
    /// A segment begins with another sequence than the one before it ended with.
    Missing {
        stream: &'a str,
        segment: u64,
        from_seq: u64,
    },
}

/// Walks over the streams of a ledger; `visit` ends it with `false`.
///
/// Memory: two windows of 256 KiB. Reads while another process writes, too: the last segment then ends where it is.
pub(crate) fn walk(
    disk: &dyn Disk,
    folder: &Path,
    visit: &mut dyn FnMut(Step<'_>) -> bool,
) -> io::Result<()> {
    for stream in stream_names(disk, folder)? {
        let number = stream_number(&stream).unwrap_or_default();
        if !walk_stream(disk, &stream_folder(folder, number), &stream, visit)? {
            break;
        }
    }
    Ok(())
}

/// Names of the streams of a ledger, in order.
pub(crate) fn stream_names(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<String>> {
    let base = identity(disk, folder)?
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "this is no ledger"))?;
    let numbers = streams(disk, folder)?;
    Ok(numbers
        .into_iter()
        .map(|number| stream_name(&base, number))
        .collect())
}

fn walk_stream(
    disk: &dyn Disk,
    folder: &Path,
    stream: &str,
    visit: &mut dyn FnMut(Step<'_>) -> bool,
) -> io::Result<bool> {
    if !visit(Step::Stream(stream)) {
        return Ok(false);
    }
    let codec = Codec::new(stream);
    let segments = segment::list(disk, folder)?;
    let mut expected = 0;
    for (place, first) in segments.iter().enumerate() {
        if *first != expected
            && !visit(Step::Missing {
                stream,
                segment: *first,
                from_seq: expected,
            })
        {
            return Ok(false);
        }
        let limit = segments.get(place + 1).copied();
        let file = disk.open_to_read(&segment::path(folder, *first))?;
        let mut scan = Scan::new(file, codec.clone(), *first, limit.unwrap_or(u64::MAX))?;
        while let Some((offset, frame)) = scan.next_frame()? {
            let step = Step::Entry {
                stream,
                segment: *first,
                offset,
                seq: frame.seq,
                entry: frame.entry,
            };
            if !visit(step) {
                return Ok(false);
            }
        }
        expected = scan.next_seq();
        let (torn, damaged) = match scan.tail()? {
            Tail::Clean => continue,
            Tail::Torn(torn) => (torn, false),
            Tail::Damaged(torn) => (torn, true),
        };
        let step = Step::Tail {
            stream,
            segment: *first,
            next_seq: expected,
            torn,
            damaged,
            last: limit.is_none(),
        };
        if !visit(step) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The name of the ledger, if there is one.
pub(crate) fn identity(disk: &dyn Disk, folder: &Path) -> io::Result<Option<String>> {
    let file = match disk.open_to_read(&folder.join(IDENTITY)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut text = [0; IDENTITY_MAX];
    let count = segment::read_full(&*file, &mut text, 0)?;
    let name = std::str::from_utf8(&text[..count])
        .ok()
        .and_then(|text| text.strip_suffix('\n'))
        .filter(|name| {
            name.split_once('/').is_some_and(|(service, instance)| {
                !service.is_empty() && uuid::Uuid::parse_str(instance).is_ok()
            })
        });
    match name {
        Some(name) => Ok(Some(name.to_owned())),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the identity of the ledger is unreadable",
        )),
    }
}

/// Numbers of the streams, in order.
pub(crate) fn streams(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<u32>> {
    let mut numbers: Vec<u32> = disk
        .list(folder)?
        .iter()
        .filter_map(|name| name.to_str()?.strip_prefix("stream-")?.parse().ok())
        .collect();
    numbers.sort_unstable();
    Ok(numbers)
}

/// Folder of a stream.
pub(crate) fn stream_folder(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("stream-{number:04}"))
}

/// Number of a stream, from its name.
pub(crate) fn stream_number(name: &str) -> Option<u32> {
    name.rsplit_once('/')?.1.parse().ok()
}

/// Name of a stream, as its entries give it.
pub(crate) fn stream_name(base: &str, number: u32) -> String {
    format!("{base}/{number}")
}
