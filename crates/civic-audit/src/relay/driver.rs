//! The thread that a relay runs on.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{Delivery, Relay, Step};

/// How long a relay waits whose sink panicked: that is a defect, and no hurry.
const AFTER_PANIC: Duration = Duration::from_secs(30);

/// A relay that runs on a thread of its own. Dropping it ends the thread after the batch that is on its way.
///
/// ```
/// # use civic_audit::{FileSink, Relay};
/// # let (folder, copies) = (tempfile::tempdir()?, tempfile::tempdir()?);
/// let relay = Relay::new(folder.path(), "file", FileSink::new(copies.path())).start()?;
/// assert_eq!(relay.delivery().counts().failures, 0);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct RunningRelay {
    delivery: Delivery,
    thread: Option<JoinHandle<()>>,
}

impl RunningRelay {
    pub(super) fn start(relay: Relay) -> io::Result<Self> {
        let delivery = relay.delivery();
        let thread = thread::Builder::new()
            .name(format!("audit-{}", delivery.sink()))
            .spawn(move || run(relay))?;
        Ok(RunningRelay {
            delivery,
            thread: Some(thread),
        })
    }

    /// How far it is, to wait for and to show.
    ///
    /// ```
    /// # use civic_audit::RunningRelay;
    /// fn depth(relay: &RunningRelay) -> u64 {
    ///     relay.delivery().depth()
    /// }
    /// ```
    pub fn delivery(&self) -> Delivery {
        self.delivery.clone()
    }

    /// Waits until the sink has all that is in the ledger, then ends; `false` when it has not after that time. What is left is
    /// given by the next process.
    ///
    /// ```
    /// # use civic_audit::RunningRelay;
    /// fn end(relay: RunningRelay) {
    ///     if !relay.finish(std::time::Duration::from_secs(10)) {
    ///         eprintln!("audit: the database gets the rest after the next start");
    ///     }
    /// }
    /// ```
    #[must_use = "the sink may not have everything"]
    pub fn finish(self, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        while self.delivery.depth() > 0 {
            let is_over = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
            if is_over || Instant::now() >= until {
                return false;
            }
            thread::sleep(Duration::from_millis(20));
        }
        true
    }
}

impl Drop for RunningRelay {
    fn drop(&mut self) {
        self.delivery.end();
        if let Some(thread) = self.thread.take() {
            // A sink that panicked has ended the thread before; the entries are in the ledger.
            let _ = thread.join();
        }
    }
}

fn run(mut relay: Relay) {
    let delivery = relay.delivery();
    while !delivery.is_ending() {
        // A sink that panics costs a wait, not the thread.
        match catch_unwind(AssertUnwindSafe(|| relay.step())) {
            Ok(Step::Moved(_)) => {}
            Ok(Step::Idle) => delivery.rest(relay.look, false),
            Ok(Step::Failed { wait, .. }) => delivery.rest(wait, true),
            Err(_) => {
                delivery.failed();
                delivery.rest(AFTER_PANIC, true);
            }
        }
    }
}
