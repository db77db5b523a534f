//! What holds for any set of fields: the same types come out, and what is personal does not.

#![expect(clippy::unwrap_used, reason = "a panic is how a test reports")]

mod written;

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex};

use civic_pii::Redactor;
use civic_tracing::{JsonLayer, RedactExt, Redacting};
use proptest::prelude::*;
use tracing::field::{DebugValue, Field, Value, Visit};
use tracing::{Dispatch, Subscriber};
use tracing_core::callsite::Callsite;
use tracing_core::subscriber::Interest;
use tracing_core::{Event, Kind, Level, Metadata, metadata};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;

use written::Sink;

/// A made-up National Insurance number.
const NINO: &str = "AB123456C";

struct Site;

impl Callsite for Site {
    fn set_interest(&self, _: Interest) {}
    fn metadata(&self) -> &Metadata<'_> {
        &METADATA
    }
}

static SITE: Site = Site;
static METADATA: Metadata<'static> = metadata! {
    name: "any",
    target: "properties",
    level: Level::INFO,
    fields: &[
        "message", "f01", "f02", "f03", "f04", "f05", "f06", "f07", "f08", "f09", "f10", "f11", "f12", "f13", "f14",
        "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25", "f26", "f27", "f28", "f29", "f30",
        "f31", "f32", "f33", "f34", "f35", "f36", "f37", "f38", "f39", "f40", "f41", "f42", "f43", "f44", "f45", "f46",
        "f47", "f48", "f49", "f50", "f51", "f52", "f53", "f54", "f55", "f56", "f57", "f58", "f59", "f60", "f61", "f62",
        "f63", "f64", "f65", "f66", "f67", "f68", "f69"
    ],
    callsite: &SITE,
    kind: Kind::EVENT
};

/// A value, and what is expected of it.
#[derive(Clone, Debug)]
enum Any {
    I64(i64),
    U64(u64),
    I128(i128),
    U128(u128),
    F64(f64),
    Bool(bool),
    Str(String),
    Debug(String),
    Bytes(Vec<u8>),
    Error(Vec<String>),
}

fn text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(
        &[
            "served",
            "\"x\"",
            "a\\b",
            "\n",
            "\u{e9}",
            "GET /apply",
            "(",
            "}",
            "",
            "\0",
            NINO,
        ][..],
    );
    prop::collection::vec(words, 0..6).prop_map(|words| words.join(" "))
}

fn any_value() -> impl Strategy<Value = Any> {
    prop_oneof![
        (-9999_i64..9999).prop_map(Any::I64),
        (0_u64..9999).prop_map(Any::U64),
        (-9999_i128..9999).prop_map(Any::I128),
        (0_u128..9999).prop_map(Any::U128),
        any::<f64>()
            .prop_filter("may be an identifier", |float| float.fract() != 0.0)
            .prop_map(Any::F64),
        any::<bool>().prop_map(Any::Bool),
        text().prop_map(Any::Str),
        text().prop_map(Any::Debug),
        text().prop_map(|text| Any::Bytes(text.into_bytes())),
        prop::collection::vec(text(), 1..4).prop_map(Any::Error),
    ]
}

#[derive(Debug)]
struct Failed(String, Option<Box<Failed>>);

impl Failed {
    fn chain(texts: &[String]) -> Option<Box<Self>> {
        let (first, rest) = texts.split_first()?;
        Some(Box::new(Self(first.clone(), Self::chain(rest))))
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.1.as_deref().map(|source| source as _)
    }
}

struct Plain<'a>(&'a str);

impl fmt::Debug for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A value of the type that it is logged as.
enum Logged<'a> {
    Plain(Box<dyn Value + 'a>),
    Debug(DebugValue<Plain<'a>>),
    Error(Box<dyn Error + 'static>),
}

impl Any {
    fn logged(&self) -> Logged<'_> {
        match self {
            Any::I64(value) => Logged::Plain(Box::new(*value)),
            Any::U64(value) => Logged::Plain(Box::new(*value)),
            Any::I128(value) => Logged::Plain(Box::new(*value)),
            Any::U128(value) => Logged::Plain(Box::new(*value)),
            Any::F64(value) => Logged::Plain(Box::new(*value)),
            Any::Bool(value) => Logged::Plain(Box::new(*value)),
            Any::Str(value) => Logged::Plain(Box::new(value.as_str())),
            Any::Bytes(value) => Logged::Plain(Box::new(value.as_slice())),
            Any::Debug(value) => Logged::Debug(tracing::field::debug(Plain(value))),
            Any::Error(texts) => Logged::Error(Failed::chain(texts).unwrap()),
        }
    }
}

fn log(fields: &[Option<Any>]) {
    let logged: Vec<_> = fields
        .iter()
        .map(|any| any.as_ref().map(Any::logged))
        .collect();
    let errors: Vec<Option<&(dyn Error + 'static)>> = logged
        .iter()
        .map(|logged| match logged {
            Some(Logged::Error(error)) => Some(error.as_ref()),
            _ => None,
        })
        .collect();
    let mut values: Vec<Option<&dyn Value>> = logged
        .iter()
        .zip(&errors)
        .map(|(logged, error)| match logged.as_ref()? {
            Logged::Plain(value) => Some(value.as_ref() as &dyn Value),
            Logged::Debug(value) => Some(value as &dyn Value),
            Logged::Error(_) => error.as_ref().map(|error| error as &dyn Value),
        })
        .collect();
    values.resize(METADATA.fields().len(), None);
    Event::dispatch(&METADATA, &METADATA.fields().value_set_all(&values));
}

type Seen = Vec<(&'static str, &'static str, String)>;

/// Keeps the field, the visitor's method and the text of each value.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Seen>>);

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut &*self);
    }
}

impl Recorder {
    fn push(&self, field: &Field, method: &'static str, text: String) {
        self.0.lock().unwrap().push((field.name(), method, text));
    }
}

macro_rules! record {
    ($($method:ident($type:ty) = $name:literal),* $(,)?) => {
        $(fn $method(&mut self, field: &Field, value: $type) {
            self.push(field, $name, format!("{value:?}"));
        })*
    };
}

impl Visit for &Recorder {
    record! {
        record_i64(i64) = "i64",
        record_u64(u64) = "u64",
        record_i128(i128) = "i128",
        record_u128(u128) = "u128",
        record_f64(f64) = "f64",
        record_bool(bool) = "bool",
        record_debug(&dyn fmt::Debug) = "debug",
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.push(field, "str", value.to_owned());
    }
    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.push(field, "bytes", String::from_utf8_lossy(value).into_owned());
    }
    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut text = value.to_string();
        let mut link = value.source();
        while let Some(source) = link {
            text = format!("{text} < {source}");
            link = source.source();
        }
        self.push(field, "error", text);
    }
}

fn seen(make: impl FnOnce(Recorder) -> Dispatch, fields: &[Option<Any>]) -> Seen {
    let recorder = Recorder::default();
    tracing::dispatcher::with_default(&make(recorder.clone()), || log(fields));
    std::mem::take(&mut *recorder.0.lock().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    })]

    #[test]
    fn types_are_kept_and_canaries_are_not(fields in prop::collection::vec(prop::option::of(any_value()), 0..70)) {
        let registry = tracing_subscriber::registry;
        let raw = seen(|layer| Dispatch::new(registry().with(layer)), &fields);
        let under = seen(|layer| Dispatch::new(registry().with(layer).redacted(Redactor::new())), &fields);
        let wrapped = seen(|layer| Dispatch::new(registry().with(Redacting::new(layer, Redactor::new()))), &fields);
        prop_assert_eq!(&under, &wrapped);
        prop_assert_eq!(raw.len(), under.len());
        for ((field, method, before), (same_field, same_method, after)) in raw.iter().zip(&under) {
            prop_assert_eq!((field, method), (same_field, same_method));
            prop_assert!(!after.contains(NINO), "{} in {}", field, after);
            if *before != *after {
                prop_assert!(before.contains(NINO), "{} was {:?} and is {:?}", field, before, after);
            }
        }

        let sink = Sink::default();
        let stacks = [
            Dispatch::new(registry().with(JsonLayer::new(Redactor::new()).with_writer(sink.clone()))),
            Dispatch::new(registry().with(JsonLayer::new(Redactor::new()).with_writer(sink.clone())).redacted(Redactor::new())),
            Dispatch::new(registry().with(JsonLayer::new(Redactor::new()).flat().with_writer(sink.clone()))),
        ];
        for stack in &stacks {
            tracing::dispatcher::with_default(stack, || log(&fields));
            let line = String::from_utf8(std::mem::take(&mut *sink.0.lock().unwrap())).unwrap();
            prop_assert!(!line.contains(NINO), "{}", line);
            prop_assert_eq!(line.find('\n'), Some(line.len() - 1));
            let value: serde_json::Value = serde_json::from_str(&line).unwrap();
            let written = value.get("fields").unwrap_or(&value);
            for (field, _, after) in under.iter().filter(|(_, method, _)| *method == "str") {
                prop_assert_eq!(written[*field].as_str(), Some(after.as_str()));
            }
        }
    }
}
