//! A service on axum: what a citizen's requests count, by each store.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{Request, Response, StatusCode};
use axum::routing::get;
use civic_core::{FakeClock, KeyRing};
use civic_journey::store::atomic::{AtomicBits, Kept, MemoryBits, ProgressKey};
use civic_journey::store::synthetic::{HEADER, Markers};
use civic_journey::store::{
    AtomicStore, OBJECTION_COOKIE, ProgressStore, Session, SessionStore, TokenStore,
};
use civic_journey::{
    Journey, Mark, Marked, Progress, ProgressLayer, Refusal, Submission, journey_step,
};
use tower_service::Service;

civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Details = "details", Pay = "pay", Confirmation = "confirmation" }
    outcomes ApplyOutcome { Submitted = "submitted": complete, NotEligible = "not-eligible": complete }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

mod renewal {
    civic_journey::journey! {
        pub static RENEW: Renew = "renew-a-licence";
        steps RenewStep { Start = "start" }
        outcomes RenewOutcome { Renewed = "renewed": complete }
        expected = 5 minutes;
        abandon_after = 48 hours;
        slo = 99.0;
    }
}

#[journey_step(ApplyStep::Start)]
async fn start(_: Progress<Apply>) -> &'static str {
    "start"
}

#[journey_step(ApplyStep::Details)]
async fn details(progress: Progress<Apply>) -> Result<&'static str, StatusCode> {
    drop(progress);
    Ok("details")
}

#[journey_step(ApplyStep::Pay)]
async fn broken(progress: Progress<Apply>) -> StatusCode {
    drop(progress);
    StatusCode::BAD_GATEWAY
}

#[journey_step(ApplyStep::Confirmation)]
async fn confirmation(mut progress: Progress<Apply>) -> &'static str {
    progress.complete(ApplyOutcome::Submitted, Submission::Created);
    "done"
}

async fn not_eligible(mut progress: Progress<Apply>) -> &'static str {
    progress.complete(ApplyOutcome::NotEligible, Submission::NotRecorded);
    "sorry"
}

/// Pages of the journey over this store.
fn service<P: ProgressStore<Apply>>(layer: ProgressLayer<Apply, P>) -> Router {
    Router::new()
        .route("/start", get(start))
        .route("/details", get(details))
        .route("/broken", get(broken))
        .route("/confirmation", get(confirmation))
        .route("/not-eligible", get(not_eligible))
        .layer(layer)
}

/// A browser: sends its cookies and keeps those of the answers.
#[derive(Clone, Default)]
struct Browser {
    cookies: HashMap<String, String>,
    headers: Vec<(&'static str, String)>,
}

impl Browser {
    fn get(&mut self, service: &Router, path: &str) -> Response<Body> {
        let response = self.get_but_lose_the_answer(service, path);
        for cookie in response.headers().get_all(SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(
                attributes.contains("Secure; HttpOnly; SameSite=Lax"),
                "{text}"
            );
            if attributes.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    fn get_but_lose_the_answer(&self, service: &Router, path: &str) -> Response<Body> {
        let mut request = Request::get(path);
        if !self.cookies.is_empty() {
            let pairs = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            request = request.header(COOKIE, pairs.collect::<Vec<_>>().join("; "));
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::empty()).unwrap();
        let Ok(response) = now(service.clone().call(request));
        response
    }
}

/// Runs what waits for nothing outside.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..100 {
        if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
            return result;
        }
    }
    panic!("the service waits for something");
}

fn keys() -> KeyRing {
    KeyRing::new("k1", vec![7; 32]).unwrap()
}

fn tokens(journey: &'static Journey<Apply>) -> (Router, FakeClock) {
    let clock = FakeClock::new();
    let store = TokenStore::new(&keys());
    let layer = ProgressLayer::with_clock(journey, store, Arc::new(clock.clone()));
    (service(layer.synthetic(Markers::new(&keys()))), clock)
}

#[test]
fn a_cookie_carries_a_journey() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let (service, clock) = tokens(&JOURNEY);
    let mut browser = Browser::default();
    for path in ["/start", "/start", "/details", "/start"] {
        assert_eq!(browser.get(&service, path).status(), StatusCode::OK);
        clock.advance(Duration::from_secs(60));
    }
    browser.get(&service, "/confirmation");
    let counts = JOURNEY.counts();
    assert_eq!((counts.starts(), counts.completed()), (1, 1));
    assert_eq!(
        (
            counts.reached(ApplyStep::Start),
            counts.repeats(ApplyStep::Start)
        ),
        (1, 2)
    );
    assert_eq!(counts.reached(ApplyStep::Confirmation), 1);

    // Two days later it is another journey.
    clock.advance(Duration::from_secs(49 * 3600));
    browser.get(&service, "/details");
    let counts = JOURNEY.counts();
    assert_eq!((counts.starts(), counts.refused(Refusal::Expired)), (2, 1));
}

#[test]
fn a_step_counts_unless_the_server_failed() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let (service, _) = tokens(&JOURNEY);
    let mut browser = Browser::default();
    assert_eq!(
        browser.get(&service, "/broken").status(),
        StatusCode::BAD_GATEWAY
    );
    assert_eq!(JOURNEY.counts().starts(), 0);
}

#[test]
fn a_forged_or_foreign_cookie_is_a_fresh_start_and_no_error() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let (service, _) = tokens(&JOURNEY);
    let mut browser = Browser::default();
    browser.get(&service, "/start");
    let (name, token) = browser.cookies.iter().next().unwrap();
    assert_eq!(name, "__Host-journey-apply-for-a-licence");
    let forged = token.replace("k1.", "k1.AAAA");
    let other_end = format!("{}A", &token[..token.len() - 1]);
    let name = name.clone();
    for (at, value) in [forged, other_end, "nonsense".into(), "k9.x".into()]
        .into_iter()
        .enumerate()
    {
        let mut browser = Browser::default();
        browser.cookies.insert(name.clone(), value);
        let response = browser.get(&service, "/start");
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(JOURNEY.counts().starts(), 2 + at as u64);
    }
    let counts = JOURNEY.counts();
    assert_eq!(
        counts.refused(Refusal::Forged) + counts.refused(Refusal::Unreadable),
        4
    );
    assert!(counts.refused(Refusal::Forged) >= 1);
    // Of another journey under the same keys.
    let store = TokenStore::<renewal::Renew>::new(&keys());
    assert_ne!(store.cookie_name(), name);
}

#[test]
fn an_objection_counts_nothing_and_deletes_the_cookie() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let (service, _) = tokens(&JOURNEY);
    let mut browser = Browser::default();
    browser.get(&service, "/start");
    let set = TokenStore::<Apply>::objection();
    assert!(
        set.to_str()
            .unwrap()
            .starts_with(&format!("{OBJECTION_COOKIE}=off; "))
    );
    browser
        .cookies
        .insert(OBJECTION_COOKIE.into(), "off".into());
    for path in ["/start", "/details", "/not-eligible", "/confirmation"] {
        browser.get(&service, path);
    }
    let counts = JOURNEY.counts();
    assert_eq!((counts.starts(), counts.completed()), (1, 0));
    assert_eq!(
        (
            counts.repeats(ApplyStep::Start),
            counts.reached(ApplyStep::Details)
        ),
        (0, 0)
    );
    let kept: Vec<_> = browser.cookies.keys().collect();
    assert_eq!(kept, [OBJECTION_COOKIE]);
}

#[test]
fn synthetic_traffic_counts_nothing_and_a_citizen_cannot_set_the_marker() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let (service, clock) = tokens(&JOURNEY);
    let until = 1_767_268_800 + 600;
    let mut smoke = Browser::default();
    smoke
        .headers
        .push((HEADER, Markers::new(&keys()).sign(until)));
    for path in ["/start", "/details", "/confirmation"] {
        smoke.get(&service, path);
    }
    assert_eq!(JOURNEY.counts().starts(), 0);
    assert!(smoke.cookies.is_empty());

    let mut citizen = Browser::default();
    citizen.headers.push((HEADER, "true".into()));
    citizen.get(&service, "/start");
    clock.advance(Duration::from_secs(601));
    smoke.get(&service, "/start");
    let counts = JOURNEY.counts();
    assert_eq!(
        (counts.starts(), counts.refused(Refusal::Synthetic)),
        (2, 2)
    );
}

/// A session store of a service, in memory.
#[derive(Clone)]
struct Memory(Arc<Mutex<HashMap<&'static str, Vec<u8>>>>);

impl Session for Memory {
    type Error = Infallible;
    async fn get(&self, name: &'static str) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }
    async fn set(&self, name: &'static str, bytes: Vec<u8>) -> Result<(), Infallible> {
        self.0.lock().unwrap().insert(name, bytes);
        Ok(())
    }
}

#[test]
fn a_session_keeps_eleven_bytes() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let layer = ProgressLayer::new(&JOURNEY, SessionStore::<Memory>::new());
    let session = Memory(Arc::default());
    let with_session = service(layer.clone()).layer(axum::Extension(session.clone()));
    let mut browser = Browser::default();
    for path in [
        "/start",
        "/start",
        "/details",
        "/not-eligible",
        "/not-eligible",
    ] {
        browser.get(&with_session, path);
    }
    let counts = JOURNEY.counts();
    assert_eq!((counts.starts(), counts.repeats(ApplyStep::Start)), (1, 1));
    assert_eq!(
        (
            counts.ended(ApplyOutcome::NotEligible),
            counts.end_repeats(ApplyOutcome::NotEligible)
        ),
        (1, 1)
    );
    assert_eq!(session.0.lock().unwrap()["apply-for-a-licence"].len(), 11);
    assert!(browser.cookies.is_empty());

    // Without a session there is nothing to tell a repeat by, so nothing is counted.
    browser.get(&service(layer), "/start");
    assert_eq!(JOURNEY.counts().starts(), 1);
}

fn session_id(name: &str) -> Browser {
    Browser {
        headers: vec![("x-session", name.to_owned())],
        ..Browser::default()
    }
}

fn atomic<B: AtomicBits>(journey: &'static Journey<Apply>, bits: B) -> Router {
    let store = AtomicStore::new(bits, &keys(), |request| {
        Some(request.headers.get("x-session")?.as_bytes().to_vec())
    });
    service(ProgressLayer::new(journey, store))
}

#[test]
fn an_atomic_store_needs_no_answer_to_arrive() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let service = atomic(&JOURNEY, MemoryBits::default());
    for citizen in ["a", "b", "c"] {
        let browser = session_id(citizen);
        for path in [
            "/start",
            "/start",
            "/details",
            "/start",
            "/not-eligible",
            "/not-eligible",
        ] {
            browser.get_but_lose_the_answer(&service, path);
        }
    }
    let counts = JOURNEY.counts();
    assert_eq!(
        (
            counts.starts(),
            counts.reached(ApplyStep::Start),
            counts.repeats(ApplyStep::Start)
        ),
        (3, 3, 6)
    );
    assert_eq!(
        (
            counts.ended(ApplyOutcome::NotEligible),
            counts.end_repeats(ApplyOutcome::NotEligible)
        ),
        (3, 3)
    );
}

#[test]
fn a_store_that_is_down_fails_no_request() {
    struct Down;
    impl AtomicBits for Down {
        type Error = std::io::Error;
        async fn read(&self, _: &ProgressKey) -> Result<Option<Kept>, std::io::Error> {
            Err(std::io::ErrorKind::ConnectionRefused.into())
        }
        async fn mark(&self, _: &ProgressKey, _: &Mark) -> Result<Marked, std::io::Error> {
            Err(std::io::ErrorKind::ConnectionRefused.into())
        }
    }
    static JOURNEY: Journey<Apply> = Journey::new();
    let service = atomic(&JOURNEY, Down);
    let response = session_id("a").get(&service, "/start");
    assert_eq!(response.status(), StatusCode::OK);
    let counts = JOURNEY.counts();
    assert_eq!((counts.starts(), counts.store_errors()), (0, 2));
}

#[test]
fn a_route_without_the_layer_says_nothing_of_it_to_a_citizen() {
    let service = Router::new().route("/start", get(start));
    let response = Browser::default().get(&service, "/start");
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = now(axum::body::to_bytes(response.into_body(), 1_000)).unwrap();
    assert_eq!(body, "Sorry, there is a problem with the service");
}
