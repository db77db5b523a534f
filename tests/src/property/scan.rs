//! What holds for every scan.

use civic_pii::{Scanner, Scratch};

/// Scans the text that follows the first line, in a field named by that line, and without a field.
///
/// # Panics
/// When an offset is out of bounds, two findings overlap or stand in the wrong order, a confidence is no percentage, or
/// buffers that held another text change the result.
pub fn check(data: &[u8]) {
    let scanner = Scanner::new();
    let (field, text) = split(data);
    let mut reused = Scratch::default();
    scanner.scan_with(
        None,
        b"an earlier text about jo.bloggs@example.com",
        &mut reused,
    );
    for field in [None, field] {
        let mut fresh = Scratch::default();
        let findings = scanner.scan_with(field, text, &mut fresh);
        let mut end_of_last = 0;
        for finding in findings {
            assert!(
                finding.start >= end_of_last,
                "two findings overlap or are out of order"
            );
            assert!(finding.start < finding.end, "a finding is empty");
            assert!(finding.end <= text.len(), "a finding ends after the text");
            assert!(
                finding.confidence <= 100,
                "a confidence is above a hundred percent"
            );
            end_of_last = finding.end;
        }
        let again = scanner.scan_with(field, text, &mut reused);
        assert_eq!(findings, again, "buffers of another text change the result");
    }
}

/// The first line as the name of a field, where it is one, and the rest.
fn split(data: &[u8]) -> (Option<&str>, &[u8]) {
    match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (std::str::from_utf8(&data[..end]).ok(), &data[end + 1..]),
        None => (None, data),
    }
}
