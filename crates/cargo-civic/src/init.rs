//! `cargo civic init`: a `civic.toml` that explains itself.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;

use clap::Args;

use crate::exit;
use crate::policy::DEFAULT_FILE;
use crate::render::{ColourChoice, visible};
use crate::said::{self, Stop};

/// What is written.
const TEMPLATE: &str = include_str!("init/civic.toml");

/// Writes a `civic.toml` with comments; one that is there stays as it is
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder that the file is written to
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> u8 {
    said::code(ColourChoice::Auto, init(arguments))
}

fn init(arguments: &Arguments) -> Result<u8, Stop> {
    let path = arguments.path.join(DEFAULT_FILE);
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Stop::usage(&path, "stays as it is", &error),
            _ => Stop::failed(&path, "cannot be written", &error),
        })?;
    file.write_all(TEMPLATE.as_bytes())
        .map_err(|error| Stop::failed(&path, "cannot be written", &error))?;
    let message = format!("{} written\n", visible(path.as_os_str().as_encoded_bytes()));
    said::print(message.as_bytes()).map(|()| exit::CLEAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that are commented out are right as well.
    #[test]
    fn the_file_is_a_policy_with_and_without_its_comments() {
        let whole = TEMPLATE.replace("#: ", "");
        for text in [TEMPLATE, &whole] {
            civic_pii::Config::parse(text).expect("a policy");
            civic_ops::Settings::parse(text).expect("settings");
        }
        assert_ne!(TEMPLATE, whole);
    }
}
