//! A real server: what probes cost, what callers that hang up do, and how it ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use civic_health::drain::DrainEnd;
use civic_health::serve::{Serve, ServeReport};
use civic_health::test_kit::Scripted;
use civic_health::{DrainPolicy, Health, Spec};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

struct Running {
    health: Health,
    checks: Vec<Scripted>,
    public: String,
    management: String,
    stop: Option<oneshot::Sender<()>>,
    hurry: Option<oneshot::Sender<()>>,
    server: JoinHandle<std::io::Result<ServeReport>>,
    _driver: civic_health::Driver,
}

const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

/// Ten checks with this interval, and a handler that takes 300 ms.
async fn start(interval: Duration, policy: DrainPolicy) -> Running {
    let checks: Vec<Scripted> = NAMES.iter().map(|_| Scripted::passing()).collect();
    let mut builder = Health::builder("service");
    for (name, check) in NAMES.into_iter().zip(&checks) {
        let spec = Spec::shared(name).interval(interval).jitter_percent(0);
        builder = builder.check(spec, check.clone());
    }
    let health = builder.build().expect("the specs are right");
    let driver = health.start();
    let app = Router::new().route(
        "/apply",
        get(|| async {
            tokio::time::sleep(ms(300)).await;
            "done"
        }),
    );
    let listen = async || TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let (public, management) = (listen().await, listen().await);
    let address = |listener: &TcpListener| listener.local_addr().expect("bound").to_string();
    let (public_address, management_address) = (address(&public), address(&management));
    let (stop, stopped) = oneshot::channel::<()>();
    let (hurry, hurried) = oneshot::channel::<()>();
    let serve = Serve::new(public, app, health.endpoints())
        .management(management)
        .drain(policy)
        .until_told(
            async { stopped.await.expect("the test says when") },
            async {
                if hurried.await.is_err() {
                    std::future::pending::<()>().await;
                }
            },
        );
    Running {
        health,
        checks,
        public: public_address,
        management: management_address,
        stop: Some(stop),
        hurry: Some(hurry),
        server: tokio::spawn(serve),
        _driver: driver,
    }
}

impl Running {
    fn stop(&mut self) {
        let stop = self.stop.take().expect("stopped once");
        stop.send(()).expect("the server runs");
    }

    fn calls(&self) -> u64 {
        self.checks.iter().map(Scripted::calls).sum()
    }

    async fn ended(self) -> ServeReport {
        self.server.await.expect("no panic").expect("no error")
    }
}

async fn get_from(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

async fn ready(address: &str) -> bool {
    let answer = get_from(address, "/ready").await.unwrap_or_default();
    answer.starts_with("HTTP/1.1 200")
}

async fn until_ready(service: &Running) {
    let start = Instant::now();
    while !ready(&service.management).await {
        assert!(start.elapsed() < Duration::from_secs(10), "never ready");
        tokio::time::sleep(ms(5)).await;
    }
}

#[tokio::test]
async fn any_number_of_probes_in_an_interval_causes_exactly_one_call_a_check() {
    for probes in [0, 1, 500] {
        let service = start(Duration::from_secs(600), DrainPolicy::fixed(ms(0))).await;
        until_ready(&service).await;
        for _ in 0..probes {
            assert!(ready(&service.management).await);
        }
        assert_eq!(service.calls(), NAMES.len() as u64, "after {probes} probes");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_that_hang_up_change_nothing() {
    let service = start(Duration::from_secs(600), DrainPolicy::fixed(ms(0))).await;
    until_ready(&service).await;
    let before = get_from(&service.management, "/ready").await.unwrap();
    for i in 0..1_000 {
        let mut stream = TcpStream::connect(&service.management).await.unwrap();
        // Some hang up at once, some in the middle of their request, some before they read the answer.
        let request = b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n";
        let part = [0, 10, request.len()][i % 3];
        stream.write_all(&request[..part]).await.unwrap();
    }
    let after = get_from(&service.management, "/ready").await.unwrap();
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).map(str::to_owned);
    assert_eq!(body(&before), body(&after));
    assert_eq!(service.calls(), NAMES.len() as u64);
}

#[tokio::test]
async fn head_over_a_real_connection_has_the_length_and_no_body() {
    let service = start(Duration::from_secs(600), DrainPolicy::fixed(ms(0))).await;
    until_ready(&service).await;
    let mut stream = TcpStream::connect(&service.management).await.unwrap();
    let request = b"HEAD /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("content-length: 17\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn public_routes_have_no_probes_unless_asked_for() {
    let service = start(Duration::from_secs(600), DrainPolicy::fixed(ms(0))).await;
    until_ready(&service).await;
    let answer = get_from(&service.public, "/ready").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_serves_until_the_probes_have_seen_the_drain() {
    let mut service = start(Duration::from_secs(600), DrainPolicy::adaptive(2)).await;
    until_ready(&service).await;
    service.stop();
    while service.health.is_ready() {
        tokio::time::sleep(ms(1)).await;
    }
    tokio::time::sleep(ms(300)).await;
    // Nobody has probed, so it serves.
    let answer = get_from(&service.public, "/apply").await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(!ready(&service.management).await);
    let last = {
        let public = service.public.clone();
        tokio::spawn(async move { get_from(&public, "/apply").await })
    };
    tokio::time::sleep(ms(50)).await;
    assert!(!ready(&service.management).await);
    // Refused only after the drain; what was in flight is answered.
    let report = service.ended().await;
    let last = last.await.unwrap().unwrap();
    assert!(last.ends_with("done"), "{last}");
    assert_eq!((report.drain_end, report.cut), (DrainEnd::Seen, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_flight_is_cut_at_the_deadline() {
    let policy = DrainPolicy::fixed(ms(10)).in_flight(ms(100));
    let mut service = start(Duration::from_secs(600), policy).await;
    until_ready(&service).await;
    let public = service.public.clone();
    let slow = tokio::spawn(async move { get_from(&public, "/apply").await });
    tokio::time::sleep(ms(50)).await;
    let start = Instant::now();
    service.stop();
    let report = service.ended().await;
    assert_eq!((report.drain_end, report.cut), (DrainEnd::Over, 1));
    assert!(start.elapsed() < ms(280), "{report:?}");
    slow.abort();
}

#[tokio::test]
async fn a_second_signal_shortens_the_drain_only() {
    let mut service = start(Duration::from_secs(600), DrainPolicy::adaptive(1_000)).await;
    until_ready(&service).await;
    service.stop();
    tokio::time::sleep(ms(30)).await;
    service.hurry.take().unwrap().send(()).unwrap();
    let report = service.ended().await;
    assert_eq!(report.drain_end, DrainEnd::Hurried);
}

#[tokio::test]
async fn routes_on_the_public_listener_are_in_front_of_the_router_and_count_no_traffic() {
    let hits = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&hits);
    let app = Router::new().fallback(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        async { "shed" }
    });
    let health = Health::builder("service")
        .build()
        .expect("nothing to go wrong");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (_stop, stopped) = oneshot::channel::<()>();
    let serve = Serve::new(listener, app, health.endpoints()).public_probes();
    let server = tokio::spawn(serve.until_told(
        async {
            let _ = stopped.await;
        },
        std::future::pending(),
    ));
    assert!(ready(&address).await);
    assert_eq!(hits.load(Ordering::Relaxed), 0);
    assert!(
        get_from(&address, "/apply")
            .await
            .unwrap()
            .ends_with("shed")
    );
    server.abort();
}
