//! Which types hold the rows of which tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Facts, TypeFact};
use crate::personal::words;
use crate::rust::ty::Type;

/// Derives of a type that is read from a row, or written to one.
const ROWS: &[&str] = &[
    "FromRow",
    "Queryable",
    "QueryableByName",
    "Selectable",
    "Insertable",
    "AsChangeset",
    "Identifiable",
    "DeriveEntityModel",
    "FromQueryResult",
];

/// Words at the end of a type's name that say what it is for.
const ENDS: &[&str] = &[
    "row",
    "record",
    "model",
    "entity",
    "form",
    "insert",
    "update",
    "dto",
    "db",
    "view",
    "changeset",
];

/// The tables of each type that holds rows, by its name.
#[derive(Debug, Default)]
pub(crate) struct Links<'a>(BTreeMap<&'a str, BTreeSet<&'a str>>);

impl<'a> Links<'a> {
    pub(crate) fn new(facts: &'a Facts) -> Self {
        let mut links = Self::default();
        let tables: BTreeMap<&str, &str> = facts
            .tables
            .iter()
            .map(|table| (table.name.as_str(), table.name.as_str()))
            .collect();
        for fact in facts.types.iter().filter(|fact| !fact.in_test) {
            if let Some(table) = fact.table.as_deref() {
                links.add(&fact.name, table);
            } else if is_row(fact)
                && let Some(table) = tables
                    .values()
                    .find(|table| is_named_after(&fact.name, table))
            {
                links.add(&fact.name, table);
            }
        }
        let types: BTreeSet<&str> = facts.types.iter().map(|fact| fact.name.as_str()).collect();
        for query in &facts.queries {
            let call = &facts.calls[query.call];
            if call.in_test {
                continue;
            }
            let first = call.arguments.split(',').next().unwrap_or_default();
            let named = [first, call.generics.as_str()];
            let mut held: Vec<&str> = named
                .iter()
                .flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && c != '_'))
                .collect();
            // What a function takes and gives is what its query writes and reads.
            if let Some(function) = call.function.map(|function| &facts.functions[function]) {
                for (_, ty) in &function.parameters {
                    inner(ty, &mut held);
                }
                if let Some(ty) = &function.returns {
                    inner(ty, &mut held);
                }
            }
            for name in held {
                if let Some(name) = types.get(name) {
                    for table in &query.sql.tables {
                        if let Some(table) = tables.get(table.as_str()) {
                            links.add(name, table);
                        }
                    }
                }
            }
        }
        links
    }

    /// The tables whose rows a type holds, in part or whole.
    pub(crate) fn tables(&self, ty: &str) -> impl Iterator<Item = &'a str> {
        self.0.get(ty).into_iter().flatten().copied()
    }

    fn add(&mut self, ty: &'a str, table: &'a str) {
        self.0.entry(ty).or_default().insert(table);
    }
}

/// Whether a type says by a derive that it is read from rows or written to them.
pub(crate) fn is_row(fact: &TypeFact) -> bool {
    fact.derives.iter().any(|derive| {
        let last = derive.rsplit("::").next().unwrap_or(derive);
        ROWS.contains(&last)
    })
}

/// Whether `UserRow` is called after `users`.
fn is_named_after(ty: &str, table: &str) -> bool {
    let mut words = words(ty);
    if words.len() > 1
        && words
            .last()
            .is_some_and(|last| ENDS.contains(&last.as_str()))
    {
        words.pop();
    }
    if words.len() > 1
        && words
            .first()
            .is_some_and(|first| first == "new" || first == "db")
    {
        words.remove(0);
    }
    let name = words.join("_");
    [name.clone(), format!("{name}s"), format!("{name}es")]
        .iter()
        .any(|name| name == table)
        || name
            .strip_suffix('y')
            .is_some_and(|stem| table == format!("{stem}ies"))
}

fn inner<'a>(ty: &'a Type, names: &mut Vec<&'a str>) {
    names.push(&ty.name);
    for ty in &ty.args {
        inner(ty, names);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_called_after_their_tables() {
        for (ty, table) in [
            ("User", "users"),
            ("UserRow", "users"),
            ("NewUser", "users"),
            ("Company", "companies"),
            ("LicenceApplication", "licence_application"),
            ("Address", "addresses"),
        ] {
            assert!(is_named_after(ty, table), "{ty} {table}");
        }
        assert!(!is_named_after("User", "user_roles"));
    }
}
