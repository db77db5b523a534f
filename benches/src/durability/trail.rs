//! Our trail, with keys: hashed, framed, in a tree, under signed checkpoints.

use std::path::Path;

use civic_audit::{Actor, AuditTrail, Auth, Correlation, Event, FileKeys, Service};

use super::Store;

/// A trail that records a sign-in.
#[derive(Debug)]
pub struct Trail(AuditTrail);

impl Trail {
    /// Opens a trail in a folder.
    ///
    /// # Panics
    /// When the disk fails.
    pub fn open(folder: &Path) -> Box<dyn Store> {
        Box::new(Self::new(folder))
    }

    /// As [`Trail::open`], by its own type.
    ///
    /// # Panics
    /// When the disk fails.
    pub fn new(folder: &Path) -> Self {
        let keys = FileKeys::create(folder.join("keys"), "bench").expect("the disk does not fail");
        let trail = AuditTrail::builder(Service::new("bench", "1.0.0"), folder.join("ledger"))
            .segment_bytes(64 * 1024 * 1024)
            .keys(keys)
            .development()
            .open()
            .expect("the disk does not fail");
        Trail(trail)
    }

    /// Gives so many events and then waits for all of them, from one thread.
    ///
    /// # Panics
    /// When the disk fails.
    pub fn put_together(&self, count: usize) {
        let given: Vec<_> = (0..count)
            .map(|_| self.0.submit(event()).expect("the disk does not fail"))
            .collect();
        for event in given {
            event.wait().expect("the disk does not fail");
        }
    }
}

impl Store for Trail {
    fn put(&self) {
        self.0.record(event()).expect("the disk does not fail");
    }
}

/// An event whose entry has about 500 bytes.
fn event() -> Event<Auth> {
    let auth = Auth {
        actor: Actor::staff("c-7012", "caseworker"),
        step: "sign-in",
        method: "card",
    };
    Event::from(auth).correlation(Correlation::default().trace([0x4b; 16], [0x7a; 8]))
}
