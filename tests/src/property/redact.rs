//! What holds for every redaction.

use civic_pii::{Redactor, Scratch};

/// Made-up values, each on a line that gives it away: this must never be in the output.
const CANARIES: &[(&str, &str)] = &[
    ("AB123456C", r#"{"nino":"AB123456C"}"#),
    ("jo.bloggs@example.com", "email=jo.bloggs@example.com "),
];

/// Redacts the text, redacts it again, and redacts it with a canary in its middle.
///
/// # Panics
/// When the second redaction changes or counts anything, or when a canary is in the output.
pub fn check(data: &[u8]) {
    let redactor = Redactor::new();
    let once = redact(&redactor, data);
    let twice = redact(&redactor, &once);
    assert_eq!(
        String::from_utf8_lossy(&once),
        String::from_utf8_lossy(&twice),
        "a second redaction changes the text"
    );

    for (canary, line) in CANARIES {
        if contains(data, canary.as_bytes()) {
            // It stands where the fuzzer put it, perhaps inside a word that only looks like it.
            continue;
        }
        let (before, after) = data.split_at(data.len() / 2);
        let text = [before, b"\n", line.as_bytes(), b"\n", after].concat();
        let output = redact(&redactor, &text);
        assert!(!contains(&output, canary.as_bytes()), "a canary survives");
    }
}

fn redact(redactor: &Redactor, text: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(text.len());
    redactor
        .redact_into(text, &mut Scratch::default(), &mut output)
        .expect("a Vec takes all that is written");
    output
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
