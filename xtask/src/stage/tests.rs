//! Tests, doc tests and the tidy tests.

use super::Outcome;
use crate::context::Context;
use crate::tool::{OF_TESTS, Tool};

/// Features that a measurement or a stage of its own needs, and that the stages here leave out. Clippy covers them.
const LEFT_OUT: &[(&str, &str)] = &[("civic-benches", "rivals"), ("civic-tests", "balancer")];

pub(super) fn run(context: &Context) -> Outcome {
    let features = features(context);
    let missing = OF_TESTS.iter().filter(|tool| !tool.is_here());
    let mut notes: Vec<String> = missing.map(Tool::how_to_install).collect();
    if context.with_tools && !notes.is_empty() {
        return Err(notes.join("; "));
    }
    let mut tests = if Context::finds("cargo-nextest") {
        context.cargo(["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        notes.push(
            "no `cargo-nextest`, so `cargo test` ran the tests; `cargo install cargo-nextest --locked` brings it"
                .to_owned(),
        );
        // Without --all-targets, which would run the benches as well.
        context.cargo([
            "test",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
        ])
    };
    context.run(tests.arg("--features").arg(features))?;
    Ok(notes)
}

pub(super) fn run_doctests(context: &Context) -> Outcome {
    let mut doctests = context.cargo(["test", "--doc", "--workspace", "--no-fail-fast"]);
    context.run(doctests.arg("--features").arg(features(context)))?;
    Ok(Vec::new())
}

pub(super) fn run_tidy(context: &Context) -> Outcome {
    let mut tidy = context.cargo(["test", "--quiet", "--workspace", "--test", "tidy"]);
    // The same features as in `run`, so that nothing is compiled twice.
    context.run(tidy.arg("--features").arg(features(context)))?;
    Ok(Vec::new())
}

/// All features of all members but those that are left out here, as `crate/feature` joined by commas.
pub(super) fn features(context: &Context) -> String {
    let mut features = Vec::new();
    for package in &context.packages {
        for feature in &package.features {
            if !LEFT_OUT.contains(&(package.name.as_str(), feature.as_str())) {
                features.push(format!("{}/{feature}", package.name));
            }
        }
    }
    features.join(",")
}
