//! A replica for the drill behind HAProxy: one form that takes 40 ms, and two ways to end.
//!
//! Usage: `drill-service PUBLIC-PORT MANAGEMENT-PORT drain|exit`. With `drain` it ends as Civic does and prints how that
//! went; with `exit` it is gone at SIGTERM, as a service that knows nothing of signals is.

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use civic_health::serve::Serve;
use civic_health::{Health, Outcome, ProbeContract, Signals, Spec};
use tokio::net::TcpListener;

/// The times that the test gives HAProxy too.
const CONTRACT: ProbeContract = civic_tests::drill::CONTRACT;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("three arguments are needed");
    let (public, management): (u16, u16) = (next()?.parse()?, next()?.parse()?);
    let drains = match next()?.as_str() {
        "drain" => true,
        "exit" => false,
        _ => return Err("the way to end is `drain` or `exit`".into()),
    };

    // Installed at once, so that a signal while it starts is not lost. Without, SIGTERM ends the process by itself.
    let signals = if drains {
        Some(Signals::install()?)
    } else {
        None
    };
    let health = Health::builder("drill")
        .check(CONTRACT.apply(Spec::local("self")), || async {
            Outcome::pass()
        })
        .build()?;
    let _driver = health.start();
    let app = Router::new().route(
        "/apply",
        post(|| async {
            tokio::time::sleep(Duration::from_millis(40)).await;
            "received"
        }),
    );
    let listener = TcpListener::bind(("127.0.0.1", public)).await?;
    let serve = Serve::new(listener, app, health.endpoints())
        .management(TcpListener::bind(("127.0.0.1", management)).await?)
        .drain(CONTRACT.drain_policy());
    let Some(signals) = signals else {
        let never = std::future::pending;
        serve.until_told(never(), never()).await?;
        return Ok(());
    };
    let report = serve.until(signals).await?;
    println!(
        "{} {} {}",
        report.drain.as_millis(),
        report.in_flight.as_millis(),
        report.cut
    );
    Ok(())
}
