//! The ledger on a disk that is cut off, lies, fills up and is tampered with.

mod tamper;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::disk::sim::SimDisk;
use crate::ledger::writer::SEGMENT_MIN;
use crate::ledger::{Step, walk};
use crate::{
    Actor, AuditTrail, Auth, DataAccess, Event, OpenError, Outcome, Purpose, Record, RecordError,
    Report, Service, Subject, Warning,
};

const FOLDER: &str = "/ledger";

fn open(disk: &SimDisk) -> Result<AuditTrail, OpenError> {
    AuditTrail::builder(Service::new("licensing", "1.4.0"), FOLDER)
        .disk(disk.clone())
        .segment_bytes(SEGMENT_MIN)
        .patience(Duration::from_millis(20))
        .open()
}

fn event(number: u64) -> Event<Auth> {
    let auth = Auth {
        actor: Actor::system(),
        step: "sign-in",
        method: "token",
    };
    Event::from(auth).detail("number", format!("n{number}"))
}

/// A longer event, so that segments fill.
fn long_event(number: u64) -> Event<Auth> {
    event(number).detail("text", "words ".repeat(600))
}

fn access() -> DataAccess {
    let ring = civic_pii::KeyRing::new("k1", vec![7; 32]).unwrap();
    DataAccess {
        actor: Actor::staff("caseworker-7012", "caseworker"),
        subject: Subject::record(&ring, "licence", "2026/0042"),
        fields: &["holder"],
        purpose: Purpose::new("licence-review"),
    }
}

fn records(disk: &SimDisk) -> Vec<Record> {
    let mut records = Vec::new();
    walk(disk, Path::new(FOLDER), &mut |step| {
        if let Step::Entry { entry, .. } = step {
            records.push(Record::parse(entry).unwrap());
        }
        true
    })
    .unwrap();
    records
}

fn report(disk: &SimDisk) -> Report {
    crate::Verification::new()
        .run_on(disk, Path::new(FOLDER), &mut |_| {})
        .unwrap()
}

/// Numbers of the events that a ledger holds.
fn numbers(disk: &SimDisk) -> Vec<u64> {
    let number = |record: &Record| {
        let text = record.other.get("detail")?.get("number")?.as_str()?;
        text.strip_prefix('n')?.parse().ok()
    };
    records(disk).iter().filter_map(number).collect()
}

fn actions(disk: &SimDisk) -> Vec<String> {
    records(disk)
        .into_iter()
        .map(|record| record.action)
        .collect()
}

fn segments(disk: &SimDisk) -> Vec<PathBuf> {
    let mut paths = disk.paths();
    paths.retain(|path| path.to_string_lossy().contains("/seg-"));
    paths
}

/// Numbers that look random and are the same each time.
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 11
    }
}

#[test]
fn entries_come_back_in_order_with_nothing_between() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    for number in 0..50 {
        let entry = trail.record(event(number)).unwrap();
        assert_eq!(entry.seq, number + 2);
    }
    drop(trail);
    assert_eq!(numbers(&disk), (0..50).collect::<Vec<_>>());
    let seqs: Vec<u64> = records(&disk).iter().map(|record| record.seq).collect();
    assert_eq!(seqs, (0..52).collect::<Vec<_>>());
    assert!(report(&disk).is_sound());
}

#[test]
fn a_stream_goes_on_over_segments_and_restarts() {
    let disk = SimDisk::default();
    for run in 0..4 {
        let trail = open(&disk).unwrap();
        for number in 0..30 {
            trail.record(long_event(run * 30 + number)).unwrap();
        }
    }
    assert!(segments(&disk).len() >= 4, "{:?}", segments(&disk));
    assert_eq!(numbers(&disk), (0..120).collect::<Vec<_>>());
    let report = report(&disk);
    assert!(report.is_sound(), "{:?}", report.problems);
    assert_eq!((report.streams.len(), report.gaps), (1, 0));
}

#[test]
fn one_process_at_a_time() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    assert!(open(&disk).unwrap_err().is_locked());
    drop(trail);
    open(&disk).unwrap();
}

#[test]
fn the_end_of_a_process_leaves_no_intent_without_outcome() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    let done = trail.begin(access()).unwrap();
    let dropped = trail.begin(access()).unwrap();
    let open_intent = trail.begin(access()).unwrap();
    let (done_id, dropped_id, open_id) = (done.id(), dropped.id(), open_intent.id());
    done.complete(Outcome::Failed).unwrap();
    drop(dropped);
    wait_until(|| trail.counts().unpaired_intents == 1);
    // Enough to begin other segments, so that the intent is not in the last.
    for number in 0..60 {
        trail.record(long_event(number)).unwrap();
    }
    disk.kill();
    drop((open_intent, trail));

    let disk = disk.again();
    assert_eq!(report(&disk).unpaired, [open_id]);
    drop(open(&disk).unwrap());
    assert!(report(&disk).unpaired.is_empty());
    let outcomes: Vec<(Option<uuid::Uuid>, Option<String>)> = records(&disk)
        .into_iter()
        .filter(|record| record.phase == "outcome")
        .map(|record| (record.intent, record.outcome))
        .collect();
    let outcome = |id, word: &str| (Some(id), Some(word.to_owned()));
    assert_eq!(
        outcomes,
        [
            outcome(done_id, "failed"),
            outcome(dropped_id, "abandoned"),
            outcome(open_id, "unknown")
        ]
    );
    // And only once.
    drop(open(&disk).unwrap());
    let unknown = records(&disk)
        .into_iter()
        .filter(|record| record.outcome.as_deref() == Some("unknown"))
        .count();
    assert_eq!(unknown, 1);
}

#[test]
fn cut_at_every_byte_the_whole_entries_before_it_are_there_and_a_gap() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    trail.record(event(0)).unwrap();
    disk.kill();
    drop(trail);
    let disk = disk.again();
    let mut ends = Vec::new();
    walk(&disk, Path::new(FOLDER), &mut |step| {
        if let Step::Entry { offset, entry, .. } = step {
            ends.push(offset as usize + 20 + entry.len());
        }
        true
    })
    .unwrap();
    let segment = &segments(&disk)[0];
    for cut in 0..ends[2] + 10 {
        let copy = disk.copy();
        copy.tamper(segment, |data| data.truncate(cut));
        drop(open(&copy).unwrap());
        let whole = ends.iter().filter(|end| **end <= cut).count();
        let actions = actions(&copy);
        assert_eq!(actions[whole], "audit.gap", "cut at {cut}");
        let expected: Vec<u64> = (0..whole.saturating_sub(2) as u64).collect();
        assert_eq!(numbers(&copy), expected, "cut at {cut}");
        let report = report(&copy);
        // A cut file may have held more that was acknowledged: accounted for, and not sound.
        let cut_segment = cut > 16 && whole > 0;
        assert_eq!(
            report.problem_count,
            u64::from(cut_segment),
            "cut at {cut}: {:?}",
            report.problems
        );
        assert_eq!(report.gaps, u64::from(cut_segment), "cut at {cut}");
    }
}

#[test]
fn no_bit_of_an_acknowledged_entry_changes_unseen() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    trail.record(event(0)).unwrap();
    drop(trail);
    let before = report(&disk).entries;
    let mut end = 0;
    walk(&disk, Path::new(FOLDER), &mut |step| {
        if let Step::Entry { offset, entry, .. } = step {
            end = offset as usize + 20 + entry.len();
        }
        true
    })
    .unwrap();
    let segment = &segments(&disk)[0];
    for byte in 0..end {
        let copy = disk.copy();
        copy.tamper(segment, |data| data[byte] ^= 1 << (byte % 8));
        let report = report(&copy);
        let seen = !report.is_sound() || report.open_tail.is_some();
        assert!(seen, "byte {byte}");
        // The head holds no entry.
        assert!(byte < 16 || report.entries < before, "byte {byte}");
    }
}

#[test]
fn damage_before_other_batches_is_told_from_a_torn_tail_and_left_alone() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    for number in 0..5 {
        trail.record(event(number)).unwrap();
    }
    drop(trail);
    let mut offsets = Vec::new();
    walk(&disk, Path::new(FOLDER), &mut |step| {
        if let Step::Entry { offset, .. } = step {
            offsets.push(offset as usize);
        }
        true
    })
    .unwrap();
    let segment = segments(&disk)[0].clone();
    disk.tamper(&segment, |data| data[offsets[4] + 30] ^= 1);
    let found = report(&disk);
    assert_eq!(found.problem_count, 1);
    assert_eq!(
        (found.problems[0].seq, found.problems[0].byte),
        (4, offsets[4] as u64)
    );

    // The service starts all the same, in a stream of its own, and says what it found.
    let trail = open(&disk).unwrap();
    trail.record(event(9)).unwrap();
    drop(trail);
    assert_eq!(numbers(&disk), [0, 1, 9]);
    let report = report(&disk);
    // The event accounts for it, but what was acknowledged is lost, and that is never sound again.
    assert_eq!(report.problems, found.problems);
    assert_eq!((report.streams.len(), report.gaps), (2, 1));
    let gap = &records(&disk)[4];
    assert_eq!((gap.action.as_str(), gap.seq), ("audit.gap", 0));
    assert_eq!(gap.other["from_seq"], 4);
    assert_eq!(gap.other["offset"], offsets[4]);
}

/// Producers record until the power is cut; gives what each was told is durable.
fn produce_until(disk: &SimDisk, trail: &AuditTrail, cut_after: u64, first: u64) -> Vec<u64> {
    let acked = Mutex::new(Vec::new());
    let begun = disk.operations();
    thread::scope(|scope| {
        for producer in 0..4 {
            let acked = &acked;
            scope.spawn(move || {
                for number in 0.. {
                    let number = first + number * 4 + producer;
                    if trail.record(long_event(number)).is_err() {
                        return;
                    }
                    acked.lock().unwrap().push(number);
                }
            });
        }
        let mut random = random(first + cut_after);
        while disk.operations() < begun + cut_after {
            thread::yield_now();
        }
        disk.power_cut(&mut random);
    });
    acked.into_inner().unwrap()
}

#[test]
fn no_power_cut_loses_what_was_acknowledged() {
    for trial in 0..60 {
        let disk = SimDisk::default();
        let (mut disk, mut acked) = (disk, Vec::new());
        // Three times in one ledger, since a restart leaves other traces than the first start.
        for run in 0..3 {
            let trail = match open(&disk) {
                Ok(trail) => trail,
                Err(error) => panic!("trial {trial} run {run}: {error:?}"),
            };
            let cut_after = (trial * 7 + run * 3) % 60;
            acked.extend(produce_until(
                &disk,
                &trail,
                cut_after,
                (trial * 3 + run) * 1_000_000,
            ));
            drop(trail);
            disk = disk.again();
        }
        drop(open(&disk).unwrap());
        let found = numbers(&disk);
        let lost: Vec<&u64> = acked
            .iter()
            .filter(|number| !found.contains(number))
            .collect();
        assert!(lost.is_empty(), "trial {trial} lost {lost:?}");
        let report = report(&disk);
        assert!(report.is_sound(), "trial {trial}: {:?}", report.problems);
        assert_eq!(report.open_tail, None, "trial {trial}");
    }
}

#[test]
fn a_start_can_be_cut_off_anywhere() {
    for trial in 0..60 {
        let disk = SimDisk::default();
        disk.fail(trial, u64::MAX, (trial as usize * 97) % 900);
        let acked = match open(&disk) {
            Ok(trail) => (0..20)
                .filter(|number| trail.record(event(*number)).is_ok())
                .collect(),
            Err(_) => Vec::new(),
        };
        disk.power_cut(&mut random(trial));
        let disk = disk.again();
        drop(open(&disk).unwrap_or_else(|error| panic!("trial {trial}: {error:?}")));
        let found = numbers(&disk);
        assert!(
            acked.iter().all(|number| found.contains(number)),
            "trial {trial}"
        );
        assert!(report(&disk).is_sound(), "trial {trial}");
    }
}

#[test]
fn a_failed_disk_is_survived_once_and_nothing_is_acknowledged_without_being_durable() {
    for (times, short) in [(1, 0), (1, 700), (3, 0), (u64::MAX, 0)] {
        for trial in 0..40 {
            let disk = SimDisk::default();
            let trail = open(&disk).unwrap();
            disk.fail(disk.operations() + trial, times, short);
            let mut acked = Vec::new();
            for number in 0..40 {
                if trail.record(long_event(number)).is_ok() {
                    acked.push(number);
                }
            }
            let failed_for_good = trail.counts().failed_for_good;
            disk.power_cut(&mut random(trial));
            drop(trail);
            let disk = disk.again();
            drop(open(&disk).unwrap());
            let found = numbers(&disk);
            let here = format!("{times} times from {trial} on");
            assert!(acked.iter().all(|number| found.contains(number)), "{here}");
            let report = report(&disk);
            assert!(report.is_sound(), "{here}: {:?}", report.problems);
            if times == 1 && trial < 10 && !failed_for_good {
                assert_eq!(acked.len(), 40, "{here}");
            }
        }
    }
}

#[test]
fn what_a_failed_sync_did_not_keep_is_written_again() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    wait_until(|| disk.paths().iter().any(|path| path.ends_with("reserve")));
    trail.record(event(0)).unwrap();
    disk.fail(disk.operations(), 1, 0); // the write
    trail.record(event(1)).unwrap();
    trail.record(event(2)).unwrap();
    assert!(actions(&disk).contains(&"audit.storage_error".to_owned()));
    disk.fail(disk.operations() + 1, 1, 0); // the fdatasync
    let error = trail.record(event(3)).unwrap_err();
    assert!(matches!(error, RecordError::Storage(_)), "{error:?}");
    assert!(!error.is_passing());
    disk.heal();
    assert!(
        trail.record(event(4)).is_err(),
        "a second failure is for good"
    );
    assert!(trail.counts().failed_for_good);
    disk.power_cut(&mut random(1));
    drop(trail);
    let disk = disk.again();
    drop(open(&disk).unwrap());
    let found = numbers(&disk);
    assert_eq!(found[..3], [0, 1, 2]);
    let report = report(&disk);
    assert!(report.is_sound(), "{:?}", report.problems);
}

#[test]
fn a_full_disk_refuses_says_so_and_recovers() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    wait_until(|| disk.paths().iter().any(|path| path.ends_with("reserve")));
    disk.limit(disk.bytes());
    let mut acked = Vec::new();
    let error = (0..)
        .find_map(|number| match trail.record(long_event(number)) {
            Ok(_) => {
                acked.push(number);
                None
            }
            Err(error) => Some(error),
        })
        .unwrap();
    assert!(matches!(error, RecordError::Full(_)) && error.is_passing());
    // One segment was in use, one in reserve.
    assert!(acked.len() > 30, "{}", acked.len());
    assert!(trail.counts().full);
    assert!(matches!(trail.begin(access()), Err(RecordError::Full(_))));
    assert_eq!(actions(&disk).last().unwrap(), "audit.full");

    disk.heal();
    wait_until(|| !trail.counts().full);
    trail.record(event(1_000_000)).unwrap();
    acked.push(1_000_000);
    drop(trail);
    assert_eq!(numbers(&disk), acked);
    let actions = actions(&disk);
    let resumed = actions.iter().position(|action| action == "audit.resumed");
    let full = actions.iter().position(|action| action == "audit.full");
    assert!(full < resumed, "{actions:?}");
    assert!(report(&disk).is_sound());
}

#[test]
fn storage_that_vanishes_takes_no_staff_access() {
    let disk = SimDisk::default();
    disk.vanish();
    let trail = open(&disk).unwrap();
    assert!(trail.warnings().contains(&Warning::VanishingStorage));
    assert!(matches!(trail.begin(access()), Err(RecordError::Vanishing)));
    trail.record(event(0)).unwrap();
    drop(trail);
    let development = AuditTrail::builder(Service::new("licensing", "1.4.0"), FOLDER)
        .disk(disk)
        .development()
        .open()
        .unwrap();
    assert!(development.warnings().contains(&Warning::VanishingStorage));
    development.begin(access()).unwrap().succeed().unwrap();
}

#[test]
fn many_producers_share_a_sync() {
    let disk = SimDisk::default();
    let trail = open(&disk).unwrap();
    thread::scope(|scope| {
        for producer in 0..16 {
            let trail = &trail;
            scope.spawn(move || {
                for number in 0..50 {
                    trail.record(event(producer * 50 + number)).unwrap();
                }
            });
        }
    });
    let counts = trail.counts();
    assert_eq!(counts.acknowledged, 801);
    drop(trail);
    let mut found = numbers(&disk);
    found.sort_unstable();
    assert_eq!(found, (0..800).collect::<Vec<_>>());
    assert!(report(&disk).is_sound());
}

fn wait_until(holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "it does not come to hold"
        );
        thread::sleep(Duration::from_millis(2));
    }
}
