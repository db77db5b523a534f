//! What is waived, and what becomes of waivers that are wrong.

use civic_ops::{Report, Settings, Sources, UNREADABLE, UNUSED, check};

fn report(text: &str) -> Report {
    check(
        &Sources::from_texts([("src/lib.rs", text)]),
        &Settings::default(),
    )
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_waiver_with_a_reason_stands_on_the_line_or_above() {
    for text in [
        "fn f() {\n info!(\"{}\", user.email); // civic: allow(PD-LOG, reason = \"a demo\")\n}",
        "fn f() {\n // civic: allow(PD-LOG, reason = \"a demo\")\n info!(\"{}\", user.email);\n}",
        "fn f() {\n // civic: allow(PD-LOG, PD-URL, reason = \"a demo\")\n // and more\n info!(\"{}\", user.email);\n}",
    ] {
        let report = report(text);
        assert_eq!(codes(&report), [] as [&str; 0], "{text}");
        assert_eq!(report.waived, 1);
    }
}

#[test]
fn a_waiver_without_a_reason_or_a_rule_does_not_count() {
    for words in [
        "allow(PD-LOG)",
        "allow(PD-LOG, reason = \"\")",
        "allow(PD-NONE, reason = \"x\")",
        "allow",
    ] {
        let text = format!("fn f() {{\n // civic: {words}\n info!(\"{{}}\", user.email);\n}}");
        let report = report(&text);
        assert_eq!(codes(&report), [UNREADABLE, "PD-LOG"], "{words}");
    }
}

#[test]
fn a_waiver_that_waives_nothing_is_a_finding() {
    let report = report("// civic: allow(PD-LOG, reason = \"gone\")\nfn f() {}");
    assert_eq!(codes(&report), [UNUSED]);
    assert_eq!(report.findings[0].line, 1);
}

#[test]
fn the_policy_waives_by_path_and_item() {
    let settings = Settings::parse(
        "[[check.waive]]\ncode = \"PD-LOG\"\npath = \"src/lib.rs\"\nitem = \"f\"\nreason = \"a demo\"\n\n\
         [[check.waive]]\ncode = \"PD-LOG\"\npath = \"src/none.rs\"\nreason = \"gone\"",
    )
    .expect("settings");
    let text =
        "fn f(email: &str) { info!(\"{email}\"); }\nfn g(email: &str) { info!(\"{email}\"); }";
    let report = check(&Sources::from_texts([("src/lib.rs", text)]), &settings);
    let left: Vec<_> = report
        .findings
        .iter()
        .map(|f| (f.code, &*f.path, f.line))
        .collect();
    assert_eq!(
        left,
        [(UNUSED, "civic.toml", 7), ("PD-LOG", "src/lib.rs", 2)]
    );
}

#[test]
fn settings_that_are_wrong_are_named_with_their_line() {
    for (text, expected) in [
        ("[check]\ntest = true", "line 2: unknown field `test`"),
        (
            "[[check.waive]]\ncode = \"PD-LOG\"\npath = \"x\"\nreason = \"\"",
            "line 1: the waiver has no reason",
        ),
        (
            "[[check.waive]]\ncode = \"PD-X\"\npath = \"x\"\nreason = \"r\"",
            "line 1: there is no rule `PD-X`",
        ),
        ("[check", "line 1: "),
    ] {
        let error = Settings::parse(text).expect_err("wrong").to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}
