//! `TX-*`: what happens inside of a transaction, and what happens without one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Rule};
use crate::facts::{Call, Function};
use crate::finding::Finding;
use crate::sql::Verb;

/// Calls to somebody else between the begin of a transaction and its end.
pub(super) fn outside(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let callers = callers_of_others(context);
    for (_, calls) in context.functions() {
        let mut open: Option<&Call> = None;
        for call in calls {
            if begins(call) {
                open = Some(call);
            } else if ends(call) {
                open = None;
            } else if open.is_some() {
                let through = callers.contains(call.name.as_str()) && !call.name.ends_with('!');
                if is_outside(call) || through {
                    findings.push(rule.at(
                        context.facts,
                        call,
                        &call.name,
                        format!("`{}` calls somebody else while a transaction is open", call.name),
                        "call after `commit`, or write an outbox row inside and send from there: a slow answer holds the locks, and a rollback cannot take the call back",
                    ));
                }
            }
        }
    }
}

/// A commit whose result nobody looks at.
pub(super) fn ignored(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for call in context.all_calls() {
        if call.name == "commit" && call.is_method && call.discarded {
            findings.push(rule.at(
                context.facts,
                call,
                "commit",
                format!("nobody looks at the result of `{}.commit()`", call.before),
                "end with `?`: a commit that fails has written nothing, and the answer says that it has",
            ));
        }
    }
}

/// Two writes or more in a function that begins no transaction.
pub(super) fn missing(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let mut writes: BTreeMap<usize, Vec<(&Call, &str)>> = BTreeMap::new();
    for (call, sql) in context.queries() {
        let written = sql.writes.as_deref().filter(|_| sql.verb != Verb::Select);
        if let (Some(function), Some(table)) = (call.function, written)
            && !on_connection(call)
        {
            writes.entry(function).or_default().push((call, table));
        }
    }
    let begun: BTreeSet<usize> = context
        .all_calls()
        .filter(|call| begins(call) || call.name.starts_with("transaction"))
        .filter_map(|call| call.function)
        .collect();
    for (function, writes) in writes {
        let [_, (second, _), ..] = writes[..] else {
            continue;
        };
        let function_fact = &context.facts.functions[function];
        if begun.contains(&function) || has_connection(function_fact) {
            continue;
        }
        let mut tables: Vec<&str> = writes.iter().map(|(_, table)| *table).collect();
        tables.sort_unstable();
        tables.dedup();
        findings.push(rule.at(
            context.facts,
            second,
            &tables.join(","),
            format!(
                "`{}` writes {} without a transaction",
                function_fact.name,
                tables.join(" and ")
            ),
            "begin a transaction before the first write: when the second fails, half of it stays",
        ));
    }
}

fn begins(call: &Call) -> bool {
    matches!(
        call.name.as_str(),
        "begin" | "begin_with" | "begin_transaction"
    ) && call.is_method
        || call.name == "transaction"
            && call.is_method
            && call.chain.iter().any(|(name, _)| name == "await")
}

fn ends(call: &Call) -> bool {
    matches!(call.name.as_str(), "commit" | "rollback") && call.is_method
}

/// Whether a call goes to another system than the database.
fn is_outside(call: &Call) -> bool {
    let owner = call.before.to_ascii_lowercase();
    let owned_by = |words: &[&str]| words.iter().any(|word| owner.contains(word));
    match call.name.as_str() {
        "send" if call.is_method => {
            // `request.send()`, and not a channel.
            call.arguments.is_empty() && call.chain.iter().any(|(name, _)| name == "await")
                || owned_by(&["mail", "smtp", "notify", "producer", "sms", "http"])
        }
        "get" | "post" if !call.is_method => owner.ends_with("reqwest"),
        "send_mail" | "send_email" | "send_sms" | "send_message" | "publish" | "produce" => true,
        "execute" if call.is_method => owned_by(&["http", "reqwest"]),
        _ => false,
    }
}

/// Functions of the service that call somebody else themselves, by names that only one function has.
fn callers_of_others<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for function in &context.facts.functions {
        *count.entry(&function.name).or_default() += 1;
    }
    context
        .all_calls()
        .filter(|call| is_outside(call))
        .filter_map(|call| Some(context.facts.functions[call.function?].name.as_str()))
        .filter(|name| count.get(name) == Some(&1))
        .collect()
}

/// Whether a query runs on what looks like a transaction or a connection that somebody handed in.
fn on_connection(call: &Call) -> bool {
    let runs = |arguments: &str| {
        let arguments = arguments.to_ascii_lowercase();
        ["tx", "trans", "conn", "trx", "executor"]
            .iter()
            .any(|word| arguments.contains(word))
    };
    call.chain.iter().any(|(_, arguments)| runs(arguments)) || runs(&call.before)
}

fn has_connection(function: &Function) -> bool {
    function.parameters.iter().any(|(_, ty)| {
        let name = &ty.content().name;
        ["Transaction", "Connection", "Executor", "PgConnection"]
            .iter()
            .any(|word| name.contains(word))
    })
}
