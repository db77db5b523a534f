//! The shape of alphagov's GovukHealthcheck. Its codes are not taken over: a warning is 200 here.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::Source;
use crate::answer::Detail;
use crate::core::{CheckReport, State};
use crate::status::Status;

pub(super) fn page(status: Status, detail: Detail, source: Option<Source<'_>>) -> String {
    let page = Page {
        status,
        source: source.filter(|_| detail > Detail::Status),
    };
    serde_json::to_string(&page).expect("names can be written as JSON")
}

struct Page<'a> {
    status: Status,
    source: Option<Source<'a>>,
}

impl Serialize for Page<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", self.status.govuk())?;
        map.serialize_entry("checks", &Checks(self.source))?;
        map.end()
    }
}

struct Checks<'a>(Option<Source<'a>>);

impl Serialize for Checks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let checks = self.0.into_iter().flat_map(Source::checks);
        serializer.collect_map(checks.map(|(check, _)| (check.name, Check(check))))
    }
}

struct Check<'a>(&'a CheckReport);

impl Serialize for Check<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(check) = self;
        // The shape has three words only; the message says what they cannot.
        let (status, message) = match check.state {
            State::Disabled => ("ok", Some("currently disabled")),
            State::Starting => ("warning", Some("starting")),
            state => (state.status().map_or("ok", Status::govuk), check.reason),
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", status)?;
        if let Some(message) = message {
            map.serialize_entry("message", message)?;
        }
        map.end()
    }
}
