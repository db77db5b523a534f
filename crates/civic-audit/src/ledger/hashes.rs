//! The hashes of a stream's tree in two files: one for each leaf, and the root of every 256.
//!
//! Both follow from the entries, so a write need not be durable before the entries are acknowledged. They are made durable
//! when a segment is full; what is behind that is computed anew from the last segment at the next start.

use std::io;
use std::path::Path;

use crate::disk::{Disk, DiskFile};
use crate::ledger::segment::read_full;
use crate::tree::{BLOCK, Frontier, Hash, Hashes, range_hash};

/// Bytes of a hash.
const SIZE: u64 = 32;

/// The growing tree of a stream, with its files.
pub(crate) struct TreeFiles {
    leaves: Box<dyn DiskFile>,
    blocks: Box<dyn DiskFile>,
    frontier: Frontier,
    /// Leaves and blocks that are not written yet.
    new_leaves: Vec<u8>,
    new_blocks: Vec<u8>,
}

fn leaves_path(folder: &Path) -> std::path::PathBuf {
    folder.join("tree-leaves")
}

fn blocks_path(folder: &Path) -> std::path::PathBuf {
    folder.join("tree-blocks")
}

impl TreeFiles {
    /// The tree over the first `size` entries as the files have it; `None` when they do not reach so far.
    pub(crate) fn load(disk: &dyn Disk, folder: &Path, size: u64) -> io::Result<Option<Self>> {
        let files = (
            disk.open(&leaves_path(folder)),
            disk.open(&blocks_path(folder)),
        );
        let (Ok(leaves), Ok(blocks)) = files else {
            return Ok(None);
        };
        let full = size / BLOCK;
        let (Some(tops), Some(rest)) = (
            hashes(&*blocks, 0, full)?,
            hashes(&*leaves, full * BLOCK, size - full * BLOCK)?,
        ) else {
            return Ok(None);
        };
        Ok(Some(TreeFiles {
            frontier: Frontier::of(&tops, &rest),
            leaves,
            blocks,
            new_leaves: Vec::new(),
            new_blocks: Vec::new(),
        }))
    }

    /// An empty tree, in the place of what is there.
    pub(crate) fn create(disk: &dyn Disk, folder: &Path) -> io::Result<Self> {
        let leaves = disk.create(&leaves_path(folder))?;
        let blocks = disk.create(&blocks_path(folder))?;
        disk.sync_folder(folder)?;
        Ok(TreeFiles {
            leaves,
            blocks,
            frontier: Frontier::default(),
            new_leaves: Vec::new(),
            new_blocks: Vec::new(),
        })
    }

    pub(crate) fn push(&mut self, leaf: Hash) {
        self.new_leaves.extend_from_slice(&leaf);
        if let Some(block) = self.frontier.push(leaf) {
            self.new_blocks.extend_from_slice(&block);
        }
    }

    /// Size and root.
    pub(crate) fn head(&self) -> (u64, Hash) {
        (self.frontier.size(), self.frontier.root())
    }

    /// Writes what is new. What fails to be written is tried again with the next.
    pub(crate) fn write(&mut self) -> io::Result<()> {
        let leaves = self.frontier.size() * SIZE - self.new_leaves.len() as u64;
        self.leaves.write_all_at(&self.new_leaves, leaves)?;
        self.new_leaves.clear();
        if !self.new_blocks.is_empty() {
            let blocks = self.frontier.size() / BLOCK * SIZE - self.new_blocks.len() as u64;
            self.blocks.write_all_at(&self.new_blocks, blocks)?;
            self.new_blocks.clear();
        }
        Ok(())
    }

    /// Removes the files, so that the next start makes them anew: what was written to them is in doubt.
    pub(crate) fn give_up(disk: &dyn Disk, folder: &Path) {
        // Where this fails too, the storage is failing under the ledger as well.
        let _ = disk.remove(&leaves_path(folder));
        let _ = disk.remove(&blocks_path(folder));
    }

    /// Makes durable what was written.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.write()?;
        self.leaves.sync_all()?;
        self.blocks.sync_all()
    }
}

/// Entries of a stream, by the number of hashes that are written; 0 when there are none yet.
pub(crate) fn size(disk: &dyn Disk, folder: &Path) -> io::Result<u64> {
    match disk.open_to_read(&leaves_path(folder)) {
        Ok(file) => Ok(file.length()? / SIZE),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// The files of a tree, to read.
pub(crate) struct TreeReader {
    leaves: Box<dyn DiskFile>,
    blocks: Box<dyn DiskFile>,
}

impl TreeReader {
    pub(crate) fn open(disk: &dyn Disk, folder: &Path) -> io::Result<Self> {
        Ok(TreeReader {
            leaves: disk.open_to_read(&leaves_path(folder))?,
            blocks: disk.open_to_read(&blocks_path(folder))?,
        })
    }
}

impl Hashes for TreeReader {
    type Error = io::Error;

    fn subtree(&mut self, from: u64, to: u64) -> io::Result<Hash> {
        range_hash(from, to, &mut |from, to| match to - from {
            1 => one(&*self.leaves, from).map(Some),
            BLOCK if from % BLOCK == 0 => one(&*self.blocks, from / BLOCK).map(Some),
            _ => Ok(None),
        })
    }
}

fn one(file: &dyn DiskFile, index: u64) -> io::Result<Hash> {
    let found = hashes(file, index, 1)?;
    found
        .and_then(|found| found.first().copied())
        .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// So many hashes from a place; `None` when the file ends before.
fn hashes(file: &dyn DiskFile, from: u64, count: u64) -> io::Result<Option<Vec<Hash>>> {
    let length = count * SIZE;
    if file.length()? < from.saturating_mul(SIZE).saturating_add(length) {
        return Ok(None);
    }
    let mut bytes = vec![0; length as usize];
    if read_full(file, &mut bytes, from * SIZE)? < bytes.len() {
        return Ok(None);
    }
    let (hashes, _) = bytes.as_chunks::<{ SIZE as usize }>();
    Ok(Some(hashes.to_vec()))
}
