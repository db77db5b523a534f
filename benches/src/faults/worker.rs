//! The process that is killed: it records as fast as it can, and says of each entry that it is durable.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::Child;

use civic_audit::{
    Actor, AuditTrail, Auth, DataAccess, Event, OpenError, Purpose, Service, Subject,
};
use civic_pii::KeyRing;

/// First argument of a worker.
pub const WORD: &str = "worker";

/// Producers in a worker.
const PRODUCERS: u64 = 8;

/// Small enough for segments to be full within a trial.
const SEGMENT: u64 = 128 * 1024;

/// Opens the trail of a trial.
///
/// # Errors
/// As the trail says.
pub fn open(ledger: &Path) -> Result<AuditTrail, OpenError> {
    AuditTrail::builder(Service::new("faults", "1.0.0"), ledger)
        .segment_bytes(SEGMENT)
        .development()
        .open()
}

/// Starts a worker; `before` is a program to start it by, with its arguments.
pub(super) fn start(ledger: &Path, before: &[&str]) -> std::io::Result<Child> {
    super::again(before, &[OsStr::new(WORD), ledger.as_os_str()])
}

/// Records until the storage fails or the process is killed.
///
/// # Errors
/// When the trail does not open.
///
/// # Panics
/// When the fixed key of the pseudonyms is no key.
pub fn run(ledger: &Path) -> Result<(), OpenError> {
    let trail = open(ledger)?;
    let ring = KeyRing::new("k1", vec![7; 32]).expect("32 bytes are a key");
    std::thread::scope(|scope| {
        for producer in 0..PRODUCERS {
            let (trail, ring) = (&trail, &ring);
            scope.spawn(move || {
                while let Some(id) = one(trail, ring, producer) {
                    let mut stdout = std::io::stdout().lock();
                    if writeln!(stdout, "{id}").is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(())
}

/// An intent with its outcome from some producers, an event from the others.
fn one(trail: &AuditTrail, ring: &KeyRing, producer: u64) -> Option<String> {
    if producer.is_multiple_of(2) {
        let access = DataAccess {
            actor: Actor::staff("caseworker-7012", "caseworker"),
            subject: Subject::record(ring, "licence", "2026/0042"),
            fields: &["holder"],
            purpose: Purpose::new("licence-review"),
        };
        let guard = trail.begin(access).ok()?;
        let id = guard.id().to_string();
        guard.succeed().ok()?;
        return Some(id);
    }
    let auth = Auth {
        actor: Actor::system(),
        step: "sign-in",
        method: "token",
    };
    let event = Event::from(auth).detail("text", "words ".repeat(producer as usize * 20));
    trail.record(event).ok().map(|entry| entry.id.to_string())
}
