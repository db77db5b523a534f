//! The rules as test cases: compliance in every run of `cargo test`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::{Finding, RULES, Settings, Sources, check};

/// Makes the `main` of a test that runs every rule over the package it stands in.
///
/// In `tests/compliance.rs`, with `harness = false` for it in the manifest:
///
/// ```no_run
/// civic_ops::compliance_tests!();
/// ```
///
/// There is a case for each rule without a finding, `PD-LOG`, and one for each item with some, `PD-LOG::src/main.rs::apply`. The
/// cases take the arguments of any other test: a filter, `--list`, `--skip`. The policy is the `civic.toml` beside the
/// manifest. An argument names another folder, seen from the manifest.
#[macro_export]
macro_rules! compliance_tests {
    () => {
        $crate::compliance_tests!(".");
    };
    ($folder:expr) => {
        fn main() -> ::std::process::ExitCode {
            let manifest = ::std::path::Path::new(::core::env!("CARGO_MANIFEST_DIR"));
            $crate::compliance::run(&manifest.join($folder))
        }
    };
}

/// Runs the cases over a folder, with the arguments that the process was given.
///
/// A folder or a policy that cannot be read is a case that fails.
pub fn run(folder: &Path) -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials(folder)).exit_code()
}

/// The cases over a folder, by name.
pub fn trials(folder: &Path) -> Vec<Trial> {
    let (sources, settings) = match read(folder) {
        Ok(read) => read,
        Err(what) => return vec![Trial::test("source", move || Err(Failed::from(what)))],
    };
    let report = check(&sources, &settings);
    let mut cases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for finding in &report.findings {
        cases.entry(name(finding)).or_default().push(said(finding));
    }
    let clean = RULES.iter().filter(|rule| {
        let mut findings = report.findings.iter();
        findings.all(|finding| finding.code != rule.code())
    });
    for rule in clean {
        cases.insert(rule.code().to_owned(), Vec::new());
    }
    cases
        .into_iter()
        .map(|(name, findings)| {
            Trial::test(name, move || {
                if findings.is_empty() {
                    Ok(())
                } else {
                    Err(Failed::from(findings.join("\n")))
                }
            })
        })
        .collect()
}

fn read(folder: &Path) -> Result<(Sources, Settings), String> {
    let sources =
        Sources::read(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let settings = match sources.text("civic.toml") {
        Some(text) => Settings::parse(text).map_err(|error| format!("civic.toml: {error}"))?,
        None => Settings::default(),
    };
    Ok((sources, settings))
}

fn name(finding: &Finding) -> String {
    let mut name = format!("{}::{}", finding.code, finding.path);
    if !finding.item.is_empty() {
        name.push_str("::");
        name.push_str(&finding.item);
    }
    name
}

fn said(finding: &Finding) -> String {
    format!(
        "{}:{}:{}: {}; {}",
        finding.path, finding.line, finding.column, finding.message, finding.help
    )
}
