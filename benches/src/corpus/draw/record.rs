//! Carriers with named fields: JSON, logfmt, structs, SQL, headers, XML, queries and paths.

use super::{harmless, key};
use crate::corpus::carrier::Carrier;
use crate::corpus::encode::Layer;
use crate::corpus::envelope;
use crate::corpus::form::Sample;
use crate::corpus::name::Style;
use crate::corpus::pen::{Evidence, Pen};
use crate::corpus::rng::Rng;

pub(super) fn logfmt(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
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

pub(super) fn json_line(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    pen.push(&format!(
        "{{\"@timestamp\":\"{}\",\"log.level\":\"{}\",\"data\":",
        envelope::instant(rng),
        rng.pick(&["info", "warn", "debug"])
    ));
    json_object(pen, samples, rng);
    pen.push("}");
}

pub(super) fn json_object(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
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

pub(super) fn json_in_string(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
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

pub(super) fn json_unicode(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

pub(super) fn debug_struct(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
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

pub(super) fn sql_literal(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

pub(super) fn header(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

pub(super) fn xml(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
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

pub(super) fn url_query(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
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

pub(super) fn form_body(pen: &mut Pen, samples: &[Sample], rng: &mut Rng) {
    pen.push(rng.pick(&[
        "body: ",
        "posted form ",
        "content=application/x-www-form-urlencoded ",
    ]));
    query(pen, samples, Layer::Form, rng);
}

pub(super) fn nested_url(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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

pub(super) fn path_segment(pen: &mut Pen, sample: &Sample, rng: &mut Rng) {
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
