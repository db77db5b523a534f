//! Entries as rows.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::types::Type;
use tokio_postgres::{Config, NoTls, Socket};

use crate::postgres::session::{Failure, Number, Session};
use crate::record::Record;
use crate::sink::{Batch, Sink, SinkError};
use crate::tree::leaf_hash;

/// Rows of one statement.
const ROWS: usize = 256;

/// Retention of an entry that names none: the ends of intents, which say nothing that their intents do not.
const NO_RETENTION: &str = "trail";

const STREAM: Number = Number(0);
const INSERT: Number = Number(1);
const CHECK: Number = Number(2);

static STATEMENTS: [(&str, &[Type]); 3] = [
    (
        "WITH new AS (INSERT INTO civic_audit_stream (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING id) \
         SELECT id FROM new UNION ALL SELECT id FROM civic_audit_stream WHERE name = $1",
        &[Type::TEXT],
    ),
    (
        "WITH given AS ( \
             SELECT * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) \
             AS given (seq, retention, leaf, id, logged_time, class, action, entry) \
         ), placed AS ( \
             INSERT INTO civic_audit_place (stream_id, seq, retention, leaf) \
             SELECT $1, seq, retention, leaf FROM given ORDER BY seq \
             ON CONFLICT (stream_id, seq) DO NOTHING RETURNING seq \
         ) \
         INSERT INTO civic_audit_entry (stream_id, seq, retention, id, logged_time, class, action, entry) \
         SELECT $1, given.seq, retention, id::uuid, logged_time::timestamptz, class, action, entry \
         FROM given JOIN placed USING (seq)",
        &[
            Type::INT4,
            Type::INT8_ARRAY,
            Type::TEXT_ARRAY,
            Type::BYTEA_ARRAY,
            Type::TEXT_ARRAY,
            Type::TEXT_ARRAY,
            Type::TEXT_ARRAY,
            Type::TEXT_ARRAY,
            Type::TEXT_ARRAY,
        ],
    ),
    // An entry whose retention is over is known by its hash alone.
    (
        "SELECT given.seq FROM unnest($2, $3, $4) AS given (seq, leaf, entry) \
         LEFT JOIN civic_audit_place AS place ON place.stream_id = $1 AND place.seq = given.seq \
         LEFT JOIN civic_audit_entry AS stored \
             ON stored.stream_id = $1 AND stored.seq = given.seq AND stored.retention = place.retention \
         WHERE place.leaf IS DISTINCT FROM given.leaf OR stored.entry <> given.entry \
         ORDER BY given.seq LIMIT 1",
        &[
            Type::INT4,
            Type::INT8_ARRAY,
            Type::BYTEA_ARRAY,
            Type::TEXT_ARRAY,
        ],
    ),
];

/// Stores entries in the tables of [`ENTRIES`](crate::postgres::ENTRIES), 256 rows at a time.
///
/// The stream and the sequence are unique over all partitions, so that an entry that is given again changes nothing. What is
/// stored already is compared: another entry in the place of this one is [refused](SinkError::refused), and never written over.
///
/// It connects when it first has something to store, and anew after a failure or when the server does not answer in 30
/// seconds. It has a connection of its own, and a runtime for the thread that calls it; do not call it from async code.
///
/// ```no_run
/// use civic_audit::{AuditTrail, PostgresSink, Relay, Service};
///
/// let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), "/var/lib/licensing/audit").open()?;
/// let sink = PostgresSink::new("host=db.internal dbname=audit user=licensing".parse()?)?;
/// let relay = Relay::new("/var/lib/licensing/audit", "postgres", sink).start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PostgresSink<T = NoTls> {
    session: Session<T>,
    streams: HashMap<String, i32>,
}

/// The columns of some rows.
#[derive(Default)]
struct Rows<'a> {
    seqs: Vec<i64>,
    retentions: Vec<String>,
    leaves: Vec<Vec<u8>>,
    ids: Vec<String>,
    times: Vec<String>,
    classes: Vec<String>,
    actions: Vec<String>,
    entries: Vec<&'a str>,
}

impl PostgresSink {
    /// A sink that connects without TLS: by a socket, or on a network that is encrypted by itself.
    ///
    /// ```
    /// use civic_audit::PostgresSink;
    /// let sink = PostgresSink::new("host=/run/postgresql dbname=audit".parse()?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the system gives no runtime.
    pub fn new(config: Config) -> std::io::Result<Self> {
        Self::with_tls(config, NoTls)
    }
}

impl<T> PostgresSink<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + 'static,
    T::Stream: Send + 'static,
{
    /// A sink that connects with the TLS of a crate such as `tokio-postgres-rustls`.
    ///
    /// ```
    /// use civic_audit::PostgresSink;
    /// # let connector = tokio_postgres::NoTls;
    /// let sink = PostgresSink::with_tls("host=db.internal dbname=audit sslmode=require".parse()?, connector)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the system gives no runtime.
    pub fn with_tls(config: Config, tls: T) -> std::io::Result<Self> {
        Ok(PostgresSink {
            session: Session::new(config, tls, &STATEMENTS)?,
            streams: HashMap::new(),
        })
    }

    /// How long the server may take for one answer before the connection is given up. 30 seconds unless told.
    ///
    /// ```
    /// # use civic_audit::PostgresSink;
    /// let sink = PostgresSink::new("host=db.internal".parse()?)?.timeout(std::time::Duration::from_secs(5));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.session.set_timeout(timeout);
        self
    }

    fn stream_id(&mut self, name: &str) -> Result<i32, Failure> {
        // After a failure another server may answer, whose numbers are its own.
        if self.session.is_closed() {
            self.streams.clear();
        }
        if let Some(id) = self.streams.get(name) {
            return Ok(*id);
        }
        // Another session that adds the same name at this moment leaves this answer empty, once.
        let mut rows = self.session.query(STREAM, &[&name])?;
        if rows.is_empty() {
            rows = self.session.query(STREAM, &[&name])?;
        }
        let id: i32 = match rows.first() {
            Some(row) => row.try_get(0).map_err(Failure::Postgres)?,
            None => return Err(Failure::Late),
        };
        self.streams.insert(name.to_owned(), id);
        Ok(id)
    }

    fn insert(&mut self, stream: i32, rows: &Rows<'_>) -> Result<Option<i64>, Failure> {
        let stored = self.session.execute(
            INSERT,
            &[
                &stream,
                &rows.seqs,
                &rows.retentions,
                &rows.leaves,
                &rows.ids,
                &rows.times,
                &rows.classes,
                &rows.actions,
                &rows.entries,
            ],
        )?;
        if stored == rows.seqs.len() as u64 {
            return Ok(None);
        }
        let found = self
            .session
            .query(CHECK, &[&stream, &rows.seqs, &rows.leaves, &rows.entries])?;
        match found.first() {
            Some(row) => row.try_get(0).map(Some).map_err(Failure::Postgres),
            None => Ok(None),
        }
    }

    /// Stores a piece of a batch.
    fn put(&mut self, stream: i32, rows: &Rows<'_>) -> Result<(), SinkError> {
        match self.insert(stream, rows) {
            Ok(None) => Ok(()),
            Ok(Some(seq)) => Err(SinkError::refused(
                seq as u64,
                "another entry is stored in its place",
            )),
            // One of them; each by itself tells which.
            Err(failure) if failure.is_about_values() && rows.seqs.len() > 1 => {
                (0..rows.seqs.len()).try_for_each(|place| self.put(stream, &rows.one(place)))
            }
            Err(failure) if failure.is_about_values() => Err(SinkError::refused(
                rows.seqs[0] as u64,
                "the database does not take its values",
            )
            .because(failure)),
            Err(failure) => Err(away(failure)),
        }
    }
}

impl<T> Sink for PostgresSink<T>
where
    T: MakeTlsConnect<Socket> + Clone + Send + 'static,
    T::Stream: Send + 'static,
    T::TlsConnect: Send,
{
    fn store(&mut self, batch: &Batch<'_>) -> Result<u64, SinkError> {
        let stream = self.stream_id(batch.stream()).map_err(away)?;
        let mut rows = Rows::default();
        for entry in batch.iter() {
            if let Err(why) = rows.push(entry.seq, entry.bytes) {
                // What stands before it is stored first.
                if !rows.seqs.is_empty() {
                    self.put(stream, &rows)?;
                }
                return Err(SinkError::refused(entry.seq, why));
            }
            if rows.seqs.len() == ROWS {
                self.put(stream, &rows)?;
                rows = Rows::default();
            }
        }
        if !rows.seqs.is_empty() {
            self.put(stream, &rows)?;
        }
        Ok(batch.end())
    }
}

impl<'a> Rows<'a> {
    fn push(&mut self, seq: u64, bytes: &'a [u8]) -> Result<(), &'static str> {
        let unfit = "the entry is not one of version 1";
        let text = std::str::from_utf8(bytes).map_err(|_| unfit)?;
        let record = Record::parse(bytes).map_err(|_| unfit)?;
        let number = i64::try_from(seq).map_err(|_| unfit)?;
        let retention = record
            .other
            .get("retention")
            .and_then(|retention| retention.get("class")?.as_str())
            .unwrap_or(NO_RETENTION);
        self.retentions.push(retention.to_owned());
        self.seqs.push(number);
        self.leaves.push(leaf_hash(bytes).to_vec());
        self.ids.push(record.id.to_string());
        self.times.push(record.logged_time);
        self.classes.push(record.class);
        self.actions.push(record.action);
        self.entries.push(text);
        Ok(())
    }

    /// One of the rows.
    fn one(&self, place: usize) -> Rows<'a> {
        Rows {
            seqs: vec![self.seqs[place]],
            retentions: vec![self.retentions[place].clone()],
            leaves: vec![self.leaves[place].clone()],
            ids: vec![self.ids[place].clone()],
            times: vec![self.times[place].clone()],
            classes: vec![self.classes[place].clone()],
            actions: vec![self.actions[place].clone()],
            entries: vec![self.entries[place]],
        }
    }
}

fn away(failure: Failure) -> SinkError {
    SinkError::passing("the database does not store entries").because(failure)
}

impl<T> fmt::Debug for PostgresSink<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostgresSink")
    }
}
