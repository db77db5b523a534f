//! The layer that writes JSON lines.

mod escape;
mod layer;
mod line;
mod parts;
mod scope;
mod style;
mod value;

pub use layer::JsonLayer;
pub use style::TraceIds;

pub(crate) use line::write_event;
pub(crate) use parts::Parts;
pub(crate) use scope::write_span;
pub(crate) use style::Style;
