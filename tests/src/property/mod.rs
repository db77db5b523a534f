//! Properties that hold for every input. `fuzz/fuzz_targets/` includes these files one by one, so they depend on nothing
//! but `civic-pii` and `civic-ops`.

pub mod check;
pub mod redact;
pub mod scan;
