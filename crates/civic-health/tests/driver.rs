//! The driver: what panics, hangs or blocks costs nobody else anything.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use civic_health::test_kit::{Scripted, Step};
use civic_health::{Health, Outcome, Snapshot, Spec, State};

const fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}

fn quick(spec: Spec) -> Spec {
    spec.interval(ms(50))
        .timeout(ms(20))
        .fail_after(2)
        .pass_after(1)
        .stale_after(ms(2_000))
}

fn state(snapshot: &Snapshot, name: &str) -> (State, Option<&'static str>) {
    let check = snapshot
        .checks
        .iter()
        .find(|check| check.name == name)
        .expect("the check was added");
    (check.state, check.reason)
}

/// Waits for a condition; a slow machine makes the test slower, not red.
async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(20), "never: {what}");
        tokio::time::sleep(ms(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_panics_hangs_or_blocks_leaves_the_others_on_time() {
    let good = Scripted::passing();
    let blocker = Scripted::new([Step::Take(ms(1_500)), Step::Find(Outcome::pass())]);
    let health = Health::builder("service")
        .check(quick(Spec::local("panics")), Scripted::new([Step::Panic]))
        .check(quick(Spec::local("hangs")), Scripted::new([Step::Hang]))
        .blocking_check(quick(Spec::local("blocks")), blocker.clone())
        .check(quick(Spec::local("good")), good.clone())
        .build()
        .unwrap();
    let start = Instant::now();
    let _driver = health.start();
    tokio::time::sleep(ms(1_000)).await;
    let calls = good.calls();
    let intervals = start.elapsed().as_millis() as u64 / 50;
    // Jitter is a tenth; a loaded machine may cost a few.
    assert!(
        calls >= intervals * 6 / 10 && calls <= intervals * 12 / 10 + 2,
        "{calls} of {intervals}"
    );
    let snapshot = health.snapshot();
    assert_eq!(state(&snapshot, "good"), (State::Passing, None));
    assert_eq!(
        state(&snapshot, "panics"),
        (State::Failing, Some("check panicked"))
    );
    assert_eq!(
        state(&snapshot, "hangs"),
        (State::Failing, Some("timed out"))
    );
    assert_eq!(
        state(&snapshot, "blocks"),
        (State::Failing, Some("still running"))
    );
    assert_eq!(blocker.calls(), 1, "a blocking check must not pile up");
    eventually("the blocking check recovers", || {
        state(&health.snapshot(), "blocks").0 == State::Passing
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocking_check_keeps_its_place_until_it_really_ends() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let mut builder = Health::builder("service").concurrency(2);
    for name in ["a", "b", "c", "d", "e"] {
        let (running, most) = (Arc::clone(&running), Arc::clone(&most));
        builder = builder.blocking_check(quick(Spec::local(name)), move || {
            let now = running.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(ms(100));
            running.fetch_sub(1, Ordering::SeqCst);
            Outcome::pass()
        });
    }
    let health = builder.build().unwrap();
    let _driver = health.start();
    tokio::time::sleep(ms(700)).await;
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn the_checks_stop_with_the_driver_and_the_answer_goes_stale() {
    let check = Scripted::passing();
    let health = Health::builder("service")
        .check(quick(Spec::local("disk")), check.clone())
        .expires_after(Duration::from_secs(3))
        .build()
        .unwrap();
    let driver = health.start();
    eventually("ready", || health.is_ready()).await;
    drop(driver);
    tokio::time::sleep(ms(100)).await;
    let calls = check.calls();
    eventually("stale", || !health.is_ready()).await;
    assert_eq!(check.calls(), calls);
}

#[tokio::test]
async fn a_check_that_is_switched_on_runs_at_once() {
    let check = Scripted::passing();
    let spec = Spec::local("disk")
        .interval(Duration::from_secs(3600))
        .disabled();
    let health = Health::builder("service")
        .check(spec, check.clone())
        .build()
        .unwrap();
    let _driver = health.start();
    tokio::time::sleep(ms(50)).await;
    assert_eq!(check.calls(), 0);
    health.set_enabled("disk", true);
    eventually("it runs", || check.calls() == 1).await;
}

#[tokio::test]
async fn closures_of_every_kind_are_checks() {
    let health = Health::builder("service")
        .check(quick(Spec::local("outcome")), || async { Outcome::pass() })
        .check(quick(Spec::local("result")), || async {
            Err::<(), _>("no such host db.example.com")
        })
        .blocking_check(quick(Spec::local("blocking")), || {
            Ok::<_, std::io::Error>(7)
        })
        .build()
        .unwrap();
    let _driver = health.start();
    eventually("all have run", || {
        let snapshot = health.snapshot();
        state(&snapshot, "outcome").0 == State::Passing
            && state(&snapshot, "blocking").0 == State::Passing
            && state(&snapshot, "result") == (State::Failing, Some("check failed"))
    })
    .await;
}
