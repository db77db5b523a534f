//! The classes of events, each with the fields that it cannot do without.
//!
//! A class is a plain struct: leaving a field out does not compile, and the error names the field.

mod words;

use civic_core::DependencyName;

use crate::event::digest::Digest;
use crate::event::retention::Retention;
use crate::event::{Actor, Fields, Name, Outcome, Policy, Purpose, Subject};
use crate::json::Object;

/// A class of events. Sealed: the classes are those of this crate.
///
/// ```
/// use civic_audit::{Class, DataAccess};
/// assert_eq!(DataAccess::CLASS, "data_access");
/// ```
pub trait Class: sealed::Sealed {
    /// Word in the entry.
    const CLASS: &'static str;
    /// What was done, unless the event says it more exactly.
    const ACTION: &'static str;
    #[doc(hidden)]
    const RETENTION: Retention;
    #[doc(hidden)]
    const OUTCOME: Outcome = Outcome::Succeeded;

    #[doc(hidden)]
    fn policy(&self) -> Policy;
    #[doc(hidden)]
    fn actor(&self) -> &Actor;
    #[doc(hidden)]
    fn subject(&self) -> Option<&Subject> {
        None
    }
    #[doc(hidden)]
    fn purpose(&self) -> Option<&Purpose> {
        None
    }
    #[doc(hidden)]
    fn write(&self, object: &mut Object<'_>);
}

/// Classes whose intent opens a [`Guarded`](crate::Guarded) record: those that are about one subject.
pub trait OpensRecord: Class {}

/// Classes that may be lost, where the event says so by name: none that touches a person's record.
pub trait MayBeLost: Class {}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// Staff, or a service, read a record.
///
/// ```
/// use civic_audit::{Actor, DataAccess, Purpose, Subject};
/// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
///
/// let look_up = DataAccess {
///     actor: Actor::staff("caseworker-7012", "caseworker"),
///     subject: Subject::record(&ring, "licence", "2026/0042"),
///     fields: &["holder", "address"],
///     purpose: Purpose::new("licence-review"),
/// };
/// # Ok::<(), civic_pii::KeyError>(())
/// ```
///
/// Without a purpose it does not compile:
///
/// ```compile_fail
/// # use civic_audit::{Actor, DataAccess, Subject};
/// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32]).unwrap();
/// let look_up = DataAccess {
///     actor: Actor::staff("caseworker-7012", "caseworker"),
///     subject: Subject::record(&ring, "licence", "1"),
///     fields: &["holder"],
/// };
/// ```
#[derive(Clone, Debug)]
pub struct DataAccess {
    /// Who reads.
    pub actor: Actor,
    /// Whose record.
    pub subject: Subject,
    /// Names of the fields that are shown.
    pub fields: Fields,
    /// Why.
    pub purpose: Purpose,
}

/// A record was changed.
///
/// ```
/// use civic_audit::{Actor, DataChange, Purpose, Subject};
/// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
/// let me = Subject::record(&ring, "account", "42");
/// let change = DataChange {
///     actor: Actor::citizen(me.clone()),
///     subject: me,
///     fields: &["address"],
///     purpose: Purpose::new("change-of-address"),
/// };
/// # Ok::<(), civic_pii::KeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DataChange {
    /// Who changes.
    pub actor: Actor,
    /// Whose record.
    pub subject: Subject,
    /// Names of the fields that are changed.
    pub fields: Fields,
    /// Why.
    pub purpose: Purpose,
}

/// Data of a person leave the service.
///
/// ```
/// use civic_audit::{Actor, Disclosure, Purpose, Subject};
/// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
/// let disclosure = Disclosure {
///     actor: Actor::service("nightly-export"),
///     subject: Subject::record(&ring, "licence", "2026/0042"),
///     fields: &["holder"],
///     recipient: "police:national-computer".into(),
///     purpose: Purpose::new("statutory-request"),
/// };
/// # Ok::<(), civic_pii::KeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// Who discloses.
    pub actor: Actor,
    /// Whose data.
    pub subject: Subject,
    /// Names of the fields.
    pub fields: Fields,
    /// Who gets them.
    pub recipient: Name,
    /// Why.
    pub purpose: Purpose,
}

/// Data of a person are erased.
///
/// ```
/// use civic_audit::{Actor, Erasure, Purpose, Subject};
/// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
/// let erasure = Erasure {
///     actor: Actor::system(),
///     subject: Subject::record(&ring, "licence", "2026/0042"),
///     fields: &["holder", "address"],
///     basis: Purpose::new("retention-ended"),
/// };
/// # Ok::<(), civic_pii::KeyError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Erasure {
    /// Who erases.
    pub actor: Actor,
    /// Whose data.
    pub subject: Subject,
    /// Names of the fields.
    pub fields: Fields,
    /// The rule or the request that asks for it.
    pub basis: Purpose,
}

/// Somebody was not let in.
///
/// ```
/// use civic_audit::{AccessDenied, Actor};
/// let denied = AccessDenied {
///     actor: Actor::staff("caseworker-7012", "caseworker"),
///     subject: None,
///     attempted: "licence.view",
///     reason: "not in the team of this case",
/// };
/// ```
#[derive(Clone, Debug)]
pub struct AccessDenied {
    /// Who tried.
    pub actor: Actor,
    /// Whose record, where that is known.
    pub subject: Option<Subject>,
    /// What was tried.
    pub attempted: &'static str,
    /// Which rule says no: part of the code.
    pub reason: &'static str,
}

/// Somebody signs in or out, or fails to.
///
/// ```
/// use civic_audit::{Actor, Auth};
/// let auth = Auth { actor: Actor::staff("caseworker-7012", "caseworker"), step: "sign-in", method: "smart-card" };
/// ```
#[derive(Clone, Debug)]
pub struct Auth {
    /// Who.
    pub actor: Actor,
    /// What: `sign-in`, `sign-out`, `second-factor`.
    pub step: &'static str,
    /// How.
    pub method: &'static str,
}

/// A right is given or taken.
///
/// ```
/// use civic_audit::{Actor, Name, PrivilegeChange, Purpose, Right};
/// let change = PrivilegeChange {
///     actor: Actor::staff("manager-11", "manager"),
///     target: Name::parse("caseworker-7012")?,
///     right: Right::Granted("view-medical".into()),
///     purpose: Purpose::new("new-team"),
/// };
/// # Ok::<(), civic_audit::UnfitName>(())
/// ```
#[derive(Clone, Debug)]
pub struct PrivilegeChange {
    /// Who changes it.
    pub actor: Actor,
    /// Whose right.
    pub target: Name,
    /// Which right, and which way.
    pub right: Right,
    /// Why.
    pub purpose: Purpose,
}

/// A right that was given or taken.
///
/// ```
/// let right = civic_audit::Right::Revoked("view-medical".into());
/// ```
#[derive(Clone, Debug)]
pub enum Right {
    /// It was given.
    Granted(Name),
    /// It was taken.
    Revoked(Name),
}

/// A version of the service is put into an environment.
///
/// ```
/// use civic_audit::{Actor, Deployment, Digest};
/// let image = Digest::parse("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")?;
/// let deployment = Deployment {
///     deployer: Actor::pipeline("github:example/licensing"),
///     approver: Actor::staff("manager-11", "manager"),
///     run: "7012/1".into(),
///     commit: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b".into(),
///     image: image.clone(),
///     configuration: image,
///     environment: "production".into(),
/// };
/// # Ok::<(), civic_audit::UnfitDigest>(())
/// ```
#[derive(Clone, Debug)]
pub struct Deployment {
    /// Who started it.
    pub deployer: Actor,
    /// Who allowed it.
    pub approver: Actor,
    /// Run of the pipeline.
    pub run: Name,
    /// Commit that was built.
    pub commit: Name,
    /// Digest of the image.
    pub image: Digest,
    /// Digest of the configuration.
    pub configuration: Digest,
    /// Where to.
    pub environment: Name,
}

/// A feature flag gets another value.
///
/// ```
/// use civic_audit::{Actor, FlagChange, Purpose};
/// let change = FlagChange {
///     actor: Actor::staff("operator-3", "operator"),
///     flag: "new-payment-page".into(),
///     from: "on".into(),
///     to: "off".into(),
///     purpose: Purpose::new("incident"),
/// };
/// ```
#[derive(Clone, Debug)]
pub struct FlagChange {
    /// Who changes it.
    pub actor: Actor,
    /// Which flag.
    pub flag: Name,
    /// Its value before.
    pub from: Name,
    /// Its value now.
    pub to: Name,
    /// Why.
    pub purpose: Purpose,
}

/// The service starts or stops.
///
/// ```
/// use civic_audit::{Actor, ServiceLifecycle, Transition};
/// let started = ServiceLifecycle { actor: Actor::system(), transition: Transition::Started };
/// ```
#[derive(Clone, Debug)]
pub struct ServiceLifecycle {
    /// Who caused it.
    pub actor: Actor,
    /// What happened.
    pub transition: Transition,
}

/// What a service did.
///
/// ```
/// let stopped = civic_audit::Transition::Stopped;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transition {
    /// It takes requests.
    Started,
    /// It takes no new requests.
    Stopping,
    /// It is about to end.
    Stopped,
    /// It read its configuration anew.
    Reconfigured,
}

/// Something that the service depends on changes its state.
///
/// ```
/// use civic_audit::{Actor, HealthTransition};
/// let down = HealthTransition {
///     actor: Actor::system(),
///     dependency: civic_core::DependencyName::new("payments"),
///     from: "up",
///     to: "down",
///     reason: "timeout",
/// };
/// ```
#[derive(Clone, Debug)]
pub struct HealthTransition {
    /// Who saw it.
    pub actor: Actor,
    /// Which dependency, or the service itself.
    pub dependency: DependencyName,
    /// State before.
    pub from: &'static str,
    /// State now.
    pub to: &'static str,
    /// Why: part of the code.
    pub reason: &'static str,
}

/// Something happens to the audit trail itself, which who works on it must record: an export, a look-up in it.
///
/// What the ledger notes by itself (gaps, segments, a full disk) is of this class, too.
///
/// ```
/// use civic_audit::{Actor, AuditMeta, Purpose};
/// let export = AuditMeta {
///     actor: Actor::staff("auditor-2", "auditor"),
///     what: "audit.exported",
///     purpose: Purpose::new("annual-review"),
/// };
/// ```
#[derive(Clone, Debug)]
pub struct AuditMeta {
    /// Who.
    pub actor: Actor,
    /// What, such as `audit.exported`.
    pub what: &'static str,
    /// Why.
    pub purpose: Purpose,
}
