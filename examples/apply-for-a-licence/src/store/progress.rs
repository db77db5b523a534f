//! Progress through the journey: a bit for each step, set once whatever crosses or is repeated.

use civic::journey::store::atomic::{AtomicBits, Kept, ProgressKey};
use civic::journey::store::sql;
use civic::journey::{Mark, Marked};
use rusqlite::{OptionalExtension as _, named_params};

use super::Store;
use crate::failure::StoreError;

impl AtomicBits for Store {
    type Error = StoreError;

    async fn read(&self, key: &ProgressKey) -> Result<Option<Kept>, StoreError> {
        let key = *key;
        self.ask(move |connection| {
            let now = crate::clock::now();
            let mut statement = connection.prepare(sql::READ)?;
            let row = statement.query_row(named_params! {"$1": key.as_bytes(), "$2": now}, |row| {
                Ok(sql::kept(row.get(0)?, row.get(1)?))
            });
            Ok(row.optional()?)
        })
        .await
    }

    async fn mark(&self, key: &ProgressKey, mark: &Mark) -> Result<Marked, StoreError> {
        let (key, mark) = (*key, *mark);
        self.ask(move |connection| {
            let all = connection.transaction()?;
            // By name: SQLite numbers `$2` by where it first stands, not by its digit.
            let opened = all.prepare(sql::OPEN)?.execute(named_params! {
                "$1": key.as_bytes(),
                "$2": mark.start,
                "$3": mark.expires.cast_signed(),
                "$4": mark.now.cast_signed(),
                "$5": i64::from(mark.again),
            })?;
            let mut changed = Vec::new();
            for bit in sql::bits(&mark) {
                let rows = all
                    .prepare(sql::MARK)?
                    .execute(named_params! {"$1": key.as_bytes(), "$2": bit})?;
                changed.push(rows as u64);
            }
            all.commit()?;
            Ok(sql::marked(&mark, opened == 1, &changed))
        })
        .await
    }
}
