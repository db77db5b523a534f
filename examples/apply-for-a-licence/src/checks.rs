//! What has to work for a citizen to apply, and the times that the balancer keeps.

use std::path::Path;

use civic::health::check::{DiskSpace, EventLoopLag};
use civic::health::{BuildError, Component, Health, ProbeContract, Spec};

use crate::store::Store;

/// Checked when this is compiled. `CONTRACT.kubernetes(8081)` prints the part of a Deployment that goes with it.
pub(crate) const CONTRACT: ProbeContract = ProbeContract::DEFAULT.checked();

/// Each check runs on its own clock, whatever the probes do.
pub(crate) fn health(store: &Store, database: &Path) -> Result<Health, BuildError> {
    let store = store.clone();
    // The file is this replica's own, so another replica can serve in its place. A database that all share is `Spec::shared`.
    let file = Spec::local("database")
        .component(Component::Datastore)
        .journeys(&["apply"]);
    let folder = database.parent().filter(|folder| folder.is_dir());
    Health::builder("apply-for-a-licence")
        .release(env!("CARGO_PKG_VERSION"))
        .journeys(&["apply"])
        .blocking_check(CONTRACT.apply(file), move || store.answers())
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
