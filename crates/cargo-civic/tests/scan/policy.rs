//! `civic.toml`: what it changes in a report and in a redaction, and what is wrong usage.

use civic_pii::{Config, KeyRing, Kind};

use crate::support::{CLEAN, EMAIL, Folder, NINO, Run, personal};

const KEY: &str = "made up for tests, 32 bytes long";

/// Keeps e-mail addresses and has a pattern of its own.
const POLICY: &str = r#"
[pii.kinds.email]
action = "keep"
reason = "a staff directory"

[[pii.pattern]]
name = "case-ref"
regex = 'CASE[0-9]{8}'
"#;

const PSEUDONYMS: &str = r#"
[pii.kinds.nino]
action = "pseudonymise"

[pii.kinds.email]
action = "partial"
last = 3

[pii.keys]
current = "k2"
k2 = { env = "CIVIC_TEST_KEY_2" }
k1 = { file = "key-1" }
"#;

fn kinds(run: &Run) -> Vec<String> {
    let kind = |object: &serde_json::Value| object["kind"].as_str().map(str::to_owned);
    run.objects()
        .iter()
        .map(|object| kind(object).expect("a kind"))
        .collect()
}

#[test]
fn the_policy_is_that_of_the_folder_unless_one_is_named_or_none_is_wanted() {
    let folder = Folder::new()
        .with("a.log", personal())
        .with("civic.toml", POLICY)
        .with("other.toml", "[pii]\nonly = ['email']");
    for (arguments, expected, policy) in [
        (&[][..], &["nino"][..], "under the policy civic.toml\n"),
        (&["--no-policy"], &["nino", "email"], ")\n"),
        (
            &["--policy", "other.toml"],
            &["email"],
            "under the policy other.toml\n",
        ),
    ] {
        let run = folder.scan(&[arguments, &["--format", "jsonl", "a.log"]].concat());
        assert_eq!(kinds(&run), expected, "{arguments:?}");
        assert_eq!(run.code, Some(1));
        let summary = run.stderr.lines().next().expect("a summary");
        assert!(format!("{summary}\n").ends_with(policy), "{summary}");
    }
    let run = Folder::new().with("a.log", CLEAN).scan(&["a.log"]);
    assert!(!run.text().contains("policy"), "{}", run.text());
}

#[test]
fn a_report_follows_thresholds_fields_and_what_is_kept() {
    let log = "case_worker=\"Example Person\" trace_id=AB123456C AB123456C 203.0.113.9\n";
    let folder = Folder::new().with("a.log", log);
    let scan = |policy: &str| {
        let folder = folder.path("civic.toml");
        std::fs::write(folder, policy).expect("a new file");
    };
    for (policy, expected) in [
        ("", &["nino", "nino", "ip-address"][..]),
        (
            "[pii.fields]\ncase_worker = 'person-name'",
            &["person-name", "nino", "nino", "ip-address"],
        ),
        (
            "[[pii.keep]]\nfield = 'traceId'\nreason = 'made by us'",
            &["nino", "ip-address"],
        ),
        ("[pii.kinds.nino]\nthreshold = 100", &["ip-address"]),
        ("[pii]\nthreshold = 100", &[]),
        (
            "[pii.kinds.ip-address]\naction = 'keep'\nreason = 'ours'",
            &["nino", "nino"],
        ),
        ("[pii]\nonly = ['ip-address']", &["ip-address"]),
    ] {
        scan(policy);
        let run = folder.scan(&["--format", "jsonl", "a.log"]);
        assert_eq!(kinds(&run), expected, "{policy}");
        assert_eq!(run.code, Some(i32::from(!expected.is_empty())), "{policy}");
    }
}

#[test]
fn a_pattern_is_reported_by_its_name() {
    let folder = Folder::new()
        .with("civic.toml", POLICY)
        .with("a.log", format!("{CLEAN}CASE12345678 for {NINO}\n"));
    let run = folder.scan(&["--format", "jsonl", "a.log"]);
    let first = run.text().lines().next();
    assert_eq!(
        first,
        Some(
            r#"{"path":"a.log","line":2,"start":0,"end":12,"kind":"custom:case-ref","confidence":1.0}"#
        )
    );
    let run = folder.scan(&["a.log"]);
    let lines: Vec<_> = run.text().lines().collect();
    assert_eq!(lines[0], "a.log:2:1: custom:case-ref 100%");
    assert_eq!(lines[1], "    [CASE-REF] for [NINO]");
    assert_eq!(lines[2], "    ^^^^^^^^^^");
    assert!(
        run.text().contains("\n  custom:case-ref  1  █"),
        "{}",
        run.text()
    );
    run.assert_never_shows("CASE12345678");

    let run = folder.scan(&["--redact", "a.log"]);
    assert_eq!(run.text(), format!("{CLEAN}[CASE-REF] for [NINO]\n"));
    assert!(run.stderr.contains("\n  custom, nino\n"), "{}", run.stderr);
}

#[test]
fn a_pattern_is_found_all_along_a_line_that_comes_in_pieces() {
    let line = "quiet CASE12345678 words, ".repeat(100_000);
    let folder = Folder::new()
        .with("civic.toml", POLICY)
        .with("a.log", &line);
    let run = folder.scan(&["--format", "jsonl", "a.log"]);
    assert_eq!(run.places().len(), 100_000);
    let run = folder.scan(&["--redact", "a.log"]);
    assert!(run.text() == line.replace("CASE12345678", "[CASE-REF]"));
}

#[test]
fn a_choice_of_kinds_stands_on_top_of_the_policy() {
    let log = format!("CASE12345678 for {NINO} by {EMAIL} 203.0.113.9\n");
    let folder = Folder::new().with("civic.toml", POLICY).with("a.log", &log);
    for (choice, expected, redacted) in [
        ("nino,email", &["nino"][..], log.replace(NINO, "[NINO]")),
        (
            "custom",
            &["custom:case-ref"],
            log.replace("CASE12345678", "[CASE-REF]"),
        ),
        ("iban", &[], log.clone()),
    ] {
        let run = folder.scan(&["--kind", choice, "--format", "jsonl", "a.log"]);
        assert_eq!(kinds(&run), expected);
        let run = folder.scan(&["--kind", choice, "--redact", "a.log"]);
        assert_eq!((run.code, run.text()), (Some(0), &redacted[..]));
    }
    for (arguments, message) in [
        (
            &["--kind", "email"][..],
            "error: --kind names nothing that the policy civic.toml looks for and does not keep\n",
        ),
        (
            &["--kind", "custom", "--no-policy"],
            "error: --kind custom means the patterns of a policy, and there is none\n",
        ),
    ] {
        let run = folder.scan(&[arguments, &["a.log"]].concat());
        assert_eq!((run.code, &run.stderr[..]), (Some(2), message));
        assert!(run.stdout.is_empty());
    }
}

#[test]
fn a_redaction_does_what_the_policy_says() {
    let folder = Folder::new()
        .with("civic.toml", PSEUDONYMS)
        .with("key-1", KEY)
        .with("a.log", format!("{}{NINO} 203.0.113.9\n", personal()));
    let mut command = folder.command();
    command
        .args(["scan", "--redact", "a.log"])
        .env("CIVIC_TEST_KEY_2", KEY);
    let run = Run::of(command, b"");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let ring = KeyRing::new("k2", KEY).expect("a sound key");
    let nino = ring.pseudonym(Kind::Nino, NINO);
    let first = personal()
        .replace(NINO, &nino)
        .replace(EMAIL, "[EMAIL *COM]");
    assert_eq!(run.text(), format!("{first}{nino} [IP-ADDRESS]\n"));
}

#[test]
fn a_report_needs_no_keys() {
    let run = Folder::new()
        .with("civic.toml", PSEUDONYMS)
        .with("a.log", personal())
        .scan(&["--format", "jsonl", "a.log"]);
    assert_eq!(kinds(&run), ["nino", "email"]);
}

#[test]
fn a_key_that_is_missing_or_short_is_wrong_usage_and_says_why() {
    let folder = Folder::new()
        .with("civic.toml", PSEUDONYMS)
        .with("a.log", personal());
    let redact = |key: Option<&str>| {
        let mut command = folder.command();
        command.args(["scan", "--redact", "a.log"]);
        if let Some(key) = key {
            command.env("CIVIC_TEST_KEY_2", key);
        }
        let run = Run::of(command, b"");
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stdout.is_empty());
        run.stderr
    };
    assert_eq!(
        redact(None),
        "error: the policy civic.toml cannot be used: key `k2` cannot be read: \
         the environment variable `CIVIC_TEST_KEY_2` is not set\n"
    );
    let message = redact(Some(KEY));
    assert!(
        message.starts_with(
            "error: the policy civic.toml cannot be used: key `k1` cannot be read: \
             the file `key-1` cannot be read: No such file"
        ),
        "{message}"
    );
    let short = "a secret that is too short";
    let message = redact(Some(short));
    assert!(
        message.starts_with("error: the policy civic.toml cannot be used: the keys of the policy cannot be used: key `k2`"),
        "{message}"
    );
    assert!(!message.contains(short), "{message}");
}

#[test]
fn a_wrong_policy_names_its_line_and_what_is_allowed_and_nothing_is_read() {
    for (policy, message) in [
        (
            "[pii]\ntreshold = 80",
            "is wrong: line 2, column 1: unknown key `treshold` in `pii`, did you mean `threshold`?",
        ),
        (
            "[pii.kinds.nin0]\naction = 'erase'",
            "is wrong: line 1, column 12: unknown kind `nin0`, did you mean `nino`? Expected one of `nino`, ",
        ),
        (
            "\n[pii.kinds.nino]\naction = 'mask'",
            "is wrong: line 3, column 10: unknown action: expected one of `erase`, `keep`, `partial`, `pseudonymise`",
        ),
        (
            "[pii.kinds.nino]\nthreshold = 0.8",
            "is wrong: line 2, column 13: `threshold` is a whole number of percent from 0 to 100",
        ),
        ("[pii", "is wrong: line 1, column 5: not TOML: "),
        (
            "[[pii.pattern]]\nname = 'a'\nregex = 'x*'",
            "is wrong: line 3, column 9: the pattern cannot be used: pattern `a` matches the empty text",
        ),
        (
            "[pii.kinds.nino]\naction = 'pseudonymise'",
            "is wrong: line 2, column 10: the action `pseudonymise` needs keys: ",
        ),
    ] {
        let folder = Folder::new()
            .with("civic.toml", policy)
            .with("a.log", personal());
        for arguments in [&["a.log"][..], &["--redact", "a.log"]] {
            let run = folder.scan(arguments);
            assert_eq!(run.code, Some(2), "{policy}");
            assert!(run.stdout.is_empty(), "{policy}");
            let start = format!("error: the policy civic.toml {message}");
            assert!(run.stderr.starts_with(&start), "{}", run.stderr);
            assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        }
        assert_eq!(folder.scan(&["--no-policy", "a.log"]).code, Some(1));
    }
}

#[test]
fn a_policy_that_cannot_be_read_is_wrong_usage() {
    let folder = Folder::new()
        .with("a.log", personal())
        .with("folder/a", "")
        .with("latin.toml", b"# caf\xe9\n");
    for (file, message) in [
        ("missing.toml", "No such file"),
        ("folder", "Is a directory"),
        ("latin.toml", "stream did not contain valid UTF-8"),
    ] {
        let run = folder.scan(&["--policy", file, "a.log"]);
        assert_eq!(run.code, Some(2), "{file}");
        assert!(run.stdout.is_empty(), "{file}");
        let start = format!("error: the policy {file} cannot be read: {message}");
        assert!(run.stderr.starts_with(&start), "{}", run.stderr);
    }
    let run = folder.scan(&["--policy", "latin.toml", "--no-policy", "a.log"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_to_no_policy_is_not_taken_for_no_policy() {
    let folder = Folder::new().with("a.log", personal());
    std::os::unix::fs::symlink("gone.toml", folder.path("civic.toml")).expect("a new link");
    let run = folder.scan(&["a.log"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr
            .starts_with("error: the policy civic.toml cannot be read: No such file"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_policy_of_the_readme_is_sound() {
    let readme = include_str!("../../README.md");
    let (_, block) = readme.split_once("```toml\n").expect("a policy");
    let (policy, _) = block.split_once("```").expect("the end of the block");
    let config = Config::parse(policy).unwrap_or_else(|error| panic!("{error}"));
    assert!(config.policy_without_keys().is_ok());
}

/// The lines that a report with `--explain` says to write, by finding.
fn lines_to_keep(run: &Run) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = false;
    for line in run.text().lines() {
        let text = line.trim_start();
        if let Some(first) = text.strip_prefix("to keep it ") {
            all.push(first.to_owned());
            open = true;
        } else if !open || text.is_empty() || text.starts_with('(') {
            open = false;
        } else if let Some(last) = all.last_mut() {
            last.push('\n');
            last.push_str(text);
        }
    }
    all
}

const PATTERN: &str = "[[pii.pattern]]\nname = 'case-ref'\nregex = 'CASE[0-9]{8}'\n";

#[test]
fn the_lines_that_explain_prints_keep_the_value() {
    let lines = [
        "AB123456C",
        "nino=AB123456C",
        r#"{"applicant.email":"ann.example@example.com"}"#,
        "passport number 925665416 of the applicant",
        "phone: 020 7946 0999",
        "POST /find?post%2Dcode=SW1A%201AA",
        "CASE12345678",
        "reference=CASE12345678",
        "IBAN GB82 WEST 1234 5698 7654 32",
    ];
    for line in lines {
        let folder = Folder::new()
            .with("civic.toml", PATTERN)
            .with("a.log", line);
        let run = folder.scan(&["--explain", "a.log"]);
        assert_eq!(run.code, Some(1), "{line}");
        let keep = lines_to_keep(&run);
        let in_jsonl = folder.scan(&["--explain", "--format", "jsonl", "a.log"]);
        let in_jsonl: Vec<_> = in_jsonl
            .objects()
            .iter()
            .map(|object| object["keep"].clone())
            .collect();
        assert_eq!(in_jsonl, keep, "{line}");
        let kind = kinds(&folder.scan(&["--format", "jsonl", "a.log"])).remove(0);
        let policy = format!("{PATTERN}{}\n", keep[0]);
        Config::parse(&policy).unwrap_or_else(|error| panic!("{error}:\n{policy}"));
        let folder = folder.with("civic.toml", &policy);
        let left = kinds(&folder.scan(&["--format", "jsonl", "a.log"]));
        assert!(!left.contains(&kind), "{line} in spite of\n{policy}");
    }
}

#[test]
fn explain_shows_the_threshold_of_the_policy_in_its_unit() {
    let folder = Folder::new()
        .with("civic.toml", "[pii.kinds.nino]\nthreshold = 73\n")
        .with("a.log", format!("{NINO}\n"));
    let run = folder.scan(&["--explain", "--format", "jsonl", "a.log"]);
    let object = run.objects().remove(0);
    assert_eq!(object["threshold"], 73);
    let score = object["score"].as_u64().expect("a score");
    assert!((73..100).contains(&score));
    let keep = format!("[pii.kinds.nino]\nthreshold = {}", score + 1);
    assert_eq!(object["keep"], keep.as_str());

    let run = folder.scan(&["--explain", "a.log"]);
    for text in [
        format!("score      {score}%, needs 73%\n"),
        format!(
            "to keep it [pii.kinds.nino]\n               threshold = {}\n",
            score + 1
        ),
        "               (in the table of this name that the policy has)\n".to_owned(),
    ] {
        assert!(run.text().contains(&text), "{text}: {}", run.text());
    }
    let run = folder.scan(&["--no-policy", "--explain", "a.log"]);
    assert!(!run.text().contains("(in the table"), "{}", run.text());
}

#[test]
fn a_key_that_shows_another_value_is_not_shown() {
    let line = format!("{{\"{EMAIL}\":\"{NINO}\",\"{NINO}\":\"203.0.113.9\"}}\n");
    let run = Folder::new()
        .with("a.log", line)
        .scan(&["--explain", "a.log"]);
    assert_eq!(run.code, Some(1));
    run.assert_never_shows(NINO);
    run.assert_never_shows("example.com");
    for lines in lines_to_keep(&run) {
        assert!(lines.starts_with("[pii.kinds."), "{lines}");
    }
}

#[test]
fn a_finding_that_has_grown_over_a_pattern_is_explained_too() {
    // The pattern begins in the middle of the NINO: what is found covers both.
    let run = Folder::new()
        .with(
            "civic.toml",
            "[[pii.pattern]]\nname = 'tail'\nregex = '56C-[a-z]+'\n",
        )
        .with("a.log", "x AB123456C-abc\n")
        .scan(&["--explain", "--format", "jsonl", "a.log"]);
    let object = run.objects().remove(0);
    assert_eq!(run.places(), [(1, 2, 15)]);
    assert_eq!(object["kind"], "nino");
    assert_eq!(object["threshold"], 50, "{object}");
}
