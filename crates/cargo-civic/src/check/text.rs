//! Findings for people: the source with what is meant marked.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use civic_ops::{Finding, Severity, Sources};

use crate::render::visible;

pub(super) fn write(findings: &[Finding], sources: &Sources, coloured: bool) -> String {
    let renderer = if coloured {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    for finding in findings {
        out += &one(finding, sources, &renderer);
        out += "\n\n";
    }
    out
}

fn one(finding: &Finding, sources: &Sources, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let message = visible(finding.message.as_bytes());
    let help = visible(finding.help.as_bytes());
    let path = visible(finding.path.as_bytes());
    let title = level.primary_title(message.as_str()).id(finding.code);
    let help = Level::HELP.message(help.as_str());
    let text = sources.text(&finding.path).unwrap_or_default();
    let Some(window) = Window::around(finding, text) else {
        let place = format!("{path}:{}:{}", finding.line, finding.column);
        let group = title
            .element(Level::NOTE.message(place.as_str()))
            .element(help);
        return renderer.render(&[group]);
    };
    let mut snippet = Snippet::source(window.text.as_str())
        .path(path.as_str())
        .line_start(window.line)
        .annotation(AnnotationKind::Primary.span(window.first.clone()));
    for (span, label) in &window.labels {
        snippet = snippet.annotation(
            AnnotationKind::Context
                .span(span.clone())
                .label(label.as_str()),
        );
    }
    renderer.render(&[title.element(snippet).element(help)])
}

/// The lines of the source that a finding speaks of.
struct Window {
    text: String,
    /// Number of the first line.
    line: usize,
    /// The first line of what the finding is about, as bytes of the window.
    first: core::ops::Range<usize>,
    labels: Vec<(core::ops::Range<usize>, String)>,
}

impl Window {
    fn around(finding: &Finding, text: &str) -> Option<Self> {
        let span = &finding.span;
        let spans = || finding.labels.iter().map(|(span, _)| span).chain([span]);
        text.get(span.clone()).filter(|text| !text.is_empty())?;
        let start = spans().map(|span| span.start).min()?;
        let end = spans().map(|span| span.end).max()?;
        let begin = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
        let finish = text
            .get(end..)?
            .find('\n')
            .map_or(text.len(), |at| end + at);
        let line = text[..begin].matches('\n').count() + 1;
        let shift = |span: &core::ops::Range<usize>| span.start - begin..span.end - begin;
        let first_line = text[span.clone()].find('\n').unwrap_or(span.len());
        Some(Self {
            // A blank in the place of each control character keeps the offsets.
            text: text[begin..finish]
                .chars()
                .map(|c| {
                    if c.is_control() && c != '\n' && c != '\t' {
                        ' '
                    } else {
                        c
                    }
                })
                .collect(),
            line,
            first: span.start - begin..span.start - begin + first_line,
            labels: finding
                .labels
                .iter()
                .map(|(span, label)| (shift(span), label.clone()))
                .collect(),
        })
    }
}
