//! One row for each personal field: a column of a table, or a field of a type that no table is known for.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Answer, Reading, Spot};
use crate::facts::{Field, TypeFact};
use crate::finding::Origin;

/// A personal field, and all that is known of it.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// `users.email`; `Application.email` where no table is known.
    pub(super) field: String,
    /// Id of the kind.
    pub(super) kind: String,
    pub(super) category: &'static str,
    pub(super) origin: Origin,
    pub(super) purposes: Vec<String>,
    pub(super) stored: Answer<Vec<Spot>>,
    /// Fields of types that it is held in while the service runs.
    pub(super) held: Vec<Spot>,
    pub(super) written: Vec<Spot>,
    pub(super) read: Vec<Spot>,
    pub(super) logged: Vec<Spot>,
    pub(super) sent: Vec<Sent>,
    pub(super) erased: Answer<Vec<Spot>>,
    pub(super) retention: Answer<String>,
    /// The table or the type.
    #[serde(skip)]
    pub(super) owner: String,
    /// The column or the field.
    #[serde(skip)]
    pub(super) name: String,
    /// Types that hold it, each with the name that it has there.
    #[serde(skip)]
    pub(super) aliases: BTreeSet<(String, String)>,
    /// Where it is declared first.
    #[serde(skip)]
    pub(super) spot: Spot,
}

/// A call that hands the field to somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Sent {
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) to: Answer<String>,
}

impl Row {
    fn new(owner: &str, name: &str, kind: &str, spot: Spot, retention: Answer<String>) -> Self {
        Self {
            field: format!("{owner}.{name}"),
            kind: kind.to_owned(),
            category: category(kind),
            origin: Origin::Scanned,
            purposes: Vec::new(),
            stored: Answer::Known(vec![spot.clone()]),
            held: Vec::new(),
            written: Vec::new(),
            read: Vec::new(),
            logged: Vec::new(),
            sent: Vec::new(),
            erased: Answer::Known(Vec::new()),
            retention,
            owner: owner.to_owned(),
            name: name.to_owned(),
            aliases: BTreeSet::new(),
            spot,
        }
    }

    /// Whether it is a column of a table.
    pub(super) fn is_stored(&self) -> bool {
        self.stored.why().is_none()
    }

    /// What is not determined of it.
    pub(super) fn unknown(&self) -> Vec<String> {
        let mut all: Vec<&str> = Vec::new();
        all.extend(self.stored.why());
        if self.is_stored() {
            all.extend(self.erased.why());
            all.extend(self.retention.why());
        }
        all.extend(self.sent.iter().filter_map(|sent| sent.to.why()));
        all.into_iter()
            .map(|why| format!("`{}`: {why}", self.field))
            .collect()
    }
}

/// All rows, by table and column, then by type and field.
pub(super) fn rows(reading: &Reading<'_>) -> Vec<Row> {
    let mut rows = columns(reading);
    let mut places: BTreeMap<(String, String), usize> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| ((row.owner.clone(), row.name.clone()), at))
        .collect();
    let types = reading.facts.types.iter().filter(|fact| {
        let path = &reading.facts.paths[fact.place.file];
        !fact.in_test && !reading.settings.excludes(path)
    });
    for fact in types {
        let personal = personal_fields(reading, fact);
        for (field, kind) in personal {
            let name = field.name.as_str();
            let spot = Spot {
                line: field.line,
                ..Spot::new(reading.facts, &fact.place).with(shown(fact, name))
            };
            let column = snake(name);
            let alias = (fact.name.clone(), name.to_owned());
            let mut stored = false;
            for table in reading.links.tables(&fact.name) {
                if let Some(at) = places.get(&(table.to_owned(), column.clone())) {
                    rows[*at].held.push(spot.clone());
                    rows[*at].aliases.insert(alias.clone());
                    stored = true;
                }
            }
            if stored {
                continue;
            }
            if let Some(at) = places.get(&alias) {
                rows[*at].held.push(spot);
                continue;
            }
            let why = if reading.facts.tables.is_empty() {
                "no migration was found that makes a table"
            } else {
                "no table with a column of this name is known to belong to the type"
            };
            let mut row = Row::new(
                &fact.name,
                name,
                kind,
                spot.clone(),
                Answer::unknown(why, &spot),
            );
            row.stored = Answer::unknown(why, &spot);
            row.erased = Answer::unknown(why, &spot);
            row.held.push(spot);
            row.aliases.insert(alias.clone());
            places.insert(alias, rows.len());
            rows.push(row);
        }
    }
    for row in &mut rows {
        row.held.sort();
        row.held.dedup();
    }
    rows.sort_by(|a, b| (!a.is_stored(), &a.field).cmp(&(!b.is_stored(), &b.field)));
    rows
}

fn columns(reading: &Reading<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for table in &reading.facts.tables {
        let spot = Spot::new(reading.facts, &table.place);
        if reading.settings.excludes(&spot.path) {
            continue;
        }
        let retention = match &table.retention {
            Some(said) => Answer::Known(said.clone()),
            None => Answer::unknown("no migration says how long rows are kept", &spot),
        };
        let personal: Vec<_> = table
            .columns
            .iter()
            .filter_map(|(name, place)| {
                let kind = reading.judge.names.kind(Some(&table.name), name)?;
                Some((name, place, kind))
            })
            .collect();
        // A credential alone is a secret of the service, and no person's data.
        if personal.iter().all(|(_, _, kind)| *kind == "credential") {
            continue;
        }
        for (name, place, kind) in personal {
            let spot = Spot::new(reading.facts, place);
            rows.push(Row::new(&table.name, name, kind, spot, retention.clone()));
        }
    }
    rows
}

fn personal_fields<'a>(
    reading: &Reading<'_>,
    fact: &'a TypeFact,
) -> Vec<(&'a Field, &'static str)> {
    let personal: Vec<_> = fact
        .fields
        .iter()
        .filter(|field| !field.name.starts_with(|c: char| c.is_ascii_digit()))
        .filter_map(|field| {
            let kind = reading.judge.holds(&fact.name, &field.name, &field.ty)?;
            Some((field, kind))
        })
        .collect();
    if personal.iter().all(|(_, kind)| *kind == "credential") {
        return Vec::new();
    }
    personal
}

fn shown(fact: &TypeFact, field: &str) -> String {
    match &fact.variant {
        Some(variant) => format!("{}::{variant}.{field}", fact.name),
        None => format!("{}.{field}", fact.name),
    }
}

/// `full_name` of `fullName`.
fn snake(name: &str) -> String {
    crate::personal::words(name).join("_")
}

fn category(kind: &str) -> &'static str {
    match civic_pii::Kind::from_id(kind) {
        Some(kind) => kind.category().id(),
        None if kind == "special-category" => civic_pii::Category::Special.id(),
        None => civic_pii::Category::Ordinary.id(),
    }
}
