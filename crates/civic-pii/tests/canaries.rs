//! A made-up value that may stand anywhere in any text never survives a redaction.

use civic_pii::Redactor;
use proptest::prelude::*;

/// What may stand directly before and behind a value, so that it is a word of its own.
const MARGINS: &str = "[ \"'`,;:=()<>|\\[\\]{}\t\n]";

/// Ten to forty printable characters.
const TEXT: &str = "[ -~äЖ€\t\n]{0,40}";

fn nino() -> impl Strategy<Value = String> {
    let prefix = prop::sample::select(vec!["AB", "CE", "JG", "PW", "SX", "WZ"]);
    let separator = prop::sample::select(vec!["", " ", "-", ".", "\u{A0}", "%20", "\u{2011}"]);
    (prefix, "[0-9]{6}", "[A-D]", separator).prop_map(|(prefix, digits, suffix, s)| {
        let (a, b, c) = (&digits[..2], &digits[2..4], &digits[4..]);
        format!("{prefix}{s}{a}{s}{b}{s}{c}{s}{suffix}")
    })
}

fn email() -> impl Strategy<Value = String> {
    let at = prop::sample::select(vec!["@", "%40", "\\u0040", "\u{FF20}"]);
    ("[a-z][a-z0-9]{0,9}([._+-][a-z0-9]{1,9})?", at, "[a-z]{1,9}")
        .prop_map(|(name, at, domain)| format!("{name}{at}{domain}.example.com"))
}

/// A Visa number whose check digit is right, bare or in groups.
fn card() -> impl Strategy<Value = String> {
    let separator = prop::sample::select(vec![" ", "-", "\u{A0}"]);
    ("4[0-9]{14}", separator).prop_map(|(body, s)| {
        let sum: u32 = body
            .bytes()
            .rev()
            .enumerate()
            .map(|(i, digit)| {
                let digit = u32::from(digit - b'0');
                if i % 2 == 0 {
                    digit / 5 + digit * 2 % 10
                } else {
                    digit
                }
            })
            .sum();
        let card = format!("{body}{}", (10 - sum % 10) % 10);
        format!(
            "{}{s}{}{s}{}{s}{}",
            &card[..4],
            &card[4..8],
            &card[8..12],
            &card[12..]
        )
    })
}

/// A British IBAN whose check digits are right, bare or in fours.
fn iban() -> impl Strategy<Value = String> {
    ("[A-Z]{4}[0-9]{14}", any::<bool>()).prop_map(|(account, spaces)| {
        let remainder = format!("{account}GB00").bytes().fold(0, |rest, byte| {
            let value = u32::from(
                byte - if byte.is_ascii_digit() {
                    b'0'
                } else {
                    b'A' - 10
                },
            );
            (rest * if value > 9 { 100 } else { 10 } + value) % 97
        });
        let iban = format!("GB{:02}{account}", 98 - remainder);
        if spaces {
            let fours: Vec<_> = iban
                .as_bytes()
                .chunks(4)
                .map(String::from_utf8_lossy)
                .collect();
            fours.join(" ")
        } else {
            iban
        }
    })
}

fn canary() -> impl Strategy<Value = String> {
    prop_oneof![nino(), email(), card(), iban()]
}

/// Letters and digits only, so that a part of a value that stays is seen as well.
fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_canary_survives(
        before in TEXT,
        left in MARGINS,
        canary in canary(),
        right in MARGINS,
        after in TEXT,
    ) {
        let text = format!("{before}{left}{canary}{right}{after}");
        let redacted = Redactor::new().redact(&text);
        prop_assert!(
            !squash(&redacted).contains(&squash(&canary)),
            "{canary:?} survives in {text:?}: {redacted:?}"
        );
        let again = Redactor::new().redact(&redacted);
        prop_assert_eq!(&again, &redacted, "a second redaction changes {:?}", text);
    }
}
