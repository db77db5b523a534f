//! A small form service: everything that a person types into it is logged, and no log line holds it.
//!
//! The handlers log the way that a hurried developer does: the whole form, its values one by one,
//! in a sentence, in an address, and in an error that comes back from another system. What keeps
//! the log clean is one line in [`start_logging`].

mod application;
mod case_store;
mod pages;
mod routes;

use std::env;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use civic_pii::Redactor;
use civic_tracing::RedactExt;
use tokio::net::TcpListener;
use tracing::{info, warn};
use tracing_subscriber::prelude::*;

/// How long open requests may take to finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    start_logging();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// JSON lines on standard output, with personal data redacted before they are formatted.
fn start_logging() {
    tracing_subscriber::fmt()
        .json()
        .finish()
        .redacted(Redactor::new()) // last: whatever stands above this line is protected
        .init();
}

async fn run() -> Result<(), StartError> {
    let port = match env::var("PORT") {
        Err(env::VarError::NotPresent) => 8080,
        Err(env::VarError::NotUnicode(_)) => return Err(StartError::Port),
        Ok(text) => text.parse().map_err(|_| StartError::Port)?,
    };
    // Only this machine can reach it: it is an example.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(|cause| StartError::Listen { address, cause })?;
    let address = listener.local_addr().map_err(StartError::Serve)?;
    print_what_to_try(address);

    let serve = axum::serve(listener, routes::router()).with_graceful_shutdown(async {
        stop_signal().await;
        info!("stopping");
    });
    let too_long = async {
        stop_signal().await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        served = serve => served.map_err(StartError::Serve)?,
        () = too_long => warn!("stopped with requests still open"),
    }
    Ok(())
}

/// Goes to standard error, so that standard output holds log lines only.
fn print_what_to_try(address: SocketAddr) {
    eprintln!(
        "\
Listening on http://{address}
Open it in a browser, or try:

  curl -i http://{address}/health

  curl -i http://{address}/apply \\
    --data-urlencode 'full_name=Ada Example' --data-urlencode 'email=ada@example.com' \\
    --data-urlencode 'nino=QQ 12 34 56 C' --data-urlencode 'postcode=SW1A 2AA'

  curl -i http://{address}/apply \\
    -d 'full_name=Ada+Example&email=ada%40example.com&nino=QQ123456C&postcode=SW1A+2AA'

The system behind it always fails, so that there is an error to log. Ctrl-C stops.
"
    );
}

/// Waits for Ctrl-C or, where there is such a thing, SIGTERM.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a way to hear of a signal the service runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Why the service did not start, or stopped early. Printed once, with what to do.
enum StartError {
    Port,
    Listen {
        address: SocketAddr,
        cause: io::Error,
    },
    Serve(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port => f.write_str("PORT is not a number from 0 to 65535"),
            Self::Listen { address, cause } => write!(
                f,
                "cannot listen on {address}: {cause}; PORT=0 takes a free port, PORT=8081 that one"
            ),
            Self::Serve(cause) => write!(f, "cannot serve: {cause}"),
        }
    }
}
