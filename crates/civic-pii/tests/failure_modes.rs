//! Ways in which personal data gets past a scanner that knows what it looks like.
//!
//! Every case is an encoding, a neighbour or a carrier that defeats plain patterns; the list follows what defeats the
//! tools that exist. A case is written in several ways, with and without a name near the value, and leaks when one of them
//! does. All values are made up, published examples, or from the ranges that Ofcom keeps for drama.

mod cases;

use cases::{CASES, Case};
use civic_pii::{Redactor, Scanner};

/// At most so many of the secrets may stay readable.
const MOST_LEAKS: usize = 3;

#[test]
fn at_most_three_secrets_leak() {
    let leaks: Vec<String> = CASES.iter().flat_map(leaks_of).collect();
    let worst: usize = CASES.iter().map(most_leaks_in_one_text).sum();
    assert!(
        worst <= MOST_LEAKS,
        "{worst} secrets leak:\n{}",
        leaks.join("\n")
    );
}

#[test]
fn cases_that_are_not_expected_to_leak_do_not() {
    for case in CASES.iter().filter(|case| !case.may_leak) {
        assert_eq!(leaks_of(case), [""; 0], "{}", case.name);
    }
}

#[test]
fn what_only_looks_like_personal_data_stays() {
    let scanner = Scanner::new();
    for text in cases::CLEAN {
        assert_eq!(scanner.scan(text), [], "{text}");
    }
}

#[test]
fn every_case_shows_what_it_is_about() {
    for case in CASES {
        for (text, secrets) in case.texts {
            for secret in *secrets {
                assert!(text.contains(secret), "{}: {text}", case.name);
            }
        }
    }
}

#[test]
fn numbers_are_found_in_fields_of_their_name() {
    let redactor = Redactor::new();
    let mut out = String::new();
    for (field, value) in [
        ("nhs_number", 9_434_765_919),
        ("card_number", 4_111_111_111_111_111),
        ("mobile", 7_700_900_123),
        ("phone", 2_079_460_018),
        ("chi_number", 101_701_234),
    ] {
        assert!(
            !redactor.redact_u64(Some(field), value, &mut out).is_empty(),
            "{field}={value}"
        );
        assert!(
            !redactor
                .redact_f64(Some(field), value as f64, &mut out)
                .is_empty(),
            "{field}={value}.0"
        );
    }
}

fn most_leaks_in_one_text(case: &Case) -> usize {
    case.texts
        .iter()
        .map(|(text, secrets)| leaked(text, secrets).len())
        .max()
        .unwrap_or(0)
}

fn leaks_of(case: &Case) -> Vec<String> {
    case.texts
        .iter()
        .flat_map(|(text, secrets)| {
            let redacted = Redactor::new().redact(text);
            leaked(text, secrets)
                .into_iter()
                .map(move |secret| format!("{}: {secret:?} in {redacted:?}", case.name))
        })
        .collect()
}

/// The secrets of a text of which a letter or a digit stays readable.
fn leaked<'s>(text: &str, secrets: &[&'s str]) -> Vec<&'s str> {
    let findings = Scanner::new().scan(text);
    let covered = |at: usize| {
        findings
            .iter()
            .any(|finding| (finding.start..finding.end).contains(&at))
    };
    secrets
        .iter()
        .copied()
        .filter(|secret| {
            text.match_indices(secret).any(|(start, _)| {
                secret
                    .bytes()
                    .enumerate()
                    .any(|(i, byte)| byte.is_ascii_alphanumeric() && !covered(start + i))
            })
        })
        .collect()
}
