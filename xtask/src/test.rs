//! `cargo xtask test`: runs the stages one by one and sums them up.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::console::Console;
use crate::context::Context;
use crate::stage::{self, STAGES, Stage};
use crate::{tool, usage};

pub(crate) fn run(arguments: Vec<String>) -> ExitCode {
    let options = match Options::parse(arguments) {
        Ok(options) => options,
        Err(problem) => return usage(&problem),
    };
    let context = match Context::new(options.with_tools) {
        Ok(context) => context,
        Err(problem) => {
            eprintln!("error: {problem}");
            return ExitCode::FAILURE;
        }
    };
    if options.with_tools
        && let Err(problem) = tool::install_missing(&context)
    {
        eprintln!("error: {problem}");
        return ExitCode::FAILURE;
    }

    let mut reports = Vec::new();
    for (index, stage) in options.stages.iter().enumerate() {
        let title = format!(
            "[{}/{}] {}: {}",
            index + 1,
            options.stages.len(),
            stage.name,
            stage.about
        );
        println!("\n{}", context.console.bold(&title));
        let start = Instant::now();
        let result = (stage.run)(&context);
        if let Err(problem) = &result {
            println!("{} {problem}", context.console.bad("failed:"));
        }
        reports.push(Report {
            stage: stage.name,
            time: start.elapsed(),
            result,
        });
    }
    println!("\n{}", summary(&reports, context.console));
    if reports.iter().all(|report| report.result.is_ok()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[derive(Debug)]
struct Options {
    with_tools: bool,
    stages: Vec<&'static Stage>,
}

impl Options {
    fn parse(arguments: Vec<String>) -> Result<Self, String> {
        let mut with_tools = false;
        let mut stages = Vec::new();
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let name = match argument.as_str() {
                "--with-tools" => {
                    with_tools = true;
                    continue;
                }
                "--only" => arguments
                    .next()
                    .ok_or("`--only` needs the name of a stage")?,
                other => match other.strip_prefix("--only=") {
                    Some(name) => name.to_owned(),
                    None => return Err(format!("`test` does not know `{other}`")),
                },
            };
            let stage = STAGES.iter().find(|stage| stage.name == name);
            stages.push(stage.ok_or_else(|| format!("there is no stage `{name}`"))?);
        }
        if stages.is_empty() {
            stages = STAGES.iter().collect();
        }
        Ok(Self { with_tools, stages })
    }
}

/// What became of a stage.
struct Report {
    stage: &'static str,
    time: Duration,
    result: stage::Outcome,
}

fn summary(reports: &[Report], console: Console) -> String {
    use std::fmt::Write as _;

    let mut text = String::new();
    let mut row = |stage: &str, result: &str, time: Duration| {
        let minutes = time.as_secs_f64() / 60.0;
        writeln!(text, "{stage:<10}  {result}  {minutes:>7.1}")
            .expect("a String takes all that is written");
    };
    for report in reports {
        let result = match &report.result {
            Err(_) => console.bad("failed "),
            Ok(notes) if notes.is_empty() => console.good("ok     "),
            Ok(_) => console.warn("partly "),
        };
        row(report.stage, &result, report.time);
    }
    row(
        "total",
        "       ",
        reports.iter().map(|report| report.time).sum(),
    );
    let mut text = format!("stage       result   minutes\n{text}");
    for report in reports {
        match &report.result {
            Ok(notes) => {
                for note in notes {
                    let _ = writeln!(text, "{} {}: {note}", console.warn("skipped"), report.stage);
                }
            }
            Err(problem) => {
                let _ = writeln!(
                    text,
                    "{} {}: {problem}",
                    console.bad("failed"),
                    report.stage
                );
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn without_only_every_stage_runs() {
        let options = Options::parse(words("--with-tools")).unwrap();
        assert!(options.with_tools);
        assert_eq!(options.stages.len(), STAGES.len());
    }

    #[test]
    fn only_names_stages_and_refuses_others() {
        let options = Options::parse(words("--only docs --only=format")).unwrap();
        let names: Vec<_> = options.stages.iter().map(|stage| stage.name).collect();
        assert_eq!(names, ["docs", "format"]);
        assert!(
            Options::parse(words("--only nothing"))
                .unwrap_err()
                .contains("nothing")
        );
        assert!(Options::parse(words("--only")).is_err());
        assert!(Options::parse(words("--quick")).is_err());
    }

    #[test]
    fn the_summary_shows_minutes_and_says_what_was_skipped_or_failed() {
        let report = |stage, seconds, result| Report {
            stage,
            time: Duration::from_secs(seconds),
            result,
        };
        let reports = [
            report("format", 6, Ok(Vec::new())),
            report("fuzz", 60, Ok(vec!["no `c++`".to_owned()])),
            report("docs", 30, Err("a link leads nowhere".to_owned())),
        ];
        let text = summary(&reports, Console::new());
        assert!(text.contains("format      ok           0.1\n"), "{text}");
        assert!(text.contains("total                    1.6\n"), "{text}");
        assert!(text.contains("skipped fuzz: no `c++`\n"), "{text}");
        assert!(
            text.contains("failed docs: a link leads nowhere\n"),
            "{text}"
        );
    }
}
