//! Documents that are made from the facts.

mod register;

pub use register::{Register, RegisterFormat, register};
