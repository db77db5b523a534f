//! An example is there to be copied, so a copy outside the workspace has to build.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Outcome;
use crate::context::Context;

pub(super) fn run(context: &Context) -> Outcome {
    let examples =
        examples(&context.root).map_err(|error| format!("cannot list the examples: {error}"))?;
    let mut failed = Vec::new();
    for example in examples {
        let name = example
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let copy =
            std::env::temp_dir().join(format!("civic-example-{}-{name}", std::process::id()));
        let result = test_copy(context, &example, &copy);
        let removed = fs::remove_dir_all(&copy);
        if let Err(problem) = result {
            failed.push(format!("{name}: {problem}"));
        } else if let Err(error) = removed {
            failed.push(format!("{name}: cannot remove the copy: {error}"));
        }
    }
    if failed.is_empty() {
        Ok(Vec::new())
    } else {
        Err(failed.join("; "))
    }
}

/// Folders below `examples/` that are packages.
fn examples(root: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = root.join("examples");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut examples = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.join("Cargo.toml").is_file() {
            examples.push(path);
        }
    }
    examples.sort();
    Ok(examples)
}

fn test_copy(context: &Context, example: &Path, copy: &Path) -> Result<(), String> {
    copy_folder(example, copy)
        .and_then(|()| point_at_crates(context, &copy.join("Cargo.toml")))
        // The versions that the workspace was tested with; cargo drops what the example does not use.
        .and_then(|()| fs::copy(context.root.join("Cargo.lock"), copy.join("Cargo.lock")).map(drop))
        .map_err(|error| format!("cannot copy the example: {error}"))?;
    let mut test = context.cargo(["test", "--offline"]);
    for package in context.publishable().filter(|package| package.library) {
        let path = context.root.join("crates").join(&package.name);
        test.arg("--config").arg(format!(
            "patch.crates-io.{}.path='{}'",
            package.name,
            path.display()
        ));
    }
    test.current_dir(copy)
        .env("CARGO_TARGET_DIR", context.target.join("xtask-examples"))
        .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
    context.run(&mut test)
}

/// A path to a crate of ours leads nowhere from the copy; the person who copies writes a version or a git line there.
fn point_at_crates(context: &Context, manifest: &Path) -> io::Result<()> {
    let crates = context.root.join("crates");
    let text = fs::read_to_string(manifest)?;
    fs::write(
        manifest,
        text.replace("../../crates", &crates.to_string_lossy()),
    )
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            fs::copy(entry.path(), target)?;
        } else if entry.file_name() != "target" {
            copy_folder(&entry.path(), &target)?;
        }
    }
    Ok(())
}
