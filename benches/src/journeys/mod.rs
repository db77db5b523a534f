//! `cargo xtask ratios journey`: a step against the least that a count can cost, and against what others do.

mod rivals;

use std::error::Error;
use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use civic_core::KeyRing;
use civic_journey::store::token::Tokens;
use civic_journey::{Counting, Journey, Label, Progress, Record};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::goals::Row;
use crate::paired::{Rounds, Spread, cpu_time, rounds, seconds};

civic_journey::journey! {
    /// What is measured: as many steps as the licence example has.
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep {
        Start = "start",
        Eligibility = "eligibility",
        Details = "details",
        Upload = "upload",
        Pay = "pay",
        Check = "check",
        Confirmation = "confirmation",
    }
    outcomes ApplyOutcome {
        Submitted = "submitted": complete,
        NotEligible = "not-eligible": complete,
        Refused = "payment-refused": failed,
    }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

/// The floor: one atomic, no label.
static BARE: AtomicU64 = AtomicU64::new(0);

/// Measures and, unless for JSON, prints all rows.
///
/// # Errors
/// When a key or a recorder of a rival is refused.
pub fn all(quick: bool, json: bool, rows: &mut Vec<Row>) -> Result<(), Box<dyn Error>> {
    let mut bench = Bench {
        rounds: if quick { 9 } else { 31 },
        times: if quick { 200_000 } else { 1_000_000 },
        is_quiet: json,
        rows,
    };
    bench.step();
    bench.first_reach();
    bench.two_threads();
    bench.token()?;
    rivals::all(&mut bench)
}

struct Bench<'a> {
    rounds: usize,
    times: u64,
    is_quiet: bool,
    rows: &'a mut Vec<Row>,
}

impl Bench<'_> {
    fn step(&mut self) {
        let mut progress = begun();
        progress.reach(ApplyStep::Details);
        let times = self.times;
        let measured = rounds(
            self.rounds,
            &mut || repeat(&mut progress, times),
            &mut || {
                fetch_add(times);
            },
        );
        self.both(&measured, times);
        self.push("journey/step-vs-fetch-add", measured.ratio());
    }

    /// Steps that were not reached before, of citizens who have begun; making the progress is not in the time.
    fn first_reach(&mut self) {
        const CITIZENS: usize = 2_048;
        let steps = ApplyStep::ALL;
        let record = begun().record();
        let now = now();
        let passes = self.times / (CITIZENS * steps.len()) as u64 + 1;
        let mut ratios = Vec::new();
        let mut citizens: Vec<Progress<Apply>> = Vec::with_capacity(CITIZENS);
        // One more than counts: the first is to warm up.
        for _ in 0..=self.rounds {
            let mut reached = 0.0;
            let mut bare = 0.0;
            for _ in 0..passes {
                citizens.clear();
                citizens.extend((0..CITIZENS).map(|_| Progress::new(&APPLY, Some(record), now)));
                reached += seconds(&mut || {
                    for progress in &mut citizens {
                        for step in steps.iter().skip(1) {
                            black_box(&mut *progress).reach(black_box(*step));
                        }
                    }
                });
                bare += seconds(&mut || fetch_add((CITIZENS * (steps.len() - 1)) as u64));
            }
            ratios.push(reached / bare);
        }
        ratios.remove(0);
        self.push("journey/first-reach-vs-fetch-add", Spread::of(ratios));
    }

    fn two_threads(&mut self) {
        let times = self.times;
        let mut ratios = Vec::new();
        for _ in 0..=self.rounds {
            let steps = on_two_threads(&|| {
                let mut progress = begun();
                progress.reach(ApplyStep::Details);
                move || repeat(&mut progress, times)
            });
            let bare = on_two_threads(&|| move || fetch_add(times));
            ratios.push(steps / bare);
        }
        ratios.remove(0);
        self.push("journey/two-threads-vs-fetch-add", Spread::of(ratios));
    }

    fn token(&mut self) -> Result<(), Box<dyn Error>> {
        let times = self.times / 10;
        let tokens = Tokens::of::<Apply>(&KeyRing::new("k1", vec![7; 32])?);
        let record = begun().record();
        let token = tokens.sign(record);
        let token = token.as_str();
        let unix_seconds = now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
        let mut step = || {
            for _ in 0..times {
                let record = tokens.verify(black_box(token), unix_seconds);
                let mut progress =
                    Progress::counting_by(Counting::Record, &APPLY, record.ok(), unix_seconds);
                progress.reach(black_box(ApplyStep::Details));
                black_box(tokens.sign(progress.record()));
            }
        };
        let key = Hmac::<Sha256>::new_from_slice(&[7; 32])?;
        let mut one = || {
            for _ in 0..times {
                let mut mac = key.clone();
                mac.update(black_box(&record.to_bytes()));
                black_box(mac.finalize());
            }
        };
        let measured = rounds(self.rounds, &mut step, &mut one);
        self.both(&measured, times);
        self.push("journey/token-vs-hmac", measured.ratio());
        Ok(())
    }

    /// What the sides take by themselves, for people: it changes with the machine.
    fn both(&self, rounds: &Rounds, times: u64) {
        if !self.is_quiet {
            let (civic, other) = rounds.medians();
            let each = |seconds: f64| seconds / times as f64 * 1e9;
            println!(
                "civic {:.1} ns, the other {:.1} ns",
                each(civic),
                each(other)
            );
        }
    }

    fn push(&mut self, name: &str, spread: Spread) {
        let row = Row::new(name, "time ratio", spread.median, spread.min, spread.max);
        self.row(row);
    }

    fn row(&mut self, row: Row) {
        if !self.is_quiet {
            println!("{}", row.line());
        }
        self.rows.push(row);
    }
}

/// A citizen who has reached the first step.
fn begun() -> Progress<Apply> {
    static WARM: Journey<Apply> = Journey::new();
    let mut progress = Progress::new(&WARM, None, now());
    progress.reach(ApplyStep::Start);
    let record: Record = progress.record();
    Progress::new(&APPLY, Some(record), now())
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_268_805)
}

/// A step that was reached before, as a refresh is.
fn repeat(progress: &mut Progress<Apply>, times: u64) {
    for _ in 0..times {
        civic_journey::macros::journey_step!(black_box(&mut *progress), ApplyStep::Details);
    }
}

fn fetch_add(times: u64) {
    for _ in 0..times {
        black_box(&BARE).fetch_add(1, Ordering::Relaxed);
    }
}

/// CPU seconds of two threads that do the same at the same time.
fn on_two_threads<W: FnMut() + Send>(make: &(dyn Fn() -> W + Sync)) -> f64 {
    let ready = AtomicUsize::new(0);
    let run = || {
        let mut work = make();
        ready.fetch_add(1, Ordering::AcqRel);
        while ready.load(Ordering::Acquire) < 2 {
            spin_loop();
        }
        let start = cpu_time();
        work();
        cpu_time().saturating_sub(start).as_secs_f64()
    };
    thread::scope(|scope| {
        let other = scope.spawn(run);
        run() + other.join().expect("the work does not panic")
    })
}
