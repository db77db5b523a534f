//! What the commands over a service's source say, and how they end.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;

use crate::exit;
use crate::render::{ColourChoice, Painted, Palette, visible};

/// Why a command stops before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The command line or a file that it names is wrong.
    Usage(String),
    /// What was asked for could not be done.
    Failed(String),
    /// Nobody reads on (`| head`).
    Closed,
}

impl Stop {
    pub(crate) fn usage(path: &Path, what: &str, error: &dyn Error) -> Self {
        Self::Usage(about(path, what, error))
    }

    pub(crate) fn failed(path: &Path, what: &str, error: &dyn Error) -> Self {
        Self::Failed(about(path, what, error))
    }
}

fn about(path: &Path, what: &str, error: &dyn Error) -> String {
    let path = visible(path.as_os_str().as_encoded_bytes());
    format!("{path} {what}: {}", visible(error.to_string().as_bytes()))
}

/// The exit code of a command; says on standard error why it stopped.
pub(crate) fn code(color: ColourChoice, result: Result<u8, Stop>) -> u8 {
    let (message, code) = match result {
        Ok(code) => return code,
        Err(Stop::Closed) => return exit::CLEAN,
        Err(Stop::Usage(message)) => (message, exit::USAGE),
        Err(Stop::Failed(message)) => (message, exit::UNREADABLE),
    };
    let palette = Palette::new(color.applies_to(&io::stderr()));
    // If this fails too, nobody is left to tell.
    let _ = writeln!(
        io::stderr(),
        "{} {message}",
        Painted(palette.error, "error:")
    );
    code
}

/// Writes to standard output.
///
/// # Errors
/// If that fails.
pub(crate) fn print(bytes: &[u8]) -> Result<(), Stop> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(bytes)
        .and_then(|()| stdout.flush())
        .map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Stop::Closed,
            _ => Stop::Failed(format!("cannot write to standard output: {error}")),
        })
}
