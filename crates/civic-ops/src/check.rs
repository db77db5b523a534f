//! The whole way: from files to a report.

use crate::collect::collect;
use crate::facts::{Facts, Undecided};
use crate::finding::Finding;
use crate::judge::Judge;
use crate::personal::Names;
use crate::rule::{Context, Previous, RULES};
use crate::settings::Settings;
use crate::source::Sources;
use crate::waiver;

/// What a check found.
#[derive(Debug)]
pub struct Report {
    /// Sorted by path, line, column and code.
    pub findings: Vec<Finding>,
    /// Where nothing could be said, and why; sorted.
    pub undecided: Vec<Undecided>,
    /// How many findings are waived.
    pub waived: usize,
    /// How many Rust files were read.
    pub files: usize,
}

/// Reads the facts out of the files and runs every rule on them.
///
/// The same files and settings give the same report, byte for byte. Nothing but the texts is looked at.
///
/// ```
/// use civic_ops::{Settings, Sources, check};
///
/// let sources = Sources::from_texts([(
///     "src/main.rs",
///     r#"fn apply(email: &str) { tracing::info!(%email, "applied"); }"#,
/// )]);
/// let report = check(&sources, &Settings::default());
/// assert_eq!(report.findings[0].code, "PD-LOG");
/// assert_eq!((report.findings[0].line, report.findings[0].column), (1, 25));
/// ```
pub fn check(sources: &Sources, settings: &Settings) -> Report {
    checked(sources, None, settings)
}

/// As [`check`], and looks at the migrations that the previous release does not have.
///
/// A column that one of them drops or renames is reported with each query of the previous release that names it.
///
/// ```
/// use civic_ops::{Settings, Sources, check_since};
///
/// let before = Sources::from_texts([("migrations/1.sql", "CREATE TABLE a (id INT, b INT);")]);
/// let after = Sources::from_texts([
///     ("migrations/1.sql", "CREATE TABLE a (id INT, b INT);"),
///     ("migrations/2.sql", "ALTER TABLE a DROP COLUMN b;"),
/// ]);
/// let report = check_since(&after, &before, &Settings::default());
/// assert_eq!(report.findings[0].code, "MIG-DROP");
/// ```
pub fn check_since(sources: &Sources, previous: &Sources, settings: &Settings) -> Report {
    let previous = Previous {
        migrations: previous.texts().map(|(path, _)| path.to_owned()).collect(),
        facts: collect(previous),
    };
    checked(sources, Some(&previous), settings)
}

fn checked(sources: &Sources, previous: Option<&Previous>, settings: &Settings) -> Report {
    let facts = collect(sources);
    let names = Names::with(settings.scanner());
    let findings = run(&facts, &names, previous, settings);
    report(facts, findings, sources, settings)
}

/// The facts that rules look at, without rules.
///
/// ```
/// let sources = civic_ops::Sources::from_texts([("src/lib.rs", "struct User { email: String }")]);
/// let facts = civic_ops::facts(&sources).to_json();
/// assert_eq!(facts["version"], 1);
/// ```
pub fn facts(sources: &Sources) -> Facts {
    collect(sources)
}

fn run(
    facts: &Facts,
    names: &Names,
    previous: Option<&Previous>,
    settings: &Settings,
) -> Vec<Finding> {
    let judge = Judge::new(facts, names);
    let context = Context::new(facts, &judge, previous, settings.tests);
    let mut findings = Vec::new();
    for rule in RULES {
        rule.run(&context, &mut findings);
    }
    findings
}

fn report(
    facts: Facts,
    mut findings: Vec<Finding>,
    sources: &Sources,
    settings: &Settings,
) -> Report {
    findings.retain(|finding| !settings.excludes(&finding.path));
    let waived = waiver::apply(&mut findings, sources, settings);
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.line, finding.column);
        (&a.path, key(a), a.code, &a.message).cmp(&(&b.path, key(b), b.code, &b.message))
    });
    findings.dedup();
    let mut undecided = facts.undecided;
    undecided.retain(|undecided| !settings.excludes(&undecided.path));
    undecided.sort();
    undecided.dedup();
    Report {
        findings,
        undecided,
        waived,
        files: facts.paths.len(),
    }
}
