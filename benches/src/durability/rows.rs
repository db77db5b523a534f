//! The rows `audit/...`.

use std::error::Error;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use sha2::{Digest as _, Sha256};

use super::{Open, Outcome, Raw, Trail, run};
use crate::goals::Row;
use crate::paired::Spread;

/// Events that are given before the first is waited for, where CPU time is measured.
const TOGETHER: usize = 256;

/// Measures all rows.
///
/// Wall time, not CPU time: what a caller waits for is the disk. So the sides run in turn, and other work on the machine and
/// its disk shows in the spread.
///
/// # Errors
/// When a folder cannot be made.
pub fn all(quick: bool, json: bool, rows: &mut Vec<Row>) -> Result<(), Box<dyn Error>> {
    let mut bench = Bench {
        home: home()?,
        rounds: if quick { 3 } else { 7 },
        time: Duration::from_millis(if quick { 500 } else { 1500 }),
        is_quiet: json,
        rows,
    };
    let (at_64, p99) = bench.against(Raw::open, 64);
    bench.push("audit/64-vs-raw", "throughput ratio", at_64);
    bench.push("audit/p99-vs-raw", "latency ratio", p99);
    let (at_1, _) = bench.against(Raw::open, 1);
    bench.push("audit/1-vs-raw", "throughput ratio", at_1);
    bench.cpu()?;
    bench.others();
    Ok(())
}

/// A folder on the disk that holds the build, since the folder for temporary files may be in memory.
fn home() -> std::io::Result<PathBuf> {
    let target = Path::new("target");
    let home = if target.is_dir() {
        target.to_owned()
    } else {
        std::env::temp_dir()
    };
    std::fs::create_dir_all(&home)?;
    Ok(home)
}

struct Bench<'a> {
    home: PathBuf,
    rounds: usize,
    time: Duration,
    is_quiet: bool,
    rows: &'a mut Vec<Row>,
}

impl Bench<'_> {
    /// Our throughput and our p99 over those of the other.
    fn against(&self, other: Open, producers: usize) -> (Spread, Spread) {
        let (mut rates, mut latencies) = (Vec::new(), Vec::new());
        for round in 0..self.rounds {
            let ours = || run(Trail::open, producers, self.time, &self.home);
            let theirs = || run(other, producers, self.time, &self.home);
            // Whoever comes second finds the disk busy with what the first left behind.
            let (ours, theirs) = if round % 2 == 0 {
                let ours = ours();
                (ours, theirs())
            } else {
                let theirs = theirs();
                (ours(), theirs)
            };
            self.speeds(&ours, &theirs, producers);
            rates.push(ours.rate / theirs.rate);
            latencies.push(ours.p99 / theirs.p99);
        }
        (Spread::of(rates), Spread::of(latencies))
    }

    /// CPU time of an event, of all threads and of the kernel, over that of one SHA-256 of its bytes.
    fn cpu(&mut self) -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir_in(&self.home)?;
        let trail = Trail::new(folder.path());
        let record = [b'r'; 500];
        let batches = if self.rounds < 5 { 40 } else { 200 };
        trail.put_together(TOGETHER);
        let ratios = (0..self.rounds)
            .map(|_| {
                let events = process_time(&mut || {
                    for _ in 0..batches {
                        trail.put_together(TOGETHER);
                    }
                });
                let hashes = process_time(&mut || {
                    for _ in 0..batches * TOGETHER {
                        black_box(Sha256::digest(black_box(record)));
                    }
                });
                events / hashes
            })
            .collect();
        self.push("audit/cpu-vs-sha256", "time ratio", Spread::of(ratios));
        Ok(())
    }

    #[cfg(feature = "rivals")]
    fn others(&mut self) {
        use super::wal::{OkayWal, Sqlite};

        let (okaywal, _) = self.against(OkayWal::open, 64);
        self.push("audit/64-vs-okaywal", "throughput ratio", okaywal);
        let (sqlite, _) = self.against(Sqlite::open, 64);
        self.push("audit/64-vs-sqlite", "throughput ratio", sqlite);
    }

    #[cfg(not(feature = "rivals"))]
    fn others(&mut self) {
        for name in ["audit/64-vs-okaywal", "audit/64-vs-sqlite"] {
            let row = Row::not_run(name, "throughput ratio");
            if !self.is_quiet {
                println!("{} (needs the feature `rivals`)", row.line());
            }
            self.rows.push(row);
        }
    }

    /// What the sides of a ratio do by themselves, for people: it changes with the machine.
    fn speeds(&self, ours: &Outcome, theirs: &Outcome, producers: usize) {
        if !self.is_quiet {
            println!(
                "{producers} producers: civic {:.0}/s p99 {:.2} ms, the other {:.0}/s p99 {:.2} ms",
                ours.rate,
                ours.p99 * 1e3,
                theirs.rate,
                theirs.p99 * 1e3
            );
        }
    }

    fn push(&mut self, name: &str, unit: &str, spread: Spread) {
        let row = Row::new(name, unit, spread.median, spread.min, spread.max);
        if !self.is_quiet {
            println!("{}", row.line());
        }
        self.rows.push(row);
    }
}

/// CPU seconds of all threads of this process during a piece of work.
fn process_time(work: &mut dyn FnMut()) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let start = now();
    work();
    now() - start
}
