//! One value, in the type that it had.

use std::ops::Range;

/// A value that was read. Places point into the workspace's buffers.
#[derive(Clone, Debug, Default)]
pub(crate) enum Slot {
    #[default]
    Empty,
    I64(i64),
    U64(u64),
    I128(i128),
    U128(u128),
    F64(f64),
    Bool(bool),
    /// A string, or a number that became one.
    Text(Place),
    /// What a value wrote when it formatted itself.
    Formatted(Place),
    Bytes(Range<usize>),
    /// Index into the workspace's errors.
    Error(usize),
}

/// Where a text stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Whether it was changed, and stands in the buffer for such texts.
    pub(crate) is_changed: bool,
    pub(crate) start: usize,
    pub(crate) end: usize,
}
