//! `cargo xtask fuzz`: builds the targets in `fuzz/` with coverage and runs them side by side.
//!
//! `cargo fuzz` works there too, but asks for a nightly compiler because of its sanitizers. This workspace is safe code,
//! in which they find little, and coverage alone is to be had on stable.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};

use crate::context::Context;
use crate::tool::CXX;
use crate::usage;

/// What libFuzzer needs to see which branches an input took; the flags that `cargo fuzz` passes.
const COVERAGE: [&str; 8] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Clink-dead-code",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];

/// How long the targets run, and from which inputs.
#[derive(Clone, Copy)]
pub(crate) struct Tier {
    pub(crate) seconds: u32,
    /// With a seed a run is the same each time for the same code: it begins from the committed inputs alone. Without one it
    /// goes on from what earlier runs found.
    pub(crate) seed: Option<u32>,
}

/// Longest that one input may take, in seconds.
const TIMEOUT: u32 = 10;

/// Number of lines that a failure shows of its log.
const SHOWN: usize = 20;

pub(crate) fn run(arguments: Vec<String>) -> ExitCode {
    let mut seconds = 600;
    let mut targets = Vec::new();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        if argument == "--seconds" {
            match arguments.next().and_then(|value| value.parse().ok()) {
                Some(value) => seconds = value,
                None => return usage("`--seconds` needs a number"),
            }
        } else if argument.starts_with('-') {
            return usage(&format!("`fuzz` does not know `{argument}`"));
        } else {
            targets.push(argument);
        }
    }
    match Context::new(false).and_then(|context| start(&context, &targets, seconds)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn start(context: &Context, wanted: &[String], seconds: u32) -> Result<(), String> {
    if !CXX.is_here() {
        return Err(CXX.how_to_install());
    }
    let targets = targets(context)?;
    if let Some(unknown) = wanted.iter().find(|target| !targets.contains(target)) {
        return Err(format!(
            "there is no target `{unknown}`, only {}",
            targets.join(", ")
        ));
    }
    build_and_run(
        context,
        if wanted.is_empty() { &targets } else { wanted },
        Tier {
            seconds,
            seed: None,
        },
    )
}

/// Names of the targets: those of the files in `fuzz/fuzz_targets/`.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn targets(context: &Context) -> Result<Vec<String>, String> {
    let folder = context.root.join("fuzz/fuzz_targets");
    let entries =
        fs::read_dir(folder).map_err(|error| format!("cannot list the fuzz targets: {error}"))?;
    let mut targets: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()))
        .collect();
    targets.sort();
    Ok(targets)
}

/// Gives the fuzz targets the versions of the workspace, so that the fuzzed code is the tested code.
///
/// # Errors
/// When the lock file cannot be copied.
pub(crate) fn copy_lock(context: &Context) -> Result<(), String> {
    fs::copy(
        context.root.join("Cargo.lock"),
        context.root.join("fuzz/Cargo.lock"),
    )
    .map(drop)
    .map_err(|error| format!("cannot copy Cargo.lock: {error}"))
}

/// Builds the targets and runs them at the same time.
///
/// # Errors
/// When a target does not build or finds an input that breaks a property; the text says where that input is kept.
pub(crate) fn build_and_run(
    context: &Context,
    targets: &[String],
    tier: Tier,
) -> Result<(), String> {
    copy_lock(context)?;
    let host = host()?;
    let folder = context.target.join("fuzz");
    let mut build = context.cargo(["build", "--release", "--manifest-path", "fuzz/Cargo.toml"]);
    // With a target given, the flags stay away from build scripts.
    build
        .args(["--target", &host])
        .env("CARGO_TARGET_DIR", &folder);
    context.run(
        build
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\x1f")),
    )?;

    let programs = folder.join(host).join("release");
    let mut running = Vec::new();
    for target in targets {
        running.push(Running::start(context, &programs, target, tier)?);
    }
    let failed: Vec<String> = running
        .into_iter()
        .filter_map(|running| running.finish().err())
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.join("; "))
    }
}

/// A fuzz target at work, with its output in a file so that two do not mix.
struct Running {
    target: String,
    log: PathBuf,
    artifacts: PathBuf,
    child: Child,
}

impl Running {
    fn start(
        context: &Context,
        programs: &std::path::Path,
        target: &str,
        tier: Tier,
    ) -> Result<Self, String> {
        let folder = context.target.join("fuzz").join(target);
        let new_inputs = match tier.seed {
            Some(seed) => folder.join(format!("corpus-of-seed-{seed}")),
            None => folder.join("corpus"),
        };
        let artifacts = folder.join("artifacts");
        let log = folder.join("log");
        let cannot = |error| format!("cannot prepare the fuzz target {target}: {error}");
        if tier.seed.is_some() && new_inputs.exists() {
            fs::remove_dir_all(&new_inputs).map_err(cannot)?;
        }
        fs::create_dir_all(&new_inputs).map_err(cannot)?;
        fs::create_dir_all(&artifacts).map_err(cannot)?;
        let output = File::create(&log).map_err(cannot)?;
        let mut command = Command::new(programs.join(target));
        command
            .args(tier.seed.map(|seed| format!("-seed={seed}")))
            .arg(format!("-max_total_time={}", tier.seconds))
            .arg(format!("-timeout={TIMEOUT}"))
            .arg(format!("-artifact_prefix={}/", artifacts.display()))
            .arg("-print_final_stats=1")
            // New inputs go to the first folder; the committed ones are only read.
            .arg(new_inputs)
            .arg(context.root.join("fuzz/corpus").join(target))
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(cannot)?)
            .stderr(output);
        context.show(&command);
        let child = command.spawn().map_err(cannot)?;
        Ok(Self {
            target: target.to_owned(),
            log,
            artifacts,
            child,
        })
    }

    fn finish(mut self) -> Result<(), String> {
        let status = self
            .child
            .wait()
            .map_err(|error| format!("lost the fuzz target {}: {error}", self.target))?;
        let log = String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned();
        if status.success() {
            for line in log.lines().filter(|line| line.starts_with("Done ")) {
                println!("{}: {line}", self.target);
            }
            return Ok(());
        }
        let lines: Vec<&str> = log.lines().collect();
        let panic = lines.iter().rposition(|line| line.contains("panicked at"));
        // Without a panic, as after a timeout, the end of the log says what happened.
        let start = panic.unwrap_or(lines.len().saturating_sub(SHOWN));
        for line in lines[start..].iter().take(SHOWN) {
            println!("{}: {line}", self.target);
        }
        Err(format!(
            "{} found an input that breaks it, kept in {}",
            self.target,
            self.artifacts.display()
        ))
    }
}

/// The triple that the compiler builds for unless told.
fn host() -> Result<String, String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .map_err(|error| format!("cannot start rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "rustc does not say what it builds for".to_owned())
}
