//! The sink against brokers of the Kafka protocol: the one in librdkafka, and one in a process of its own where it is installed.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[path = "../../../tests/kafka_broker.rs"]
mod kafka_broker;

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use civic_audit::{
    Actor, AuditTrail, Auth, Event, KafkaSink, Record, Relay, Service, Shape, Step, dead_letters,
};
use kafka_broker::{Broker, TOPIC};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Headers as _, Message as _};
use rdkafka::mocking::MockCluster;
use rdkafka::{Offset, TopicPartitionList};

fn trail(folder: &Path) -> AuditTrail {
    AuditTrail::builder(Service::new("licensing", "1.4.0"), folder)
        .segment_bytes(1024 * 1024)
        .development()
        .open()
        .unwrap()
}

fn record(trail: &AuditTrail, count: usize, text: usize) {
    let given: Vec<_> = (0..count)
        .map(|_| {
            let auth = Auth {
                actor: Actor::system(),
                step: "sign-in",
                method: "token",
            };
            let text = "words ".repeat(text);
            trail
                .submit(Event::from(auth).detail("text", text))
                .unwrap()
        })
        .collect();
    for submitted in given {
        submitted.wait().unwrap();
    }
}

fn drain(relay: &mut Relay) {
    let until = Instant::now() + Duration::from_mins(2);
    loop {
        match relay.step() {
            Step::Idle => return,
            Step::Failed { wait, error } => {
                assert!(Instant::now() < until, "{error}");
                std::thread::sleep(wait);
            }
            _ => {}
        }
    }
}

/// A message as a reader sees it: key, stream and sequence of the headers, value.
struct Read {
    key: String,
    headers: HashMap<String, String>,
    value: Vec<u8>,
}

/// Every message in the topic, until it holds so many different ones.
fn read(brokers: &str, different: usize) -> Vec<Read> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "readers")
        .create()
        .unwrap();
    let mut from = TopicPartitionList::new();
    from.add_partition_offset(TOPIC, 0, Offset::Beginning)
        .unwrap();
    consumer.assign(&from).unwrap();
    let until = Instant::now() + Duration::from_mins(1);
    let mut messages: Vec<Read> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    while seen.len() < different && Instant::now() < until {
        let Some(Ok(message)) = consumer.poll(Duration::from_millis(200)) else {
            continue;
        };
        let headers: HashMap<String, String> = message
            .headers()
            .unwrap()
            .iter()
            .map(|header| {
                let value = header.value.unwrap_or_default();
                (
                    header.key.to_owned(),
                    String::from_utf8(value.to_vec()).unwrap(),
                )
            })
            .collect();
        seen.insert((headers["ce_source"].clone(), headers["ce_sequence"].clone()));
        messages.push(Read {
            key: String::from_utf8(message.key().unwrap().to_vec()).unwrap(),
            headers,
            value: message.payload().unwrap().to_vec(),
        });
    }
    messages
}

/// What a reader keeps that drops what it has: the sequences, which must come in order.
fn deduped(messages: &[Read]) -> Vec<u64> {
    let mut kept = Vec::new();
    for message in messages {
        let seq: u64 = message.headers["ce_sequence"].parse().unwrap();
        if seq == kept.len() as u64 {
            kept.push(seq);
        } else {
            assert!(seq < kept.len() as u64, "{seq} comes before {}", kept.len());
        }
    }
    kept
}

fn size(folder: &Path) -> usize {
    civic_audit::verify(folder).unwrap().entries as usize
}

#[test]
fn messages_have_the_stream_as_key_the_envelope_in_headers_and_the_entry_as_value() {
    let cluster = MockCluster::new(3).unwrap();
    cluster.create_topic(TOPIC, 1, 3).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let trail = trail(folder.path());
    record(&trail, 300, 1);
    let sink = KafkaSink::new(&cluster.bootstrap_servers(), TOPIC).shape(Shape::Entry);
    let mut relay = Relay::new(folder.path(), "kafka", sink);
    drain(&mut relay);
    let messages = read(&cluster.bootstrap_servers(), size(folder.path()));
    assert_eq!(messages.len(), 302);
    assert_eq!(deduped(&messages).len(), 302);
    let message = &messages[17];
    let record = Record::parse(&message.value).unwrap();
    assert_eq!(message.key, trail.stream());
    assert_eq!(record.seq, 17);
    for (name, value) in [
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", record.id.to_string()),
        ("ce_source", trail.stream().to_owned()),
        ("ce_type", "auth".to_owned()),
        ("ce_time", record.time),
        ("content-type", "application/json".to_owned()),
    ] {
        assert_eq!(message.headers[name], value);
    }
}

#[test]
fn an_entry_that_is_too_large_is_a_dead_letter_and_the_others_arrive() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic(TOPIC, 1, 1).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let trail = trail(folder.path());
    record(&trail, 20, 1);
    record(&trail, 1, 600);
    record(&trail, 20, 1);
    let sink = KafkaSink::new(&cluster.bootstrap_servers(), TOPIC)
        .shape(Shape::Entry)
        .set("message.max.bytes", "3000");
    drain(&mut Relay::new(folder.path(), "kafka", sink));
    let letters = dead_letters(folder.path(), "kafka").unwrap();
    assert_eq!(
        letters.iter().map(|letter| letter.seq).collect::<Vec<_>>(),
        [22]
    );
    assert_eq!(letters[0].why, "the entry is larger than the broker takes");
    let messages = read(&cluster.bootstrap_servers(), 42);
    let sequences: std::collections::BTreeSet<u64> = messages
        .iter()
        .map(|message| message.headers["ce_sequence"].parse().unwrap())
        .collect();
    assert_eq!(sequences, (0..43).filter(|seq| *seq != 22).collect());
}

#[test]
fn a_broker_that_is_killed_in_the_middle_of_a_batch_loses_nothing() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let Some(mut broker) = Broker::start(target) else {
        println!(
            "skipped: no broker of the Kafka protocol; see tests/kafka_broker.rs for how to bring it"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let trail = trail(folder.path());
    let sink = KafkaSink::new(&broker.address(), TOPIC)
        .shape(Shape::Entry)
        .timeout(Duration::from_secs(5))
        // A batch on the wire is small, so that a kill is in the middle of many.
        .set("batch.size", "8000");
    let relay = Relay::new(folder.path(), "kafka", sink).start().unwrap();
    for turn in 0..2 {
        record(&trail, 1000, 10);
        std::thread::sleep(Duration::from_millis(20 + 60 * turn));
        broker.kill();
        record(&trail, 100, 10);
        broker.go_up();
    }
    let delivery = relay.delivery();
    assert!(
        relay.finish(Duration::from_mins(2)),
        "{:?}",
        delivery.counts()
    );
    let messages = read(&broker.address(), size(folder.path()));
    assert_eq!(deduped(&messages).len(), size(folder.path()));
}
