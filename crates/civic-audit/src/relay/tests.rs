//! Relays over real ledgers, with sinks that fail in every way a sink may.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use civic_core::{LabelValue, Metric, MetricSink, MetricSource, Value};
use proptest::prelude::*;

use super::{Relay, Step, dead_letters};
use crate::sink::{Batch, FileSink, Sink, SinkError};
use crate::{Actor, AuditTrail, Auth, Event, Service, Shape};

/// A trail whose segments are full after a few hundred entries.
fn open(folder: &Path) -> AuditTrail {
    AuditTrail::builder(Service::new("licensing", "1.4.0"), folder)
        .segment_bytes(128 * 1024)
        .development()
        .open()
        .unwrap()
}

fn record(trail: &AuditTrail, count: usize) {
    let auth = || {
        Event::from(Auth {
            actor: Actor::system(),
            step: "sign-in",
            method: "token",
        })
    };
    let given: Vec<_> = (0..count).map(|_| trail.submit(auth()).unwrap()).collect();
    for submitted in given {
        submitted.wait().unwrap();
    }
}

/// Streams with the entries that the ledger has, in order.
fn truth(folder: &Path) -> BTreeMap<String, Vec<u64>> {
    let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    crate::read(folder, &mut |record| {
        found.entry(record.stream).or_default().push(record.seq);
        true
    })
    .unwrap();
    found
}

/// Keeps every sequence that it is given, and does what it is told for each batch.
struct Scripted {
    stored: Arc<Mutex<BTreeMap<String, Vec<u64>>>>,
    script: Vec<Act>,
    turn: usize,
    largest: Arc<Mutex<usize>>,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Take,
    Fail,
    /// Stores everything and says that it failed.
    TakeAndFail,
    /// Stores this share of the batch.
    TakePart(u8),
    /// Refuses the entry at this share of the batch.
    Refuse(u8),
}

impl Scripted {
    fn new(script: Vec<Act>) -> Self {
        Scripted {
            stored: Arc::default(),
            script,
            turn: 0,
            largest: Arc::default(),
        }
    }

    fn keep(&self, batch: &Batch<'_>, count: usize) {
        let mut stored = self.stored.lock().unwrap();
        let row = stored.entry(batch.stream().to_owned()).or_default();
        for entry in batch.iter().take(count) {
            // As a sink with a unique stream and sequence does.
            if !row.contains(&entry.seq) {
                row.push(entry.seq);
            }
        }
    }
}

impl Sink for Scripted {
    fn store(&mut self, batch: &Batch<'_>) -> Result<u64, SinkError> {
        assert!(!batch.is_empty());
        let mut largest = self.largest.lock().unwrap();
        *largest = batch.len().max(*largest);
        drop(largest);
        let act = self.script.get(self.turn).copied().unwrap_or(Act::Take);
        self.turn += 1;
        let share = |part: u8| batch.len() * usize::from(part) / 256;
        match act {
            Act::Take => {
                self.keep(batch, batch.len());
                Ok(batch.end())
            }
            Act::Fail => Err(SinkError::passing("away")),
            Act::TakeAndFail => {
                self.keep(batch, batch.len());
                Err(SinkError::passing("the answer was lost"))
            }
            Act::TakePart(part) => {
                let count = share(part);
                self.keep(batch, count);
                let next = batch
                    .iter()
                    .nth(count)
                    .map_or(batch.end(), |entry| entry.seq);
                Ok(next)
            }
            Act::Refuse(part) => {
                let count = share(part);
                self.keep(batch, count);
                let seq = batch.iter().nth(count).unwrap().seq;
                Err(SinkError::refused(seq, "too large"))
            }
        }
    }
}

/// Steps until there is nothing to do; waits for nothing.
fn drain(relay: &mut Relay) {
    for _ in 0..10_000 {
        if matches!(relay.step(), Step::Idle) {
            return;
        }
    }
    panic!("the relay never comes to an end");
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        Just(Act::Take),
        Just(Act::Fail),
        Just(Act::TakeAndFail),
        any::<u8>().prop_map(Act::TakePart),
        any::<u8>().prop_map(Act::Refuse),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever a sink does, and wherever a process ends: each entry is in the sink or a dead letter, once, in order.
    #[test]
    fn each_entry_arrives_once_and_in_order(
        scripts in proptest::collection::vec(proptest::collection::vec(act(), 0..12), 1..4),
        batch in 1usize..300,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let trail = open(folder.path());
        let stored = Arc::new(Mutex::new(BTreeMap::new()));
        for script in scripts {
            record(&trail, 200);
            let mut sink = Scripted::new(script.clone());
            sink.stored = Arc::clone(&stored);
            let largest = Arc::clone(&sink.largest);
            let mut relay = Relay::new(folder.path(), "s", sink).batch_entries(batch);
            // The process ends after a few steps, with the batch half given.
            for _ in 0..script.len() / 2 {
                relay.step();
            }
            prop_assert!(*largest.lock().unwrap() <= batch);
        }
        let mut sink = Scripted::new(Vec::new());
        sink.stored = Arc::clone(&stored);
        drain(&mut Relay::new(folder.path(), "s", sink));

        let mut stored = stored.lock().unwrap().clone();
        let dead = dead_letters(folder.path(), "s").unwrap();
        for row in stored.values() {
            prop_assert!(row.is_sorted(), "{row:?}");
        }
        for letter in dead {
            let row = stored.entry(letter.stream).or_default();
            // One that was refused, and stored after a crash before that was noted, is in both places; never in none.
            if !row.contains(&letter.seq) {
                row.push(letter.seq);
            }
            row.sort_unstable();
        }
        prop_assert_eq!(stored, truth(folder.path()));
    }
}

#[test]
fn files_hold_each_entry_once_whatever_was_cut() {
    let (folder, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let trail = open(folder.path());
    let sink = || FileSink::new(copies.path()).file_bytes(40_000);
    record(&trail, 300);
    drain(&mut Relay::new(folder.path(), "file", sink()).batch_entries(70));
    // The position of an earlier moment, as after a crash, and a line that was cut.
    fs::remove_file(folder.path().join("relay-file/position")).unwrap();
    let newest = files(copies.path()).pop().unwrap();
    let text = fs::read(&newest).unwrap();
    fs::write(&newest, &text[..text.len() - 10]).unwrap();
    record(&trail, 50);
    drain(&mut Relay::new(folder.path(), "file", sink()));

    let files = files(copies.path());
    assert!(files.len() > 3, "{}", files.len());
    let lines = files.iter().flat_map(|file| {
        let text = fs::read_to_string(file).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    let found: Vec<u64> = lines
        .map(|line| Shape::sequence(&serde_json::from_str(&line).unwrap()).unwrap())
        .collect();
    assert_eq!(
        vec![found],
        truth(folder.path()).into_values().collect::<Vec<_>>()
    );
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn entries_arrive_while_others_record_and_who_waits_is_woken() {
    let folder = tempfile::tempdir().unwrap();
    let sink = Scripted::new(vec![Act::Take, Act::TakeAndFail, Act::Take]);
    let stored = Arc::clone(&sink.stored);
    // Before there is a ledger; and it would look only once an hour.
    let relay = Relay::new(folder.path(), "s", sink)
        .look_every(Duration::from_hours(1))
        .start()
        .unwrap();
    thread::sleep(Duration::from_millis(30));
    let trail = open(folder.path());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| record(&trail, 500));
        }
    });
    let delivery = relay.delivery();
    let last = trail
        .record(Auth {
            actor: Actor::system(),
            step: "sign-in",
            method: "token",
        })
        .unwrap();
    assert!(!delivery.has(trail.stream(), last.seq));
    assert!(delivery.wait(trail.stream(), last.seq, Duration::from_mins(1)));
    assert!(!delivery.wait(trail.stream(), last.seq + 1, Duration::ZERO));
    assert!(!delivery.wait("licensing/elsewhere/9", 0, Duration::ZERO));
    assert_eq!(delivery.counts().sent, last.seq + 1);
    assert_eq!(*stored.lock().unwrap(), truth(folder.path()));
    drop(trail);
    assert!(relay.finish(Duration::from_mins(1)));
}

#[test]
fn a_damaged_part_is_passed_over_and_counted_and_the_next_stream_follows() {
    let folder = tempfile::tempdir().unwrap();
    let trail = open(folder.path());
    record(&trail, 700);
    drop(trail);
    let segment = files(&folder.path().join("stream-0001"))
        .into_iter()
        .find(|file| {
            file.file_name()
                .unwrap()
                .to_string_lossy()
                .starts_with("seg-")
        })
        .unwrap();
    let mut bytes = fs::read(&segment).unwrap();
    bytes[60_000] ^= 1;
    fs::write(&segment, bytes).unwrap();
    // The damage is in a segment before the last: its stream goes on, and the rest of the segment is missing.
    let trail = open(folder.path());
    record(&trail, 10);
    let sink = Scripted::new(Vec::new());
    let stored = Arc::clone(&sink.stored);
    let mut relay = Relay::new(folder.path(), "s", sink);
    drain(&mut relay);
    assert_eq!(*stored.lock().unwrap(), truth(folder.path()));
    let there: u64 = truth(folder.path())
        .values()
        .map(|row| row.len() as u64)
        .sum();
    let counts = relay.delivery().counts();
    assert_eq!(counts.sent, there);
    assert!(counts.missing > 0);
}

#[test]
fn a_second_stream_follows_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let trail = open(folder.path());
    for _ in 0..30 {
        record(&trail, 1);
    }
    let sink = Scripted::new(Vec::new());
    let stored = Arc::clone(&sink.stored);
    let mut relay = Relay::new(folder.path(), "s", sink);
    drain(&mut relay);
    drop(trail);
    let segment = folder
        .path()
        .join("stream-0001/seg-00000000000000000000.log");
    let mut bytes = fs::read(&segment).unwrap();
    // In an entry that is not in the last batch: damage, so that the next process begins another stream.
    bytes[3000] ^= 1;
    fs::write(&segment, bytes).unwrap();
    let trail = open(folder.path());
    record(&trail, 30);
    drain(&mut relay);
    let stored = stored.lock().unwrap();
    assert_eq!(stored.len(), 2, "{:?}", stored.keys());
    let second = &stored[trail.stream()];
    assert_eq!(second, &(0..second.len() as u64).collect::<Vec<_>>());
    assert_eq!(second.len(), truth(folder.path())[trail.stream()].len());
}

#[test]
fn one_relay_of_a_name_is_at_work_and_a_position_of_another_ledger_is_refused() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (trail, second) = (open(one.path()), open(other.path()));
    let relay = |folder: &Path| Relay::new(folder, "s", Scripted::new(Vec::new()));
    let mut first = relay(one.path());
    drain(&mut first);
    assert!(matches!(relay(one.path()).step(), Step::Failed { .. }));
    fs::create_dir(other.path().join("relay-s")).unwrap();
    let position = "relay-s/position";
    fs::copy(one.path().join(position), other.path().join(position)).unwrap();
    match relay(other.path()).step() {
        Step::Failed { error, .. } => assert!(error.to_string().contains("position")),
        step => panic!("{step:?}"),
    }
    drop((trail, second));
}

#[test]
fn monitoring_sees_what_waits_and_what_failed() {
    struct Samples(Vec<(&'static str, Vec<LabelValue>, f64)>);
    impl MetricSink for Samples {
        fn sample(&mut self, metric: &'static Metric, labels: &[LabelValue], value: Value<'_>) {
            let number = match value {
                Value::Count(count) => count as f64,
                Value::Gauge(gauge) => gauge,
                _ => f64::NAN,
            };
            self.0.push((metric.name(), labels.to_vec(), number));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let trail = open(folder.path());
    record(&trail, 98);
    let script = vec![Act::Fail, Act::Refuse(128)];
    let mut relay = Relay::new(folder.path(), "s", Scripted::new(script)).batch_entries(10);
    relay.step();
    relay.step();
    let mut samples = Samples(Vec::new());
    relay.delivery().collect(&mut samples);
    let of = |name: &str| {
        let found = samples.0.iter().find(|(n, ..)| *n == name).unwrap();
        assert_eq!(found.1, [LabelValue::Text("s")]);
        found.2 as u64
    };
    assert_eq!(of("audit.relay.failures"), 1);
    assert_eq!(of("audit.relay.sent"), 5);
    assert_eq!(of("audit.relay.dead_letters"), 1);
    assert_eq!(of("audit.relay.depth"), 100 - 6);
    assert_eq!(of("audit.relay.failing"), 0);
}
