//! What the drill behind HAProxy and its replicas agree on.

use std::time::Duration;

use civic_health::ProbeContract;

/// Quick probes, so that the drill is quick: a replica is out 400 ms after it says so, and a check's timeout more.
pub const CONTRACT: ProbeContract = ProbeContract {
    period: Duration::from_millis(200),
    timeout: Duration::from_millis(200),
    failure_threshold: 2,
    success_threshold: 2,
    drain: Duration::from_secs(5),
    in_flight: Duration::from_secs(5),
    check_interval: Duration::from_millis(500),
    check_timeout: Duration::from_millis(100),
    stale_after: Duration::from_secs(5),
    ..ProbeContract::DEFAULT
}
.checked();
