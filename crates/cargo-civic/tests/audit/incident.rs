//! What is asked of a trail after an incident: what happened, and whom it touched.

use std::fs;
use std::time::{Duration, SystemTime};

use civic_audit::{
    Actor, AuditTrail, Correlation, DataAccess, Event, Outcome, Purpose, Service, Subject,
};
use civic_core::FakeClock;
use civic_pii::KeyRing;
use serde_json::Value;
use tempfile::TempDir;

use super::civic;

/// 2026-11-25T09:00:00Z.
const NINE: u64 = 1_795_597_200;

const TRACE: [u8; 16] = [0x4b; 16];

fn access(number: &str, purpose: Purpose) -> DataAccess {
    let ring = KeyRing::new("k1", vec![7; 32]).expect("the key is sound");
    DataAccess {
        actor: Actor::staff("caseworker-7012", "caseworker"),
        subject: Subject::record(&ring, "licence", number),
        fields: &["holder"],
        purpose,
    }
}

/// Two replicas, the second ten seconds behind and set back in between; a log of each; one request that went through both.
fn incident() -> TempDir {
    let folder = TempDir::new().expect("a folder for temporary files");
    let clocks = [0, 10]
        .map(|behind| FakeClock::at(SystemTime::UNIX_EPOCH + Duration::from_secs(NINE - behind)));
    let [first, second] = ["first", "second"].map(|name| {
        let clock = &clocks[usize::from(name == "second")];
        AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path().join(name))
            .segment_bytes(256 * 1024)
            .clock(clock.clone())
            .development()
            .open()
            .expect("the trail opens")
    });
    let request = || Correlation::default().trace(TRACE, [1; 8]).request("r-1");

    clocks[0].advance(Duration::from_secs(1));
    let intent = Event::from(access("1", Purpose::new("licence-review"))).correlation(request());
    let guard = first.begin(intent).expect("it is durable");
    clocks[1].advance(Duration::from_secs(2));
    let seen = Event::from(access("2", Purpose::new("licence-review"))).correlation(request());
    second.record(seen).expect("it is durable");
    clocks[1].set(SystemTime::UNIX_EPOCH + Duration::from_secs(NINE - 60));
    let seen = Event::from(access("3", Purpose::new("licence-review"))).correlation(request());
    second.record(seen).expect("it is durable");
    clocks[0].advance(Duration::from_secs(1));
    guard.complete(Outcome::Failed).expect("it is durable");
    // Somebody else, in another request, and in none.
    let other = Correlation::default().request("r-2");
    let seen = Event::from(access("4", Purpose::new("complaint"))).correlation(other);
    first.record(seen).expect("it is durable");
    first
        .record(access("1", Purpose::new("complaint")))
        .expect("it is durable");

    let log = [
        r#"{"timestamp":"2026-11-25T09:00:01.2Z","level":"ERROR","fields":{"message":"no answer for jo.bloggs@example.com","error.code":"PAY-17"},"span":{"trace_id":"4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b"}}"#,
        "a line of something else",
        r#"{"timestamp":"2026-11-25T09:00:01.3Z","level":"INFO","fields":{"message":"looked again","request_id":"r-1"}}"#,
        r#"{"timestamp":"2026-11-25T11:00:00Z","level":"INFO","fields":{"message":"much later"}}"#,
    ];
    fs::write(folder.path().join("log"), log.join("\n")).expect("the folder takes a file");
    folder
}

#[test]
fn a_timeline_keeps_the_order_of_each_trail_whatever_its_clock_says() {
    let folder = incident();
    let mut arguments = vec!["audit", "timeline", "first", "second", "--log", "log"];
    arguments.extend(["--until", "2026-11-25T10:00", "--request", "r-1"]);
    let run = civic(folder.path(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(
        run.err.contains("log: 1 lines are no JSON object"),
        "{}",
        run.err
    );
    assert!(
        run.out.starts_with(
            "trace 4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b  request r-1  4 entries, 2 lines\n"
        ),
        "{}",
        run.out
    );
    assert!(!run.out.contains("jo.bloggs"), "{}", run.out);
    assert!(!run.out.contains('\u{1b}'), "{}", run.out);

    arguments.push("--json");
    let run = civic(folder.path(), &arguments);
    let json: Value = serde_json::from_str(&run.out).expect("it is JSON");
    assert_eq!(json["left_out"][0]["lines"], 1);
    let items = json["groups"][0]["items"].as_array().unwrap();
    assert_eq!(json["groups"].as_array().map(Vec::len), Some(1));
    // What comes before what in truth: in each trail, and in each log.
    let place = |wanted: &dyn Fn(&Value) -> bool| {
        items
            .iter()
            .position(wanted)
            .expect("it is in the timeline")
    };
    let entry = |seq: u64, stream: &str| {
        let stream = stream.to_owned();
        move |item: &Value| {
            item["entry"]["seq"] == seq && item["entry"]["stream"].as_str() == Some(stream.as_str())
        }
    };
    let streams = ["first", "second"].map(|name| {
        civic_audit::streams(folder.path().join(name)).expect("it is a ledger")[0].clone()
    });
    let said = |words: &'static str| {
        move |item: &Value| {
            item["message"]
                .as_str()
                .is_some_and(|said| said.starts_with(words))
        }
    };
    assert!(place(&entry(2, &streams[0])) < place(&entry(3, &streams[0])));
    assert!(place(&entry(2, &streams[1])) < place(&entry(3, &streams[1])));
    assert!(place(&said("no answer")) < place(&said("looked again")));
}

#[test]
fn what_has_no_trace_is_in_the_timeline_too_and_the_window_bounds_it() {
    let folder = incident();
    let run = civic(
        folder.path(),
        &["audit", "timeline", "first", "--log", "log"],
    );
    assert!(
        run.out.contains("request r-2  1 entries, 0 lines"),
        "{}",
        run.out
    );
    assert!(run.out.contains("without a trace"), "{}", run.out);
    assert!(run.out.contains("much later"), "{}", run.out);
    let window = ["audit", "timeline", "first", "--since", "2027-01-01"];
    let run = civic(folder.path(), &window);
    assert_eq!(run.out, "nothing happened in this window\n");
    let absent = civic(
        folder.path(),
        &["audit", "timeline", "first", "--log", "no"],
    );
    assert_eq!(absent.code, Some(3), "{}", absent.err);
}

#[test]
fn people_are_counted_once_and_not_named() {
    let folder = incident();
    let count = |more: &[&str]| {
        let mut arguments = vec!["audit", "affected", "first", "second", "--json"];
        arguments.extend(more);
        let run = civic(folder.path(), &arguments);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!(
            more.contains(&"--list") || !run.out.contains("[CUSTOM"),
            "{}",
            run.out
        );
        let json: Value = serde_json::from_str(&run.out).expect("it is JSON");
        (
            json["people"].as_u64().unwrap(),
            json["entries"].as_u64().unwrap(),
        )
    };
    // Licence 1 was looked at twice.
    assert_eq!(count(&[]), (4, 5));
    assert_eq!(count(&["--list"]), (4, 5));
    assert_eq!(count(&["--purpose", "complaint"]), (2, 2));
    assert_eq!(count(&["--error-code", "PAY-17", "--log", "log"]), (3, 3));
    assert_eq!(count(&["--error-code", "OTHER", "--log", "log"]), (0, 0));
    assert_eq!(count(&["--outcome", "failed"]), (1, 1));
    assert_eq!(count(&["--actor", "nobody"]), (0, 0));
    assert_eq!(count(&["--since", "2026-11-25T09:00:02"]), (2, 2));

    let text = civic(folder.path(), &["audit", "affected", "first"]).out;
    assert!(text.starts_with("people: 2\n  licence: 2\n"), "{text}");
    let list = civic(folder.path(), &["audit", "affected", "first", "--list"]).out;
    assert_eq!(list.matches("[CUSTOM:k1:").count(), 2, "{list}");
    let usage = civic(
        folder.path(),
        &["audit", "affected", "first", "--error-code", "PAY-17"],
    );
    assert_eq!(usage.code, Some(2), "{}", usage.err);
}
