//! Starts the service, goes through it as people do, and reads what it logged, counted and kept.

mod browser;
mod counts;
mod forms;
mod journey;
mod payments;
mod process;
mod sessions;
mod staff;
mod start;
