//! Counting, signing and checking allocate nothing, and memory does not grow; alone in this process, with its own allocator.

#[path = "../../../tests/counting_allocator.rs"]
mod counting_allocator;

use counting_allocator::allocations;

use std::fs;
use std::hint::black_box;
use std::time::{Duration, SystemTime};

use civic_core::KeyRing;
use civic_journey::store::token::Tokens;
use civic_journey::{Counting, ErrorKind, Progress, Submission};

civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Details = "details", Pay = "pay", Check = "check", Confirmation = "confirmation" }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "refused": failed }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

const STEPS: [ApplyStep; 5] = [
    ApplyStep::Start,
    ApplyStep::Details,
    ApplyStep::Pay,
    ApplyStep::Check,
    ApplyStep::Confirmation,
];

fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_268_800)
}

#[test]
fn a_journey_allocates_nothing() {
    assert_eq!(
        allocations(|| drop(black_box(Box::new(1)))),
        1,
        "the allocator that this test trusts"
    );
    let counted = allocations(|| {
        for counting in [Counting::Record, Counting::Marks, Counting::Nothing] {
            let mut progress = Progress::counting_by(counting, &APPLY, None, 1_767_268_800);
            for step in STEPS {
                progress.reach(step);
                progress.reach(step);
                progress.error(step, ErrorKind::Validation);
            }
            progress.reach_when_served(ApplyStep::Pay);
            progress.answered(true);
            progress.complete(ApplyOutcome::Submitted, Submission::Created);
            black_box(progress.mark());
        }
    });
    assert_eq!(counted, 0, "steps, errors and an end");
}

#[test]
fn a_token_allocates_nothing() {
    let tokens = Tokens::of::<Apply>(&KeyRing::new("k1", vec![7; 32]).unwrap());
    let mut progress = Progress::new(&APPLY, None, noon());
    progress.reach(ApplyStep::Start);
    let counted = allocations(|| {
        let token = tokens.sign(progress.record());
        assert_eq!(
            tokens.verify(token.as_str(), 1_767_268_800),
            Ok(progress.record())
        );
        assert!(tokens.verify("forged", 1_767_268_800).is_err());
    });
    assert_eq!(counted, 0);
}

/// Ten million events of two hundred thousand citizens.
#[test]
fn memory_does_not_grow_with_events_or_citizens() {
    const CITIZENS: u64 = 200_000;
    const EVENTS: u64 = 10_000_000;
    let citizen = |number: u64| {
        let start = noon() + Duration::from_secs(number);
        let mut progress = Progress::new(&APPLY, None, start);
        let mut record = progress.record();
        // Each event is a request of its own: the record comes in and goes out.
        for event in 0..EVENTS / CITIZENS - 1 {
            let later = start + Duration::from_secs(event * 7);
            progress = Progress::new(&APPLY, Some(record), later);
            progress.reach(STEPS[(event % 5) as usize]);
            record = progress.record();
        }
        progress.complete(ApplyOutcome::Submitted, Submission::Created);
    };
    (0..1_000).for_each(citizen);
    let before = resident();
    let counted = allocations(|| (0..CITIZENS).for_each(citizen));
    let after = resident();
    assert_eq!(counted, 0);
    // A page or two may come in for code that had not run.
    assert!(
        after <= before + 64 * 1024,
        "{before} bytes before, {after} after"
    );
    assert!(APPLY.counts().starts() >= CITIZENS);
}

/// Bytes of this process in memory.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("this test needs Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    kilobytes
        .and_then(|number| number.parse::<u64>().ok())
        .expect("a number of kB")
        * 1024
}
