//! The rows of `ratios health`.

use std::error::Error;
use std::future::Future;
use std::io;
use std::time::{Duration, Instant};

use super::client::{Connection, Crowd, Pace, open_loop};
use super::service::{Behaviour, CHECKS, Engine, INTERVAL, Service};
use crate::goals::Row;
use crate::paired::Spread;

/// Connections that ask as fast as answers come.
const CONNECTIONS: usize = 8;
/// Citizens' requests a second; the pool of the service is good for a thousand.
const CITIZENS: u32 = 300;
/// How long is waited for answers after the last question.
const PATIENCE: Duration = Duration::from_secs(3);

/// Measures every row, and prints each for people unless `json`.
///
/// # Errors
/// When a connection on this machine fails.
pub fn all(quick: bool, json: bool, rows: &mut Vec<Row>) -> Result<(), Box<dyn Error>> {
    let mut push = |row: Row| {
        if !json {
            println!("{}", row.line());
        }
        rows.push(row);
    };
    let rounds = if quick { 3 } else { 7 };
    // Of Civic alone: with the others, a probe has no end while a dependency hangs.
    let spread = probe_p99(Engine::Civic, rounds)?;
    let (median, min, max) = (spread.median, spread.min, spread.max);
    push(Row::new(
        "health/probe-p99-vs-constant",
        "time ratio",
        median,
        min,
        max,
    ));
    for (suffix, engine) in engines() {
        // Other crates are for information, and what they cost is seen at once.
        let rounds = if suffix.is_empty() { rounds } else { 1 };
        for (name, unit, measure) in MEASURES {
            let name = format!("health/{name}{suffix}");
            push(match engine {
                Some(engine) => {
                    let spread = measure(engine, rounds)?;
                    Row::new(&name, unit, spread.median, spread.min, spread.max)
                }
                None => Row::not_run(&name, unit),
            });
        }
    }
    Ok(())
}

/// Name, unit, and what is measured in so many rounds.
type Measure = (
    &'static str,
    &'static str,
    fn(Engine, usize) -> io::Result<Spread>,
);

const MEASURES: [Measure; 4] = [
    ("ready-vs-constant", "rate ratio", |engine, rounds| {
        ready_vs_constant(engine, rounds, Pace::rate)
    }),
    (
        "ready-vs-constant-processor",
        "rate ratio",
        |engine, rounds| ready_vs_constant(engine, rounds, Pace::processor_rate),
    ),
    ("citizen-median", "time ratio", citizen_median),
    ("calls-vs-probe-rate", "rate ratio", calls_vs_probe_rate),
];

/// What is measured, with the end of its rows' names; `None` for what the feature `rivals` brings.
fn engines() -> [(&'static str, Option<Engine>); 3] {
    #[cfg(feature = "rivals")]
    let rivals = [Some(Engine::AxumHealth), Some(Engine::HealthChecks)];
    #[cfg(not(feature = "rivals"))]
    let rivals = [None; 2];
    [
        ("", Some(Engine::Civic)),
        ("-axum-health", rivals[0]),
        ("-health-checks", rivals[1]),
    ]
}

/// Answers a second of `/ready`, with ten checks of 10 ms behind it, over those of a handler that gives a constant, in the same
/// service of one worker. A round is many short turns of both.
fn ready_vs_constant(engine: Engine, rounds: usize, rate: fn(Pace) -> f64) -> io::Result<Spread> {
    const TURNS: usize = 40;
    let service = Service::start(engine, Behaviour::Answers, false);
    run(async {
        settle().await;
        let mut crowd = Crowd::open(service.address, CONNECTIONS).await?;
        let turn = Duration::from_millis(15);
        let mut ratios = Vec::new();
        // The first round warms both up.
        for round in 0..=rounds {
            let (mut ready, mut constant) = (Pace::default(), Pace::default());
            for turns in 0..TURNS {
                // Whoever comes second finds the machine warm, so the order changes.
                let ready_first = turns % 2 == 0;
                if ready_first {
                    ready += crowd.ask("/ready", turn).await?;
                }
                constant += crowd.ask("/constant", turn).await?;
                if !ready_first {
                    ready += crowd.ask("/ready", turn).await?;
                }
            }
            if round > 0 {
                ratios.push(rate(ready) / rate(constant));
            }
        }
        Ok(Spread::of(ratios))
    })
}

/// The slowest hundredth of probes while every dependency hangs, over that of a constant; asked in turns, 500 a second of each.
fn probe_p99(engine: Engine, rounds: usize) -> io::Result<Spread> {
    let service = Service::start(engine, Behaviour::Hangs, false);
    run(async {
        settle().await;
        let mut ready = Connection::open(service.address).await?;
        let mut constant = Connection::open(service.address).await?;
        let mut ratios = Vec::new();
        for _ in 0..rounds {
            let mut ticks = tokio::time::interval(Duration::from_millis(2));
            let (mut ready_times, mut constant_times) = (Vec::new(), Vec::new());
            for round in 0..2_000 {
                ticks.tick().await;
                if round % 2 == 0 {
                    ready_times.push(timed(&mut ready, "/ready").await?);
                    constant_times.push(timed(&mut constant, "/constant").await?);
                } else {
                    constant_times.push(timed(&mut constant, "/constant").await?);
                    ready_times.push(timed(&mut ready, "/ready").await?);
                }
            }
            ratios.push(percentile(ready_times, 0.99) / percentile(constant_times, 0.99));
        }
        Ok(Spread::of(ratios))
    })
}

/// Citizens' median at 100 probes a second over that without any; checks and citizens share a pool of ten.
fn citizen_median(engine: Engine, rounds: usize) -> io::Result<Spread> {
    let time = Duration::from_secs(3);
    let window = |probed: bool| -> io::Result<f64> {
        let service = Service::start(engine, Behaviour::Pooled, false);
        run(async {
            settle().await;
            let citizens = open_loop(service.address, "/apply", CITIZENS, time, PATIENCE);
            let taken = if probed {
                let probes = open_loop(service.address, "/ready", 100, time, PATIENCE);
                let (citizens, probes) = tokio::join!(citizens, probes);
                probes?;
                citizens?
            } else {
                citizens.await?
            };
            Ok(percentile(taken, 0.5))
        })
    };
    let mut ratios = Vec::new();
    for round in 0..rounds {
        let (with, without) = if round % 2 == 0 {
            let without = window(false)?;
            (window(true)?, without)
        } else {
            let with = window(true)?;
            (with, window(false)?)
        };
        ratios.push(with / without);
    }
    Ok(Spread::of(ratios))
}

/// Calls to the dependency a second at 1,000 probes a second over those at one.
fn calls_vs_probe_rate(engine: Engine, rounds: usize) -> io::Result<Spread> {
    const INTERVALS: u32 = 20;
    let window = |rate: u32| -> io::Result<f64> {
        let service = Service::start(engine, Behaviour::Answers, true);
        run(async {
            settle().await;
            // Half an interval after a run, so that none falls on an end of the window.
            let before = service.calls();
            let start = Instant::now();
            while service.calls() < before + CHECKS.len() as u64 && start.elapsed() < INTERVAL * 2 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(INTERVAL / 2).await;
            let before = service.calls();
            let end = tokio::time::sleep(INTERVAL * INTERVALS);
            let probes = open_loop(
                service.address,
                "/ready",
                rate,
                INTERVAL * INTERVALS,
                PATIENCE,
            );
            let (calls, answers) = tokio::join!(
                async {
                    end.await;
                    service.calls() - before
                },
                probes
            );
            answers?;
            Ok(calls as f64)
        })
    };
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        ratios.push(window(1_000)? / window(1)?);
    }
    Ok(Spread::of(ratios))
}

/// Waits until every check has run once and the service is warm.
async fn settle() {
    tokio::time::sleep(INTERVAL * 2).await;
}

async fn timed(connection: &mut Connection, path: &str) -> io::Result<f64> {
    let start = Instant::now();
    connection.get(path).await?;
    Ok(start.elapsed().as_secs_f64())
}

fn percentile(mut figures: Vec<f64>, share: f64) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[((figures.len() - 1) as f64 * share) as usize]
}

fn run<T>(work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
