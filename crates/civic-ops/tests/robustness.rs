//! Any text ends in a report: no panic, no hang, the same bytes twice.

use std::time::{Duration, Instant};

use civic_ops::{Settings, Sources, check, facts};

#[test]
fn broken_and_hostile_files_end_in_a_report() {
    let deep = |open: &str, count: usize| open.repeat(count);
    let files = [
        deep("(", 100_000),
        deep("{", 100_000),
        deep("info!(", 30_000),
        deep("Vec<", 30_000),
        deep("fn f() {", 8_000),
        deep("mod a {", 8_000),
        deep("impl A for B {", 8_000),
        deep("let x = ", 8_000),
        deep("if let Some(a) = a {", 30_000),
        deep("struct A { a: ", 8_000),
        deep("#[error(\"{0}\")] ", 8_000),
        deep("#![cfg(test)]", 8_000),
        deep("info!(\"{a}\", ", 8_000),
        "struct A(B); struct B(A); fn f(a: A) { info!(\"{a:?}\") }".to_owned(),
        "fn f() { let email = email; let email = email; info!(\"{email}\") }".to_owned(),
        "\u{feff}fn f(email: &str) { info!(\"{email}\") }".to_owned(),
        "fn \"\u{202e} info!(\"{".to_owned(),
        String::new(),
    ];
    for text in files {
        let begin = Instant::now();
        let head: String = text.chars().take(20).collect();
        let sources = Sources::from_texts([("src/lib.rs", text)]);
        check(&sources, &Settings::default());
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(20), "{head} took {took:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_said_to_be_so() {
    let sources = Sources::from_texts([("src/lib.rs", "fn f() {\n ( }")]);
    let report = check(&sources, &Settings::default());
    let undecided = &report.undecided[0];
    assert_eq!((&*undecided.path, undecided.line), ("src/lib.rs", 2));
    assert_eq!(undecided.why, "a bracket has no partner");
}

#[test]
fn the_order_of_files_changes_nothing() {
    let files = [
        ("b.rs", "#[derive(Debug)] struct User { email: String }"),
        ("a.rs", "fn f(user: User) { info!(?user) }"),
        (
            "c.rs",
            "#[derive(Debug)] struct User { email: String, x: u8 }",
        ),
    ];
    let forward = Sources::from_texts(files);
    let backward = Sources::from_texts(files.into_iter().rev());
    let report = |sources| format!("{:?}", check(sources, &Settings::default()));
    assert_eq!(report(&forward), report(&backward));
    assert_eq!(facts(&forward).to_json(), facts(&backward).to_json());
}
