//! Carriers without fields: sentences, panics, rows, and text that was encoded whole.

use super::key;
use crate::corpus::disguise::disguise;
use crate::corpus::encode::base64;
use crate::corpus::form::Sample;
use crate::corpus::name::Style;
use crate::corpus::pen::{Evidence, Pen};
use crate::corpus::rng::Rng;

pub(super) fn sentence(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    const FRAMES: &[(&str, &str)] = &[
        ("could not reconcile {} ", " with the register"),
        ("{}: ", " was turned down by the validator"),
        ("caller gave {} ", " and then hung up"),
        ("we already hold {} ", " for another case"),
        ("{} ", " does not match what the department sent"),
        ("the {} is ", ", please check"),
        ("the {} entered was ", " (second try)"),
        ("unable to verify {} ", ": upstream said no"),
        ("value ", " is not a valid {}"),
        ("two people share the {} ", ""),
        ("{} ", " added by agent 14"),
        ("missing consent for {} ", ", skipping letter"),
    ];
    let word = rng.pick(sample.spec.words);
    let (before, after) = rng.pick(FRAMES);
    pen.push(&before.replace("{}", word));
    pen.value(sample, Evidence::Word);
    pen.push(&after.replace("{}", word));
}

pub(super) fn bare_sentence(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    const FRAMES: &[(&str, &str)] = &[
        ("nothing in the index matches ", ", giving up"),
        ("skipping ", " because it was handled before"),
        ("lookup of ", " brought back 0 rows"),
        ("got ", " twice within one batch"),
        ("worker gave up on ", " after 4 tries"),
        ("", " not found"),
        ("turned down input ", ""),
        ("unexpected text near '", "' while reading row 14"),
        ("merged ", " into an older case"),
        ("letter for ", " came back unopened"),
        ("queued follow-up regarding ", " for Monday"),
    ];
    let (before, after) = rng.pick(FRAMES);
    pen.push(before);
    pen.value(sample, Evidence::None);
    pen.push(after);
}

pub(super) fn panic(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    const FRAMES: &[(&str, &str)] = &[
        (
            "thread 'worker-3' panicked at src/intake/read.rs:88:14: called `Result::unwrap()` on an `Err` value: Unreadable(\"",
            "\")",
        ),
        (
            "java.lang.IllegalArgumentException: cannot read \"",
            "\" at uk.gov.example.intake.Reader.next(Reader.java:112) at java.base/java.lang.Thread.run(Thread.java:1583)",
        ),
        (
            "Traceback (most recent call last): File \"intake.py\", line 61, in read: ValueError: cannot read '",
            "'",
        ),
        (
            "panic: cannot read ",
            " [recovered] goroutine 18 [running]:",
        ),
        (
            "assertion `left == right` failed left: \"",
            "\" right: \"\" stack backtrace: 0: rust_begin_unwind",
        ),
        (
            "UnhandledPromiseRejection: cannot read ",
            " at Reader.next (/app/dist/reader.js:41:9)",
        ),
    ];
    let (before, after) = rng.pick(FRAMES);
    pen.push(before);
    pen.value(sample, Evidence::None);
    pen.push(after);
}

pub(super) fn csv(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    let separator = rng.pick(&[",", ";", "|", "\t"]);
    pen.push(&format!(
        "cannot import row {}: {}{separator}en{separator}",
        rng.range(2, 900),
        rng.range(1, 99)
    ));
    let quoted = sample.text.contains([',', ';', ' ']) || rng.chance(0.3);
    let quote = if quoted { "\"" } else { "" };
    pen.push(quote);
    pen.value(sample, Evidence::None);
    pen.push(&format!("{quote}{separator}open{separator}1"));
}

pub(super) fn sql_bind(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    const FRAMES: &[(&str, &str)] = &[
        ("binding parameter [1] as [VARCHAR] - [", "]"),
        ("query took long, binds: [\"en\", \"", "\", 42]"),
        (
            "execute <unnamed>: SELECT id FROM person WHERE ref = $1 DETAIL: parameters: $1 = '",
            "'",
        ),
        ("params=(7, '", "', NULL)"),
        ("args [{Name: Ordinal:1 Value:", "}]"),
    ];
    let (before, after) = rng.pick(FRAMES);
    pen.push(before);
    pen.value(sample, Evidence::None);
    pen.push(after);
}

pub(super) fn obfuscated(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    let (text, how) =
        disguise(sample.spec.kind, &sample.text, rng).unwrap_or_else(|| (sample.text.clone(), ""));
    if sample.spec.by_name_only() || rng.chance(0.4) {
        pen.push(&format!("saved {}=\"", key(sample, Style::Snake, rng)));
        pen.value_as(sample, &text, how, Evidence::Key);
        pen.push("\" outcome=ok");
    } else {
        let word = rng.pick(sample.spec.words);
        pen.push(&format!("pasted {word} "));
        pen.value_as(sample, &text, how, Evidence::Word);
        pen.push(" could not be read");
    }
}

pub(super) fn ansi(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    let colour = rng.pick(&["\u{1b}[1m", "\u{1b}[31m", "\u{1b}[3;33m"]);
    pen.push(&format!("no match for {colour}"));
    pen.value(sample, Evidence::None);
    pen.push("\u{1b}[0m in source");
}

pub(super) fn in_base64(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    let key = key(sample, Style::of_data(rng), rng);
    let text = format!("{{\"{key}\":\"{}\",\"v\":1}}", sample.text);
    let encoded = base64(text.as_bytes());
    let first = key.len() + 5;
    let last = first + sample.text.len();
    // Whole groups of four characters that hold a part of the value.
    let (from, to) = (first / 3 * 4, last.div_ceil(3) * 4);
    pen.push(rng.pick(&["dead letter body=", "message data: ", "payload64="]));
    pen.push(&encoded[..from]);
    let start = pen.text.len();
    pen.push(&encoded[from..to]);
    pen.label(start, sample, "", Evidence::Key);
    pen.push(&encoded[to..]);
}

pub(super) fn byte_debug(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    pen.push(rng.pick(&["unreadable frame [", "left over bytes: [", "Bytes(["]));
    let start = pen.text.len();
    let numbers: Vec<String> = sample.text.bytes().map(|b| b.to_string()).collect();
    pen.push(&numbers.join(", "));
    pen.label(start, sample, "", Evidence::None);
    pen.push("]");
}
