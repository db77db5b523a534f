//! `cargo civic keygen`: makes the root key of an audit trail.

use std::io::{self, Write as _};
use std::path::PathBuf;

use civic_audit::{FileKeys, KeyStore as _};
use clap::Args;

use crate::audit::{Refusal, refuse};
use crate::exit;

/// Makes the root key of an audit trail, in a folder that must not be the ledger's
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder for the keys; made where it is missing
    keys: PathBuf,
    /// Name of the key, which stands in signatures
    #[arg(long)]
    name: String,
}

pub(crate) fn run(arguments: &Arguments) -> u8 {
    make(arguments).unwrap_or_else(|refusal| refuse(&refusal))
}

fn make(arguments: &Arguments) -> Result<u8, Refusal> {
    let folder = arguments.keys.display();
    let keys = FileKeys::create(&arguments.keys, &arguments.name).map_err(|error| {
        Refusal::usage(match error.kind() {
            io::ErrorKind::AlreadyExists => {
                format!("{folder} holds a root key already; nothing was changed")
            }
            _ => format!("cannot make a key in {folder}: {error}"),
        })
    })?;
    let public = keys
        .root()
        .map_err(|error| Refusal::unreadable(&arguments.keys, &error))?;
    writeln!(
        io::stdout(),
        "{public}\n\nThis is the public half, also in {folder}/root.pub: give it to whoever verifies the trail.\n\
         The secret is in {folder}/root.key, for its owner only. Keep the folder where backups of the ledger do not reach."
    )?;
    Ok(exit::CLEAN)
}
