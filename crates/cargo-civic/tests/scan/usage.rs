//! Arguments, help and wrong usage.

use std::collections::BTreeSet;

use civic_pii::Kind;

use crate::support::{CLEAN, Folder, Run, personal};

#[test]
fn cargo_and_a_direct_call_mean_the_same() {
    let folder = Folder::new().with("a.log", personal());
    let direct = folder.scan(&["a.log"]);
    let mut command = folder.command();
    command.args(["civic", "scan", "a.log"]);
    let through_cargo = Run::of(command, b"");
    assert_eq!(direct.code, Some(1));
    assert_eq!(through_cargo.code, Some(1));
    assert_eq!(direct.stdout, through_cargo.stdout);
}

#[test]
fn help_goes_to_standard_output_and_names_every_kind_and_exit_code() {
    let folder = Folder::new();
    let run = folder.scan(&["--help"]);
    assert_eq!(run.code, Some(0));
    for kind in Kind::ALL {
        assert!(run.text().contains(kind.id()), "{kind}");
    }
    for code in ["  0  ", "  1  ", "  2  ", "  3  "] {
        assert!(run.text().contains(code), "{code}");
    }
    let mut command = folder.command();
    command.args(["civic", "--help"]);
    let run = Run::of(command, b"");
    assert_eq!(run.code, Some(0));
    assert!(
        run.text().contains("Usage: cargo civic <COMMAND>"),
        "{}",
        run.text()
    );
}

#[test]
fn the_readme_names_the_flags_that_exist_and_no_others() {
    let readme = include_str!("../../README.md");
    // The section on audit trails is held against their commands by the tests of those.
    let (before, rest) = readme
        .split_once("\n## Audit trails\n")
        .expect("it has the section");
    let (_, after) = rest.split_once("\n## ").expect("another section follows");
    let readme = &format!("{before}\n{after}");
    let folder = Folder::new();
    let help: String = [
        "scan", "check", "explain", "facts", "diff", "init", "register",
    ]
    .into_iter()
    .map(|subcommand| {
        let mut command = folder.command();
        command.args([subcommand, "--help"]);
        Run::of(command, b"").text().to_owned()
    })
    .collect();
    // Flags of cargo itself, and the one that every program has.
    let others = ["--path", "--help"];
    let flags = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !(c.is_ascii_lowercase() || c == '-'))
            .filter(|word| word.starts_with("--") && word.len() > 3)
            .filter(|word| !others.contains(word))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(flags(readme), flags(&help));
}

#[test]
fn an_unknown_kind_is_wrong_usage_and_the_right_one_is_suggested() {
    let folder = Folder::new().with("a.log", personal());
    let run = folder.scan(&["--kind", "emial", "a.log"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.is_empty());
    assert!(
        run.stderr.contains("a similar value exists: 'email'"),
        "{}",
        run.stderr
    );
    for kind in Kind::ALL {
        assert!(run.stderr.contains(kind.id()), "{kind}");
    }
}

#[test]
fn arguments_that_contradict_each_other_are_wrong_usage() {
    let folder = Folder::new().with("a.log", CLEAN);
    for arguments in [
        &["--redact", "--show-values", "a.log"][..],
        &["--redact", "--explain", "a.log"],
        &["--redact", "--format", "jsonl", "a.log"],
        &["--format", "xml", "a.log"],
        &["--color", "blue", "a.log"],
        &["--no-such-flag", "a.log"],
    ] {
        let run = folder.scan(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(run.stdout.is_empty(), "{arguments:?}");
        assert!(
            run.stderr.starts_with("error:"),
            "{arguments:?}: {}",
            run.stderr
        );
    }
}

#[test]
fn without_a_command_the_help_is_shown_as_an_error() {
    let folder = Folder::new();
    let run = Run::of(folder.command(), b"");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("Usage: cargo civic"), "{}", run.stderr);
}
