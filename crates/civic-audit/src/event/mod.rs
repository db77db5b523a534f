//! Events: what happened, by whom, to whom, why, and how it ended.

mod class;
mod context;
mod digest;
mod draft;
mod name;
mod party;
mod policy;
mod purpose;
mod retention;

pub use class::{
    AccessDenied, AuditMeta, Auth, Class, DataAccess, DataChange, Deployment, Disclosure, Erasure,
    FlagChange, HealthTransition, MayBeLost, OpensRecord, PrivilegeChange, Right, ServiceLifecycle,
    Transition,
};
pub use context::{Correlation, Service};
pub use digest::{Digest, UnfitDigest};
pub use draft::{BestEffort, Event};
pub(crate) use draft::{Encoder, OutcomeOf, Phase, SUBJECTS_MAX, head};
pub use name::{Name, UnfitName};
pub use party::{Actor, Subject};
pub use policy::Policy;
pub use purpose::{Fields, Outcome, Purpose};
pub use retention::Retention;
