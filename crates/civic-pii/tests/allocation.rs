//! Clean text costs no allocation. Its own binary, since the counter sees every thread of the process.

#[path = "../../../tests/counting_allocator.rs"]
mod counting_allocator;

use counting_allocator::allocations;

use civic_pii::{Redactor, Scratch};

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
