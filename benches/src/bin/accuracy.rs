//! Prints how much of the labelled personal data the scanner finds, and what it finds beside.

use std::error::Error;
use std::process::ExitCode;

use civic_benches::arguments::{self, Arguments};
use civic_benches::corpus::{Corpus, Recipe};
use civic_benches::goals::Row;
use civic_benches::score::{Score, Tally, Wanted, score};
use civic_benches::truth::{self, Truth};
use civic_pii::{Kind, Scanner};

const USAGE: &str = "usage: accuracy [--corpus FILE --truth FILE] [--seed N] [--pii-rate R] [--mb N] [--misses N [--kind ID]] [--json]

Without --corpus the project's own corpus is generated and scored, at the rates 0.02 (20 MB) and
0.2 (5 MB) or at the rate given. --misses prints up to N missed and false findings, of one
kind with --kind (the values are made up). Exit code 1 when a goal of benches/goals.toml is missed.";

fn main() -> ExitCode {
    arguments::run(USAGE, run)
}

fn run(arguments: &mut Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let json = arguments.flag("--json");
    let misses = Wanted {
        limit: arguments.number("--misses")?.unwrap_or(0),
        kind: arguments.number("--kind")?,
    };
    let seed = arguments.number("--seed")?;
    let rate: Option<f64> = arguments.number("--pii-rate")?;
    let megabytes: Option<f64> = arguments.number("--mb")?;
    let files = match arguments.value("--corpus")? {
        Some(corpus) => Some((corpus, arguments.required("--truth")?)),
        None => None,
    };
    arguments.end()?;

    let scanner = Scanner::new();
    let mut rows = Vec::new();
    let mut report = |title: &str, corpus: &[u8], truth: &Truth, own: bool| {
        let lines = corpus
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let score = score(&scanner, lines, truth, misses);
        let new = goals(&score, own);
        if !json {
            print(title, &score, &new);
        }
        rows.extend(new);
    };
    if let Some((corpus, truth)) = files {
        let text = truth::read(&corpus)?;
        let truth = truth::parse(&truth::read(&truth)?)?;
        report(&corpus, text.as_bytes(), &truth, false);
    } else {
        let rates = match rate {
            Some(rate) => vec![(rate, 10.0)],
            None => vec![(0.02, 20.0), (0.2, 5.0)],
        };
        for (i, (pii_rate, default)) in rates.into_iter().enumerate() {
            let recipe = Recipe {
                bytes: (megabytes.unwrap_or(default) * 1e6) as usize,
                seed: seed.unwrap_or(20_261_124) + i as u64,
                pii_rate,
            };
            let corpus = Corpus::generate(&recipe);
            let title = format!(
                "own corpus, seed {}, rate {pii_rate}, {:.1} MB",
                recipe.seed,
                recipe.bytes as f64 / 1e6
            );
            report(&title, corpus.text.as_bytes(), &truth::of(&corpus), true);
        }
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    }
    let holds = rows.iter().all(|row| row.holds != Some(false));
    Ok(ExitCode::from(u8::from(!holds)))
}

fn goals(score: &Score, own: bool) -> Vec<Row> {
    let mut rows = vec![Row::single(
        "accuracy/recall-plain",
        "share",
        score.plain.recall(),
    )];
    for carrier in ["url-query", "path-segment", "json-number", "obfuscated"] {
        if let Some(tally) = score.carriers.get(carrier) {
            let name = format!("accuracy/recall-{carrier}");
            rows.push(Row::single(&name, "share", tally.recall()));
        }
    }
    rows.push(Row::single(
        "accuracy/precision",
        "share",
        score.all.precision(),
    ));
    rows.push(Row::single(
        "accuracy/nhs-precision-with-evidence",
        "share",
        score.nhs_precision(),
    ));
    rows.push(Row::single(
        "accuracy/clean-lines-touched-per-2000",
        "lines",
        score.touched_per_2000(),
    ));
    if own {
        let fewest = Kind::ALL
            .iter()
            .map(|kind| score.kinds.get(kind).map_or(0, |tally| tally.wanted))
            .min()
            .unwrap_or(0);
        rows.push(Row::single(
            "accuracy/fewest-samples-of-a-kind",
            "samples",
            fewest as f64,
        ));
    }
    for (kind, tally) in &score.kinds {
        let name = format!("accuracy/recall-of-{kind}");
        rows.push(Row::single(&name, "share", tally.recall()));
    }
    rows
}

fn print(title: &str, score: &Score, rows: &[Row]) {
    println!("== {title}: {} lines, {} clean", score.lines, score.clean);
    println!();
    header("kind");
    for (kind, tally) in &score.kinds {
        row(kind.id(), tally);
    }
    println!();
    header("carrier");
    for (carrier, tally) in &score.carriers {
        row(carrier, tally);
    }
    println!();
    header("evidence");
    for (evidence, tally) in &score.evidence {
        row(evidence.id(), tally);
    }
    println!();
    row("plain carriers", &score.plain);
    row("everything", &score.all);
    println!(
        "clean lines touched: {} of {}, {} of them with a labelled look-alike",
        score.touched, score.clean, score.touched_labelled
    );
    println!();
    for row in rows.iter().filter(|row| row.goal.is_some()) {
        println!("{}", row.line());
    }
    println!();
    for miss in &score.misses {
        println!("{miss}");
    }
}

fn header(title: &str) {
    println!(
        "{title:<28} {:>8} {:>7} {:>8} {:>8} {:>8} {:>10}",
        "labelled", "wanted", "recall", "covered", "found", "precision"
    );
}

fn row(name: &str, tally: &Tally) {
    let share = |whole: usize, share: f64| {
        if whole == 0 {
            "-".to_owned()
        } else {
            format!("{share:.4}")
        }
    };
    println!(
        "{name:<28} {:>8} {:>7} {:>8} {:>8} {:>8} {:>10}",
        tally.labelled,
        tally.wanted,
        share(tally.wanted, tally.recall()),
        share(tally.wanted, tally.coverage()),
        tally.found,
        share(tally.found, tally.precision())
    );
}
