//! The labelled corpus, its scoring and the rivals that Civic is measured against.

pub mod arguments;
pub mod corpus;
pub mod goals;
pub mod score;
pub mod truth;
