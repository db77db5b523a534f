//! The properties that the fuzz targets check, over the committed corpus and over random text.

use std::path::Path;

use civic_tests::property::{redact, scan};
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
}
