//! A feature adds API and never needs another one by accident.

use super::Outcome;
use crate::context::{Context, Package};

pub(super) fn run(context: &Context) -> Outcome {
    let mut failed = Vec::new();
    for package in context.publishable() {
        for choice in choices(package) {
            let mut clippy = context.cargo(["clippy", "--quiet", "--package", &package.name]);
            // Clippy and not `cargo check`: it takes -D warnings without recompiling the dependencies.
            clippy.args(&choice).args(["--", "-D", "warnings"]);
            if context.run(&mut clippy).is_err() {
                failed.push(format!("{} with {}", package.name, choice.join(" ")));
            }
        }
    }
    if failed.is_empty() {
        Ok(Vec::new())
    } else {
        Err(failed.join("; "))
    }
}

/// No feature, the default ones, each alone, all; without repeating a set.
fn choices(package: &Package) -> Vec<Vec<String>> {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let mut choices = vec![words("--no-default-features")];
    let alone = package.features.iter();
    choices
        .extend(alone.map(|feature| words(&format!("--no-default-features --features {feature}"))));
    if package.default_features.len() > 1 {
        choices.push(words("--features default"));
    }
    if package.features.len() > 1 {
        choices.push(words("--all-features"));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(features: &[&str], default: &[&str]) -> Package {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Package {
            name: "sample".to_owned(),
            version: "0.1.0".to_owned(),
            features: owned(features),
            default_features: owned(default),
            publishable: true,
            library: true,
        }
    }

    #[test]
    fn each_set_of_features_comes_once() {
        let joined = |package: Package| {
            choices(&package)
                .iter()
                .map(|words| words.join(" "))
                .collect::<Vec<_>>()
        };
        assert_eq!(joined(package(&[], &[])), ["--no-default-features"]);
        assert_eq!(
            joined(package(&["otel"], &["otel"])),
            [
                "--no-default-features",
                "--no-default-features --features otel"
            ]
        );
        assert_eq!(
            joined(package(&["a", "b"], &["a", "b"])),
            [
                "--no-default-features",
                "--no-default-features --features a",
                "--no-default-features --features b",
                "--features default",
                "--all-features"
            ]
        );
    }
}
