//! How far a sink was given the ledger, kept in a small file that is replaced as a whole.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::ledger::{Place, read_full};

/// First line of the file; the number is the version of the format.
const HEAD: &str = "civic-relay 1";

/// Longest file: four lines, the longest of which is the name of a ledger.
const LENGTH_MAX: usize = 512;

/// The file with the position of one relay.
#[derive(Debug)]
pub(crate) struct PositionFile {
    folder: PathBuf,
    path: PathBuf,
}

impl PositionFile {
    pub(crate) fn new(folder: &Path) -> Self {
        PositionFile {
            folder: folder.to_owned(),
            path: folder.join("position"),
        }
    }

    /// The place, or the beginning where there is none yet.
    ///
    /// A file that cannot be read is an error and no beginning: a sink without dedupe would get everything again.
    pub(crate) fn read(&self, disk: &dyn Disk, ledger: &str) -> io::Result<Place> {
        let file = match disk.open_to_read(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Place::default()),
            Err(error) => return Err(error),
        };
        let mut bytes = [0; LENGTH_MAX];
        let count = read_full(&*file, &mut bytes, 0)?;
        let parsed = std::str::from_utf8(&bytes[..count]).ok().and_then(parse);
        let unfit = |why: &'static str| io::Error::new(io::ErrorKind::InvalidData, why);
        let (of, place) = parsed.ok_or_else(|| unfit("the position of a relay is unreadable"))?;
        if of == ledger {
            Ok(place)
        } else {
            Err(unfit("the position of a relay is that of another ledger"))
        }
    }

    /// Replaces it, durable when this returns.
    pub(crate) fn write(&self, disk: &dyn Disk, ledger: &str, place: Place) -> io::Result<()> {
        let text = word(ledger, place);
        let unfinished = self.folder.join("position.new");
        let file = disk.create(&unfinished)?;
        file.write_all_at(text.as_bytes(), 0)?;
        file.sync_all()?;
        disk.rename(&unfinished, &self.path)?;
        disk.sync_folder(&self.folder)
    }
}

fn word(ledger: &str, place: Place) -> String {
    let mut text = format!("{HEAD}\n{ledger}\n{} {}\n", place.stream, place.seq);
    let sum = crc32fast::hash(text.as_bytes());
    writeln!(text, "{sum:08x}").expect("a String takes all that is written");
    text
}

fn parse(text: &str) -> Option<(String, Place)> {
    let mut lines = text.lines();
    let (head, ledger, place) = (lines.next()?, lines.next()?, lines.next()?);
    let (stream, seq) = place.split_once(' ')?;
    let place = Place {
        stream: stream.parse().ok()?,
        seq: seq.parse().ok()?,
    };
    (head == HEAD && word(ledger, place) == text).then(|| (ledger.to_owned(), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written_and_no_changed_byte_passes() {
        let place = Place {
            stream: 2,
            seq: 70_000,
        };
        let text = word("licensing/7", place);
        assert_eq!(parse(&text), Some(("licensing/7".to_owned(), place)));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let changed = String::from_utf8(bytes).ok();
            assert_eq!(changed.as_deref().and_then(parse), None, "byte {at}");
            assert_eq!(parse(&text[..at]), None, "cut at {at}");
        }
    }
}
