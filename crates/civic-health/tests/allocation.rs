//! An answer allocates nothing, the first one after a change either; alone in this process, with its own allocator.

#[path = "../../../tests/counting_allocator.rs"]
mod counting_allocator;

use counting_allocator::allocations;

use civic_health::{Detail, Endpoint, Format, Health, Outcome, Spec};

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
    assert!(
        allocations(|| {
            health.tick();
        }) > 0,
        "the count counts"
    );
    assert_eq!(allocations(ask), 0);
}
