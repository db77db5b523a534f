//! `cargo civic audit` and `cargo civic keygen`, as a person runs them.

mod incident;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use civic_audit::{Actor, AuditTrail, DataAccess, FileKeys, Outcome, Purpose, Service, Subject};
use civic_pii::KeyRing;
use tempfile::TempDir;

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn civic(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-civic"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("the program starts");
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("it writes UTF-8"),
        err: String::from_utf8(output.stderr).expect("it writes UTF-8"),
    }
}

/// A folder with keys and a trail of two look-ups; the second is left open.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder for temporary files");
    let made = civic(
        folder.path(),
        &["keygen", "keys", "--name", "licensing-root"],
    );
    assert_eq!(made.code, Some(0), "{}", made.err);
    let keys = FileKeys::open(folder.path().join("keys")).expect("keys were made");
    let trail = AuditTrail::builder(
        Service::new("licensing", "1.4.0"),
        folder.path().join("ledger"),
    )
    .segment_bytes(256 * 1024)
    .keys(keys)
    .development()
    .open()
    .expect("the trail opens");
    let ring = KeyRing::new("k1", vec![7; 32]).expect("the key is sound");
    for (officer, number) in [("caseworker-7012", "1"), ("caseworker-7013", "2")] {
        let access = DataAccess {
            actor: Actor::staff(officer, "caseworker"),
            subject: Subject::record(&ring, "licence", number),
            fields: &["holder"],
            purpose: Purpose::new("licence-review"),
        };
        let guard = trail.begin(access).expect("it is durable");
        guard.complete(Outcome::Failed).expect("it is durable");
    }
    folder
}

fn segment(folder: &TempDir) -> PathBuf {
    folder
        .path()
        .join("ledger/stream-0001/seg-00000000000000000000.log")
}

#[test]
fn a_sound_trail_is_sound_and_a_changed_one_is_not() {
    let folder = folder();
    let verify = ["audit", "verify", "ledger", "--key", "keys/root.pub"];
    let run = civic(folder.path(), &verify);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(run.out.contains("6 entries"), "{}", run.out);
    assert!(
        run.out.ends_with("ledger is sound, and signed\n"),
        "{}",
        run.out
    );

    let mut bytes = fs::read(segment(&folder)).unwrap();
    let place = bytes
        .windows(15)
        .position(|part| part == b"caseworker-7012")
        .unwrap();
    bytes[place + 14] = b'9';
    fs::write(segment(&folder), bytes).unwrap();
    let run = civic(folder.path(), &verify);
    assert_eq!(run.code, Some(1));
    assert!(
        run.out
            .contains("entry 2: the checksum does not match at byte "),
        "{}",
        run.out
    );
    let mut verify = verify.to_vec();
    verify.extend(["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&civic(folder.path(), &verify).out).unwrap();
    assert_eq!(
        (&json["sound"], &json["problems"][0]["seq"]),
        (&false.into(), &2.into())
    );
}

#[test]
fn entries_are_shown_and_filtered() {
    let folder = folder();
    let show = |more: &[&str]| {
        let mut arguments = vec!["audit", "show", "ledger"];
        arguments.extend(more);
        let run = civic(folder.path(), &arguments);
        assert_eq!(run.code, Some(0), "{}", run.err);
        run.out
    };
    assert_eq!(show(&[]).lines().count(), 6);
    let one = show(&["--actor", "caseworker-7013"]);
    assert_eq!(one.lines().count(), 1);
    assert!(
        one.contains("record.view  intent  by caseworker-7013  about [CUSTOM:k1:"),
        "{one}"
    );
    assert!(one.contains("for licence-review"), "{one}");
    assert_eq!(show(&["--outcome", "failed"]).lines().count(), 2);
    assert_eq!(
        show(&["--class", "data_access", "--limit", "3"])
            .lines()
            .count(),
        3
    );
    assert_eq!(show(&["--until", "2020-01-01"]), "");
    assert_eq!(
        show(&["--since", "2020-01-01T00:00:00Z"]).lines().count(),
        6
    );
    let line = show(&["--format", "jsonl", "--actor", "caseworker-7012"]);
    let record: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(record["purpose"]["name"], "licence-review");
    let pseudonym = record["subjects"][0]["ref"].as_str().unwrap();
    assert_eq!(show(&["--subject", pseudonym]).lines().count(), 1);
}

#[test]
fn a_proof_holds_away_from_the_ledger_and_for_its_own_root_only() {
    let folder = folder();
    let proof = civic(folder.path(), &["audit", "prove", "ledger", "--seq", "2"]);
    assert_eq!(proof.code, Some(0), "{}", proof.err);
    fs::write(folder.path().join("proof"), &proof.out).unwrap();
    fs::rename(
        folder.path().join("ledger/stream-0001/key-checkpoints"),
        folder.path().join("chain"),
    )
    .unwrap();
    let check = [
        "audit",
        "check-proof",
        "proof",
        "--key",
        "keys/root.pub",
        "--chain",
        "chain",
    ];
    let run = civic(folder.path(), &check);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(
        run.out.starts_with("holds: entry 2 of licensing/"),
        "{}",
        run.out
    );

    let forged = proof.out.replacen("index 2", "index 3", 1);
    fs::write(folder.path().join("proof"), forged).unwrap();
    let run = civic(folder.path(), &check);
    assert_eq!(run.code, Some(1));
    assert!(run.out.starts_with("does NOT hold"), "{}", run.out);

    fs::write(folder.path().join("proof"), &proof.out).unwrap();
    civic(
        folder.path(),
        &["keygen", "others", "--name", "licensing-root"],
    );
    let mut check = check;
    check[4] = "others/root.pub";
    assert_eq!(civic(folder.path(), &check).code, Some(1));
}

#[test]
fn mistakes_are_told_and_change_nothing() {
    let folder = folder();
    let again = civic(
        folder.path(),
        &["keygen", "keys", "--name", "licensing-root"],
    );
    assert_eq!(again.code, Some(2));
    assert!(
        again.err.contains("holds a root key already"),
        "{}",
        again.err
    );
    let nothing = civic(folder.path(), &["audit", "verify", "keys"]);
    assert_eq!(nothing.code, Some(3));
    assert!(nothing.err.contains("this is no ledger"), "{}", nothing.err);
    let key = civic(
        folder.path(),
        &["audit", "verify", "ledger", "--key", "keys/root.key"],
    );
    assert_eq!(key.code, Some(2));
    assert!(key.err.contains("holds no public key"), "{}", key.err);
    let time = civic(
        folder.path(),
        &["audit", "show", "ledger", "--since", "yesterday"],
    );
    assert_eq!(time.code, Some(2));
    let seq = civic(folder.path(), &["audit", "prove", "ledger", "--seq", "99"]);
    assert_eq!(seq.code, Some(3));
    assert!(seq.err.contains("there is no such entry"), "{}", seq.err);
}

#[test]
fn the_readme_shows_commands_with_flags_that_exist() {
    let readme = include_str!("../../README.md");
    let (_, section) = readme.split_once("\n## Audit trails\n").unwrap();
    let folder = TempDir::new().unwrap();
    let mut seen = 0;
    for line in section
        .lines()
        .filter_map(|line| line.strip_prefix("cargo civic "))
    {
        seen += 1;
        let words: Vec<&str> = line.split_whitespace().collect();
        let command: Vec<&str> = words
            .iter()
            .copied()
            .take(if words[0] == "audit" { 2 } else { 1 })
            .chain(["--help"])
            .collect();
        let help = civic(folder.path(), &command);
        assert_eq!(help.code, Some(0), "{line}");
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.out.contains(flag), "{line}: {flag}");
        }
    }
    assert_eq!(seen, 5);
}
