//! Arguments of the commands in this package: `--name value` pairs and `--name` flags.

use std::error::Error;
use std::process::ExitCode;
use std::str::FromStr;
use std::{env, fmt};

/// What stands on the command line and was not taken yet.
#[derive(Debug)]
pub struct Arguments {
    left: Vec<String>,
}

/// The command line is not as it should be.
#[derive(Debug)]
pub struct UsageError(String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for UsageError {}

/// Runs a command, or prints its usage for `--help`: exit code 2 and the usage for a wrong command line, 1 for any other error.
pub fn run(
    usage: &str,
    command: impl FnOnce(&mut Arguments) -> Result<ExitCode, Box<dyn Error>>,
) -> ExitCode {
    let mut arguments = Arguments {
        left: env::args().skip(1).collect(),
    };
    if arguments.flag("--help") {
        println!("{usage}");
        return ExitCode::SUCCESS;
    }
    match command(&mut arguments) {
        Ok(code) => code,
        Err(error) if error.is::<UsageError>() => {
            eprintln!("error: {error}\n{usage}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

impl Arguments {
    /// Whether the flag is there.
    pub fn flag(&mut self, name: &str) -> bool {
        let place = self.left.iter().position(|text| text == name);
        place.map(|place| self.left.remove(place)).is_some()
    }

    /// The value after this name.
    ///
    /// # Errors
    /// When the name is the last word.
    pub fn value(&mut self, name: &str) -> Result<Option<String>, UsageError> {
        let Some(place) = self.left.iter().position(|text| text == name) else {
            return Ok(None);
        };
        self.left.remove(place);
        if place == self.left.len() {
            return Err(UsageError(format!("{name} needs a value")));
        }
        Ok(Some(self.left.remove(place)))
    }

    /// The value after this name, which has to be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn required(&mut self, name: &str) -> Result<String, UsageError> {
        self.value(name)?
            .ok_or_else(|| UsageError(format!("{name} is missing")))
    }

    /// The number, or other parsed value, after this name.
    ///
    /// # Errors
    /// When it does not parse.
    pub fn number<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, UsageError> {
        self.value(name)?
            .map(|text| {
                text.parse()
                    .map_err(|_| UsageError(format!("{name} has a value that is not allowed")))
            })
            .transpose()
    }

    /// Checks that nothing is left.
    ///
    /// # Errors
    /// When something is.
    pub fn end(&self) -> Result<(), UsageError> {
        match self.left.first() {
            None => Ok(()),
            Some(text) => Err(UsageError(format!("unknown argument {text}"))),
        }
    }
}
