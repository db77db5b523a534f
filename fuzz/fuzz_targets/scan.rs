//! Offsets of a scan are in bounds, sorted and apart, whatever the bytes.
#![no_main]

#[path = "../../tests/src/property/scan.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
