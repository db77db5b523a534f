//! Somebody who may write to every file of the ledger, and knows how it is made.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ed25519_dalek::SigningKey;

use super::{FOLDER, event, long_event, numbers, segments};
use crate::disk::sim::SimDisk;
use crate::keys::KeyStore;
use crate::ledger::frame::{Codec, HEADER, Read};
use crate::ledger::segment::HEAD;
use crate::ledger::writer::SEGMENT_MIN;
use crate::ledger::{Step, walk};
use crate::signature::{PublicKey, sign};
use crate::{AuditTrail, Checkpoint, FileWitness, Report, Service, Verification, Witness};

/// Keys in memory; remembers the secrets of all segments, as an attacker who took one at each time would.
#[derive(Clone, Default)]
struct Keys(Arc<Mutex<Vec<[u8; 32]>>>);

impl Keys {
    fn root_key() -> SigningKey {
        SigningKey::from_bytes(&[1; 32])
    }
}

impl KeyStore for Keys {
    fn root(&self) -> io::Result<PublicKey> {
        Ok(PublicKey::new("root", Self::root_key().verifying_key()))
    }

    fn sign_with_root(&self, text: &str) -> io::Result<[u8; 64]> {
        Ok(sign(&Self::root_key(), text))
    }

    fn segment_key(&self) -> io::Result<Option<[u8; 32]>> {
        Ok(self.0.lock().unwrap().last().copied())
    }

    fn replace_segment_key(&self, secret: &[u8; 32]) -> io::Result<()> {
        self.0.lock().unwrap().push(*secret);
        Ok(())
    }
}

fn open(disk: &SimDisk, keys: &Keys) -> AuditTrail {
    AuditTrail::builder(Service::new("licensing", "1.4.0"), FOLDER)
        .disk(disk.clone())
        .segment_bytes(SEGMENT_MIN)
        .keys(keys.clone())
        .open()
        .unwrap()
}

/// A ledger of a few entries, and the checkpoint that a witness has of it.
fn witnessed(entries: u64) -> (SimDisk, Keys, Checkpoint) {
    let (disk, keys) = (SimDisk::default(), Keys::default());
    let trail = open(&disk, &keys);
    for number in 0..entries {
        trail.record(event(number)).unwrap();
    }
    let seen = Checkpoint::parse(&trail.checkpoint().unwrap().unwrap()).unwrap();
    assert_eq!(seen.size, entries + 2);
    drop(trail);
    (disk, keys, seen)
}

fn report(disk: &SimDisk, keys: &Keys, seen: Option<&Checkpoint>) -> Report {
    let mut verification = Verification::new().root(keys.root().unwrap());
    if let Some(seen) = seen {
        verification = verification.witnessed(seen.clone());
    }
    verification
        .run_on(disk, Path::new(FOLDER), &mut |_| {})
        .unwrap()
}

fn stream(disk: &SimDisk) -> String {
    let mut name = String::new();
    walk(disk, Path::new(FOLDER), &mut |step| {
        if let Step::Stream(stream) = step {
            stream.clone_into(&mut name);
        }
        true
    })
    .unwrap();
    name
}

/// Writes the frames of a segment anew, with sequences and checksums that fit.
fn rewrite(disk: &SimDisk, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let codec = Codec::new(&stream(disk));
    disk.tamper(&segments(disk)[0], |data| {
        let mut entries = Vec::new();
        let mut at = HEAD as usize;
        while let Read::Frame(frame) = codec.read(&data[at..]) {
            entries.push(frame.entry.to_vec());
            at += frame.size();
        }
        change(&mut entries);
        let mut bytes = Vec::new();
        for (seq, entry) in entries.iter().enumerate() {
            // The sequence inside the entry is made to fit as well.
            let text = String::from_utf8_lossy(entry);
            let (before, rest) = text.split_once("\"seq\":").unwrap();
            let (_, after) = rest.split_once(',').unwrap();
            let entry = format!("{before}\"seq\":{seq},{after}");
            codec.append(&mut bytes, seq as u64, 0, |out| {
                out.extend_from_slice(entry.as_bytes());
            });
        }
        let size = data.len();
        data.truncate(HEAD as usize);
        data.extend_from_slice(&bytes);
        data.resize(size, 0);
    });
}

fn files(disk: &SimDisk, part: &str) -> Vec<PathBuf> {
    let mut paths = disk.paths();
    paths.retain(|path| path.to_string_lossy().contains(part));
    paths
}

#[test]
fn an_untouched_ledger_is_sound_over_segments_and_restarts() {
    let (disk, keys) = (SimDisk::default(), Keys::default());
    for run in 0..3 {
        let trail = open(&disk, &keys);
        for number in 0..40 {
            trail.record(long_event(run * 40 + number)).unwrap();
        }
    }
    let used = keys.0.lock().unwrap().len();
    assert!(used >= 4, "{used} keys");
    let report = report(&disk, &keys, None);
    assert!(report.is_sound() && report.sealed, "{:?}", report.problems);
    assert_eq!(numbers(&disk).len(), 120);
}

#[test]
fn every_byte_of_an_entry_counts_even_with_its_checksum_made_to_fit() {
    let (disk, keys, seen) = witnessed(2);
    let mut lengths = Vec::new();
    walk(&disk, Path::new(FOLDER), &mut |step| {
        if let Step::Entry { entry, .. } = step {
            lengths.push(entry.len());
        }
        true
    })
    .unwrap();
    for (place, length) in lengths.iter().enumerate() {
        for byte in (0..*length).step_by(17) {
            let copy = disk.copy();
            let codec = Codec::new(&stream(&copy));
            copy.tamper(&segments(&copy)[0], |data| {
                let mut at = HEAD as usize;
                for before in &lengths[..place] {
                    at += HEADER + before;
                }
                let mut entry = data[at + HEADER..at + HEADER + length].to_vec();
                entry[byte] ^= 1;
                let mut frame = Vec::new();
                codec.append(&mut frame, place as u64, 0, |out| {
                    out.extend_from_slice(&entry);
                });
                data[at..at + frame.len()].copy_from_slice(&frame);
            });
            let report = report(&copy, &keys, Some(&seen));
            assert!(!report.is_sound(), "byte {byte} of entry {place}");
        }
    }
}

#[test]
fn entries_cannot_be_swapped_removed_doubled_or_put_in() {
    type Change = fn(&mut Vec<Vec<u8>>);
    let changes: [(&str, Change); 5] = [
        ("swap", |entries| entries.swap(3, 4)),
        ("remove", |entries| drop(entries.remove(3))),
        ("remove the last", |entries| drop(entries.pop())),
        ("double", |entries| entries.insert(3, entries[3].clone())),
        ("put in", |entries| entries.push(entries[3].clone())),
    ];
    for (name, change) in changes {
        let (disk, keys, seen) = witnessed(4);
        rewrite(&disk, change);
        let report = report(&disk, &keys, Some(&seen));
        if name == "put in" {
            // Behind what the checkpoint covers: not promised, and the next checkpoint covers it.
            assert!(report.is_sound(), "{name}: {:?}", report.problems);
        } else {
            assert!(!report.is_sound(), "{name}");
        }
    }
    let (disk, keys, seen) = witnessed(4);
    rewrite(&disk, |_| {});
    assert!(
        report(&disk, &keys, Some(&seen)).is_sound(),
        "the same again is no change"
    );
}

#[test]
fn a_history_that_is_written_anew_needs_keys_that_are_gone() {
    let (disk, keys, seen) = witnessed(4);
    // Everything but the root's secret: entries, trees and checkpoints are replaced.
    for path in [
        files(&disk, "/key-checkpoints"),
        files(&disk, "/checkpoint"),
    ]
    .concat()
    {
        disk.tamper(&path, Vec::clear);
    }
    rewrite(&disk, |entries| drop(entries.remove(3)));
    let alone = report(&disk, &keys, None);
    assert!(!alone.is_sound(), "the root has named no key");
    assert!(!report(&disk, &keys, Some(&seen)).is_sound());
}

#[test]
fn a_copy_that_went_another_way_is_found_by_the_witness() {
    let (disk, keys) = (SimDisk::default(), Keys::default());
    let folder = tempfile::tempdir().unwrap();
    let witness = FileWitness::new(folder.path());
    let open = |disk: &SimDisk| {
        AuditTrail::builder(Service::new("licensing", "1.4.0"), FOLDER)
            .disk(disk.clone())
            .segment_bytes(SEGMENT_MIN)
            .keys(keys.clone())
            .witness(witness.clone())
            .open()
            .unwrap()
    };
    drop(open(&disk));
    let fork = disk.copy();
    let trail = open(&disk);
    for number in 0..5 {
        trail.record(event(number)).unwrap();
    }
    let stream = trail.stream().to_owned();
    drop(trail);
    let kept = witness.kept(&stream).unwrap().unwrap();
    let seen = Checkpoint::parse(&kept).unwrap();
    assert_eq!(witness.seen(&stream).unwrap(), 8);

    // A restored backup goes on, with as many entries and with more.
    let trail = open(&fork);
    for number in 10..20 {
        trail.record(event(number)).unwrap();
    }
    drop(trail);
    assert_eq!(
        witness.kept(&stream).unwrap().unwrap(),
        kept,
        "the witness takes no fork"
    );
    assert!(!report(&fork, &keys, Some(&seen)).is_sound());
    assert!(report(&disk, &keys, Some(&seen)).is_sound());
}

#[test]
fn a_stream_does_not_vanish_unseen() {
    let (disk, keys, seen) = witnessed(4);
    disk.tamper(&segments(&disk)[0], Vec::clear);
    assert!(!report(&disk, &keys, None).is_sound());
    let empty = SimDisk::default();
    drop(open(&empty, &keys));
    assert!(
        !report(&empty, &keys, Some(&seen)).is_sound(),
        "another ledger in its place"
    );
}

#[test]
fn a_former_key_signs_nothing_any_more() {
    let (disk, keys) = (SimDisk::default(), Keys::default());
    let trail = open(&disk, &keys);
    for number in 0..60 {
        trail.record(long_event(number)).unwrap();
    }
    let name = trail.stream().to_owned();
    drop(trail);
    let secrets = keys.0.lock().unwrap().clone();
    assert!(secrets.len() >= 3);
    let path = files(&disk, "/checkpoint").remove(0);
    let mut honest = Vec::new();
    disk.tamper(&path, |data| honest.clone_from(data));
    let note = Checkpoint::parse(std::str::from_utf8(&honest).unwrap()).unwrap();
    let signed_by = |secret: &[u8; 32]| {
        let key = SigningKey::from_bytes(secret);
        let mut forged = Checkpoint::new(&note.origin, note.size, note.root, None);
        let signature = sign(&key, forged.text());
        forged.sign(&PublicKey::new(&name, key.verifying_key()), &signature);
        forged.note().into_bytes()
    };
    let (last, former) = secrets.split_last().unwrap();
    disk.tamper(&path, |data| *data = signed_by(last));
    assert!(report(&disk, &keys, None).is_sound());
    for secret in former {
        disk.tamper(&path, |data| *data = signed_by(secret));
        assert!(!report(&disk, &keys, None).is_sound());
    }
}
