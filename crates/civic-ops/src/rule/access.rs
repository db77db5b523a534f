//! `AX-*`: messages that people understand, pages that everyone can use.

use super::{Context, Rule};
use crate::collect::Lines;
use crate::facts::{Place, Template};
use crate::finding::Finding;

/// Words that the Design System keeps out of error messages.
const WORDS: &[&str] = &[
    "please",
    "sorry",
    "valid",
    "invalid",
    "forbidden",
    "illegal",
    "prohibited",
    "oops",
    "error occurred",
];
/// Messages that say nothing of what to do.
const GENERAL: &[&str] = &[
    "you forgot",
    "an error occurred",
    "answer the question",
    "select an option",
    "fill in the field",
    "this field is required",
    "something went wrong",
];

/// A message for citizens that blames, apologises or speaks in codes.
pub(super) fn message(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for (text, place, item) in &context.facts.messages {
        if let Some(why) = fault(text) {
            findings.push(said(rule, context, place, item, text, &why));
        }
    }
    for template in &context.facts.templates {
        let lines = Lines::new(&template.text);
        let mut from = 0;
        while let Some(at) = template.text[from..].find("govuk-error-message") {
            let class = from + at;
            from = class + 1;
            let Some(open) = template.text[class..].find('>').map(|end| class + end + 1) else {
                break;
            };
            let end = template.text[open..]
                .find("</p>")
                .or_else(|| template.text[open..].find("</span>\n"));
            let Some(end) = end.map(|end| open + end).filter(|end| end - open < 2000) else {
                continue;
            };
            let text = plain(&template.text[open..end]);
            if let Some(why) = fault(&text) {
                let place = place_in(&lines, template, open..end);
                findings.push(said(rule, context, &place, "", &text, &why));
            }
        }
    }
}

fn said(
    rule: &Rule,
    context: &Context<'_>,
    place: &Place,
    item: &str,
    text: &str,
    why: &str,
) -> Finding {
    let mut finding = rule.finding(
        context.facts,
        place,
        item,
        format!("the message for citizens {why}"),
        "say what went wrong and how to put it right: \u{201c}Enter your National Insurance number\u{201d}".to_owned(),
    );
    text.clone_into(&mut finding.subject);
    finding
}

/// What is wrong with a message.
fn fault(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    if let Some(general) = GENERAL.iter().find(|general| lower.contains(**general)) {
        return Some(format!(
            "says \u{201c}{general}\u{201d}, which does not say what to do"
        ));
    }
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    if let Some(word) = WORDS.iter().find(|word| words.contains(*word)) {
        return Some(format!("has the word \u{201c}{word}\u{201d}"));
    }
    words
        .iter()
        .any(|word| word.len() > 2 && word.starts_with("0x"))
        .then(|| "has a code that means nothing to a citizen".to_owned())
}

/// A page with an error summary whose title does not say so.
pub(super) fn title(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for template in &context.facts.templates {
        let text = &template.text;
        if !text.contains("govuk-error-summary") || text.contains("Error:") {
            continue;
        }
        let title = text
            .find("<title")
            .or_else(|| text.find("block pageTitle"))
            .or_else(|| text.find("block title"));
        if let Some(at) = title {
            findings.push(page(rule, context, template, at..at + 6, "title",
                "the page has an error summary, and its title does not begin with \u{201c}Error: \u{201d}",
                "begin the title with \u{201c}Error: \u{201d} while there are errors: a screen reader reads it first"));
        }
    }
}

/// A form that the browser checks.
pub(super) fn form(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    for template in &context.facts.templates {
        for (at, tag) in tags(&template.text, &["form", "input", "select", "textarea"]) {
            let lower = tag.to_ascii_lowercase();
            let attribute = |name: &str| {
                lower
                    .split(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '='))
                    .any(|word| word == name)
            };
            let found = if lower.starts_with("<form") {
                (!attribute("novalidate") && !lower.contains("method=\"get\"")).then_some(("form", "the form lets the browser check it", "write `novalidate`: the browser's messages are not those of the page, and not all can read them"))
            } else {
                attribute("required").then_some(("required", "the field is checked by the browser", "leave `required` out and check on the server, with a message that says how to put it right"))
            };
            if let Some((subject, message, help)) = found {
                findings.push(page(
                    rule,
                    context,
                    template,
                    at..at + tag.len(),
                    subject,
                    message,
                    help,
                ));
            }
        }
    }
}

/// A session that ends without a warning.
pub(super) fn session(rule: &Rule, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let warned = context.facts.templates.iter().any(|template| {
        template.text.contains("timeout-dialog") || template.text.contains("timeout-warning")
    });
    if warned {
        return;
    }
    for call in context.all_calls() {
        let limits = matches!(
            call.name.as_str(),
            "with_expiry"
                | "with_session_ttl"
                | "session_ttl"
                | "with_max_age"
                | "session_lifecycle"
        );
        let session = call.name.contains("session")
            || call.name == "with_expiry"
            || call.before.to_ascii_lowercase().contains("session");
        if limits && session {
            findings.push(rule.at(
                context.facts,
                call,
                &call.name,
                "the session has a limit, and no page warns before it ends".to_owned(),
                "warn at least two minutes before and offer to stay signed in (WCAG 2.2.1)",
            ));
        }
    }
}

fn page(
    rule: &Rule,
    context: &Context<'_>,
    template: &Template,
    span: core::ops::Range<usize>,
    subject: &str,
    message: &str,
    help: &str,
) -> Finding {
    let place = place_in(&Lines::new(&template.text), template, span);
    Finding {
        subject: subject.to_owned(),
        ..rule.finding(
            context.facts,
            &place,
            "",
            message.to_owned(),
            help.to_owned(),
        )
    }
}

fn place_in(lines: &Lines<'_>, template: &Template, span: core::ops::Range<usize>) -> Place {
    let (line, column) = lines.place(span.start);
    let mut end = span.end.min(template.text.len());
    while !template.text.is_char_boundary(end) {
        end -= 1;
    }
    Place {
        file: template.file,
        span: span.start..end.max(span.start),
        line,
        column,
    }
}

/// The tags of these names, outside of template comments, with their offsets.
fn tags<'a>(text: &'a str, names: &[&str]) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('<') {
        let rest = &text[at..];
        let name_end = rest[1..]
            .find(|c: char| !c.is_ascii_alphanumeric())
            .map_or(rest.len(), |end| end + 1);
        if !names
            .iter()
            .any(|name| rest[1..name_end].eq_ignore_ascii_case(name))
        {
            continue;
        }
        let limit = rest.len().min(4000);
        let end = rest.as_bytes()[..limit]
            .iter()
            .position(|byte| *byte == b'>');
        if let Some(end) = end {
            found.push((at, &rest[..=end]));
        }
    }
    found
}

/// Text without tags and without what a template fills in.
fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_usize;
    for character in html.chars() {
        match character {
            '<' | '{' => depth += 1,
            '>' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(character),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}
