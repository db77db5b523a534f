//! `RET-MISSING`, `ERASE-MISSING`, `AUD-MISSING`: what becomes of personal data that is stored.

use std::collections::BTreeSet;

use super::{Context, Rule};
use crate::facts::{Place, Table};
use crate::finding::Finding;
use crate::sql::Verb;

/// A table with personal columns and no end to how long its rows are kept.
pub(super) fn retention(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let ends: BTreeSet<&str> = context
        .queries()
        .filter(|(_, sql)| sql.verb == Verb::Delete && sql.by_time)
        .filter_map(|(_, sql)| sql.writes.as_deref())
        .chain(built(context, true))
        .collect();
    for table in &context.facts.tables {
        if table.retention.is_none() && !ends.contains(table.name.as_str()) {
            report(
                rule,
                context,
                table,
                findings,
                "nothing says how long its rows are kept",
                "write `-- civic: retention P6Y` in the migration and delete by it: UK GDPR Article 5(1)(e)",
            );
        }
    }
}

/// A table with personal columns that nothing deletes from.
pub(super) fn erase(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    // Where no query can be read, nothing can be said.
    if context.facts.queries.is_empty() {
        return;
    }
    let mut erased: BTreeSet<&str> = BTreeSet::new();
    for (_, sql) in context.queries() {
        let Some(table) = sql.writes.as_deref() else {
            continue;
        };
        let anonymises = sql.verb == Verb::Update
            && sql
                .clears
                .iter()
                .any(|column| context.judge.names.kind(Some(table), column).is_some());
        if sql.verb == Verb::Delete || anonymises {
            erased.insert(table);
        }
    }
    erased.extend(built(context, false));
    // Rows that go with those of another table.
    for _ in 0..context.facts.tables.len().min(8) {
        for table in &context.facts.tables {
            let goes = table
                .references
                .iter()
                .any(|(other, cascades)| *cascades && erased.contains(other.as_str()));
            if goes {
                erased.insert(&table.name);
            }
        }
    }
    for table in &context.facts.tables {
        if !erased.contains(table.name.as_str()) {
            report(
                rule,
                context,
                table,
                findings,
                "no query deletes its rows and no row goes with another table's",
                "add the DELETE that erasure needs (UK GDPR Article 17), or ON DELETE CASCADE",
            );
        }
    }
}

/// Tables that a query builder deletes from: `diesel::delete(users::table)`; or only those that it does by time.
fn built<'a>(context: &Context<'a>, by_time: bool) -> BTreeSet<&'a str> {
    let mut tables = BTreeSet::new();
    for call in context
        .all_calls()
        .filter(|call| call.name == "delete" && !call.is_method)
    {
        let text = call
            .chain
            .iter()
            .fold(call.arguments.clone(), |text, (_, arguments)| {
                text + " " + arguments
            });
        let words: BTreeSet<&str> = text
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .collect();
        if by_time
            && !["lt", "le", "gt", "ge", "now"]
                .iter()
                .any(|word| words.contains(word))
        {
            continue;
        }
        let named = |table: &&Table| words.contains(table.name.as_str());
        tables.extend(
            context
                .facts
                .tables
                .iter()
                .filter(named)
                .map(|table| table.name.as_str()),
        );
    }
    tables
}

fn report(
    rule: &Rule,
    context: &Context<'_>,
    table: &Table,
    findings: &mut Vec<Finding>,
    what: &str,
    help: &str,
) {
    let columns = context.personal_columns(table);
    // A credential alone is a secret of the service, and no person's data.
    if columns.iter().all(|(_, kind, _)| *kind == "credential") {
        return;
    }
    let list: Vec<String> = columns
        .iter()
        .map(|(name, kind, _)| format!("`{name}` ({kind})"))
        .collect();
    let message = format!(
        "table `{}` holds {}, and {what}",
        table.name,
        list.join(", ")
    );
    let mut finding = rule.finding(
        context.facts,
        &table.place,
        &table.name,
        message,
        help.to_owned(),
    );
    finding.labels = columns
        .iter()
        .filter(|(_, _, place)| place.file == table.place.file)
        .map(|(_, kind, place): &(_, _, &Place)| (place.span.clone(), (*kind).to_owned()))
        .collect();
    finding.subject.clone_from(&table.name);
    findings.push(finding);
}

/// A handler that reads or writes a personal table and leaves no trace of it.
pub(super) fn audit(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let personal: BTreeSet<&str> = context
        .facts
        .tables
        .iter()
        .filter(|table| {
            let mut columns = context.personal_columns(table).into_iter();
            columns.any(|(_, kind, _)| kind != "credential")
        })
        .map(|table| table.name.as_str())
        .collect();
    let handlers = context.handlers();
    let audited: BTreeSet<usize> = context
        .all_calls()
        .filter(|call| {
            let text = format!("{} {}", call.before, call.name).to_ascii_lowercase();
            text.contains("audit") || text.contains("ledger")
        })
        .filter_map(|call| call.function)
        .collect();
    let mut seen = BTreeSet::new();
    for (call, sql) in context.queries() {
        let Some(function) = call.function else {
            continue;
        };
        let fact = &context.facts.functions[function];
        let table = sql
            .tables
            .iter()
            .find(|table| personal.contains(table.as_str()));
        let Some(table) =
            table.filter(|_| handlers.contains(fact.name.as_str()) && !audited.contains(&function))
        else {
            continue;
        };
        if seen.insert((function, table.clone())) {
            let does = if sql.writes.is_some() {
                "writes"
            } else {
                "reads"
            };
            findings.push(rule.at(
                context.facts,
                call,
                table,
                format!("the handler `{}` {does} `{table}`, which holds personal data, and emits no audit event", fact.name),
                "record who did it and why, with `civic_audit`, before the answer goes out",
            ));
        }
    }
}
