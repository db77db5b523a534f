//! SARIF 2.1.0, as code scanning reads it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use civic_ops::{RULES, Report, Rule, Severity};
use serde_json::{Value, json};

pub(super) fn write(report: &Report) -> String {
    let rules: Vec<Value> = RULES.iter().map(rule).collect();
    // The same thing twice in one item is told apart by its number.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let key = finding.key();
            let count = seen.entry(key.clone()).or_default();
            *count += 1;
            let mut result = json!({
                "ruleId": finding.code,
                "level": level(finding.severity),
                "message": {"text": format!("{}; {}", finding.message, finding.help)},
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": {"uri": uri(&finding.path), "uriBaseId": "SRCROOT"},
                        "region": {"startLine": finding.line, "startColumn": finding.column},
                    },
                    "logicalLocations": [{"fullyQualifiedName": finding.item}],
                }],
                "partialFingerprints": {"civic/v1": fingerprint(&format!("{key}|{count}"))},
            });
            if let Some(index) = RULES.iter().position(|rule| rule.code() == finding.code) {
                result["ruleIndex"] = json!(index);
            }
            result
        })
        .collect();
    let notifications: Vec<Value> = report
        .undecided
        .iter()
        .map(|undecided| {
            json!({
                "level": "note",
                "message": {"text": format!("not determined: {}", undecided.why)},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": uri(&undecided.path), "uriBaseId": "SRCROOT"},
                    "region": {"startLine": undecided.line},
                }}],
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "cargo-civic",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&log).expect("text and numbers are JSON") + "\n"
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.code(),
        "shortDescription": {"text": rule.title()},
        "help": {"text": rule.page(), "markdown": rule.page()},
        "defaultConfiguration": {"level": level(rule.severity())},
    })
}

fn level(severity: Severity) -> &'static str {
    severity.id()
}

/// The path as the reference of a URI: everything else than plain characters is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// FNV-1a of 64 bits: the same on every machine, and no secret depends on it.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("src/a b.rs"), "src/a%20b.rs");
        assert_eq!(uri("src/é.rs"), "src/%C3%A9.rs");
    }

    #[test]
    fn a_fingerprint_never_changes() {
        assert_eq!(fingerprint(""), "cbf29ce484222325");
        assert_eq!(fingerprint("a"), "af63dc4c8601ec8c");
    }
}
