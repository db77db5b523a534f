//! Two replicas of a small service and a seeded crowd of citizens, scraped by a real Prometheus; prints the funnel beside the truth.
//!
//! ```sh
//! cargo run -p journey-funnel
//! ```
//!
//! The crowd refreshes, goes back, retries, loses responses, submits twice, gives up and returns the next day. Every citizen is sent
//! to either replica for each request. Each of two stores is tried with the same crowd: the atomic store, whose counts are exact,
//! and the signed cookie, whose error is printed.
#![forbid(unsafe_code)]

mod crowd;
mod funnel;
mod journey;
mod prometheus;
mod replica;
mod store;
mod wire;

use std::error::Error;
use std::process::ExitCode;

use crowd::Crowd;
use funnel::Funnel;
use prometheus::Prometheus;
use replica::Replica;
use store::{Kind, SharedBits};

const USAGE: &str = "usage: journey-funnel [--citizens N] [--seed N]

Starts two replicas, their shared store and Prometheus on free ports of this machine, sends the crowd through,
and prints the funnel by each store beside the truth. Needs the program `prometheus`.";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let result = match arguments.next().as_deref() {
        // The replicas are this program again, each a process of its own.
        Some("replica") => replica::run(&mut arguments),
        Some("--help" | "-h") => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        first => show(first, &mut arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

fn show(
    first: Option<&str>,
    arguments: &mut dyn Iterator<Item = String>,
) -> Result<ExitCode, Box<dyn Error>> {
    let (mut citizens, mut seed) = (2_000, 1);
    let mut option = first.map(str::to_owned);
    while let Some(name) = option {
        let number = arguments
            .next()
            .and_then(|number| number.parse::<u64>().ok());
        match (name.as_str(), number) {
            ("--citizens", Some(number)) if (1..=1_000_000).contains(&number) => citizens = number,
            ("--seed", Some(number)) => seed = number,
            _ => {
                return Err(
                    format!("`{name}` is no option, or no number follows it\n\n{USAGE}").into(),
                );
            }
        }
        option = arguments.next();
    }
    if !Prometheus::is_here() {
        println!("skipped: no `prometheus`; `apt-get install prometheus` brings it");
        return Ok(ExitCode::SUCCESS);
    }
    let mut exact = true;
    for kind in [Kind::Atomic, Kind::Token] {
        let shared = SharedBits::start()?;
        let replicas = [
            Replica::start(kind, &shared)?,
            Replica::start(kind, &shared)?,
        ];
        let prometheus = Prometheus::start(&replicas)?;
        let mut crowd = Crowd::new(seed, replicas.each_ref().map(Replica::address));
        for _ in 0..citizens {
            crowd.citizen()?;
        }
        let counted = Funnel::scraped(&prometheus, crowd.requests())?;
        let truth = crowd.truth();
        println!("{}", funnel::table(kind, citizens, &counted, truth));
        if kind == Kind::Atomic {
            println!("{}", funnel::plot(&counted));
            exact = counted == *truth;
        }
    }
    if exact {
        Ok(ExitCode::SUCCESS)
    } else {
        eprintln!("error: the atomic store does not equal the truth");
        Ok(ExitCode::FAILURE)
    }
}
