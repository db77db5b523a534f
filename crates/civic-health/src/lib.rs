//! Health answers that tell the truth, cost nothing, and never take the service down.
//!
//! # Why checks run on their own clock
//!
//! Where each probe runs every check, a hundred probes a second are a thousand calls to
//! dependencies, and citizens wait behind them in the same pool; a caller that hangs up early can
//! leave a wrong answer behind for everyone. Here a [`HealthCheck`] runs once per interval, whatever
//! the probes do, and a probe reads a body that was rendered when something last changed.
//! What is not renewed expires, so that no answer outlives its truth.
//!
//! # Report and decision are two things
//!
//! `/health` says that the process answers. It touches nothing, so a failing database never
//! restarts a service. `/ready` *decides* whether traffic may come, and *reports* the dependencies
//! beside it:
//!
//! | what | `/ready` | status |
//! |---|---|---|
//! | a required check has not passed once since the start | 503 | `fail` |
//! | the service drains | 503 | `fail` |
//! | a required check has stopped giving results, or nothing was renewed | 503 | `fail` |
//! | a required check fails that is [local](Spec::local) | 503 | `fail` |
//! | a required check fails that is [shared](Spec::shared) | 200 | `warn` |
//! | the same, and the check [says otherwise](Spec::fails_readiness) | 503 | `fail` |
//! | an optional check fails, or any check warns | 200 | `warn` |
//!
//! A database that all replicas share takes none of them out of rotation once they have started: an empty pool helps
//! nobody, while a service that is up can say so in words. But a replica that has never reached it
//! does not start, so a wrong address ends a release at its first replica (`/startup`).
//!
//! Only results in a row change a state, in both directions: one success between two failures starts the count anew.
//!
//! # How to use it
//!
//! ```
//! use civic_health::{Component, Endpoint, Health, Spec};
//! # #[derive(Clone)] struct Pool;
//! # impl Pool { async fn ping(&self) -> Result<(), std::io::Error> { Ok(()) } }
//!
//! # fn build(pool: Pool) -> Result<Health, civic_health::BuildError> {
//! let health = Health::builder("apply-for-a-licence")
//!     .release(env!("CARGO_PKG_VERSION"))
//!     .journeys(&["apply", "renew"])
//!     .check(
//!         Spec::shared("postgres").component(Component::Datastore),
//!         move || { let pool = pool.clone(); async move { pool.ping().await } },
//!     )
//!     .build()?;
//! # Ok(health) }
//! # build(Pool).unwrap();
//! ```
//!
//! With the feature `tokio`, [`Health::start`] runs the checks. With `http`, [`Health::endpoints`]
//! is a tower service; with `axum`, [`serve::Serve`] serves a router and drains it at SIGTERM.
//! Without any, [`core::Core`] is the whole logic without a clock, a thread or a socket.
//!
//! # What never leaves
//!
//! A reason is a `&'static str`: a text of the program. What an error said is a
//! [`PrivateDetail`], which is in no answer and in no `Debug` output; it goes to the log, through
//! whatever redacts the log.
//!
//! # What this crate never does
//!
//! It never calls a dependency because somebody probed, never lets a probe wait for a check or a lock, never
//! answers with a redirect, and never shows an error's words.

#![deny(unsafe_code)]

/// The example of the README compiles and holds.
#[cfg(all(doctest, feature = "axum"))]
#[doc = include_str!("../README.md")]
mod readme {}

mod answer;
#[cfg(feature = "http")]
mod authorize;
mod builder;
pub mod check;
pub mod core;
pub mod drain;
#[cfg(feature = "tokio")]
mod driver;
#[cfg(feature = "http")]
mod endpoints;
mod health;
mod incident;
#[cfg(feature = "http")]
mod layer;
#[cfg(feature = "tokio")]
mod log;
mod metrics;
#[cfg(feature = "http")]
mod negotiate;
mod outcome;
mod probe_contract;
mod probes;
mod render;
#[cfg(feature = "axum")]
pub mod serve;
#[cfg(feature = "tokio")]
mod signals;
mod spec;
mod status;
#[cfg(feature = "test-kit")]
pub mod test_kit;
#[cfg(feature = "http")]
mod traffic;

pub use answer::{Answer, Detail, Endpoint, Format};
#[cfg(feature = "http")]
pub use authorize::{Authorizer, BearerToken, Caller, WeakToken};
pub use builder::{BuildError, Builder};
pub use check::{BlockingCheck, Cx, HealthCheck};
pub use core::{Decision, Snapshot, State, Transition};
pub use drain::DrainPolicy;
#[cfg(feature = "tokio")]
pub use driver::Driver;
#[cfg(feature = "http")]
pub use endpoints::Endpoints;
pub use health::Health;
pub use incident::Incident;
#[cfg(feature = "http")]
pub use layer::{HealthLayer, WithHealth, WithHealthBody, WithHealthFuture};
pub use outcome::{MAX_DETAIL_BYTES, Observed, Outcome, PrivateDetail};
pub use probe_contract::{ContractProblem, ProbeContract, Server};
pub use probes::Probes;
#[cfg(feature = "tokio")]
pub use signals::{Signals, StopSignal};
pub use spec::{Affects, Component, Criticality, Scope, Spec};
pub use status::Status;
#[cfg(feature = "http")]
pub use traffic::{Counted, InFlight, Traffic};
