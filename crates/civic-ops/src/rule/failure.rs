//! `FAIL-MISSING`: an error that nobody has said what to do about.

use std::collections::BTreeSet;

use super::{Context, Rule};
use crate::finding::Finding;

pub(super) fn check(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let implementing = |name: &str| -> BTreeSet<&str> {
        let list = context.facts.implementations.iter();
        list.filter(|(_, implements)| implements == name)
            .map(|(ty, _)| ty.as_str())
            .collect()
    };
    let errors = implementing("Error");
    let answers = implementing("IntoResponse");
    let responders = implementing("ResponseError");
    let failures = implementing("Failure");
    let mut seen = BTreeSet::new();
    for fact in &context.facts.types {
        if !fact.is_enum
            || (fact.in_test && !context.tests)
            || !seen.insert((fact.place.file, &fact.name))
        {
            continue;
        }
        let derives = |names: &[&str]| {
            fact.derives.iter().any(|derive| {
                let last = derive.rsplit("::").next().unwrap_or(derive);
                names.contains(&last)
            })
        };
        let name = fact.name.as_str();
        let is_error = derives(&["Error", "Snafu", "Diagnostic"])
            || errors.contains(name)
            || (name.ends_with("Error") && (answers.contains(name) || responders.contains(name)));
        if is_error && !derives(&["Failure"]) && !failures.contains(name) {
            let mut finding = rule.finding(
                context.facts,
                &fact.place,
                fact.item
                    .rsplit_once("::")
                    .map_or(&fact.item, |(item, _)| item),
                format!("the error `{name}` says nothing of priority, citizen or remedy"),
                "derive `Failure` with a code for each variant, or implement it".to_owned(),
            );
            name.clone_into(&mut finding.subject);
            findings.push(finding);
        }
    }
}
