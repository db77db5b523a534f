//! What an intent leaves in the hands of its caller.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use uuid::Uuid;

use crate::error::RecordError;
use crate::event::{Class, Event, Outcome, OutcomeOf, SUBJECTS_MAX, Subject};
use crate::ledger::{Durable, Mark};
use crate::trail::{Acked, Entry, Shared};

/// An intent that is durable, and whose outcome is not yet told.
///
/// Tell it with [`succeed`](Guard::succeed) or [`complete`](Guard::complete). A guard that is dropped without that, by a
/// panic, an early return or a client that hung up, leaves the outcome `abandoned`; the background thread makes it durable.
///
/// ```
/// # use civic_audit::{Actor, AuditTrail, DataAccess, Purpose, RecordError, Service, Subject};
/// # let folder = tempfile::tempdir()?;
/// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
/// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
/// # let access = DataAccess {
/// #     actor: Actor::staff("caseworker-7012", "caseworker"),
/// #     subject: Subject::record(&ring, "licence", "2026/0042"),
/// #     fields: &["holder"],
/// #     purpose: Purpose::new("licence-review"),
/// # };
/// let guard = trail.begin(access)?;
/// assert_eq!(trail.counts().unpaired_intents, 1);
/// guard.succeed()?;
/// assert_eq!(trail.counts().unpaired_intents, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "dropping it at once says that the action was abandoned"]
pub struct Guard<C> {
    shared: Arc<Shared>,
    id: Uuid,
    seq: Option<u64>,
    class: &'static str,
    action: &'static str,
    subjects: Vec<Subject>,
    told: bool,
    kind: PhantomData<fn() -> C>,
}

impl<C: Class> Guard<C> {
    pub(crate) fn new(shared: Arc<Shared>, id: Uuid, event: &Event<C>) -> Self {
        Guard {
            shared,
            id,
            seq: None,
            class: C::CLASS,
            action: event.action,
            subjects: event.subjects().take(SUBJECTS_MAX).cloned().collect(),
            told: false,
            kind: PhantomData,
        }
    }
}

impl<C> Guard<C> {
    /// Id of the intent, which its outcome refers to.
    ///
    /// ```
    /// # use civic_audit::{DataAccess, Guard};
    /// fn shown(guard: &Guard<DataAccess>) -> String {
    ///     format!("your look-up is recorded as {}", guard.id())
    /// }
    /// ```
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Place of the intent in the stream.
    ///
    /// ```
    /// # use civic_audit::{DataAccess, Guard};
    /// fn place(guard: &Guard<DataAccess>) -> u64 {
    ///     guard.seq()
    /// }
    /// ```
    pub fn seq(&self) -> u64 {
        self.seq.unwrap_or_default()
    }

    /// Says that it was done. Durable when it returns.
    ///
    /// ```
    /// # use civic_audit::{DataAccess, Guard, RecordError};
    /// fn done(guard: Guard<DataAccess>) -> Result<(), RecordError> {
    ///     guard.succeed()?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When the outcome is not known to be durable. The intent is, and its outcome will be `unknown`.
    pub fn succeed(self) -> Result<Entry, RecordError> {
        self.complete(Outcome::Succeeded)
    }

    /// Says how it ended. Durable when it returns.
    ///
    /// ```
    /// # use civic_audit::{DataAccess, Guard, Outcome, RecordError};
    /// fn not_found(guard: Guard<DataAccess>) -> Result<(), RecordError> {
    ///     guard.complete(Outcome::Failed)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`succeed`](Guard::succeed).
    pub fn complete(self, outcome: Outcome) -> Result<Entry, RecordError> {
        self.tell(outcome, None)
    }

    /// Says how it ended and what more there is to say, which passes the scanner. Durable when it returns.
    ///
    /// ```
    /// # use civic_audit::{DataAccess, Guard, Outcome, RecordError};
    /// fn not_found(guard: Guard<DataAccess>) -> Result<(), RecordError> {
    ///     guard.complete_with(Outcome::Failed, "no such licence")?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`succeed`](Guard::succeed).
    pub fn complete_with(self, outcome: Outcome, detail: &str) -> Result<Entry, RecordError> {
        self.tell(outcome, Some(detail))
    }

    /// As [`complete`](Guard::complete), as a future of any runtime.
    ///
    /// The outcome is given when the future is first polled; dropped after that, it becomes durable all the same.
    ///
    /// ```
    /// # use civic_audit::{DataAccess, Guard, Outcome, RecordError};
    /// async fn done(guard: Guard<DataAccess>) -> Result<(), RecordError> {
    ///     guard.complete_async(Outcome::Succeeded).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As [`succeed`](Guard::succeed).
    pub async fn complete_async(mut self, outcome: Outcome) -> Result<Entry, RecordError> {
        let (id, body) = self.word(outcome, None);
        let mark = Mark::Ends(self.id.into_bytes());
        let ticket = self.shared.ledger().push_unattended(&body, mark)?;
        self.told = true;
        Ok(Entry::new(id, Acked(&self.shared, &ticket).await?))
    }

    /// Whether the intent names this subject.
    pub(crate) fn is_about(&self, subject: &Subject) -> bool {
        self.subjects.contains(subject)
    }

    /// Takes what became of the intent. One that was refused has no outcome.
    pub(crate) fn settle(
        &mut self,
        result: Result<Durable, RecordError>,
    ) -> Result<(), RecordError> {
        match result {
            Ok(durable) => {
                self.seq = Some(durable.seq);
                Ok(())
            }
            Err(error) => {
                self.told = true;
                Err(error)
            }
        }
    }

    fn tell(mut self, outcome: Outcome, detail: Option<&str>) -> Result<Entry, RecordError> {
        let (id, body) = self.word(outcome, detail);
        let mark = Mark::Ends(self.id.into_bytes());
        // From here on the outcome is told, if not at once: it must not become `abandoned`.
        self.told = true;
        let ledger = self.shared.ledger();
        match ledger.push(&body, mark, self.shared.patience()) {
            Ok(ticket) => Ok(Entry::new(id, ledger.wait(&ticket)?)),
            Err(error) => {
                let _ = ledger.push_unattended(&body, mark);
                Err(error)
            }
        }
    }

    fn word(&self, outcome: Outcome, detail: Option<&str>) -> (Uuid, Vec<u8>) {
        self.shared.word_outcome(&OutcomeOf {
            intent: self.id,
            class: self.class,
            action: self.action,
            outcome,
            detail,
        })
    }
}

impl<C> Drop for Guard<C> {
    fn drop(&mut self) {
        if self.told {
            return;
        }
        let (_, body) = self.word(Outcome::Abandoned, None);
        let mark = Mark::Ends(self.id.into_bytes());
        // Where even this is refused, the next process finds the intent and writes `unknown`.
        let _ = self.shared.ledger().push_unattended(&body, mark);
    }
}

impl<C> fmt::Debug for Guard<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("id", &self.id)
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}
