//! SQL in code: texts that are given to what runs queries.

use super::undecided;
use crate::facts::{Call, Facts, Query};
use crate::sql;

pub(super) fn read(facts: &mut Facts) {
    for (call, fact) in facts.calls.iter().enumerate() {
        let Some(text) = fact.text.as_deref().filter(|text| is_sql(fact, text)) else {
            continue;
        };
        match sql::read(text) {
            Some(sql) => facts.queries.push(Query { call, sql }),
            None if fact.in_test => {}
            None => {
                let path = &facts.paths[fact.place.file];
                let why = "the SQL cannot be parsed";
                facts.undecided.push(undecided(path, fact.place.line, why));
            }
        }
    }
}

fn is_sql(call: &Call, text: &str) -> bool {
    let runs = [
        "query",
        "sql",
        "execute",
        "prepare",
        "raw",
        "fetch",
        "batch_execute",
    ]
    .iter()
    .any(|name| call.name.contains(name));
    let first = text.split_whitespace().next().unwrap_or_default();
    runs && text.trim().contains(' ')
        && ["select", "insert", "update", "delete", "with"]
            .iter()
            .any(|verb| first.eq_ignore_ascii_case(verb))
}
