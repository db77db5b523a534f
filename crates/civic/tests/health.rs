//! Checks and probes through the facade: two listeners, and no error's words but in the log, redacted.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use civic::Service;
use civic::health::{Health, Outcome, Signals, Spec};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

async fn ask(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn probes_have_a_listener_of_their_own_and_details_are_only_logged() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let telemetry = civic::Telemetry::builder("service")
        .filter("info")
        .to_file(&log);
    let (dispatch, _telemetry) = telemetry.build().unwrap();
    let _logs = tracing::dispatcher::set_default(&dispatch);

    let mail = Spec::shared("mail").optional().fail_after(1);
    let health = Health::builder("service")
        .check(Spec::shared("postgres"), || async { Outcome::pass() })
        .check(mail, || async { Err::<(), _>("no mailbox jo@example.com") })
        .build()
        .unwrap();
    let app = Router::new().route("/apply", get(|| async { "received" }));
    let service = Service::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let public = service.public_address().unwrap();
    let management = service.management_address().unwrap();
    let signals = Signals::install().unwrap();
    let server = tokio::spawn(async move { service.run(app, &health, signals).await });

    let start = Instant::now();
    let ready = loop {
        let answer = ask(management, "/ready").await.unwrap_or_default();
        if answer.contains("failing") && answer.starts_with("HTTP/1.1 200") {
            break answer;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "{answer}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(
        ready.contains("check failed") && !ready.contains("mailbox"),
        "{ready}"
    );
    assert!(ask(public, "/apply").await.unwrap().ends_with("received"));
    assert!(
        ask(public, "/ready")
            .await
            .unwrap()
            .starts_with("HTTP/1.1 404")
    );
    server.abort();

    let lines = std::fs::read_to_string(&log).unwrap();
    assert!(lines.contains("no mailbox [EMAIL]"), "{lines}");
    assert!(!lines.contains("jo@example.com"), "{lines}");
}
