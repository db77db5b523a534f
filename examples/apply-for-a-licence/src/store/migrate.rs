//! From whatever shape the file has to the newest.

use civic::journey::store::sql;
use rusqlite::{Connection, TransactionBehavior};
use tracing::info;

use crate::failure::StoreError;

/// Steps from an empty file to the newest shape. Add to the end; what has run somewhere is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/1_applications.sql"),
    include_str!("../../migrations/2_received_index.sql"),
    include_str!("../../migrations/3_journey.sql"),
    // Progress of a journey, under a key that hides the session.
    sql::CREATE,
];

/// Runs each migration in a transaction of its own with the note that it ran.
pub(super) fn run(connection: &mut Connection) -> Result<(), StoreError> {
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

#[cfg(test)]
mod tests {
    use civic::log::test::Capture;

    use super::*;
    use crate::store::Store;

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

    #[test]
    fn applications_of_the_first_version_are_still_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("licences.db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(MIGRATIONS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let old = "INSERT INTO application VALUES ('LIC-1', 9, 'Ada Example', 'ada@example.com', '1', 'SW1A 2AA', 'busking')";
        connection.execute(old, []).unwrap();
        drop(connection);
        let store = Store::open(&path).unwrap();
        let kept = store.with(|connection| {
            Ok(
                connection.query_row("SELECT received FROM application", [], |row| {
                    row.get::<_, i64>(0)
                })?,
            )
        });
        assert_eq!(kept.unwrap(), 9);
    }
}
