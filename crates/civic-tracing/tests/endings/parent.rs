//! Starts the processes, counts what they left in the log, and prints the table.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::child::LINES;

const ENDINGS: [&str; 7] = [
    "return",
    "error",
    "panic",
    "thread-panic",
    "exit",
    "abort",
    "sigterm",
];

/// What a log holds.
#[derive(Debug, Default)]
struct Found {
    written: u64,
    lost: u64,
    /// Reasons that the loss lines give.
    reasons: Vec<String>,
    text: String,
}

pub(crate) fn run() {
    println!("log lines of {LINES} whose call had returned");
    println!(
        "{:<16}{:<14}{:>8}{:>8}",
        "writer", "ending", "written", "lost"
    );
    for ending in ENDINGS {
        let found = ended("direct", ending);
        assert_eq!(found.written, LINES, "direct, {ending}");
    }
    let mut losses = 0;
    for ending in ENDINGS {
        for writer in ["batching", "dropping"] {
            let found = ended(writer, ending);
            assert_eq!(found.written + found.lost, LINES, "{writer}, {ending}");
            losses += found.lost;
        }
    }
    assert!(losses > 0, "there was a loss to tell of");
    for ending in ["return", "error", "panic", "thread-panic"] {
        let found = ended("no-tally", ending);
        assert_eq!(found.written, LINES, "no-tally, {ending}");
    }
    for ending in ["exit", "abort", "sigterm"] {
        // Nothing is promised here but that no line is there twice.
        let found = ended("no-tally", ending);
        assert!(
            found.written <= LINES && found.lost == 0,
            "no-tally, {ending}"
        );
    }

    check_a_panic_that_nobody_logs();

    let found = ended("direct", "slow");
    assert_eq!(found.written, LINES);
    let found = ended("batching", "slow");
    assert_eq!(found.written, LINES);
    let found = ended("dropping", "slow");
    assert_eq!(found.written + found.lost, LINES);
    assert_eq!(found.reasons, ["queue_full"]);
    let found = ended("hurried", "slow");
    assert_eq!(found.written + found.lost, LINES);
    assert_eq!(found.reasons, ["flush_time_over"]);
}

/// Without a subscriber the text goes to standard error, where the standard hook puts it, but redacted.
fn check_a_panic_that_nobody_logs() {
    let folder = tempfile::tempdir().unwrap();
    let output = start("none", "panic", folder.path())
        .wait_with_output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(errors.starts_with("thread 'main' panicked at "), "{errors}");
    assert!(errors.contains("child.rs:"), "{errors}");
    assert!(errors.ends_with(":\nno case for [EMAIL]\n"), "{errors}");
}

/// Lets a process log and end; returns what the log holds then.
fn ended(writer: &str, ending: &str) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let mut child = start(writer, ending, folder.path());
    let mut output = child.stdout.take().unwrap();
    let mut printed = Vec::new();
    match ending {
        "slow" => read_slowly(&mut output, &mut printed),
        "sigterm" => {
            let mut line = String::new();
            BufReader::new(&mut output).read_line(&mut line).unwrap();
            assert_eq!(line, "ready\n");
            let id = child.id().to_string();
            assert!(
                Command::new("kill")
                    .args(["-TERM", &id])
                    .status()
                    .unwrap()
                    .success()
            );
        }
        _ => {
            output.read_to_end(&mut printed).unwrap();
        }
    }
    let mut errors = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    let status = child.wait().unwrap();
    let well = matches!(ending, "return" | "exit" | "slow" | "thread-panic");
    assert_eq!(status.success(), well, "{writer}, {ending}: {errors}");

    if ["batching", "dropping"].contains(&writer) && ending != "slow" {
        // The next start tells of what the process took with it.
        let mut next = start(writer, "start", folder.path());
        assert!(next.wait().unwrap().success());
    }
    let log = match ending {
        "slow" => printed,
        _ => fs::read(folder.path().join("log")).unwrap(),
    };
    let found = read(&log);
    println!(
        "{writer:<16}{ending:<14}{:>8}{:>8}",
        found.written, found.lost
    );
    check_what_it_said(ending, &found, &errors);
    found
}

fn check_what_it_said(ending: &str, found: &Found, errors: &str) {
    let everything = format!("{}{errors}", found.text);
    assert!(!everything.contains("canary@example.com"), "{everything}");
    if ending.contains("panic") {
        let expected = r#""message":"panicked: no case for [EMAIL]""#;
        assert!(found.text.contains(expected), "{}", found.text);
        assert!(found.text.contains("panic.location"), "{}", found.text);
        assert!(errors.is_empty(), "{errors}");
    }
    if ending == "error" {
        let expected = r#""message":"main failed","error":"no case for [EMAIL]""#;
        assert!(found.text.contains(expected), "{}", found.text);
        assert_eq!(errors, "Error: no case for [EMAIL]\n");
    }
}

fn start(writer: &str, ending: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["child", writer, ending])
        .arg(folder)
        .env_remove("RUST_BACKTRACE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Takes about 8 MB a second, which is slower than lines are made.
fn read_slowly(from: &mut impl Read, to: &mut Vec<u8>) {
    let mut piece = [0; 4096];
    loop {
        match from.read(&mut piece).unwrap() {
            0 => return,
            count => to.extend_from_slice(&piece[..count]),
        }
        thread::sleep(Duration::from_micros(1500));
    }
}

/// Counts the lines, each of which has to be there once, whole.
fn read(log: &[u8]) -> Found {
    let mut found = Found::default();
    let mut numbers = vec![false; LINES as usize];
    for line in String::from_utf8(log.to_vec()).unwrap().lines() {
        // A process may die inside a write; what is left of a line is no line.
        let Ok(line_value) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let fields = &line_value["fields"];
        match fields["message"].as_str().unwrap() {
            "line" => {
                let number = fields["number"].as_u64().unwrap() as usize;
                assert!(!numbers[number], "{number} is there twice");
                numbers[number] = true;
                found.written += 1;
            }
            "log lines lost" => {
                assert_eq!(fields.get("perhaps_written"), None);
                found.lost += fields["lines"].as_u64().unwrap();
                let reason = fields["reason"].as_str().unwrap().to_owned();
                if !found.reasons.contains(&reason) {
                    found.reasons.push(reason);
                }
            }
            _ => {
                found.text.push_str(line);
                found.text.push('\n');
            }
        }
    }
    found
}
