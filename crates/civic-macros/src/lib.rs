//! The proc macros of Civic; use them through the crates that they belong to.
//!
//! No logic stands here, and no path to a crate of ours: what a macro writes is a call of a method on a value that the user's
//! own code holds. It works the same under a direct, a re-exported and a renamed dependency.

#![forbid(unsafe_code)]

mod journey_step;

use proc_macro::TokenStream;

/// Counts a step of a journey once the handler has answered without a server error.
///
/// The handler is an `async fn` that takes a `Progress` of the journey:
///
/// ```text
/// #[journey_step(ApplyStep::Details)]
/// async fn details(progress: Progress<Apply>) -> Html<&'static str> { .. }
/// ```
///
/// It writes one statement at the head of the function, `progress.reach_when_served(ApplyStep::Details)`, and changes nothing
/// else. The layer that gave the progress counts the step when it sees the status of the response.
#[proc_macro_attribute]
pub fn journey_step(step: TokenStream, function: TokenStream) -> TokenStream {
    journey_step::expand(step.into(), &function.into()).into()
}
