//! Settings of the batching writer that a process ending does not show.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

use std::fs;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use civic_tracing::writer::{BatchingWriter, Loss, WhenFull};

/// Takes nothing until it is opened, and fails as often as it is told to.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    open: bool,
    failures: u32,
    taken: Vec<u8>,
}

impl Gate {
    fn open(&self) {
        self.0.0.lock().unwrap().open = true;
        self.0.1.notify_all();
    }

    fn text(&self) -> String {
        let state = self.0.0.lock().unwrap();
        String::from_utf8_lossy(&state.taken).into_owned()
    }
}

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let state = self.0.0.lock().unwrap();
        let waited = self.0.1.wait_while(state, |state| !state.open);
        let mut state = waited.unwrap();
        if state.failures > 0 {
            state.failures -= 1;
            return Err(io::ErrorKind::StorageFull.into());
        }
        state.taken.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn told(loss: &Loss) -> String {
    format!("lost {} {}\n", loss.lines, loss.reason.id())
}

#[test]
fn a_full_queue_drops_and_tells_and_says_so_in_numbers() {
    let gate = Gate::default();
    let (mut writer, guard) = BatchingWriter::builder()
        .capacity(100)
        .when_full(WhenFull::Drop)
        .loss_line(told)
        .to(gate.clone())
        .unwrap();
    for _ in 0..20 {
        writer.write_all(b"nine byte\n").unwrap();
    }
    assert!(writer.lost() >= 10, "{}", writer.lost());
    gate.open();
    drop(guard);
    let text = gate.text();
    assert_eq!(
        text.matches("nine byte\n").count() as u64 + writer.lost(),
        20,
        "{text}"
    );
    let line = format!("lost {} queue_full\n", writer.lost());
    assert!(text.contains(&line), "{text}");
}

#[test]
fn a_full_queue_holds_the_caller_until_there_is_room() {
    let gate = Gate::default();
    let (writer, guard) = BatchingWriter::builder()
        .capacity(20)
        .to(gate.clone())
        .unwrap();
    let mut for_thread = writer.clone();
    let caller = thread::spawn(move || {
        for _ in 0..50 {
            for_thread.write_all(b"nine byte\n").unwrap();
        }
    });
    thread::sleep(Duration::from_millis(50));
    assert!(!caller.is_finished());
    gate.open();
    caller.join().unwrap();
    drop(guard);
    assert_eq!(gate.text().matches("nine byte\n").count(), 50);
    assert_eq!(writer.lost(), 0);
}

#[test]
fn lines_that_the_sink_refused_are_counted_and_told_when_it_takes_some_again() {
    let gate = Gate::default();
    gate.0.0.lock().unwrap().failures = 1;
    let (mut writer, guard) = BatchingWriter::builder()
        .loss_line(told)
        .to(gate.clone())
        .unwrap();
    for _ in 0..3 {
        writer.write_all(b"refused\n").unwrap();
    }
    gate.open();
    writer.flush(Duration::from_secs(10)).unwrap();
    writer.write_all(b"taken\n").unwrap();
    drop(guard);
    let text = gate.text();
    assert_eq!(
        text.matches("refused\n").count() as u64 + writer.lost(),
        3,
        "{text}"
    );
    assert!(
        text.contains(&format!("lost {} write_failed\n", writer.lost())),
        "{text}"
    );
    assert!(text.contains("taken\n"), "{text}");
    assert_eq!(writer.errors(), 1);
}

#[test]
fn a_flush_that_takes_too_long_says_how_many_lines_are_left() {
    let gate = Gate::default();
    let (mut writer, guard) = BatchingWriter::builder().to(gate.clone()).unwrap();
    writer.write_all(b"waits\n").unwrap();
    let left = writer.flush(Duration::from_millis(20)).unwrap_err();
    assert_eq!(left.lines, 1);
    gate.open();
    writer.flush(Duration::from_secs(10)).unwrap();
    assert_eq!(gate.text(), "waits\n");
    drop(guard);
    // After the guard is gone a line goes straight to the sink.
    writer.write_all(b"late\n").unwrap();
    assert_eq!(gate.text(), "waits\nlate\n");
}

#[test]
fn a_process_that_takes_over_has_a_tally_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let (mut first, first_guard) = BatchingWriter::builder().to_file(&log).unwrap();
    let (mut second, second_guard) = BatchingWriter::builder().to_file(&log).unwrap();
    first.write_all(b"first\n").unwrap();
    second.write_all(b"second\n").unwrap();
    drop((first_guard, second_guard));
    let text = fs::read_to_string(&log).unwrap();
    assert!(
        text.contains("first\n") && text.contains("second\n"),
        "{text}"
    );
    assert!(folder.path().join("log.tally-2").exists());

    let tally = folder.path().join("log.tally");
    let error = BatchingWriter::builder()
        .tally(&tally)
        .to_file(&log)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "another process counts in the tally file"
    );
    let error = BatchingWriter::builder()
        .tally(&log)
        .to_file(&log)
        .unwrap_err();
    assert_eq!(error.to_string(), "the tally file holds something else");
}
