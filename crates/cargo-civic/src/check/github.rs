//! Annotations of GitHub Actions: workflow commands on standard output.

use civic_ops::{Finding, Severity};

pub(super) fn write(findings: &[Finding]) -> String {
    findings.iter().map(one).collect()
}

fn one(finding: &Finding) -> String {
    let command = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    format!(
        "::{command} file={},line={},col={},title={}::{}\n",
        property(&finding.path),
        finding.line,
        finding.column,
        property(finding.code),
        data(&format!("{}; {}", finding.message, finding.help)),
    )
}

/// A message: what ends a command is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property: what ends it is escaped too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_path_begins_a_command() {
        assert_eq!(
            property("a,b\n::error::c%"),
            "a%2Cb%0A%3A%3Aerror%3A%3Ac%25"
        );
    }
}
