//! The labelled corpus, its scoring and the rivals that Civic is measured against.

pub mod adversarial;
pub mod arguments;
pub mod corpus;
pub mod durability;
pub mod faults;
pub mod goals;
pub mod journeys;
pub mod logging;
pub mod paired;
pub mod probing;
pub mod rival;
pub mod score;
pub mod truth;
