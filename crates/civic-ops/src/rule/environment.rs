//! `ENV-UNDOCUMENTED`: a variable that is read and that no document names.

use std::collections::BTreeSet;

use super::{Context, Rule};
use crate::facts::{Call, Place};
use crate::finding::Finding;

/// Variables that a platform or a library sets.
const KNOWN: &[&str] = &[
    "PATH",
    "CARGO",
    "HOME",
    "USER",
    "HOSTNAME",
    "TERM",
    "NO_COLOR",
    "RUST_LOG",
    "RUST_BACKTRACE",
    "OUT_DIR",
    "TZ",
    "LANG",
    "SHELL",
    "PWD",
    "TMPDIR",
    "EDITOR",
];

pub(super) fn check(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let wrappers = wrappers(context);
    let mut read: Vec<(&str, &Place, &str)> = context
        .facts
        .variables
        .iter()
        .map(|(name, place, item)| (name.as_str(), place, item.as_str()))
        .collect();
    for call in context.all_calls() {
        let through = !call.is_method && wrappers.contains(call.name.as_str()) || is_var(call);
        if let Some(name) = call.text.as_deref().filter(|name| through && is_name(name)) {
            read.push((name, &call.place, &call.item));
        }
    }
    let mut seen = BTreeSet::new();
    for (name, place, item) in read {
        let path = &context.facts.paths[place.file];
        // A build script is told its variables by Cargo.
        if path.rsplit('/').next() == Some("build.rs") {
            continue;
        }
        let known = KNOWN.contains(&name) || name.starts_with("CARGO_") || name.starts_with("XDG_");
        if known || is_documented(&context.facts.documents, name) || !seen.insert(name) {
            continue;
        }
        let mut finding = rule.finding(
            context.facts,
            place,
            item,
            format!("the variable `{name}` is read, and no document or example of configuration names it"),
            "name it in the README or in `.env.example`, with its default".to_owned(),
        );
        name.clone_into(&mut finding.subject);
        findings.push(finding);
    }
}

/// Functions whose parameter is the name of a variable that they read.
fn wrappers<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    context
        .all_calls()
        .filter(|call| is_var(call) && call.text.is_none())
        .filter_map(|call| {
            let function = &context.facts.functions[call.function?];
            let argument = call.arguments.trim_start_matches('&');
            let passes = function.parameters.iter().any(|(name, _)| name == argument);
            passes.then_some(function.name.as_str())
        })
        .collect()
}

fn is_var(call: &Call) -> bool {
    let before = call.before.trim_start_matches("::");
    matches!(call.name.as_str(), "var" | "var_os")
        && (before == "env" || before == "std::env" || before == "dotenvy")
}

fn is_name(text: &str) -> bool {
    text.len() > 1
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a text names the variable as a word.
fn is_documented(documents: &str, name: &str) -> bool {
    documents.match_indices(name).any(|(at, _)| {
        let before = documents[..at].chars().next_back();
        let after = documents[at + name.len()..].chars().next();
        [before, after]
            .into_iter()
            .flatten()
            .all(|c| !c.is_alphanumeric() && c != '_')
    })
}
