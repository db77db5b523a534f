//! Waivers: findings that somebody has looked at and accepts, with a reason.

use crate::collect::{Lines, is_rust};
use crate::finding::{Finding, Origin, Severity};
use crate::rule::Rule;
use crate::rust::token::{TO_US, Tokens};
use crate::settings::Settings;
use crate::source::Sources;

/// Code of a waiver that waives nothing.
pub const UNUSED: &str = "WAIVER-UNUSED";
/// Code of a waiver that cannot be read, or has no reason.
pub const UNREADABLE: &str = "WAIVER-UNREADABLE";

/// A waiver beside the code.
#[derive(Debug)]
struct Waiver {
    codes: Vec<String>,
    path: String,
    line: usize,
    column: usize,
    /// The line of the code that it stands above or beside.
    covers: usize,
    used: bool,
}

/// Takes out what is waived; a waiver that waives nothing becomes a finding.
pub(crate) fn apply(findings: &mut Vec<Finding>, sources: &Sources, settings: &Settings) -> usize {
    let mut broken = Vec::new();
    let mut waivers = read(sources, settings, &mut broken);
    let mut in_file = vec![false; settings.waivers.len()];
    let before = findings.len();
    findings.retain(|finding| {
        let last_line = finding.line + lines_in(sources, finding);
        let beside = waivers.iter_mut().find(|waiver| {
            waiver.path == finding.path
                && (finding.line..=last_line).contains(&waiver.covers)
                && waiver.codes.iter().any(|code| code == finding.code)
        });
        if let Some(waiver) = beside {
            waiver.used = true;
            return false;
        }
        let listed = settings.waivers.iter().position(|waived| {
            waived.code.eq_ignore_ascii_case(finding.code)
                && waived.path == finding.path
                && waived
                    .item
                    .as_ref()
                    .is_none_or(|item| *item == finding.item)
        });
        if let Some(listed) = listed {
            in_file[listed] = true;
        }
        listed.is_none()
    });
    let waived = before - findings.len();
    findings.append(&mut broken);
    for waiver in waivers.iter().filter(|waiver| !waiver.used) {
        findings.push(about(
            UNUSED,
            &waiver.path,
            (waiver.line, waiver.column),
            format!("the waiver of {} waives nothing", waiver.codes.join(", ")),
            "take it out",
        ));
    }
    for (waived, _) in settings
        .waivers
        .iter()
        .zip(in_file)
        .filter(|(_, used)| !used)
    {
        findings.push(about(
            UNUSED,
            "civic.toml",
            (waived.line, 1),
            format!(
                "the waiver of {} in `{}` waives nothing",
                waived.code, waived.path
            ),
            "take it out",
        ));
    }
    waived
}

/// How many lines a finding goes on after its first: a waiver may stand beside each.
fn lines_in(sources: &Sources, finding: &Finding) -> usize {
    sources
        .text(&finding.path)
        .and_then(|text| text.get(finding.span.clone()))
        .map_or(0, |text| text.matches('\n').count())
}

fn read(sources: &Sources, settings: &Settings, broken: &mut Vec<Finding>) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for (path, text) in sources.texts() {
        if !is_rust(path) || !text.contains(TO_US) || settings.excludes(path) {
            continue;
        }
        let tokens = Tokens::read(text);
        let lines = Lines::new(text);
        for comment in &tokens.comments {
            let place = lines.place(comment.start);
            let Some(words) = directive(&text[comment.clone()]) else {
                continue;
            };
            match parse(words) {
                Ok(codes) => waivers.push(Waiver {
                    codes,
                    path: path.to_owned(),
                    line: place.0,
                    column: place.1,
                    covers: covered(text, comment.start, place.0),
                    used: false,
                }),
                Err(what) => broken.push(about(
                    UNREADABLE,
                    path,
                    place,
                    format!("the waiver does not count: {what}"),
                    "write `// civic: allow(CODE, reason = \"...\")`",
                )),
            }
        }
    }
    waivers
}

/// What a comment says to this program, where it begins with that.
fn directive(comment: &str) -> Option<&str> {
    let words = comment.trim_start_matches(['/', '*', '!', ' ']);
    words.strip_prefix(TO_US).map(str::trim)
}

/// The codes of `allow(PD-LOG, reason = "...")`.
fn parse(words: &str) -> Result<Vec<String>, String> {
    let inside = words
        .strip_prefix("allow(")
        .and_then(|rest| rest.rsplit_once(')'))
        .map(|(inside, _)| inside)
        .ok_or("it is not of the form `allow(CODE, reason = \"...\")`")?;
    let (codes, reason) = inside.split_once("reason").ok_or("it has no reason")?;
    let reason = reason.trim().trim_start_matches('=').trim();
    if reason.trim_matches('"').trim().is_empty() {
        return Err("it has no reason".to_owned());
    }
    let codes: Vec<String> = codes
        .split(',')
        .map(str::trim)
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
        .collect();
    if codes.is_empty() {
        return Err("it names no rule".to_owned());
    }
    match codes.iter().find(|code| Rule::find(code).is_none()) {
        Some(code) => Err(format!("there is no rule `{code}`")),
        None => Ok(codes.iter().map(|code| code.to_ascii_uppercase()).collect()),
    }
}

/// The line that a comment is about: its own where code stands before it, the next line with code otherwise.
fn covered(text: &str, start: usize, line: usize) -> usize {
    let begin = text[..start].rfind('\n').map_or(0, |at| at + 1);
    if !text[begin..start].trim().is_empty() {
        return line;
    }
    let after = text.lines().enumerate().skip(line);
    let mut code = after.filter(|(_, text)| {
        let text = text.trim();
        !text.is_empty() && !text.starts_with("//")
    });
    code.next().map_or(line, |(at, _)| at + 1)
}

fn about(
    code: &'static str,
    path: &str,
    (line, column): (usize, usize),
    message: String,
    help: &str,
) -> Finding {
    Finding {
        code,
        severity: Severity::Warning,
        path: path.to_owned(),
        line,
        column,
        item: String::new(),
        subject: message.clone(),
        message,
        help: help.to_owned(),
        origin: Origin::Declared,
        span: 0..0,
        labels: Vec::new(),
    }
}
