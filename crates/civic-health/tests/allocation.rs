//! An answer allocates nothing, the first one after a change either; alone in this process, with its own allocator.

#![expect(
    unsafe_code,
    reason = "a counting allocator cannot be written without it"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use civic_health::{Detail, Endpoint, Format, Health, Outcome, Spec};

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the contract of `GlobalAlloc`, which is the same there.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn an_answer_allocates_nothing() {
    let health = Health::builder("service")
        .blocking_check(Spec::local("disk"), Outcome::pass)
        .build()
        .unwrap();
    let ask = || {
        for endpoint in Endpoint::ALL {
            for detail in [Detail::Status, Detail::Checks, Detail::Full] {
                for format in [
                    Format::Json,
                    Format::HealthJson,
                    Format::Text,
                    Format::Govuk,
                ] {
                    drop(health.answer(endpoint, detail, format));
                }
            }
        }
    };
    // What the thread needs once, for the atomic load.
    ask();
    let before = ALLOCATIONS.get();
    health.tick();
    let rendering = ALLOCATIONS.get();
    assert!(rendering > before, "the count counts");
    ask();
    assert_eq!(ALLOCATIONS.get(), rendering);
}
