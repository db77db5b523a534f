//! Draws the line around the values: one function for each carrier.

mod prose;
mod record;

use super::carrier::Carrier;
use super::envelope::Envelope;
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
            record::json_line(&mut pen, samples, rng);
        }
        Carrier::JsonUnicode => record::json_unicode(&mut pen, sample, rng),
        _ => {
            let envelope = Envelope::of_value(rng);
            envelope.write(&mut pen, rng, |pen, rng| match carrier {
                Carrier::Sentence => prose::sentence(pen, sample, rng),
                Carrier::BareSentence => prose::bare_sentence(pen, sample, rng),
                Carrier::Logfmt => record::logfmt(pen, samples, rng),
                Carrier::Json | Carrier::JsonNumber => {
                    pen.push(rng.pick(&["payload ", "message body=", "sent ", "event "]));
                    record::json_object(pen, samples, rng);
                }
                Carrier::JsonInString => record::json_in_string(pen, samples, rng),
                Carrier::DebugStruct => record::debug_struct(pen, samples, rng),
                Carrier::SqlLiteral => record::sql_literal(pen, sample, rng),
                Carrier::SqlBind => prose::sql_bind(pen, sample, rng),
                Carrier::Header => record::header(pen, sample, rng),
                Carrier::Panic => prose::panic(pen, sample, rng),
                Carrier::Xml => record::xml(pen, samples, rng),
                Carrier::Csv => prose::csv(pen, sample, rng),
                Carrier::UrlQuery => record::url_query(pen, samples, rng),
                Carrier::PathSegment => record::path_segment(pen, sample, rng),
                Carrier::FormBody => record::form_body(pen, samples, rng),
                Carrier::NestedUrl => record::nested_url(pen, sample, rng),
                Carrier::Obfuscated => prose::obfuscated(pen, sample, rng),
                Carrier::Ansi => prose::ansi(pen, sample, rng),
                Carrier::Base64 => prose::in_base64(pen, sample, rng),
                Carrier::ByteDebug => prose::byte_debug(pen, sample, rng),
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
