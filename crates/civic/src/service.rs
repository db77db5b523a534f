//! Serves a router with its checks, on two listeners, from start to drain.

use std::io;
use std::net::SocketAddr;

use axum::Router;
use civic_health::serve::{Serve, ServeReport};
use civic_health::{Endpoints, Health, ProbeContract, Signals};
use tokio::net::TcpListener;

/// Two listeners for an axum service with its checks: one for citizens and one for probes.
///
/// The health routes stand on a management listener of their own, where they show each check. The public listener has
/// none of them unless [`public_probes`](Self::public_probes) asks.
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
/// let service = Service::bind("0.0.0.0:8080".parse()?).await?; // probes come to port 8081
/// service.contract(CONTRACT).run(app, &health, signals).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is served until it runs"]
pub struct Service {
    public: TcpListener,
    management: TcpListener,
    endpoints: Option<Endpoints>,
    public_probes: bool,
    contract: ProbeContract,
    #[cfg(feature = "metrics")]
    metrics: Option<civic_metrics::Exposition>,
}

impl Service {
    /// Listens for citizens at this address, and for probes at the port after it; any two free ports for port 0.
    ///
    /// # Errors
    /// When an address is taken or not this machine's.
    pub async fn bind(public: SocketAddr) -> io::Result<Self> {
        // After the last port there is none, so any free one is taken.
        let after = match public.port() {
            0 => 0,
            port => port.wrapping_add(1),
        };
        Self::bind_both(public, SocketAddr::new(public.ip(), after)).await
    }

    /// Listens for citizens at the first address, and for probes at the second.
    ///
    /// # Errors
    /// As [`bind`](Self::bind).
    pub async fn bind_both(public: SocketAddr, management: SocketAddr) -> io::Result<Self> {
        Ok(Self {
            public: TcpListener::bind(public).await?,
            management: TcpListener::bind(management).await?,
            endpoints: None,
            public_probes: false,
            contract: ProbeContract::DEFAULT,
            #[cfg(feature = "metrics")]
            metrics: None,
        })
    }

    /// Where citizens come to.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn public_address(&self) -> io::Result<SocketAddr> {
        self.public.local_addr()
    }

    /// Where probes come to.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn management_address(&self) -> io::Result<SocketAddr> {
        self.management.local_addr()
    }

    /// Health routes with settings of their own, such as who may see everything; unless told, they show each check.
    pub fn endpoints(mut self, endpoints: Endpoints) -> Self {
        self.endpoints = Some(endpoints);
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

    /// Shows these, and those of the checks, at `/metrics` on the management listener.
    ///
    /// As OpenMetrics for a scrape that accepts it, as Prometheus text for any other. Give it
    /// [`Telemetry::metrics`](crate::Telemetry::metrics), with what was made later added by `with`.
    #[cfg(feature = "metrics")]
    pub fn metrics(mut self, exposition: civic_metrics::Exposition) -> Self {
        self.metrics = Some(exposition);
        self
    }

    /// Runs the checks and serves until a signal, then drains.
    ///
    /// # Errors
    /// When a listener fails for good, or a metric has the name of one of the checks.
    ///
    /// # Panics
    /// Outside a tokio runtime with timers and sockets.
    pub async fn run(
        self,
        app: Router,
        health: &Health,
        signals: Signals,
    ) -> io::Result<ServeReport> {
        let endpoints = self
            .endpoints
            .unwrap_or_else(|| health.endpoints().show_checks());
        let _checks = health.start();
        let mut serve = Serve::new(self.public, app, endpoints)
            .management(self.management)
            .drain(self.contract.drain_policy());
        if self.public_probes {
            serve = serve.public_probes();
        }
        #[cfg(feature = "metrics")]
        if let Some(exposition) = self.metrics {
            let all = exposition.with(health.clone()).map_err(io::Error::other)?;
            serve = serve.management_routes(crate::sources::routes(all));
        }
        let report = serve.until(signals).await?;
        let (drain_ms, in_flight_ms) = (report.drain.as_millis(), report.in_flight.as_millis());
        tracing::info!(drain_ms, in_flight_ms, cut = report.cut, "stopped");
        Ok(report)
    }
}
