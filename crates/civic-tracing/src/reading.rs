//! Reads the values of a span, record or event once, and cleans them in one look at all.

use std::error::Error;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use civic_pii::{Receipt, Redactor};
use tracing_core::field::{Field, Visit};
use tracing_core::{Event, Metadata};

use crate::buffers::{Buffers, Piece};
use crate::clean::{Cleaner, MAX_ERROR_LINKS, MAX_VALUE_BYTES, Outcome};
use crate::error::RedactedError;
use crate::owner::{ErrorCode, Known, KnownField, Owner};
use crate::slot::{Place, Slot};
use crate::workspace::{self, Taken};

/// Values that were read, ready to be handed on or to be written.
#[derive(Debug)]
pub(crate) struct Reading<'o> {
    pub(crate) owner: &'o Owner,
    /// `None` for a record of which nothing was seen yet.
    known: Option<Arc<Known>>,
    pub(crate) taken: Taken,
    pub(crate) outcome: Outcome,
    /// The code of the first error that has one.
    pub(crate) error_code: Option<&'static str>,
    mode: Mode,
    /// Whether some value is to be looked at more closely however it looks.
    has_forced: bool,
    interrupted: bool,
}

/// How values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Clean them, and rebuild errors with their sources, for those below.
    HandOn,
    /// Clean them to be written; of an error that is its own text.
    Write,
    /// They were cleaned before, by one of us.
    Trust,
}

impl<'o> Reading<'o> {
    /// Reads every value once.
    ///
    /// `metadata` is that of the callsite; `None` where it is not known before the first value is seen, which is so for a
    /// record.
    pub(crate) fn of(
        owner: &'o Owner,
        metadata: Option<&'static Metadata<'static>>,
        mode: Mode,
        record: impl FnOnce(&mut dyn Visit),
    ) -> Self {
        let mut reading = Self {
            owner,
            known: None,
            taken: Taken::new(),
            outcome: Outcome::default(),
            error_code: None,
            mode,
            has_forced: false,
            interrupted: false,
        };
        if let Some(metadata) = metadata {
            reading.belongs_to(metadata);
        }
        // Without fields there is nothing to read.
        if metadata.is_none_or(|metadata| !metadata.fields().is_empty()) {
            let before = workspace::passes();
            record(&mut reading);
            reading.interrupted = workspace::passes() != before;
            reading.settle();
        }
        reading
    }

    pub(crate) fn of_event(owner: &'o Owner, event: &Event<'_>, mode: Mode) -> Self {
        Self::of(owner, Some(event.metadata()), mode, |v| event.record(v))
    }

    /// Whether a value logged something of its own while it was read.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// What is known of the callsite; `None` when a record held nothing.
    #[inline]
    pub(crate) fn known(&self) -> Option<&Known> {
        self.known.as_deref()
    }

    /// The text of a slot that has one.
    pub(crate) fn text(&self, slot: usize) -> Option<&str> {
        match self.taken.slots.get(slot)? {
            Slot::Text(place) | Slot::Formatted(place) => Some(self.taken.buffers.text(*place)),
            _ => None,
        }
    }

    /// Counts what was redacted, cut and dropped, and tells whoever wants to be told.
    #[inline]
    pub(crate) fn count(&self) {
        if !self.outcome.is_empty() {
            crate::report::count(self);
        }
    }

    fn belongs_to(&mut self, metadata: &'static Metadata<'static>) {
        let known = self.taken.know(self.owner, metadata);
        self.taken.slots.resize(known.fields.len(), Slot::Empty);
        self.known = Some(known);
    }

    /// Looks at all values that are not yet known to be clean, and redacts those that may not be.
    fn settle(&mut self) {
        let buffers = &mut self.taken.workspace_mut().buffers;
        if buffers.places.is_empty() {
            return;
        }
        #[cfg(test)]
        crate::clean::tests::count_scan();
        let redactor = &self.owner.redactor;
        let suspects = redactor.suspects(&buffers.raw, &buffers.places, &mut buffers.scratch);
        let is_quiet = suspects.is_empty() && buffers.places.len() <= 64;
        if is_quiet && !self.has_forced && buffers.raw.len() <= MAX_VALUE_BYTES {
            return;
        }
        let known = self.known.as_deref().expect("a value has a callsite");
        let workspace = self.taken.workspace_mut();
        let mut cleaner = Cleaner {
            redactor,
            outcome: &mut self.outcome,
        };
        for index in 0..workspace.buffers.pieces.len() {
            let piece = workspace.buffers.pieces[index];
            let slot = &mut workspace.slots[piece.slot];
            if piece.is_forced || suspects.contains(index) {
                let evidence = known.fields[piece.slot].evidence;
                clean(slot, evidence, piece, &mut cleaner, &mut workspace.buffers);
            } else if let Slot::Text(place) | Slot::Formatted(place) = slot
                && place.end - place.start > MAX_VALUE_BYTES
            {
                *place = cleaner.long(place.start..place.end, &mut workspace.buffers);
            }
        }
    }

    /// Where the value of a field goes; `None`, and counted as dropped, when the span or event has no such field: no layer
    /// could place it.
    #[inline]
    fn index(&mut self, field: &Field) -> Option<usize> {
        if self.known.is_none() {
            self.belongs_to(field.callsite().0.metadata());
        }
        let known = self.known.as_deref().expect("it was set just now");
        if known.metadata.fields().contains(field) && field.index() < self.taken.slots.len() {
            Some(field.index())
        } else {
            self.outcome.receipt.add_failed();
            None
        }
    }

    fn known_field(&self, index: usize) -> &KnownField {
        &self
            .known
            .as_deref()
            .expect("the index is of its fields")
            .fields[index]
    }

    /// Keeps a number, and its digits to be looked at when it is as large as identifiers are.
    #[inline]
    fn number(
        &mut self,
        field: &Field,
        slot: Slot,
        is_suspect: bool,
        digits: impl FnOnce(&mut String),
    ) {
        let Some(index) = self.index(field) else {
            return;
        };
        self.taken.slots[index] = slot;
        if self.mode == Mode::Trust {
            return;
        }
        let is_forced = !self.known_field(index).is_scanned;
        if is_suspect || is_forced {
            self.has_forced |= is_forced;
            let buffers = &mut self.taken.buffers;
            let start = buffers.begin();
            digits(&mut buffers.raw);
            buffers.end(
                start,
                Piece {
                    slot: index,
                    is_forced,
                    is_incomplete: false,
                },
            );
        }
    }

    /// Keeps the text that `write` puts to the end of the buffer; it says whether it was complete.
    #[inline]
    fn piece(&mut self, index: usize, write: impl FnOnce(&mut String) -> bool) -> Place {
        if self.mode == Mode::Trust {
            let raw = &mut self.taken.buffers.raw;
            let start = raw.len();
            write(raw);
            return Place {
                is_changed: false,
                start,
                end: raw.len(),
            };
        }
        let start = self.taken.buffers.begin();
        // A value may log, panic or fail while it formats itself. Nothing of ours is borrowed by
        // the thread meanwhile, and what was written stays here, where no layer ever sees it.
        let is_incomplete = !write(&mut self.taken.buffers.raw);
        let is_forced = is_incomplete || !self.known_field(index).is_scanned;
        self.has_forced |= is_forced;
        let piece = Piece {
            slot: index,
            is_forced,
            is_incomplete,
        };
        self.taken.buffers.end(start, piece)
    }

    #[inline]
    fn formatted(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        if let Some(index) = self.index(field) {
            let place = self.piece(index, |raw| raw.write_fmt(value).is_ok());
            self.taken.slots[index] = Slot::Formatted(place);
        }
    }

    /// Reads an error and its sources, and builds an owned chain of what may be logged.
    fn chain(&mut self, index: usize, error: &(dyn Error + 'static)) -> Option<RedactedError> {
        let evidence = self.known_field(index).evidence;
        let mut texts = Vec::new();
        let mut link = Some(error);
        while let Some(error) = link {
            if texts.len() == MAX_ERROR_LINKS {
                texts.push(RedactedError::CHAIN_CUT.to_owned());
                break;
            }
            let mut own = Buffers::default();
            let is_complete = write!(own.raw, "{error}").is_ok();
            std::mem::swap(&mut own.scratch, &mut self.taken.buffers.scratch);
            let mut cleaner = Cleaner {
                redactor: &self.owner.redactor,
                outcome: &mut self.outcome,
            };
            let range = 0..own.raw.len();
            cleaner.text(evidence, range, !is_complete, &mut own);
            std::mem::swap(&mut own.scratch, &mut self.taken.buffers.scratch);
            texts.push(own.changed);
            link = error.source();
        }
        RedactedError::from_chain(texts)
    }
}

impl Drop for Reading<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(known) = self.known.take() {
            self.taken.remember(self.owner.id(), known);
        }
    }
}

/// Puts what is left of a value in the place of the value.
fn clean(
    slot: &mut Slot,
    evidence: Option<&'static str>,
    piece: Piece,
    cleaner: &mut Cleaner<'_>,
    buffers: &mut Buffers,
) {
    let mut number = |redact: &dyn Fn(&Redactor, &mut String) -> Receipt| {
        cleaner.number(|redactor, out| redact(redactor, out), buffers)
    };
    let replaced = match slot {
        Slot::I64(value) => number(&|redactor, out| redactor.redact_i64(evidence, *value, out)),
        Slot::U64(value) => number(&|redactor, out| redactor.redact_u64(evidence, *value, out)),
        Slot::I128(value) => number(&|redactor, out| redactor.redact_i128(evidence, *value, out)),
        Slot::U128(value) => number(&|redactor, out| redactor.redact_u128(evidence, *value, out)),
        Slot::F64(value) => number(&|redactor, out| redactor.redact_f64(evidence, *value, out)),
        Slot::Text(place) | Slot::Formatted(place) => {
            let range = place.start..place.end;
            *place = cleaner.text(evidence, range, piece.is_incomplete, buffers);
            return;
        }
        Slot::Empty | Slot::Bool(_) | Slot::Bytes(_) | Slot::Error(_) => return,
    };
    if let Some(place) = replaced {
        *slot = Slot::Text(place);
    }
}

impl Visit for Reading<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        let is_suspect = self
            .owner
            .redactor
            .suspects_integer(u128::try_from(value).unwrap_or(0));
        self.number(field, Slot::I64(value), is_suspect, |raw| {
            raw.push_str(itoa::Buffer::new().format(value));
        });
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        let is_suspect = self.owner.redactor.suspects_integer(u128::from(value));
        self.number(field, Slot::U64(value), is_suspect, |raw| {
            raw.push_str(itoa::Buffer::new().format(value));
        });
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        let is_suspect = self
            .owner
            .redactor
            .suspects_integer(u128::try_from(value).unwrap_or(0));
        self.number(field, Slot::I128(value), is_suspect, |raw| {
            raw.push_str(itoa::Buffer::new().format(value));
        });
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        let is_suspect = self.owner.redactor.suspects_integer(value);
        self.number(field, Slot::U128(value), is_suspect, |raw| {
            raw.push_str(itoa::Buffer::new().format(value));
        });
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        let is_suspect = self.owner.redactor.suspects_float(value);
        self.number(field, Slot::F64(value), is_suspect, |raw| {
            // As the integer that it is: of other floats none is a suspect by its size.
            raw.push_str(itoa::Buffer::new().format(value as u128));
        });
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        if let Some(index) = self.index(field) {
            self.taken.slots[index] = Slot::Bool(value);
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if let Some(index) = self.index(field) {
            let place = self.piece(index, |raw| {
                raw.push_str(value);
                true
            });
            self.taken.slots[index] = Slot::Text(place);
        }
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        let Some(index) = self.index(field) else {
            return;
        };
        let evidence = self.known_field(index).evidence;
        let buffers = &mut self.taken.workspace_mut().buffers;
        let range = if self.mode == Mode::Trust {
            let start = buffers.bytes.len();
            buffers.bytes.extend_from_slice(value);
            start..buffers.bytes.len()
        } else {
            let mut cleaner = Cleaner {
                redactor: &self.owner.redactor,
                outcome: &mut self.outcome,
            };
            cleaner.bytes(evidence, value, buffers)
        };
        self.taken.slots[index] = Slot::Bytes(range);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        if let (None, Some(ErrorCode(of))) = (self.error_code, self.owner.error_code) {
            self.error_code = of(value);
        }
        if self.mode != Mode::HandOn {
            return self.formatted(field, format_args!("{value}"));
        }
        let Some(index) = self.index(field) else {
            return;
        };
        self.taken.slots[index] = match self.chain(index, value) {
            Some(error) => {
                self.taken.errors.push(error);
                Slot::Error(self.taken.errors.len() - 1)
            }
            None => Slot::Empty,
        };
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.formatted(field, format_args!("{value:?}"));
    }
}
