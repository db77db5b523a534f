//! How often was asked, and with which answer.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::answer::Endpoint;

/// Probes that were answered, by endpoint and code.
#[derive(Debug, Default)]
pub struct Probes {
    /// By endpoint, 200 first and 503 second.
    answered: [[AtomicU64; 2]; 3],
    /// Probes of `/ready` that were told of the drain.
    saw_drain: AtomicU64,
}

impl Probes {
    /// Codes that are counted.
    pub const CODES: [u16; 2] = [200, 503];

    /// Answers of this endpoint with this code, 200 or 503, since the start.
    pub fn answered(&self, endpoint: Endpoint, code: u16) -> u64 {
        self.answered[endpoint as usize][usize::from(code != 200)].load(Ordering::Relaxed)
    }

    /// Probes of `/ready` since the drain began.
    pub fn saw_drain(&self) -> u64 {
        self.saw_drain.load(Ordering::Acquire)
    }

    pub(crate) fn count(&self, endpoint: Endpoint, code: u16, draining: bool) {
        self.answered[endpoint as usize][usize::from(code != 200)].fetch_add(1, Ordering::Relaxed);
        if draining {
            self.saw_drain.fetch_add(1, Ordering::Release);
        }
    }
}
