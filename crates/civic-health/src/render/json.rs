//! The body of draft-inadarei-api-health-check-06, with what it has no field for beside its fields.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Source, journeys, observed};
use crate::answer::Detail;
use crate::core::CheckReport;
use crate::incident::Incident;
use crate::status::Status;

pub(super) fn page(
    status: Status,
    word: &'static str,
    detail: Detail,
    source: Option<Source<'_>>,
) -> String {
    let page = Page {
        status,
        word,
        detail,
        source: source.filter(|_| detail > Detail::Status),
    };
    serde_json::to_string(&page).expect("names and numbers can be written as JSON")
}

struct Page<'a> {
    status: Status,
    word: &'static str,
    detail: Detail,
    source: Option<Source<'a>>,
}

impl Serialize for Page<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", self.status.as_str())?;
        if self.detail > Detail::Status && self.status != Status::Pass {
            map.serialize_entry("output", self.word)?;
        }
        if let Some(source) = self.source {
            let about = source.about;
            map.serialize_entry("serviceId", &about.service)?;
            if let Some(release) = &about.release {
                map.serialize_entry("releaseId", release)?;
            }
            if let Some(description) = &about.description {
                map.serialize_entry("description", description)?;
            }
            if let Some(incident) = &source.snapshot.incident {
                map.serialize_entry("incidentHint", &Hint(incident))?;
            }
            map.serialize_entry("checks", &Checks(source, self.detail))?;
        }
        map.end()
    }
}

struct Hint<'a>(&'a Incident);

impl Serialize for Hint<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("priority", self.0.priority.as_str())?;
        map.serialize_entry("journeys", &self.0.journeys)?;
        map.serialize_entry("checks", &self.0.checks)?;
        map.end()
    }
}

struct Checks<'a>(Source<'a>, Detail);

impl Serialize for Checks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(source, detail) = *self;
        let checks = source.checks().map(|(check, measurement)| {
            let one = Check {
                report: check,
                measurement,
                source,
                detail,
            };
            // The draft has a list here, for several nodes of one component.
            (format!("{}:{measurement}", check.name), [one])
        });
        serializer.collect_map(checks)
    }
}

struct Check<'a> {
    report: &'a CheckReport,
    measurement: &'static str,
    source: Source<'a>,
    detail: Detail,
}

impl Serialize for Check<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let check = self.report;
        let mut map = serializer.serialize_map(None)?;
        // Disabled and starting have no status: neither word of the draft would be true.
        if let Some(status) = check.state.status() {
            map.serialize_entry("status", status.as_str())?;
        }
        map.serialize_entry("state", check.state.as_str())?;
        if let Some(reason) = check.reason {
            map.serialize_entry("output", reason)?;
        }
        if self.detail == Detail::Full {
            map.serialize_entry("componentType", check.component.as_str())?;
            if let Some((value, unit)) = observed(check, self.measurement) {
                map.serialize_entry("observedValue", &value)?;
                map.serialize_entry("observedUnit", unit)?;
            }
            if !journeys(check).is_empty() {
                map.serialize_entry("affectedEndpoints", journeys(check))?;
            }
            if let Some(time) = check.last_result.and_then(|at| self.source.time(at)) {
                map.serialize_entry("time", &time)?;
            }
            if let Some(time) = check.last_success.and_then(|at| self.source.time(at)) {
                map.serialize_entry("lastSuccess", &time)?;
            }
            map.serialize_entry("criticality", check.criticality.as_str())?;
            map.serialize_entry("scope", check.scope.as_str())?;
            map.serialize_entry("transitions", &check.transitions.iter().sum::<u64>())?;
        }
        map.end()
    }
}
