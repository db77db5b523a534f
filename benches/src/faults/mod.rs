//! What a trail is put through: its process killed, its disk failing, its power cut. After each, what was acknowledged must be
//! there, every intent must have an outcome, and `verify` must find every byte accounted for.

pub mod power;
pub mod worker;

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::corpus::rng::Rng;

/// What the trials of one kind gave.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Trials so far.
    pub trials: u32,
    /// Entries that a worker was told are durable.
    pub acknowledged: u64,
    /// Those of them that were not there afterwards.
    pub lost: u64,
    /// Trials after which the ledger did not open, was not sound or left an intent open, with why.
    pub failures: Vec<String>,
}

impl Tally {
    /// Whether nothing was lost and nothing failed, and there was something to lose.
    pub fn holds(&self) -> bool {
        self.lost == 0 && self.failures.is_empty() && self.acknowledged > 0
    }

    /// Looks at a ledger after a trial.
    pub fn check(&mut self, ledger: &Path, acknowledged: &HashSet<String>) {
        self.trials += 1;
        self.acknowledged += acknowledged.len() as u64;
        if let Err(why) = self.look(ledger, acknowledged) {
            self.failures.push(format!("trial {}: {why}", self.trials));
        }
    }

    fn look(&mut self, ledger: &Path, acknowledged: &HashSet<String>) -> Result<(), String> {
        if !ledger.join("identity").exists() {
            // Cut off before there was a ledger.
            self.lost += acknowledged.len() as u64;
            return Ok(());
        }
        drop(worker::open(ledger).map_err(|error| format!("it does not open: {error:?}"))?);
        let report = civic_audit::verify(ledger).map_err(|error| error.to_string())?;
        let mut found = HashSet::new();
        civic_audit::read(ledger, &mut |record| {
            found.insert(record.id.to_string());
            true
        })
        .map_err(|error| error.to_string())?;
        self.lost += acknowledged.difference(&found).count() as u64;
        match report.problems.first() {
            Some(problem) => Err(problem.to_string()),
            None if !report.unpaired.is_empty() => Err("an intent has no outcome".to_owned()),
            None if report.open_tail.is_some() => Err("a tail is not accounted for".to_owned()),
            None => Ok(()),
        }
    }
}

/// Kills the worker with SIGKILL at a moment between its first entry and a while later.
///
/// # Errors
/// When a process cannot be started or killed.
pub fn kill(trials: u32, home: &Path, rng: &mut Rng) -> std::io::Result<Tally> {
    let mut tally = Tally::default();
    for _ in 0..trials {
        let folder = tempfile::tempdir_in(home)?;
        // Three processes after one another in one ledger.
        let mut acknowledged = HashSet::new();
        for _ in 0..3 {
            let mut worker = worker::start(folder.path(), &[])?;
            let first = let_work(&mut worker, 0, rng)?;
            worker.kill()?;
            acknowledged.extend(finish(worker, first)?);
        }
        tally.check(folder.path(), &acknowledged);
    }
    Ok(tally)
}

/// Lets calls of the system fail at random, by way of libfiu.
///
/// # Errors
/// When a process cannot be started.
pub fn inject(trials: u32, home: &Path, rng: &mut Rng) -> std::io::Result<Tally> {
    let mut tally = Tally::default();
    // EIO and ENOSPC.
    let faults = [
        ("posix/io/sync/fdatasync", 5),
        ("posix/io/rw/pwrite", 28),
        ("posix/io/rw/pwrite", 5),
    ];
    for trial in 0..trials {
        let folder = tempfile::tempdir_in(home)?;
        // A ledger that exists: a start on a failing disk is an error, and loses nothing.
        drop(worker::open(folder.path()).map_err(std::io::Error::other)?);
        let (name, code) = faults[trial as usize % faults.len()];
        let probability = [0.01, 0.1, 1.0][rng.below(3)];
        let fault = format!("enable_random name={name},probability={probability},failinfo={code}");
        let mut worker = worker::start(folder.path(), &["fiu-run", "-x", "-c", &fault])?;
        // Everything may fail from the first call on, so its first entry is not waited for.
        std::thread::sleep(Duration::from_millis(400));
        worker.kill()?;
        let acknowledged = finish(worker, Vec::new())?;
        tally.check(folder.path(), &acknowledged);
    }
    Ok(tally)
}

/// Lets a worker go on for a while from its first entry on; one in four times from its start, which may be cut off too.
/// Gives what it said by then.
fn let_work(worker: &mut Child, least: u64, rng: &mut Rng) -> std::io::Result<Vec<u8>> {
    let mut first = Vec::new();
    if rng.below(4) > 0
        && let Some(stdout) = &mut worker.stdout
    {
        let mut byte = [0];
        while !first.ends_with(b"\n") && stdout.read(&mut byte)? == 1 {
            first.push(byte[0]);
        }
    }
    std::thread::sleep(Duration::from_millis(least + rng.below(150) as u64));
    Ok(first)
}

/// Reads what a worker said until its end.
fn finish(mut worker: Child, first: Vec<u8>) -> std::io::Result<HashSet<String>> {
    let mut output = first;
    if let Some(mut stdout) = worker.stdout.take() {
        stdout.read_to_end(&mut output)?;
    }
    worker.wait()?;
    // Each line was written at once, and the last may be cut.
    let mut acknowledged = HashSet::new();
    for line in BufReader::new(&output[..]).lines() {
        let line = line?;
        if line.len() == 36 {
            acknowledged.insert(line);
        }
    }
    Ok(acknowledged)
}

/// Starts this program again, behind another one if there are words for it.
fn again(before: &[&str], arguments: &[&std::ffi::OsStr]) -> std::io::Result<Child> {
    let this = std::env::current_exe()?;
    let mut command = match before.split_first() {
        Some((program, words)) => {
            let mut command = Command::new(program);
            command.args(words).arg(this);
            command
        }
        None => Command::new(this),
    };
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
}
