//! `cargo civic facts`: what was read out of the source, as versioned JSON.

use std::path::PathBuf;

use clap::Args;

use crate::check::read_sources;
use crate::exit;
use crate::render::ColourChoice;
use crate::said::{self, Stop};

/// Prints what `cargo civic check` reads out of the source, as sorted JSON with a version
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder of the service, or one file; paths in the output are seen from here
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> u8 {
    said::code(ColourChoice::Auto, facts(arguments))
}

fn facts(arguments: &Arguments) -> Result<u8, Stop> {
    let facts = civic_ops::facts(&read_sources(&arguments.path)?).to_json();
    let text = serde_json::to_string_pretty(&facts).expect("facts are text and numbers") + "\n";
    said::print(text.as_bytes()).map(|()| exit::CLEAN)
}
