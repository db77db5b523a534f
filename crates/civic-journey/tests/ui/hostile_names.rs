#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, unused_macros)]

// Names that the macros must not take for their own.
macro_rules! concat {
    ($($any:tt)*) => {
        ::core::compile_error!("the caller's `concat!` was called")
    };
}
macro_rules! env {
    ($($any:tt)*) => {
        ::core::compile_error!("the caller's `env!` was called")
    };
}
macro_rules! stringify {
    ($($any:tt)*) => {
        ::core::compile_error!("the caller's `stringify!` was called")
    };
}
struct Clone;
struct Copy;
struct Debug;
struct Option;
struct Journey;
struct Facts;
struct Label;
struct Definition;
mod core {}
mod std {}
mod civic_core {}
type usize = ();
type str = ();
type bool = ();

::civic_journey::journey! {
    /// Apply for a licence.
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" needs ["payment-provider", "bank"] }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "refused": failed }
    expected = 12 minutes;
    abandon_after = 2 days;
    slo = 99.5;
}

#[::civic_journey::journey_step(ApplyStep::Pay)]
async fn pay(progress: ::civic_journey::Progress<Apply>) {
    ::core::mem::drop(progress);
}

fn main() {
    let now = ::std::time::SystemTime::now();
    let mut progress = ::civic_journey::Progress::new(&APPLY, ::core::option::Option::None, now);
    ::civic_journey::macros::journey_step!(progress, ApplyStep::Start);
    ::core::assert_eq!(APPLY.counts().starts(), 1);
}
