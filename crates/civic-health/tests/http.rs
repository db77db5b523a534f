//! The endpoints as tower services: forms, methods, who sees what, and what a probe never meets.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use civic_core::FakeClock;
use civic_health::test_kit::Scripted;
use civic_health::{
    BearerToken, Caller, Cx, Endpoints, Health, HealthCheck as _, Outcome, Spec, Traffic,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use tower_layer::Layer as _;
use tower_service::Service;

/// A service whose one check has passed.
async fn endpoints() -> Endpoints {
    let check = Scripted::passing();
    let health = Health::builder("service")
        .clock(Arc::new(FakeClock::new()))
        .check(Spec::shared("postgres"), check.clone())
        .build()
        .expect("the spec is right");
    for id in health.due() {
        let outcome = check.check(&Cx::new(Duration::from_secs(1))).await;
        health.complete(id, &outcome);
    }
    health.endpoints()
}

async fn call(
    endpoints: &Endpoints,
    method: Method,
    target: &str,
    headers: &[(&str, &str)],
) -> (Response<()>, String) {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(()).expect("the request is right");
    let response = endpoints.clone().call(request).await;
    let (parts, body) = response.unwrap_or_else(|never| match never {}).into_parts();
    let body = body
        .collect()
        .await
        .unwrap_or_else(|never| match never {})
        .to_bytes();
    (
        Response::from_parts(parts, ()),
        String::from_utf8_lossy(&body).into_owned(),
    )
}

fn header<'a>(response: &'a Response<()>, name: &str) -> &'a str {
    response.headers()[name]
        .to_str()
        .expect("the header is text")
}

#[tokio::test]
async fn the_form_follows_accept_and_nothing_is_cached() {
    let endpoints = endpoints().await;
    let cases = [
        ("/ready", "", "application/json"),
        (
            "/ready",
            "application/health+json",
            "application/health+json",
        ),
        ("/ready", "text/plain", "text/plain; charset=utf-8"),
        (
            "/ready?verbose",
            "application/json",
            "text/plain; charset=utf-8",
        ),
        ("/ready?x=1&verbose=true", "", "text/plain; charset=utf-8"),
        ("/ready?verbosely", "", "application/json"),
        ("/health", "image/png", "application/json"),
    ];
    for (target, accept, expected) in cases {
        let (response, body) = call(&endpoints, Method::GET, target, &[("accept", accept)]).await;
        assert_eq!(response.status(), StatusCode::OK, "{target}");
        assert_eq!(
            header(&response, "content-type"),
            expected,
            "{target} {accept}"
        );
        assert_eq!(header(&response, "cache-control"), "no-store");
        assert!(!body.is_empty());
    }
}

#[tokio::test]
async fn head_is_get_without_its_body_and_other_methods_are_refused() {
    let endpoints = endpoints().await;
    for target in ["/health", "/ready", "/startup", "/ready/"] {
        let (get, body) = call(&endpoints, Method::GET, target, &[]).await;
        let (mut head, nothing) = call(&endpoints, Method::HEAD, target, &[]).await;
        assert!(!body.is_empty() && nothing.is_empty());
        // A server adds the length of a body that is there.
        let length = head.headers_mut().remove("content-length").expect("said");
        assert_eq!(length, body.len().to_string());
        assert_eq!(
            (get.status(), get.headers()),
            (head.status(), head.headers())
        );
        assert!(!get.status().is_redirection(), "{target}");
        let (post, _) = call(&endpoints, Method::POST, target, &[]).await;
        assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(header(&post, "allow"), "GET, HEAD");
    }
    let (other, _) = call(&endpoints, Method::GET, "/readyz", &[]).await;
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_an_authorised_caller_sees_everything() {
    let secret = "0123456789abcdef0123";
    let bearer = format!("Bearer {secret}");
    let plain = endpoints().await;
    let guarded = plain
        .clone()
        .authorize(BearerToken::new(secret).expect("long enough"));
    let shown = guarded.clone().show_checks();
    let see = async |endpoints: &Endpoints, value: &str| {
        call(
            endpoints,
            Method::GET,
            "/ready",
            &[("authorization", value)],
        )
        .await
        .1
    };
    assert_eq!(see(&plain, &bearer).await, r#"{"status":"pass"}"#);
    assert_eq!(see(&guarded, "Bearer wrong").await, r#"{"status":"pass"}"#);
    assert!(see(&guarded, &bearer).await.contains("criticality"));
    let checks = see(&shown, "").await;
    assert!(checks.contains("postgres") && !checks.contains("criticality"));
    let by_header = plain
        .clone()
        .authorize(|caller: &Caller<'_>| caller.headers.contains_key("x-on-call"));
    let (_, body) = call(&by_header, Method::GET, "/ready", &[("x-on-call", "1")]).await;
    assert!(body.contains("criticality"));
}

#[tokio::test]
async fn the_govuk_shape_is_one_call() {
    let endpoints = endpoints().await.govuk().show_checks();
    let (response, body) = call(&endpoints, Method::GET, "/ready", &[]).await;
    assert_eq!(header(&response, "content-type"), "application/json");
    assert_eq!(
        body,
        r#"{"status":"ok","checks":{"postgres":{"status":"ok"}}}"#
    );
    let (_, health) = call(
        &endpoints,
        Method::GET,
        "/ready",
        &[("accept", "application/health+json")],
    )
    .await;
    assert!(health.contains("postgres:responseTime"));
}

/// A service that has no room: it sheds what gets as far as asking it.
#[derive(Clone)]
struct Full503;

impl Service<Request<()>> for Full503 {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::future::Pending<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Pending
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        unreachable!("it is never ready")
    }
}

#[tokio::test]
async fn a_probe_does_not_wait_for_a_service_that_has_no_room() {
    let traffic = Traffic::default();
    let layer = endpoints().await.layer().counting(&traffic);
    let mut service = layer.layer(Full503);
    let request = |target: &str| Request::builder().uri(target).body(()).expect("right");
    let probe = tokio::time::timeout(Duration::from_secs(1), service.call(request("/ready")));
    let response = probe
        .await
        .expect("a probe is answered at once")
        .unwrap_or_else(|never| match never {});
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!((traffic.arrived(), traffic.in_flight()), (0, 0));

    let citizen = service.call(request("/apply"));
    let mut citizen = Box::pin(tokio::time::timeout(Duration::from_millis(20), citizen));
    assert!((&mut citizen).await.is_err());
    assert_eq!((traffic.arrived(), traffic.in_flight()), (1, 1));
    drop(citizen);
    assert_eq!((traffic.arrived(), traffic.in_flight()), (1, 0));
}

#[tokio::test]
async fn a_request_is_in_flight_until_its_body_is_gone() {
    #[derive(Clone)]
    struct Echo;
    impl Service<Request<()>> for Echo {
        type Response = Response<Full<Bytes>>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<Self::Response, Infallible>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }
        fn call(&mut self, _: Request<()>) -> Self::Future {
            std::future::ready(Ok(Response::new(Full::new(Bytes::from_static(b"done")))))
        }
    }
    let traffic = Traffic::default();
    let mut service = endpoints().await.layer().counting(&traffic).layer(Echo);
    let request = Request::builder().uri("/apply").body(()).expect("right");
    let response = service
        .call(request)
        .await
        .unwrap_or_else(|never| match never {});
    assert_eq!(traffic.in_flight(), 1);
    let body = response
        .into_body()
        .collect()
        .await
        .expect("it is whole")
        .to_bytes();
    assert_eq!(body, "done");
    assert_eq!(traffic.in_flight(), 0);
}

#[tokio::test]
async fn a_thousand_probes_that_are_dropped_change_nothing() {
    let check = Scripted::passing();
    let health = Health::builder("service")
        .clock(Arc::new(FakeClock::new()))
        .check(Spec::local("disk"), check.clone())
        .build()
        .expect("the spec is right");
    for id in health.due() {
        health.complete(id, &Outcome::pass());
    }
    let endpoints = health.endpoints();
    let before = health.answer(
        civic_health::Endpoint::Ready,
        civic_health::Detail::Full,
        civic_health::Format::Json,
    );
    for _ in 0..1_000 {
        let request = Request::builder().uri("/ready").body(()).expect("right");
        // Dropped without being polled, as when the caller hangs up.
        drop(endpoints.clone().call(request));
    }
    let after = health.answer(
        civic_health::Endpoint::Ready,
        civic_health::Detail::Full,
        civic_health::Format::Json,
    );
    assert_eq!(before, after);
    assert_eq!(check.calls(), 0);
}
