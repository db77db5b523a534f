//! The two examples on the page of each rule are its first tests.

use crate::{RULES, Rule, Settings, Sources, check, check_since};

/// The files of an example: a line `file: NAME` in a comment begins one.
fn files(page: &str, heading: &str) -> Vec<(String, String)> {
    let section = page
        .split(&format!("\n## {heading}\n"))
        .nth(1)
        .unwrap_or_else(|| panic!("no section {heading}"));
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut files: Vec<(String, String)> = Vec::new();
    for (place, block) in section
        .split("```")
        .enumerate()
        .filter(|(place, _)| place % 2 == 1)
    {
        let (_, text) = block.split_once('\n').unwrap_or_default();
        let named = text
            .lines()
            .next()
            .and_then(|line| line.split_once("file: "));
        let path = named.map_or(format!("src/example{place}.rs"), |(_, name)| {
            name.trim_end_matches("-->").trim().to_owned()
        });
        files.push((path, text.to_owned()));
    }
    assert!(!files.is_empty(), "no example under {heading}");
    files
}

fn codes(rule: &Rule, heading: &str) -> Vec<&'static str> {
    // What stands below `previous/` is the release before.
    let mut before = Vec::new();
    let mut now = Vec::new();
    for (path, text) in files(rule.page(), heading) {
        match path.strip_prefix("previous/") {
            Some(path) => before.push((path.to_owned(), text)),
            None => now.push((path, text)),
        }
    }
    let sources = Sources::from_texts(now);
    let settings = Settings::default();
    let report = if before.is_empty() {
        check(&sources, &settings)
    } else {
        check_since(&sources, &Sources::from_texts(before), &settings)
    };
    report.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn the_first_example_of_each_page_fires_and_the_second_does_not() {
    for rule in RULES {
        let fired = codes(rule, "Fires");
        assert!(fired.contains(&rule.code()), "{}: {fired:?}", rule.code());
        let silent = codes(rule, "Silent");
        assert!(
            !silent.contains(&rule.code()),
            "{}: {silent:?}",
            rule.code()
        );
    }
}

#[test]
fn codes_are_sorted_and_unique_and_pages_have_their_names() {
    assert!(RULES.windows(2).all(|pair| pair[0].code() < pair[1].code()));
    for rule in RULES {
        assert!(rule.page().starts_with(&format!("# {}: ", rule.code())));
        assert!(rule.title().len() > 10, "{}", rule.code());
    }
}
