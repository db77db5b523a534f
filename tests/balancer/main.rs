//! Two processes behind a real HAProxy, restarted one after the other while citizens post forms.
//!
//! HAProxy is told what the [`ProbeContract`](civic_health::ProbeContract) says, sends no request twice, and so
//! counts every one that a replica lost.

mod crowd;
mod haproxy;
mod replica;

use std::time::Duration;

use civic_health::Server;
use civic_tests::drill::CONTRACT;

use crate::crowd::{Crowd, Tally};
use crate::haproxy::Haproxy;
use crate::replica::{Ending, Replica};

/// Requests a second.
const RATE: u32 = 400;
/// Fewest requests of one drill.
const LEAST_REQUESTS: u64 = 3_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_under_load_loses_nothing() {
    let (tally, endings) = rolling_restart("drain").await;
    println!("{tally}");
    assert!(tally.sent >= LEAST_REQUESTS, "{tally}");
    assert_eq!(tally.failed, 0, "{tally}");
    for Ending { took, report } in endings {
        let report = report.expect("a replica that drains says how it went");
        println!("a replica took {took:?} to end: {report:?}");
        let beyond_in_flight = took.saturating_sub(report.in_flight);
        assert!(
            beyond_in_flight < Duration::from_secs(1),
            "{took:?} {report:?}"
        );
        assert_eq!(report.cut, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_with_exit_at_sigterm_loses_requests() {
    let (tally, _) = rolling_restart("exit").await;
    println!("{tally}");
    assert!(tally.sent >= LEAST_REQUESTS, "{tally}");
    assert!(
        tally.failed > 0,
        "a drill that cannot fail shows nothing: {tally}"
    );
}

/// Restarts both replicas in turn while the crowd posts, and says what the crowd saw.
async fn rolling_restart(way: &'static str) -> (Tally, Vec<Ending>) {
    let mut replicas = [Replica::start(way), Replica::start(way)];
    let addresses = replicas.each_ref().map(Replica::address);
    let servers = [
        Server::new("one", &addresses[0], replicas[0].management),
        Server::new("two", &addresses[1], replicas[1].management),
    ];
    let backend = CONTRACT
        .haproxy("drill", &servers)
        .expect("the contract fits HAProxy");
    let haproxy = Haproxy::start(&backend);
    haproxy.until_up("one").await;
    haproxy.until_up("two").await;

    let crowd = Crowd::start(haproxy.address(), RATE);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut endings = Vec::new();
    for (replica, name) in replicas.iter_mut().zip(["one", "two"]) {
        endings.push(replica.stop().await);
        // Long enough that HAProxy has seen it gone, whatever way it went.
        haproxy.until_down(name).await;
        replica.start_again();
        haproxy.until_up(name).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    crowd.until_sent(LEAST_REQUESTS).await;
    (crowd.end().await, endings)
}
