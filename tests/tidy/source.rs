//! What no file of the repository holds.

use std::path::Path;

use crate::{assert_none, repository};

/// This file has to spell what it looks for.
const THIS_FILE: &str = "tests/tidy/source.rs";

/// Names of folders at the root that exist on one machine only.
const MACHINE_FOLDERS: [&str; 4] = ["work", "root", "home", "Users"];

/// Hosts that a package client finds by itself, by name and domain; a mirror or a pin to one belongs into no file.
const REGISTRIES: [(&str, &str); 5] = [
    ("index", "crates.io"),
    ("static", "crates.io"),
    ("deb", "debian.org"),
    ("registry", "npmjs.org"),
    ("files", "pythonhosted.org"),
];

/// What must not stand in Rust code, with the reason.
const BANNED: [(&str, &str); 4] = [
    (
        "#[ignore",
        "assert today's result instead of ignoring a test",
    ),
    ("todo!(", "finish it or leave it out"),
    ("unimplemented!(", "finish it or leave it out"),
    ("dbg!(", "left from debugging"),
];

#[test]
fn no_file_names_a_folder_of_one_machine_or_a_registry() {
    let repository = repository();
    let folders = MACHINE_FOLDERS.map(|name| format!("/{name}/"));
    let hosts = REGISTRIES.map(|(name, domain)| format!("{name}.{domain}"));
    let mut problems = Vec::new();
    for file in repository
        .files()
        .iter()
        .filter(|file| !file.ends_with(THIS_FILE))
    {
        let Some(text) = repository.text(file) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            let folder = folders.iter().find(|folder| names_folder(line, folder));
            let host = hosts.iter().find(|host| line.contains(host.as_str()));
            if let Some(found) = folder.or(host) {
                problems.push(format!("{}:{} holds `{found}`", file.display(), number + 1));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn every_dependency_comes_from_the_one_registry() {
    let repository = repository();
    let lock: toml::Table = repository.text("Cargo.lock").unwrap().parse().unwrap();
    let mut problems = Vec::new();
    for package in lock["package"].as_array().unwrap() {
        let source = package.get("source").and_then(toml::Value::as_str);
        if source
            .is_some_and(|source| source != "registry+https://github.com/rust-lang/crates.io-index")
        {
            problems.push(format!("{:?} comes from elsewhere", package["name"]));
        }
    }
    assert_none(&problems);
}

#[test]
fn no_code_is_left_half_done() {
    let repository = repository();
    let mut problems = Vec::new();
    for file in repository
        .files_ending(".rs")
        .filter(|file| *file != Path::new(THIS_FILE))
    {
        let text = repository.text(file).unwrap();
        for (number, line) in text.lines().enumerate() {
            for (banned, why) in BANNED {
                if line.contains(banned) {
                    problems.push(format!(
                        "{}:{} has `{banned}`: {why}",
                        file.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert_none(&problems);
}

/// Whether the line holds this absolute path, and not only a relative one or an address that ends so.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-}~*/".contains(c))
    })
}

#[test]
fn relative_paths_and_addresses_are_no_machine_folders() {
    assert!(names_folder("see /home/jo/civic", "/home/"));
    assert!(names_folder("\"/Users/jo/civic\"", "/Users/"));
    assert!(!names_folder("https://example.com/home/apply", "/home/"));
    assert!(!names_folder("../home/civic", "/home/"));
}
