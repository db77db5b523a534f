//! The database: an embedded SQLite file, brought to the newest shape when it is opened.

mod applications;
mod drafts;
mod migrate;
mod progress;
mod sessions;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use crate::failure::StoreError;

pub(crate) use applications::{Listed, subject};
pub(crate) use sessions::{Known, SessionId};

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
        connection.pragma_update(None, "foreign_keys", true)?;
        // What was erased is overwritten and not left in a free page.
        connection.pragma_update(None, "secure_delete", true)?;
        migrate::run(&mut connection)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Whether the database answers. Blocks for the connection.
    pub(crate) fn answers(&self) -> Result<(), StoreError> {
        self.with(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?))
    }

    /// Works on the connection in a thread that may wait for the disk, which other requests need not do.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        let asked = tokio::task::spawn_blocking(move || store.with(work));
        // The panic itself is in the log already.
        asked.await.map_err(StoreError::Panicked)?
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // A transaction that a panic left open was rolled back when it was dropped.
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        work(&mut connection)
    }
}
