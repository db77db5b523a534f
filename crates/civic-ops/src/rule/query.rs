//! `Q-*`: what a peak of demand makes slow.

use super::{Context, Rule};
use crate::facts::Call;
use crate::finding::Finding;
use crate::sql::Verb;

/// All rows of a table at once.
pub(super) fn unbounded(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (call, sql) in context.queries() {
        let all = call.chain.iter().any(|(name, _)| name == "fetch_all");
        if sql.verb != Verb::Select || !all || sql.limit || sql.one_row {
            continue;
        }
        let by_key = context.facts.tables.iter().any(|table| {
            sql.tables.contains(&table.name)
                && sql
                    .compares
                    .iter()
                    .any(|column| table.indexed.contains(column) && column == "id")
        });
        if by_key {
            continue;
        }
        findings.push(rule.at(
            context.facts,
            call,
            &list(sql),
            format!(
                "all rows of {} are fetched: the query has no LIMIT",
                list(sql)
            ),
            "add a LIMIT and page by key, or read the rows as a stream",
        ));
    }
}

/// A query for each turn of a loop.
pub(super) fn in_loop(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (call, sql) in context.queries() {
        if call.in_loop {
            findings.push(rule.at(
                context.facts,
                call,
                &list(sql),
                format!("a query on {} runs once for each turn of a loop", list(sql)),
                "ask once for all: `WHERE id = ANY($1)`, a join, or one INSERT with many rows",
            ));
        }
    }
}

/// Pages by number.
pub(super) fn offset(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (call, sql) in context.queries() {
        if sql.offset {
            findings.push(rule.at(
                context.facts,
                call,
                &list(sql),
                format!(
                    "OFFSET reads and throws away the rows of {} before it",
                    list(sql)
                ),
                "page by key: `WHERE id > $1 ORDER BY id LIMIT $2`",
            ));
        }
    }
}

/// A wildcard at the beginning.
pub(super) fn like(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (call, sql) in context.queries() {
        if sql.leading_wildcard {
            findings.push(rule.at(
                context.facts,
                call,
                &list(sql),
                format!(
                    "LIKE with a wildcard at its beginning reads all rows of {}",
                    list(sql)
                ),
                "search by the beginning, or use a full-text or trigram index and waive this",
            ));
        }
    }
}

/// A condition that no index helps.
pub(super) fn index(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (call, sql) in context.queries() {
        let mut tables = sql.tables.iter();
        let (Some(name), None) = (tables.next(), tables.next()) else {
            continue;
        };
        let Some(table) = context
            .facts
            .tables
            .iter()
            .find(|table| table.name == *name)
        else {
            continue;
        };
        let known = |column: &&String| table.columns.iter().any(|(name, _)| name == *column);
        let compared: Vec<&String> = sql
            .compares
            .iter()
            .filter(known)
            .filter(|column| !sql.sets.contains(*column))
            .collect();
        if compared.is_empty() || compared.iter().any(|column| table.indexed.contains(column)) {
            continue;
        }
        let columns = compared
            .iter()
            .map(|column| format!("`{column}`"))
            .collect::<Vec<_>>()
            .join(", ");
        findings.push(rule.at(
            context.facts,
            call,
            &format!("{name}.{}", compared[0]),
            format!("no index of `{name}` begins with {columns}: every row is read"),
            "add an index in a migration of its own",
        ));
    }
}

/// What blocks the thread that other requests wait for.
pub(super) fn blocking(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for call in context.all_calls() {
        let is_async = call
            .function
            .is_some_and(|function| context.facts.functions[function].is_async);
        if is_async && !call.may_block && blocks(call) {
            let name = if call.is_method {
                call.name.clone()
            } else {
                format!("{}::{}", call.before, call.name)
            };
            findings.push(rule.at(
                context.facts,
                call,
                &name,
                format!("`{name}` blocks the thread inside of an `async fn`"),
                "use the async form, or `tokio::task::spawn_blocking`: the other requests of this thread wait",
            ));
        }
    }
}

fn blocks(call: &Call) -> bool {
    if call.is_method {
        return call.name == "block_on";
    }
    let before = call.before.trim_start_matches("::");
    match call.name.as_str() {
        "sleep" => before == "std::thread" || before == "thread",
        "block_on" => before.ends_with("executor"),
        "get" | "new" if before.starts_with("reqwest::blocking") => true,
        "connect" => before == "std::net::TcpStream",
        _ => before == "std::fs" || before == "std::fs::File",
    }
}

/// Sessions that one instance keeps for itself.
pub(super) fn session(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    const STORES: &[&str] = &[
        "MemoryStore",
        "InMemorySessionStore",
        "MemorySessionStore",
        "InMemoryStore",
    ];
    for call in context.all_calls() {
        let store = call.before.rsplit("::").next().unwrap_or_default();
        if !call.is_method
            && STORES.contains(&store)
            && matches!(call.name.as_str(), "new" | "default")
        {
            findings.push(rule.at(
                context.facts,
                call,
                store,
                format!("`{store}` keeps sessions in the memory of one instance"),
                "keep sessions in a store that all instances share: a restart or a second instance signs everybody out",
            ));
        }
    }
}

fn list(sql: &crate::sql::Statement) -> String {
    let names: Vec<String> = sql.tables.iter().map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        "the database".to_owned()
    } else {
        names.join(", ")
    }
}
