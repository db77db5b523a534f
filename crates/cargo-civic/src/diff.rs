//! `cargo civic diff`: what differs between two facts files.

use std::fs;
use std::path::{Path, PathBuf};

use civic_ops::Difference;
use clap::Args;
use serde_json::Value;

use crate::exit;
use crate::render::{ColourChoice, visible};
use crate::said::{self, Stop};

/// Compares two files of `cargo civic facts`; lines and columns do not count
///
/// Ends with 1 where they differ.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The facts before
    #[arg(value_name = "BEFORE")]
    before: PathBuf,

    /// The facts after
    #[arg(value_name = "AFTER")]
    after: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> u8 {
    said::code(ColourChoice::Auto, diff(arguments))
}

fn diff(arguments: &Arguments) -> Result<u8, Stop> {
    let before = read(&arguments.before)?;
    let after = read(&arguments.after)?;
    let difference =
        civic_ops::difference(&before, &after).map_err(|what| Stop::Usage(what.to_owned()))?;
    let mut out = String::new();
    for (sign, ids) in [
        ('-', &difference.removed),
        ('+', &difference.added),
        ('~', &difference.changed),
    ] {
        for id in ids {
            out.push(sign);
            out.push(' ');
            out.push_str(&visible(id.as_bytes()));
            out.push('\n');
        }
    }
    said::print(out.as_bytes())?;
    Ok(if difference == Difference::default() {
        exit::CLEAN
    } else {
        exit::FOUND
    })
}

fn read(path: &Path) -> Result<Value, Stop> {
    let text = fs::read(path).map_err(|error| Stop::usage(path, "cannot be read", &error))?;
    serde_json::from_slice(&text).map_err(|error| Stop::usage(path, "is no JSON", &error))
}
