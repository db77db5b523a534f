//! What a citizen has answered so far.

use civic::Pii;
use civic::pii::tag;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{SessionId, Store};
use crate::application::{Details, Document, DocumentKind, Draft, Payment};
use crate::failure::StoreError;

impl Store {
    pub(crate) async fn keep_adult(&self, id: SessionId, adult: bool) -> Result<(), StoreError> {
        self.ask(move |connection| {
            let sql = "UPDATE draft SET adult = ?2 WHERE session = ?1";
            changed_one(connection.execute(sql, params![id.as_bytes(), adult])?)
        })
        .await
    }

    pub(crate) async fn keep_details(
        &self,
        id: SessionId,
        details: Details,
    ) -> Result<(), StoreError> {
        self.ask(move |connection| {
            let why = "kept so that the licence can be decided";
            changed_one(connection.execute(
                "UPDATE draft SET full_name = ?2, email = ?3, phone = ?4, postcode = ?5, activity = ?6
                 WHERE session = ?1",
                params![
                    id.as_bytes(),
                    details.full_name.expose(why).trim(),
                    details.email.expose(why).trim(),
                    details.phone.expose(why).trim(),
                    details.postcode.expose(why).trim(),
                    details.activity,
                ],
            )?)
        })
        .await
    }

    pub(crate) async fn keep_document(
        &self,
        id: SessionId,
        document: Document,
    ) -> Result<(), StoreError> {
        self.ask(move |connection| {
            let content = document
                .content
                .expose("kept so that the licence can be decided");
            let sql = "UPDATE draft SET document_kind = ?2, document = ?3 WHERE session = ?1";
            let values = params![id.as_bytes(), document.kind.name(), content];
            changed_one(connection.execute(sql, values)?)
        })
        .await
    }

    /// The key of the payment that is under way: the one that is there, or this one.
    pub(crate) async fn payment_key(
        &self,
        id: SessionId,
        fresh: String,
    ) -> Result<String, StoreError> {
        self.ask(move |connection| {
            Ok(connection.query_row(
                "UPDATE draft SET payment_key = coalesce(payment_key, ?2) WHERE session = ?1 RETURNING payment_key",
                params![id.as_bytes(), fresh],
                |row| row.get(0),
            )?)
        })
        .await
    }

    /// Notes the provider's name for the payment of this key.
    pub(crate) async fn payment_begun(
        &self,
        id: SessionId,
        key: String,
        payment: String,
    ) -> Result<(), StoreError> {
        self.ask(move |connection| {
            let sql = "UPDATE draft SET payment_id = ?3 WHERE session = ?1 AND payment_key = ?2";
            changed_one(connection.execute(sql, params![id.as_bytes(), key, payment])?)
        })
        .await
    }

    /// Notes that this payment was made; or, when it was declined, forgets it so that another can begin.
    pub(crate) async fn payment_ended(
        &self,
        id: SessionId,
        payment: String,
        paid: bool,
    ) -> Result<(), StoreError> {
        self.ask(move |connection| {
            let sql = if paid {
                "UPDATE draft SET paid = 1 WHERE session = ?1 AND payment_id = ?2"
            } else {
                "UPDATE draft SET payment_key = NULL, payment_id = NULL
                 WHERE session = ?1 AND payment_id = ?2 AND paid = 0"
            };
            // Nothing changes for a second answer about the same payment.
            connection.execute(sql, params![id.as_bytes(), payment])?;
            Ok(())
        })
        .await
    }
}

/// The draft of a session; an empty one where there is none, as after it was sent in.
pub(super) fn read(connection: &Connection, id: SessionId) -> Result<Draft, StoreError> {
    let draft = connection.query_row(
        "SELECT adult, document_kind, payment_key, payment_id, paid,
                full_name, email, phone, postcode, activity
         FROM draft WHERE session = ?1",
        [id.as_bytes()],
        |row| {
            let kind: Option<String> = row.get(1)?;
            Ok(Draft {
                adult: row.get(0)?,
                document: kind.as_deref().and_then(DocumentKind::from_name),
                payment: Payment {
                    key: row.get(2)?,
                    id: row.get(3)?,
                    paid: row.get(4)?,
                },
                details: if row.get::<_, Option<String>>(5)?.is_some() {
                    Some(details(row, 5)?)
                } else {
                    None
                },
            })
        },
    );
    Ok(draft.optional()?.unwrap_or_default())
}

/// The five columns from this one on.
pub(super) fn details(row: &Row<'_>, from: usize) -> rusqlite::Result<Details> {
    Ok(Details {
        full_name: Pii::new(tag::PersonName, row.get(from)?),
        email: Pii::new(tag::Email, row.get(from + 1)?),
        phone: Pii::new(tag::Phone, row.get(from + 2)?),
        postcode: Pii::new(tag::Postcode, row.get(from + 3)?),
        activity: row.get(from + 4)?,
    })
}

/// The draft may have been sent in by another request, or have expired, in between.
fn changed_one(rows: usize) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Gone)
    }
}
