//! `cargo civic audit prove` and `check-proof`: shows an entry to somebody who has nothing but a public key.

use std::io::{self, Write as _};
use std::path::PathBuf;

use civic_audit::Proof;
use clap::Args;

use super::{Refusal, read_chain, read_key, read_text};
use crate::exit;

/// Writes the proof that an entry is in a trail, to check away from it
#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// Folder of the ledger
    ledger: PathBuf,
    /// Place of the entry in its stream, as `show` gives it
    #[arg(long, value_name = "N")]
    seq: u64,
    /// Name of the stream; needed where the ledger has more than one
    #[arg(long)]
    stream: Option<String>,
}

/// Checks a proof against the root key and the published chain of keys
#[derive(Debug, Args)]
pub(crate) struct CheckProof {
    /// File that `prove` wrote
    proof: PathBuf,
    /// Public half of the root key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The chain of keys: the file `key-checkpoints` of the stream
    #[arg(long, value_name = "FILE")]
    chain: PathBuf,
}

pub(super) fn run(arguments: &Prove) -> Result<u8, Refusal> {
    let unreadable = |error: io::Error| Refusal::unreadable(&arguments.ledger, &error);
    let mut streams = match &arguments.stream {
        Some(stream) => vec![stream.clone()],
        None => civic_audit::streams(&arguments.ledger).map_err(unreadable)?,
    };
    let Some(stream) = streams.pop().filter(|_| streams.is_empty()) else {
        return Err(Refusal::usage(
            "the ledger has more than one stream: name it with --stream, as `verify` lists them",
        ));
    };
    let proof =
        civic_audit::prove(&arguments.ledger, &stream, arguments.seq).map_err(unreadable)?;
    write!(io::stdout(), "{proof}")?;
    Ok(exit::CLEAN)
}

pub(super) fn check(arguments: &CheckProof) -> Result<u8, Refusal> {
    let root = read_key(&arguments.key)?;
    let mut output = io::stdout();
    let Some(proof) = Proof::parse(&read_text(&arguments.proof)?) else {
        return Err(Refusal::usage(format!(
            "{} holds no proof",
            arguments.proof.display()
        )));
    };
    let Some(chain) = read_chain(&arguments.chain, &root)? else {
        writeln!(
            output,
            "does NOT hold: the chain of keys does not begin at this root"
        )?;
        return Ok(exit::FOUND);
    };
    match proof.check(&chain) {
        Ok(record) => {
            writeln!(
                output,
                "holds: entry {} of {}, {} at {}, under a checkpoint of {} entries",
                record.seq,
                record.stream,
                record.action,
                record.time,
                proof.checkpoint().size
            )?;
            Ok(exit::CLEAN)
        }
        Err(error) => {
            writeln!(output, "does NOT hold: {error}")?;
            Ok(exit::FOUND)
        }
    }
}
