//! `DEP-*`: every dependency has a timeout, a health check and a failure of its own.

use super::{Context, Rule};
use crate::facts::Call;
use crate::finding::Finding;

/// What is depended on, and where it is set up.
struct Dependency<'a> {
    name: &'static str,
    call: &'a Call,
    /// Methods that give it a timeout, and whether one of them is there.
    timed: bool,
}

/// A client or a pool without a timeout.
pub(super) fn timeout(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for dependency in dependencies(context) {
        if !dependency.timed {
            findings.push(rule.at(
                context.facts,
                dependency.call,
                dependency.name,
                format!("the {} is set up without a timeout of its own", dependency.name),
                "set one that is shorter than a citizen waits: `.timeout(..)`, `.acquire_timeout(..)`",
            ));
        }
    }
}

/// A dependency that no health check looks at.
pub(super) fn health(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let checks = context
        .facts
        .implementations
        .iter()
        .any(|(_, implements)| implements == "HealthCheck")
        || context.all_calls().any(|call| {
            let owner = call.before.to_ascii_lowercase();
            owner.contains("health") || call.name.contains("health_check")
        });
    if !checks {
        each(
            rule,
            context,
            findings,
            "has no health check",
            "add one with `civic_health`, so that `/ready` tells when it is gone",
        );
    }
}

/// A dependency whose failure nobody has described.
pub(super) fn failure(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let described = context.facts.types.iter().any(|fact| {
        fact.derives
            .iter()
            .any(|derive| derive.ends_with("Failure"))
    }) || context
        .facts
        .implementations
        .iter()
        .any(|(_, implements)| implements == "Failure");
    if !described {
        each(
            rule,
            context,
            findings,
            "has no failure that says what to do when it is gone",
            "derive `Failure` for the error of its client, with `dependency`, `citizen` and `remedy`",
        );
    }
}

/// One finding for each kind of dependency, where it is set up first.
fn each(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>, what: &str, help: &str) {
    let mut seen = Vec::new();
    for dependency in dependencies(context) {
        if seen.contains(&dependency.name) {
            continue;
        }
        seen.push(dependency.name);
        findings.push(rule.at(
            context.facts,
            dependency.call,
            dependency.name,
            format!("the {} {what}", dependency.name),
            help,
        ));
    }
}

fn dependencies<'a>(context: &Context<'a>) -> Vec<Dependency<'a>> {
    context.all_calls().filter_map(dependency).collect()
}

fn dependency(call: &Call) -> Option<Dependency<'_>> {
    if call.is_method {
        return None;
    }
    let owner = call.before.rsplit("::").next().unwrap_or_default();
    let reqwest = call.before.contains("reqwest");
    let chained = |word: &str| call.chain.iter().any(|(name, _)| name.contains(word));
    let (name, timed) = match (owner, call.name.as_str()) {
        ("reqwest", "get") => ("HTTP client", false),
        ("Client", "new") if reqwest => ("HTTP client", false),
        ("Client", "builder") if reqwest => ("HTTP client", chained("timeout")),
        ("ClientBuilder", "new") if reqwest || call.arguments.is_empty() && chained("build") => {
            ("HTTP client", chained("timeout"))
        }
        ("PgPoolOptions" | "MySqlPoolOptions", "new") => {
            ("database pool", chained("acquire_timeout"))
        }
        ("PgPool" | "MySqlPool", "connect" | "connect_lazy") => ("database pool", false),
        (
            "SmtpTransport" | "AsyncSmtpTransport",
            "relay" | "starttls_relay" | "builder_dangerous",
        ) => ("mail transport", chained("timeout")),
        _ => return None,
    };
    // What is built in several statements may get its timeout later.
    let unfinished = call.name != "get"
        && !timed
        && matches!(call.name.as_str(), "builder" | "new")
        && owner.ends_with("Builder")
        && !chained("build");
    (!unfinished).then_some(Dependency { name, call, timed })
}
