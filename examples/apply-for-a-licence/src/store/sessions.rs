//! Sessions: what a cookie stands for, for as long as it is used.

use std::fmt;

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::Store;
use crate::application::Draft;
use crate::failure::StoreError;

/// SHA-256 of what the cookie holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionId([u8; 32]);

/// What the database has under a session.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) csrf: String,
    /// Seconds since 1970.
    pub(crate) expires: i64,
    pub(crate) staff: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) draft: Draft,
}

impl SessionId {
    pub(crate) fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SessionId {
    /// Not the bytes: they stand for one person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(..)")
    }
}

impl Store {
    /// Begins a session of a citizen, with an empty draft, or of a member of staff.
    pub(crate) async fn begin_session(
        &self,
        id: SessionId,
        csrf: String,
        expires: i64,
        staff: Option<String>,
    ) -> Result<(), StoreError> {
        self.ask(move |connection| {
            let both = connection.transaction()?;
            both.execute(
                "INSERT INTO session (id, csrf, expires, staff) VALUES (?1, ?2, ?3, ?4)",
                params![id.as_bytes(), csrf, expires, staff],
            )?;
            if staff.is_none() {
                both.execute("INSERT INTO draft (session) VALUES (?1)", [id.as_bytes()])?;
            }
            Ok(both.commit()?)
        })
        .await
    }

    /// The session, unless there is none or it has expired.
    pub(crate) async fn session(
        &self,
        id: SessionId,
        now: i64,
    ) -> Result<Option<Known>, StoreError> {
        self.ask(move |connection| read(connection, id, now)).await
    }

    /// The session lasts until then.
    pub(crate) async fn extend_session(
        &self,
        id: SessionId,
        expires: i64,
    ) -> Result<(), StoreError> {
        self.ask(move |connection| {
            connection.execute(
                "UPDATE session SET expires = ?2 WHERE id = ?1",
                params![id.as_bytes(), expires],
            )?;
            Ok(())
        })
        .await
    }

    /// Ends the session and forgets its draft.
    pub(crate) async fn end_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.ask(move |connection| {
            connection.execute("DELETE FROM session WHERE id = ?1", [id.as_bytes()])?;
            Ok(())
        })
        .await
    }
}

fn read(connection: &Connection, id: SessionId, now: i64) -> Result<Option<Known>, StoreError> {
    let known = connection.query_row(
        "SELECT csrf, expires, staff, reference FROM session WHERE id = ?1 AND expires > ?2",
        params![id.as_bytes(), now],
        |row| {
            Ok(Known {
                csrf: row.get(0)?,
                expires: row.get(1)?,
                staff: row.get(2)?,
                reference: row.get(3)?,
                draft: Draft::default(),
            })
        },
    );
    let Some(mut known) = known.optional()? else {
        return Ok(None);
    };
    known.draft = super::drafts::read(connection, id)?;
    Ok(Some(known))
}
