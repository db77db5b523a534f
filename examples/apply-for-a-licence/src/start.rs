//! From the settings to a service that listens, and to its end.

use std::env;
use std::error::Error;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;
use tracing::{info, warn};

use crate::routes;
use crate::store::{Store, StoreError};

/// How long open requests may take to finish after the signal to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Serves until it is told to stop.
pub(crate) async fn run() -> Result<(), StartError> {
    let port = match env::var("PORT") {
        Err(env::VarError::NotPresent) => 8080,
        Err(env::VarError::NotUnicode(_)) => return Err(StartError::Port),
        Ok(text) => text.parse().map_err(|_| StartError::Port)?,
    };
    let database =
        env::var_os("DATABASE").map_or_else(|| PathBuf::from("licences.db"), PathBuf::from);
    let store = Store::open(&database).map_err(StartError::Store)?;
    // Only this machine can reach it: it is an example.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(StartError::Listen)?;
    let address = listener.local_addr().map_err(StartError::Listen)?;
    print_what_to_try(address);

    let serve = axum::serve(listener, routes::router(store)).with_graceful_shutdown(async {
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

  curl -i http://{address}/apply \\
    --data-urlencode 'full_name=Ada Example' --data-urlencode 'email=ada@example.com' \\
    --data-urlencode 'phone=020 7946 0000' --data-urlencode 'postcode=SW1A 2AA' \\
    --data-urlencode 'activity=busking'

Ctrl-C stops.
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

/// Why the service did not start, or stopped early. Says what to do; the cause is the source.
#[derive(Debug)]
pub(crate) enum StartError {
    Port,
    Listen(io::Error),
    Store(StoreError),
    Serve(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Port => "PORT is not a number from 0 to 65535",
            Self::Listen(_) => "cannot listen; PORT=0 takes a free port, PORT=8081 that one",
            Self::Store(_) => "cannot open the database; DATABASE names its file",
            Self::Serve(_) => "cannot serve",
        })
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Port => None,
            Self::Listen(cause) | Self::Serve(cause) => Some(cause),
            Self::Store(cause) => Some(cause),
        }
    }
}
