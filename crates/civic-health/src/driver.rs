//! Runs the checks on tokio: each in a task of its own, on its own clock, whatever the probes do.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::check::{AnyCheck, Cx};
use crate::core::CheckId;
use crate::health::Health;
use crate::log;
use crate::outcome::Outcome;
use crate::spec::Spec;

/// How often the watcher looks whether the checks still run, and renews the answers.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// Keeps the checks of a [`Health`] running until it is dropped.
///
/// One task starts what is due, one watches that it does and that every check still gives results. If both should
/// end, the answers expire. Each run has a task of its own: a panic ends this run only, and a run that
/// hangs is dropped when its time is over. A blocking run cannot be dropped; it keeps its place.
#[derive(Debug)]
#[must_use = "the checks stop when it is dropped"]
pub struct Driver {
    tasks: [AbortHandle; 2],
}

impl Health {
    /// Starts running the checks on the current tokio runtime.
    ///
    /// Blocking checks run on its threads for blocking work.
    ///
    /// # Panics
    /// Outside a tokio runtime, or in one without timers.
    pub fn start(&self) -> Driver {
        let scheduler = tokio::spawn(schedule(self.clone()));
        let watcher = tokio::spawn(watch(self.clone()));
        Driver {
            tasks: [scheduler.abort_handle(), watcher.abort_handle()],
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Starts what is due, and waits for the next time or the next free place.
async fn schedule(health: Health) {
    let (ended, mut ends) = mpsc::unbounded_channel();
    loop {
        for id in health.due() {
            if let Some((spec, check)) = health.check(id) {
                let ended = ended.clone();
                let health = health.clone();
                tokio::spawn(async move {
                    run(&health, id, &spec, check).await;
                    // Nobody listens any more when the driver was dropped.
                    let _ = ended.send(());
                });
            }
        }
        let next = health.time_to_next();
        tokio::select! {
            // Each end may free a place that another check waits for.
            _ = ends.recv() => {}
            () = health.changed() => {}
            () = until(next) => health.tick(),
        }
    }
}

/// Looks every second whether the checks still give results, and renews the answers.
async fn watch(health: Health) {
    let mut ticks = interval(WATCH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        health.tick();
    }
}

/// One run of one check, from its start to its real end.
async fn run(health: &Health, id: CheckId, spec: &Spec, check: AnyCheck) {
    let cx = Cx::new(spec.timeout);
    // A task of its own, so that its panic stays there.
    let mut task = match check {
        AnyCheck::Async(check) => tokio::spawn(async move { check.check_boxed(&cx).await }),
        AnyCheck::Blocking(check) => tokio::task::spawn_blocking(move || check.check(&cx)),
    };
    let on_time = timeout(spec.timeout, &mut task).await;
    let late = on_time.is_err();
    let result = if let Ok(result) = on_time {
        result
    } else {
        health.overrun(id);
        // Ends a future at its next await. What blocks goes on, and its place stays taken until it really ends.
        task.abort();
        task.await
    };
    // The panic hook has reported what a panic said.
    let outcome =
        result.unwrap_or_else(|_| Outcome::fail(if late { "timed out" } else { "check panicked" }));
    log::outcome(spec.name, &outcome);
    health.complete(id, &outcome);
}

async fn until(time: Option<Duration>) {
    match time {
        Some(time) => sleep(time).await,
        None => std::future::pending().await,
    }
}
