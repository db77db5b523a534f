//! Speed of Civic against its rivals, as ratios of paired runs.

use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;

use civic_benches::adversarial;
use civic_benches::arguments::{self, Arguments};
use civic_benches::corpus::{Corpus, Recipe};
use civic_benches::durability;
use civic_benches::goals::Row;
use civic_benches::journeys;
use civic_benches::logging;
use civic_benches::paired::{Rounds, Spread, rounds, seconds};
use civic_benches::probing;
use civic_benches::rival::{Civic, Engine, MultiRegex, RegexSetLoop};
use civic_pii::{Kind, KindSet, Scanner, Scratch};

const USAGE: &str = "usage: ratios [scan] [tracing] [journey] [health] [audit] [--quick] [--json]

Without a group all are run. Prints ratios of CPU time in this process, median of the rounds with least and greatest. --json
prints an array of rows and nothing else. Exit code 1 when a goal of benches/goals.toml is missed.";

/// The kinds that the ten rules of the rivals are for.
const TEN: [Kind; 10] = [
    Kind::Email,
    Kind::Nino,
    Kind::NhsNumber,
    Kind::PaymentCard,
    Kind::Postcode,
    Kind::Phone,
    Kind::Iban,
    Kind::BankAccount,
    Kind::IpAddress,
    Kind::Credential,
];

fn main() -> ExitCode {
    arguments::run(USAGE, run)
}

fn run(arguments: &mut Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let json = arguments.flag("--json");
    let quick = arguments.flag("--quick");
    let groups =
        ["scan", "tracing", "journey", "health", "audit"].map(|group| arguments.flag(group));
    let [scan, tracing, journey, health, audit] = if groups.contains(&true) {
        groups
    } else {
        [true; 5]
    };
    arguments.end()?;

    let mut rows = Vec::new();
    if tracing {
        logging::rows::all(quick, json, &mut rows)?;
    }
    if journey {
        journeys::all(quick, json, &mut rows)?;
    }
    if health {
        probing::rows::all(quick, json, &mut rows)?;
    }
    if scan {
        let bench = Bench::new(quick, json);
        bench.multi_regex(&mut rows);
        bench.kinds(&mut rows);
        bench.adversarial(&mut rows);
        bench.others(&mut rows);
    }
    if audit {
        durability::rows::all(quick, json, &mut rows)?;
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    }
    let holds = rows.iter().all(|row| row.holds != Some(false));
    Ok(ExitCode::from(u8::from(!holds)))
}

struct Bench {
    /// Few lines hold personal data.
    corpus: Corpus,
    /// Half of them do.
    dense: Corpus,
    rounds: usize,
    json: bool,
}

impl Bench {
    fn new(quick: bool, json: bool) -> Self {
        let corpus = |megabytes: usize, pii_rate| {
            Corpus::generate(&Recipe {
                bytes: megabytes * 1_000_000,
                seed: 1,
                pii_rate,
            })
        };
        Self {
            corpus: corpus(if quick { 2 } else { 10 }, 0.02),
            dense: corpus(if quick { 1 } else { 4 }, 0.5),
            rounds: if quick { 5 } else { 15 },
            json,
        }
    }

    fn multi_regex(&self, rows: &mut Vec<Row>) {
        for (name, corpus) in [
            ("scan/corpus-vs-multi-regex", &self.corpus),
            ("scan/dense-vs-multi-regex", &self.dense),
        ] {
            let lines: Vec<&str> = corpus.lines().collect();
            let measured = against(&lines, self.rounds, &mut MultiRegex::default());
            self.speeds(&measured, corpus.text.len());
            self.push(rows, name, "throughput ratio", measured.ratio());
        }
        let short = short_fields(&self.corpus);
        let short: Vec<&str> = short.iter().map(String::as_str).collect();
        let (mut civic, mut regex) = (Civic::default(), MultiRegex::default());
        let measured = rounds(self.rounds, &mut || pass(&mut civic, &short), &mut || {
            pass(&mut regex, &short);
        });
        let name = "scan/short-8b-vs-multi-regex";
        self.push(rows, name, "time ratio", measured.ratio());
    }

    fn kinds(&self, rows: &mut Vec<Row>) {
        let lines: Vec<&str> = self.corpus.lines().collect();
        let all = Scanner::new();
        let ten = Scanner::builder().kinds(KindSet::from_iter(TEN)).build();
        let mut scratch = (Scratch::default(), Scratch::default());
        let scan = |scanner: &Scanner, scratch: &mut Scratch| {
            for line in &lines {
                black_box(scanner.scan_with(None, line.as_bytes(), scratch));
            }
        };
        let measured = rounds(self.rounds, &mut || scan(&all, &mut scratch.0), &mut || {
            scan(&ten, &mut scratch.1);
        });
        self.push(rows, "scan/kinds-10-to-35", "time ratio", measured.ratio());
    }

    fn adversarial(&self, rows: &mut Vec<Row>) {
        let lines: Vec<&str> = self.corpus.lines().collect();
        let corpus_bytes = self.corpus.text.len() as f64;
        let mut civic = Civic::default();
        let mut worst: Option<(&str, Spread)> = None;
        let mut steepest: Option<(&str, Spread)> = None;
        if !self.json {
            println!(
                "adversarial inputs, 1 MB: share of the corpus's throughput, and time per byte over that at 100 KB"
            );
        }
        for (name, make) in adversarial::INPUTS {
            let large = make(1_000_000);
            // The same bytes in both lengths: a short input that is read again and again is learnt by the processor.
            let pieces = pieces(&large, 100_000);
            let rounds = self.rounds.min(7);
            let mut speeds = Vec::new();
            let mut slopes = Vec::new();
            pass(&mut civic, &pieces);
            for _ in 0..rounds {
                let corpus = seconds(&mut || pass(&mut civic, &lines)) / corpus_bytes;
                let slow = seconds(&mut || pass(&mut civic, &[&large])) / large.len() as f64;
                let short = seconds(&mut || pass(&mut civic, &pieces)) / large.len() as f64;
                speeds.push(corpus / slow);
                slopes.push(slow / short);
            }
            let (speed, slope) = (Spread::of(speeds), Spread::of(slopes));
            if !self.json {
                println!("  {name:<22} {:>8.3} {:>8.3}", speed.median, slope.median);
            }
            if worst.is_none_or(|(_, least)| speed.median < least.median) {
                worst = Some((name, speed));
            }
            if steepest.is_none_or(|(_, most)| slope.median > most.median) {
                steepest = Some((name, slope));
            }
        }
        for (name, unit, figure) in [
            (
                "scan/worst-adversarial-vs-corpus",
                "throughput ratio",
                worst,
            ),
            ("scan/linear-1mb-vs-100kb", "time ratio", steepest),
        ] {
            let (input, spread) = figure.expect("there are inputs");
            if !self.json {
                println!("worst for the next row: {input}");
            }
            self.push(rows, name, unit, spread);
        }
    }

    /// Rows against other crates; those that the feature `rivals` brings are slow to build.
    fn others(&self, rows: &mut Vec<Row>) {
        let lines: Vec<&str> = self.corpus.lines().collect();
        let measured = against(&lines, self.rounds.min(7), &mut RegexSetLoop::default());
        self.speeds(&measured, self.corpus.text.len());
        self.push(
            rows,
            "scan/corpus-vs-regex-set",
            "throughput ratio",
            measured.ratio(),
        );
        self.heavy(rows, &lines);
    }

    #[cfg(feature = "rivals")]
    fn heavy(&self, rows: &mut Vec<Row>, lines: &[&str]) {
        use civic_benches::rival::{Cloakrs, Datadog, SanitizePii};

        // A tenth of the lines is enough for engines that take microseconds for each.
        let lines = &lines[..lines.len() / 10];
        let bytes = lines.iter().map(|line| line.len() + 1).sum();
        let rivals: [(&str, Box<dyn Engine>); 3] = [
            ("scan/corpus-vs-datadog", Box::new(Datadog::default())),
            (
                "scan/corpus-vs-sanitize-pii",
                Box::new(SanitizePii::default()),
            ),
            ("scan/corpus-vs-cloakrs", Box::new(Cloakrs::default())),
        ];
        for (name, mut rival) in rivals {
            let measured = against(lines, self.rounds.min(7), rival.as_mut());
            self.speeds(&measured, bytes);
            self.push(rows, name, "throughput ratio", measured.ratio());
        }
    }

    #[cfg(not(feature = "rivals"))]
    fn heavy(&self, rows: &mut Vec<Row>, _: &[&str]) {
        for name in [
            "scan/corpus-vs-datadog",
            "scan/corpus-vs-sanitize-pii",
            "scan/corpus-vs-cloakrs",
        ] {
            let row = Row::not_run(name, "throughput ratio");
            if !self.json {
                println!("{} (needs the feature `rivals`)", row.line());
            }
            rows.push(row);
        }
    }

    /// What the sides of a ratio do by themselves, for people: it changes with the machine.
    fn speeds(&self, rounds: &Rounds, bytes: usize) {
        if !self.json {
            let (rival, civic) = rounds.medians();
            let speed = |seconds: f64| bytes as f64 / seconds / 1e6;
            println!(
                "civic {:.0} MB/s, the rival {:.0} MB/s",
                speed(civic),
                speed(rival)
            );
        }
    }

    fn push(&self, rows: &mut Vec<Row>, name: &str, unit: &str, spread: Spread) {
        let row = Row::new(name, unit, spread.median, spread.min, spread.max);
        if !self.json {
            println!("{}", row.line());
        }
        rows.push(row);
    }
}

/// Seconds of the rival and of Civic, whose ratio is Civic's throughput over the rival's.
fn against(lines: &[&str], count: usize, rival: &mut dyn Engine) -> Rounds {
    let mut civic = Civic::default();
    rounds(count, &mut || pass(rival, lines), &mut || {
        pass(&mut civic, lines);
    })
}

/// Redacts every line into one buffer, emptied before each.
fn pass(engine: &mut dyn Engine, lines: &[&str]) {
    let mut out = String::with_capacity(1024);
    for line in lines {
        out.clear();
        engine.redact(black_box(line), &mut out);
        black_box(&out);
    }
}

/// Values of eight bytes as they stand in fields: words, numbers and codes of the corpus.
fn short_fields(corpus: &Corpus) -> Vec<String> {
    corpus
        .text
        .split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c))
        .filter(|word| word.len() >= 8)
        .map(|word| word[..8].to_owned())
        .take(100_000)
        .collect()
}

/// A text in pieces of about so many bytes, cut between characters.
fn pieces(text: &str, bytes: usize) -> Vec<&str> {
    let mut rest = text;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, more) = rest.split_at(rest.floor_char_boundary(bytes));
        pieces.push(piece);
        rest = more;
    }
    pieces
}
