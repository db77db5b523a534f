//! Entries as lines in files that somebody collects.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::export::Shape;
use crate::lines::last_whole;
use crate::sink::{Batch, Sink, SinkError};

/// Size at which a file is full unless told.
const FILE_BYTES: u64 = 64 * 1024 * 1024;

/// Longest line whose sequence is found at a start: twice the largest entry in the longest shape.
const LINE_MAX: u64 = 1024 * 1024;

/// Appends entries as lines of JSON to files, durable when [`store`](Sink::store) returns.
///
/// One row of files for each stream: `<stream>.<first sequence>.jsonl`, with underscores for the slashes of the stream. A file
/// that is full is never written again, so that a collector may take it away; the newest one stays, because its last line says
/// where to go on. Entries that are there are passed over. A line that was cut by a crash is cut off at the next start: the
/// ledger still has its entry, and gives it again.
///
/// ```
/// use civic_audit::{FileSink, Shape};
/// let sink = FileSink::new("/var/log/licensing/audit").shape(Shape::Ocsf).file_bytes(16 * 1024 * 1024);
/// ```
#[derive(Debug)]
pub struct FileSink {
    folder: PathBuf,
    shape: Shape,
    file_bytes: u64,
    streams: HashMap<String, Row>,
}

/// The files of a stream.
#[derive(Debug)]
struct Row {
    file: Option<File>,
    bytes: u64,
    next_seq: u64,
}

impl FileSink {
    /// Files in a folder, which is made when it is not there. Lines are [`Shape::Ocsf`] unless told.
    ///
    /// ```
    /// let sink = civic_audit::FileSink::new("/var/log/licensing/audit");
    /// ```
    pub fn new(folder: impl AsRef<Path>) -> Self {
        FileSink {
            folder: folder.as_ref().to_owned(),
            shape: Shape::default(),
            file_bytes: FILE_BYTES,
            streams: HashMap::new(),
        }
    }

    /// What a line looks like.
    ///
    /// ```
    /// # use civic_audit::{FileSink, Shape};
    /// let sink = FileSink::new("/var/log/licensing/audit").shape(Shape::Entry);
    /// ```
    #[must_use]
    pub fn shape(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    /// Size at which the next file begins. 64 MiB unless told.
    ///
    /// ```
    /// let sink = civic_audit::FileSink::new("/var/log/licensing/audit").file_bytes(1 << 20);
    /// ```
    #[must_use]
    pub fn file_bytes(mut self, bytes: u64) -> Self {
        self.file_bytes = bytes;
        self
    }

    fn write(&mut self, batch: &Batch<'_>) -> io::Result<Result<(), u64>> {
        let stream = batch.stream();
        let prefix = format!("{}.", stream.replace('/', "_"));
        // Put back below: after an error the files are looked at anew.
        let mut row = match self.streams.remove(stream) {
            Some(row) => row,
            None => open(&self.folder, &prefix)?,
        };
        let mut lines = Vec::new();
        let mut refused = None;
        let from = row.next_seq;
        for entry in batch.iter().filter(|entry| entry.seq >= from) {
            if row.file.is_none() || row.bytes + lines.len() as u64 >= self.file_bytes {
                append(&mut row, &mut lines)?;
                let path = self.folder.join(format!("{prefix}{:020}.jsonl", entry.seq));
                row.file = Some(create(&self.folder, &path)?);
                row.bytes = 0;
            }
            let Some(line) = self.shape.line(entry.bytes) else {
                refused = Some(entry.seq);
                break;
            };
            lines.extend_from_slice(&line);
            lines.push(b'\n');
            row.next_seq = entry.seq + 1;
        }
        append(&mut row, &mut lines)?;
        if let Some(seq) = refused {
            row.next_seq = seq + 1;
        }
        self.streams.insert(stream.to_owned(), row);
        Ok(refused.map_or(Ok(()), Err))
    }
}

impl Sink for FileSink {
    fn store(&mut self, batch: &Batch<'_>) -> Result<u64, SinkError> {
        match self.write(batch) {
            Ok(Ok(())) => Ok(batch.end()),
            Ok(Err(seq)) => Err(SinkError::refused(seq, "the entry is not one of version 1")),
            Err(error) => Err(SinkError::passing("a file cannot be written").because(error)),
        }
    }
}

/// Finds where writing stopped, and cuts off half a line.
fn open(folder: &Path, prefix: &str) -> io::Result<Row> {
    fs::create_dir_all(folder)?;
    let mut newest: Option<PathBuf> = None;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_ours = path
            .file_name()
            .and_then(|name| name.to_str()?.strip_prefix(prefix)?.strip_suffix(".jsonl"))
            .is_some_and(|first| first.len() == 20 && first.bytes().all(|b| b.is_ascii_digit()));
        // Names of one row sort as their sequences do.
        if is_ours && newest.as_ref().is_none_or(|other| *other < path) {
            newest = Some(path);
        }
    }
    let Some(path) = newest else {
        return Ok(Row {
            file: None,
            bytes: 0,
            next_seq: 0,
        });
    };
    let first = path
        .file_stem()
        .and_then(|stem| stem.to_str()?.rsplit_once('.')?.1.parse().ok())
        .unwrap_or(0);
    let mut file = OpenOptions::new().read(true).append(true).open(&path)?;
    let length = file.metadata()?.len();
    let from = length.saturating_sub(LINE_MAX);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut tail)?;
    let (whole, last) = last_whole(&tail);
    if whole < tail.len() {
        file.set_len(from + whole as u64)?;
        file.sync_all()?;
    }
    let next_seq = match last {
        None => first,
        Some(line) => sequence_of(line).map(|seq| seq + 1).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "the last line has no sequence")
        })?,
    };
    Ok(Row {
        file: Some(file),
        bytes: from + whole as u64,
        next_seq,
    })
}

/// The sequence in a line of any shape.
fn sequence_of(line: &[u8]) -> Option<u64> {
    let value: serde_json::Value = serde_json::from_slice(line).ok()?;
    Shape::sequence(&value)
}

fn create(folder: &Path, path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // Entries hold pseudonyms: the group may collect them, others may not.
    let file = options.append(true).create(true).mode(0o640).open(path)?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

fn append(row: &mut Row, lines: &mut Vec<u8>) -> io::Result<()> {
    if let Some(file) = &mut row.file
        && !lines.is_empty()
    {
        file.write_all(lines)?;
        file.sync_data()?;
        row.bytes += lines.len() as u64;
        lines.clear();
    }
    Ok(())
}
