//! Serves a router with its checks, on two listeners, from start to drain.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use civic_health::serve::{Serve, ServeReport};
use civic_health::{Endpoints, Health, ProbeContract, Signals};
use tokio::net::TcpListener;

/// Serves an axum router with its checks: citizens on one listener, probes on another.
///
/// The health routes stand on a management listener of their own, at the port after the public one, where they show
/// each check. The public listener has none of them unless [`public_probes`](Self::public_probes) asks.
///
/// ```no_run
/// use civic::Service;
/// use civic::health::{Health, ProbeContract, Signals, Spec};
///
/// const CONTRACT: ProbeContract = ProbeContract::DEFAULT.checked();
///
/// # async fn run(app: axum::Router) -> Result<(), Box<dyn std::error::Error>> {
/// let signals = Signals::install()?; // before the work of starting up
/// let health = Health::builder("apply-for-a-licence")
///     .check(CONTRACT.apply(Spec::shared("postgres")), || async { Ok::<_, std::io::Error>(()) })
///     .build()?;
/// Service::new("0.0.0.0:8080".parse()?, app, &health)
///     .contract(CONTRACT)
///     .run(signals)
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is served until it runs"]
pub struct Service {
    app: Router,
    endpoints: Endpoints,
    public: SocketAddr,
    management: SocketAddr,
    public_probes: bool,
    contract: ProbeContract,
}

impl Service {
    /// Serves this router at this address, with these checks.
    pub fn new(public: SocketAddr, app: Router, health: &Health) -> Self {
        // Where any free port is asked for, and after the last one, any free port is meant.
        let after = match public.port() {
            0 => 0,
            port => port.wrapping_add(1),
        };
        let management = SocketAddr::new(public.ip(), after);
        Self {
            app,
            endpoints: health.endpoints().show_checks(),
            public,
            management,
            public_probes: false,
            contract: ProbeContract::DEFAULT,
        }
    }

    /// Probes come to this address.
    pub fn management(mut self, address: SocketAddr) -> Self {
        self.management = address;
        self
    }

    /// Health routes with settings of their own, such as who may see everything; unless told, they show each check.
    pub fn endpoints(mut self, endpoints: Endpoints) -> Self {
        self.endpoints = endpoints;
        self
    }

    /// Answers `/health`, `/ready` and `/startup` on the public listener as well.
    ///
    /// Citizens can then read them too: give [`endpoints`](Self::endpoints) that show no checks.
    pub fn public_probes(mut self) -> Self {
        self.public_probes = true;
        self
    }

    /// The times that the balancer keeps; unless told, those of Kubernetes.
    pub fn contract(mut self, contract: ProbeContract) -> Self {
        self.contract = contract;
        self
    }

    /// Runs the checks and serves until a signal, then drains.
    ///
    /// # Errors
    /// When an address is taken, or a listener fails for good.
    ///
    /// # Panics
    /// Outside a tokio runtime with timers and sockets.
    pub async fn run(self, signals: Signals) -> io::Result<ServeReport> {
        let public = TcpListener::bind(self.public).await?;
        let management = TcpListener::bind(self.management).await?;
        let _checks = self.endpoints.health().start();
        let mut serve = Serve::new(public, self.app, self.endpoints)
            .management(management)
            .drain(self.contract.drain_policy());
        if self.public_probes {
            serve = serve.public_probes();
        }
        let report = serve.until(signals).await?;
        let (drain_ms, in_flight_ms) = (report.drain.as_millis(), report.in_flight.as_millis());
        tracing::info!(drain_ms, in_flight_ms, cut = report.cut, "stopped");
        Ok(report)
    }
}
