//! What has to work for a citizen to apply, and the times that the balancer keeps.

use std::path::Path;

use civic::health::check::{DiskSpace, EventLoopLag, HttpGet};
use civic::health::{BuildError, Component, Health, ProbeContract, Spec};

use crate::payments::Payments;
use crate::store::Store;

/// Checked when this is compiled. `CONTRACT.kubernetes(8081)` prints the part of a Deployment that goes with it.
pub(crate) const CONTRACT: ProbeContract = ProbeContract::DEFAULT.checked();

const JOURNEYS: &[&str] = &["apply-for-a-licence"];

/// Each check runs on its own clock, whatever the probes do.
pub(crate) fn health(
    store: &Store,
    database: &Path,
    payments: &Payments,
) -> Result<Health, BuildError> {
    let store = store.clone();
    // The file is this replica's own, so another replica can serve in its place. A database that all share is `Spec::shared`.
    let file = Spec::local("database")
        .component(Component::Datastore)
        .journeys(JOURNEYS);
    // Without it nobody can finish, but no other replica would do better.
    let provider = Spec::shared("payment-provider")
        .optional()
        .journeys(JOURNEYS);
    let asks = HttpGet::new(&format!("{}/healthcheck", payments.origin()));
    let asks = asks.expect("the client was made of the same address");
    let folder = database.parent().filter(|folder| folder.is_dir());
    Health::builder("apply-for-a-licence")
        .release(env!("CARGO_PKG_VERSION"))
        .journeys(JOURNEYS)
        .blocking_check(CONTRACT.apply(file), move || store.answers())
        .check(CONTRACT.apply(provider), asks)
        .blocking_check(
            CONTRACT.apply(Spec::local("disk").optional()),
            DiskSpace::of(folder.unwrap_or(Path::new("."))),
        )
        .check(
            CONTRACT.apply(Spec::local("event-loop").optional()),
            EventLoopLag::new(),
        )
        .build()
}
