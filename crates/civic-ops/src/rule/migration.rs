//! `MIG-*`: changes that the release before cannot live with, in migrations that it does not have.

use std::collections::BTreeSet;

use super::{Context, Previous, Rule};
use crate::facts::{Change, ChangeKind};
use crate::finding::Finding;

pub(super) fn drops(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    each(
        rule,
        context,
        findings,
        ChangeKind::Drop,
        "is dropped",
        "drop it one release after the last one that uses it: while both run, and after a rollback, the old one fails",
    );
}

pub(super) fn renames(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    each(
        rule,
        context,
        findings,
        ChangeKind::Rename,
        "is renamed",
        "add the new one, write both, read the new one, and drop the old one in a later release",
    );
}

pub(super) fn not_null(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    each(
        rule,
        context,
        findings,
        ChangeKind::NotNull,
        "must be filled",
        "give it a default, or let it be null for a release: the release before does not fill it",
    );
}

pub(super) fn types(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    each(
        rule,
        context,
        findings,
        ChangeKind::Type,
        "changes its type",
        "add a column of the new type, and change over in two releases: the table is rewritten under a lock",
    );
}

pub(super) fn locks(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    if context.facts.postgres {
        each(
            rule,
            context,
            findings,
            ChangeKind::Index,
            "gets an index while writes wait",
            "write CREATE INDEX CONCURRENTLY, in a migration without a transaction",
        );
    }
}

fn each(
    rule: &Rule,
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
    kind: ChangeKind,
    what: &str,
    help: &str,
) {
    let Some(previous) = context.previous else {
        return;
    };
    let new = |change: &&Change| {
        !previous
            .migrations
            .contains(&*context.facts.paths[change.place.file])
    };
    let changes: Vec<&Change> = context.facts.changes.iter().filter(new).collect();
    let mut made: BTreeSet<&str> = BTreeSet::new();
    for change in changes {
        if change.kind == ChangeKind::Create {
            made.insert(&change.table);
        }
        if change.kind != kind || made.contains(change.table.as_str()) {
            continue;
        }
        let subject = match &change.column {
            Some(column) => format!("{}.{column}", change.table),
            None => change.table.clone(),
        };
        let mut message = format!("`{subject}` {what}");
        if matches!(kind, ChangeKind::Drop | ChangeKind::Rename) {
            let readers = readers(previous, change);
            if readers.is_empty() {
                message += "; no query of the previous release that can be read names it";
            } else {
                message.push_str("; the previous release uses it at ");
                message.push_str(&readers.join(", "));
            }
        }
        let mut finding = rule.finding(
            context.facts,
            &change.place,
            &change.table,
            message,
            help.to_owned(),
        );
        finding.subject = subject;
        findings.push(finding);
    }
}

/// Places in the previous release whose queries name the column, or the table.
fn readers(previous: &Previous, change: &Change) -> Vec<String> {
    let facts = &previous.facts;
    let queries = facts.queries.iter().filter(|query| {
        let sql = &query.sql;
        sql.tables.contains(&change.table)
            && change
                .column
                .as_ref()
                .is_none_or(|column| sql.star || sql.columns.contains(column))
    });
    let mut places: Vec<(&str, usize)> = queries
        .map(|query| &facts.calls[query.call])
        .filter(|call| !call.in_test)
        .map(|call| (&*facts.paths[call.place.file], call.place.line))
        .collect();
    places.sort_unstable();
    places.dedup();
    places
        .into_iter()
        .map(|(path, line)| format!("{path}:{line}"))
        .collect()
}
