//! The database: an embedded SQLite file, brought to the newest shape when it is opened.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, TransactionBehavior, params};
use tracing::info;

use crate::application::Application;

/// Steps from an empty file to the newest shape. Add to the end; what has run somewhere is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/1_applications.sql"),
    include_str!("../migrations/2_received_index.sql"),
];

/// How long a statement waits for another process that writes.
const BUSY: Duration = Duration::from_secs(5);

/// A handle to the database; clones share one connection.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the file, or makes it, and runs the migrations that it has not seen.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // An application that was acknowledged is there after a loss of power.
        connection.pragma_update(None, "synchronous", "FULL")?;
        migrate(&mut connection)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Keeps an application; returns the reference that it is known by. Blocks for the disk.
    pub(crate) fn keep(&self, application: &Application) -> Result<String, StoreError> {
        let why = "kept so that the licence can be decided";
        let received = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_secs());
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(connection.query_row(
            // Random, so that a reference tells nothing about how many there are.
            "INSERT INTO application (reference, received, full_name, email, phone, postcode, activity)
             VALUES ('LIC-' || hex(randomblob(5)), ?1, ?2, ?3, ?4, ?5, ?6) RETURNING reference",
            params![
                received.cast_signed(),
                application.full_name.expose(why).trim(),
                application.email.expose(why).trim(),
                application.phone.expose(why).trim(),
                application.postcode.expose(why).trim(),
                application.activity,
            ],
            |row| row.get(0),
        )?)
    }

    /// Whether the database answers. Blocks for the connection.
    pub(crate) fn answers(&self) -> Result<(), StoreError> {
        let connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)
    }
}

/// Runs each migration in a transaction of its own with the note that it ran.
fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    loop {
        // Taken at once, so that two processes that start together do not both run it.
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = step.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0))?;
        if done as usize > MIGRATIONS.len() {
            return Err(StoreError::Newer);
        }
        let Some(migration) = MIGRATIONS.get(done as usize) else {
            return Ok(());
        };
        step.execute_batch(migration)?;
        step.pragma_update(None, "user_version", done + 1)?;
        step.commit()?;
        info!(version = done + 1, "database migrated");
    }
}

/// Why the database did not do what it was asked.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// The file was written by a later version of this service.
    Newer,
    Database(rusqlite::Error),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Newer => "the database is of a later version of this service",
            Self::Database(_) => "the database failed",
        })
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Newer => None,
            Self::Database(cause) => Some(cause),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Database(cause)
    }
}

#[cfg(test)]
mod tests {
    use civic::log::assert_no_personal_data;
    use civic::log::test::Capture;

    use super::*;

    fn in_memory() -> Store {
        Store::open(Path::new(":memory:")).unwrap()
    }

    #[test]
    fn an_application_is_kept_under_a_reference_of_its_own() {
        let store = in_memory();
        let first = store.keep(&Application::example()).unwrap();
        let second = store.keep(&Application::example()).unwrap();
        assert!(first.starts_with("LIC-") && first.len() == 14, "{first}");
        assert_ne!(first, second);
        let connection = store.connection.lock().unwrap();
        let kept: String = connection
            .query_row(
                "SELECT email FROM application WHERE reference = ?1",
                [&first],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(kept, "ada@example.com");
    }

    #[test]
    fn keeping_an_application_logs_nothing_personal() {
        let _capture = Capture::start();
        in_memory().keep(&Application::example()).unwrap();
        assert_no_personal_data!();
    }

    #[test]
    fn what_the_database_refuses_is_told_without_the_values() {
        let mut application = Application::example();
        application.activity = "none of these".to_owned();
        let error = in_memory().keep(&application).unwrap_err();
        let text = format!("{error}: {}", error.source().unwrap());
        assert!(text.contains("CHECK constraint failed"), "{text}");
        assert_no_personal_data!(text);
    }

    #[test]
    fn a_file_is_migrated_once_and_one_of_a_later_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("licences.db");
        let capture = Capture::start();
        for _ in 0..2 {
            Store::open(&path).unwrap();
        }
        assert_eq!(capture.events().len(), MIGRATIONS.len());
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(Store::open(&path), Err(StoreError::Newer)));
    }
}
