//! The atomic store counts exactly, whatever requests do to each other on however many replicas.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::HashSet;
use std::future::Future;
use std::task::{Context, Poll, Waker};

use civic_core::KeyRing;
use civic_journey::store::atomic::{AtomicProgress, MemoryBits, ProgressKey};
use civic_journey::{Journey, Progress, Submission};
use proptest::collection::vec;
use proptest::prelude::*;

civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Details = "details", Pay = "pay", Confirmation = "confirmation" }
    outcomes ApplyOutcome { Submitted = "submitted": complete, NotEligible = "not-eligible": complete }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

const STEPS: [ApplyStep; 4] = [
    ApplyStep::Start,
    ApplyStep::Details,
    ApplyStep::Pay,
    ApplyStep::Confirmation,
];

/// What a citizen's browser asks for. A refresh, a retry and a double submission are the same again.
#[derive(Clone, Copy, Debug)]
enum Page {
    Step(usize),
    /// The handler writes the application and then shows the confirmation.
    Submit,
    NotEligible,
}

/// One thing that happens next.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A request reaches a replica, which loads the progress.
    Arrives {
        citizen: u8,
        replica: u8,
        page: Page,
    },
    /// One of the requests under way, by its place, runs its handler and is kept. Its response may be lost: nothing depends on it.
    Completes { place: u8 },
    /// One of them is cut off before its handler ran.
    CutOff { place: u8 },
}

fn event() -> impl Strategy<Value = Event> {
    let page = prop_oneof![
        4 => (0..STEPS.len()).prop_map(Page::Step),
        2 => Just(Page::Submit),
        1 => Just(Page::NotEligible),
    ];
    prop_oneof![
        4 => (0..5_u8, 0..3_u8, page)
            .prop_map(|(citizen, replica, page)| Event::Arrives { citizen, replica, page }),
        4 => any::<u8>().prop_map(|place| Event::Completes { place }),
        1 => any::<u8>().prop_map(|place| Event::CutOff { place }),
    ]
}

struct Request {
    citizen: u8,
    page: Page,
    key: ProgressKey,
    progress: Progress<Apply>,
}

/// Replicas, their store, the service's own table, and what is true.
struct World {
    replicas: Vec<&'static Journey<Apply>>,
    store: AtomicProgress<MemoryBits>,
    /// The applications: a key that admits each citizen once.
    applications: HashSet<u8>,
    begun: HashSet<u8>,
    reached: HashSet<(u8, usize)>,
    not_eligible: HashSet<u8>,
    ended: HashSet<u8>,
    under_way: Vec<Request>,
}

impl World {
    fn new() -> Self {
        let keys = KeyRing::new("k1", vec![7; 32]).unwrap();
        Self {
            replicas: (0..3)
                .map(|_| &*Box::leak(Box::new(Journey::new())))
                .collect(),
            store: AtomicProgress::new(MemoryBits::default(), &keys),
            applications: HashSet::new(),
            begun: HashSet::new(),
            reached: HashSet::new(),
            not_eligible: HashSet::new(),
            ended: HashSet::new(),
            under_way: Vec::new(),
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Arrives {
                citizen,
                replica,
                page,
            } => {
                let journey = self.replicas[usize::from(replica)];
                let (key, progress) = now(self.store.open(journey, &[citizen], 1_767_268_800));
                self.under_way.push(Request {
                    citizen,
                    page,
                    key,
                    progress,
                });
            }
            Event::Completes { place } => {
                if !self.under_way.is_empty() {
                    let place = usize::from(place) % self.under_way.len();
                    let request = self.under_way.swap_remove(place);
                    self.complete(request);
                }
            }
            Event::CutOff { place } => {
                if !self.under_way.is_empty() {
                    let place = usize::from(place) % self.under_way.len();
                    self.under_way.swap_remove(place);
                }
            }
        }
    }

    fn complete(&mut self, mut request: Request) {
        let citizen = request.citizen;
        self.begun.insert(citizen);
        match request.page {
            Page::Step(step) => {
                request.progress.reach(STEPS[step]);
                self.reached.insert((citizen, step));
            }
            Page::Submit => {
                let submission = if self.applications.insert(citizen) {
                    Submission::Created
                } else {
                    Submission::AlreadyExists
                };
                request
                    .progress
                    .complete(ApplyOutcome::Submitted, submission);
                request.progress.reach(ApplyStep::Confirmation);
                self.reached.insert((citizen, 3));
                self.ended.insert(citizen);
            }
            Page::NotEligible => {
                request
                    .progress
                    .complete(ApplyOutcome::NotEligible, Submission::NotRecorded);
                // The first end of a citizen is the one that counts, unless the service's own table says otherwise.
                if self.ended.insert(citizen) {
                    self.not_eligible.insert(citizen);
                }
            }
        }
        now(self.store.close(&request.key, request.progress));
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let sum = |count: &dyn Fn(&civic_journey::Counts<Apply>) -> u64| -> u64 {
            self.replicas
                .iter()
                .map(|replica| count(&replica.counts()))
                .sum()
        };
        // Who was not eligible and applies all the same has made a second journey.
        let second = self.not_eligible.intersection(&self.applications).count() as u64;
        let starts = self.begun.len() as u64;
        let counted = sum(&|counts| counts.starts());
        prop_assert!(
            (starts..=starts + second).contains(&counted),
            "{counted} starts of {starts} and {second}"
        );
        for (at, step) in STEPS.into_iter().enumerate() {
            let reached = self.reached.iter().filter(|(_, step)| *step == at).count() as u64;
            prop_assert_eq!(sum(&|counts| counts.reached(step)), reached, "{:?}", step);
        }
        let submitted = self.applications.len() as u64;
        prop_assert_eq!(
            sum(&|counts| counts.ended(ApplyOutcome::Submitted)),
            submitted
        );
        prop_assert_eq!(
            sum(&|counts| counts.ended(ApplyOutcome::NotEligible)),
            self.not_eligible.len() as u64
        );
        prop_assert!(sum(&|counts| counts.completed()) <= counted + second);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_are_exact(events in vec(event(), 1..60)) {
        let mut world = World::new();
        for event in events {
            world.happen(event);
        }
        world.check()?;
    }
}

/// Runs what waits for nothing outside.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the store in memory waits for nothing"),
    }
}
