//! Writes the labelled corpus: `corpus.log` and `truth.jsonl`.

use std::error::Error;
use std::fs;
use std::io::BufWriter;
use std::path::PathBuf;
use std::process::ExitCode;

use civic_benches::arguments::{self, Arguments};
use civic_benches::corpus::{Corpus, Recipe};
use civic_benches::truth;

const USAGE: &str = "usage: corpus [--mb 10] [--seed 1] [--pii-rate 0.02] --out DIR";

fn main() -> ExitCode {
    arguments::run(USAGE, run)
}

fn run(arguments: &mut Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let recipe = Recipe {
        bytes: (arguments.number("--mb")?.unwrap_or(10.0) * 1e6) as usize,
        seed: arguments.number("--seed")?.unwrap_or(1),
        pii_rate: arguments.number("--pii-rate")?.unwrap_or(0.02),
    };
    let out = PathBuf::from(arguments.required("--out")?);
    arguments.end()?;

    let corpus = Corpus::generate(&recipe);
    fs::create_dir_all(&out)?;
    fs::write(out.join("corpus.log"), &corpus.text)?;
    let file = fs::File::create(out.join("truth.jsonl"))?;
    truth::write(&corpus, &mut BufWriter::new(file))?;
    println!(
        "{} lines, {} bytes, {} lines with labels",
        corpus.lines().count(),
        corpus.text.len(),
        corpus.truth.len()
    );
    Ok(ExitCode::SUCCESS)
}
