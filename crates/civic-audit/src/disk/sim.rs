//! A file system in memory, with a power switch and with errors at the place that a test names.
//!
//! What was not synced may be there after a power cut, or not, or in part: each piece of 512 bytes of each write and each
//! change of a folder on its own, by the test's random numbers. That is less orderly than any real disk.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use super::{Disk, DiskFile};

const SECTOR: usize = 512;

/// A file system in memory, as one run of a process sees it. Clones share it; after [`SimDisk::power_cut`] or
/// [`SimDisk::kill`] they see errors, and [`SimDisk::again`] gives what the next process sees.
#[derive(Clone, Debug, Default)]
pub(crate) struct SimDisk {
    shared: Arc<Mutex<State>>,
    epoch: u64,
}

#[derive(Debug, Default)]
struct State {
    /// Number of the process that runs. Those before it cannot do anything any more.
    epoch: u64,
    files: Vec<SimInode>,
    /// Names as the running system sees them.
    names: BTreeMap<PathBuf, usize>,
    /// Names as they are after a power cut, without the changes below.
    durable_names: BTreeMap<PathBuf, usize>,
    pending_names: Vec<NameChange>,
    locks: Vec<PathBuf>,
    /// Changes so far, to name the one that fails.
    operations: u64,
    fault: Option<Fault>,
    /// Bytes that files may have in all.
    capacity: Option<u64>,
    vanishes: bool,
}

/// A change of a folder, which happens whole or not at all: each path gets a file or loses it.
type NameChange = Vec<(PathBuf, Option<usize>)>;

#[derive(Clone, Debug, Default)]
struct SimInode {
    data: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<(u64, Vec<u8>)>,
}

#[derive(Clone, Copy, Debug)]
struct Fault {
    from: u64,
    times: u64,
    /// Bytes of a write that arrive before it fails.
    short: usize,
}

impl SimDisk {
    /// Lets the changes from this one on fail with an I/O error, so many of them.
    pub(crate) fn fail(&self, from: u64, times: u64, short: usize) {
        self.state().fault = Some(Fault { from, times, short });
    }

    /// Ends all failures.
    pub(crate) fn heal(&self) {
        let mut state = self.state();
        state.fault = None;
        state.capacity = None;
    }

    /// Number of changes so far.
    pub(crate) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Says that the disk is full at this many bytes.
    pub(crate) fn limit(&self, bytes: u64) {
        self.state().capacity = Some(bytes);
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.state().used()
    }

    /// Makes this a file system that is gone with its container.
    pub(crate) fn vanish(&self) {
        self.state().vanishes = true;
    }

    /// Turns the power off and on; `random` decides what of the unsynced arrived.
    pub(crate) fn power_cut(&self, random: &mut dyn FnMut() -> u64) {
        let mut state = self.state();
        let mut names = state.durable_names.clone();
        for change in std::mem::take(&mut state.pending_names) {
            if random().is_multiple_of(2) {
                apply(&mut names, change);
            }
        }
        for file in &mut state.files {
            let mut data = file.durable.clone();
            for (offset, bytes) in std::mem::take(&mut file.pending) {
                for (number, piece) in bytes.chunks(SECTOR).enumerate() {
                    if random().is_multiple_of(2) {
                        put(&mut data, offset + (number * SECTOR) as u64, piece);
                    }
                }
            }
            file.data.clone_from(&data);
            file.durable = data;
        }
        state.names = names.clone();
        state.durable_names = names;
        state.locks.clear();
        state.fault = None;
        state.epoch += 1;
    }

    /// Ends the process but not the machine: all that was written is there.
    pub(crate) fn kill(&self) {
        let mut state = self.state();
        state.locks.clear();
        state.epoch += 1;
    }

    /// Changes the bytes of a file behind the ledger's back.
    pub(crate) fn tamper(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        let inode = state.names[path];
        let file = &mut state.files[inode];
        change(&mut file.data);
        file.durable = file.data.clone();
    }

    /// Paths of all files.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.state().names.keys().cloned().collect()
    }

    /// A copy that shares nothing.
    pub(crate) fn copy(&self) -> Self {
        let state = self.state();
        SimDisk {
            shared: Arc::new(Mutex::new(State {
                files: state.files.clone(),
                names: state.names.clone(),
                durable_names: state.durable_names.clone(),
                pending_names: state.pending_names.clone(),
                ..State::default()
            })),
            epoch: 0,
        }
    }

    /// The disk for the next process.
    pub(crate) fn again(&self) -> Self {
        SimDisk {
            shared: Arc::clone(&self.shared),
            epoch: self.state().epoch,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.lock().unwrap()
    }

    /// As `state`, for a process that may be dead.
    fn alive(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.state();
        if state.epoch == self.epoch {
            Ok(state)
        } else {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
}

impl State {
    fn used(&self) -> u64 {
        let named = self.names.values();
        named
            .map(|inode| self.files[*inode].data.len() as u64)
            .sum()
    }

    /// Counts a change and says how it fails, if it does.
    fn change(&mut self) -> Option<Fault> {
        let number = self.operations;
        self.operations += 1;
        self.fault
            .filter(|fault| number >= fault.from && number - fault.from < fault.times)
    }

    fn may_change(&mut self) -> io::Result<()> {
        match self.change() {
            Some(_) => Err(io::Error::from_raw_os_error(5)),
            None => Ok(()),
        }
    }

    fn inode(&self, path: &Path) -> io::Result<usize> {
        self.names
            .get(path)
            .copied()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn name(&mut self, change: NameChange) {
        apply(&mut self.names, change.clone());
        self.pending_names.push(change);
    }
}

fn apply(names: &mut BTreeMap<PathBuf, usize>, change: NameChange) {
    for (path, inode) in change {
        match inode {
            Some(inode) => names.insert(path, inode),
            None => names.remove(&path),
        };
    }
}

fn put(data: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let start = offset as usize;
    let end = start + bytes.len();
    if data.len() < end {
        data.resize(end, 0);
    }
    data[start..end].copy_from_slice(bytes);
}

impl Disk for SimDisk {
    fn create_folder(&self, _: &Path) -> io::Result<()> {
        self.alive()?.may_change()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.alive()?;
        state.may_change()?;
        let in_folder =
            |change: &NameChange| change.iter().any(|(name, _)| name.parent() == Some(path));
        let (here, elsewhere): (Vec<_>, Vec<_>) = std::mem::take(&mut state.pending_names)
            .into_iter()
            .partition(in_folder);
        state.pending_names = elsewhere;
        for change in here {
            apply(&mut state.durable_names, change);
        }
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.alive()?;
        state.may_change()?;
        state.files.push(SimInode::default());
        let inode = state.files.len() - 1;
        state.name(vec![(path.to_owned(), Some(inode))]);
        Ok(self.handle(inode))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let state = self.alive()?;
        Ok(self.handle(state.inode(path)?))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.alive()?;
        state.may_change()?;
        let inode = state.inode(from)?;
        state.name(vec![(to.to_owned(), Some(inode)), (from.to_owned(), None)]);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.alive()?;
        state.may_change()?;
        state.inode(path)?;
        state.name(vec![(path.to_owned(), None)]);
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<OsString>> {
        let state = self.alive()?;
        let mut names: Vec<OsString> = state
            .names
            .keys()
            .filter_map(|name| name.strip_prefix(path).ok())
            .filter_map(|rest| Some(rest.components().next()?.as_os_str().to_owned()))
            .collect();
        names.dedup();
        Ok(names)
    }

    fn lock(&self, path: &Path) -> io::Result<Box<dyn Send + Sync>> {
        let mut state = self.alive()?;
        if state.locks.iter().any(|held| held == path) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        state.locks.push(path.to_owned());
        Ok(Box::new(SimLock {
            disk: self.clone(),
            path: path.to_owned(),
        }))
    }

    fn vanishes(&self, _: &Path) -> io::Result<bool> {
        Ok(self.alive()?.vanishes)
    }
}

impl SimDisk {
    fn handle(&self, inode: usize) -> Box<dyn DiskFile> {
        Box::new(SimFile {
            disk: self.clone(),
            inode,
        })
    }
}

struct SimLock {
    disk: SimDisk,
    path: PathBuf,
}

impl Drop for SimLock {
    fn drop(&mut self) {
        if let Ok(mut state) = self.disk.alive() {
            state.locks.retain(|held| *held != self.path);
        }
    }
}

struct SimFile {
    disk: SimDisk,
    inode: usize,
}

impl DiskFile for SimFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let state = self.disk.alive()?;
        let data = &state.files[self.inode].data;
        let start = data.len().min(offset as usize);
        let count = buffer.len().min(data.len() - start);
        buffer[..count].copy_from_slice(&data[start..start + count]);
        Ok(count)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut state = self.disk.alive()?;
        let grown =
            (offset + bytes.len() as u64).saturating_sub(state.files[self.inode].data.len() as u64);
        if state
            .capacity
            .is_some_and(|capacity| grown > 0 && state.used() + grown > capacity)
        {
            return Err(io::Error::from_raw_os_error(28));
        }
        let fault = state.change();
        let arrived = fault.map_or(bytes.len(), |fault| fault.short.min(bytes.len()));
        let file = &mut state.files[self.inode];
        put(&mut file.data, offset, &bytes[..arrived]);
        file.pending.push((offset, bytes[..arrived].to_vec()));
        match fault {
            Some(_) => Err(io::Error::from_raw_os_error(5)),
            None => Ok(()),
        }
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.disk.alive()?;
        let failed = state.change().is_some();
        let file = &mut state.files[self.inode];
        if failed {
            // As Linux does it: the pages are marked clean, a second call would say that all is well.
            file.pending.clear();
            return Err(io::Error::from_raw_os_error(5));
        }
        file.pending.clear();
        file.durable.clone_from(&file.data);
        Ok(())
    }

    fn sync_all(&self) -> io::Result<()> {
        self.sync_data()
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.disk.alive()?.files[self.inode].data.len() as u64)
    }
}
