//! The macros work under a direct, a re-exported and a renamed dependency.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str = r#"
CRATE::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" needs ["payment-provider"] }
    outcomes ApplyOutcome { Submitted = "submitted": complete }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

#[CRATE::journey_step(ApplyStep::Pay)]
pub async fn pay(progress: CRATE::Progress<Apply>) {
    drop(progress);
}

fn main() {
    let mut progress = CRATE::Progress::new(&APPLY, None, std::time::SystemTime::now());
    CRATE::macros::journey_step!(progress, ApplyStep::Start);
    assert_eq!(APPLY.counts().reached(ApplyStep::Start), 1);
}
"#;

#[test]
fn direct() {
    run(
        "direct",
        "civic-journey = { path = CIVIC, features = [\"attribute\"] }",
        "civic_journey",
    );
}

#[test]
fn renamed() {
    run(
        "renamed",
        "funnels = { package = \"civic-journey\", path = CIVIC, features = [\"attribute\"] }",
        "funnels",
    );
}

#[test]
fn behind_a_facade() {
    // The service does not name `civic-journey` at all.
    let facade = folder("facade-itself");
    write(
        &facade,
        "[lib]\npath = \"main.rs\"",
        "civic-journey = { path = CIVIC, features = [\"attribute\"] }",
        "pub use civic_journey as journey;",
    );
    run(
        "facade",
        "facade-itself = { path = \"../facade-itself\" }",
        "facade_itself::journey",
    );
}

/// Builds and runs a package of its own, outside the workspace.
#[track_caller]
fn run(name: &str, dependency: &str, path: &str) {
    let package = folder(name);
    let bin = format!("[[bin]]\nname = \"{name}\"\npath = \"main.rs\"\n[workspace]");
    write(&package, &bin, dependency, &SOURCE.replace("CRATE", path));
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    fs::copy(lock, package.join("Cargo.lock")).expect("the workspace has a lock file");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", folder("target"))
        .output()
        .expect("cargo runs this test");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}

fn write(package: &Path, target: &str, dependency: &str, source: &str) {
    let civic = format!("{:?}", env!("CARGO_MANIFEST_DIR"));
    let name = package
        .file_name()
        .expect("a folder has a name")
        .to_string_lossy();
    let dependency = dependency.replace("CIVIC", &civic);
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{target}\n[dependencies]\n{dependency}\n"
    );
    fs::write(package.join("Cargo.toml"), manifest).expect("the folder can be written");
    fs::write(package.join("main.rs"), source).expect("the folder can be written");
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("dependency")
        .join(name);
    fs::create_dir_all(&folder).expect("the folder for tests can be written");
    folder
}
