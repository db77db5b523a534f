//! What an entry says, as those read it who come after.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use civic_audit::{
    AccessDenied, Actor, AuditMeta, AuditTrail, Auth, Correlation, DataAccess, DataChange,
    Deployment, Digest, Disclosure, Erasure, Event, FlagChange, Guarded, HealthTransition, Name,
    Outcome, PrivilegeChange, Purpose, Record, Right, Service, ServiceLifecycle, Subject,
    Transition, read, verify,
};
use civic_core::{DependencyName, JourneyName};
use civic_pii::{KeyRing, Pii, tag};
use serde_json::{Value, json};

struct Fixture {
    folder: tempfile::TempDir,
    trail: AuditTrail,
    ring: KeyRing,
}

fn fixture() -> Fixture {
    let folder = tempfile::tempdir().expect("a folder");
    let service = Service::new("licensing", "1.4.0")
        .revision("9f86d08")
        .deployment("7012/1");
    let trail = AuditTrail::builder(service, folder.path())
        .segment_bytes(256 * 1024)
        .development()
        .open()
        .expect("the trail opens");
    Fixture {
        folder,
        trail,
        ring: KeyRing::new("k1", vec![7; 32]).expect("the key is sound"),
    }
}

impl Fixture {
    fn subject(&self) -> Subject {
        Subject::of(&self.ring, &Pii::new(tag::Nino, "AB123456C"))
    }

    fn access(&self) -> DataAccess {
        DataAccess {
            actor: officer(),
            subject: self.subject(),
            fields: &["holder", "address"],
            purpose: Purpose::new("licence-review"),
        }
    }

    /// Ends the trail and gives the entries of the service's own events.
    fn finish(self) -> Vec<Record> {
        drop(self.trail);
        let report = verify(self.folder.path()).expect("the ledger is there");
        assert!(report.is_sound(), "{:?}", report.problems);
        let mut records = Vec::new();
        read(self.folder.path(), &mut |record| {
            records.push(record);
            true
        })
        .expect("the ledger is there");
        records.split_off(2)
    }
}

fn officer() -> Actor {
    Actor::staff(
        Name::parse("caseworker-7012").expect("a name"),
        "caseworker",
    )
    .organisation("dvla")
}

fn json_of(record: &Record) -> Value {
    let mut value = Value::Object(record.other.clone());
    value["actor"] = record.actor.clone().unwrap_or_default();
    value["purpose"] = record.purpose.clone().unwrap_or_default();
    value["subjects"] = json!(record.subjects);
    value
}

#[test]
fn a_staff_look_up_says_who_whom_which_fields_and_why() {
    let fixture = fixture();
    let pseudonym = fixture.subject().pseudonym().to_owned();
    let event = Event::from(fixture.access())
        .action("licence.view")
        .correlation(
            Correlation::default()
                .trace([0x4b; 16], [0x7a; 8])
                .request("7f9c2b1a")
                .journey(JourneyName::new("renew-a-licence")),
        );
    let guard = fixture.trail.begin(event).unwrap();
    let intent_id = guard.id();
    guard
        .complete_with(Outcome::Failed, "no such licence")
        .unwrap();
    let records = fixture.finish();
    let (intent, outcome) = (&records[0], &records[1]);

    assert_eq!((intent.v, intent.seq), (1, 2));
    assert_eq!(
        (&*intent.class, &*intent.action, &*intent.phase),
        ("data_access", "licence.view", "intent")
    );
    assert_eq!((intent.id, intent.outcome.as_deref()), (intent_id, None));
    assert_eq!(intent.fields, ["holder", "address"]);
    let value = json_of(intent);
    assert_eq!(
        value["actor"],
        json!({"type": "staff", "id": "caseworker-7012", "role": "caseworker", "organisation": "dvla"})
    );
    assert_eq!(
        value["subjects"],
        json!([{"type": "nino", "ref": pseudonym}])
    );
    assert_eq!(value["purpose"], json!({"name": "licence-review"}));
    assert_eq!(
        value["correlation"],
        json!({
            "trace_id": "4b".repeat(16),
            "span_id": "7a".repeat(8),
            "request_id": "7f9c2b1a",
            "journey": "renew-a-licence"
        })
    );
    assert_eq!(
        value["service"],
        json!({"name": "licensing", "version": "1.4.0", "revision": "9f86d08", "deployment_id": "7012/1"})
    );
    assert_eq!(
        value["retention"],
        json!({"class": "access", "period": "P2Y"})
    );
    assert!(intent.stream.starts_with("licensing/") && intent.stream.ends_with("/1"));

    assert_eq!(
        (&*outcome.phase, outcome.outcome.as_deref(), outcome.intent),
        ("outcome", Some("failed"), Some(intent_id))
    );
    assert_eq!(outcome.other["detail"]["outcome"], "no such licence");
}

#[test]
fn free_text_is_redacted_and_cut_and_the_entry_says_so() {
    let fixture = fixture();
    let mut access = fixture.access();
    access.purpose = Purpose::new("licence-review").because("she rang from 07700 900123");
    let event = Event::from(access)
        .detail("note", "her number is AB123456C")
        .detail("long", "word ".repeat(1000));
    fixture.trail.begin(event).unwrap().succeed().unwrap();
    let records = fixture.finish();
    let value = json_of(&records[0]);
    assert_eq!(value["purpose"]["justification"], "she rang from [PHONE]");
    assert_eq!(value["detail"]["note"], "her number is [NINO]");
    assert_eq!(
        value["redacted"],
        json!([
            {"field": "purpose.justification", "kinds": ["phone"], "count": 1},
            {"field": "detail.note", "kinds": ["nino"], "count": 1}
        ])
    );
    assert_eq!(value["detail"]["long"].as_str().unwrap().len(), 4096);
    assert_eq!(
        value["truncated"],
        json!([{"field": "detail.long", "left_out": 904}])
    );
}

#[test]
fn an_event_of_any_size_becomes_an_entry() {
    let fixture = fixture();
    let mut event = Event::from(fixture.access());
    for _ in 0..40 {
        event = event.detail("part", "\u{1}".repeat(4096));
    }
    for number in 0..300 {
        event = event.also_about(Subject::record(
            &fixture.ring,
            "licence",
            &number.to_string(),
        ));
    }
    fixture.trail.begin(event).unwrap().succeed().unwrap();
    let records = fixture.finish();
    let value = json_of(&records[0]);
    assert_eq!(records[0].subjects.len(), 200);
    let truncated = value["truncated"].as_array().unwrap();
    assert!(truncated.contains(&json!({"field": "subjects", "left_out": 101})));
    assert!(truncated.contains(&json!({"field": "detail.part", "left_out": 4096})));
}

#[test]
fn no_identifier_of_a_citizen_is_on_the_disk() {
    let fixture = fixture();
    let citizen = Actor::citizen(fixture.subject());
    let change = DataChange {
        actor: citizen,
        subject: fixture.subject(),
        fields: &["address"],
        purpose: Purpose::new("change-of-address")
            .because("AB123456C moved, jo.bloggs@example.com"),
    };
    let event = Event::from(change)
        .correlation(Correlation::default().request("AB123456C"))
        .detail("old", "AB 12 34 56 C");
    fixture.trail.record(event).unwrap();
    let folder = fixture.folder.path().to_owned();
    for entry in std::fs::read_dir(folder.join("stream-0001")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in ["AB123456C", "AB 12 34 56 C", "jo.bloggs"] {
            let found = bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!found, "{secret}");
        }
    }
    fixture.finish();
}

#[test]
fn every_class_has_its_fields() {
    let fixture = fixture();
    let trail = &fixture.trail;
    let digest = Digest::parse(&format!("sha256:{}", "0a".repeat(32))).unwrap();
    let purpose = || Purpose::new("statutory-request");
    trail
        .record(Disclosure {
            actor: Actor::service("nightly-export"),
            subject: fixture.subject(),
            fields: &["holder"],
            recipient: "police:national-computer".into(),
            purpose: purpose(),
        })
        .unwrap();
    trail
        .record(Erasure {
            actor: Actor::system(),
            subject: fixture.subject(),
            fields: &["holder"],
            basis: Purpose::new("retention-ended"),
        })
        .unwrap();
    trail
        .record(AccessDenied {
            actor: officer(),
            subject: Some(fixture.subject()),
            attempted: "licence.view",
            reason: "not in the team of this case",
        })
        .unwrap();
    trail
        .record(
            Event::from(Auth {
                actor: officer(),
                step: "sign-in",
                method: "smart-card",
            })
            .outcome(Outcome::Failed),
        )
        .unwrap();
    trail
        .record(PrivilegeChange {
            actor: officer(),
            target: "caseworker-7013".into(),
            right: Right::Granted("view-medical".into()),
            purpose: purpose(),
        })
        .unwrap();
    trail
        .record(Deployment {
            deployer: Actor::pipeline("github:example/licensing"),
            approver: officer(),
            run: "7012/1".into(),
            commit: "9f86d08".into(),
            image: digest.clone(),
            configuration: digest,
            environment: "production".into(),
        })
        .unwrap();
    trail
        .record(FlagChange {
            actor: officer(),
            flag: "new-payment-page".into(),
            from: "on".into(),
            to: "off".into(),
            purpose: purpose(),
        })
        .unwrap();
    trail
        .record(ServiceLifecycle {
            actor: Actor::system(),
            transition: Transition::Stopping,
        })
        .unwrap();
    trail
        .record(HealthTransition {
            actor: Actor::system(),
            dependency: DependencyName::new("payments"),
            from: "up",
            to: "down",
            reason: "timeout",
        })
        .unwrap();
    trail
        .record(AuditMeta {
            actor: officer(),
            what: "audit.exported",
            purpose: purpose(),
        })
        .unwrap();
    let records = fixture.finish();
    let shown: Vec<(&str, &str)> = records
        .iter()
        .map(|record| (&*record.class, record.outcome.as_deref().unwrap_or("-")))
        .collect();
    assert_eq!(
        shown,
        [
            ("disclosure", "succeeded"),
            ("erasure", "succeeded"),
            ("access_denied", "refused"),
            ("auth", "failed"),
            ("privilege_change", "succeeded"),
            ("deployment", "succeeded"),
            ("flag_change", "succeeded"),
            ("service_lifecycle", "succeeded"),
            ("health_transition", "succeeded"),
            ("audit_meta", "succeeded"),
        ]
    );
    assert_eq!(records[0].other["recipient"], "police:national-computer");
    assert_eq!(
        records[1].purpose.as_ref().unwrap()["name"],
        "retention-ended"
    );
    assert_eq!(records[2].other["reason"], "not in the team of this case");
    assert_eq!(records[4].other["granted"], "view-medical");
    assert_eq!(records[5].other["approver"]["id"], "caseworker-7012");
    assert_eq!(records[8].other["dependency"], "payments");
}

#[test]
fn a_record_opens_to_the_entry_of_its_own_subject_only() {
    let fixture = fixture();
    let found = Guarded::new(fixture.subject(), Pii::new(tag::PersonName, "A Person"));
    let own = fixture.trail.begin(fixture.access()).unwrap();
    assert_eq!(*found.open(&own).unwrap(), "A Person");
    let mut access = fixture.access();
    access.subject = Subject::record(&fixture.ring, "licence", "2026/0001");
    let other = fixture.trail.begin(access).unwrap();
    assert!(found.open(&other).is_err());
    assert_eq!(format!("{found:?}"), "Guarded([PERSON-NAME])");
    own.succeed().unwrap();
    drop(other);
    let records = fixture.finish();
    assert_eq!(records[3].outcome.as_deref(), Some("abandoned"));
}

#[test]
fn a_time_of_the_past_is_kept_beside_the_time_of_writing() {
    let fixture = fixture();
    let auth = Auth {
        actor: Actor::system(),
        step: "sign-in",
        method: "token",
    };
    let time = SystemTime::UNIX_EPOCH + Duration::from_micros(1_764_034_227_123_456);
    fixture.trail.record(Event::from(auth).at(time)).unwrap();
    let records = fixture.finish();
    assert_eq!(records[0].time, "2025-11-25T01:30:27.123456Z");
    assert!(records[0].logged_time > records[0].time);
}

#[test]
fn events_that_may_be_lost_neither_wait_nor_fail() {
    let fixture = fixture();
    for _ in 0..100 {
        let event = HealthTransition {
            actor: Actor::system(),
            dependency: DependencyName::new("payments"),
            from: "up",
            to: "down",
            reason: "timeout",
        };
        fixture.trail.note(&Event::from(event).best_effort());
    }
    let dropped = fixture.trail.counts().dropped;
    assert_eq!(fixture.finish().len() as u64, 100 - dropped);
}

#[test]
fn a_future_needs_no_runtime_and_survives_being_dropped() {
    use std::task::{Context, Poll, Wake, Waker};

    struct Bell(Mutex<Option<std::thread::Thread>>);
    impl Wake for Bell {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.lock().unwrap().as_ref().unwrap().unpark();
        }
    }
    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let bell = std::sync::Arc::new(Bell(Mutex::new(Some(std::thread::current()))));
        let waker = Waker::from(bell);
        let mut future = std::pin::pin!(future);
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(value) => return value,
                Poll::Pending => std::thread::park(),
            }
        }
    }

    let fixture = fixture();
    let trail = &fixture.trail;
    let guard = block_on(trail.begin_async(fixture.access())).unwrap();
    block_on(guard.complete_async(Outcome::Succeeded)).unwrap();
    // A client that hangs up while the intent is being written.
    {
        let mut future = std::pin::pin!(trail.begin_async(fixture.access()));
        let _ = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
    }
    let records = fixture.finish();
    let outcomes: Vec<&str> = records
        .iter()
        .filter_map(|record| record.outcome.as_deref())
        .collect();
    assert_eq!(outcomes, ["succeeded", "abandoned"]);
}

#[test]
fn staff_and_organisations_are_no_way_around() {
    for unfit in [
        "",
        "AB123456C",
        "jo.bloggs@example.com",
        "Jo Bloggs",
        "a\"b",
    ] {
        assert!(Name::parse(unfit).is_err(), "{unfit}");
    }
    assert!(Name::parse(&"a".repeat(129)).is_err());
    let error = Name::parse("AB123456C").unwrap_err().to_string();
    assert!(!error.contains("AB1"), "{error}");
}

#[test]
fn a_service_needs_a_name_that_can_be_part_of_a_stream() {
    let folder = tempfile::tempdir().unwrap();
    let opened = AuditTrail::builder(Service::new("my service", "1"), folder.path()).open();
    assert_eq!(
        opened.unwrap_err().to_string(),
        "the name of a service is 1 to 64 letters, digits, hyphens, dots and underscores"
    );
}
