//! `cargo civic audit`: verifies and shows an audit trail, proves single entries, and answers what an incident asks.

mod affected;
mod entry;
mod filter;
mod form;
mod ledgers;
mod logs;
mod prove;
mod show;
mod timeline;
mod verify;
mod window;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use civic_audit::{KeyChain, PublicKey};
use clap::{Args, Subcommand};

use crate::exit;

/// Verifies and shows an audit trail, proves what is in it, and says what happened in an incident
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(verify::Arguments),
    Show(show::Arguments),
    Timeline(timeline::Arguments),
    Affected(affected::Arguments),
    Prove(prove::Prove),
    CheckProof(prove::CheckProof),
}

/// Why a command ended early, and with which exit code.
pub(crate) struct Refusal {
    pub(crate) code: u8,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            code: exit::USAGE,
            message: message.into(),
        }
    }

    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self {
            code: exit::UNREADABLE,
            message: format!("cannot read {}: {error}", path.display()),
        }
    }
}

/// Standard output that cannot be written to; whoever closed it has seen enough.
impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        let seen_enough = error.kind() == io::ErrorKind::BrokenPipe;
        Self {
            code: if seen_enough {
                exit::CLEAN
            } else {
                exit::UNREADABLE
            },
            message: format!("cannot write to standard output: {error}"),
        }
    }
}

/// Runs the subcommand and gives the exit code.
pub(crate) fn run(arguments: &Arguments) -> u8 {
    let result = match &arguments.command {
        Command::Verify(arguments) => verify::run(arguments),
        Command::Show(arguments) => show::run(arguments),
        Command::Timeline(arguments) => timeline::run(arguments),
        Command::Affected(arguments) => affected::run(arguments),
        Command::Prove(arguments) => prove::run(arguments),
        Command::CheckProof(arguments) => prove::check(arguments),
    };
    result.unwrap_or_else(|refusal| refuse(&refusal))
}

/// Says why, and gives the exit code.
pub(crate) fn refuse(refusal: &Refusal) -> u8 {
    if refusal.code != exit::CLEAN {
        // Nobody is left to tell if this fails too.
        let _ = writeln!(io::stderr(), "error: {}", refusal.message);
    }
    refusal.code
}

fn read_key(path: &Path) -> Result<PublicKey, Refusal> {
    let text = read_text(path)?;
    PublicKey::parse(&text).ok_or_else(|| {
        Refusal::usage(format!(
            "{} holds no public key: `cargo civic keygen` writes one to root.pub",
            path.display()
        ))
    })
}

fn read_chain(path: &Path, root: &PublicKey) -> Result<Option<KeyChain>, Refusal> {
    Ok(KeyChain::verify(&read_text(path)?, root))
}

fn read_text(path: &Path) -> Result<String, Refusal> {
    fs::read_to_string(path).map_err(|error| Refusal::unreadable(path, &error))
}
