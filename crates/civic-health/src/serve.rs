//! Serves an axum router until a signal, then drains, stops accepting, and waits for what is in flight.

use std::future::{Future, IntoFuture, pending};
use std::io;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tower_layer::Layer;

use crate::answer::Endpoint;
use crate::drain::{DrainEnd, DrainPolicy, Draining};
use crate::endpoints::Endpoints;
use crate::layer::HealthLayer;
use crate::signals::{Signals, StopSignal};
use crate::traffic::Traffic;

/// How often a drain looks whether it is over.
const LOOK_EVERY: Duration = Duration::from_millis(10);

impl Endpoints {
    /// The health routes as a router, to be merged into one that citizens cannot reach, or served alone.
    ///
    /// To put them in front of a public router use [`layer`](Self::layer) or [`Serve::public_probes`]:
    /// routes that are merged are inside whatever layer comes after.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let mut router = Router::new();
        for endpoint in Endpoint::ALL {
            let path = endpoint.path();
            router = router
                .route_service(path, self.clone())
                // Answered, not redirected: a redirect would count as success.
                .route_service(&format!("{path}/"), self.clone());
        }
        router
    }

    /// Serves the health routes alone on a listener of their own, until it is dropped.
    ///
    /// # Errors
    /// When the listener fails for good.
    pub async fn serve(self, listener: TcpListener) -> io::Result<()> {
        axum::serve(listener, self.router::<()>()).await
    }
}

/// Serves a router, and ends it in the right order.
///
/// At the first signal `/ready` becomes 503 and the service goes on serving, until the [`DrainPolicy`]
/// says that the balancer knows; then it stops accepting; then what is in flight has until the
/// deadline. A second signal shortens the first part only; Ctrl-C leaves it out, since nobody balances at a terminal.
///
/// ```no_run
/// # async fn run(app: axum::Router, health: civic_health::Health) -> std::io::Result<()> {
/// use civic_health::serve::Serve;
/// use civic_health::{DrainPolicy, Signals};
/// use tokio::net::TcpListener;
///
/// let signals = Signals::install()?; // before the work of starting up
/// let checks = health.start();
/// let report = Serve::new(TcpListener::bind("127.0.0.1:8080").await?, app, health.endpoints())
///     .management(TcpListener::bind("127.0.0.1:8081").await?)
///     .drain(DrainPolicy::adaptive(3))
///     .until(signals)
///     .await?;
/// assert_eq!(report.cut, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is served until it runs"]
pub struct Serve {
    listener: TcpListener,
    app: Router,
    endpoints: Endpoints,
    management: Option<TcpListener>,
    management_routes: Router,
    public_probes: bool,
    policy: DrainPolicy,
}

/// How a service came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServeReport {
    /// Why the drain was over.
    pub drain_end: DrainEnd,
    /// How long it took from the signal until nothing was accepted any more.
    pub drain: Duration,
    /// How long what was in flight took after that.
    pub in_flight: Duration,
    /// Requests that were not answered at the deadline; they are cut when the process ends.
    pub cut: u64,
}

impl Serve {
    /// Serves this router here. Without more, nobody can probe it.
    pub fn new(listener: TcpListener, app: Router, endpoints: Endpoints) -> Self {
        Self {
            listener,
            app,
            endpoints,
            management: None,
            management_routes: Router::new(),
            public_probes: false,
            policy: DrainPolicy::adaptive(3),
        }
    }

    /// Serves the health routes on a listener of their own. It answers until the very end.
    pub fn management(mut self, listener: TcpListener) -> Self {
        self.management = Some(listener);
        self
    }

    /// Serves these routes beside the health routes on the management listener, such as `/metrics`.
    pub fn management_routes(mut self, routes: Router) -> Self {
        self.management_routes = routes;
        self
    }

    /// Answers `/health`, `/ready` and `/startup` on the public listener as well, in front of the router.
    pub fn public_probes(mut self) -> Self {
        self.public_probes = true;
        self
    }

    /// How to drain; unless told, until three probes have seen it.
    pub fn drain(mut self, policy: DrainPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Serves until a signal, and through the drain.
    ///
    /// # Errors
    /// When a listener fails for good.
    pub async fn until(self, mut signals: Signals) -> io::Result<ServeReport> {
        let (hurry, hurried) = oneshot::channel();
        let (first, stop) = oneshot::channel();
        let listen = tokio::spawn(async move {
            let signal = signals.next().await;
            let _ = first.send(());
            // At a terminal there is no balancer that has to learn of it.
            if signal == StopSignal::Terminate {
                signals.next().await;
            }
            let _ = hurry.send(());
        });
        let _listen = AbortOnDrop(listen);
        self.until_told(until(stop), until(hurried)).await
    }

    /// As [`until`](Self::until), with futures in place of the first and the second signal.
    ///
    /// # Errors
    /// When a listener fails for good.
    pub async fn until_told(
        self,
        stop: impl Future<Output = ()>,
        hurry: impl Future<Output = ()>,
    ) -> io::Result<ServeReport> {
        let health = self.endpoints.health().clone();
        let routes = self.management_routes;
        let _management = self.management.map(|listener| {
            let app = behind(&self.endpoints.layer(), routes);
            AbortOnDrop(tokio::spawn(axum::serve(listener, app).into_future()))
        });
        let traffic = Traffic::default();
        let (close, closed) = oneshot::channel::<()>();
        let layer = if self.public_probes {
            self.endpoints.layer().counting(&traffic)
        } else {
            HealthLayer::only_counting(&traffic)
        };
        let server = axum::serve(self.listener, behind(&layer, self.app))
            .with_graceful_shutdown(until(closed));
        let mut server = AbortOnDrop(tokio::spawn(server.into_future()));

        tokio::select! {
            ended = &mut server.0 => {
                ended.map_err(io::Error::other)??;
                return Err(io::Error::other("the listener ended by itself"));
            }
            () = stop => {}
        }

        let signalled = Instant::now();
        health.drain();
        let mut draining = Draining::new(self.policy, Duration::ZERO, traffic.arrived());
        let look = async {
            loop {
                let saw = health.probes().saw_drain();
                if let Some(end) = draining.over(signalled.elapsed(), saw, traffic.arrived()) {
                    return end;
                }
                sleep(LOOK_EVERY).await;
            }
        };
        let drain_end = tokio::select! {
            end = look => end,
            () = hurry => DrainEnd::Hurried,
        };
        let drain = signalled.elapsed();

        // The server may have ended by itself in between; then there is nobody to tell.
        let _ = close.send(());
        let ended = timeout(self.policy.in_flight_deadline(), &mut server.0).await;
        if let Ok(ended) = ended {
            ended.map_err(io::Error::other)??;
        }
        Ok(ServeReport {
            drain_end,
            drain,
            in_flight: signalled.elapsed().saturating_sub(drain),
            cut: traffic.in_flight(),
        })
    }
}

/// Puts a layer around a whole router: a path that has no route is counted, and no route can be before a probe.
fn behind(layer: &HealthLayer, routes: Router) -> Router {
    Router::new().fallback_service(layer.layer(routes))
}

/// Ends its task when it is dropped.
#[derive(Debug)]
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits for a word, and for ever when the one who could say it is gone.
async fn until(word: oneshot::Receiver<()>) {
    if word.await.is_err() {
        pending::<()>().await;
    }
}
