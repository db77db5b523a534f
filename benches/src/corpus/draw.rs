//! Draws the line around the values: one function for each carrier.

use super::carrier::Carrier;
use super::disguise::disguise;
use super::encode::{Layer, base64};
use super::envelope::{self, Envelope};
use super::form::Sample;
use super::name::Style;
use super::pen::{Evidence, Pen};
use super::rng::Rng;

/// A line with these values in this carrier; most carriers hold the first value only.
pub fn line(carrier: Carrier, samples: &[Sample], rng: &mut Rng) -> Pen {
    let mut pen = Pen::new(carrier);
    let sample = &samples[0];
    match carrier {
        Carrier::Json | Carrier::JsonNumber if rng.chance(0.6) => {
            json_line(&mut pen, samples, rng);
        }
        Carrier::JsonUnicode => json_unicode(&mut pen, sample, rng),
        _ => {
            let envelope = Envelope::of_value(rng);
            envelope.write(&mut pen, rng, |pen, rng| match carrier {
                Carrier::Sentence => sentence(pen, sample, rng),
                Carrier::BareSentence => bare_sentence(pen, sample, rng),
                Carrier::Logfmt => logfmt(pen, samples, rng),
                Carrier::Json | Carrier::JsonNumber => {
                    pen.push(rng.pick(&["payload ", "message body=", "sent ", "event "]));
                    json_object(pen, samples, rng);
                }
                Carrier::JsonInString => json_in_string(pen, samples, rng),
                Carrier::DebugStruct => debug_struct(pen, samples, rng),
                Carrier::SqlLiteral => sql_literal(pen, sample, rng),
                Carrier::SqlBind => sql_bind(pen, sample, rng),
                Carrier::Header => header(pen, sample, rng),
                Carrier::Panic => panic(pen, sample, rng),
                Carrier::Xml => xml(pen, samples, rng),
                Carrier::Csv => csv(pen, sample, rng),
                Carrier::UrlQuery => url_query(pen, samples, rng),
                Carrier::PathSegment => path_segment(pen, sample, rng),
                Carrier::FormBody => form_body(pen, samples, rng),
                Carrier::NestedUrl => nested_url(pen, sample, rng),
                Carrier::Obfuscated => obfuscated(pen, sample, rng),
                Carrier::Ansi => ansi(pen, sample, rng),
                Carrier::Base64 => in_base64(pen, sample, rng),
                Carrier::ByteDebug => byte_debug(pen, sample, rng),
                Carrier::JsonUnicode => {}
            });
        }
    }
    pen
}

/// A line that holds the value in a field of this, technical, name.
pub fn under_name(name: &str, sample: &Sample, rng: &mut Rng) -> Pen {
    let carrier = rng.pick(&[Carrier::Logfmt, Carrier::Json, Carrier::DebugStruct]);
    let mut pen = Pen::new(carrier);
    Envelope::of_value(rng).write(&mut pen, rng, |pen, rng| {
        let (before, after) = match carrier {
            Carrier::Json => (format!("emitted {{\"ok\":true,\"{name}\":\""), "\"}"),
            Carrier::DebugStruct => (format!("state Progress {{ {name}: \""), "\", done: false }"),
            _ => (
                format!("{} {name}=", rng.pick(&["flushed", "advanced", "stored"])),
                " outcome=ok",
            ),
        };
        pen.push(&before);
        pen.value(sample, Evidence::Against);
        pen.push(after);
    });
    pen
}

fn key(sample: &Sample, style: Style, rng: &mut Rng) -> String {
    let words = rng.pick(sample.keys());
    if rng.chance(0.15) {
        let owner = rng.pick(&["applicant", "claimant", "partner", "customer"]);
        match style {
            Style::Snake | Style::Camel if rng.chance(0.5) => {
                format!("{owner}.{}", style.write(words))
            }
            style => style.write(&format!("{owner} {words}")),
        }
    } else {
        style.write(words)
    }
}

/// A field beside the labelled ones that holds nothing personal.
fn harmless(rng: &mut Rng) -> (&'static str, String) {
    match rng.below(8) {
        0 => (
            "outcome",
            rng.pick(&["accepted", "deferred", "rejected"]).to_owned(),
        ),
        1 => ("attempt", rng.range(1, 6).to_string()),
        2 => ("lang", rng.pick(&["en", "cy"]).to_owned()),
        3 => ("trace", rng.hex(32)),
        4 => ("took_ms", rng.range(1, 4000).to_string()),
        5 => ("consent", rng.pick(&["true", "false"]).to_owned()),
        6 => (
            "page",
            rng.pick(&["who-is-applying", "check-your-answers"])
                .to_owned(),
        ),
        _ => ("correlation", rng.uuid()),
    }
}

fn sentence(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

fn bare_sentence(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

fn logfmt(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    pen.push(rng.pick(&[
        "submission received",
        "answers saved",
        "record updated",
        "match tried",
    ]));
    let style = rng.pick(&[Style::Snake, Style::Snake, Style::Camel, Style::Kebab]);
    for sample in samples {
        let (name, value) = harmless(rng);
        pen.push(&format!(" {name}={value} "));
        pen.push(&key(sample, style, rng));
        let whole = [sample.form.before, &sample.text, sample.form.after].concat();
        let quoted = whole.contains([' ', '"', '=', ',']) || !whole.is_ascii() || rng.chance(0.2);
        if quoted {
            pen.push("=\"");
            pen.value(sample, Evidence::Key);
            pen.push("\"");
        } else {
            pen.push("=");
            pen.value(sample, Evidence::Key);
        }
    }
    if rng.chance(0.5) {
        let (name, value) = harmless(rng);
        pen.push(&format!(" {name}={value}"));
    }
}

fn json_line(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    pen.push(&format!(
        "{{\"@timestamp\":\"{}\",\"log.level\":\"{}\",\"data\":",
        envelope::instant(rng),
        rng.pick(&["info", "warn", "debug"])
    ));
    json_object(pen, samples, rng);
    pen.push("}");
}

fn json_object(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    let style = Style::of_data(rng);
    let colon = rng.pick(&["\":", "\": "]);
    let comma = if colon.ends_with(' ') { ", " } else { "," };
    let number = pen.carrier_is(Carrier::JsonNumber);
    pen.push("{");
    for sample in samples {
        if rng.chance(0.7) {
            let (name, value) = harmless(rng);
            pen.push(&format!("\"{name}{colon}\"{value}\"{comma}"));
        }
        pen.push(&format!("\"{}{colon}", key(sample, style, rng)));
        if number {
            let digits = sample.text.trim_start_matches('0');
            let how = if digits.len() < sample.text.len() {
                "lost-zero"
            } else {
                ""
            };
            pen.value_as(sample, digits, how, Evidence::Key);
        } else {
            pen.push("\"");
            pen.within(Layer::Json, |pen| pen.value(sample, Evidence::Key));
            pen.push("\"");
        }
        pen.push(comma);
    }
    let (name, value) = harmless(rng);
    pen.push(&format!("\"{name}{colon}\"{value}\"}}"));
}

fn json_in_string(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    let twice = rng.chance(0.3);
    pen.push("relay {\"topic\":\"answers\",\"body\":\"");
    pen.within(Layer::Json, |pen| {
        if twice {
            pen.push("{\"inner\":\"");
            pen.within(Layer::Json, |pen| json_object(pen, samples, rng));
            pen.push("\"}");
        } else {
            json_object(pen, samples, rng);
        }
    });
    pen.push("\"}");
}

fn json_unicode(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    pen.push(&format!(
        "{{\"time\":\"{}\",\"fields\":{{\"{}\":\"",
        envelope::instant(rng),
        key(sample, Style::of_data(rng), rng)
    ));
    if rng.chance(0.3) {
        pen.push("\\n");
    }
    pen.within(Layer::JsonUnicode, |pen| pen.value(sample, Evidence::Key));
    pen.push("\"},\"msg\":\"saved\"}");
}

fn debug_struct(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    pen.push(rng.pick(&[
        "rejected Claim { ",
        "draft=Application { ",
        "Err(Mismatch { ",
        "before: Person { ",
    ]));
    for sample in samples {
        let (name, value) = harmless(rng);
        pen.push(&format!(
            "{name}: \"{value}\", {}: ",
            key(sample, Style::Snake, rng)
        ));
        let (open, close) = rng.pick(&[
            ("Some(\"", "\"), "),
            ("\"", "\", "),
            ("Text(\"", "\"), "),
            ("[\"", "\"], "),
        ]);
        pen.push(open);
        pen.within(Layer::Debug, |pen| pen.value(sample, Evidence::Key));
        pen.push(close);
    }
    pen.push("complete: false }");
}

fn sql_literal(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    let column = key(sample, Style::Snake, rng);
    let quoted = |pen: &mut Pen, evidence| {
        pen.push("'");
        pen.within(Layer::Sql, |pen| pen.value(sample, evidence));
        pen.push("'");
    };
    match rng.below(if sample.needs_evidence() { 3 } else { 4 }) {
        0 => {
            pen.push(&format!(
                "statement failed: SELECT c.id FROM claim c WHERE c.{column} = "
            ));
            quoted(pen, Evidence::Key);
            pen.push(" AND c.closed_at IS NULL");
        }
        1 => {
            pen.push(&format!("slow: UPDATE person SET {column} = "));
            quoted(pen, Evidence::Key);
            pen.push(&format!(
                ", version = version + 1 WHERE id = {}",
                rng.range(1, 9999)
            ));
        }
        2 => {
            pen.push(&format!("DELETE FROM draft WHERE {column}="));
            quoted(pen, Evidence::Key);
            pen.push(";");
        }
        _ => {
            pen.push(&format!(
                "INSERT INTO person (id, lang, ref) VALUES ({}, 'en', ",
                rng.range(1, 9999)
            ));
            quoted(pen, Evidence::None);
            pen.push(")");
        }
    }
}

fn sql_bind(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

fn header(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    match rng.below(3) {
        0 => {
            pen.push(&format!("> {}: ", key(sample, Style::Kebab, rng)));
            pen.value(sample, Evidence::Key);
        }
        1 => {
            pen.push(&format!(
                "request headers accept: */*; {}: ",
                key(sample, Style::Header, rng)
            ));
            pen.value(sample, Evidence::Key);
        }
        _ => {
            pen.push(&format!(
                "headers={{\"accept\": \"*/*\", \"{}\": \"",
                key(sample, Style::Kebab, rng)
            ));
            pen.value(sample, Evidence::Key);
            pen.push("\"}");
        }
    }
}

fn panic(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

fn xml(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    pen.push("soap body <ns2:Applicant>");
    for sample in samples {
        let name = key(sample, Style::Pascal, rng);
        let prefix = rng.pick(&["", "ns2:"]);
        pen.push(&format!("<{prefix}{name}>"));
        pen.within(Layer::Xml, |pen| pen.value(sample, Evidence::Key));
        pen.push(&format!("</{prefix}{name}>"));
    }
    pen.push("<Complete>true</Complete></ns2:Applicant>");
}

fn csv(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

fn query(pen: &mut Pen, samples: &[Sample], layer: Layer, rng: &mut Rng) {
    let style = rng.pick(&[Style::Snake, Style::Camel, Style::Kebab]);
    for sample in samples {
        if rng.chance(0.5) {
            let (name, value) = harmless(rng);
            pen.push(&format!("{name}={value}&"));
        }
        pen.push(&format!("{}=", key(sample, style, rng)));
        pen.within(layer, |pen| pen.value(sample, Evidence::Key));
        pen.push("&");
    }
    pen.push(rng.pick(&["lang=en", "v=2", "continue=yes"]));
}

fn url_query(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    let layer = rng.pick(&[Layer::Percent, Layer::Form]);
    let (before, after) = rng.pick(&[
        ("\"GET /search/people?", " HTTP/1.1\" 200 512"),
        ("redirecting to https://apply.example.gov.uk/resume?", ""),
        ("uri=/api/v2/matches?", " status=404"),
        ("Referer: https://forms.example.gov.uk/step?", " (302)"),
    ]);
    pen.push(before);
    query(pen, samples, layer, rng);
    pen.push(after);
}

fn form_body(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    pen.push(rng.pick(&[
        "body: ",
        "posted form ",
        "content=application/x-www-form-urlencoded ",
    ]));
    query(pen, samples, Layer::Form, rng);
}

fn nested_url(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    pen.push("GET /sign-in?return_to=");
    pen.within(Layer::Percent, |pen| {
        pen.push("/resume?step=2&");
        pen.push(&format!("{}=", key(sample, Style::Snake, rng)));
        if rng.chance(0.5) {
            pen.within(Layer::Percent, |pen| pen.value(sample, Evidence::Key));
        } else {
            pen.value(sample, Evidence::Key);
        }
    });
    pen.push(" 302");
}

fn path_segment(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    let named = sample.needs_evidence() || rng.chance(0.4);
    let verb = rng.pick(&["GET", "PUT", "DELETE"]);
    if named {
        pen.push(&format!(
            "{verb} /api/v1/{}/",
            key(sample, Style::Kebab, rng)
        ));
    } else {
        pen.push(&format!(
            "{verb} /{}/",
            rng.pick(&["people", "cases", "v2/subjects", "lookup"])
        ));
    }
    let evidence = if named { Evidence::Key } else { Evidence::None };
    pen.within(Layer::Percent, |pen| pen.value(sample, evidence));
    pen.push(rng.pick(&["/history -> 404", "", "/documents 200 18ms", " HTTP/2 410"]));
}

fn obfuscated(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

fn ansi(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    let colour = rng.pick(&["\u{1b}[1m", "\u{1b}[31m", "\u{1b}[3;33m"]);
    pen.push(&format!("no match for {colour}"));
    pen.value(sample, Evidence::None);
    pen.push("\u{1b}[0m in source");
}

fn in_base64(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

fn byte_debug(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
    pen.push(rng.pick(&["unreadable frame [", "left over bytes: [", "Bytes(["]));
    let start = pen.text.len();
    let numbers: Vec<String> = sample.text.bytes().map(|b| b.to_string()).collect();
    pen.push(&numbers.join(", "));
    pen.label(start, sample, "", Evidence::None);
    pen.push("]");
}
