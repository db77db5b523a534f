//! Events that commit with a business row.

use std::fmt;

use tokio_postgres::Transaction;
use uuid::Uuid;

use crate::event::{Class, Event};
use crate::trail::AuditTrail;

/// Statement that puts an [`OutboxRow`] into the outbox: `$1` its id as text, `$2` its body. For any client of PostgreSQL.
pub const INSERT_OUTBOX: &str =
    "INSERT INTO civic_audit_outbox (id, body) VALUES ($1::text::uuid, $2::text)";

/// An event, worded and redacted, on its way into the outbox.
///
/// ```
/// # use civic_audit::{Actor, AuditTrail, Auth, Service};
/// # let folder = tempfile::tempdir()?;
/// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// let row = trail.outbox_row(Auth { actor: Actor::system(), step: "sign-in", method: "token" });
/// // With any client, in the transaction of the business row:
/// // client.execute(civic_audit::postgres::INSERT_OUTBOX, &[&row.id.to_string(), &row.body])
/// assert!(row.body.contains(&row.id.to_string()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutboxRow {
    /// Id of the event, which it keeps in the ledger.
    pub id: Uuid,
    /// All of the entry that its producer knows.
    pub body: String,
}

impl AuditTrail {
    /// Records an event in the caller's transaction: it is committed with the business row, or not at all.
    ///
    /// A [`OutboxMover`](crate::postgres::OutboxMover) then moves it into the ledger. Until the transaction is committed nothing
    /// is recorded, so this is for changes that the same database makes; what is read or leaves the service is recorded
    /// [before](AuditTrail::begin).
    ///
    /// ```no_run
    /// # use civic_audit::{AuditTrail, DataChange};
    /// async fn change(trail: &AuditTrail, client: &mut tokio_postgres::Client, change: DataChange)
    ///     -> Result<(), tokio_postgres::Error>
    /// {
    ///     let transaction = client.transaction().await?;
    ///     transaction.execute("UPDATE licence SET address = $1 WHERE number = $2", &[&"1 High St", &"2026/0042"]).await?;
    ///     trail.record_in(&transaction, change).await?;
    ///     transaction.commit().await
    /// }
    /// ```
    ///
    /// # Errors
    /// As the database says; the transaction is then of no use.
    pub async fn record_in<C: Class>(
        &self,
        transaction: &Transaction<'_>,
        event: impl Into<Event<C>>,
    ) -> Result<Uuid, tokio_postgres::Error> {
        let row = self.outbox_row(event);
        transaction
            .execute(INSERT_OUTBOX, &[&row.id.to_string(), &row.body])
            .await?;
        Ok(row.id)
    }

    /// Words an event for the outbox, for a client of another crate.
    ///
    /// ```
    /// # use civic_audit::{Actor, AuditTrail, Auth, Service};
    /// # let folder = tempfile::tempdir()?;
    /// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
    /// let row = trail.outbox_row(Auth { actor: Actor::system(), step: "sign-in", method: "token" });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn outbox_row<C: Class>(&self, event: impl Into<Event<C>>) -> OutboxRow {
        let (id, body) = self.word_event(&event.into());
        OutboxRow {
            id,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

impl fmt::Debug for OutboxRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxRow")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
