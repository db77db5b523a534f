//! Personal data at a place where values leave the program.

use super::{Context, Rule};
use crate::facts::{Argument, Site, SiteKind};
use crate::finding::Finding;
use crate::judge::Why;
use crate::web::{Web, web};

/// One finding for each site and code, however many of its values are personal.
pub(super) fn check(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for site in &context.facts.sites {
        if site.in_test && !context.tests {
            continue;
        }
        let found: Vec<(&Argument, Why)> = site
            .arguments
            .iter()
            .filter_map(|argument| {
                let (code, why) = judge(context, site, argument)?;
                (code == rule.code).then_some((argument, why))
            })
            .collect();
        if !found.is_empty() {
            findings.push(report(rule, context, site, &found));
        }
    }
}

/// The code that an argument falls under, and why.
fn judge(context: &Context<'_>, site: &Site, argument: &Argument) -> Option<(&'static str, Why)> {
    let by_site = match site.kind {
        SiteKind::Log => "PD-LOG",
        SiteKind::Span => "PD-SPAN",
        SiteKind::Record => "PD-RECORD",
        SiteKind::Instrument => "PD-INSTRUMENT",
        SiteKind::Print => "PD-PRINT",
        SiteKind::Panic => "PD-PANIC",
        SiteKind::ErrorText => "PD-ERROR",
        SiteKind::Metric => "PD-METRIC",
        SiteKind::Display if site.owner.as_deref().is_some_and(is_error) => "PD-ERROR",
        SiteKind::Display | SiteKind::Debug => return None,
    };
    let of_request = |web: Web| match web {
        Web::Harmless => None,
        Web::Header(what) => Some(("PD-HEADER", why("request headers", what))),
        Web::Url(what) => Some(("PD-URL", why("request address", what))),
    };
    if let Some(web) = web(&argument.value, argument.debug, false) {
        return of_request(web);
    }
    // A local of a personal name is that, whatever it was bound from.
    match context.judge.argument(argument) {
        Some(why) => Some((by_site, why)),
        None => web(&argument.value, argument.debug, true).and_then(of_request),
    }
}

fn why(kind: &'static str, what: String) -> Why {
    Why {
        kind,
        what,
        because: None,
    }
}

fn is_error(name: &str) -> bool {
    ["Error", "Err", "Failure", "Rejection", "Exception"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn report(rule: &Rule, context: &Context<'_>, site: &Site, found: &[(&Argument, Why)]) -> Finding {
    let mut names: Vec<&str> = found.iter().map(|(_, why)| why.what.as_str()).collect();
    names.dedup();
    let list = found
        .iter()
        .map(|(_, why)| match &why.because {
            Some(because) => format!("`{}` ({}, {because})", why.what, why.kind),
            None => format!("`{}` ({})", why.what, why.kind),
        })
        .collect::<Vec<_>>()
        .join(", ");
    let message = format!("{} holds {list}", sink(site));
    let mut finding = rule.finding(
        context.facts,
        &site.place,
        &site.item,
        message,
        help(rule.code, site, names[0]),
    );
    finding.labels = found
        .iter()
        .map(|(argument, why)| (argument.span.clone(), why.kind.to_owned()))
        .collect();
    finding.subject = names.join(",");
    finding
}

/// What the values go into.
fn sink(site: &Site) -> String {
    let name = &site.name;
    match site.kind {
        SiteKind::Log => format!("the log line of `{name}`"),
        SiteKind::Span => format!("the span of `{name}`"),
        SiteKind::Record => "the span's recorded field".to_owned(),
        SiteKind::Instrument => "the span of `#[instrument]`".to_owned(),
        SiteKind::Print => format!("the output of `{name}`"),
        SiteKind::Panic => format!("the panic message of `{name}`"),
        SiteKind::ErrorText | SiteKind::Display | SiteKind::Debug => {
            format!("the error text of `{name}`")
        }
        SiteKind::Metric => format!("the metric's label in `{name}`"),
    }
}

fn help(code: &str, site: &Site, name: &str) -> String {
    match code {
        "PD-INSTRUMENT" => {
            let parameter = name.split('.').next().unwrap_or(name);
            if parameter.starts_with(|c: char| c.is_lowercase()) {
                format!("write `#[instrument(skip({parameter}))]`, or `skip_all` and name the fields to record")
            } else {
                "write `#[instrument(skip_all)]` and name the fields to record".to_owned()
            }
        }
        "PD-URL" => "log the route or `uri().path()`: a query holds what people typed".to_owned(),
        "PD-HEADER" => {
            "log the headers that are needed by name, none of those that identify a caller".to_owned()
        }
        "PD-ERROR" => {
            "leave the value out of the text: an error is logged and shown far from here".to_owned()
        }
        "PD-METRIC" => "use a label with few values that are known beforehand".to_owned(),
        "PD-PANIC" => "leave the value out: a panic message goes to standard error".to_owned(),
        "PD-RECORD" | "PD-SPAN" => {
            "record an internal id instead: every event inside of the span repeats its fields".to_owned()
        }
        _ if matches!(site.kind, SiteKind::Print) => {
            "print an internal id instead, or nothing: standard output is a log where a service runs".to_owned()
        }
        _ => format!("log an internal id instead of `{name}`, or hold it in `civic_pii::Pii`"),
    }
}
