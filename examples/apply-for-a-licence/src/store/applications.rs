//! Applications that were sent in.

use civic::Pii;
use civic::audit::{Guarded, Subject};
use civic::journey::store::sql;
use civic::pii::{KeyRing, tag};
use rusqlite::{OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::drafts::details;
use super::{SessionId, Store};
use crate::application::{Application, Document, DocumentKind};
use crate::failure::StoreError;

/// How long an application is kept after it was received, in seconds: six years, as claims may be made. Yours may differ.
pub(crate) const KEPT: i64 = 6 * 365 * 86_400 + 86_400;

/// What a list of applications shows: nothing of who sent them.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) reference: String,
    /// Seconds since 1970.
    pub(crate) received: i64,
    pub(crate) activity: String,
}

/// What became of a draft that was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) reference: String,
    /// Whether it is a new application, and not one that an earlier request made.
    pub(crate) is_new: bool,
}

impl Store {
    /// Makes the draft of a session an application, once, however often and from wherever it is sent.
    pub(crate) async fn send_in(&self, id: SessionId, now: i64) -> Result<Sent, StoreError> {
        self.ask(move |connection| {
            // Taken at once, so that two requests that cross come one after the other.
            let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let sent = send_in(&all, id, now)?;
            all.commit()?;
            Ok(sent)
        })
        .await
    }

    /// The newest applications, so many at most.
    pub(crate) async fn newest(&self, most: u32) -> Result<Vec<Listed>, StoreError> {
        self.ask(move |connection| {
            let mut statement = connection.prepare(
                "SELECT reference, received, activity FROM application ORDER BY received DESC, reference LIMIT ?1",
            )?;
            let rows = statement.query_map([most], |row| {
                Ok(Listed {
                    reference: row.get(0)?,
                    received: row.get(1)?,
                    activity: row.get(2)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// An application behind a guard: it opens to who has an audited purpose for it, and to nobody else.
    pub(crate) async fn application(
        &self,
        ring: &KeyRing,
        reference: String,
    ) -> Result<Option<Guarded<Application>>, StoreError> {
        let subject = subject(ring, &reference);
        let found = self
            .ask(move |connection| {
                let found = connection.query_row(
                    "SELECT reference, received, kind, full_name, email, phone, postcode, activity
                     FROM application LEFT JOIN document USING (reference) WHERE reference = ?1",
                    [reference],
                    |row| {
                        let kind: Option<String> = row.get(2)?;
                        Ok(Application {
                            reference: row.get(0)?,
                            received: row.get(1)?,
                            document: kind.as_deref().and_then(DocumentKind::from_name),
                            details: details(row, 3)?,
                        })
                    },
                );
                Ok(found.optional()?)
            })
            .await?;
        Ok(found.map(|found| Guarded::new(subject, Pii::new(tag::Unspecified, found))))
    }

    /// The document of an application, behind a guard too.
    pub(crate) async fn document(
        &self,
        ring: &KeyRing,
        reference: String,
    ) -> Result<Option<Guarded<Document>>, StoreError> {
        let subject = subject(ring, &reference);
        let found = self
            .ask(move |connection| {
                let found = connection.query_row(
                    "SELECT kind, content FROM document WHERE reference = ?1",
                    [reference],
                    |row| {
                        let kind: String = row.get(0)?;
                        Ok((kind, Pii::new(tag::Unspecified, row.get(1)?)))
                    },
                );
                Ok(found.optional()?)
            })
            .await?;
        let document = found.and_then(|(kind, content)| {
            let kind = DocumentKind::from_name(&kind)?;
            Some(Document { kind, content })
        });
        Ok(document.map(|found| Guarded::new(subject, Pii::new(tag::Unspecified, found))))
    }

    /// Deletes what has been kept for as long as it may: sessions with their drafts, progress, applications with their documents.
    pub(crate) async fn sweep(&self, now: i64) -> Result<(), StoreError> {
        self.ask(move |connection| {
            let all = connection.transaction()?;
            all.execute("DELETE FROM session WHERE expires <= ?1", [now])?;
            all.execute(sql::SWEEP, [now])?;
            all.execute("DELETE FROM application WHERE received < ?1", [now - KEPT])?;
            Ok(all.commit()?)
        })
        .await
    }
}

/// Whom an application is about, in the audit trail.
pub(crate) fn subject(ring: &KeyRing, reference: &str) -> Subject {
    Subject::record(ring, "application", reference)
}

fn send_in(all: &Transaction<'_>, id: SessionId, now: i64) -> Result<Sent, StoreError> {
    let id = id.as_bytes();
    let sql = "SELECT reference FROM session WHERE id = ?1 AND expires > ?2";
    let session = all.query_row(sql, params![id, now], |row| row.get(0));
    let reference: Option<String> = session.optional()?.ok_or(StoreError::Gone)?;
    if let Some(reference) = reference {
        return Ok(Sent {
            reference,
            is_new: false,
        });
    }
    let made = all.query_row(
        // The reference is random, so that it tells nothing about how many there are.
        "INSERT INTO application (reference, received, full_name, email, phone, postcode, activity, payment, draft)
         SELECT 'LIC-' || hex(randomblob(5)), ?2, full_name, email, phone, postcode, activity, payment_id, session
         FROM draft WHERE session = ?1 AND adult = 1 AND paid = 1 AND document IS NOT NULL RETURNING reference",
        params![id, now],
        |row| row.get(0),
    );
    let reference: String = made.optional()?.ok_or(StoreError::Incomplete)?;
    all.execute(
        "INSERT INTO document (reference, kind, content)
         SELECT ?2, document_kind, document FROM draft WHERE session = ?1",
        params![id, reference],
    )?;
    all.execute("DELETE FROM draft WHERE session = ?1", [id])?;
    all.execute(
        "UPDATE session SET reference = ?2 WHERE id = ?1",
        params![id, reference],
    )?;
    Ok(Sent {
        reference,
        is_new: true,
    })
}
