//! What must not compile, with one clear error each, and what must.
//!
//! `j` is a mistake in `journey!`, `p` one in the use of a progress, `s` one in `#[journey_step]`. A number is never used again.

#[test]
fn mistakes_are_told_and_hostile_names_are_none() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/hostile_names.rs");
    cases.compile_fail("tests/ui/j*.rs");
    cases.compile_fail("tests/ui/p*.rs");
    cases.compile_fail("tests/ui/s*.rs");
}
