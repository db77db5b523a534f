//! Cleans the values that OpenTelemetry's API takes, in place where they stay as they are.

use std::borrow::Cow;
use std::collections::HashMap;

use civic_pii::Redactor;
use opentelemetry::logs::AnyValue;
use opentelemetry::{Array, InstrumentationScope, Key, KeyValue, StringValue, Value};

use crate::Counts;
use crate::text::Texts;

/// Cleans values; keeps the scanner's memory from one to the next.
pub(super) struct Attributes<'a> {
    texts: Texts<'a>,
}

impl<'a> Attributes<'a> {
    pub(super) fn new(redactor: &'a Redactor, counts: &'a Counts) -> Self {
        Self {
            texts: Texts::new(redactor, counts),
        }
    }

    pub(super) fn text(&mut self, text: &mut Cow<'static, str>) {
        if let Some(clean) = self.texts.text(None, text) {
            *text = Cow::Owned(clean);
        }
    }

    /// Whether nothing personal is in the text.
    pub(super) fn may_stay(&mut self, text: &str) -> bool {
        self.texts.text(None, text).is_none()
    }

    pub(super) fn pairs(&mut self, pairs: &mut [KeyValue]) {
        for pair in pairs {
            if let Some(value) = self.value(pair.key.as_str(), &pair.value) {
                pair.value = value;
            }
            if let Some(key) = self.key(&pair.key) {
                pair.key = key;
            }
        }
    }

    /// The key without what is personal in it; `None` when it may stay.
    pub(super) fn key(&mut self, key: &Key) -> Option<Key> {
        self.texts.text(None, key.as_str()).map(Key::from)
    }

    /// The value without what is personal in it; `None` when it may stay.
    pub(super) fn value(&mut self, key: &str, value: &Value) -> Option<Value> {
        match value {
            Value::Bool(_) => None,
            Value::I64(number) => self.integer(key, *number).map(Value::from),
            Value::F64(number) => self.float(key, *number).map(Value::from),
            Value::String(text) => self.texts.text(Some(key), text.as_str()).map(Value::from),
            Value::Array(array) => self.array(key, array).map(Value::Array),
            // A type that a later version adds cannot be scanned, so it is not passed on.
            _ => Some(Value::from(self.texts.dropped())),
        }
    }

    /// As [`Attributes::value`], for the values of a log record.
    pub(super) fn any(&mut self, key: Option<&str>, value: &AnyValue) -> Option<AnyValue> {
        let field = key.unwrap_or_default();
        match value {
            AnyValue::Boolean(_) => None,
            AnyValue::Int(number) => self.integer(field, *number).map(AnyValue::from),
            AnyValue::Double(number) => self.float(field, *number).map(AnyValue::from),
            AnyValue::String(text) => self.texts.text(key, text.as_str()).map(AnyValue::from),
            AnyValue::Bytes(bytes) => self
                .texts
                .bytes(key, bytes)
                .map(|clean| AnyValue::Bytes(Box::new(clean))),
            AnyValue::ListAny(list) => self
                .each(list, |this, item| this.any(key, item), AnyValue::clone)
                .map(|clean| AnyValue::ListAny(Box::new(clean))),
            AnyValue::Map(map) => self.map(map),
            _ => Some(AnyValue::from(self.texts.dropped())),
        }
    }

    pub(super) fn scope(&mut self, scope: &InstrumentationScope) -> Option<InstrumentationScope> {
        let name = self.texts.text(None, scope.name());
        let version = scope.version().map(|version| {
            let clean = self.texts.text(None, version);
            (clean.is_some(), clean.unwrap_or_else(|| version.to_owned()))
        });
        let before: Vec<KeyValue> = scope.attributes().cloned().collect();
        let mut attributes = before.clone();
        self.pairs(&mut attributes);
        let changed_version = version.as_ref().is_some_and(|(changed, _)| *changed);
        if name.is_none() && !changed_version && attributes == before {
            return None;
        }
        let name = name.unwrap_or_else(|| scope.name().to_owned());
        let mut builder = InstrumentationScope::builder(name).with_attributes(attributes);
        if let Some((_, version)) = version {
            builder = builder.with_version(version);
        }
        if let Some(url) = scope.schema_url() {
            builder = builder.with_schema_url(url.to_owned());
        }
        Some(builder.build())
    }

    fn integer(&mut self, key: &str, number: i64) -> Option<String> {
        self.texts
            .number(|redactor, out| redactor.redact_i64(Some(key), number, out))
    }

    fn float(&mut self, key: &str, number: f64) -> Option<String> {
        self.texts
            .number(|redactor, out| redactor.redact_f64(Some(key), number, out))
    }

    /// A list of numbers in which one is personal becomes a list of strings: a list holds one type.
    fn array(&mut self, key: &str, array: &Array) -> Option<Array> {
        let strings = match array {
            Array::Bool(_) => None,
            Array::I64(numbers) => self.each(
                numbers,
                |this, number| this.integer(key, *number).map(StringValue::from),
                |number| StringValue::from(number.to_string()),
            ),
            Array::F64(numbers) => self.each(
                numbers,
                |this, number| this.float(key, *number).map(StringValue::from),
                |number| StringValue::from(number.to_string()),
            ),
            Array::String(texts) => self.each(
                texts,
                |this, text| {
                    this.texts
                        .text(Some(key), text.as_str())
                        .map(StringValue::from)
                },
                StringValue::clone,
            ),
            _ => Some(vec![StringValue::from(self.texts.dropped())]),
        };
        strings.map(Array::String)
    }

    fn map(&mut self, map: &HashMap<Key, AnyValue>) -> Option<AnyValue> {
        let mut changed = false;
        let clean: HashMap<Key, AnyValue> = map
            .iter()
            .map(|(key, value)| {
                let clean_key = self.key(key);
                let clean_value = self.any(Some(key.as_str()), value);
                changed |= clean_key.is_some() || clean_value.is_some();
                (
                    clean_key.unwrap_or_else(|| key.clone()),
                    clean_value.unwrap_or_else(|| value.clone()),
                )
            })
            .collect();
        changed.then(|| AnyValue::Map(Box::new(clean)))
    }

    /// Cleans every item; `None` when all may stay.
    fn each<T, U>(
        &mut self,
        items: &[T],
        mut clean: impl FnMut(&mut Self, &T) -> Option<U>,
        keep: impl Fn(&T) -> U,
    ) -> Option<Vec<U>> {
        let mut changed = false;
        let cleaned = items
            .iter()
            .map(|item| match clean(self, item) {
                Some(item) => {
                    changed = true;
                    item
                }
                None => keep(item),
            })
            .collect();
        changed.then_some(cleaned)
    }
}
