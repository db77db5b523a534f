//! `PD-DEBUG`: a derived `Debug` that prints a personal field.

use super::{Context, Rule};
use crate::finding::Finding;
use crate::judge::derives_debug;

pub(super) fn check(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for fact in &context.facts.types {
        if (fact.in_test && !context.tests) || !derives_debug(fact) {
            continue;
        }
        let open: Vec<_> = fact
            .fields
            .iter()
            .filter(|field| !field.hidden)
            .filter_map(|field| Some((field, context.judge.open_field(fact, field)?)))
            .collect();
        if open.is_empty() {
            continue;
        }
        let list = open
            .iter()
            .map(|(field, kind)| format!("`{}` ({kind})", field.name))
            .collect::<Vec<_>>()
            .join(", ");
        let mut finding = rule.finding(
            context.facts,
            &fact.place,
            &fact.item,
            format!("the derived `Debug` of `{}` prints {list}", fact.name),
            "hold the value in `civic_pii::Pii`, or write `Debug` by hand without it".to_owned(),
        );
        finding.labels = open
            .iter()
            .map(|(field, kind)| (field.span.clone(), (*kind).to_owned()))
            .collect();
        let names: Vec<&str> = open.iter().map(|(field, _)| field.name.as_str()).collect();
        finding.subject = names.join(",");
        findings.push(finding);
    }
}
