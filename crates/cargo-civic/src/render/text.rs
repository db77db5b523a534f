//! Findings for people: where, what, how sure, and the line with a caret under the value.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::excerpt::{Excerpt, excerpt};
use super::mask::Mask;
use super::palette::{Painted, Palette};
use super::visible::{columns, visible};
use super::{Hit, Reasons};

/// Blanks before everything that belongs to a finding.
const INDENT: usize = 4;

/// Width of the output where it is no terminal.
const WIDTH: usize = 120;

/// A window narrower than this shows nothing useful.
const NARROWEST: usize = 40;

/// How a finding is written for people.
#[derive(Debug)]
pub(crate) struct Text {
    palette: Palette,
    width: usize,
    show_values: bool,
}

impl Text {
    /// Lines are cut to the width of the terminal, if standard output is one.
    pub(crate) fn new(palette: Palette, show_values: bool) -> Self {
        let terminal = terminal_size::terminal_size_of(io::stdout());
        let width = terminal.map_or(WIDTH, |(width, _)| usize::from(width.0));
        Self {
            palette,
            width: width.max(NARROWEST) - INDENT,
            show_values,
        }
    }

    /// The colours of standard output.
    pub(crate) fn palette(&self) -> &Palette {
        &self.palette
    }

    /// Writes one finding; `masks` hides the values of the line.
    pub(crate) fn hit(
        &self,
        hit: &Hit<'_>,
        masks: &[Mask<'_>],
        out: &mut impl Write,
    ) -> io::Result<()> {
        let finding = hit.finding;
        let palette = &self.palette;
        let colour = palette.category(finding.kind.category());
        writeln!(
            out,
            "{}{} {} {}",
            Painted(
                palette.path,
                visible(hit.path.as_os_str().as_encoded_bytes())
            ),
            Painted(
                palette.place,
                format_args!(":{}:{}:", hit.piece.line, hit.start() + 1)
            ),
            Painted(colour, hit.id),
            Painted(palette.dim, format_args!("{}%", finding.confidence)),
        )?;

        let masks = if self.show_values { &[][..] } else { masks };
        let span = (finding.start, finding.end);
        let Excerpt {
            before,
            marked,
            after,
        } = excerpt(hit.piece.text, span, masks, self.width);
        writeln!(
            out,
            "{:INDENT$}{before}{}{after}",
            "",
            Painted(colour, &marked)
        )?;
        let carets = "^".repeat(columns(&marked).max(1));
        let margin = INDENT + columns(&before);
        writeln!(out, "{:margin$}{}", "", Painted(colour, carets))?;
        match hit.reasons {
            Some(reasons) => self.explain(hit, reasons, out),
            None => Ok(()),
        }
    }

    fn explain(&self, hit: &Hit<'_>, reasons: &Reasons, out: &mut impl Write) -> io::Result<()> {
        let finding = hit.finding;
        let mut row = |name: &str, text: &str| {
            let name = format_args!("{name:<11}");
            writeln!(
                out,
                "{:INDENT$}{}{text}",
                "",
                Painted(self.palette.dim, name)
            )
        };
        let category = finding.kind.category().id();
        row("recogniser", &format!("{} ({category})", hit.id))?;
        if !finding.kind.source().is_empty() {
            row("source", finding.kind.source())?;
        }
        let mut evidence: Vec<_> = reasons.evidence.names().collect();
        if finding.custom.is_some() {
            evidence.push("a pattern of the policy");
        } else if evidence.is_empty() {
            evidence.push("shape");
        }
        let mut evidence = evidence.join(", ");
        if let Some(key) = &reasons.key {
            evidence.push_str("; key `");
            evidence.push_str(&visible(key.as_bytes()));
            evidence.push('`');
        }
        row("evidence", &evidence)?;
        // A scan reads words where they decide only, an explanation reads them all.
        let mut score = format!("{}%", finding.confidence);
        if reasons.score != finding.confidence {
            let _ = write!(score, " at first sight, {}% in all", reasons.score);
        }
        if reasons.threshold > 0 {
            let _ = write!(score, ", needs {}%", reasons.threshold);
        }
        row("score", &score)?;
        for (place, line) in reasons.keep.lines().enumerate() {
            row(
                if place == 0 { "to keep it" } else { "" },
                &visible(line.as_bytes()),
            )?;
        }
        if !reasons.fits {
            row("", "(in the table of this name that the policy has)")?;
        }
        writeln!(out)
    }
}
