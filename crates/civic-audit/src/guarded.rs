//! A record that opens only to its entry.

use std::fmt;

use civic_pii::Pii;
use civic_pii::tag::{Tag, Unspecified};

use crate::event::{OpensRecord, Subject};
use crate::guard::Guard;

/// A record of a person, which opens only to a guard whose durable intent names that person.
///
/// Let the store give out `Guarded<Licence>` and nothing else: then no handler can show a record without an entry that says
/// who looks and why, because the compiler asks for the guard, and the guard exists only when its entry is on the disk.
///
/// ```
/// use civic_audit::{Actor, AuditTrail, DataAccess, Guarded, Purpose, Service, Subject};
/// use civic_pii::{KeyRing, Pii, tag};
/// # let folder = tempfile::tempdir()?;
/// # let trail = AuditTrail::builder(Service::new("licensing", "1.4.0"), folder.path()).development().open()?;
///
/// struct Licence {
///     holder: String,
/// }
///
/// // In the store:
/// let ring = KeyRing::new("k1", vec![7; 32])?;
/// let licence = Licence { holder: "A Person".to_owned() };
/// let found = Guarded::new(
///     Subject::record(&ring, "licence", "2026/0042"),
///     Pii::new(tag::Unspecified, licence),
/// );
///
/// // In the handler:
/// let access = trail.begin(DataAccess {
///     actor: Actor::staff("caseworker-7012", "caseworker"),
///     subject: found.subject().clone(),
///     fields: &["holder"],
///     purpose: Purpose::new("licence-review"),
/// })?;
/// let licence = found.open(&access)?;
/// assert_eq!(licence.holder, "A Person");
/// access.succeed()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A guard of another class does not open it:
///
/// ```compile_fail
/// # use civic_audit::{Guard, Guarded, HealthTransition};
/// fn peek(found: &Guarded<String>, guard: &Guard<HealthTransition>) {
///     found.open(guard);
/// }
/// ```
pub struct Guarded<T, K = Unspecified> {
    subject: Subject,
    record: Pii<T, K>,
}

impl<T, K: Tag> Guarded<T, K> {
    /// Puts a record of this subject behind the guard.
    ///
    /// ```
    /// # use civic_audit::{Guarded, Subject};
    /// # use civic_pii::{KeyRing, Pii, tag};
    /// # let ring = KeyRing::new("k1", vec![7; 32])?;
    /// let found = Guarded::new(Subject::record(&ring, "licence", "1"), Pii::new(tag::PersonName, "A Person"));
    /// assert_eq!(format!("{found:?}"), "Guarded([PERSON-NAME])");
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub const fn new(subject: Subject, record: Pii<T, K>) -> Self {
        Guarded { subject, record }
    }

    /// Whose record it is, to name in the intent.
    ///
    /// ```
    /// # use civic_audit::{Guarded, Subject};
    /// # use civic_pii::{KeyRing, Pii, tag};
    /// # let ring = KeyRing::new("k1", vec![7; 32])?;
    /// let found = Guarded::new(Subject::record(&ring, "licence", "1"), Pii::new(tag::PersonName, "A Person"));
    /// assert_eq!(found.subject().kind(), "licence");
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The record, for as long as the guard is held.
    ///
    /// ```
    /// # use civic_audit::{DataAccess, Guard, Guarded, OtherRecord};
    /// fn holder<'a>(found: &'a Guarded<String>, access: &'a Guard<DataAccess>) -> Result<&'a str, OtherRecord> {
    ///     Ok(found.open(access)?)
    /// }
    /// ```
    ///
    /// # Errors
    /// When the intent of the guard is about somebody else.
    pub fn open<'a, C: OpensRecord>(&'a self, guard: &'a Guard<C>) -> Result<&'a T, OtherRecord> {
        if guard.is_about(&self.subject) {
            Ok(self
                .record
                .expose("an intent that names its subject is durable"))
        } else {
            Err(OtherRecord)
        }
    }
}

impl<T, K: Tag> fmt::Debug for Guarded<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guarded").field(&self.record).finish()
    }
}

/// A guard does not open this record: its intent names another subject.
///
/// ```
/// assert_eq!(civic_audit::OtherRecord.to_string(), "the intent of this guard names another subject");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherRecord;

impl fmt::Display for OtherRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the intent of this guard names another subject")
    }
}

impl std::error::Error for OtherRecord {}
