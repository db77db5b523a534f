//! JUnit: one failed test case for each finding, or one that passed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use civic_ops::{Finding, RULES};

pub(super) fn write(findings: &[Finding]) -> String {
    let mut by_code: BTreeMap<&str, Vec<&Finding>> =
        RULES.iter().map(|rule| (rule.code(), Vec::new())).collect();
    for finding in findings {
        by_code.entry(finding.code).or_default().push(finding);
    }
    let tests: usize = by_code.values().map(|list| list.len().max(1)).sum();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cargo civic check\" tests=\"{tests}\" failures=\"{}\">\n",
        findings.len()
    );
    for (code, list) in by_code {
        let _ = writeln!(
            out,
            "  <testsuite name=\"{code}\" tests=\"{}\" failures=\"{}\">",
            list.len().max(1),
            list.len()
        );
        if list.is_empty() {
            let _ = writeln!(
                out,
                "    <testcase classname=\"{code}\" name=\"no finding\"/>"
            );
        }
        for finding in list {
            let place = format!("{}:{}:{}", finding.path, finding.line, finding.column);
            let _ = writeln!(
                out,
                "    <testcase classname=\"{code}\" name=\"{}\" file=\"{}\" line=\"{}\">\n      <failure message=\"{}\" type=\"{}\">{}</failure>\n    </testcase>",
                escape(&format!("{place} {}", finding.item)),
                escape(&finding.path),
                finding.line,
                escape(&finding.message),
                finding.severity.id(),
                escape(&format!("{place}: {}; {}", finding.message, finding.help)),
            );
        }
        out += "  </testsuite>\n";
    }
    out + "</testsuites>\n"
}

/// Text for XML: what has a meaning there is written out, what may not stand there is replaced.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&apos;",
            '\t' | '\n' | '\r' => out.push(' '),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_reads_is_written_out() {
        assert_eq!(
            escape("a<b> & \"c\"\u{1}\n"),
            "a&lt;b&gt; &amp; &quot;c&quot;\u{fffd} "
        );
    }
}
