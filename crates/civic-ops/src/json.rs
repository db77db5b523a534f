//! The facts as versioned JSON, and what differs between two of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::facts::{Argument, Facts, Journey, Place, SiteKind};

/// Version of the form of `facts.json`.
pub const FACTS_VERSION: u32 = 1;

impl Facts {
    /// The facts as JSON: `version`, and `facts` sorted by path, line, column, kind and id.
    ///
    /// Each fact has `kind`, `id` (without lines), `path`, `line`, `column`, `item`, `origin` and `data`.
    ///
    /// ```
    /// # let sources = civic_ops::Sources::from_texts([("a.rs", "struct User { email: String }")]);
    /// let json = civic_ops::facts(&sources).to_json();
    /// assert_eq!(json["facts"][0]["id"], "type|a.rs|User");
    /// ```
    pub fn to_json(&self) -> Value {
        let mut facts: Vec<Value> = Vec::new();
        for ty in &self.types {
            let fields: Vec<Value> = ty
                .fields
                .iter()
                .map(|field| json!({"name": field.name, "type": field.ty, "hidden": field.hidden}))
                .collect();
            let data = json!({"derives": ty.derives, "fields": fields, "enum": ty.is_enum, "test": ty.in_test});
            facts.push(self.fact("type", &ty.item, &ty.place, &ty.item, &data));
        }
        for function in &self.functions {
            let data = json!({
                "async": function.is_async,
                "returns": function.returns,
                "owner": function.owner,
                "test": function.in_test,
            });
            facts.push(self.fact(
                "function",
                &function.item,
                &function.place,
                &function.item,
                &data,
            ));
        }
        for site in &self.sites {
            let arguments: Vec<Value> = site.arguments.iter().map(argument).collect();
            let names: Vec<String> = site
                .arguments
                .iter()
                .map(|argument| argument.value.path())
                .collect();
            let subject = format!("{}|{}|{}", site.item, site.name, names.join(","));
            let data = json!({"call": site.name, "arguments": arguments, "test": site.in_test});
            facts.push(self.fact(kind(site.kind), &subject, &site.place, &site.item, &data));
        }
        for query in &self.queries {
            let call = &self.calls[query.call];
            let tables: Vec<&str> = query.sql.tables.iter().map(String::as_str).collect();
            let data = json!({
                "verb": format!("{:?}", query.sql.verb).to_lowercase(),
                "tables": tables,
                "writes": query.sql.writes,
                "limit": query.sql.limit,
                "loop": call.in_loop,
                "test": call.in_test,
            });
            let subject = format!("{}|{}", call.item, tables.join(","));
            facts.push(self.fact("sql_query", &subject, &call.place, &call.item, &data));
        }
        for table in &self.tables {
            let columns: Vec<&str> = table
                .columns
                .iter()
                .map(|(name, _)| name.as_str())
                .collect();
            let data = json!({"columns": columns, "indexed": table.indexed, "references": table.references, "retention": table.retention});
            facts.push(self.fact("table", &table.name, &table.place, &table.name, &data));
        }
        for outside in &self.outside {
            let arguments: Vec<Value> = outside.arguments.iter().map(argument).collect();
            let data = json!({
                "call": outside.name,
                "via": format!("{:?}", outside.kind).to_lowercase(),
                "address": outside.address,
                "arguments": arguments,
                "test": outside.in_test,
            });
            let subject = format!("{}|{}", outside.item, outside.name);
            let item = &outside.item;
            facts.push(self.fact("outside_call", &subject, &outside.place, item, &data));
        }
        for (name, place, item) in &self.variables {
            facts.push(self.fact("env_var", name, place, item, &json!({})));
        }
        for (text, place, item) in &self.messages {
            facts.push(self.fact("error_message", text, place, item, &json!({"text": text})));
        }
        for journey in &self.journeys {
            self.journey(journey, &mut facts);
        }
        for undecided in &self.undecided {
            facts.push(json!({
                "kind": "undecided",
                "id": format!("undecided|{}|{}", undecided.path, undecided.why),
                "path": undecided.path,
                "line": undecided.line,
                "column": 1,
                "item": "",
                "origin": "scanned",
                "data": {"why": undecided.why},
            }));
        }
        facts.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
        json!({"version": FACTS_VERSION, "facts": facts})
    }

    /// A journey, and a row for each of its steps and outcomes.
    fn journey(&self, journey: &Journey, facts: &mut Vec<Value>) {
        let item = &journey.item;
        let mut declared = |kind: &str, subject: &str, place: &Place, data: &Value| {
            let mut fact = self.fact(kind, subject, place, item, data);
            fact["origin"] = json!("declared");
            facts.push(fact);
        };
        let steps: Vec<&str> = journey.steps.iter().map(|step| &*step.name).collect();
        let data = json!({
            "name": journey.name,
            "static": journey.variable,
            "type": journey.ty,
            "step_type": journey.step_type,
            "outcome_type": journey.outcome_type,
            "steps": steps,
            "expected_seconds": journey.expected,
            "abandon_after_seconds": journey.abandon_after,
            "slo": journey.slo,
            "test": journey.in_test,
        });
        declared("journey", &journey.name, &journey.place, &data);
        for (index, step) in journey.steps.iter().enumerate() {
            let data = json!({
                "journey": journey.name,
                "name": step.name,
                "variant": step.variant,
                "position": index,
                "needs": step.needs,
            });
            let subject = format!("{}|{}", journey.name, step.name);
            declared("journey_step", &subject, &step.place, &data);
        }
        for outcome in &journey.outcomes {
            let data = json!({
                "journey": journey.name,
                "name": outcome.name,
                "variant": outcome.variant,
                "complete": outcome.complete,
            });
            let subject = format!("{}|{}", journey.name, outcome.name);
            declared("journey_outcome", &subject, &outcome.place, &data);
        }
    }

    fn fact(&self, kind: &str, subject: &str, place: &Place, item: &str, data: &Value) -> Value {
        let path = &*self.paths[place.file];
        json!({
            "kind": kind,
            "id": format!("{kind}|{path}|{subject}"),
            "path": path,
            "line": place.line,
            "column": place.column,
            "item": item,
            "origin": "scanned",
            "data": data,
        })
    }
}

fn kind(kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::Log => "log_site",
        SiteKind::Span => "span",
        SiteKind::Record => "span_field",
        SiteKind::Instrument => "instrument",
        SiteKind::Print => "print",
        SiteKind::Panic => "panic",
        SiteKind::ErrorText => "error_text",
        SiteKind::Display => "display",
        SiteKind::Debug => "debug",
        SiteKind::Metric => "metric",
    }
}

fn argument(argument: &Argument) -> Value {
    let mut map = Map::new();
    if let Some(key) = &argument.key {
        map.insert("key".into(), json!(key));
    }
    map.insert("debug".into(), json!(argument.debug));
    map.insert("value".into(), json!(argument.value.path()));
    Value::Object(map)
}

fn sort_key(fact: &Value) -> (&str, u64, u64, &str, &str) {
    let text = |name: &str| fact[name].as_str().unwrap_or_default();
    let number = |name: &str| fact[name].as_u64().unwrap_or_default();
    (
        text("path"),
        number("line"),
        number("column"),
        text("kind"),
        text("id"),
    )
}

/// What is in one facts file and not in the other.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Ids that only the second has, sorted; an id that it has more often stands here as often.
    pub added: Vec<String>,
    /// Ids that only the first has, sorted.
    pub removed: Vec<String>,
    /// Ids that both have, with other data.
    pub changed: Vec<String>,
}

/// Compares two facts files by their ids and data; lines and columns do not count.
///
/// ```
/// let json = |text: &str| civic_ops::facts(&civic_ops::Sources::from_texts([("a.rs", text)])).to_json();
/// let difference = civic_ops::difference(&json("struct A;"), &json("struct B;")).expect("facts");
/// assert_eq!(difference.added, ["type|a.rs|B"]);
/// assert_eq!(difference.removed, ["type|a.rs|A"]);
/// ```
///
/// # Errors
/// When one of them is no facts file of this version; the text says which.
pub fn difference(before: &Value, after: &Value) -> Result<Difference, &'static str> {
    let before = by_id(before).ok_or("the first is no facts file of version 1")?;
    let after = by_id(after).ok_or("the second is no facts file of version 1")?;
    let mut difference = Difference::default();
    for (id, old) in &before {
        match after.get(id) {
            None => difference
                .removed
                .extend(old.iter().map(|_| (*id).to_owned())),
            Some(new) => {
                let gone = old.len().saturating_sub(new.len());
                difference
                    .removed
                    .extend((0..gone).map(|_| (*id).to_owned()));
                if gone == 0 && old.iter().any(|data| !new.contains(data)) {
                    difference.changed.push((*id).to_owned());
                }
            }
        }
    }
    for (id, new) in &after {
        let old = before.get(id).map_or(0, Vec::len);
        let come = new.len().saturating_sub(old);
        difference.added.extend((0..come).map(|_| (*id).to_owned()));
    }
    Ok(difference)
}

fn by_id(facts: &Value) -> Option<BTreeMap<&str, Vec<&Value>>> {
    if facts["version"].as_u64() != Some(u64::from(FACTS_VERSION)) {
        return None;
    }
    let mut map: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for fact in facts["facts"].as_array()? {
        map.entry(fact["id"].as_str()?)
            .or_default()
            .push(&fact["data"]);
    }
    Some(map)
}
