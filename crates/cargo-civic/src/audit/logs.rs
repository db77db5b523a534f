//! Lines of JSON logs, of the shapes that `civic-tracing` writes and of those that are common elsewhere.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use civic_pii::Redactor;
use jiff::Timestamp;
use serde_json::Value;

use super::Refusal;
use crate::exit;
use crate::input::{Input, Opened, expand};
use crate::progress::Progress;

/// A longer line is left out, and counted.
const LINE_MAX: u64 = 1 << 20;

const TIME: &[&str] = &["timestamp", "@timestamp", "Timestamp", "time", "ts"];
const LEVEL: &[&str] = &["level", "log.level", "SeverityText", "severity"];
const MESSAGE: &[&str] = &["message", "msg", "Body"];
const TRACE: &[&str] = &["trace_id", "trace.id", "TraceId", "traceId", "traceID"];
const REQUEST: &[&str] = &["request_id", "http.request.id", "requestId"];
const ERROR: &[&str] = &["error.code", "error_code"];
const TARGET: &[&str] = &["target", "log.logger", "InstrumentationScope", "logger"];

/// Objects in which fields of an event or its span stand.
const INNER: &[&str] = &["fields", "labels", "Attributes", "span", "context"];

/// A line of a log. Its message passed the scanner: what an incident's report quotes, others read.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) time: String,
    pub(super) level: String,
    pub(super) message: String,
    pub(super) target: Option<String>,
    pub(super) error: Option<String>,
    pub(super) trace: Option<String>,
    pub(super) request: Option<String>,
    pub(super) file: PathBuf,
    pub(super) number: u64,
}

/// How many lines were no events, by file.
pub(super) type LeftOut = Vec<(PathBuf, u64)>;

/// Reads logs: files, packed ones too, folders of them, `-` for standard input.
pub(super) fn read(
    paths: &[PathBuf],
    take: &mut dyn FnMut(usize, Line),
) -> Result<LeftOut, Refusal> {
    let inputs = expand(paths);
    let progress = Progress::new(inputs.size);
    let mut left_out = Vec::new();
    for (place, input) in inputs.list.into_iter().enumerate() {
        let input = input.map_err(|failure| unreadable(&failure.path, &failure.reason))?;
        let count = read_one(&input, &progress, &mut |line| take(place, line))?;
        if count > 0 {
            left_out.push((input.path().to_owned(), count));
        }
    }
    progress.finish();
    Ok(left_out)
}

fn read_one(
    input: &Input,
    progress: &Progress,
    take: &mut dyn FnMut(Line),
) -> Result<u64, Refusal> {
    let opened = input.open(progress.taken());
    let (reader, archive) = opened
        .map_err(|reason| unreadable(input.path(), &reason))?
        .into_parts();
    let mut reader = BufReader::with_capacity(64 * 1024, reader);
    let redactor = Redactor::new();
    let (mut bytes, mut number, mut left_out) = (Vec::new(), 0, 0);
    loop {
        bytes.clear();
        let read = reader.by_ref().take(LINE_MAX).read_until(b'\n', &mut bytes);
        match read {
            Ok(0) => return Ok(left_out),
            Ok(_) => {}
            Err(error) => return Err(unreadable(input.path(), &Opened::reason(archive, error))),
        }
        number += 1;
        let whole = bytes.ends_with(b"\n") || (bytes.len() as u64) < LINE_MAX;
        if !whole {
            reader
                .skip_until(b'\n')
                .map_err(|error| unreadable(input.path(), &Opened::reason(archive, error)))?;
        }
        let line = if whole {
            parse(&bytes, &redactor)
        } else {
            None
        };
        match line {
            Some(line) => take(Line {
                file: input.path().to_owned(),
                number,
                ..line
            }),
            None if bytes.trim_ascii().is_empty() => {}
            None => left_out += 1,
        }
        progress.tick(input.path());
    }
}

fn unreadable(path: &Path, reason: &crate::input::Unreadable) -> Refusal {
    use std::error::Error as _;

    let cause = reason
        .source()
        .map(|cause| format!(": {cause}"))
        .unwrap_or_default();
    Refusal {
        code: exit::UNREADABLE,
        message: format!("{}: {reason}{cause}", path.display()),
    }
}

fn parse(bytes: &[u8], redactor: &Redactor) -> Option<Line> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let time = TIME.iter().find_map(|name| time(at(&value, name)?))?;
    let message = find(&value, MESSAGE).unwrap_or_default();
    Some(Line {
        time,
        level: find(&value, LEVEL).unwrap_or_default().to_uppercase(),
        message: redactor.redact(&message),
        target: find(&value, TARGET),
        error: find(&value, ERROR),
        trace: find(&value, TRACE).map(|trace| trace.to_ascii_lowercase()),
        request: find(&value, REQUEST),
        file: PathBuf::new(),
        number: 0,
    })
}

/// The first of these names that has a text, in the line itself, among its fields, or in one of its spans.
fn find(value: &Value, names: &[&str]) -> Option<String> {
    let inner = INNER.iter().filter_map(|name| value.get(name));
    let spans = value.get("spans").and_then(Value::as_array);
    let spans = spans.into_iter().flatten().rev();
    let places: Vec<&Value> = std::iter::once(value).chain(inner).chain(spans).collect();
    places.iter().find_map(|place| {
        names.iter().find_map(|name| match at(place, name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    })
}

/// A field by its name, or by the way to it where dots part the names.
fn at<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.get(name).or_else(|| {
        let (first, rest) = name.split_once('.')?;
        at(value.get(first)?, rest)
    })
}

/// A time in the form of entries: from RFC 3339, or from a number of seconds or of a part of them since 1970.
fn time(value: &Value) -> Option<String> {
    let time = match value {
        Value::String(text) => text.parse::<Timestamp>().ok().or_else(|| {
            let number: f64 = text.parse().ok()?;
            since_1970(number)
        }),
        Value::Number(number) => since_1970(number.as_f64()?),
        _ => None,
    }?;
    Some(format!("{time:.6}"))
}

/// The unit follows from the size: seconds until the year 5138, then milliseconds, microseconds, nanoseconds.
fn since_1970(number: f64) -> Option<Timestamp> {
    let micros = match number.abs() {
        size if size < 1e11 => number * 1e6,
        size if size < 1e14 => number * 1e3,
        size if size < 1e17 => number,
        _ => number / 1e3,
    };
    Timestamp::from_microsecond(micros.round() as i64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Option<Line> {
        parse(text.as_bytes(), &Redactor::new())
    }

    #[test]
    fn each_common_shape_is_read() {
        let shapes = [
            r#"{"timestamp":"2026-11-25T09:00:00.5Z","level":"ERROR","fields":{"message":"no answer","error.code":"PAY-1"},"span":{"trace_id":"AB12"}}"#,
            r#"{"@timestamp":"2026-11-25T10:00:00.5+01:00","log.level":"error","message":"no answer","trace.id":"ab12","labels":{"error":{"code":"PAY-1"}}}"#,
            r#"{"Timestamp":"1795597200500000000","SeverityText":"Error","Body":"no answer","TraceId":"ab12","Attributes":{"error.code":"PAY-1"}}"#,
            r#"{"time":1795597200.5,"level":"error","msg":"no answer","traceId":"ab12","error_code":"PAY-1"}"#,
            r#"{"ts":1795597200500,"severity":"error","msg":"no answer","spans":[{"name":"a"},{"trace_id":"ab12"}],"error":{"code":"PAY-1"}}"#,
        ];
        for shape in shapes {
            let line = line(shape).expect(shape);
            assert_eq!(line.time, "2026-11-25T09:00:00.500000Z", "{shape}");
            assert_eq!(line.level, "ERROR", "{shape}");
            assert_eq!(line.message, "no answer", "{shape}");
            assert_eq!(line.trace.as_deref(), Some("ab12"), "{shape}");
            assert_eq!(line.error.as_deref(), Some("PAY-1"), "{shape}");
        }
    }

    #[test]
    fn what_is_no_event_is_left_out_and_what_is_personal_is_not_repeated() {
        assert!(line("plain text").is_none());
        assert!(line(r#"{"level":"INFO"}"#).is_none());
        let said = line(r#"{"time":"2026-11-25T09:00:00Z","msg":"mail to jo.bloggs@example.com"}"#);
        assert_eq!(said.unwrap().message, "mail to [EMAIL]");
    }
}
