//! Rules that every manifest keeps.

use std::fs;

use civic_tests::generated::licence_links;
use civic_tests::repository::Package;
use toml::{Table, Value};

use crate::{assert_none, repository};

#[test]
fn every_package_says_what_it_is() {
    let packages = repository().packages();
    let missing = packages
        .iter()
        .filter(|package| package.text("description").is_none_or(str::is_empty));
    assert_none(
        &missing
            .map(|package| format!("{} has no description", package.name()))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn every_crate_names_its_oldest_rust_with_a_reason() {
    let repository = repository();
    let mut problems = Vec::new();
    for package in repository
        .packages()
        .iter()
        .filter(|package| package.is_in("crates"))
    {
        let manifest = repository.text(package.folder.join("Cargo.toml")).unwrap();
        let lines: Vec<&str> = manifest.lines().collect();
        let explained = lines
            .windows(2)
            .any(|pair| pair[0].starts_with('#') && pair[1].starts_with("rust-version"));
        if package.text("rust-version").is_none() || !explained {
            problems.push(format!(
                "{} has no `rust-version` with a comment above it",
                package.name()
            ));
        }
    }
    assert_none(&problems);
}

#[test]
fn members_inherit_the_lints_and_examples_inherit_nothing() {
    let mut problems = Vec::new();
    for package in repository().packages() {
        let inherits = inherited(&Value::Table(package.manifest.clone()));
        if package.is_in("examples") {
            if inherits {
                problems.push(format!(
                    "{} inherits from the workspace, so a copy would not build",
                    package.name()
                ));
            }
        } else if !package.is_in("fuzz") && !inherits_lints(&package.manifest) {
            problems.push(format!("{} does not inherit the lints", package.name()));
        }
    }
    assert_none(&problems);
}

#[test]
fn every_crate_packs_the_licences_and_by_the_same_list() {
    let repository = repository();
    let mut problems = Vec::new();
    for (link, target) in licence_links(&repository) {
        let licence = target.file_name().unwrap();
        if fs::read(repository.path(&link)).ok() != fs::read(repository.path(licence)).ok() {
            problems.push(format!(
                "{} is missing or differs; run `cargo xtask docs`",
                link.display()
            ));
        }
    }
    for package in repository
        .packages()
        .iter()
        .filter(|package| package.is_in("crates"))
    {
        for key in ["version", "edition", "license", "repository", "include"] {
            if !is_inherited(&package.manifest["package"], key) {
                problems.push(format!("{} does not inherit `{key}`", package.name()));
            }
        }
        if !package.is_published() {
            problems.push(format!(
                "{} is not published, so it belongs elsewhere",
                package.name()
            ));
        }
    }
    assert_none(&problems);
}

#[test]
fn every_crate_packs_a_readme() {
    let repository = repository();
    let packages = repository.packages();
    let crates = packages.iter().filter(|package| package.is_in("crates"));
    let without = crates.filter(|package| {
        let own = repository.path(package.folder.join("README.md")).exists();
        !own && !is_inherited(&package.manifest["package"], "readme")
    });
    let say = |package: &Package| {
        format!(
            "{} has no README; `readme.workspace = true` takes that of the root",
            package.name()
        )
    };
    assert_none(&without.map(say).collect::<Vec<_>>());
}

#[test]
fn shared_dependencies_have_no_default_features_and_are_used() {
    let repository = repository();
    let packages = repository.packages();
    let workspace = repository.workspace();
    let mut problems = Vec::new();
    for (name, dependency) in workspace["workspace"]["dependencies"].as_table().unwrap() {
        if dependency.get("default-features").and_then(Value::as_bool) != Some(false) {
            problems.push(format!("`{name}` has its default features"));
        }
        if !packages.iter().any(|package| uses(package, name)) {
            problems.push(format!("`{name}` is used by no member"));
        }
    }
    assert_none(&problems);
}

#[test]
fn members_take_every_dependency_from_the_workspace() {
    let mut problems = Vec::new();
    for package in repository().packages() {
        if package.is_in("examples") || package.is_in("fuzz") {
            continue;
        }
        for (name, dependency) in dependencies(&package.manifest) {
            // A rival is pinned where it is measured, so that a ratio keeps its meaning.
            let pinned = dependency
                .get("version")
                .and_then(Value::as_str)
                .is_some_and(|v| v.starts_with('='));
            if !pinned && !is_inherited_value(dependency) {
                problems.push(format!(
                    "{} has its own version of `{name}`",
                    package.name()
                ));
            }
        }
    }
    assert_none(&problems);
}

fn uses(package: &Package, name: &str) -> bool {
    dependencies(&package.manifest)
        .any(|(dependency, value)| dependency == name && is_inherited_value(value))
}

/// Dependencies of every kind and for every target.
fn dependencies(manifest: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let targets = manifest
        .get("target")
        .and_then(Value::as_table)
        .into_iter()
        .flatten();
    let tables = targets
        .filter_map(|(_, target)| target.as_table())
        .chain([manifest]);
    tables.flat_map(|table| {
        let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
        kinds
            .into_iter()
            .filter_map(|kind| table.get(kind)?.as_table())
            .flatten()
    })
}

fn inherits_lints(manifest: &Table) -> bool {
    manifest
        .get("lints")
        .is_some_and(|lints| lints.get("workspace").and_then(Value::as_bool) == Some(true))
}

/// Whether a key `workspace` stands anywhere in the manifest.
fn inherited(value: &Value) -> bool {
    match value {
        Value::Table(table) => table
            .iter()
            .any(|(key, value)| key == "workspace" || inherited(value)),
        Value::Array(values) => values.iter().any(inherited),
        _ => false,
    }
}

fn is_inherited(package: &Value, key: &str) -> bool {
    package.get(key).is_some_and(is_inherited_value)
}

fn is_inherited_value(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}
