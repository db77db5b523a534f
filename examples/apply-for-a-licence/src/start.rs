//! From the settings to a service that listens, and to its end.

use std::env;
use std::error::Error;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use civic::Service;
use civic::health::{BuildError, Signals};

use crate::checks::{self, CONTRACT};
use crate::routes;
use crate::store::{Store, StoreError};

/// Serves until it is told to stop.
pub(crate) async fn run() -> Result<(), StartError> {
    // First, so that a signal while it starts is not lost.
    let signals = Signals::install().map_err(StartError::Signals)?;
    let port = match env::var("PORT") {
        Err(env::VarError::NotPresent) => 8080,
        Err(env::VarError::NotUnicode(_)) => return Err(StartError::Port),
        Ok(text) => text.parse().map_err(|_| StartError::Port)?,
    };
    let database =
        env::var_os("DATABASE").map_or_else(|| PathBuf::from("licences.db"), PathBuf::from);
    let store = Store::open(&database).map_err(StartError::Store)?;
    let health = checks::health(&store, &database).map_err(StartError::Checks)?;
    // Only this machine can reach it: it is an example.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let service = Service::bind(address).await.map_err(StartError::Listen)?;
    print_what_to_try(
        service.public_address().map_err(StartError::Listen)?,
        service.management_address().map_err(StartError::Listen)?,
    );
    // At SIGTERM: not ready, then serving until the balancer knows, then what is in flight, then the end.
    service
        .contract(CONTRACT)
        .run(routes::router(store), &health, signals)
        .await
        .map_err(StartError::Serve)?;
    Ok(())
}

/// Goes to standard error, so that standard output holds log lines only.
fn print_what_to_try(address: SocketAddr, management: SocketAddr) {
    eprintln!(
        "\
Listening on http://{address}
Probes come to http://{management}
Open it in a browser, or try:

  curl -i http://{address}/apply \\
    --data-urlencode 'full_name=Ada Example' --data-urlencode 'email=ada@example.com' \\
    --data-urlencode 'phone=020 7946 0000' --data-urlencode 'postcode=SW1A 2AA' \\
    --data-urlencode 'activity=busking'

  curl -i 'http://{management}/ready?verbose'

Ctrl-C stops.
"
    );
}

/// Why the service did not start, or stopped early. Says what to do; the cause is the source.
#[derive(Debug)]
pub(crate) enum StartError {
    Port,
    Listen(io::Error),
    Store(StoreError),
    Checks(BuildError),
    Signals(io::Error),
    Serve(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Port => "PORT is not a number from 0 to 65535",
            Self::Listen(_) => "cannot listen; PORT=0 takes a free port, PORT=8081 that one",
            Self::Store(_) => "cannot open the database; DATABASE names its file",
            Self::Checks(_) => "cannot put the checks together",
            Self::Signals(_) => "cannot listen for signals",
            Self::Serve(_) => "cannot serve",
        })
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Port => None,
            Self::Listen(cause) | Self::Signals(cause) | Self::Serve(cause) => Some(cause),
            Self::Checks(cause) => Some(cause),
            Self::Store(cause) => Some(cause),
        }
    }
}
