//! Colours, and when they are used.

use std::env;
use std::fmt;
use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};
use civic_pii::Category;

/// Value of `--color`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColourChoice {
    /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
    Auto,
    Always,
    Never,
}

impl ColourChoice {
    /// Whether text for this stream is coloured.
    pub(crate) fn applies_to(self, stream: &impl IsTerminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
                stream.is_terminal() && !refused && !dumb
            }
        }
    }
}

/// The styles of one stream; all plain where colour is off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    pub(crate) path: Style,
    pub(crate) place: Style,
    pub(crate) dim: Style,
    pub(crate) error: Style,
    ordinary: Style,
    special: Style,
    offence: Style,
}

impl Palette {
    pub(crate) fn new(coloured: bool) -> Self {
        let style = |style: Style| if coloured { style } else { Style::new() };
        Self {
            path: style(AnsiColor::Cyan.on_default().bold()),
            place: style(AnsiColor::Cyan.on_default()),
            dim: style(Style::new().dimmed()),
            error: style(AnsiColor::BrightRed.on_default().bold()),
            ordinary: style(AnsiColor::Yellow.on_default().bold()),
            special: style(AnsiColor::Magenta.on_default().bold()),
            offence: style(AnsiColor::Red.on_default().bold()),
        }
    }

    /// The colour of a kind, by its legal category.
    pub(crate) fn category(&self, category: Category) -> Style {
        match category {
            Category::Special => self.special,
            Category::CriminalOffence => self.offence,
            _ => self.ordinary,
        }
    }
}

/// A value between the codes of a style.
pub(crate) struct Painted<T>(pub(crate) Style, pub(crate) T);

impl<T: fmt::Display> fmt::Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(style, value) = self;
        write!(f, "{}", style.render())?;
        value.fmt(f)?;
        write!(f, "{}", style.render_reset())
    }
}
