//! A service to apply for a licence: one form, a database, and a log that holds no personal data.

mod application;
mod checks;
mod pages;
mod routes;
mod start;
mod store;

use civic::{MainError, Telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), MainError> {
    // JSON lines on standard output, and panics with them; everything is redacted. Kept to the end.
    let _telemetry = Telemetry::builder("apply-for-a-licence").init()?;
    start::run().await?;
    Ok(())
}
