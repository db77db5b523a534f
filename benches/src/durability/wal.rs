//! The rivals: a write-ahead log with group commit, and a database.

use std::io;
use std::path::Path;
use std::sync::Mutex;

use okaywal::{Configuration, Entry, EntryId, LogManager, SegmentReader, WriteAheadLog};
use rusqlite::Connection;

use super::Store;

const RECORD: [u8; 500] = [b'r'; 500];

/// `okaywal`, set so that it does not move its log away during a measurement.
#[derive(Debug)]
pub(super) struct OkayWal(WriteAheadLog);

#[derive(Debug)]
struct Keep;

impl LogManager for Keep {
    fn recover(&mut self, _: &mut Entry<'_>) -> io::Result<()> {
        Ok(())
    }

    fn checkpoint_to(
        &mut self,
        _: EntryId,
        _: &mut SegmentReader,
        _: &WriteAheadLog,
    ) -> io::Result<()> {
        Ok(())
    }
}

impl OkayWal {
    pub(super) fn open(folder: &Path) -> Box<dyn Store> {
        let configuration = Configuration::default_for(folder.join("wal"))
            .preallocate_bytes(64 * 1024 * 1024)
            .checkpoint_after_bytes(u64::MAX);
        Box::new(OkayWal(
            configuration.open(Keep).expect("the disk does not fail"),
        ))
    }
}

impl Store for OkayWal {
    fn put(&self) {
        let mut entry = self.0.begin_entry().expect("the disk does not fail");
        entry.write_chunk(&RECORD).expect("the disk does not fail");
        entry.commit().expect("the disk does not fail");
    }
}

/// SQLite with a write-ahead log and `synchronous = FULL`, one connection for each producer.
#[derive(Debug)]
pub(super) struct Sqlite {
    path: std::path::PathBuf,
    connections: Mutex<Vec<Connection>>,
}

impl Sqlite {
    pub(super) fn open(folder: &Path) -> Box<dyn Store> {
        let sqlite = Sqlite {
            path: folder.join("audit.sqlite"),
            connections: Mutex::new(Vec::new()),
        };
        let first = sqlite.connect();
        first
            .execute_batch("CREATE TABLE audit (seq INTEGER PRIMARY KEY, body BLOB NOT NULL)")
            .expect("the disk does not fail");
        sqlite.give_back(first);
        Box::new(sqlite)
    }

    fn connect(&self) -> Connection {
        let connection = Connection::open(&self.path).expect("the disk does not fail");
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 60000;")
            .expect("the disk does not fail");
        connection
    }

    fn give_back(&self, connection: Connection) {
        self.connections
            .lock()
            .expect("nobody panics")
            .push(connection);
    }
}

impl Store for Sqlite {
    fn put(&self) {
        let free = self.connections.lock().expect("nobody panics").pop();
        let connection = free.unwrap_or_else(|| self.connect());
        connection
            .prepare_cached("INSERT INTO audit (body) VALUES (?1)")
            .and_then(|mut statement| statement.execute([&RECORD[..]]))
            .expect("the disk does not fail");
        self.give_back(connection);
    }
}
