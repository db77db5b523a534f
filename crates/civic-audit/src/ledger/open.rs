//! Opens a ledger: takes the lock, finds where writing stopped, and starts the background thread.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::counts::Counts;
use crate::disk::Disk;
use crate::error::{OpenError, RecordError};
use crate::keys::KeyStore;
use crate::ledger::frame::Codec;
use crate::ledger::group::{Durable, Group, Patience, Ticket, Work};
use crate::ledger::hashes::{TreeFiles, TreeReader};
use crate::ledger::intents::{Id, Mark, OpenIntents};
use crate::ledger::note::{Gap, Note};
use crate::ledger::scan::{Scan, Tail, Torn};
use crate::ledger::seal::Sealer;
use crate::ledger::segment::{self, Segment};
use crate::ledger::walk::{self, IDENTITY};
use crate::ledger::writer::{Place, Reserve, SEGMENT_MIN, Staged, WordNote, Writer};
use crate::record;
use crate::signature::Checkpoint;
use crate::tree::{Hash, consistency, leaf_hash};
use crate::witness::Witness;

/// How often the background thread looks after the reserve, unless it is woken.
const LOOK: Duration = Duration::from_millis(500);

/// How often a stream that grows is signed.
const SEAL: Duration = Duration::from_secs(1);

/// What a ledger is opened with.
pub(crate) struct Options {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) folder: PathBuf,
    pub(crate) service: String,
    pub(crate) segment_size: u64,
    /// Most bytes of entries that wait in memory.
    pub(crate) queue: usize,
    /// Keys to sign checkpoints with.
    pub(crate) keys: Option<Arc<dyn KeyStore>>,
    /// Who keeps checkpoints.
    pub(crate) witness: Option<Arc<dyn Witness>>,
}

/// What was found when a ledger was opened.
#[derive(Debug, Default)]
pub(crate) struct Recovered {
    /// Intents that have no outcome: the process ended in the middle.
    pub(crate) unpaired: Vec<Id>,
}

/// A ledger that is open to write. Dropping it makes durable what was given, and gives back the lock.
pub(crate) struct Ledger {
    group: Arc<Group>,
    sealer: Arc<Mutex<Option<Sealer>>>,
    background: Option<JoinHandle<()>>,
    pub(crate) stream: String,
    _lock: Box<dyn Send + Sync>,
}

impl Ledger {
    /// Opens the ledger, or makes it. `word` gets the name of the stream and gives the words of its notes.
    pub(crate) fn open(
        options: &Options,
        word: impl FnOnce(&str) -> WordNote,
    ) -> Result<(Self, Recovered), OpenError> {
        let Options { disk, folder, .. } = options;
        if options.segment_size < SEGMENT_MIN {
            return Err(OpenError::segment_size(folder, SEGMENT_MIN));
        }
        make_folder(&**disk, folder)?;
        let lock = disk
            .lock(&folder.join("lock"))
            .map_err(|error| match error.kind() {
                io::ErrorKind::WouldBlock => OpenError::locked(folder),
                _ => OpenError::io(folder)(error),
            })?;
        let base = identity(&**disk, folder, &options.service)?;
        let found = find_stream(options, &base).map_err(OpenError::io(folder))?;
        let stream = walk::stream_name(&base, found.number);
        make_folder(&**disk, &walk::stream_folder(folder, found.number))?;
        let recovered = Recovered {
            unpaired: found.open.iter().map(|(_, id)| id).collect(),
        };
        let writer =
            start_writing(options, &stream, found, word(&stream)).map_err(OpenError::io(folder))?;
        let place = writer.place();
        let reserve = Arc::clone(&writer.reserve);
        let sealer = Arc::clone(&writer.sealer);
        let group = Arc::new(Group::new(writer, options.queue));
        let background = Background {
            group: Arc::clone(&group),
            sealer: Arc::clone(&sealer),
            witness: options.witness.clone(),
            reserve,
            place,
            stream: stream.clone(),
        };
        let background = thread::Builder::new()
            .name("civic-audit".to_owned())
            .spawn(move || background.run())
            .map_err(OpenError::io(folder))?;
        let ledger = Ledger {
            group,
            sealer,
            background: Some(background),
            stream,
            _lock: lock,
        };
        Ok((ledger, recovered))
    }

    /// Gives an entry and does not wait for it.
    pub(crate) fn push(
        &self,
        body: &[u8],
        mark: Mark,
        patience: Patience,
    ) -> Result<Ticket, RecordError> {
        self.group.push(body, mark, patience)
    }

    /// Gives an entry that nobody waits for.
    pub(crate) fn push_unattended(&self, body: &[u8], mark: Mark) -> Result<Ticket, RecordError> {
        self.group.push_unattended(body, mark)
    }

    /// Waits until the entry is durable.
    pub(crate) fn wait(&self, ticket: &Ticket) -> Result<Durable, RecordError> {
        self.group.wait(ticket)
    }

    /// As [`Ledger::wait`], for a future.
    pub(crate) fn poll(
        &self,
        ticket: &Ticket,
        waker: &Waker,
    ) -> Poll<Result<Durable, RecordError>> {
        self.group.poll(ticket, waker)
    }

    /// Lets the background thread write what was given.
    pub(crate) fn lead_in_background(&self) {
        self.group.lead_in_background();
    }

    /// Signs the stream as it is now, and gives the checkpoint; nothing without keys.
    pub(crate) fn checkpoint(&self) -> io::Result<Option<String>> {
        seal(&self.group, &self.sealer)
    }

    /// Figures since it was opened.
    pub(crate) fn counts(&self) -> Counts {
        self.group.counts()
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.group.close();
        if let Some(background) = self.background.take() {
            // It ends by itself, and has nothing to say.
            let _ = background.join();
        }
    }
}

/// What the background thread has at hand.
struct Background {
    group: Arc<Group>,
    sealer: Arc<Mutex<Option<Sealer>>>,
    witness: Option<Arc<dyn Witness>>,
    reserve: Arc<Reserve>,
    place: Place,
    stream: String,
}

impl Background {
    /// Leads what nobody waits for, keeps a reserve, and has the stream signed and witnessed.
    fn run(&self) {
        // The first reserve is made at once: a stream that fills quickly should find it there.
        let mut prepared = self.reserve.prepare(&self.place).is_ok();
        let mut last_seal = Instant::now();
        loop {
            if last_seal.elapsed() >= SEAL {
                // What fails is tried again a second later.
                let _ = self.seal();
                last_seal = Instant::now();
            }
            match self.group.next_work(LOOK) {
                Work::Lead => self.group.lead_once(),
                Work::Close => break,
                Work::Look => prepared = self.reserve.prepare(&self.place).is_ok(),
            }
            if prepared && self.group.is_full() {
                let resumed = self.group.writer().say(&Note::Resumed);
                if resumed.is_ok() {
                    self.group.set_room();
                }
            }
        }
        // The next start signs what this could not.
        let _ = self.seal();
    }

    fn seal(&self) -> io::Result<()> {
        let checkpoint = seal(&self.group, &self.sealer)?;
        let (Some(checkpoint), Some(witness)) = (checkpoint, &self.witness) else {
            return Ok(());
        };
        let size = Checkpoint::parse(&checkpoint).map_or(0, |checkpoint| checkpoint.size);
        let seen = witness.seen(&self.stream)?;
        if seen == size {
            return Ok(());
        }
        let mut tree = TreeReader::open(&*self.place.disk, &self.place.folder)?;
        let proof = if seen < size {
            consistency(&mut tree, seen, size)?
        } else {
            // The ledger is shorter than what was witnessed. The witness will say so.
            Vec::new()
        };
        witness.add(&checkpoint, &proof)?;
        self.group.set_witnessed(size);
        Ok(())
    }
}

/// Signs the stream as it is, and gives the latest checkpoint; nothing without keys.
fn seal(group: &Group, sealer: &Mutex<Option<Sealer>>) -> io::Result<Option<String>> {
    let head = group.writer().tree.head();
    let mut sealer = sealer.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(sealer) = &mut *sealer else {
        return Ok(None);
    };
    sealer.seal(head)?;
    Ok(Some(sealer.latest().to_owned()))
}

fn make_folder(disk: &dyn Disk, folder: &Path) -> Result<(), OpenError> {
    disk.create_folder(folder).map_err(OpenError::io(folder))?;
    disk.sync_folder(folder).map_err(OpenError::io(folder))?;
    if let Some(parent) = folder.parent().filter(|parent| *parent != Path::new("")) {
        disk.sync_folder(parent).map_err(OpenError::io(parent))?;
    }
    Ok(())
}

/// The name of the ledger: the service that made it and a UUID. Made when there is none.
fn identity(disk: &dyn Disk, folder: &Path, service: &str) -> Result<String, OpenError> {
    if let Some(name) = walk::identity(disk, folder).map_err(OpenError::io(folder))? {
        return Ok(name);
    }
    let path = folder.join(IDENTITY);
    let failed = || OpenError::io(&path);
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| failed()(error.into()))?;
    let instance = uuid::Builder::from_random_bytes(random).into_uuid();
    let name = format!("{service}/{instance}");
    let unfinished = folder.join("identity.new");
    let file = disk.create(&unfinished).map_err(failed())?;
    file.write_all_at(format!("{name}\n").as_bytes(), 0)
        .and_then(|()| file.sync_all())
        .and_then(|()| disk.rename(&unfinished, &path))
        .and_then(|()| disk.sync_folder(folder))
        .map_err(failed())?;
    Ok(name)
}

/// A stream as it was found.
#[derive(Default)]
struct Found {
    number: u32,
    /// The last segment, unless the stream has none.
    last: Option<Last>,
    open: OpenIntents,
    /// Parts that could not be read and that no event in the stream tells of.
    gaps: Vec<Gap>,
}

struct Last {
    first_seq: u64,
    scan: Scan,
    tail: Tail,
    /// Hashes of the entries in it.
    leaves: Vec<Hash>,
}

/// The stream to go on with: the last one, or the next where that one is damaged.
fn find_stream(options: &Options, base: &str) -> io::Result<Found> {
    let numbers = walk::streams(&*options.disk, &options.folder)?;
    let Some(number) = numbers.last().copied() else {
        return Ok(Found {
            number: 1,
            ..Found::default()
        });
    };
    let mut found = read_stream(options, base, number)?;
    let empty = found
        .last
        .as_ref()
        .is_none_or(|last| last.scan.next_seq() == 0);
    if empty && number > 1 {
        // Begun because the former one is damaged, and cut off before it could say so.
        let former = read_stream(options, base, number - 1)?;
        found.gaps.extend(damage(&former, base));
        found.open = former.open;
        return Ok(found);
    }
    let damaged = damage(&found, base);
    if damaged.is_empty() {
        return Ok(found);
    }
    Ok(Found {
        number: number + 1,
        last: None,
        open: found.open,
        gaps: damaged,
    })
}

/// What the first event of the next stream says of a damaged one.
fn damage(found: &Found, base: &str) -> Vec<Gap> {
    let stream = walk::stream_name(base, found.number);
    match &found.last {
        Some(Last {
            first_seq,
            scan,
            tail: Tail::Damaged(torn),
            ..
        }) => vec![gap(Some(stream), *first_seq, scan, torn)],
        _ => Vec::new(),
    }
}

fn read_stream(options: &Options, base: &str, number: u32) -> io::Result<Found> {
    let disk = &*options.disk;
    let folder = walk::stream_folder(&options.folder, number);
    let codec = Codec::new(&walk::stream_name(base, number));
    let segments = segment::list(disk, &folder)?;
    let mut found = Found {
        number,
        ..Found::default()
    };
    let Some((last, earlier)) = segments.split_last() else {
        return Ok(found);
    };
    let file = disk.open(&segment::path(&folder, *last))?;
    let mut scan = Scan::new(file, codec.clone(), *last, u64::MAX)?;
    let (mut pairs, mut leaves) = (Vec::new(), Vec::new());
    let (mut open_since, mut explains, mut opened) = (None, Vec::new(), false);
    while let Some((_, frame)) = scan.next_frame()? {
        let entry = record::Pairing::read(frame.entry);
        opened |= frame.seq == *last && entry.open_since.is_some();
        open_since = open_since.or(entry.open_since);
        explains.extend(entry.explains.clone());
        pairs.push((frame.seq, entry.mark()));
        leaves.push(leaf_hash(frame.entry));
    }
    let tail = scan.tail()?;

    // Intents of earlier segments that were open when this one began.
    let since = open_since.unwrap_or(0);
    let from = earlier
        .partition_point(|first| *first <= since)
        .saturating_sub(1);
    let needed = if since < *last { &earlier[from..] } else { &[] };
    for (place, first) in needed.iter().enumerate() {
        let limit = needed.get(place + 1).unwrap_or(last);
        let mut scan = read_segment(disk, &folder, &codec, *first, *limit)?;
        while let Some((_, frame)) = scan.next_frame()? {
            let mark = record::Pairing::read(frame.entry).mark();
            found.open.apply(frame.seq, mark);
        }
    }
    for (seq, mark) in pairs {
        found.open.apply(seq, mark);
    }

    // A segment that does not begin as the next one of an orderly stream was begun because of the one before it. The event
    // that says so may not have arrived.
    if let Some(first) = earlier.last().filter(|_| !opened) {
        let mut scan = read_segment(disk, &folder, &codec, *first, *last)?;
        while scan.next_frame()?.is_some() {}
        if let Tail::Torn(torn) | Tail::Damaged(torn) = scan.tail()?
            && !explains.contains(&segment::name(*first))
        {
            found.gaps.push(gap(None, *first, &scan, &torn));
        }
    }
    found.last = Some(Last {
        first_seq: *last,
        scan,
        tail,
        leaves,
    });
    Ok(found)
}

fn read_segment(
    disk: &dyn Disk,
    folder: &Path,
    codec: &Codec,
    first: u64,
    limit: u64,
) -> io::Result<Scan> {
    let file = disk.open_to_read(&segment::path(folder, first))?;
    Scan::new(file, codec.clone(), first, limit)
}

fn gap(stream: Option<String>, first_seq: u64, scan: &Scan, torn: &Torn) -> Gap {
    Gap {
        stream,
        segment: segment::name(first_seq),
        offset: torn.offset,
        bytes: torn.end - torn.offset,
        from_seq: scan.next_seq(),
        why: torn.why,
    }
}

/// Goes on where the stream ends, or begins a segment behind what cannot be read.
fn start_writing(
    options: &Options,
    stream: &str,
    found: Found,
    word: WordNote,
) -> io::Result<Writer> {
    let Found {
        number,
        last,
        open,
        mut gaps,
        ..
    } = found;
    let folder = walk::stream_folder(&options.folder, number);
    let disk = &options.disk;
    let next_seq = last.as_ref().map_or(0, |last| last.scan.next_seq());
    let mut tree = load_tree(options, &folder, stream, last.as_ref())?;
    tree.write()?;
    let mut fresh = true;
    let segment = match last {
        Some(Last {
            first_seq,
            scan,
            tail: Tail::Clean,
            ..
        }) => {
            fresh = next_seq == first_seq;
            Segment {
                offset: scan.offset(),
                size: scan.size(),
                file: scan.into_file(),
                first_seq,
            }
        }
        last => {
            // The hashes of what came before must not be in doubt once the segment is another.
            tree.sync()?;
            let reserve = segment::prepare(&**disk, &folder, options.segment_size)?;
            if let Some(Last {
                first_seq,
                scan,
                tail: Tail::Torn(torn) | Tail::Damaged(torn),
                ..
            }) = last
            {
                let mut gap = gap(None, first_seq, &scan, &torn);
                if first_seq == next_seq {
                    // No entry is in it, and it has the name that the new one needs.
                    gap.segment = segment::set_aside(&**disk, &folder, first_seq)?;
                }
                gaps.push(gap);
            }
            segment::take(&**disk, &folder, &reserve, next_seq, options.segment_size)?
        }
    };
    let mut writer = Writer {
        disk: Arc::clone(disk),
        folder,
        stream: stream.to_owned(),
        codec: Codec::new(stream),
        word,
        reserve: Arc::default(),
        segment_size: options.segment_size,
        segment,
        next_seq,
        open,
        staged: Staged::default(),
        tree,
        sealer: Arc::default(),
        failed_once: false,
        full: false,
    };
    // The gaps come before the opening: see `read_stream`.
    let notes: Vec<Note> = gaps.into_iter().map(Note::Gap).collect();
    if fresh || !notes.is_empty() {
        writer.open_segment(&notes, fresh)?;
    }
    if let Some(keys) = &options.keys {
        let sealer = Sealer::open(
            Arc::clone(disk),
            &writer.folder,
            stream,
            Arc::clone(keys),
            writer.tree.head(),
        )?;
        writer.sealer = Arc::new(Mutex::new(Some(sealer)));
    }
    Ok(writer)
}

/// The tree over all entries of the stream: from its files up to the last segment, whose hashes were just computed; or from
/// the entries, where the files do not reach so far.
fn load_tree(
    options: &Options,
    folder: &Path,
    stream: &str,
    last: Option<&Last>,
) -> io::Result<TreeFiles> {
    let disk = &*options.disk;
    let first_seq = last.map_or(0, |last| last.first_seq);
    if first_seq > 0
        && let Some(mut tree) = TreeFiles::load(disk, folder, first_seq)?
    {
        for leaf in last.iter().flat_map(|last| &last.leaves) {
            tree.push(*leaf);
        }
        return Ok(tree);
    }
    let mut tree = TreeFiles::create(disk, folder)?;
    let segments = segment::list(disk, folder)?;
    let codec = Codec::new(stream);
    for (place, first) in segments.iter().enumerate() {
        let limit = segments.get(place + 1).copied().unwrap_or(u64::MAX);
        let mut scan = read_segment(disk, folder, &codec, *first, limit)?;
        while let Some((_, frame)) = scan.next_frame()? {
            tree.push(leaf_hash(frame.entry));
        }
        tree.write()?;
    }
    Ok(tree)
}
