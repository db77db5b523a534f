//! From the settings to a service that listens, and to its end.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use civic::health::Signals;
use civic::{Service, Telemetry};
use tokio::time::{MissedTickBehavior, interval};
use tracing::error;

use crate::app::{App, Parts};
use crate::checks::{self, CONTRACT};
use crate::clock;
use crate::failure::StartError;
use crate::keys::Keys;
use crate::payments::{FakeProvider, Payments};
use crate::routes;
use crate::session::Sessions;
use crate::settings::{Settings, is_secure};
use crate::staff::Audit;
use crate::store::Store;

/// How often what has been kept long enough is deleted.
const SWEEP: Duration = Duration::from_secs(60);

/// Serves until it is told to stop.
pub(crate) async fn run(telemetry: &Telemetry) -> Result<(), StartError> {
    // First, so that a signal while it starts is not lost.
    let signals = Signals::install().map_err(StartError::Signals)?;
    let settings = Settings::from_environment()?;
    let database = &settings.database;
    let store = Store::open(database).map_err(StartError::Store)?;
    let keys = Keys::open(&database.with_extension("keys")).map_err(StartError::Keys)?;
    let audit = Audit::open(
        &database.with_extension("audit"),
        &database.with_extension("audit-keys"),
        keys.subjects,
        settings.audit_may_vanish,
    )?;

    let (payments, _fake) = match settings.payments {
        Some(payments) => (payments, None),
        None => {
            let fake = FakeProvider::start().map_err(StartError::Provider)?;
            let payments = Payments::at(fake.origin()).ok_or(StartError::Payments)?;
            (payments, Some(fake))
        }
    };
    let health = checks::health(&store, database, &payments).map_err(StartError::Checks)?;
    let counted = telemetry
        .metrics()
        .with(audit.trail.clone())
        .map_err(StartError::Metrics)?;

    // Only this machine can reach it: it is an example.
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, settings.port));
    let service = Service::bind(address).await.map_err(StartError::Listen)?;
    let public = service.public_address().map_err(StartError::Listen)?;
    let management = service.management_address().map_err(StartError::Listen)?;
    print_what_to_try(public, management, &payments);

    let origin = settings
        .origin
        .unwrap_or_else(|| format!("http://{public}"));
    let app = App::new(Parts {
        sessions: Sessions {
            length: settings.session,
            secure: is_secure(&origin).ok_or(StartError::Origin)?,
        },
        store: store.clone(),
        payments,
        audit,
        origin,
    });
    let sweeper = tokio::spawn(sweep(store));
    // At SIGTERM: not ready, then serving until the balancer knows, then what is in flight, then the end.
    let served = service
        .contract(CONTRACT)
        .metrics(counted)
        .run(routes::router(&app, &keys.journey), &health, signals)
        .await;
    sweeper.abort();
    served.map_err(StartError::Serve)?;
    Ok(())
}

/// Deletes what has been kept long enough, now and then.
async fn sweep(store: Store) {
    let mut next = interval(SWEEP);
    next.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        next.tick().await;
        if let Err(failure) = store.sweep(clock::now()).await {
            error!(
                error = &failure as &(dyn std::error::Error + 'static),
                "what is over was not deleted"
            );
        }
    }
}

/// Goes to standard error, so that standard output holds log lines only.
fn print_what_to_try(address: SocketAddr, management: SocketAddr, payments: &Payments) {
    eprintln!(
        "\
Listening on http://{address}
Probes come to http://{management}
Payments are made at {}

  http://{address}            the journey, in a browser
  http://{address}/staff      applications and how the journey goes, for staff
  http://{management}/metrics    what was counted

Ctrl-C stops.
",
        payments.origin()
    );
}
