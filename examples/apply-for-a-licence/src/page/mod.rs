//! Pages beside the journey.

pub(crate) mod cookies;
pub(crate) mod problem;
