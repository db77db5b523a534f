//! Cargo only warns about a key that it does not know, so that a misspelt one is silently without effect.

use std::process::Stdio;

use super::Outcome;
use crate::context::Context;
use crate::fuzz;

pub(super) fn run(context: &Context) -> Outcome {
    fuzz::copy_lock(context)?;
    let mut unknown = Vec::new();
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        // `fetch` reads every manifest of the workspace and warns, but compiles nothing.
        let mut fetch = context.cargo(["fetch", "--manifest-path", manifest]);
        context.show(&fetch);
        let output = fetch
            .env("CARGO_TERM_COLOR", "never")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot start cargo: {error}"))?;
        let text = String::from_utf8_lossy(&output.stderr);
        eprint!("{text}");
        if !output.status.success() {
            return Err(format!("cargo cannot read {manifest} and what it needs"));
        }
        unknown.extend(unknown_keys(&text));
    }
    if unknown.is_empty() {
        Ok(Vec::new())
    } else {
        Err(format!("cargo does not know: {}", unknown.join("; ")))
    }
}

/// What stands after `unused manifest key:` in the warnings.
fn unknown_keys(warnings: &str) -> Vec<String> {
    let keys = warnings
        .lines()
        .filter(|line| line.starts_with("warning: ") && line.contains("unused manifest key"));
    keys.map(|line| line.trim_start_matches("warning: ").to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn cargo_still_words_the_warning_so() {
        let folder = std::env::temp_dir().join(format!("civic-manifests-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("src/lib.rs"), "").unwrap();
        let manifest =
            "[package]\nname = \"misspelt\"\nedition = \"2024\"\nlicence = \"MIT\"\n[workspace]\n";
        std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .arg("fetch")
            .arg("--offline")
            .current_dir(&folder)
            .output()
            .unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let keys = unknown_keys(&String::from_utf8_lossy(&output.stderr));
        assert_eq!(keys.len(), 1, "{keys:?}");
        assert!(
            keys[0].ends_with("unused manifest key: package.licence"),
            "{keys:?}"
        );
    }
}
