//! What each endpoint says, in each form and with each amount of detail. A fake clock drives it; nothing waits.

use std::sync::Arc;
use std::time::Duration;

use civic_health::test_kit::{FakeClock, Scripted, Step};
use civic_health::{
    Answer, BlockingCheck as _, Cx, Detail, Endpoint, Format, Health, Outcome, Spec,
};
use serde_json::{Value, json};

/// A service whose checks run when the test says so.
struct Service {
    health: Health,
    clock: Arc<FakeClock>,
    checks: Vec<Scripted>,
}

impl Service {
    fn new(specs: Vec<Spec>) -> Self {
        let clock = Arc::new(FakeClock::new());
        let checks: Vec<Scripted> = specs.iter().map(|_| Scripted::passing()).collect();
        let mut builder = Health::builder("apply-for-a-licence")
            .release("1.4.2")
            .journeys(&["apply", "renew"])
            .clock(clock.clone());
        for (spec, check) in specs.into_iter().zip(&checks) {
            let spec = spec.fail_after(2).pass_after(2).jitter_percent(0);
            builder = builder.blocking_check(spec, check.clone());
        }
        Self {
            health: builder.build().expect("the specs of these tests are right"),
            clock,
            checks,
        }
    }

    /// Runs each check that is due, and lets an interval go by.
    fn interval(&self) {
        for id in self.health.due() {
            let outcome = self.checks[id.0].check(&Cx::new(Duration::from_secs(1)));
            self.health.complete(id, &outcome);
        }
        self.clock.advance(Duration::from_secs(9));
        self.health.tick();
        self.clock.advance(Duration::from_secs(1));
    }

    fn down(&self, check: usize) {
        let error = "cannot connect to db.example.com as case_worker";
        let outcome = Outcome::fail("unreachable").detail(error);
        self.checks[check].from_now_on(Step::Find(outcome));
    }

    fn ready(&self, detail: Detail, format: Format) -> Answer {
        self.health.answer(Endpoint::Ready, detail, format)
    }

    fn json(&self, detail: Detail) -> Value {
        serde_json::from_slice(&self.ready(detail, Format::Json).body).expect("the body is JSON")
    }

    fn code(&self, endpoint: Endpoint) -> u16 {
        self.health
            .answer(endpoint, Detail::Status, Format::Json)
            .code
    }
}

fn licence() -> Vec<Spec> {
    vec![
        Spec::shared("postgres"),
        Spec::local("disk"),
        Spec::shared("payments").journeys(&["apply"]),
        Spec::shared("cache").optional(),
    ]
}

#[test]
fn starting_ends_when_every_required_check_has_passed_shared_ones_too() {
    let service = Service::new(licence());
    assert_eq!(service.code(Endpoint::Startup), 503);
    assert_eq!(service.code(Endpoint::Health), 200);
    service.down(0);
    for _ in 0..20 {
        service.interval();
        assert_eq!(service.code(Endpoint::Ready), 503);
        assert_eq!(service.code(Endpoint::Startup), 503);
    }
    assert_eq!(service.json(Detail::Checks)["output"], "starting");
    service.checks[0].from_now_on(Step::Find(Outcome::pass()));
    service.interval();
    assert_eq!(service.code(Endpoint::Startup), 200);
}

#[test]
fn a_shared_dependency_that_is_down_is_200_with_warn_and_a_local_one_503() {
    let service = Service::new(licence());
    service.interval();
    assert_eq!(
        service.ready(Detail::Status, Format::Json).body,
        r#"{"status":"pass"}"#
    );
    service.down(0);
    service.interval();
    assert_eq!(service.json(Detail::Status), json!({"status": "pass"}));
    service.interval();
    assert_eq!(service.code(Endpoint::Ready), 200);
    assert_eq!(service.json(Detail::Status), json!({"status": "warn"}));
    assert_eq!(service.code(Endpoint::Startup), 200);

    service.down(1);
    service.interval();
    service.interval();
    assert_eq!(service.code(Endpoint::Ready), 503);
    assert_eq!(service.json(Detail::Checks)["output"], "failing");
    assert_eq!(service.code(Endpoint::Health), 200);
    assert_eq!(service.code(Endpoint::Startup), 200);
}

#[test]
fn a_shared_dependency_that_says_otherwise_is_503_and_an_optional_one_never() {
    let service = Service::new(vec![
        Spec::shared("postgres").fails_readiness(),
        Spec::local("disk").optional(),
    ]);
    service.interval();
    service.down(1);
    service.interval();
    service.interval();
    assert_eq!(
        (service.code(Endpoint::Ready), service.json(Detail::Status)),
        (200, json!({"status": "warn"}))
    );
    service.down(0);
    service.interval();
    service.interval();
    assert_eq!(service.code(Endpoint::Ready), 503);
}

#[test]
fn a_check_that_has_stopped_running_fails() {
    let service = Service::new(licence());
    service.interval();
    assert_eq!(service.code(Endpoint::Ready), 200);
    // Nothing runs any more, but somebody still looks.
    for _ in 0..5 {
        service.clock.advance(Duration::from_secs(8));
        service.health.tick();
    }
    assert_eq!(service.code(Endpoint::Ready), 503);
    let checks = service.json(Detail::Checks);
    assert_eq!(checks["output"], "stale");
    assert_eq!(checks["checks"]["disk:responseTime"][0]["state"], "stale");
    service.interval();
    assert_eq!(service.code(Endpoint::Ready), 200);
}

#[test]
fn an_answer_that_nobody_renews_expires() {
    let service = Service::new(licence());
    service.interval();
    assert_eq!(service.code(Endpoint::Ready), 200);
    service.clock.advance(Duration::from_secs(9));
    assert_eq!(service.code(Endpoint::Ready), 200);
    service.clock.advance(Duration::from_millis(101));
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(service.code(Endpoint::Ready), 503);
    assert!(!service.health.is_ready());
    assert_eq!(service.json(Detail::Checks)["output"], "stale");
    assert_eq!(service.code(Endpoint::Health), 200);
    service.health.tick();
    assert_eq!(service.code(Endpoint::Ready), 200);
}

#[test]
fn a_disabled_check_says_so_and_does_not_run() {
    let service = Service::new(licence());
    service.health.set_enabled("payments", false);
    service.interval();
    assert_eq!(service.checks[2].calls(), 0);
    assert_eq!(service.code(Endpoint::Ready), 200);
    let body = service.json(Detail::Full);
    let payments = &body["checks"]["payments:responseTime"][0];
    assert_eq!(payments["state"], "disabled");
    assert!(payments.get("status").is_none(), "disabled is not a pass");
    assert_eq!(body["status"], "pass");
    assert!(service.health.set_enabled("payments", true));
    assert!(!service.health.set_enabled("no-such-check", true));
    service.interval();
    assert_eq!(service.checks[2].calls(), 1);
}

#[test]
fn draining_is_503_at_once_and_for_good() {
    let service = Service::new(licence());
    service.interval();
    service.health.drain();
    assert_eq!(service.code(Endpoint::Ready), 503);
    assert_eq!(service.json(Detail::Checks)["output"], "draining");
    assert_eq!(service.code(Endpoint::Health), 200);
    service.interval();
    service.clock.advance(Duration::from_secs(1000));
    assert_eq!(service.json(Detail::Checks)["output"], "draining");
    assert_eq!(service.health.probes().saw_drain(), 3);
}

#[test]
fn the_full_body_has_the_fields_of_the_draft() {
    let service = Service::new(licence());
    let slow = Outcome::warn("slow").observed(740.0, "ms");
    service.checks[2].from_now_on(Step::Find(slow));
    service.interval();
    let expected = json!({
        "status": "warn",
        "output": "ready",
        "serviceId": "apply-for-a-licence",
        "releaseId": "1.4.2",
        "incidentHint": {"priority": "P2", "journeys": ["apply"], "checks": ["payments"]},
    });
    let mut body = service.json(Detail::Full);
    let checks = body.as_object_mut().unwrap().remove("checks").unwrap();
    assert_eq!(body, expected);
    assert_eq!(
        checks["payments:responseTime"],
        json!([{
            "status": "warn",
            "state": "warning",
            "output": "slow",
            "componentType": "component",
            "observedValue": 740.0,
            "observedUnit": "ms",
            "affectedEndpoints": ["apply"],
            "time": "2026-01-01T12:00:00.000Z",
            "lastSuccess": "2026-01-01T12:00:00.000Z",
            "criticality": "required",
            "scope": "shared",
            "transitions": 1,
        }])
    );
    assert_eq!(checks.as_object().unwrap().len(), 4);
}

#[test]
fn less_detail_holds_less_and_no_detail_holds_an_errors_words() {
    let service = Service::new(licence());
    service.interval();
    service.down(0);
    service.interval();
    service.interval();
    for format in [
        Format::Json,
        Format::HealthJson,
        Format::Text,
        Format::Govuk,
    ] {
        for endpoint in Endpoint::ALL {
            let body = |detail| {
                let body = service.health.answer(endpoint, detail, format).body;
                String::from_utf8(body.to_vec()).unwrap()
            };
            for detail in [Detail::Status, Detail::Checks, Detail::Full] {
                assert!(!body(detail).contains("example.com"), "{}", body(detail));
                assert!(!body(detail).contains("case_worker"), "{}", body(detail));
            }
            assert!(!body(Detail::Status).contains("postgres"));
            if endpoint == Endpoint::Ready {
                assert!(body(Detail::Checks).contains("unreachable"));
            }
        }
    }
    let checks = service.json(Detail::Checks).to_string();
    for field in [
        "observedValue",
        "criticality",
        "lastSuccess",
        "componentType",
    ] {
        assert!(!checks.contains(field), "{checks}");
    }
}

#[test]
fn text_is_for_people() {
    let service = Service::new(vec![
        Spec::shared("postgres"),
        Spec::shared("payments").journeys(&["apply"]),
        Spec::shared("cache").optional().disabled(),
    ]);
    service.interval();
    service.down(1);
    service.interval();
    service.interval();
    let text = service.ready(Detail::Checks, Format::Text);
    assert_eq!(text.content_type, "text/plain; charset=utf-8");
    assert_eq!(
        text.body,
        "[+] postgres passing\n\
         [-] payments failing: unreachable\n\
         [x] cache disabled\n\
         incident hint: P2 (apply)\n\
         ready: warn\n"
    );
    let full = service.ready(Detail::Full, Format::Text).body;
    let full = String::from_utf8(full.to_vec()).unwrap();
    assert!(
        full.contains("required, shared, affects apply, last passed 2026-01-01T12:00:00.000Z\n"),
        "{full}"
    );
}

#[test]
fn the_govuk_shape_has_its_words_and_our_codes() {
    let service = Service::new(licence());
    service.interval();
    service.down(2);
    service.health.set_enabled("cache", false);
    service.interval();
    service.interval();
    let answer = service.ready(Detail::Checks, Format::Govuk);
    assert_eq!(
        (answer.code, answer.content_type),
        (200, "application/json")
    );
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(
        body,
        json!({
            "status": "warning",
            "checks": {
                "postgres": {"status": "ok"},
                "disk": {"status": "ok"},
                "payments": {"status": "critical", "message": "unreachable"},
                "cache": {"status": "ok", "message": "currently disabled"},
            }
        })
    );
}

#[test]
fn a_listener_hears_each_transition_once_and_its_panic_stops_nothing() {
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let clock = Arc::new(FakeClock::new());
    let check = Scripted::passing();
    let listener = Arc::clone(&heard);
    let health = Health::builder("service")
        .clock(clock.clone())
        .blocking_check(
            Spec::local("disk").fail_after(1).jitter_percent(0),
            check.clone(),
        )
        .on_transition(|_| panic!("a listener that panics"))
        .on_transition(move |transition| {
            let words = (
                transition.from.as_str(),
                transition.to.as_str(),
                transition.reason,
            );
            listener.lock().unwrap().push(words);
        })
        .build()
        .unwrap();
    let service = Service {
        health,
        clock,
        checks: vec![check],
    };
    service.interval();
    service.interval();
    service.down(0);
    service.interval();
    service.interval();
    assert_eq!(
        *heard.lock().unwrap(),
        [
            ("starting", "passing", None),
            ("passing", "failing", Some("unreachable"))
        ]
    );
}

#[test]
fn metrics_show_every_series_in_order_and_reading_changes_nothing() {
    use civic_core::{LabelValue, Metric, MetricSink, MetricSource as _, Value};

    #[derive(Default)]
    struct Sink(Vec<(&'static str, Vec<LabelValue>, f64)>);

    impl MetricSink for Sink {
        fn sample(&mut self, metric: &'static Metric, labels: &[LabelValue], value: Value<'_>) {
            assert_eq!(labels.len(), metric.labels().len());
            let figure = match value {
                Value::Count(count) => count as f64,
                Value::Gauge(figure) => figure,
                Value::Histogram(histogram) => histogram.count() as f64,
                _ => panic!("a new kind of value"),
            };
            self.0.push((metric.name(), labels.to_vec(), figure));
        }
    }

    let service = Service::new(licence());
    service.interval();
    service.down(2);
    service.interval();
    service.interval();
    for _ in 0..7 {
        service.code(Endpoint::Ready);
    }
    let collect = || {
        let mut sink = Sink::default();
        service.health.collect(&mut sink);
        sink.0
    };
    let series = collect();
    assert_eq!(series, collect());
    let order: Vec<&str> = service.health.metrics().iter().map(Metric::name).collect();
    let mut seen: Vec<&str> = series.iter().map(|(name, ..)| *name).collect();
    seen.dedup();
    assert_eq!(seen, order);

    let figure = |name: &str, labels: &[LabelValue]| {
        let found = series.iter().find(|(n, l, _)| *n == name && l == labels);
        found.unwrap_or_else(|| panic!("no {name} {labels:?}")).2
    };
    let [payments, failing, passing] = ["payments", "failing", "passing"].map(LabelValue::from);
    let close = |left: f64, right: f64| assert!((left - right).abs() < 1e-6, "{left} {right}");
    close(figure("health.ready", &[]), 1.0);
    close(figure("health.incident", &["P2".into()]), 1.0);
    close(figure("health.incident", &["P1".into()]), 0.0);
    close(figure("health.check.state", &[payments, failing]), 1.0);
    close(figure("health.check.state", &[payments, passing]), 0.0);
    close(figure("health.check.duration", &[payments]), 3.0);
    close(
        figure("health.check.last_success.timestamp", &[payments]),
        1_767_268_800.0,
    );
    close(
        figure("health.check.transitions", &[payments, failing]),
        1.0,
    );
    close(
        figure("health.probes", &["ready".into(), LabelValue::Number(200)]),
        7.0,
    );
}
