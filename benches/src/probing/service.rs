//! A service with ten checks, and citizens who need what the checks look at.

use std::future::{Future, pending};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use civic_health::{Health, Outcome, Spec};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

use crate::paired::cpu_time;

/// Whose health endpoint it has, under `/ready`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Civic,
    #[cfg(feature = "rivals")]
    AxumHealth,
    #[cfg(feature = "rivals")]
    HealthChecks,
}

/// How the dependency behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Answers after 10 ms.
    Answers,
    /// Answers after 10 ms over a pool of ten connections, which citizens use too.
    Pooled,
    /// Never answers.
    Hangs,
}

/// A service on a thread of its own, until it is dropped.
pub(super) struct Service {
    pub(super) address: SocketAddr,
    dependency: Arc<Dependency>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// What all checks, and citizens, call.
struct Dependency {
    calls: AtomicU64,
    pool: Semaphore,
    behaviour: Behaviour,
}

pub(super) const CHECKS: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

/// Time from run to run of each check.
pub(super) const INTERVAL: Duration = Duration::from_millis(200);

impl Service {
    /// Starts it; with `steady` the runs of the checks have no jitter, so that they can be counted.
    pub(super) fn start(engine: Engine, behaviour: Behaviour, steady: bool) -> Self {
        let dependency = Arc::new(Dependency {
            calls: AtomicU64::new(0),
            pool: Semaphore::new(10),
            behaviour,
        });
        let (say, said) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let called = Arc::clone(&dependency);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a thread can have a runtime");
            runtime.block_on(serve(engine, called, steady, say, stopped));
        });
        Self {
            address: said.recv().expect("the service says where it is"),
            dependency,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Calls to the dependency so far.
    pub(super) fn calls(&self) -> u64 {
        self.dependency.calls.load(Ordering::Relaxed)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has been printed.
            let _ = thread.join();
        }
    }
}

impl Dependency {
    async fn call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        match self.behaviour {
            Behaviour::Hangs => pending().await,
            Behaviour::Answers => tokio::time::sleep(Duration::from_millis(10)).await,
            Behaviour::Pooled => {
                let _connection = self.pool.acquire().await;
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
}

async fn serve(
    engine: Engine,
    dependency: Arc<Dependency>,
    steady: bool,
    say: mpsc::Sender<SocketAddr>,
    stopped: oneshot::Receiver<()>,
) {
    let citizens = Arc::clone(&dependency);
    let app = Router::new()
        .route("/constant", get(|| async { "ok" }))
        // The service has one worker, and this runs on it.
        .route(
            "/processor-nanoseconds",
            get(|| async { cpu_time().as_nanos().to_string() }),
        )
        .route(
            "/apply",
            get(move || {
                let dependency = Arc::clone(&citizens);
                async move {
                    dependency.call().await;
                    "received"
                }
            }),
        );
    let (health, checks) = match engine {
        Engine::Civic => civic(&dependency, steady),
        #[cfg(feature = "rivals")]
        Engine::AxumHealth => (rival::axum_health(&dependency), None),
        #[cfg(feature = "rivals")]
        Engine::HealthChecks => (rival::health_checks(&dependency), None),
    };
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    say.send(address).expect("whoever started it listens");
    let serve = axum::serve(listener, app.merge(health));
    tokio::select! {
        served = async { serve.await } => served.expect("the listener stays"),
        _ = stopped => {}
    }
    drop(checks);
}

fn civic(dependency: &Arc<Dependency>, steady: bool) -> (Router, Option<civic_health::Driver>) {
    let mut builder = Health::builder("bench");
    for name in CHECKS {
        let spec = Spec::shared(name)
            .interval(INTERVAL)
            .timeout(INTERVAL / 2)
            .jitter_percent(if steady { 0 } else { 10 });
        builder = builder.check(spec, check(dependency));
    }
    let health = builder.build().expect("the specs are right");
    let driver = health.start();
    (health.endpoints().router(), Some(driver))
}

fn check(
    dependency: &Arc<Dependency>,
) -> impl Fn() -> std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync + 'static {
    let dependency = Arc::clone(dependency);
    move || {
        let dependency = Arc::clone(&dependency);
        Box::pin(async move {
            dependency.call().await;
            Outcome::pass()
        })
    }
}

/// The same ten checks with other crates, as their documentation says.
#[cfg(feature = "rivals")]
mod rival {
    use std::sync::Arc;

    use axum::routing::get;
    use axum::{Extension, Router};
    use axum_health::prelude::{Health, HealthDetail, HealthIndicator};
    use health_checks::axum::RouterExt as _;
    use health_checks::{HealthCheckOptions, HealthCheckResult, HealthChecks};

    use super::{CHECKS, Dependency};

    struct Indicator(&'static str, Arc<Dependency>);

    #[health_checks::async_trait]
    impl HealthIndicator for Indicator {
        fn name(&self) -> String {
            self.0.to_owned()
        }

        async fn details(&self) -> HealthDetail {
            self.1.call().await;
            HealthDetail::up()
        }
    }

    pub(super) fn axum_health(dependency: &Arc<Dependency>) -> Router {
        let builder = CHECKS.iter().fold(Health::builder(), |builder, name| {
            builder.with_indicator(Indicator(name, Arc::clone(dependency)))
        });
        Router::new()
            .route("/ready", get(axum_health::health_check))
            .layer(Extension(builder.build()))
    }

    pub(super) fn health_checks(dependency: &Arc<Dependency>) -> Router {
        let builder = CHECKS
            .iter()
            .fold(HealthChecks::builder(), |builder, name| {
                let dependency = Arc::clone(dependency);
                builder.add_async_fn(*name, move || {
                    let dependency = Arc::clone(&dependency);
                    async move {
                        dependency.call().await;
                        Ok(HealthCheckResult::healthy())
                    }
                })
            });
        Router::new().map_health_checks("/ready", builder.build(), HealthCheckOptions::json())
    }
}
