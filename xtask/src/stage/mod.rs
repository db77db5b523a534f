//! The stages of `cargo xtask test`, cheap ones first.

mod audit_faults;
mod balancer;
mod examples;
mod features;
mod fuzz;
mod manifests;
mod package;
mod tests;

use crate::context::Context;

/// A part of `cargo xtask test` that succeeds or fails by itself.
#[derive(Debug)]
pub struct Stage {
    /// Name, for `--only` and the summary.
    pub name: &'static str,
    /// What has to hold, in one line.
    pub about: &'static str,
    pub(crate) run: fn(&Context) -> Outcome,
}

/// One line for each thing that was skipped, with the way to install what it needs; or what failed.
pub(crate) type Outcome = Result<Vec<String>, String>;

/// Every stage, in the order in which they run.
pub const STAGES: &[Stage] = &[
    Stage {
        name: "format",
        about: "rustfmt would change nothing",
        run: format,
    },
    Stage {
        name: "manifests",
        about: "cargo knows every key of every manifest",
        run: manifests::run,
    },
    Stage {
        name: "clippy",
        about: "clippy has nothing to say, with all targets and features",
        run: clippy,
    },
    Stage {
        name: "tests",
        about: "unit and integration tests pass",
        run: tests::run,
    },
    Stage {
        name: "doctests",
        about: "examples in the documentation compile and hold",
        run: tests::run_doctests,
    },
    Stage {
        name: "tidy",
        about: "documents, manifests and sources agree with each other",
        run: tests::run_tidy,
    },
    Stage {
        name: "docs",
        about: "documentation builds without a warning, private items too",
        run: docs,
    },
    Stage {
        name: "features",
        about: "every crate builds with no feature, with each alone and with all",
        run: features::run,
    },
    Stage {
        name: "package",
        about: "every crate packs, with its licences, and builds from what was packed",
        run: package::run,
    },
    Stage {
        name: "examples",
        about: "every example builds and passes its tests as a copy outside the workspace",
        run: examples::run,
    },
    Stage {
        name: "balancer",
        about: "a rolling restart behind HAProxy loses no request",
        run: balancer::run,
    },
    Stage {
        name: "audit-faults",
        about: "an audit trail loses nothing by kills, failing disks and power cuts",
        run: audit_faults::run,
    },
    Stage {
        name: "fuzz",
        about: "every fuzz target finds nothing within a minute",
        run: fuzz::run,
    },
];

fn format(context: &Context) -> Outcome {
    context.run(&mut context.cargo(["fmt", "--all", "--check"]))?;
    let fuzz = ["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"];
    context.run(&mut context.cargo(fuzz))?;
    Ok(Vec::new())
}

fn clippy(context: &Context) -> Outcome {
    let clippy = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ];
    context.run(&mut context.cargo(clippy))?;
    Ok(Vec::new())
}

fn docs(context: &Context) -> Outcome {
    let mut docs = context.cargo([
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    docs.arg("--features").arg(tests::features(context));
    context.run(docs.env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(Vec::new())
}
