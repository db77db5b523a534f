//! What the service and the provider say to each other.

use serde::{Deserialize, Serialize};

/// How far a payment is, in the words of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Open,
    Paid,
    Declined,
}

/// A payment, as the provider tells it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Told {
    pub(crate) id: String,
    /// What this service calls it.
    pub(crate) key: String,
    /// In pence.
    pub(crate) amount: u64,
    pub(crate) state: State,
    /// Where the person pays.
    pub(crate) page: String,
}

/// What this service asks for.
#[derive(Deserialize, Serialize)]
pub(crate) struct Asked {
    pub(crate) key: String,
    pub(crate) amount: u64,
    /// Where the person is to come back to.
    pub(crate) back: String,
}
