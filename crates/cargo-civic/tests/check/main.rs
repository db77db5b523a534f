//! `cargo civic check`, `explain`, `facts`, `diff` and `init` as a user runs them.

mod support;

use serde_json::Value;
use support::{Folder, Run};

const LEAK: &str = "fn apply(email: &str) {\n    tracing::info!(%email, \"applied\");\n}\n";

fn run(folder: &Folder, arguments: &[&str]) -> Run {
    Run::of(folder, arguments)
}

fn leaking() -> Folder {
    Folder::new().with("service/src/main.rs", LEAK)
}

fn json(run: &Run) -> Value {
    serde_json::from_slice(&run.stdout).expect("JSON")
}

#[test]
fn a_finding_is_shown_with_its_source_and_ends_with_one() {
    let run = run(&leaking(), &["check", "service"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    for part in [
        "error[PD-LOG]",
        "src/main.rs:2:5",
        "tracing::info!(%email, \"applied\");",
        "help: ",
        "1 finding in 1 Rust file",
    ] {
        assert!(run.text().contains(part), "no {part}:\n{}", run.text());
    }
}

#[test]
fn a_clean_service_ends_with_zero_and_a_missing_one_with_two() {
    let folder = Folder::new().with("src/main.rs", "fn main() {}\n");
    let clean = run(&folder, &["check"]);
    assert_eq!(
        (clean.code, clean.text()),
        (Some(0), "0 findings in 1 Rust file\n")
    );
    let missing = run(&folder, &["check", "nowhere"]);
    assert_eq!(missing.code, Some(2));
    assert!(
        missing
            .stderr
            .contains("nowhere: there is no such file or folder")
    );
    assert_eq!(run(&folder, &["check", "--format", "odd"]).code, Some(2));
}

#[test]
fn json_has_exactly_the_promised_fields() {
    let run = run(&leaking(), &["check", "service", "--format", "json"]);
    let findings = json(&run);
    let finding = findings[0].as_object().expect("an object");
    let mut names: Vec<&str> = finding.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "code", "column", "help", "item", "line", "message", "origin", "path", "severity"
        ]
    );
    assert_eq!(finding["path"], "src/main.rs");
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&2.into(), &5.into())
    );
    assert_eq!(
        (&finding["item"], &finding["origin"]),
        (&"apply".into(), &"scanned".into())
    );
}

#[test]
fn machine_formats_hold_the_finding() {
    let folder = leaking();
    let sarif = json(&run(&folder, &["check", "service", "--format", "sarif"]));
    assert_eq!(sarif["version"], "2.1.0");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "PD-LOG");
    let index = result["ruleIndex"].as_u64().expect("an index") as usize;
    assert_eq!(
        sarif["runs"][0]["tool"]["driver"]["rules"][index]["id"],
        "PD-LOG"
    );
    let fingerprint = result["partialFingerprints"]["civic/v1"].clone();
    assert!(fingerprint.is_string());
    // Lines above do not change what it is known by.
    let moved = Folder::new().with("service/src/main.rs", format!("\n\n{LEAK}"));
    let moved = json(&run(&moved, &["check", "service", "--format", "sarif"]));
    let result = &moved["runs"][0]["results"][0];
    assert_eq!(result["partialFingerprints"]["civic/v1"], fingerprint);

    let github = run(&folder, &["check", "service", "--format", "github"]);
    assert!(
        github
            .text()
            .starts_with("::error file=src/main.rs,line=2,col=5,title=PD-LOG::")
    );
    let junit = run(&folder, &["check", "service", "--format", "junit"]);
    assert!(junit.text().contains("failures=\"1\""), "{}", junit.text());
    assert!(junit.text().contains("file=\"src/main.rs\" line=\"2\""));
}

#[test]
fn a_baseline_hides_what_was_there_and_nothing_else() {
    let folder = leaking();
    let written = run(
        &folder,
        &["check", "service", "--write-baseline", "known.json"],
    );
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    let folder = folder.with(
        "service/src/main.rs",
        format!("// moved\n{LEAK}fn again(nino: &str) {{ tracing::info!(nino); }}\n"),
    );
    let findings = run(
        &folder,
        &[
            "check",
            "service",
            "--baseline",
            "known.json",
            "--format",
            "json",
        ],
    );
    let lines: Vec<u64> = json(&findings)
        .as_array()
        .expect("an array")
        .iter()
        .filter_map(|finding| finding["line"].as_u64())
        .collect();
    assert_eq!(lines, [5]);
    let broken = folder.with("known.json", "{}");
    assert_eq!(
        run(&broken, &["check", "service", "--baseline", "known.json"]).code,
        Some(2)
    );
}

#[test]
fn migrations_after_a_revision_are_held_against_what_it_reads() {
    let folder = Folder::new()
        .with(
            "service/migrations/1.sql",
            "CREATE TABLE users (id INT, nino TEXT);\n",
        )
        .with(
            "service/src/db.rs",
            "fn f() {\n    sqlx::query(\"SELECT nino FROM users\");\n}\n",
        );
    for arguments in [
        &["init", "--quiet"][..],
        &["add", "."],
        &[
            "-c",
            "user.name=Jo",
            "-c",
            "user.email=jo@example.com",
            "commit",
            "--quiet",
            "-m",
            "one",
        ],
    ] {
        folder.git(arguments);
    }
    let folder = folder
        .with(
            "service/migrations/2.sql",
            "ALTER TABLE users DROP COLUMN nino;\n",
        )
        .with("service/src/db.rs", "fn f() {}\n");
    let arguments = ["check", "service", "--base", "HEAD", "--format", "json"];
    let findings = json(&run(&folder, &arguments));
    let drop = findings
        .as_array()
        .and_then(|list| list.iter().find(|finding| finding["code"] == "MIG-DROP"))
        .expect("the drop");
    assert_eq!(
        (&drop["path"], &drop["line"]),
        (&"migrations/2.sql".into(), &1.into())
    );
    let message = drop["message"].as_str().expect("a message");
    assert!(message.ends_with("uses it at src/db.rs:2"), "{message}");
    let unknown = run(&folder, &["check", "service", "--base", "nowhere"]);
    assert_eq!(unknown.code, Some(2), "{}", unknown.stderr);
    assert_eq!(
        run(&folder, &["check", "service", "--base=--help"]).code,
        Some(2)
    );
}

#[test]
fn the_policy_of_the_service_is_followed_and_a_wrong_one_refused() {
    let waived =
        "[[check.waive]]\ncode = \"PD-LOG\"\npath = \"src/main.rs\"\nreason = \"a demo\"\n";
    let folder = leaking().with("service/civic.toml", waived);
    let run_waived = run(&folder, &["check", "service"]);
    assert_eq!(run_waived.code, Some(0), "{}", run_waived.text());
    assert!(run_waived.text().contains("1 waived"));
    let folder = folder.with("service/civic.toml", "[check]\nfast = true\n");
    let refused = run(&folder, &["check", "service"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("line 2: unknown field `fast`"),
        "{}",
        refused.stderr
    );
    // The scan of logs reads the same file and leaves this part alone.
    let folder = folder.with("civic.toml", waived).with("a.log", "nothing\n");
    assert_eq!(run(&folder, &["scan", "a.log"]).code, Some(0));
}

#[test]
fn what_cannot_be_told_is_counted() {
    let folder = Folder::new().with("src/main.rs", "fn main() {\n    ( }\n");
    let report = run(&folder, &["check"]);
    assert!(report.text().contains("not determined: 1\n"));
    assert!(
        report
            .text()
            .contains("not determined: a bracket has no partner, src/main.rs:2")
    );
}

#[test]
fn explain_prints_a_page_or_the_list() {
    let folder = Folder::new();
    let page = run(&folder, &["explain", "pd-log"]);
    assert_eq!(page.code, Some(0));
    assert!(page.text().starts_with("# PD-LOG: "));
    let list = run(&folder, &["explain", "--list"]);
    assert!(list.text().lines().any(|line| line.starts_with("PD-LOG ")));
    let unknown = run(&folder, &["explain", "PD-NONE"]);
    assert_eq!(unknown.code, Some(2));
    assert_eq!(run(&folder, &["explain"]).code, Some(2));
}

#[test]
fn facts_are_the_same_in_two_folders_and_diff_tells_them_apart() {
    let folder = Folder::new()
        .with("one/src/main.rs", LEAK)
        .with("two/src/main.rs", format!("\n{LEAK}"))
        .with("three/src/main.rs", LEAK);
    let facts = |name: &str| run(&folder, &["facts", name]);
    assert_eq!(facts("one").stdout, facts("three").stdout);
    let folder = ["one", "two"].into_iter().fold(Folder::new(), |out, name| {
        out.with(&format!("{name}.json"), facts(name).stdout)
    });
    let same = run(&folder, &["diff", "one.json", "two.json"]);
    assert_eq!((same.code, same.text()), (Some(0), ""));
    let other = folder.with("two.json", "{\"version\":1,\"facts\":[]}");
    let differs = run(&other, &["diff", "one.json", "two.json"]);
    assert_eq!(differs.code, Some(1));
    assert!(differs.text().contains("- function|src/main.rs|apply\n"));
    assert_eq!(
        run(&other, &["diff", "one.json", "none.json"]).code,
        Some(2)
    );
}

#[test]
fn init_writes_a_policy_once() {
    let folder = Folder::new();
    assert_eq!(run(&folder, &["init"]).code, Some(0));
    assert_eq!(run(&folder, &["check"]).code, Some(0));
    let again = run(&folder, &["init"]);
    assert_eq!(again.code, Some(2));
    assert!(
        again.stderr.contains("civic.toml stays as it is"),
        "{}",
        again.stderr
    );
}

const TABLE: &str = "CREATE TABLE users (id INT, email TEXT);\n";

#[test]
fn a_register_is_printed_written_and_held_against_what_is_committed() {
    let folder = Folder::new().with("migrations/1.sql", TABLE).with(
        "civic.toml",
        "[register]\nfiles = [\"docs/register.md\", \"docs/register.csv\", \"docs/register.json\"]\n",
    );
    let printed = run(&folder, &["register"]);
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    assert!(
        printed
            .text()
            .starts_with("# Record of processing activities\n")
    );
    assert!(printed.text().contains("| `users.email` | email |"));
    let csv = run(&folder, &["register", "--format", "csv"]);
    assert!(
        csv.text().contains("\nusers.email,email,ordinary,"),
        "{}",
        csv.text()
    );
    let missing = run(&folder, &["register", "--check"]);
    assert_eq!(missing.code, Some(1));
    assert!(
        missing
            .text()
            .contains("docs/register.md: there is no such file")
    );

    assert_eq!(run(&folder, &["register", "--write"]).code, Some(0));
    let same = run(&folder, &["register", "--check"]);
    assert_eq!((same.code, same.text()), (Some(0), "no drift\n"));

    let folder = folder.with(
        "migrations/2.sql",
        "ALTER TABLE users ADD COLUMN phone TEXT;\n",
    );
    let drifted = run(&folder, &["register", "--check"]);
    assert_eq!(drifted.code, Some(1));
    assert!(
        drifted.text().contains("\n+| `users.phone` | phone |"),
        "{}",
        drifted.text()
    );
    assert!(
        drifted
            .text()
            .contains("3 files are behind the source: run `cargo civic register --write`\n")
    );
}

#[test]
fn a_file_that_is_named_is_written_in_the_format_of_its_name() {
    let folder = Folder::new().with("migrations/1.sql", TABLE);
    let written = run(&folder, &["register", "--output", "out/all.json"]);
    assert_eq!(written.code, Some(0), "{}", written.stderr);
    assert_eq!(
        run(
            &folder,
            &["register", "--output", "out/all.json", "--check"]
        )
        .code,
        Some(0)
    );
    let unknown = run(&folder, &["register", "--output", "out/all.txt"]);
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("out/all.txt: name a format"),
        "{}",
        unknown.stderr
    );
    let folder = folder.with("civic.toml", "[register]\nspeed = 1\n");
    assert_eq!(run(&folder, &["register"]).code, Some(2));
}
