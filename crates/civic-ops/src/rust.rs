//! Reading Rust source: tokens, types, expressions and format strings.

pub(crate) mod format;
pub(crate) mod token;
pub(crate) mod ty;
pub(crate) mod value;
