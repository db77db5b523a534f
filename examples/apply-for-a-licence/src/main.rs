//! A service to apply for a licence: a journey of seven steps, a database, staff, and a log that holds no personal data.

mod app;
mod application;
mod assets;
mod checks;
mod clock;
mod failure;
mod form;
mod html;
mod journey;
mod keys;
mod order;
mod page;
mod payments;
mod routes;
mod secret;
mod security;
mod session;
mod settings;
mod staff;
mod start;
mod step;
mod store;

use civic::{MainError, Telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), MainError> {
    if std::env::args().nth(1).as_deref() == Some(payments::ARGUMENT) {
        return Ok(payments::fake::run().await?);
    }
    // JSON lines on standard output, and panics with them; everything is redacted. Kept to the end.
    let telemetry = Telemetry::builder("apply-for-a-licence")
        .journey(&journey::APPLY)
        .init()?;
    start::run(&telemetry).await?;
    Ok(())
}
