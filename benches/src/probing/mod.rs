//! What probes of a health endpoint cost: the service, its dependencies and its citizens.
//!
//! A service runs on a thread of its own with one worker; whoever asks runs on another. Both sides of a ratio
//! run in the same process, in turns, against the same service where they can.

mod client;
pub mod rows;
mod service;
