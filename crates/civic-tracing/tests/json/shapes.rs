//! The other shapes: names, places, and what happens when names meet.

use std::error::Error;

use civic_tracing::{JsonLayer, TraceIds};
use serde_json::{Value, json};
use tracing::{Subscriber, error, info, info_span, warn};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::prelude::*;
use tracing_subscriber::registry::LookupSpan;

use crate::{Sink, lines, values};

fn log() {
    let outer = info_span!("request", method = "POST", step = "outer", n = 1);
    let _outer = outer.enter();
    let inner = info_span!("handler", step = "inner", late = tracing::field::Empty);
    inner.record("late", 0.5);
    inner.in_scope(|| warn!(n = 2, path = %"/apply", "served"));
}

/// One line, whose time is of the right form and is taken out.
#[track_caller]
fn line(set: impl FnOnce(JsonLayer) -> JsonLayer, time: &str, log: impl FnOnce()) -> Value {
    let mut lines = values(set, log);
    assert_eq!(lines.len(), 1);
    let taken = lines[0].as_object_mut().unwrap().remove(time).unwrap();
    assert!(taken.as_str().unwrap().ends_with('Z'));
    lines.remove(0)
}

#[test]
fn flat() {
    assert_eq!(
        line(JsonLayer::flat, "timestamp", log),
        json!({
            "level": "WARN", "target": "json::shapes", "message": "served", "n": 2, "path": "/apply",
            "span": "handler", "step": "inner", "late": 0.5, "method": "POST",
        })
    );
}

#[test]
fn opentelemetry() {
    let set = |layer: JsonLayer| {
        layer
            .opentelemetry()
            .with_service("apply")
            .with_tags(["blue"])
    };
    assert_eq!(
        line(set, "Timestamp", log),
        json!({
            "SeverityText": "WARN", "SeverityNumber": 13, "Body": "served",
            "InstrumentationScope": {"name": "json::shapes"}, "Resource": {"service.name": "apply"},
            "Attributes": {
                "n": 2, "path": "/apply", "span": "handler", "step": "inner", "late": 0.5, "method": "POST",
                "tags": ["blue"],
            },
        })
    );
    let set = |layer: JsonLayer| layer.opentelemetry().with_file(true).with_target(false);
    let line = line(set, "Timestamp", || info!("only a body"));
    assert_eq!(line["Body"], "only a body");
    let attributes = line["Attributes"].as_object().unwrap();
    assert_eq!(attributes.len(), 1);
    assert!(
        attributes["code.file.path"]
            .as_str()
            .unwrap()
            .ends_with("shapes.rs")
    );
}

#[test]
fn ecs() {
    let set = |layer: JsonLayer| layer.ecs().with_service("apply").with_line_number(true);
    let mut line = line(set, "@timestamp", log);
    assert!(line["log.origin.file.line"].take().is_u64());
    assert_eq!(
        line,
        json!({
            "log.level": "warn", "ecs.version": "8.11.0", "log.logger": "json::shapes", "message": "served",
            "log.origin.file.line": null, "service.name": "apply",
            "labels": {"n": 2, "path": "/apply", "span": "handler", "step": "inner", "late": 0.5, "method": "POST"},
        })
    );
}

#[test]
fn gov_uk() {
    let set = |layer: JsonLayer| layer.gov_uk().with_tags(["application", "apply \"now\""]);
    assert_eq!(
        line(set, "@timestamp", log),
        json!({
            "@version": "1", "level": "WARN", "target": "json::shapes", "message": "served",
            "tags": ["application", "apply \"now\""],
            "n": 2, "path": "/apply", "span": "handler", "step": "inner", "late": 0.5, "method": "POST",
        })
    );
    assert_eq!(
        line(JsonLayer::gov_uk, "@timestamp", || info!("x"))["tags"],
        json!([])
    );
}

type Set = fn(JsonLayer) -> JsonLayer;

const SHAPES: [(&str, Set); 5] = [
    ("default", |layer| layer.with_receipts(true)),
    ("flat", JsonLayer::flat),
    ("opentelemetry", JsonLayer::opentelemetry),
    ("ecs", JsonLayer::ecs),
    ("gov_uk", JsonLayer::gov_uk),
];

/// The names of an object as they stand in the text, nested ones with a dot.
fn names(line: &str) -> Vec<String> {
    fn walk(prefix: &str, text: &str, names: &mut Vec<String>) {
        // `serde_json` keeps the last of two equal names, so both are looked for in the text itself.
        let mut depth = 0;
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}', '[', ']', '"']) {
            let (sign, behind) = rest[at..].split_at(1);
            rest = behind;
            match sign {
                "{" | "[" => depth += 1,
                "}" | "]" => depth -= 1,
                _ => {
                    let mut end = rest.find('"').unwrap();
                    while rest[..end].ends_with('\\') {
                        end += 1 + rest[end + 1..].find('"').unwrap();
                    }
                    if rest[end + 1..].starts_with(':') {
                        names.push(format!("{prefix}{depth}.{}", &rest[..end]));
                    }
                    rest = &rest[end + 1..];
                }
            }
        }
    }
    let mut found = Vec::new();
    walk("", line, &mut found);
    found
}

#[test]
fn no_name_stands_twice_in_an_object_of_our_shapes() {
    for (name, set) in &SHAPES[1..] {
        let lines = lines(
            |layer| {
                set(layer)
                    .with_file(true)
                    .with_line_number(true)
                    .with_thread_names(true)
                    .with_service("apply")
                    .with_tags(["x"])
            },
            || {
                let span = info_span!(
                    "span",
                    level = 1,
                    span = 2,
                    message = "of a span",
                    tags = 3,
                    service = 4,
                    x = 5,
                    r#type = 6,
                    redacted = 7,
                    "labels" = 8,
                    "Attributes" = 9,
                    "code.file.path" = 10,
                    "@timestamp" = 11,
                    file = 12,
                );
                let _entered = span.enter();
                info!(
                    level = 1,
                    span = 2,
                    tags = 3,
                    service = 4,
                    x = 5,
                    r#type = 6,
                    "@timestamp" = 7,
                    target = 8,
                    "event"
                );
                info!(
                    redacted = 1,
                    "error.code" = 2,
                    trace_id = 3,
                    thread_name = 4,
                    cut = 5,
                    timestamp = 6,
                    line = 7
                );
            },
        );
        for line in &lines {
            let value: Value = serde_json::from_str(line).expect(line);
            let mut names = names(line);
            let count = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), count, "{name}: {line}");
            assert!(value.to_string().contains("json::shapes"), "{name}: {line}");
        }
        assert!(lines[0].contains("\"event\""), "{name}");
    }
}

#[test]
fn every_shape_is_valid_json_whatever_is_logged() {
    for (name, set) in SHAPES {
        for without_time in [false, true] {
            let set = |layer| {
                let layer: JsonLayer = set(layer);
                if without_time {
                    layer.without_time()
                } else {
                    layer
                }
            };
            let lines = lines(set, || {
                info!("quoted \" \\ \n \u{1}");
                info!(only = 1);
                info_span!("empty").in_scope(|| {
                    info!(
                        bytes = &b"\xff\x00"[..],
                        text = &b"plain"[..],
                        nan = f64::NAN
                    );
                });
                info_span!("one \"quoted\"", a = 1).in_scope(|| info!("x"));
                info_span!("hit", a = crate::EMAIL).in_scope(|| info!(only = crate::NINO));
                info!({}, "");
                log();
            });
            assert_eq!(lines.len(), 7);
            for line in &lines {
                let value: Value =
                    serde_json::from_str(line).unwrap_or_else(|_| panic!("{name}: {line}"));
                assert!(value.is_object());
            }
        }
    }
}

#[test]
fn bytes_are_text_where_they_are_text() {
    let line = &values(JsonLayer::flat, || {
        info!(text = &b"plain"[..], other = &b"\xff\x01"[..]);
    })[0];
    assert_eq!(
        (&line["text"], &line["other"]),
        (&json!("plain"), &json!("[ff 01]"))
    );
}

#[test]
fn records_of_the_log_crate_have_their_own_place_and_no_fields_for_it() {
    let sink = Sink::default();
    let layer = JsonLayer::new(civic_pii::Redactor::new())
        .flat()
        .with_file(true)
        .with_line_number(true);
    let stack = tracing_subscriber::registry().with(layer.with_writer(sink.clone()));
    tracing::subscriber::with_default(stack, || {
        tracing_log::format_trace(
            &log::Record::builder()
                .args(format_args!("from elsewhere"))
                .level(log::Level::Warn)
                .target("other::target")
                .file(Some("src/other.rs"))
                .line(Some(7))
                .module_path(Some("other"))
                .build(),
        )
        .unwrap();
    });
    let mut line: Value = serde_json::from_str(&sink.lines()[0]).unwrap();
    line["timestamp"].take();
    assert_eq!(
        line,
        json!({
            "timestamp": null, "level": "WARN", "target": "other::target", "file": "src/other.rs", "line": 7,
            "message": "from elsewhere",
        })
    );
}

/// Stands for a layer that keeps the ids of a trace in each span.
struct Tracer;
struct Ids(u128, u64);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Tracer {
    fn on_new_span(
        &self,
        span: &tracing::span::Attributes<'_>,
        id: &tracing::Id,
        cx: Context<'_, S>,
    ) {
        let span_id = span.metadata().name().len() as u64;
        cx.span(id)
            .unwrap()
            .extensions_mut()
            .insert(Ids(0xABC, span_id));
    }
}

#[test]
fn trace_and_span_stand_under_the_names_of_the_shape() {
    let expected = [
        ("trace_id", "span_id"),
        ("trace_id", "span_id"),
        ("TraceId", "SpanId"),
        ("trace.id", "span.id"),
        ("trace_id", "span_id"),
    ];
    for ((name, set), (trace, span)) in SHAPES.into_iter().zip(expected) {
        let sink = Sink::default();
        let layer = set(JsonLayer::new(civic_pii::Redactor::new())).trace_ids(|extensions| {
            let Ids(trace, span) = extensions.get()?;
            Some(TraceIds {
                trace: *trace,
                span: *span,
            })
        });
        let stack = tracing_subscriber::registry()
            .with(Tracer)
            .with(layer.with_writer(sink.clone()));
        tracing::subscriber::with_default(stack, || {
            log();
            info!("outside");
        });
        let lines = sink.lines();
        let line: Value = serde_json::from_str(&lines[0]).unwrap();
        assert_eq!(line[trace], "00000000000000000000000000000abc", "{name}");
        assert_eq!(line[span], "0000000000000007", "{name}");
        assert!(!lines[1].contains(trace), "{name}");
    }
}

#[test]
fn the_code_of_an_error_stands_on_the_line() {
    fn code(error: &(dyn Error + 'static)) -> Option<&'static str> {
        error.is::<std::fmt::Error>().then_some("FMT-1")
    }
    for (name, set) in SHAPES {
        let line = &values(
            |layer| set(layer).error_code(code),
            || error!(error = &std::fmt::Error as &(dyn Error + 'static), "failed"),
        )[0];
        let place = if name == "opentelemetry" {
            &line["Attributes"]
        } else {
            line
        };
        assert_eq!(place["error.code"], "FMT-1", "{name}");
    }
}
