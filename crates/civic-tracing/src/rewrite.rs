//! Reads the values of a span, record or event once and builds clean ones over the same fields.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use civic_pii::{Receipt, Redactor};
use tracing_core::Field;
use tracing_core::field::{self, DebugValue, FieldSet, Value, ValueSet, Visit};

use crate::Counts;
use crate::clean::Cleaner;
use crate::workspace::{self, Taken};

/// A value that may be logged, in the type that it had. Ranges point into the workspace's buffers.
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
    Text(Range<usize>),
    Formatted(Range<usize>),
    Bytes(Range<usize>),
    /// Index into the workspace's errors.
    Error(usize),
}

/// Values that were read and cleaned, ready to be handed on.
#[derive(Debug)]
pub(crate) struct Rewrite {
    fields: Option<&'static FieldSet>,
    taken: Taken,
    interrupted: bool,
}

impl Rewrite {
    /// Reads every value once.
    ///
    /// `fields` is what the values belong to; `None` where that is not known before the first value
    /// is seen, which is so for a record.
    pub(crate) fn read(
        redactor: &Redactor,
        counts: &Counts,
        fields: Option<&'static FieldSet>,
        record: impl FnOnce(&mut dyn Visit),
    ) -> Self {
        let mut reader = Reader {
            cleaner: Cleaner { redactor, counts },
            fields: None,
            taken: Taken::new(),
        };
        if let Some(fields) = fields {
            reader.belongs_to(fields);
        }
        let before = workspace::passes();
        // Without fields there is nothing to read.
        if fields.is_none_or(|fields| !fields.is_empty()) {
            record(&mut reader);
        }
        Self {
            fields: reader.fields,
            taken: reader.taken,
            interrupted: workspace::passes() != before,
        }
    }

    /// Whether a value logged something of its own while it was read.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// Builds the values and lends them to `then`; `None` when it is not known what they belong to.
    ///
    /// Up to 32 fields stand on the stack, more in a vector.
    pub(crate) fn lend<R>(&self, then: impl FnOnce(&ValueSet<'_>) -> R) -> Option<R> {
        let fields = self.fields?;
        Some(match fields.len() {
            0..=8 => self.lend_array::<8, R>(fields, then),
            9..=32 => self.lend_array::<32, R>(fields, then),
            _ => self.lend_vec(fields, then),
        })
    }

    fn lend_array<const N: usize, R>(
        &self,
        fields: &FieldSet,
        then: impl FnOnce(&ValueSet<'_>) -> R,
    ) -> R {
        let mut built: [Built<'_>; N] = [const { Built::Empty }; N];
        for (built, slot) in built.iter_mut().zip(&self.taken.slots) {
            *built = self.build(slot);
        }
        let mut values: [Option<&dyn Value>; N] = [None; N];
        for (value, built) in values.iter_mut().zip(&built) {
            *value = built.value();
        }
        then(&fields.value_set_all(&values[..fields.len()]))
    }

    fn lend_vec<R>(&self, fields: &FieldSet, then: impl FnOnce(&ValueSet<'_>) -> R) -> R {
        let built: Vec<Built<'_>> = self.taken.slots.iter().map(|s| self.build(s)).collect();
        let values: Vec<Option<&dyn Value>> = built.iter().map(Built::value).collect();
        then(&fields.value_set_all(&values))
    }

    fn build(&self, slot: &Slot) -> Built<'_> {
        let buffers = &self.taken.buffers;
        match slot {
            Slot::Empty => Built::Empty,
            Slot::I64(value) => Built::I64(*value),
            Slot::U64(value) => Built::U64(*value),
            Slot::I128(value) => Built::I128(*value),
            Slot::U128(value) => Built::U128(*value),
            Slot::F64(value) => Built::F64(*value),
            Slot::Bool(value) => Built::Bool(*value),
            Slot::Text(range) => Built::Text(buffers.text(range)),
            Slot::Formatted(range) => Built::Formatted(field::debug(Verbatim(buffers.text(range)))),
            Slot::Bytes(range) => Built::Bytes(buffers.bytes(range)),
            Slot::Error(index) => Built::Error(&self.taken.errors[*index]),
        }
    }
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

impl Built<'_> {
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

/// Text that a `Debug` or `Display` wrote before; prints as it is, without quotes.
struct Verbatim<'a>(&'a str);

impl fmt::Debug for Verbatim<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The visitor that copies values into a workspace, scanning on the way.
///
/// References that a visitor is given live for that call only, so values have to be copied.
struct Reader<'a> {
    cleaner: Cleaner<'a>,
    fields: Option<&'static FieldSet>,
    taken: Taken,
}

impl Reader<'_> {
    fn belongs_to(&mut self, fields: &'static FieldSet) {
        self.fields = Some(fields);
        self.taken.slots.resize(fields.len(), Slot::Empty);
    }

    /// Keeps what `read` makes of a value.
    ///
    /// A value of a field that the span or event does not have is dropped: no layer could place it.
    fn keep(&mut self, field: &Field, read: impl FnOnce(Cleaner<'_>, &mut Taken) -> Slot) {
        if self.fields.is_none() {
            self.belongs_to(field.callsite().0.metadata().fields());
        }
        let index = field.index();
        if index < self.taken.slots.len() && self.fields.is_some_and(|all| all.contains(field)) {
            self.taken.slots[index] = read(self.cleaner, &mut self.taken);
        } else {
            self.cleaner.counts.add_dropped(1);
        }
    }

    fn keep_number(
        &mut self,
        field: &Field,
        number: Slot,
        redact: impl FnOnce(&Redactor, &mut String) -> Receipt,
    ) {
        self.keep(field, |cleaner, taken| {
            match cleaner.number(redact, &mut taken.buffers) {
                Some(range) => Slot::Text(range),
                None => number,
            }
        });
    }
}

impl Visit for Reader<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep_number(field, Slot::I64(value), |redactor, out| {
            redactor.redact_i64(evidence(field), value, out)
        });
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep_number(field, Slot::U64(value), |redactor, out| {
            redactor.redact_u64(evidence(field), value, out)
        });
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.keep_number(field, Slot::I128(value), |redactor, out| {
            redactor.redact_i128(evidence(field), value, out)
        });
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.keep_number(field, Slot::U128(value), |redactor, out| {
            redactor.redact_u128(evidence(field), value, out)
        });
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep_number(field, Slot::F64(value), |redactor, out| {
            redactor.redact_f64(evidence(field), value, out)
        });
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, |_, _| Slot::Bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, |cleaner, taken| {
            Slot::Text(cleaner.text(evidence(field), value, &mut taken.buffers))
        });
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.keep(field, |cleaner, taken| {
            Slot::Bytes(cleaner.bytes(evidence(field), value, &mut taken.buffers))
        });
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.keep(field, |cleaner, taken| {
            match cleaner.error(evidence(field), value, &mut taken.buffers) {
                Some(error) => {
                    taken.errors.push(error);
                    Slot::Error(taken.errors.len() - 1)
                }
                None => Slot::Empty,
            }
        });
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, |cleaner, taken| {
            let value = format_args!("{value:?}");
            Slot::Formatted(cleaner.formatted(evidence(field), value, &mut taken.buffers))
        });
    }
}

/// The field's name, as far as it tells what the value is. Every event's text is called `message`.
fn evidence(field: &Field) -> Option<&'static str> {
    Some(field.name()).filter(|name| *name != "message")
}
