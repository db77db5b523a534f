//! The parts of a line that are the same for every event of a callsite.

use std::fmt::Write as _;

use tracing_core::{Level, Metadata};

use super::escape::write_string;
use super::style::{Names, Shape, Style};

/// What stands before, between and behind the values of a callsite's events.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// Everything between the time and the fields.
    pub(super) head: String,
    /// For each field a comma, its name and a colon; empty for one that is not written.
    pub(super) keys: Box<[String]>,
    /// Everything between the fields and the spans.
    pub(super) tail: String,
    /// Index of the field that stands by itself.
    pub(super) message: Option<usize>,
}

/// What a line tells of the place in the code.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) level: &'a Level,
    pub(super) target: &'a str,
    pub(super) file: Option<&'a str>,
    pub(super) line: Option<u32>,
}

impl Parts {
    pub(crate) fn of(style: &Style, metadata: &'static Metadata<'static>) -> Self {
        let site = Site {
            level: metadata.level(),
            target: metadata.target(),
            file: metadata.file(),
            line: metadata.line(),
        };
        let names = style.names();
        let fields = metadata.fields();
        let message = fields
            .field("message")
            .map(|field| field.index())
            .filter(|_| names.message.is_some());
        let key = |(index, field): (usize, tracing_core::Field)| {
            if message == Some(index) {
                String::new()
            } else {
                key(style, field.name())
            }
        };
        Self {
            head: head(style, site),
            keys: fields.iter().enumerate().map(key).collect(),
            tail: tail(style, site),
            message,
        }
    }
}

/// A comma, the name of a field as it is written, and a colon; empty for a field that is not written.
pub(super) fn key(style: &Style, name: &str) -> String {
    let mut key = String::from(",");
    if style.shape == Shape::Subscriber {
        write_string(name, &mut key);
    } else if name.starts_with("log.") {
        // They tell where a record of the `log` crate comes from, which the line does anyway.
        return String::new();
    } else {
        let name = name.strip_prefix("r#").unwrap_or(name);
        if style.names().reserved.contains(&name) {
            write_string(&format!("fields.{name}"), &mut key);
        } else {
            write_string(name, &mut key);
        }
    }
    key.push(':');
    key
}

/// What stands between the time and the fields.
pub(super) fn head(style: &Style, site: Site<'_>) -> String {
    let names = style.names();
    let mut head = String::new();
    let upper = site.level.as_str();
    if style.shape == Shape::Ecs {
        member(&mut head, names.level, &upper.to_ascii_lowercase());
    } else {
        member(&mut head, names.level, upper);
    }
    if style.shape == Shape::OpenTelemetry {
        let _ = write!(head, ",\"SeverityNumber\":{}", severity(*site.level));
    }
    if style.shape != Shape::Subscriber {
        head.push_str(names.constant);
        target(&mut head, style, names, site);
        if style.shape != Shape::OpenTelemetry {
            place(&mut head, style, names, site);
            tags(&mut head, style);
        }
        service(&mut head, style, names);
    }
    head
}

/// What stands between the fields and the spans.
pub(super) fn tail(style: &Style, site: Site<'_>) -> String {
    let names = style.names();
    let mut tail = String::new();
    match style.shape {
        Shape::Subscriber => {
            target(&mut tail, style, names, site);
            place(&mut tail, style, names, site);
        }
        Shape::OpenTelemetry => {
            place(&mut tail, style, names, site);
            tags(&mut tail, style);
        }
        Shape::Flat | Shape::Ecs | Shape::GovUk => {}
    }
    tail
}

/// Writes what only the default shape has at its very end.
pub(super) fn foot(line: &mut String, style: &Style) {
    if style.shape == Shape::Subscriber {
        service(line, style, style.names());
        tags(line, style);
    }
}

fn target(to: &mut String, style: &Style, names: &Names, site: Site<'_>) {
    if !style.has_target {
        return;
    }
    if style.shape == Shape::OpenTelemetry {
        object(to, names.target, "name", site.target);
    } else {
        member(to, names.target, site.target);
    }
}

fn place(to: &mut String, style: &Style, names: &Names, site: Site<'_>) {
    if let (true, Some(file)) = (style.has_file, site.file) {
        member(to, names.file, file);
    }
    if let (true, Some(line)) = (style.has_line, site.line) {
        let _ = write!(to, ",\"{}\":{line}", names.line);
    }
}

fn service(to: &mut String, style: &Style, names: &Names) {
    let Some(service) = &style.service else {
        return;
    };
    if style.shape == Shape::OpenTelemetry {
        object(to, names.service, "service.name", service);
    } else {
        member(to, names.service, service);
    }
}

fn tags(to: &mut String, style: &Style) {
    // Logstash expects the array whether or not something is in it.
    if style.tags.is_empty() && style.shape != Shape::GovUk {
        return;
    }
    to.push_str(",\"tags\":[");
    for (index, tag) in style.tags.iter().enumerate() {
        if index > 0 {
            to.push(',');
        }
        write_string(tag, to);
    }
    to.push(']');
}

/// A member of an object, with a comma before.
pub(super) fn member(to: &mut String, name: &str, value: &str) {
    to.push(',');
    write_string(name, to);
    to.push(':');
    write_string(value, to);
}

fn object(to: &mut String, name: &str, inner: &str, value: &str) {
    to.push(',');
    write_string(name, to);
    to.push_str(":{");
    write_string(inner, to);
    to.push(':');
    write_string(value, to);
    to.push('}');
}

/// The number that OpenTelemetry gives to a level.
fn severity(level: Level) -> u8 {
    match level {
        Level::TRACE => 1,
        Level::DEBUG => 5,
        Level::INFO => 9,
        Level::WARN => 13,
        Level::ERROR => 17,
    }
}
