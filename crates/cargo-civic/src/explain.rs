//! `cargo civic explain`: the page of a rule, or the list of all.

use civic_ops::{RULES, Rule};
use clap::Args;

use crate::exit;
use crate::render::ColourChoice;
use crate::said::{self, Stop};

/// Prints the page of a rule of `cargo civic check`, or the list of all
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Code of the rule, such as PD-LOG
    #[arg(value_name = "CODE", required_unless_present = "list")]
    code: Option<String>,

    /// Print the code, the severity and the title of every rule
    #[arg(long, conflicts_with = "code")]
    list: bool,
}

pub(crate) fn run(arguments: &Arguments) -> u8 {
    said::code(ColourChoice::Auto, explain(arguments))
}

fn explain(arguments: &Arguments) -> Result<u8, Stop> {
    let text = match arguments.code.as_deref() {
        None => list(),
        Some(code) => Rule::find(code)
            .map(|rule| rule.page().to_owned())
            .ok_or_else(|| unknown(code))?,
    };
    said::print(text.as_bytes()).map(|()| exit::CLEAN)
}

fn list() -> String {
    let lines = RULES.iter().map(|rule| {
        let (code, severity) = (rule.code(), rule.severity().id());
        format!("{code:<18} {severity:<8} {}", rule.title())
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn unknown(code: &str) -> Stop {
    let code = crate::render::visible(code.as_bytes());
    Stop::Usage(format!(
        "there is no rule `{code}`; `cargo civic explain --list` prints all"
    ))
}
