//! Entries that a sink refused for good, kept whole with the reason.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::disk::{Disk, DiskFile, RealDisk};
use crate::json::Object;
use crate::ledger::read_full;
use crate::lines::last_whole;
use crate::time;

/// File with the refused entries of a relay, one line of JSON each.
const FILE: &str = "dead-letters.jsonl";

/// Most bytes of the file that are read: entries of 64 KiB make 16,384 of them.
const READ_MAX: u64 = 1 << 30;

/// Longer than two lines, whose entries may have every byte escaped.
const TAIL: u64 = 1024 * 1024;

/// An entry that a sink refused for good, with why. It is still in the ledger, too.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// for letter in civic_audit::dead_letters(folder.path(), "postgres")? {
///     println!("{} {}: {}", letter.stream, letter.seq, letter.why);
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeadLetter {
    /// Name of the stream.
    pub stream: String,
    /// Place in it.
    pub seq: u64,
    /// When it was refused, in UTC.
    pub time: String,
    /// What the sink said.
    pub why: String,
    /// The entry, byte by byte.
    pub entry: Vec<u8>,
}

/// Reads what the sink of a relay refused, oldest first. `sink` is the name that the relay has.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// assert!(civic_audit::dead_letters(folder.path(), "postgres")?.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// When the file cannot be read, or a whole line of it is no dead letter.
pub fn dead_letters(ledger: impl AsRef<Path>, sink: &str) -> io::Result<Vec<DeadLetter>> {
    let folder = super::folder(ledger.as_ref(), sink);
    let file = match RealDisk.open_to_read(&folder.join(FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let bytes = read_from(&*file, 0)?;
    let (whole, _) = last_whole(&bytes);
    bytes[..whole]
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| parse(line).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData)))
        .collect()
}

/// The file that refused entries are appended to.
#[derive(Debug)]
pub(super) struct DeadLetters {
    folder: PathBuf,
}

impl DeadLetters {
    pub(super) fn new(folder: &Path) -> Self {
        DeadLetters {
            folder: folder.to_owned(),
        }
    }

    /// Keeps an entry, durable when this returns. One that is the last in the file already is not kept twice.
    pub(super) fn keep(
        &self,
        disk: &dyn Disk,
        (stream, seq): (&str, u64),
        entry: &[u8],
        why: &str,
    ) -> io::Result<()> {
        let path = self.folder.join(FILE);
        let file = match disk.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = disk.create(&path)?;
                disk.sync_folder(&self.folder)?;
                file
            }
            Err(error) => return Err(error),
        };
        // The last line and whatever stands behind it is enough.
        let from = file.length()?.saturating_sub(TAIL);
        let there = read_from(&*file, from)?;
        let (end, last) = last_whole(&there);
        let last = last.and_then(parse);
        if last.is_some_and(|last| last.stream == stream && last.seq == seq) {
            return Ok(());
        }
        let mut line = word((stream, seq), entry, why);
        // Over the rest of a line that a crash cut, if there is one.
        line.resize(line.len().max(there.len() - end), b'\n');
        file.write_all_at(&line, from + end as u64)?;
        file.sync_all()
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    stream: String,
    seq: u64,
    time: String,
    why: String,
    #[serde(borrow)]
    entry: &'a RawValue,
}

fn parse(line: &[u8]) -> Option<DeadLetter> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    Some(DeadLetter {
        stream: line.stream,
        seq: line.seq,
        time: line.time,
        why: line.why,
        entry: line.entry.get().as_bytes().to_vec(),
    })
}

fn word((stream, seq): (&str, u64), entry: &[u8], why: &str) -> Vec<u8> {
    let mut line = Vec::with_capacity(entry.len() + 256);
    let mut object = Object::open(&mut line);
    object.number("v", 1);
    object.text("stream", stream);
    object.number("seq", seq);
    object.plain("time", time::Micros(time::now()));
    object.text("why", why);
    // An entry is one line of JSON; what is none is kept as text.
    if serde_json::from_slice::<&RawValue>(entry).is_ok() && !entry.contains(&b'\n') {
        object.fields(b",\"entry\":");
        object.fields(entry);
    } else {
        object.text("entry", &String::from_utf8_lossy(entry));
    }
    object.close();
    line.push(b'\n');
    line
}

fn read_from(file: &dyn DiskFile, from: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; (file.length()? - from).min(READ_MAX) as usize];
    let count = read_full(file, &mut bytes, from)?;
    bytes.truncate(count);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_once_and_a_cut_line_is_written_over() {
        let ledger = tempfile::tempdir().unwrap();
        let folder = super::super::folder(ledger.path(), "s");
        std::fs::create_dir(&folder).unwrap();
        let letters = DeadLetters::new(&folder);
        let keep = |seq: u64, entry: &str| {
            letters
                .keep(&RealDisk, ("a/7/1", seq), entry.as_bytes(), "too large")
                .unwrap();
        };
        keep(3, r#"{"b": 1,"a":[ 2 ]}"#);
        keep(3, r#"{"b": 1,"a":[ 2 ]}"#);
        let path = folder.join(FILE);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend_from_slice(&[b'x'; 2000]);
        std::fs::write(&path, bytes).unwrap();
        keep(4, "{}");
        let found = dead_letters(ledger.path(), "s").unwrap();
        let shown: Vec<_> = found
            .iter()
            .map(|letter| (letter.seq, letter.entry.as_slice(), letter.why.as_str()))
            .collect();
        let first: &[u8] = br#"{"b": 1,"a":[ 2 ]}"#;
        assert_eq!(shown, [(3, first, "too large"), (4, b"{}", "too large")]);
    }
}
