//! Builds values again over the same fields, and lends them to those below.

use std::error::Error;
use std::fmt;

use tracing_core::field::{self, DebugValue, FieldSet, Value, ValueSet};

use crate::reading::Reading;
use crate::slot::Slot;
use crate::workspace::Workspace;

impl Reading<'_> {
    /// Builds the values and lends them to `then`; `None` when it is not known what they belong to.
    ///
    /// Up to 32 fields stand on the stack, more in a vector.
    pub(crate) fn lend<R>(&self, then: impl FnOnce(&ValueSet<'_>) -> R) -> Option<R> {
        let fields = self.known()?.metadata.fields();
        Some(match fields.len() {
            0..=8 => lend_array::<8, R>(&self.taken, fields, then),
            9..=32 => lend_array::<32, R>(&self.taken, fields, then),
            _ => lend_vec(&self.taken, fields, then),
        })
    }
}

fn lend_array<const N: usize, R>(
    workspace: &Workspace,
    fields: &FieldSet,
    then: impl FnOnce(&ValueSet<'_>) -> R,
) -> R {
    let mut built: [Built<'_>; N] = [const { Built::Empty }; N];
    for (built, slot) in built.iter_mut().zip(&workspace.slots) {
        *built = Built::of(slot, workspace);
    }
    let mut values: [Option<&dyn Value>; N] = [None; N];
    for (value, built) in values.iter_mut().zip(&built[..fields.len()]) {
        *value = built.value();
    }
    then(&fields.value_set_all(&values[..fields.len()]))
}

fn lend_vec<R>(
    workspace: &Workspace,
    fields: &FieldSet,
    then: impl FnOnce(&ValueSet<'_>) -> R,
) -> R {
    let slots = workspace.slots.iter();
    let built: Vec<Built<'_>> = slots.map(|slot| Built::of(slot, workspace)).collect();
    let values: Vec<Option<&dyn Value>> = built.iter().map(Built::value).collect();
    then(&fields.value_set_all(&values))
}

/// A value over borrowed memory. `Value` is sealed, so each type that it is implemented for has its case.
enum Built<'a> {
    Empty,
    I64(i64),
    U64(u64),
    I128(i128),
    U128(u128),
    F64(f64),
    Bool(bool),
    Text(&'a str),
    Formatted(DebugValue<Verbatim<'a>>),
    Bytes(&'a [u8]),
    Error(&'a (dyn Error + 'static)),
}

impl<'a> Built<'a> {
    #[inline]
    fn of(slot: &Slot, workspace: &'a Workspace) -> Self {
        let buffers = &workspace.buffers;
        match slot {
            Slot::Empty => Built::Empty,
            Slot::I64(value) => Built::I64(*value),
            Slot::U64(value) => Built::U64(*value),
            Slot::I128(value) => Built::I128(*value),
            Slot::U128(value) => Built::U128(*value),
            Slot::F64(value) => Built::F64(*value),
            Slot::Bool(value) => Built::Bool(*value),
            Slot::Text(place) => Built::Text(buffers.text(*place)),
            Slot::Formatted(place) => {
                Built::Formatted(field::debug(Verbatim(buffers.text(*place))))
            }
            Slot::Bytes(range) => Built::Bytes(buffers.bytes(range)),
            Slot::Error(index) => Built::Error(&workspace.errors[*index]),
        }
    }

    #[inline]
    fn value(&self) -> Option<&dyn Value> {
        Some(match self {
            Self::Empty => return None,
            Self::I64(value) => value,
            Self::U64(value) => value,
            Self::I128(value) => value,
            Self::U128(value) => value,
            Self::F64(value) => value,
            Self::Bool(value) => value,
            Self::Text(value) => value,
            Self::Formatted(value) => value,
            Self::Bytes(value) => value,
            Self::Error(value) => value,
        })
    }
}

/// Text that prints as it is, without quotes.
struct Verbatim<'a>(&'a str);

impl fmt::Debug for Verbatim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
