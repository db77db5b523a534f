//! Metrics through the facade: what was redacted, journeys and checks, on the listener of the probes.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use civic::Service;
use civic::core::{Metric, MetricSink, MetricSource, Unit};
use civic::health::{Health, Outcome, Signals, Spec};
use civic::journey::{Progress, ProgressLayer, Submission, journey_step, store::TokenStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

civic::journey::journey! {
    /// Apply for a licence.
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" }
    outcomes ApplyOutcome { Submitted = "submitted": complete }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

async fn ask(address: SocketAddr, path: &str, accept: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n");
    let request = head + "Connection: close\r\n\r\n";
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    answer
}

#[journey_step(ApplyStep::Pay)]
async fn pay(mut progress: Progress<Apply>) -> &'static str {
    progress.complete(ApplyOutcome::Submitted, Submission::Created);
    "paid"
}

#[tokio::test]
async fn everything_counted_is_scraped_where_the_probes_are() {
    let folder = tempfile::tempdir().unwrap();
    let telemetry = civic::Telemetry::builder("service")
        .filter("info")
        .to_file(folder.path().join("log"))
        .journey(&APPLY);
    let (dispatch, telemetry) = telemetry.build().unwrap();
    let _logs = tracing::dispatcher::set_default(&dispatch);
    tracing::info!("mail to jo@example.com");

    let health = Health::builder("service")
        .check(Spec::shared("postgres"), || async { Outcome::pass() })
        .build()
        .unwrap();
    let keys = civic::core::KeyRing::new("k1", vec![7; 32]).unwrap();
    let app = Router::new()
        .route("/pay", get(pay))
        .layer(ProgressLayer::new(&APPLY, TokenStore::new(&keys)));
    let service = Service::bind("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap()
        .metrics(telemetry.metrics());
    let public = service.public_address().unwrap();
    let management = service.management_address().unwrap();
    let signals = Signals::install().unwrap();
    let server = tokio::spawn(async move { service.run(app, &health, signals).await });

    let text = ask(management, "/metrics", "*/*").await;
    assert!(text.contains("text/plain; version=0.0.4"), "{text}");
    for line in [
        "journey_starts_total{journey_name=\"apply-for-a-licence\"} 0\n",
        "redaction_events_total{pii_kind=\"email\"} 1\n",
        "redaction_pieces_total 1\n",
        "health_check_state{health_check=\"postgres\"",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("jo@"), "{text}");
    assert!(ask(public, "/pay", "*/*").await.ends_with("paid"));
    let open = ask(management, "/metrics", "application/openmetrics-text").await;
    assert!(open.contains("application/openmetrics-text; version=1.0.0"));
    assert!(open.contains("journey_starts_total{journey_name=\"apply-for-a-licence\"} 1\n"));
    assert!(open.ends_with("# EOF\n"), "{open}");

    // Citizens have none of it, and the probes are where they were.
    let public = ask(public, "/metrics", "*/*").await;
    assert!(public.starts_with("HTTP/1.1 404"), "{public}");
    let other = ask(management, "/other", "*/*").await;
    assert!(other.starts_with("HTTP/1.1 404"), "{other}");
    let probe = ask(management, "/health", "*/*").await;
    assert!(probe.starts_with("HTTP/1.1 200"), "{probe}");
    server.abort();
}

#[test]
fn two_metrics_of_one_name_are_an_error_before_anything_is_set_up() {
    struct Other;
    static METRICS: [Metric; 1] = [Metric::gauge(
        "redaction.pieces.total",
        Unit::None,
        "Other.",
        &[],
    )];
    impl MetricSource for Other {
        fn metrics(&self) -> &'static [Metric] {
            &METRICS
        }
        fn collect(&self, _: &mut dyn MetricSink) {}
    }
    let built = civic::Telemetry::builder("service")
        .metrics_of(Other)
        .build();
    assert!(built.is_err_and(|error| error.is_metrics()));
}
