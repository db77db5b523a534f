//! Clean text costs no allocation. Its own binary, since the counter sees every thread of the process.
#![expect(unsafe_code, reason = "a global allocator cannot be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use civic_pii::{Redactor, Scratch};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    COUNT.with(|count| count.set(count.get() + 1));
}

// SAFETY: every call goes on to the system's allocator unchanged; the counter is a thread-local without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's contract is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's contract is passed on.
        unsafe { System.realloc(ptr, layout, size) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's contract is passed on.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> usize {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}

#[test]
fn clean_text_allocates_nothing() {
    let redactor = Redactor::new();
    let mut scratch = Scratch::default();
    let mut out = String::with_capacity(1024);
    let text = r#"{"level":"info","message":"GET /health 200","elapsed_ms":12,"id":"5f0c"}"#;
    let mut redact = |text: &str| {
        out.clear();
        redactor.redact_field(Some("message"), text, &mut scratch, &mut out)
    };
    // The first call may size the buffers that later ones reuse.
    redact(text);
    let count = allocations(|| assert!(redact(text).is_empty()));
    assert_eq!(count, 0);
    let number = allocations(|| {
        let receipt = redactor.redact_u64(Some("elapsed_ms"), 12, &mut String::new());
        assert!(receipt.is_empty());
    });
    assert_eq!(number, 0);
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(Box::new([1_u8; 64]))), 1);
}
