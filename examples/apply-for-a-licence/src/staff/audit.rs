//! The audit trail of this service, and whom and why it records.

use std::path::Path;

use civic::audit::{
    Actor, AuditTrail, DataAccess, Fields, FileKeys, Guard, Name, Purpose, RecordError, Service,
    Subject,
};
use civic::pii::KeyRing;
use tracing::warn;

use crate::failure::StartError;
use crate::store::subject;

/// Why an application may be opened: the value in the form and its words.
pub(crate) const PURPOSES: [(&str, &str); 3] = [
    ("licence-decision", "To decide on the application"),
    ("applicant-contact", "The applicant asked about it"),
    ("complaint", "To look into a complaint"),
];

/// The trail, with the keys that hide whom an entry is about.
pub(crate) struct Audit {
    pub(crate) trail: AuditTrail,
    pub(crate) ring: KeyRing,
}

impl Audit {
    /// Opens the trail in this folder, or makes it, with the keys that sign it in the folder beside.
    ///
    /// A file system that is gone with its container cannot hold a trail; `may_vanish` takes it all the same.
    pub(crate) fn open(
        folder: &Path,
        keys: &Path,
        ring: KeyRing,
        may_vanish: bool,
    ) -> Result<Self, StartError> {
        let signing = if keys.join("root.key").exists() {
            FileKeys::open(keys)
        } else {
            FileKeys::create(keys, "apply-for-a-licence")
        };
        let service = Service::new("apply-for-a-licence", env!("CARGO_PKG_VERSION"));
        let mut builder =
            AuditTrail::builder(service, folder).keys(signing.map_err(StartError::Keys)?);
        if may_vanish {
            builder = builder.development();
        }
        let trail = builder.open().map_err(StartError::Audit)?;
        for warning in trail.warnings() {
            warn!(%warning, "audit trail");
        }
        Ok(Self { trail, ring })
    }

    /// Makes durable who is about to see what of an application, and why. The guard opens it.
    ///
    /// # Errors
    /// When that is not on the disk: then nothing may be shown.
    pub(crate) async fn begin(
        &self,
        staff: &str,
        reference: &str,
        fields: Fields,
        purpose: Purpose,
    ) -> Result<Guard<DataAccess>, RecordError> {
        // Staff are those of the sign-in page, whose names fit.
        let staff = Name::parse(staff).unwrap_or_else(|_| Name::from("unknown"));
        let access = DataAccess {
            actor: Actor::staff(staff, "caseworker"),
            subject: self.subject(reference),
            fields,
            purpose,
        };
        self.trail.begin_async(access).await
    }

    pub(crate) fn subject(&self, reference: &str) -> Subject {
        subject(&self.ring, reference)
    }
}

/// The purpose of this value of the form.
pub(crate) fn purpose(value: &str) -> Option<Purpose> {
    let found = PURPOSES.iter().find(|(own, _)| *own == value);
    found.map(|(own, _)| Purpose::new(own))
}
