//! What stands around the message of a line: time, level, place in the code.

use super::encode::Layer;
use super::pen::Pen;
use super::rng::Rng;

/// Layout of a line.
#[derive(Clone, Copy, Debug)]
pub enum Envelope {
    /// `2026-10-05T09:12:44.120Z  INFO intake::match: ..`, with a span at times.
    Rust,
    /// `2026-10-05 09:12:44,120 INFO [exec-3] u.g.e.Match - ..`
    Java,
    /// `I1005 09:12:44.120331       1 match.go:88] ..`
    Go,
    /// RFC 5424 syslog.
    Syslog,
    /// One JSON object with the message in a string.
    Json,
    /// logfmt with the message in quotes.
    Logfmt,
}

impl Envelope {
    /// A layout for a line that holds a labelled value; rarely one that encodes its message.
    pub fn of_value(rng: &mut Rng) -> Self {
        rng.pick(&[
            Self::Rust,
            Self::Rust,
            Self::Java,
            Self::Java,
            Self::Go,
            Self::Syslog,
            Self::Json,
        ])
    }

    /// A layout for any other line.
    pub fn any(rng: &mut Rng) -> Self {
        rng.pick(&[
            Self::Rust,
            Self::Rust,
            Self::Rust,
            Self::Java,
            Self::Java,
            Self::Go,
            Self::Syslog,
            Self::Json,
            Self::Json,
            Self::Json,
            Self::Logfmt,
        ])
    }

    /// Writes the layout around a message.
    pub fn write(self, pen: &mut Pen, rng: &mut Rng, message: impl FnOnce(&mut Pen, &mut Rng)) {
        const LEVELS: &[&str] = &[
            "INFO", "INFO", "INFO", "INFO", "DEBUG", "DEBUG", "WARN", "ERROR",
        ];
        const PLACES: &[&str] = &[
            "intake::matching",
            "letters::render",
            "ledger::post",
            "session::store",
            "gateway::proxy",
            "scheduler::tick",
            "rules::engine",
            "storage::blob",
            "outbox::relay",
            "queue::consumer",
        ];
        let level = rng.pick(LEVELS);
        let place = rng.pick(PLACES);
        match self {
            Self::Rust => {
                pen.push(&format!("{} {level:>5} ", instant(rng)));
                if rng.chance(0.5) {
                    pen.push(&format!(
                        "http{{trace_id={} span_id={}}}: ",
                        rng.hex(32),
                        rng.hex(16)
                    ));
                }
                pen.push(&format!("{place}: "));
                message(pen, rng);
            }
            Self::Java => {
                let (class, time) = (place.replace("::", "."), instant(rng));
                pen.push(&format!(
                    "{} {},{} {level:<5} [exec-{}] u.g.e.{class} - ",
                    &time[..10],
                    &time[11..19],
                    &time[20..23],
                    rng.range(1, 64),
                ));
                message(pen, rng);
            }
            Self::Go => {
                let (file, time) = (place.replace("::", "_"), instant(rng));
                pen.push(&format!(
                    "{}{}{} {}.{} {:>7} {file}.go:{}] ",
                    &level[..1],
                    &time[5..7],
                    &time[8..10],
                    &time[11..19],
                    rng.digits(6),
                    rng.range(1, 40),
                    rng.range(10, 900)
                ));
                message(pen, rng);
            }
            Self::Syslog => {
                pen.push(&format!(
                    "<{}>1 {} node-{} {} {} - - ",
                    rng.range(128, 191),
                    instant(rng),
                    rng.hex(5),
                    place.replace("::", "-"),
                    rng.range(2, 32_000)
                ));
                message(pen, rng);
            }
            Self::Json => {
                pen.push(&format!(
                    "{{\"@timestamp\":\"{}\",\"log.level\":\"{level}\",\"service\":\"{}\",\"trace.id\":\"{}\",\"message\":\"",
                    instant(rng),
                    place.replace("::", "-"),
                    rng.hex(32)
                ));
                pen.within(Layer::Json, |pen| message(pen, rng));
                pen.push("\"}");
            }
            Self::Logfmt => {
                pen.push(&format!(
                    "time={} level={} caller={}.go:{} msg=\"",
                    instant(rng),
                    level.to_ascii_lowercase(),
                    place.replace("::", "/"),
                    rng.range(10, 900)
                ));
                pen.within(Layer::Json, |pen| message(pen, rng));
                pen.push("\"");
            }
        }
    }
}

/// A time in the autumn of 2026, as RFC 3339 with milliseconds.
pub fn instant(rng: &mut Rng) -> String {
    format!(
        "2026-{:02}-{:02}T{:02}:{:02}:{:02}.{}Z",
        rng.range(9, 12),
        rng.range(1, 28),
        rng.range(0, 23),
        rng.range(0, 59),
        rng.range(0, 59),
        rng.digits(3)
    )
}
