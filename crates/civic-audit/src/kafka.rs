//! Entries as messages of a broker that speaks the Kafka protocol.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer as _, ProducerContext};

use crate::export::{Shape, cloud_event};
use crate::record::Record;
use crate::sink::{Batch, Handed, Sink, SinkError};

/// How long the broker may take to acknowledge a batch unless told.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long one look for acknowledgements waits.
const LOOK: Duration = Duration::from_millis(50);

/// Sends entries to a topic, with the stream as the key: those of a stream are in one partition, in order.
///
/// The producer waits for all replicas that are in sync (`acks=all`) and is idempotent, so that what the client itself sends
/// again comes once. After a failure the relay begins with a new producer and gives again what was not acknowledged, so an entry
/// may stand in the topic twice. A reader drops what it has by stream and sequence, the headers `ce_source` and `ce_sequence`:
/// a sequence below the next is old.
///
/// # What an acknowledgement means
///
/// **A broker may acknowledge before it has synced anything.** Apache Kafka relies on replicas: run at least three with
/// `min.insync.replicas=2` and without unclean elections, and an acknowledged entry is lost only when all of them lose their
/// memory at once. Redpanda syncs before it acknowledges. Where a service has but one broker, keep the ledger on a disk that
/// stays, and [PostgreSQL](crate::PostgresSink) beside it.
///
/// # The client
///
/// librdkafka by way of the crate `rdkafka`: it has the idempotent producer, which the pure Rust clients that were looked at
/// lack or have had for a short time, and is kept up by the maker of the protocol. It is built here without TLS and SASL; a
/// service that needs them adds `rdkafka` to its own manifest with the features `ssl` or `sasl`, and [sets](KafkaSink::set) what
/// they need.
///
/// ```
/// use civic_audit::{KafkaSink, Shape};
///
/// let sink = KafkaSink::new("broker-1:9092,broker-2:9092", "audit")
///     .shape(Shape::Entry)
///     .set("client.id", "licensing");
/// ```
pub struct KafkaSink {
    config: ClientConfig,
    topic: String,
    shape: Shape,
    timeout: Duration,
    producer: Option<BaseProducer<Answers>>,
}

/// What became of a message.
type Answer = Result<(), RDKafkaErrorCode>;

/// What became of each message of a batch, as far as it is known.
#[derive(Clone, Debug, Default)]
struct Answers(Arc<Mutex<Vec<Option<Answer>>>>);

impl KafkaSink {
    /// A sink for a topic, which has to be there, at some of the brokers of a cluster. Messages are [`Shape::Ocsf`] unless told.
    ///
    /// ```
    /// let sink = civic_audit::KafkaSink::new("broker-1:9092,broker-2:9092", "audit");
    /// ```
    pub fn new(brokers: &str, topic: &str) -> Self {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", brokers)
            .set("partitioner", "murmur2_random")
            .set("linger.ms", "2");
        KafkaSink {
            config,
            topic: topic.to_owned(),
            shape: Shape::default(),
            timeout: TIMEOUT,
            producer: None,
        }
    }

    /// What the value of a message looks like.
    ///
    /// ```
    /// # use civic_audit::{KafkaSink, Shape};
    /// let sink = KafkaSink::new("broker-1:9092", "audit").shape(Shape::Entry);
    /// ```
    #[must_use]
    pub fn shape(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    /// How long the brokers may take to acknowledge a batch before it is given again. 30 seconds unless told.
    ///
    /// ```
    /// # use civic_audit::KafkaSink;
    /// let sink = KafkaSink::new("broker-1:9092", "audit").timeout(std::time::Duration::from_secs(10));
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// A setting of librdkafka, such as `security.protocol`. `acks` and `enable.idempotence` stay as they are.
    ///
    /// ```
    /// # use civic_audit::KafkaSink;
    /// let sink = KafkaSink::new("broker-1:9092", "audit").set("compression.type", "lz4");
    /// ```
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.config.set(name, value);
        self
    }

    fn producer(&mut self) -> Result<&BaseProducer<Answers>, KafkaError> {
        if self.producer.is_none() {
            let mut config = self.config.clone();
            config
                .set("acks", "all")
                .set("enable.idempotence", "true")
                .set("message.timeout.ms", self.timeout.as_millis().to_string());
            self.producer = Some(config.create_with_context(Answers::default())?);
        }
        self.producer.as_ref().ok_or(KafkaError::Canceled)
    }

    /// Sends a part of a batch and waits until each message is answered. Gives the answers.
    fn send(
        &mut self,
        batch: &Batch<'_>,
        from: usize,
        count: usize,
    ) -> Result<Vec<Answer>, KafkaError> {
        let (topic, shape) = (self.topic.clone(), self.shape);
        let until = Instant::now() + self.timeout + Duration::from_secs(5);
        let producer = self.producer()?;
        let answers = producer.client().context().clone();
        let entries = batch.iter().skip(from).take(count);
        answers.begin(entries.len());
        for (place, entry) in entries.enumerate() {
            let sent = send_one(
                producer,
                &topic,
                batch.stream(),
                shape,
                (place, entry),
                until,
            );
            if let Err(code) = sent {
                // Nothing behind it is sent, so that nothing overtakes it.
                answers.fill(place, code);
                break;
            }
        }
        while answers.is_waiting() && Instant::now() < until {
            producer.poll(LOOK);
        }
        Ok(answers.end())
    }

    /// Sends a part of a batch, and says what kept it from being stored as a whole.
    fn put(
        &mut self,
        batch: &Batch<'_>,
        from: usize,
        count: usize,
    ) -> Result<usize, (usize, KafkaError)> {
        let answers = match self.send(batch, from, count) {
            Ok(answers) => answers,
            Err(error) => {
                self.producer = None;
                return Err((from, error));
            }
        };
        let stored = answers.iter().take_while(|answer| answer.is_ok()).count();
        match answers.get(stored) {
            Some(Err(code)) => {
                // What was on its way is forgotten with the producer; it would send it again behind what comes next.
                self.producer = None;
                Err((from + stored, KafkaError::MessageProduction(*code)))
            }
            _ => Ok(from + stored),
        }
    }
}

impl Sink for KafkaSink {
    fn store(&mut self, batch: &Batch<'_>) -> Result<u64, SinkError> {
        let mut result = self.put(batch, 0, batch.len());
        // The client sends many messages at once, and the broker refuses them at once; each by itself tells which.
        while let Err((place, error)) = &result
            && is_too_large(error)
            && batch.len() > 1
        {
            let place = *place;
            match self.put(batch, place, 1) {
                Ok(next) if next == batch.len() => result = Ok(next),
                Ok(next) => result = self.put(batch, next, batch.len() - next),
                Err(failed) => {
                    result = Err(failed);
                    break;
                }
            }
        }
        let Err((place, error)) = result else {
            return Ok(batch.end());
        };
        let seq = batch.iter().nth(place).map_or(0, |entry| entry.seq);
        if is_too_large(&error) {
            return Err(SinkError::refused(
                seq,
                "the entry is larger than the broker takes",
            ));
        }
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::BadMessage) {
            return Err(SinkError::refused(seq, "the entry is not one of version 1"));
        }
        if place > 0 {
            return Ok(seq);
        }
        Err(SinkError::passing("the broker takes no entries").because(error))
    }
}

fn is_too_large(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(RDKafkaErrorCode::MessageSizeTooLarge | RDKafkaErrorCode::InvalidMessageSize)
    )
}

/// Puts a message into the queue of the producer, and waits where that is full.
fn send_one(
    producer: &BaseProducer<Answers>,
    topic: &str,
    stream: &str,
    shape: Shape,
    (place, entry): (usize, Handed<'_>),
    until: Instant,
) -> Answer {
    let unfit = RDKafkaErrorCode::BadMessage;
    let record = Record::parse(entry.bytes).map_err(|_| unfit)?;
    let value = shape.line_of(&record, entry.bytes).ok_or(unfit)?;
    let mut message = BaseRecord::with_opaque_to(topic, place)
        .key(stream)
        .payload(&value)
        .headers(headers(&record, shape));
    loop {
        match producer.send(message) {
            Ok(()) => return Ok(()),
            Err((error, again)) => {
                let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail);
                if code != RDKafkaErrorCode::QueueFull || Instant::now() > until {
                    return Err(code);
                }
                message = again;
                producer.poll(LOOK);
            }
        }
    }
}

/// The envelope, as the Kafka binding of CloudEvents has it.
fn headers(record: &Record, shape: Shape) -> OwnedHeaders {
    let attributes = cloud_event(record, shape).attributes;
    let mut headers = OwnedHeaders::new_with_capacity(attributes.len());
    for (name, value) in &attributes {
        let prefixed = match *name {
            "datacontenttype" => "content-type".to_owned(),
            name => format!("ce_{name}"),
        };
        headers = headers.insert(Header {
            key: &prefixed,
            value: Some(value),
        });
    }
    headers
}

impl Answers {
    fn begin(&self, count: usize) {
        let mut answers = self.lock();
        answers.clear();
        answers.resize(count, None);
    }

    /// Answers everything from a place on.
    fn fill(&self, place: usize, code: RDKafkaErrorCode) {
        for answer in self.lock().iter_mut().skip(place) {
            *answer = Some(Err(code));
        }
    }

    fn is_waiting(&self) -> bool {
        self.lock().iter().any(Option::is_none)
    }

    fn end(&self) -> Vec<Answer> {
        let late = Err(RDKafkaErrorCode::MessageTimedOut);
        let answers = std::mem::take(&mut *self.lock());
        answers
            .into_iter()
            .map(|answer| answer.unwrap_or(late))
            .collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Option<Answer>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientContext for Answers {}

impl ProducerContext for Answers {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, place: usize) {
        // One that answers after its batch was given up finds no place.
        if let Some(answer) = self.lock().get_mut(place) {
            *answer = Some(match result {
                Ok(_) => Ok(()),
                Err((error, _)) => {
                    Err(error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail))
                }
            });
        }
    }
}

impl fmt::Debug for KafkaSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The settings may have a password.
        f.debug_struct("KafkaSink")
            .field("topic", &self.topic)
            .finish_non_exhaustive()
    }
}
