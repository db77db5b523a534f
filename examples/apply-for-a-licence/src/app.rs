//! What every handler shares.

use std::sync::Arc;

use crate::payments::Payments;
use crate::session::Sessions;
use crate::staff::Audit;
use crate::store::Store;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) sessions: Sessions,
    pub(crate) payments: Payments,
    pub(crate) audit: Audit,
    /// What citizens' browsers call this service, such as `https://licences.example.com`.
    pub(crate) origin: String,
}

impl App {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
