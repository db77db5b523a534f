//! What the documents say is so.

use std::path::{Path, PathBuf};

use civic_tests::generated;
use civic_tests::repository::Repository;

use crate::{assert_none, repository};

#[test]
fn generated_parts_are_fresh() {
    let documents = generated::documents(&repository()).unwrap();
    assert!(
        documents
            .iter()
            .any(|document| document.file == Path::new("README.md"))
    );
    let stale = documents
        .iter()
        .filter(|document| document.old != document.new);
    assert_none(
        &stale
            .map(|document| {
                format!(
                    "{} is stale; run `cargo xtask docs`",
                    document.file.display()
                )
            })
            .collect::<Vec<_>>(),
    );
}

#[test]
fn cargo_commands_in_the_documents_exist() {
    let repository = repository();
    let mut problems = Vec::new();
    let mut seen = 0;
    for file in prose(&repository) {
        let text = repository.text(file).unwrap();
        for line in shell_lines(&text).filter(|line| line.starts_with("cargo ")) {
            seen += 1;
            if let Err(problem) = check_command(&repository, line) {
                problems.push(format!("{}: `{line}`: {problem}", file.display()));
            }
        }
    }
    assert!(seen > 0, "no document shows a command");
    assert_none(&problems);
}

#[test]
fn commands_that_do_not_exist_are_told() {
    let repository = repository();
    let wrong = |line: &str| check_command(&repository, line).unwrap_err();
    assert_eq!(
        wrong("cargo run -p no-service"),
        "there is no package `no-service`"
    );
    assert_eq!(wrong("cargo xtask tets"), "xtask has no `tets`");
    assert_eq!(
        wrong("cargo xtask test --only dogs"),
        "there is no stage `dogs`"
    );
    assert_eq!(wrong("cargo civic scam"), "`cargo civic` has no `scam`");
    assert_eq!(wrong("cargo tset"), "no such command");
    assert_eq!(
        check_command(&repository, "cargo xtask test --only docs # quick"),
        Ok(())
    );
}

#[test]
fn the_readme_shows_the_two_commands_first() {
    let text = repository().text("README.md").unwrap();
    let first: Vec<&str> = shell_lines(&text).take(2).collect();
    assert_eq!(first, ["cargo run -p first-service", "cargo xtask test"]);
}

#[test]
fn relative_links_lead_somewhere() {
    let repository = repository();
    let mut problems = Vec::new();
    for file in prose(&repository) {
        let text = repository.text(file).unwrap();
        for link in links(&text) {
            let target = link.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !repository
                .path(file.parent().unwrap())
                .join(target)
                .exists()
            {
                problems.push(format!("{}: `{link}` leads nowhere", file.display()));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn architecture_names_every_package_and_no_other_folder() {
    let repository = repository();
    let text = repository.text("ARCHITECTURE.md").unwrap();
    let here = text.split("\n## Planned").next().unwrap();
    let mut problems = Vec::new();
    for package in repository.packages() {
        if !here.contains(&format!("`{}`", package.name())) {
            problems.push(format!("`{}` is not described", package.name()));
        }
    }
    let mut base = PathBuf::new();
    for word in here.split('`').skip(1).step_by(2) {
        if !is_path(word) {
            continue;
        }
        let path = Path::new(word);
        if path.is_relative() && repository.path(path).exists() {
            base = path.to_owned();
        } else if !repository.path(base.join(path)).exists() {
            // Files are named from the folder that was named last.
            problems.push(format!("`{word}` is not there"));
        }
    }
    assert_none(&problems);
}

#[test]
fn the_changelog_has_a_place_for_what_comes_next() {
    let repository = repository();
    let text = repository.text("CHANGELOG.md").unwrap();
    let first = text.lines().find(|line| line.starts_with("## "));
    assert_eq!(first, Some("## [Unreleased]"));
    let version = repository.workspace()["workspace"]["package"]["version"]
        .as_str()
        .unwrap()
        .to_owned();
    let released = text.lines().filter(|line| line.starts_with("## [")).nth(1);
    // Until the first release there is no other section.
    assert!(
        released.is_none_or(|line| line.contains(&format!("[{version}]"))),
        "the newest section is not {version}"
    );
}

#[test]
fn the_readme_says_how_long_the_tests_take() {
    let text = repository().text("README.md").unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words
        .windows(3)
        .position(|words| words == ["minutes", "from", "a"])
        .unwrap();
    let minutes: u32 = words[at - 1].parse().expect("a number of minutes");
    assert!(minutes < 40, "CI may take forty minutes at most");
}

#[test]
fn the_readme_says_what_the_build_was_tested_with() {
    let text = repository().text("README.md").unwrap();
    let rust = text
        .lines()
        .find(|line| line.contains("Rust 1."))
        .expect("the README names the compiler");
    assert!(rust.contains("1.95"), "{rust}");
}

#[test]
fn policies_in_the_documents_are_policies() {
    let repository = repository();
    let mut problems = Vec::new();
    let mut seen = 0;
    for file in prose(&repository) {
        let text = repository.text(file).unwrap();
        for policy in blocks(&text, "toml").filter(|block| block.contains("[pii")) {
            seen += 1;
            if let Err(error) = civic_pii::Config::parse(&policy) {
                problems.push(format!("{}: {error}", file.display()));
            }
        }
    }
    assert!(seen > 0, "no document shows a policy");
    assert_none(&problems);
}

/// Whether this is the path of a file or folder, and not code or a pattern of names.
fn is_path(word: &str) -> bool {
    let last = Path::new(word).extension().and_then(|end| end.to_str());
    !word.contains(['*', ' ', '<'])
        && (word.contains('/') || matches!(last, Some("rs" | "toml" | "md")))
}

/// Documents that people read.
fn prose(repository: &Repository) -> impl Iterator<Item = &Path> {
    repository.files_ending(".md")
}

/// Blocks in this language.
fn blocks<'a>(text: &'a str, language: &'a str) -> impl Iterator<Item = String> + 'a {
    let mut lines = text.lines();
    std::iter::from_fn(move || {
        lines.find(|line| line.strip_prefix("```") == Some(language))?;
        let inside = lines.by_ref().take_while(|line| !line.starts_with("```"));
        Some(inside.collect::<Vec<_>>().join("\n"))
    })
}

/// Lines of the blocks that are marked as shell.
fn shell_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter(move |line| {
        if line.starts_with("```") {
            inside = *line == "```sh";
            return false;
        }
        inside && !line.is_empty()
    })
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
}

fn check_command(repository: &Repository, line: &str) -> Result<(), String> {
    let words: Vec<&str> = line
        .split('#')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    if let Some(at) = words
        .iter()
        .position(|word| matches!(*word, "-p" | "--package"))
    {
        let name = words.get(at + 1).ok_or("no package is named")?;
        if !repository
            .packages()
            .iter()
            .any(|package| package.name() == *name)
        {
            return Err(format!("there is no package `{name}`"));
        }
    }
    let path = words
        .iter()
        .position(|word| *word == "--path")
        .and_then(|at| words.get(at + 1));
    if let Some(path) = path
        && !repository
            .path(PathBuf::from(path))
            .join("Cargo.toml")
            .exists()
    {
        return Err(format!("there is no package in `{path}`"));
    }
    match words[..] {
        ["cargo", "xtask", command, ref rest @ ..] => check_xtask(command, rest),
        ["cargo", "civic", command, ref rest @ ..] => check_civic(repository, command, rest),
        [
            "cargo",
            "run" | "test" | "build" | "doc" | "install" | "bench" | "add" | "fuzz",
            ..,
        ] => Ok(()),
        _ => Err("no such command".to_owned()),
    }
}

/// A subcommand is a file or a folder of its name, and each of its options a field there.
fn check_civic(repository: &Repository, command: &str, rest: &[&str]) -> Result<(), String> {
    let stem = format!("crates/cargo-civic/src/{command}");
    let files = repository.files_ending(".rs");
    let mut sources = files
        .filter(|file| file.with_extension("").starts_with(&stem))
        .peekable();
    if sources.peek().is_none() {
        return Err(format!("`cargo civic` has no `{command}`"));
    }
    let source: String = sources.filter_map(|file| repository.text(file)).collect();
    for option in rest.iter().filter_map(|word| word.strip_prefix("--")) {
        let field = option
            .split('=')
            .next()
            .unwrap_or_default()
            .replace('-', "_");
        let by_name = format!("long = \"{option}\"");
        if !source.contains(&format!("{field}: ")) && !source.contains(&by_name) {
            return Err(format!("`cargo civic {command}` has no `--{option}`"));
        }
    }
    Ok(())
}

fn check_xtask(command: &str, rest: &[&str]) -> Result<(), String> {
    if !command.starts_with('-') && !xtask::COMMANDS.iter().any(|known| known.name == command) {
        return Err(format!("xtask has no `{command}`"));
    }
    match rest {
        ["--only", stage, ..] if !xtask::STAGES.iter().any(|known| known.name == *stage) => {
            Err(format!("there is no stage `{stage}`"))
        }
        _ => Ok(()),
    }
}
