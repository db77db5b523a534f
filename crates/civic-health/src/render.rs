//! Bodies, rendered once for each new state and not for each probe.

mod govuk;
mod json;
mod text;

use std::time::{Duration, SystemTime};

use bytes::Bytes;

use crate::answer::{Answer, Detail, Endpoint, Format};
use crate::check::RESPONSE_TIME;
use crate::core::{CheckReport, Snapshot};
use crate::spec::Affects;
use crate::status::Status;

/// Everything that a body is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) about: &'a About,
    /// What each check measures, in the order of the checks.
    pub(crate) measurements: &'a [&'static str],
    pub(crate) snapshot: &'a Snapshot,
    /// The wall time at the moment of the snapshot.
    pub(crate) wall: SystemTime,
}

/// What the service says of itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) service: String,
    pub(crate) release: Option<String>,
    pub(crate) description: Option<String>,
}

/// One endpoint's bodies in every form and detail.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    code: u16,
    json: [Bytes; 3],
    text: [Bytes; 3],
    govuk: [Bytes; 3],
}

impl Page {
    /// The bodies for a snapshot.
    pub(crate) fn of(endpoint: Endpoint, source: Source<'_>) -> Self {
        let (status, word) = verdict(endpoint, source.snapshot);
        Self {
            code: code(status),
            json: Detail::ALL.map(|detail| shared(json::page(status, word, detail, Some(source)))),
            text: Detail::ALL.map(|detail| shared(text::page(status, word, detail, Some(source)))),
            govuk: Detail::ALL.map(|detail| shared(govuk::page(status, detail, Some(source)))),
        }
    }

    /// Bodies that say one thing and know of no check.
    pub(crate) fn fixed(status: Status, word: &'static str) -> Self {
        Self {
            code: code(status),
            json: Detail::ALL.map(|detail| shared(json::page(status, word, detail, None))),
            text: Detail::ALL.map(|detail| shared(text::page(status, word, detail, None))),
            govuk: Detail::ALL.map(|detail| shared(govuk::page(status, detail, None))),
        }
    }

    /// One of the bodies; shared, not copied.
    pub(crate) fn answer(&self, detail: Detail, format: Format) -> Answer {
        let bodies = match format {
            Format::Json | Format::HealthJson => &self.json,
            Format::Text => &self.text,
            Format::Govuk => &self.govuk,
        };
        Answer {
            code: self.code,
            content_type: format.content_type(),
            body: bodies[detail as usize].clone(),
        }
    }
}

/// A body that can be cloned without allocating: `Bytes` makes its count of clones with the first of them.
fn shared(text: String) -> Bytes {
    let body = Bytes::from(text);
    drop(body.clone());
    body
}

/// What an endpoint says of a snapshot, and in which word.
fn verdict(endpoint: Endpoint, snapshot: &Snapshot) -> (Status, &'static str) {
    match endpoint {
        Endpoint::Health => (Status::Pass, "alive"),
        Endpoint::Ready => (snapshot.status, snapshot.decision.as_str()),
        Endpoint::Startup if snapshot.started => (Status::Pass, "started"),
        Endpoint::Startup => (Status::Fail, "starting"),
    }
}

const fn code(status: Status) -> u16 {
    match status {
        Status::Pass | Status::Warn => 200,
        Status::Fail => 503,
    }
}

impl<'a> Source<'a> {
    /// The checks with what each measures.
    fn checks(self) -> impl Iterator<Item = (&'a CheckReport, &'static str)> + Clone {
        let measurements = self.measurements.iter().copied();
        self.snapshot.checks.iter().zip(measurements)
    }

    /// A moment of the snapshot's clock as wall time, such as `2026-11-25T01:13:09.123Z`.
    fn time(self, at: Duration) -> Option<String> {
        let ago = self.snapshot.at.saturating_sub(at);
        let time = jiff::Timestamp::try_from(self.wall.checked_sub(ago)?).ok()?;
        Some(format!("{time:.3}"))
    }
}

/// The value and unit that an answer gives: what was measured, else the time that the run took.
fn observed(check: &CheckReport, measurement: &str) -> Option<(f64, &'static str)> {
    match check.observed {
        Some(observed) => Some((observed.value, observed.unit)).filter(|(v, _)| v.is_finite()),
        None if measurement == RESPONSE_TIME => {
            let micros = check.duration?.as_micros();
            Some((micros as f64 / 1000.0, "ms"))
        }
        None => None,
    }
}

fn journeys(check: &CheckReport) -> &'static [&'static str] {
    match check.affects {
        Affects::Journeys(journeys) => journeys,
        Affects::ByCriticality => &[],
    }
}
