//! Reads the values of a span or an event and says which of them hold personal data.

use std::error::Error;
use std::fmt;

use civic_pii::{Kind, KindSet, Receipt, Redactor, Scratch};
use tracing_core::Metadata;
use tracing_core::field::{Field, Visit};

use crate::clean::MAX_ERROR_LINKS;

/// A value as it was logged, and what is personal in it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) field: &'static str,
    pub(super) text: String,
    pub(super) kinds: KindSet,
}

/// The visitor that looks at each value.
pub(super) struct Look<'a> {
    redactor: &'a Redactor,
    pub(super) seen: Vec<Seen>,
    /// What the values belong to, once there was one.
    pub(super) metadata: Option<&'static Metadata<'static>>,
}

impl<'a> Look<'a> {
    pub(super) fn with(redactor: &'a Redactor) -> Self {
        Self {
            redactor,
            seen: Vec::new(),
            metadata: None,
        }
    }

    fn text(&mut self, field: &Field, text: String) {
        let kinds = kinds_in(self.redactor, evidence(field), &text);
        self.add(field, text, kinds);
    }

    fn number(
        &mut self,
        field: &Field,
        text: String,
        redact: impl FnOnce(&Redactor, &mut String) -> Receipt,
    ) {
        let kinds = kinds_of(redact(self.redactor, &mut String::new()));
        self.add(field, text, kinds);
    }

    fn add(&mut self, field: &Field, text: String, kinds: KindSet) {
        self.metadata = Some(field.callsite().0.metadata());
        self.seen.push(Seen {
            field: field.name(),
            text,
            kinds,
        });
    }
}

/// Kinds of personal data in a text.
pub(super) fn kinds_in(redactor: &Redactor, field: Option<&str>, text: &str) -> KindSet {
    let mut out = String::new();
    kinds_of(redactor.redact_field(field, text, &mut Scratch::default(), &mut out))
}

fn kinds_of(receipt: Receipt) -> KindSet {
    match receipt.failed() {
        0 => receipt.kinds(),
        // What cannot be looked at is not clean.
        _ => receipt.kinds().with(Kind::Custom),
    }
}

/// The field's name, as far as it tells what the value is.
fn evidence(field: &Field) -> Option<&'static str> {
    Some(field.name()).filter(|name| *name != "message")
}

impl Visit for Look<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.number(field, value.to_string(), |redactor, out| {
            redactor.redact_i64(evidence(field), value, out)
        });
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.number(field, value.to_string(), |redactor, out| {
            redactor.redact_u64(evidence(field), value, out)
        });
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.number(field, value.to_string(), |redactor, out| {
            redactor.redact_i128(evidence(field), value, out)
        });
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.number(field, value.to_string(), |redactor, out| {
            redactor.redact_u128(evidence(field), value, out)
        });
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.number(field, value.to_string(), |redactor, out| {
            redactor.redact_f64(evidence(field), value, out)
        });
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value.to_owned());
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.text(field, String::from_utf8_lossy(value).replace('\0', ""));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let links = std::iter::successors(Some(value), |link: &&(dyn Error + 'static)| {
            (*link).source()
        });
        let texts: Vec<String> = links
            .take(MAX_ERROR_LINKS)
            .map(ToString::to_string)
            .collect();
        self.text(field, texts.join(": "));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.text(field, format!("{value:?}"));
    }
}
