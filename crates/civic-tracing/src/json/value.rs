//! Values as JSON has them.

use std::fmt::Write as _;

use super::escape::write_string;
use crate::buffers::Buffers;
use crate::slot::Slot;

/// How a shape writes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bytes {
    /// `"[41 42]"`, as upstream does in events.
    Hexadecimal,
    /// `[65,66]`, as upstream does in spans.
    Numbers,
    /// As text where they are text, otherwise in hexadecimal.
    Text,
}

/// Writes one value; integers of 128 bits as strings, since few readers keep them as numbers.
#[inline]
pub(super) fn write_value(slot: &Slot, buffers: &Buffers, bytes: Bytes, line: &mut String) {
    let mut integers = itoa::Buffer::new();
    match slot {
        Slot::Text(place) | Slot::Formatted(place) => write_string(buffers.text(*place), line),
        Slot::U64(value) => line.push_str(integers.format(*value)),
        Slot::I64(value) => line.push_str(integers.format(*value)),
        Slot::Bool(value) => line.push_str(if *value { "true" } else { "false" }),
        Slot::F64(value) if value.is_finite() => {
            line.push_str(zmij::Buffer::new().format_finite(*value));
        }
        Slot::I128(value) => quoted(integers.format(*value), line),
        Slot::U128(value) => quoted(integers.format(*value), line),
        Slot::Bytes(range) => write_bytes(buffers.bytes(range), bytes, line),
        // An error is read as its text where lines are written.
        Slot::F64(_) | Slot::Empty | Slot::Error(_) => line.push_str("null"),
    }
}

fn quoted(number: &str, line: &mut String) {
    line.push('"');
    line.push_str(number);
    line.push('"');
}

fn write_bytes(value: &[u8], how: Bytes, line: &mut String) {
    if how == Bytes::Text
        && let Ok(text) = str::from_utf8(value)
    {
        return write_string(text, line);
    }
    let is_numbers = how == Bytes::Numbers;
    line.push_str(if is_numbers { "[" } else { "\"[" });
    for (index, byte) in value.iter().enumerate() {
        let _ = match (is_numbers, index) {
            (true, 0) => write!(line, "{byte}"),
            (true, _) => write!(line, ",{byte}"),
            (false, 0) => write!(line, "{byte:02x}"),
            (false, _) => write!(line, " {byte:02x}"),
        };
    }
    line.push_str(if is_numbers { "]" } else { "]\"" });
}
