//! Lines that are longer than what is scanned at once.

use crate::support::{Folder, NINO};

const MEBIBYTE: usize = 1024 * 1024;

/// One line of that many bytes with a value every `step` bytes, and where the values begin.
fn line(length: usize, step: usize) -> (Vec<u8>, Vec<u64>) {
    let mut text: Vec<u8> = b"quiet words, "
        .iter()
        .copied()
        .cycle()
        .take(length)
        .collect();
    let mut starts = Vec::new();
    for start in (7..length - 20).step_by(step) {
        text[start - 1] = b' ';
        text[start..start + NINO.len()].copy_from_slice(NINO.as_bytes());
        text[start + NINO.len()] = b' ';
        starts.push(start as u64);
    }
    (text, starts)
}

#[test]
fn every_value_of_a_line_of_three_megabytes_is_found_where_it_stands() {
    for step in [199, 4099] {
        let (text, starts) = line(3 * MEBIBYTE + 5, step);
        let next = format!("\r\n{NINO}\n");
        let folder = Folder::new().with("a.log", [&text[..], next.as_bytes()].concat());
        let run = folder.scan(&["--format=jsonl", "--kind=nino", "a.log"]);
        let mut expected: Vec<_> = starts.iter().map(|start| (1, *start, start + 9)).collect();
        expected.push((2, 0, 9));
        assert_eq!(run.places().len(), expected.len(), "every {step} bytes");
        assert!(run.places() == expected, "every {step} bytes");
    }
}

#[test]
fn a_long_line_is_redacted_like_a_short_one() {
    for step in [11, 5003] {
        let (text, _) = line(MEBIBYTE + 77_777, step);
        let folder = Folder::new().with("a.log", &text);
        let run = folder.scan(&["--redact", "--kind=nino", "a.log"]);
        let expected = String::from_utf8_lossy(&text).replace(NINO, "[NINO]");
        assert!(run.text() == expected, "every {step} bytes");
    }
}

#[test]
fn a_long_line_is_shown_as_a_window_around_each_value() {
    let (text, starts) = line(2 * MEBIBYTE, 500_009);
    let run = Folder::new()
        .with("a.log", &text)
        .scan(&["--kind=nino", "a.log"]);
    let lines: Vec<_> = run.text().lines().collect();
    for (start, shown) in starts.iter().zip(lines.chunks(3)) {
        assert!(
            shown[0].starts_with(&format!("a.log:1:{}: nino ", start + 1)),
            "{}",
            shown[0]
        );
        assert!(shown[1].chars().count() <= 120, "{}", shown[1]);
        let at = shown[1].chars().count()
            - shown[1]
                .split_once("[NINO]")
                .expect("a marker")
                .1
                .chars()
                .count()
            - 6;
        assert_eq!(shown[2], format!("{}^^^^^^", " ".repeat(at)));
    }
}
