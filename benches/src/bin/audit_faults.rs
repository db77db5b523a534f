//! Kills, failing disks and power cuts, and what an audit trail lost by them.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use civic_benches::arguments::{self, Arguments};
use civic_benches::corpus::rng::Rng;
use civic_benches::faults::{Tally, inject, kill, power, worker};

const USAGE: &str = "usage: audit-faults [--full]

Kills a process that records, lets its disk fail, and cuts its power; then looks what is there. --full makes 200 trials of
each, otherwise a few. Exit code 1 when something that was acknowledged is lost, or a ledger is not sound afterwards.";

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|word| word == worker::WORD) {
        let ledger = PathBuf::from(words.next().unwrap_or_default());
        return match worker::run(&ledger) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    arguments::run(USAGE, run)
}

fn run(arguments: &mut Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let full = arguments.flag("--full");
    arguments.end()?;
    let home = if Path::new("target").is_dir() {
        PathBuf::from("target")
    } else {
        std::env::temp_dir()
    };
    let trials = |few| if full { 200 } else { few };
    let mut rng = Rng::new(7);
    let mut holds = true;
    holds &= told(
        "SIGKILL, three in one ledger",
        &kill(trials(15), &home, &mut rng)?,
    );
    if power::is_here("fiu-run") {
        let tally = inject(trials(15), &home, &mut rng)?;
        holds &= told("EIO and ENOSPC by libfiu", &tally);
    } else {
        println!("skipped: EIO and ENOSPC: no `fiu-run`; `apt-get install fiu-utils` brings it");
    }
    match power::missing() {
        Some(why) => println!("skipped: power cut: {why}"),
        None => holds &= told("power cut", &power::cut(trials(8), &home, &mut rng)?),
    }
    Ok(ExitCode::from(u8::from(!holds)))
}

fn told(name: &str, tally: &Tally) -> bool {
    println!(
        "{name}: {} trials, {} acknowledged, {} lost, {}",
        tally.trials,
        tally.acknowledged,
        tally.lost,
        if tally.holds() { "holds" } else { "MISSED" }
    );
    for failure in &tally.failures {
        println!("  {failure}");
    }
    tally.holds()
}
