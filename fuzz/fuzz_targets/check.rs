//! A check of any text as any kind of file ends in findings that point into it.
#![no_main]

#[path = "../../tests/src/property/check.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
