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
    let mut texts: [Lent<'_>; N] = [const { Lent::None }; N];
    let mut values: [Option<&dyn Value>; N] = [None; N];
    for (text, slot) in texts.iter_mut().zip(&workspace.slots) {
        *text = Lent::of(slot, workspace);
    }
    let built = texts.iter().zip(&workspace.slots);
    for (to, (text, slot)) in values.iter_mut().zip(built) {
        *to = value(slot, text);
    }
    then(&fields.value_set_all(&values[..fields.len()]))
}

fn lend_vec<R>(
    workspace: &Workspace,
    fields: &FieldSet,
    then: impl FnOnce(&ValueSet<'_>) -> R,
) -> R {
    let slots = &workspace.slots;
    let texts: Vec<Lent<'_>> = slots.iter().map(|slot| Lent::of(slot, workspace)).collect();
    let values: Vec<Option<&dyn Value>> = slots
        .iter()
        .zip(&texts)
        .map(|(slot, text)| value(slot, text))
        .collect();
    then(&fields.value_set_all(&values))
}

/// What a slot with a text lends: a value has to stand somewhere as itself.
enum Lent<'a> {
    None,
    Str(&'a str),
    Formatted(DebugValue<Verbatim<'a>>),
    Bytes(&'a [u8]),
    Error(&'a (dyn Error + 'static)),
}

impl<'a> Lent<'a> {
    #[inline]
    fn of(slot: &Slot, workspace: &'a Workspace) -> Self {
        let buffers = &workspace.buffers;
        match slot {
            Slot::Text(place) => Lent::Str(buffers.text(*place)),
            Slot::Formatted(place) => Lent::Formatted(field::debug(Verbatim(buffers.text(*place)))),
            Slot::Bytes(range) => Lent::Bytes(buffers.bytes(range)),
            Slot::Error(index) => Lent::Error(&workspace.errors[*index]),
            _ => Lent::None,
        }
    }
}

/// The value of a slot. `Value` is sealed, so each type that it is implemented for has its case.
#[inline]
fn value<'v>(slot: &'v Slot, text: &'v Lent<'_>) -> Option<&'v dyn Value> {
    Some(match (slot, text) {
        (Slot::I64(value), _) => value,
        (Slot::U64(value), _) => value,
        (Slot::I128(value), _) => value,
        (Slot::U128(value), _) => value,
        (Slot::F64(value), _) => value,
        (Slot::Bool(value), _) => value,
        (_, Lent::Str(text)) => text,
        (_, Lent::Formatted(text)) => text,
        (_, Lent::Bytes(bytes)) => bytes,
        (_, Lent::Error(error)) => error,
        (_, Lent::None) => return None,
    })
}

/// Text that prints as it is, without quotes.
struct Verbatim<'a>(&'a str);

impl fmt::Debug for Verbatim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
