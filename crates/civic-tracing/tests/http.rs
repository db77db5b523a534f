//! What is logged of requests to an axum service.

#![cfg(feature = "axum")]
#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{Request, Response, StatusCode};
use axum::routing::{get, post};
use axum::{Extension, Router};
use civic_tracing::http::{HttpTrace, RequestId};
use serde_json::Value;
use tower::ServiceExt;
use tracing_subscriber::fmt::format::FmtSpan;

const EMAIL: &str = "canary@example.com";
const ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn app() -> Router {
    Router::new()
        .route(
            "/applications/{id}",
            get(async |Path(_): Path<String>| {
                tracing::info!("found");
                "an application"
            }),
        )
        .route("/broken", post(async || StatusCode::BAD_GATEWAY))
        .route(
            "/slow",
            get(async || tokio::time::sleep(Duration::from_secs(60)).await),
        )
        .route(
            "/id",
            get(async |Extension(id): Extension<RequestId>| id.to_string()),
        )
        .route("/health", get(async || "ok"))
        .nest(
            "/staff",
            Router::new().route("/case/{id}", get(async || "a case")),
        )
        .layer(HttpTrace::for_axum().quiet(&["/health"]))
}

/// Sends a request **without** a redacting subscriber: the layer itself has to hold back.
async fn log_of(request: Request<Body>) -> (Option<Response<Body>>, Vec<Value>, String) {
    let log = Log::default();
    let writer = log.clone();
    let stack = tracing_subscriber::fmt()
        .json()
        .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(stack);
    let answer = tokio::time::timeout(Duration::from_millis(50), app().oneshot(request)).await;
    drop(guard);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (answer.ok().map(Result::unwrap), lines.collect(), text)
}

fn get_request(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

/// The one event at the end of a request.
fn event(lines: &[Value]) -> &Value {
    let ends = lines.iter().filter(|line| {
        let message = line["fields"]["message"].as_str().unwrap();
        message.starts_with("request ")
    });
    let ends: Vec<_> = ends.collect();
    assert_eq!(ends.len(), 1, "{lines:?}");
    ends[0]
}

#[tokio::test]
async fn a_request_is_told_by_method_route_status_and_duration_alone() {
    let request = Request::get(format!("/applications/QQ123456C?email={EMAIL}"))
        .header("user-agent", "canary-agent/1.0")
        .header("x-forwarded-for", "203.0.113.9")
        .header("x-request-id", EMAIL)
        .body(Body::empty())
        .unwrap();
    let (answer, lines, text) = log_of(request).await;
    for canary in ["QQ123456C", EMAIL, "canary-agent", "203.0.113.9", "email"] {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
    let event = event(&lines);
    let fields = event["fields"].as_object().unwrap();
    assert_eq!(event["level"], "INFO");
    assert_eq!(fields["message"], "request answered");
    assert_eq!(fields["http.request.method"], "GET");
    assert_eq!(fields["http.route"], "/applications/{id}");
    assert_eq!(fields["http.response.status_code"], 200);
    assert!(fields["duration_ms"].as_f64().unwrap() >= 0.0);
    assert_eq!(fields.len(), 5, "{fields:?}");
    // What the handler logs carries the id that the client is given.
    let found = lines
        .iter()
        .find(|line| line["fields"]["message"] == "found")
        .unwrap();
    let id = answer.unwrap().headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(found["span"]["request_id"], id);
    assert_ne!(id, EMAIL);
}

#[tokio::test]
async fn the_id_of_a_proxy_is_kept() {
    let request = Request::get("/id")
        .header("x-request-id", ID)
        .body(Body::empty())
        .unwrap();
    let (answer, lines, _) = log_of(request).await;
    let answer = answer.unwrap();
    assert_eq!(answer.headers()["x-request-id"], ID);
    assert_eq!(event(&lines)["span"]["request_id"], ID);
    let body = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
    assert_eq!(body, ID);
}

#[tokio::test]
async fn a_path_without_a_route_and_a_method_without_a_name_are_not_repeated() {
    let request = Request::builder()
        .method("QQ123456C")
        .uri(format!("/nowhere/{EMAIL}"))
        .body(Body::empty())
        .unwrap();
    let (_, lines, text) = log_of(request).await;
    assert!(
        !text.contains("QQ123456C") && !text.contains(EMAIL),
        "{text}"
    );
    let fields = &event(&lines)["fields"];
    assert_eq!(fields["http.request.method"], "_OTHER");
    assert_eq!(fields["http.route"], "unmatched");
    assert_eq!(fields["http.response.status_code"], 404);
}

#[tokio::test]
async fn a_nested_route_is_told_whole() {
    let (_, lines, text) = log_of(get_request("/staff/case/QQ123456C")).await;
    assert_eq!(event(&lines)["fields"]["http.route"], "/staff/case/{id}");
    assert!(!text.contains("QQ123456C"), "{text}");
}

#[tokio::test]
async fn failures_and_requests_that_are_given_up_are_warnings() {
    let request = Request::post("/broken").body(Body::empty()).unwrap();
    let (_, lines, _) = log_of(request).await;
    assert_eq!(event(&lines)["level"], "WARN");
    assert_eq!(event(&lines)["fields"]["http.response.status_code"], 502);

    let (answer, lines, _) = log_of(get_request("/slow")).await;
    assert!(answer.is_none());
    let event = event(&lines);
    assert_eq!(event["level"], "WARN");
    assert_eq!(
        event["fields"]["message"],
        "request given up before a response"
    );
    assert_eq!(event["fields"]["http.route"], "/slow");
    assert_eq!(event["fields"].get("http.response.status_code"), None);
}

#[tokio::test]
async fn probes_that_end_well_are_not_logged() {
    let (answer, lines, text) = log_of(get_request("/health")).await;
    assert_eq!(answer.unwrap().status(), 200);
    let told = lines.iter().any(|line| {
        line["fields"]["message"]
            .as_str()
            .unwrap()
            .starts_with("request ")
    });
    assert!(!told, "{text}");
}
