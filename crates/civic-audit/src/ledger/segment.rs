//! Segments: files of one size, filled with zeros before use, named by the first sequence in them.
//!
//! Zeros first, because a write into a block that exists makes one disk write and no change of the file system's own
//! records; and because zeros behind the last frame say that nothing is missing. A segment gets its name only when all of
//! it is durable, so a segment that is shorter than its head says was cut.

use std::io;
use std::path::{Path, PathBuf};

use crate::disk::{Disk, DiskFile};

/// First bytes of a segment; the last is the version of the format.
const MAGIC: [u8; 8] = *b"civic\0l\x01";

/// Bytes before the first frame: the magic, then the size of the whole segment as u64, little-endian.
pub(crate) const HEAD: u64 = 16;

/// Zeros are written in pieces of this size, which is also how much memory it takes.
const PIECE: usize = 256 * 1024;

/// A prepared segment that has no name yet.
pub(crate) const RESERVE: &str = "reserve";

/// A reserve that is not whole yet.
const UNFINISHED: &str = "reserve.new";

/// Where the segment with this first sequence stands.
pub(crate) fn path(folder: &Path, first_seq: u64) -> PathBuf {
    folder.join(format!("seg-{first_seq:020}.log"))
}

/// Name of the segment's file, as events and reports give it.
pub(crate) fn name(first_seq: u64) -> String {
    format!("seg-{first_seq:020}.log")
}

/// The segment that is written to.
pub(crate) struct Segment {
    pub(crate) file: Box<dyn DiskFile>,
    pub(crate) first_seq: u64,
    /// Where the next frame goes. Everything before it is durable.
    pub(crate) offset: u64,
    pub(crate) size: u64,
}

/// First sequences of the segments in a folder, in order.
pub(crate) fn list(disk: &dyn Disk, folder: &Path) -> io::Result<Vec<u64>> {
    let mut found: Vec<u64> = disk
        .list(folder)?
        .iter()
        .filter_map(|name| {
            let digits = name.to_str()?.strip_prefix("seg-")?.strip_suffix(".log")?;
            (digits.len() == 20).then(|| digits.parse().ok())?
        })
        .collect();
    found.sort_unstable();
    Ok(found)
}

/// Makes a segment without a name, durable and full of zeros, and gives its path.
///
/// One that is there from an earlier run and has the right size is taken as it is: frames are only written to a segment
/// with a name.
pub(crate) fn prepare(disk: &dyn Disk, folder: &Path, size: u64) -> io::Result<PathBuf> {
    let reserve = folder.join(RESERVE);
    let is_whole = |file: Box<dyn DiskFile>| -> io::Result<bool> {
        Ok(file.length()? == size && size_in_head(&*file)? == Some(size))
    };
    if disk
        .open_to_read(&reserve)
        .and_then(is_whole)
        .unwrap_or(false)
    {
        return Ok(reserve);
    }
    let unfinished = folder.join(UNFINISHED);
    let file = disk.create(&unfinished)?;
    let filled = fill(&*file, size).and_then(|()| file.sync_all());
    if let Err(error) = filled {
        // On a full disk the half of a reserve would keep the room that others need.
        let _ = disk.remove(&unfinished);
        return Err(error);
    }
    disk.rename(&unfinished, &reserve)?;
    disk.sync_folder(folder)?;
    Ok(reserve)
}

/// Gives a prepared segment its name, which makes it one.
pub(crate) fn take(
    disk: &dyn Disk,
    folder: &Path,
    reserve: &Path,
    first_seq: u64,
    size: u64,
) -> io::Result<Segment> {
    let path = path(folder, first_seq);
    disk.rename(reserve, &path)?;
    disk.sync_folder(folder)?;
    Ok(Segment {
        file: disk.open(&path)?,
        first_seq,
        offset: HEAD,
        size,
    })
}

/// Takes its name from a segment that holds no entry, and gives the name that it has now.
pub(crate) fn set_aside(disk: &dyn Disk, folder: &Path, first_seq: u64) -> io::Result<String> {
    let taken = disk.list(folder)?;
    let former = taken
        .iter()
        .filter(|name| name.to_string_lossy().starts_with("torn-"))
        .count();
    // Files are never removed from here, so the number is a new one.
    let aside = format!("torn-{first_seq:020}-{}.log", former + 1);
    disk.rename(&path(folder, first_seq), &folder.join(&aside))?;
    disk.sync_folder(folder)?;
    Ok(aside)
}

fn fill(file: &dyn DiskFile, size: u64) -> io::Result<()> {
    let zeros = vec![0; PIECE.min(size as usize)];
    let mut offset = 0;
    while offset < size {
        let count = zeros.len().min((size - offset) as usize);
        file.write_all_at(&zeros[..count], offset)?;
        offset += count as u64;
    }
    let mut head = [0; HEAD as usize];
    head[..8].copy_from_slice(&MAGIC);
    head[8..].copy_from_slice(&size.to_le_bytes());
    file.write_all_at(&head, 0)
}

/// The size that the head of a segment gives; `None` when this is no such head.
pub(crate) fn size_in_head(file: &dyn DiskFile) -> io::Result<Option<u64>> {
    let mut head = [0; HEAD as usize];
    if read_full(file, &mut head, 0)? < head.len() || head[..8] != MAGIC {
        return Ok(None);
    }
    let size = head[8..].try_into().expect("eight bytes are eight bytes");
    Ok(Some(u64::from_le_bytes(size)))
}

/// Reads until the buffer is full or the file ends.
pub(crate) fn read_full(file: &dyn DiskFile, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}
