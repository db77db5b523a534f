//! How a JSON line is laid out.

use tracing_subscriber::registry::Extensions;

/// Numbers by which a line is found beside its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceIds {
    /// Number of the trace, written in 32 hexadecimal digits.
    pub trace: u128,
    /// Number of the span, written in 16 hexadecimal digits.
    pub span: u64,
}

/// Reads the trace and span of a span, from what another layer keeps there.
pub(crate) type TraceIdsOf = fn(&Extensions<'_>) -> Option<TraceIds>;

/// Settings of a JSON line.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting by itself; all together are no state"
)]
#[derive(Clone, Debug)]
pub(crate) struct Style {
    pub(super) shape: Shape,
    pub(super) is_flat: bool,
    pub(super) has_time: bool,
    pub(super) has_target: bool,
    pub(super) has_file: bool,
    pub(super) has_line: bool,
    pub(super) has_thread_name: bool,
    pub(super) has_thread_id: bool,
    pub(super) has_current_span: bool,
    pub(super) has_span_list: bool,
    pub(super) has_true_parents: bool,
    pub(super) has_receipts: bool,
    pub(super) trace_ids: Option<TraceIdsOf>,
    pub(super) service: Option<String>,
    pub(super) tags: Vec<String>,
}

/// What stands where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// As `fmt().json()` of tracing-subscriber.
    Subscriber,
    Flat,
    OpenTelemetry,
    Ecs,
    GovUk,
}

impl Style {
    pub(super) fn new(shape: Shape) -> Self {
        let is_own = shape != Shape::Subscriber;
        Self {
            shape,
            is_flat: false,
            has_time: true,
            has_target: true,
            has_file: false,
            has_line: false,
            has_thread_name: false,
            has_thread_id: false,
            has_current_span: true,
            has_span_list: !is_own,
            has_true_parents: is_own,
            has_receipts: is_own,
            trace_ids: None,
            service: None,
            tags: Vec::new(),
        }
    }

    /// Another shape, with what was set by hand and goes with any.
    pub(super) fn reshaped(&self, shape: Shape) -> Self {
        Self {
            trace_ids: self.trace_ids,
            service: self.service.clone(),
            tags: self.tags.clone(),
            ..Self::new(shape)
        }
    }

    /// Names of this shape.
    pub(super) fn names(&self) -> &'static Names {
        match self.shape {
            Shape::Subscriber => &SUBSCRIBER,
            Shape::Flat => &FLAT,
            Shape::OpenTelemetry => &OPEN_TELEMETRY,
            Shape::Ecs => &ECS,
            Shape::GovUk => &GOV_UK,
        }
    }
}

/// Names that a shape has for what every line tells.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) time: &'static str,
    pub(super) level: &'static str,
    pub(super) target: &'static str,
    pub(super) file: &'static str,
    pub(super) line: &'static str,
    pub(super) thread_name: &'static str,
    pub(super) thread_id: &'static str,
    pub(super) trace: &'static str,
    pub(super) span: &'static str,
    pub(super) service: &'static str,
    /// What the message is called where it does not stand among the other fields.
    pub(super) message: Option<&'static str>,
    /// The object that fields stand in, if there is one.
    pub(super) fields: Option<&'static str>,
    /// What is the same on each line of this shape, with a comma before.
    pub(super) constant: &'static str,
    /// What a field must not be called where fields stand beside all this.
    pub(super) reserved: &'static [&'static str],
}

const SUBSCRIBER: Names = Names {
    time: "timestamp",
    level: "level",
    target: "target",
    file: "filename",
    line: "line_number",
    thread_name: "threadName",
    thread_id: "threadId",
    trace: "trace_id",
    span: "span_id",
    service: "service",
    message: None,
    fields: Some("fields"),
    constant: "",
    // A flattened line of upstream's has such names twice; so has ours.
    reserved: &[],
};

const FLAT: Names = Names {
    file: "file",
    line: "line",
    thread_name: "thread_name",
    thread_id: "thread_id",
    fields: None,
    reserved: &[
        "timestamp",
        "level",
        "target",
        "file",
        "line",
        "thread_name",
        "thread_id",
        "trace_id",
        "span_id",
        "span",
        "service",
        "tags",
        "error.code",
        "redacted",
        "cut",
    ],
    ..SUBSCRIBER
};

const OPEN_TELEMETRY: Names = Names {
    time: "Timestamp",
    level: "SeverityText",
    target: "InstrumentationScope",
    file: "code.file.path",
    line: "code.line.number",
    thread_name: "thread.name",
    thread_id: "thread.id",
    trace: "TraceId",
    span: "SpanId",
    service: "Resource",
    message: Some("Body"),
    fields: Some("Attributes"),
    constant: "",
    reserved: &[
        "code.file.path",
        "code.line.number",
        "thread.name",
        "thread.id",
        "span",
        "tags",
        "error.code",
        "redacted",
        "cut",
    ],
};

const ECS: Names = Names {
    time: "@timestamp",
    level: "log.level",
    target: "log.logger",
    file: "log.origin.file.name",
    line: "log.origin.file.line",
    thread_name: "process.thread.name",
    thread_id: "process.thread.id",
    trace: "trace.id",
    span: "span.id",
    service: "service.name",
    message: Some("message"),
    fields: Some("labels"),
    constant: ",\"ecs.version\":\"8.11.0\"",
    reserved: &["span"],
};

const GOV_UK: Names = Names {
    time: "@timestamp",
    constant: ",\"@version\":\"1\"",
    reserved: &[
        "@timestamp",
        "@version",
        "level",
        "target",
        "file",
        "line",
        "thread_name",
        "thread_id",
        "trace_id",
        "span_id",
        "span",
        "service",
        "tags",
        "error.code",
        "redacted",
        "cut",
    ],
    ..FLAT
};
