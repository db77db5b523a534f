//! Appends batches to the segments of a stream, one fdatasync each.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::disk::Disk;
use crate::ledger::batch::{Batch, Done};
use crate::ledger::frame::{Codec, ENTRY_MAX, HEADER};
use crate::ledger::hashes::TreeFiles;
use crate::ledger::intents::{Mark, OpenIntents};
use crate::ledger::note::Note;
use crate::ledger::seal::Sealer;
use crate::ledger::segment::{self, HEAD, Segment};
use crate::time;
use crate::tree::{Hash, leaf_hash};

/// Room at the end of each segment that only the ledger's own notes may use: to say that the disk is full.
const KEPT: u64 = 4096;

/// Words a note as the rest of an entry, behind the fields that the ledger writes.
pub(crate) type WordNote = Arc<dyn Fn(&Note) -> Vec<u8> + Send + Sync>;

/// The one who writes. Whoever leads a batch holds it; see [`Group`](crate::ledger::group::Group).
pub(crate) struct Writer {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    pub(crate) stream: String,
    pub(crate) codec: Codec,
    pub(crate) word: WordNote,
    pub(crate) reserve: Arc<Reserve>,
    /// Size of the segments that are made from now on.
    pub(crate) segment_size: u64,
    pub(crate) segment: Segment,
    pub(crate) next_seq: u64,
    pub(crate) open: OpenIntents,
    pub(crate) staged: Staged,
    pub(crate) tree: TreeFiles,
    /// Signs checkpoints, where there are keys. Taken while `writer` is held, never the other way round.
    pub(crate) sealer: Arc<Mutex<Option<Sealer>>>,
    /// A failure was survived by going to another segment; the next one is the last.
    pub(crate) failed_once: bool,
    pub(crate) full: bool,
}

/// Frames that are built and not yet written.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    bytes: Vec<u8>,
    marks: Vec<Mark>,
    leaves: Vec<Hash>,
    time: String,
}

/// The prepared segment, which the background thread makes and the writer takes.
#[derive(Debug, Default)]
pub(crate) struct Reserve(Mutex<Option<PathBuf>>);

/// Why a batch could not be written as it was.
enum Trouble {
    /// There is no room for another segment.
    Full(io::Error),
    /// The storage failed, so that nothing it says can be trusted.
    Failed(io::Error),
}

impl Reserve {
    /// Makes the reserve unless there is one. Blocks while another thread makes it.
    pub(crate) fn prepare(&self, writer: &Place) -> io::Result<()> {
        let mut reserve = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if reserve.is_none() {
            *reserve = Some(segment::prepare(
                &*writer.disk,
                &writer.folder,
                writer.size,
            )?);
        }
        Ok(())
    }

    fn take(&self, writer: &Place) -> io::Result<PathBuf> {
        self.prepare(writer)?;
        let mut reserve = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reserve.take().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// Where segments are made.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    pub(crate) size: u64,
}

impl Writer {
    /// Appends the entries of a batch. When it returns, those it accepted are durable.
    pub(crate) fn commit(&mut self, batch: &Batch) -> Done {
        let mut done = Done::default();
        self.staged.time.clear();
        let now = time::now();
        done.logged = now;
        write!(self.staged.time, "{}", time::Micros(now))
            .expect("a String takes all that is written");
        let mut accepted = 0;
        for (place, (body, mark)) in batch.iter().enumerate() {
            match self.stage_within_limit(body, mark, &mut done) {
                Ok(seq) => {
                    done.place(place, seq);
                    accepted = place + 1;
                }
                Err(Trouble::Full(error)) => {
                    self.say_full(&error);
                    done.refused = Some(Arc::new(error));
                    break;
                }
                Err(Trouble::Failed(error)) => {
                    done.failed = Some(Arc::new(error));
                    return done;
                }
            }
        }
        match self.flush(&mut done) {
            Ok(()) => done.accepted = accepted,
            Err(error) => done.failed = Some(Arc::new(error)),
        }
        done.open_intents = self.open.len();
        done
    }

    /// Writes a note that must stand in the stream now.
    pub(crate) fn say(&mut self, note: &Note) -> io::Result<()> {
        let mut done = Done::default();
        self.staged.time = time::Micros(time::now()).to_string();
        let body = (self.word)(note);
        self.stage_within_limit(&body, Mark::None, &mut done)
            .map_err(|trouble| match trouble {
                Trouble::Full(error) | Trouble::Failed(error) => error,
            })?;
        self.flush(&mut done)
    }

    /// Where this stream's segments are made.
    pub(crate) fn place(&self) -> Place {
        Place {
            disk: Arc::clone(&self.disk),
            folder: self.folder.clone(),
            size: self.segment_size,
        }
    }

    fn stage_within_limit(
        &mut self,
        body: &[u8],
        mark: Mark,
        done: &mut Done,
    ) -> Result<u64, Trouble> {
        let need = (HEADER + self.prefix_len() + body.len()) as u64;
        if self.end() + need > self.segment.size.saturating_sub(KEPT) {
            self.flush(done).map_err(Trouble::Failed)?;
            self.roll()?;
        }
        Ok(self.stage(body, mark))
    }

    /// Builds the frame of an entry and gives its sequence.
    fn stage(&mut self, body: &[u8], mark: Mark) -> u64 {
        let seq = self.next_seq;
        let place = self.staged.marks.len() as u32;
        let start = self.staged.bytes.len();
        let (stream, time) = (&self.stream, &self.staged.time);
        self.codec
            .append(&mut self.staged.bytes, seq, place, |out| {
                // The parts that are known only now. The service's name is the only free text, and has no quotes.
                out.extend_from_slice(b"{\"v\":1,\"stream\":\"");
                out.extend_from_slice(stream.as_bytes());
                out.extend_from_slice(b"\",\"seq\":");
                push_number(out, seq);
                out.extend_from_slice(b",\"logged_time\":\"");
                out.extend_from_slice(time.as_bytes());
                out.extend_from_slice(b"\",");
                out.extend_from_slice(body);
            });
        let entry = &self.staged.bytes[start + HEADER..];
        self.staged.leaves.push(leaf_hash(entry));
        self.staged.marks.push(mark);
        self.next_seq += 1;
        seq
    }

    /// Makes durable what was staged.
    fn flush(&mut self, done: &mut Done) -> io::Result<()> {
        if self.staged.marks.is_empty() {
            return Ok(());
        }
        let start = Instant::now();
        let bytes = std::mem::take(&mut self.staged.bytes);
        let written = write_durably(&self.segment, &bytes);
        let result = match written {
            Ok(()) => {
                self.segment.offset += bytes.len() as u64;
                Ok(())
            }
            Err(error) => self.write_elsewhere(&bytes, &error),
        };
        self.staged.bytes = bytes;
        self.staged.bytes.clear();
        let first = self.next_seq - self.staged.marks.len() as u64;
        if result.is_ok() {
            for (seq, mark) in (first..).zip(&self.staged.marks) {
                self.open.apply(seq, *mark);
            }
            for leaf in &self.staged.leaves {
                self.tree.push(*leaf);
            }
            // The hashes follow from the entries, so nothing is lost where this fails; the next write takes them along.
            let _ = self.tree.write();
        }
        self.staged.marks.clear();
        self.staged.leaves.clear();
        done.syncs += 1;
        done.sync_time += start.elapsed();
        result
    }

    /// The kernel may have dropped what it could not write, and a second fsync of that file would say that all is well. So
    /// the file is left as it is, and the batch goes to another segment. That works once.
    fn write_elsewhere(&mut self, bytes: &[u8], error: &io::Error) -> io::Result<()> {
        if std::mem::replace(&mut self.failed_once, true) {
            return Err(copy(error));
        }
        let (failed, offset) = (self.segment.first_seq, self.segment.offset);
        let batch_first = self.next_seq - self.staged.marks.len() as u64;
        if failed == batch_first {
            // Nothing durable is in the failed segment, and it has the name that the new one needs.
            segment::set_aside(&*self.disk, &self.folder, failed)?;
        }
        if self.tree.sync().is_err() {
            TreeFiles::give_up(&*self.disk, &self.folder);
        }
        self.segment = self.next_segment(batch_first)?;
        let note = (self.word)(&Note::StorageFailed {
            segment: segment::name(failed),
            offset,
            error: error.kind().to_string(),
        });
        // The frames keep their sequences, the note comes after them.
        self.staged.bytes.extend_from_slice(bytes);
        self.stage(&note, Mark::None);
        let all = std::mem::take(&mut self.staged.bytes);
        write_durably(&self.segment, &all)?;
        self.segment.offset += all.len() as u64;
        Ok(())
    }

    /// Goes on in the next segment.
    fn roll(&mut self) -> Result<(), Trouble> {
        let place = self.place();
        self.reserve.prepare(&place).map_err(Trouble::Full)?;
        self.finish_tree();
        self.segment = self.next_segment(self.next_seq).map_err(Trouble::Failed)?;
        self.full = false;
        self.stage_opening();
        Ok(())
    }

    /// Makes the hashes of the full segment durable, and passes the right to sign to the next.
    fn finish_tree(&mut self) {
        if self.tree.sync().is_err() {
            TreeFiles::give_up(&*self.disk, &self.folder);
        }
        let mut sealer = self.sealer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sealer) = &mut *sealer {
            // A store of keys that does not answer must not stop the ledger: the key in use goes on.
            let _ = sealer.next_key(self.tree.head());
        }
    }

    /// Writes what the first entries of a stream or a segment are.
    pub(crate) fn open_segment(&mut self, notes: &[Note], opening: bool) -> io::Result<()> {
        self.staged.time = time::Micros(time::now()).to_string();
        for note in notes {
            let body = (self.word)(note);
            self.stage(&body, Mark::None);
        }
        if opening {
            self.stage_opening();
        }
        self.flush(&mut Done::default())
    }

    fn next_segment(&self, first_seq: u64) -> io::Result<Segment> {
        let reserve = self.reserve.take(&self.place())?;
        segment::take(
            &*self.disk,
            &self.folder,
            &reserve,
            first_seq,
            self.segment_size,
        )
    }

    /// The first entry of a segment, which becomes durable with what follows.
    fn stage_opening(&mut self) {
        let body = (self.word)(&Note::SegmentOpened {
            segment: segment::name(self.segment.first_seq),
            open_since: self.open.oldest().unwrap_or(self.next_seq),
        });
        self.stage(&body, Mark::None);
    }

    fn say_full(&mut self, error: &io::Error) {
        if std::mem::replace(&mut self.full, true) {
            return;
        }
        let body = (self.word)(&Note::Full {
            error: error.kind().to_string(),
        });
        let need = (HEADER + self.prefix_len() + body.len()) as u64;
        if self.end() + need <= self.segment.size {
            self.stage(&body, Mark::None);
        }
    }

    /// Offset behind what is staged.
    fn end(&self) -> u64 {
        self.segment.offset + self.staged.bytes.len() as u64
    }

    /// Most bytes of the fields that the ledger itself writes.
    fn prefix_len(&self) -> usize {
        prefix_len(&self.stream)
    }
}

/// Most bytes that an entry of this stream has before its body.
pub(crate) fn prefix_len(stream: &str) -> usize {
    r#"{"v":1,"stream":"","seq":,"logged_time":"",x"#.len() + stream.len() + 20 + time::LENGTH
}

/// Most bytes of the body of an entry of this stream.
pub(crate) fn body_max(stream: &str) -> usize {
    ENTRY_MAX - prefix_len(stream)
}

/// Least size of a segment in which the largest entry of a stream has room beside the notes of the ledger.
pub(crate) const SEGMENT_MIN: u64 = HEAD + 2 * KEPT + (HEADER + ENTRY_MAX) as u64;

fn write_durably(segment: &Segment, bytes: &[u8]) -> io::Result<()> {
    segment.file.write_all_at(bytes, segment.offset)?;
    segment.file.sync_data()
}

fn copy(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error.kind().into(),
    }
}

fn push_number(out: &mut Vec<u8>, number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}
