//! The default line is that of `fmt().json()`, byte for byte behind the time.

use std::error::Error;
use std::fmt;
use std::io;
use std::thread;

use civic_pii::Redactor;
use civic_tracing::{JsonLayer, RedactExt};
use tracing::field::Empty;
use tracing::{debug, error, event, info, info_span, instrument, span, trace, warn};
use tracing_subscriber::fmt::format::{Format, Json, JsonFields};
use tracing_subscriber::prelude::*;

use crate::Sink;

type Upstream =
    tracing_subscriber::fmt::Layer<tracing_subscriber::Registry, JsonFields, Format<Json>>;

/// Logs the same twice, under upstream's layer and under ours, and compares the lines.
#[track_caller]
fn same(
    upstream: impl FnOnce(Upstream) -> Upstream,
    ours: impl FnOnce(JsonLayer) -> JsonLayer,
    log: impl Fn(),
) {
    let (theirs, own) = (Sink::default(), Sink::default());
    let layer = upstream(tracing_subscriber::fmt::layer().json()).with_writer(theirs.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), &log);

    let layer = ours(JsonLayer::new(Redactor::new())).with_writer(own.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), &log);

    let theirs: Vec<String> = theirs
        .lines()
        .iter()
        .map(|line| without_time(line))
        .collect();
    assert!(!theirs.is_empty());
    let own: Vec<String> = own.lines().iter().map(|line| without_time(line)).collect();
    for (own, theirs) in own.iter().zip(&theirs) {
        assert_eq!(own, theirs);
    }
    assert_eq!(own.len(), theirs.len());
}

/// The line without its time, the form of which is checked.
#[track_caller]
fn without_time(line: &str) -> String {
    let Some(rest) = line.strip_prefix("{\"timestamp\":\"") else {
        return line.to_owned();
    };
    let (time, rest) = rest.split_once('"').unwrap();
    let form: String = time
        .chars()
        .map(|char| if char.is_ascii_digit() { '0' } else { char })
        .collect();
    assert_eq!(form, "0000-00-00T00:00:00.000000Z", "{line}");
    rest.to_owned()
}

#[derive(Debug)]
struct Failed(Option<Box<Failed>>);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it \"failed\"")
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_deref().map(|source| source as _)
    }
}

#[derive(Debug)]
#[expect(dead_code, reason = "read by Debug only")]
struct Step<'a> {
    name: &'a str,
    fields: Vec<Option<u8>>,
}

fn values() {
    info!("literal");
    info!(
        "with {} arguments: {:?}",
        2, "\"quoted\" \\ \t \u{1} \u{7f} é \u{1F600}"
    );
    info!("");
    info!(text = "", "empty value");
    info!(number = 1);
    info!(message = "as a field", number = 2);
    info!(signed = -5, least = i64::MIN, most = i64::MAX, "i64");
    info!(unsigned = 5_u64, most = u64::MAX, small = 3_u8, "u64");
    info!(
        wide = 5_u128,
        most = u128::MAX,
        least = i128::MIN,
        "128 bits"
    );
    info!(yes = true, no = false, "bool");
    for float in [
        0.0,
        -0.0,
        1.0,
        1.5,
        -2.25,
        1e15,
        1e16,
        1e17,
        1e-5,
        1e-7,
        123_456.789,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.1 + 0.2,
        5e-324,
    ] {
        info!(float, "float");
        info!(small = float as f32, "float");
    }
    info!(bytes = &b"ab\x00\xff"[..], none = &b""[..], "bytes");
    info!(
        some = Some(1),
        none = None::<u8>,
        text = Some("x"),
        "options"
    );
    let step = Step {
        name: "check \"answers\"",
        fields: vec![Some(1), None],
    };
    info!(?step, display = %"plain", pretty = ?"quoted \n", "formatted");
    info!(duration = ?std::time::Duration::from_millis(12), unit = ?(), "formatted");
    let failed = Failed(Some(Box::new(Failed(None))));
    error!(error = &failed as &(dyn Error + 'static), "error");
    error!(error = %failed, debug = ?failed, "error");
    error!(error = &io::Error::other("plain") as &(dyn Error + 'static));
    info!(r#type = "raw", r#fn = ?1, "raw names");
    info!(a.b.c = 1, "with-dash" = 2, "quoted \" name" = 3, "dotted");
    info!({ count = 1 }, "in braces");
    info!(name: "named", count = 1, "with a name");
    info!(target: "other::\"target\"", "with a target");
    info!(
        level = "a field",
        target = "a field",
        timestamp = "a field",
        "names that the line has"
    );
    trace!("trace");
    debug!("debug");
    warn!("warn");
    event!(tracing::Level::ERROR, code = 7, "event");
    info!(empty = Empty, "a field without a value");
    info!(empty = Empty);
    info!(
        boxed = Box::new(5),
        wrapped = std::num::Wrapping(5).0,
        nonzero = std::num::NonZeroU8::MIN.get()
    );
    info!(
        a = 1,
        b = 2,
        c = 3,
        d = 4,
        e = 5,
        f = 6,
        g = 7,
        h = 8,
        i = 9,
        j = 10,
        k = 11,
        l = 12,
        m = 13,
        n = 14,
        o = 15,
        p = 16,
        q = 17,
        r = 18,
        s = 19,
        t = 20,
        u = 21,
        v = 22,
        w = 23,
        x = 24,
        y = 25,
        z = 26,
        aa = 27,
        bb = 28,
        cc = 29,
        dd = 30,
        ee = 31,
        ff = 32,
        gg = 33,
        hh = 34,
        ii = 35,
        "35 fields"
    );
}

#[instrument(ret, err, fields(extra = 1.5))]
fn instrumented(step: &str, fail: bool) -> Result<u8, Failed> {
    info!("inside");
    if fail { Err(Failed(None)) } else { Ok(7) }
}

fn spans() {
    info!("outside");
    info_span!("bare").in_scope(|| info!("inside"));
    let outer = info_span!(
        "outer",
        z = 1,
        a = "first",
        late = Empty,
        name = "a field",
        flag = true
    );
    let _outer = outer.enter();
    info!("in one");
    outer.record("late", "now \"set\"");
    info!(z = 5, "recorded");
    outer.record("a", 2.5);
    outer.record("late", tracing::field::debug(Some("again")));
    info!("recorded again");
    {
        let inner = span!(tracing::Level::WARN, "inner \"quoted\"", r#type = ?1, r#fn = 2, wide = 5_u128, bytes = &b"ab"[..]);
        let _inner = inner.enter();
        info!("in two");
        let third = info_span!(
            "third",
            error = &Failed(None) as &(dyn Error + 'static),
            float = 1e17,
            nan = f64::NAN
        );
        let _third = third.enter();
        info!("in three");
        for depth in 0..3 {
            info_span!("same", depth).in_scope(|| info!(depth, "deeper"));
        }
    }
    let other = info_span!(parent: None, "other", log.target = "a field", detail = %"x");
    info!(parent: &other, "an explicit parent");
    info!(parent: None, "no parent");
    info_span!(parent: &other, "child").in_scope(|| info!("in a child of another"));
    instrumented("one", false).unwrap();
    instrumented("two", true).unwrap_err();
}

fn log_records() {
    log::info!("plain");
    log::warn!(target: "a::\"target\"", "with {} argument", 1);
    info_span!("span", n = 1).in_scope(|| log::error!("inside"));
}

#[test]
fn values_of_every_type() {
    same(|upstream| upstream, |ours| ours, values);
}

#[test]
fn spans_of_every_sort() {
    same(|upstream| upstream, |ours| ours, spans);
}

#[test]
fn records_of_the_log_crate() {
    tracing_log::LogTracer::init().unwrap();
    same(|upstream| upstream, |ours| ours, log_records);
    same(
        |upstream| upstream.with_file(true).with_line_number(true),
        |ours| ours.with_file(true).with_line_number(true),
        log_records,
    );
}

#[test]
fn every_setting() {
    macro_rules! settings {
        ($($method:ident($value:expr)),*) => {
            same(|upstream| upstream$(.$method($value))*, |ours| ours$(.$method($value))*, || {
                values();
                spans();
            })
        };
    }
    settings!(with_target(false));
    settings!(with_file(true));
    settings!(with_line_number(true));
    settings!(with_thread_names(true));
    settings!(with_thread_ids(true));
    settings!(with_thread_names(true), with_thread_ids(true));
    settings!(with_current_span(false));
    settings!(with_span_list(false));
    settings!(with_current_span(false), with_span_list(false));
    settings!(flatten_event(true));
    settings!(
        flatten_event(true),
        with_target(false),
        with_current_span(false)
    );
}

#[test]
fn a_thread_without_a_name() {
    thread::spawn(|| {
        same(
            |upstream| upstream.with_thread_names(true),
            |ours| ours.with_thread_names(true),
            || info!("here"),
        );
    })
    .join()
    .unwrap();
}

#[test]
fn without_time_the_line_begins_with_the_level() {
    let (theirs, own) = (Sink::default(), Sink::default());
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .without_time()
        .with_writer(theirs.clone());
    let log = || {
        values();
        spans();
    };
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
    let layer = JsonLayer::new(Redactor::new())
        .without_time()
        .with_writer(own.clone());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
    let theirs = theirs.lines();
    assert!(theirs[0].starts_with("{\"level\":\"INFO\""));
    assert_eq!(own.lines(), theirs);
}

#[test]
fn under_a_redacting_subscriber_both_write_the_same_markers() {
    let log = || {
        let span = info_span!("apply", detail = crate::NINO, late = Empty);
        let _entered = span.enter();
        span.record("late", crate::EMAIL);
        let failed = Failed(None);
        info!(
            nhs_number = 9_434_765_919_u64,
            text = crate::NINO,
            ?failed,
            "mail {}",
            crate::EMAIL
        );
        error!(
            error = &failed as &(dyn Error + 'static),
            bytes = crate::NINO.as_bytes(),
            "failed"
        );
        values();
        spans();
    };
    let (theirs, own) = (Sink::default(), Sink::default());
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .without_time()
        .with_writer(theirs.clone());
    let stack = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(stack.redacted(Redactor::new()), log);
    let layer = JsonLayer::new(Redactor::new())
        .without_time()
        .with_writer(own.clone());
    let stack = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(stack.redacted(Redactor::new()), log);
    let theirs = theirs.lines();
    assert!(theirs[0].contains("[NHS-NUMBER]") && theirs[0].contains("[EMAIL]"));
    assert_eq!(own.lines(), theirs);
}
