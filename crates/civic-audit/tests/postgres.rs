//! The sink and the outbox against a real PostgreSQL, where it is installed.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[path = "../../../tests/postgres_server.rs"]
mod postgres_server;

use std::sync::Arc;
use std::time::Duration;

use civic_audit::postgres::{ENTRIES, INSERT_OUTBOX, OUTBOX, OutboxMover};
use civic_audit::{
    Actor, AuditTrail, Auth, DataAccess, Event, PostgresSink, Purpose, Relay, Retention, Service,
    Step, Subject, dead_letters,
};
use civic_pii::KeyRing;
use postgres_server::Server;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

struct Place {
    server: Server,
    runtime: Runtime,
    client: Client,
    folder: TempDir,
    _data: TempDir,
}

impl Place {
    fn new() -> Option<Self> {
        let data = tempfile::tempdir().unwrap();
        let Some(server) = Server::start(data.path()) else {
            println!("skipped: no PostgreSQL; `apt-get install postgresql` brings it");
            return None;
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let config = Server::config(server.port());
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
            tokio::spawn(connection);
            // A migration that is run again changes nothing.
            for migration in [ENTRIES, OUTBOX, ENTRIES, OUTBOX] {
                client.batch_execute(migration).await.unwrap();
            }
            client
        });
        Some(Place {
            server,
            runtime,
            client,
            folder: tempfile::tempdir().unwrap(),
            _data: data,
        })
    }

    fn trail(&self) -> AuditTrail {
        AuditTrail::builder(Service::new("licensing", "1.4.0"), self.folder.path())
            .segment_bytes(256 * 1024)
            .development()
            .open()
            .unwrap()
    }

    fn sink(&self) -> PostgresSink {
        PostgresSink::new(Server::config(self.server.port()).parse().unwrap()).unwrap()
    }

    fn relay(&self) -> Relay {
        Relay::new(self.folder.path(), "postgres", self.sink())
    }

    fn mover(&self, trail: &AuditTrail) -> OutboxMover {
        OutboxMover::new(trail, Server::config(self.server.port()).parse().unwrap()).unwrap()
    }

    /// Rows as text, columns joined by a bar.
    fn ask(&self, statement: &str) -> Vec<String> {
        let messages = self.runtime.block_on(self.client.simple_query(statement));
        let rows = messages.unwrap().into_iter().filter_map(|message| {
            let SimpleQueryMessage::Row(row) = message else {
                return None;
            };
            let columns = (0..row.len()).map(|place| row.get(place).unwrap_or("-"));
            Some(columns.collect::<Vec<_>>().join("|"))
        });
        rows.collect()
    }

    fn put(&self, id: &str, body: &str) {
        let put = async { self.client.execute(INSERT_OUTBOX, &[&id, &body]).await };
        self.runtime.block_on(put).unwrap();
    }

    fn fails(&self, statement: &str) -> String {
        let error = self.runtime.block_on(self.client.batch_execute(statement));
        error.unwrap_err().code().unwrap().code().to_owned()
    }
}

fn drain(relay: &mut Relay) {
    loop {
        match relay.step() {
            Step::Idle => return,
            Step::Failed { error, .. } => {
                panic!("{error}: {:?}", std::error::Error::source(&error))
            }
            _ => {}
        }
    }
}

fn auth() -> Auth {
    Auth {
        actor: Actor::system(),
        step: "sign-in",
        method: "token",
    }
}

fn access() -> DataAccess {
    let ring = KeyRing::new("k1", vec![7; 32]).unwrap();
    DataAccess {
        actor: Actor::staff("caseworker-7012", "caseworker"),
        subject: Subject::record(&ring, "licence", "2026/0042"),
        fields: &["holder"],
        purpose: Purpose::new("licence-review"),
    }
}

/// Entries of a trail of every class of retention.
fn record(trail: &AuditTrail, count: usize) {
    let given: Vec<_> = (0..count)
        .map(|place| {
            let retention = Retention::ALL[place % Retention::ALL.len()];
            let event = Event::from(auth()).retention(retention);
            trail.submit(event).unwrap()
        })
        .collect();
    for submitted in given {
        submitted.wait().unwrap();
    }
}

/// The entries of the ledger, byte by byte as the rows have them.
fn ledger(place: &Place) -> Vec<String> {
    let mut rows = Vec::new();
    civic_audit::read(place.folder.path(), &mut |record| {
        rows.push(format!("{}|{}|{}", record.stream, record.seq, record.id));
        true
    })
    .unwrap();
    rows
}

const ALL: &str = "SELECT stream, seq, id FROM civic_audit ORDER BY stream, seq";

#[test]
fn entries_become_rows_in_partitions_and_come_once_however_often_they_are_given() {
    let Some(place) = Place::new() else { return };
    let trail = place.trail();
    record(&trail, 700);
    trail.begin(access()).unwrap().succeed().unwrap();
    drain(&mut place.relay());
    assert_eq!(place.ask(ALL), ledger(&place));
    for class in Retention::ALL {
        let partition = format!(
            "SELECT count(*) > 0, bool_and(retention = '{0}') FROM civic_audit_entry_{0}",
            class.id()
        );
        assert_eq!(place.ask(&partition), ["t|t"], "{class:?}");
    }
    // The bytes are those that the tree is made of.
    let hashes = "SELECT count(*) FROM civic_audit_place p JOIN civic_audit_entry e USING (stream_id, seq) \
                  WHERE p.leaf <> sha256('\\x00'::bytea || convert_to(e.entry, 'UTF8'))";
    assert_eq!(place.ask(hashes), ["0"]);

    // As after a crash before the position was durable: everything is given again, with some that is new.
    std::fs::remove_file(place.folder.path().join("relay-postgres/position")).unwrap();
    record(&trail, 10);
    drain(&mut place.relay());
    assert_eq!(place.ask(ALL), ledger(&place));
    assert!(
        dead_letters(place.folder.path(), "postgres")
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_stream_and_sequence_are_unique_over_all_partitions() {
    let Some(place) = Place::new() else { return };
    let trail = place.trail();
    record(&trail, 5);
    drain(&mut place.relay());
    let copy = |retention: &str| {
        format!(
            "INSERT INTO civic_audit_entry SELECT stream_id, seq, {retention}, id, logged_time, class, action, entry \
             FROM civic_audit_entry WHERE seq = 3"
        )
    };
    assert_eq!(place.fails(&copy("retention")), "23505");
    for class in ["access", "change", "security", "operations", "trail", "new"] {
        let state = place.fails(&copy(&format!("'{class}'")));
        assert!(
            ["23503", "23505"].contains(&state.as_str()),
            "{class}: {state}"
        );
    }
    let second = "INSERT INTO civic_audit_place SELECT stream_id, seq, 'new', leaf FROM civic_audit_place WHERE seq = 3";
    assert_eq!(place.fails(second), "23505");
}

#[test]
fn another_entry_in_the_place_of_one_is_kept_and_told_and_the_rest_follows() {
    let Some(place) = Place::new() else { return };
    let trail = place.trail();
    record(&trail, 20);
    drain(&mut place.relay());
    place
        .ask("UPDATE civic_audit_entry SET entry = replace(entry, 'token', 'other') WHERE seq = 7");
    std::fs::remove_file(place.folder.path().join("relay-postgres/position")).unwrap();
    record(&trail, 20);
    let mut relay = place.relay();
    drain(&mut relay);
    let letters = dead_letters(place.folder.path(), "postgres").unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!(
        (letters[0].seq, letters[0].stream.as_str()),
        (7, trail.stream())
    );
    assert_eq!(letters[0].why, "another entry is stored in its place");
    assert!(String::from_utf8_lossy(&letters[0].entry).contains("\"token\""));
    // Nothing was written over, and everything behind it is there.
    assert_eq!(place.ask(ALL), ledger(&place));
    assert_eq!(
        place.ask("SELECT count(*) FROM civic_audit WHERE entry LIKE '%\"other\"%'"),
        ["1"]
    );
    assert_eq!(relay.delivery().counts().dead_letters, 1);
}

#[test]
fn what_retention_removed_does_not_come_back_and_a_new_class_is_not_lost() {
    let Some(place) = Place::new() else { return };
    let trail = place.trail();
    record(&trail, 50);
    drain(&mut place.relay());
    place.ask("DELETE FROM civic_audit_entry_access");
    std::fs::remove_file(place.folder.path().join("relay-postgres/position")).unwrap();
    drain(&mut place.relay());
    assert_eq!(
        place.ask("SELECT count(*) FROM civic_audit_entry_access"),
        ["0"]
    );
    assert_eq!(
        place.ask("SELECT count(*) FROM civic_audit_place"),
        [ledger(&place).len().to_string()]
    );
    assert!(
        dead_letters(place.folder.path(), "postgres")
            .unwrap()
            .is_empty()
    );
    place.ask("DROP TABLE civic_audit_entry_security");
    record(&trail, 50);
    drain(&mut place.relay());
    assert_eq!(
        place.ask("SELECT count(*) FROM civic_audit_entry_other WHERE retention = 'security'"),
        ["10"]
    );
}

#[test]
fn without_its_tables_the_sink_waits_for_the_migration() {
    let Some(place) = Place::new() else { return };
    let trail = place.trail();
    place.ask("ALTER TABLE civic_audit_place RENAME TO away");
    let mut relay = place.relay();
    match relay.step() {
        Step::Failed { error, .. } => {
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(cause, "the database failed with SQLSTATE 42P01");
        }
        step => panic!("{step:?}"),
    }
    place.ask("ALTER TABLE away RENAME TO civic_audit_place");
    drain(&mut relay);
    assert_eq!(place.ask(ALL), ledger(&place));
    drop(trail);
}

#[test]
fn a_cut_and_a_kill_lose_nothing() {
    let Some(place) = Place::new() else { return };
    let trail = Arc::new(place.trail());
    let relay = place.relay().start().unwrap();
    for turn in 1..3 {
        let writer = Arc::clone(&trail);
        let writing = std::thread::spawn(move || {
            for _ in 0..20 {
                record(&writer, 50);
            }
        });
        std::thread::sleep(Duration::from_millis(30 * turn));
        place.server.kill();
        writing.join().unwrap();
        place.server.go_up();
    }
    let delivery = relay.delivery();
    assert!(
        relay.finish(Duration::from_mins(2)),
        "{:?}",
        delivery.counts()
    );
    let config = Server::config(place.server.port());
    // The connection of the test is gone, too.
    let rows = place.runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
            .query(
                "SELECT stream, seq, id::text FROM civic_audit ORDER BY stream, seq",
                &[],
            )
            .await
            .unwrap()
    });
    let rows: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "{}|{}|{}",
                row.get::<_, &str>(0),
                row.get::<_, i64>(1),
                row.get::<_, &str>(2)
            )
        })
        .collect();
    assert_eq!(rows, ledger(&place));
    assert!(delivery.counts().failures > 0);
}

#[test]
fn an_event_commits_with_its_business_row_or_not_at_all() {
    let Some(mut place) = Place::new() else {
        return;
    };
    let trail = place.trail();
    place.ask("CREATE TABLE licence (number integer)");
    let (kept, undone) = place.runtime.block_on(async {
        let first = place.client.transaction().await.unwrap();
        first
            .execute("INSERT INTO licence VALUES (1)", &[])
            .await
            .unwrap();
        let kept = trail.record_in(&first, access()).await.unwrap();
        first.commit().await.unwrap();
        let second = place.client.transaction().await.unwrap();
        second
            .execute("INSERT INTO licence VALUES (2)", &[])
            .await
            .unwrap();
        let undone = trail.record_in(&second, access()).await.unwrap();
        second.rollback().await.unwrap();
        (kept, undone)
    });
    let mut mover = place.mover(&trail);
    assert_eq!(mover.step().unwrap(), 1);
    assert_eq!(mover.step().unwrap(), 0);
    let ids: Vec<String> = ledger(&place);
    assert!(ids.iter().any(|row| row.ends_with(&kept.to_string())));
    assert!(!ids.iter().any(|row| row.ends_with(&undone.to_string())));
    assert_eq!(place.ask("SELECT number FROM licence"), ["1"]);
    assert_eq!(place.ask("SELECT count(*) FROM civic_audit_outbox"), ["0"]);
    assert!(civic_audit::verify(place.folder.path()).unwrap().is_sound());
}

#[test]
fn a_mover_that_ends_half_way_moves_nothing_twice_and_no_other_moves_its_rows() {
    let Some(place) = Place::new() else { return };
    let (trail, elsewhere) = (place.trail(), tempfile::tempdir().unwrap());
    let other = AuditTrail::builder(Service::new("licensing", "1.4.0"), elsewhere.path())
        .development()
        .open()
        .unwrap();
    let put = |count: usize| {
        for _ in 0..count {
            let row = trail.outbox_row(auth());
            place.put(&row.id.to_string(), &row.body);
        }
    };
    put(5);
    // The rows cannot be removed, as when the process ends before that.
    place.ask(
        "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$; \
         CREATE TRIGGER stop BEFORE DELETE ON civic_audit_outbox EXECUTE FUNCTION stop()",
    );
    assert!(place.mover(&trail).step().is_err());
    place.ask("DROP TRIGGER stop ON civic_audit_outbox");
    let moved = ledger(&place);
    assert_eq!(moved.len(), 7);
    // They are those of the first ledger, whoever else is there.
    assert_eq!(place.mover(&other).step().unwrap(), 0);
    put(3);
    let mut again = place.mover(&trail);
    assert_eq!(again.step().unwrap(), 0);
    assert_eq!(ledger(&place), moved);
    assert_eq!(again.step().unwrap(), 3);
    assert_eq!(place.ask("SELECT count(*) FROM civic_audit_outbox"), ["0"]);
}

#[test]
fn what_somebody_else_wrote_into_the_outbox_stays_there_with_the_reason() {
    let Some(place) = Place::new() else { return };
    let trail = place.trail();
    let good = trail.outbox_row(auth());
    let row = trail.outbox_row(auth());
    for (id, body) in [
        (
            "019ab8f0-0000-7000-8000-000000000000".to_owned(),
            row.body.clone(),
        ),
        (row.id.to_string(), "\"}, nonsense".to_owned()),
        (good.id.to_string(), good.body.clone()),
    ] {
        place.put(&id, &body);
    }
    assert_eq!(place.mover(&trail).step().unwrap(), 1);
    assert_eq!(
        place.ask("SELECT refused FROM civic_audit_outbox ORDER BY queued"),
        ["the event has another id", "this is no event of version 1"]
    );
    assert!(civic_audit::verify(place.folder.path()).unwrap().is_sound());
}
