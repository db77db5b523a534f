//! Redaction is idempotent and no canary survives it, whatever stands around.
#![no_main]

#[path = "../../tests/src/property/redact.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|data: &[u8]| property::check(data));
