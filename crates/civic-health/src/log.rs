//! What the log is told. It is the one place where a private detail leaves, and the service's subscriber redacts it.

use crate::core::{State, Transition};
use crate::outcome::{Outcome, PrivateDetail};

/// A check went from one state to another.
pub(crate) fn transition(transition: &Transition) {
    let detail = transition
        .detail
        .as_ref()
        .map(PrivateDetail::reveal_for_log);
    let (from, to) = (transition.from.as_str(), transition.to.as_str());
    let reason = transition
        .reason
        .filter(|_| transition.to != State::Passing);
    let check = transition.check;
    match transition.to {
        State::Passing | State::Starting | State::Disabled => {
            tracing::info!(check, from, to, reason, detail, "health check changed");
        }
        State::Warning | State::Failing | State::Stale => {
            tracing::warn!(check, from, to, reason, detail, "health check changed");
        }
    }
}

/// A run did not pass; whether that changes anything is for the thresholds to say.
pub(crate) fn outcome(check: &'static str, outcome: &Outcome) {
    if outcome.reason().is_none() && outcome.private_detail().is_none() {
        return;
    }
    let detail = outcome.private_detail().map(PrivateDetail::reveal_for_log);
    let (status, reason) = (outcome.status().as_str(), outcome.reason());
    tracing::debug!(check, status, reason, detail, "health check ran");
}
