//! A check of any text as any kind of file ends in findings that point into it, and never in a defect.

use civic_ops::{RegisterFormat, Settings, Sources, check_since, facts, register};

/// Checks the property for these bytes.
///
/// # Panics
/// If it does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    let files = [
        "src/lib.rs",
        "migrations/1.sql",
        "templates/a.html",
        "Cargo.toml",
    ];
    let sources = Sources::from_texts(files.map(|path| (path, text.clone())));
    let settings = Settings::parse(&text).unwrap_or_default();
    // Against nothing, so that every migration is a new one.
    let report = check_since(&sources, &Sources::default(), &settings);
    for finding in &report.findings {
        if finding.path == "civic.toml" {
            continue;
        }
        let text = sources.text(&finding.path).expect("a file that was given");
        let lines = text.split('\n').count();
        assert!((1..=lines).contains(&finding.line), "{finding:?}");
        assert!(finding.column >= 1, "{finding:?}");
        assert!(text.get(finding.span.clone()).is_some(), "{finding:?}");
    }
    for undecided in &report.undecided {
        assert!(!undecided.why.contains("defect"), "{undecided:?}");
    }
    let json = facts(&sources).to_json();
    assert_eq!(json["version"], 1);
    let register = register(&sources, &settings).write(RegisterFormat::Markdown);
    assert!(register.ends_with('\n'), "{register}");
}
