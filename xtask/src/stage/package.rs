//! What a registry would get is whole: it holds the licences and builds by itself.

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Outcome;
use crate::context::{Context, Package};

/// What every package holds beside its code.
const MUST_HOLD: [&str; 4] = ["Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];

pub(super) fn run(context: &Context) -> Outcome {
    let packages: Vec<&Package> = context.publishable().collect();
    let lists = packages
        .iter()
        .filter_map(|package| check_list(context, package).err());
    let lacking: Vec<String> = lists.collect();
    if !lacking.is_empty() {
        return Err(lacking.join("; "));
    }

    // All in one call, because they depend on each other and stand in no registry yet. Cargo's own verification unpacks
    // them into its home as if they came from a registry, and finds the old text there when the version did not change.
    let mut pack = context.cargo(["package", "--no-verify", "--allow-dirty"]);
    for package in &packages {
        pack.args(["--package", &package.name]);
    }
    let packed = context.target.join("xtask-package");
    remove(&packed)?;
    context.run(pack.env("CARGO_TARGET_DIR", &packed))?;
    build_what_was_packed(context, &packages, &packed)?;
    Ok(Vec::new())
}

fn check_list(context: &Context, package: &Package) -> Result<(), String> {
    let mut list = context.cargo([
        "package",
        "--list",
        "--allow-dirty",
        "--package",
        &package.name,
    ]);
    let output = list
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo cannot list the files of {}", package.name));
    }
    let files = String::from_utf8_lossy(&output.stdout);
    match MUST_HOLD
        .iter()
        .find(|wanted| !files.lines().any(|file| file == **wanted))
    {
        None => Ok(()),
        Some(missing) => Err(format!("the package {} would lack {missing}", package.name)),
    }
}

/// Makes a workspace of the unpacked packages, in which they find each other, and checks it.
fn build_what_was_packed(
    context: &Context,
    packages: &[&Package],
    packed: &Path,
) -> Result<(), String> {
    let folder = packed.join("package");
    for package in packages {
        let archive = folder.join(format!("{}.crate", package.stem()));
        context.run(
            Command::new("tar")
                .arg("-xzf")
                .arg(archive)
                .arg("-C")
                .arg(&folder),
        )?;
    }
    fs::write(folder.join("Cargo.toml"), manifest(packages))
        .and_then(|()| fs::copy(context.root.join("Cargo.lock"), folder.join("Cargo.lock")))
        .map_err(|error| format!("cannot write the workspace of packages: {error}"))?;
    let mut check = context.cargo(["check", "--workspace", "--offline"]);
    // The workspace's own target directory: the dependencies are compiled there already.
    context.run(
        check
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", &context.target),
    )
}

fn manifest(packages: &[&Package]) -> String {
    let mut text = String::from("[workspace]\nresolver = \"3\"\nmembers = [\n");
    let mut line =
        |line: String| writeln!(text, "{line}").expect("a String takes all that is written");
    for package in packages {
        line(format!("    \"{}\",", package.stem()));
    }
    line("]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n\n[patch.crates-io]".to_owned());
    for package in packages.iter().filter(|package| package.library) {
        line(format!(
            "{} = {{ path = \"{}\" }}",
            package.name,
            package.stem()
        ));
    }
    text
}

fn remove(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(format!("cannot empty the folder of packages: {error}"))
        }
        _ => Ok(()),
    }
}
