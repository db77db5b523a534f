//! The properties that the fuzz targets check, over the committed corpus and over random text.

use std::path::Path;

use civic_tests::property::{check, redact, scan};
use proptest::prelude::*;

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../fuzz/corpus")
        .join(target);
    let files = std::fs::read_dir(&folder).expect("the corpus is committed");
    let inputs: Vec<_> = files
        .map(|file| {
            let path = file.expect("the corpus can be listed").path();
            (
                path.display().to_string(),
                std::fs::read(path).expect("an input is a file"),
            )
        })
        .collect();
    assert!(!inputs.is_empty(), "{} is empty", folder.display());
    inputs
}

#[test]
fn scan_holds_over_the_corpus() {
    for (name, input) in corpus("scan") {
        println!("{name}");
        scan::check(&input);
    }
}

#[test]
fn redact_holds_over_the_corpus() {
    for (name, input) in corpus("redact") {
        println!("{name}");
        redact::check(&input);
    }
}

#[test]
fn check_holds_over_the_corpus() {
    for (name, input) in corpus("check") {
        println!("{name}");
        check::check(&input);
    }
}

/// Source made of pieces that mean something to a check, in an order that means nothing.
fn source() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "fn f(",
        "email: &str",
        ") {",
        "}",
        "info!(",
        "\"{email}\"",
        "%user.email",
        "?user",
        ");",
        "let ",
        "x",
        " = ",
        ";",
        "#[derive(Debug)]",
        "struct User",
        "{",
        "email: String",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "impl ",
        "Display for ",
        "#[instrument(",
        "skip(",
        "ret",
        "err",
        "#[error(\"{0}\")]",
        "enum E",
        "match ",
        "=>",
        "|",
        "if let Some(",
        "for ",
        " in ",
        "sqlx::query(\"",
        "SELECT * FROM a",
        " WHERE b = $1",
        "\")",
        ".fetch_all(p)",
        ".await",
        "?",
        "tx.begin()",
        "tx.commit()",
        "CREATE TABLE a (",
        "b TEXT",
        "ALTER TABLE a ",
        "DROP COLUMN b",
        "'",
        "\"",
        "/*",
        "//",
        "\n",
        "<form ",
        "required",
        "é",
        "govuk-error-message\">",
        "</p>",
        "// civic: allow(PD-LOG, reason = \"x\")",
        "macro_rules! m ",
        "$",
        ",",
        ":",
        "::",
        "mod a",
        "#![cfg(test)]",
        "async ",
        "[check]\n",
        "tests = true\n",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// Text made of pieces that mean something to a scanner, which random bytes seldom do.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z_.]{1,8}",
        "[0-9 -]{1,12}",
        "[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
        Just("nino=".to_owned()),
        Just("%40".to_owned()),
        Just("\\u0040".to_owned()),
        Just("@example.com".to_owned()),
        Just("[NINO]".to_owned()),
        Just("\u{200b}".to_owned()),
        Just("\u{ff11}\u{ff12}".to_owned()),
        Just("\"".to_owned()),
        Just("\n".to_owned()),
        Just("\x1b[31m".to_owned()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    // A failing input is printed; it becomes a file of the corpus by hand.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn scan_holds_over_random_bytes(data in prop::collection::vec(any::<u8>(), 0..600)) {
        scan::check(&data);
    }

    #[test]
    fn scan_holds_over_random_pieces(data in pieces()) {
        scan::check(data.as_bytes());
    }

    #[test]
    fn redact_holds_over_random_bytes(data in prop::collection::vec(any::<u8>(), 0..600)) {
        redact::check(&data);
    }

    #[test]
    fn redact_holds_over_random_pieces(data in pieces()) {
        redact::check(data.as_bytes());
    }

    #[test]
    fn check_holds_over_random_bytes(data in prop::collection::vec(any::<u8>(), 0..600)) {
        check::check(&data);
    }

    #[test]
    fn check_holds_over_random_pieces(data in source()) {
        check::check(data.as_bytes());
    }
}
