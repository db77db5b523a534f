//! The checkpoints of a stream, held against the tree over its entries.

use std::io;
use std::path::Path;

use crate::disk::Disk;
use crate::ledger::{read_checkpoints, stream_folder, stream_number};
use crate::proof::KeyChain;
use crate::signature::Checkpoint;
use crate::tree::{Frontier, Hash, leaf_hash};
use crate::verify::{Problem, Verification};

/// File that a problem with a checkpoint is shown in.
const CHAIN: &str = "key-checkpoints";
const LATEST: &str = "checkpoint";
const WITNESS: &str = "a witnessed checkpoint";

/// What the checkpoints say about the tree, and the tree as far as it was read.
pub(crate) struct Seals {
    pub(crate) stream: String,
    pub(crate) sealed: bool,
    tree: Frontier,
    /// Size, root and source of each checkpoint, smallest size last.
    expected: Vec<(u64, Hash, &'static str)>,
}

impl Seals {
    /// Reads the checkpoints of a stream, and says what is wrong with their signatures.
    pub(crate) fn read(
        disk: &dyn Disk,
        folder: &Path,
        stream: &str,
        verification: &Verification,
    ) -> io::Result<(Self, Vec<Problem>)> {
        let number = stream_number(stream).unwrap_or_default();
        let known = read_checkpoints(disk, &stream_folder(folder, number))?;
        let mut problems = Vec::new();
        let mut problem = |file: &str, seq, why| {
            problems.push(Problem {
                stream: stream.to_owned(),
                segment: file.to_owned(),
                seq,
                byte: 0,
                why,
            });
        };
        let mut expected = Vec::new();
        let mut expect = |note: &Checkpoint, source| expected.push((note.size, note.root, source));
        let chain = match KeyChain::of(&known.chain, verification.root_key()) {
            Ok(chain) => chain,
            Err(broken) => {
                problem(CHAIN, broken.size, broken.why);
                KeyChain { keys: Vec::new() }
            }
        };
        for note in &known.chain {
            expect(note, CHAIN);
        }
        if known.torn {
            let end = known.chain.last().map_or(0, |note| note.size);
            problem(
                CHAIN,
                end,
                "bytes that are no checkpoint stand behind the last one",
            );
        }
        if let Some(latest) = &known.latest {
            expect(latest, LATEST);
            let of_chain = known.chain.last() == Some(latest);
            if latest.origin != stream {
                problem(LATEST, latest.size, "the checkpoint is of another stream");
            } else if !of_chain && !chain.seals(latest) {
                problem(
                    LATEST,
                    latest.size,
                    "no key whose turn it was signed the checkpoint",
                );
            }
        } else if !known.chain.is_empty() {
            problem(LATEST, 0, "the latest checkpoint is missing or unreadable");
        }
        let sealed = !known.chain.is_empty();
        if verification.root_key().is_some() && !sealed {
            problem(CHAIN, 0, "there is no signed checkpoint");
        }
        for note in verification.witnesses(stream) {
            expect(note, WITNESS);
        }
        expected.sort_by_key(|(size, ..)| std::cmp::Reverse(*size));
        let mut seals = Seals {
            stream: stream.to_owned(),
            sealed,
            tree: Frontier::default(),
            expected,
        };
        problems.extend(seals.compare());
        Ok((seals, problems))
    }

    /// Adds an entry, and says if the tree now differs from a checkpoint of its size.
    pub(crate) fn push(&mut self, entry: &[u8]) -> Option<Problem> {
        self.tree.push(leaf_hash(entry));
        self.compare()
    }

    /// Checkpoints that cover more entries than there are.
    pub(crate) fn finish(self) -> Vec<Problem> {
        let there = self.tree.size();
        let beyond = self.expected.iter().rev();
        beyond
            .map(|(_, _, source)| Problem {
                stream: self.stream.clone(),
                segment: (*source).to_owned(),
                seq: there,
                byte: 0,
                why: "entries that a checkpoint covers are missing",
            })
            .collect()
    }

    fn compare(&mut self) -> Option<Problem> {
        let mut found = None;
        while let Some((size, root, source)) = self.expected.last().copied() {
            if size > self.tree.size() {
                break;
            }
            self.expected.pop();
            if self.tree.root() != root && found.is_none() {
                found = Some(Problem {
                    stream: self.stream.clone(),
                    segment: source.to_owned(),
                    seq: size,
                    byte: 0,
                    why: "the entries before this one are not those that a checkpoint covers",
                });
            }
        }
        found
    }
}
