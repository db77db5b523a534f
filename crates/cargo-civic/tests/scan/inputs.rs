//! Where text comes from: files, folders, standard input, and what cannot be read.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use crate::support::{CLEAN, EMAIL, Folder, NINO, personal};

#[test]
fn standard_input_is_named_by_a_hyphen_or_by_nothing() {
    let folder = Folder::new();
    for arguments in [&["--format=jsonl", "-"][..], &["--format=jsonl"]] {
        let run = folder.scan_with_input(arguments, personal().as_bytes());
        assert_eq!(run.code, Some(1));
        assert!(run.objects().iter().all(|object| object["path"] == "-"));
        assert_eq!(run.places(), [(1, 20, 29), (1, 33, 56)]);
    }
}

#[test]
fn a_pipe_is_scanned_as_its_lines_come() {
    let mut child = Folder::new()
        .command()
        .args(["scan", "--redact"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    for line in ["short\n", "a line that is somewhat longer\n"] {
        stdin.write_all(line.as_bytes()).expect("the program reads");
        let mut written = String::new();
        stdout.read_line(&mut written).expect("the program writes");
        assert_eq!(written, line);
    }
    drop(stdin);
    assert!(child.wait().expect("the program ends").success());
}

#[test]
fn an_empty_input_is_clean() {
    let run = Folder::new().with("empty.log", "").scan(&["empty.log"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(
        run.text(),
        "no personal data found in 1 input (0 lines, 0 B)\n"
    );
}

#[test]
fn the_last_line_needs_no_end() {
    let folder = Folder::new().with("a.log", format!("{CLEAN}{NINO}"));
    let run = folder.scan(&["--format=jsonl", "a.log"]);
    assert_eq!(run.places(), [(2, 0, 9)]);
}

#[test]
fn a_carriage_return_is_no_part_of_a_value() {
    let folder = Folder::new().with("a.log", format!("one\r\nid {NINO}\r\n{NINO}\r\n"));
    let run = folder.scan(&["--format=jsonl", "a.log"]);
    assert_eq!(run.places(), [(2, 3, 12), (3, 0, 9)]);
}

#[test]
fn bytes_that_are_not_utf_8_are_scanned_and_shown_as_numbers() {
    let line = [b"\xff\xc3 \"", NINO.as_bytes(), b"\" \xfe\n"].concat();
    let folder = Folder::new().with("a.log", &line);
    assert_eq!(
        folder.scan(&["--format=jsonl", "a.log"]).places(),
        [(1, 4, 13)]
    );
    let run = folder.scan(&["a.log"]);
    assert!(
        run.text().contains("\\xff\\xc3 \"[NINO]\" \\xfe\n"),
        "{}",
        run.text()
    );
}

#[test]
fn a_binary_file_is_scanned_as_bytes() {
    let content = [b"\x7fELF\0\0\x01 ", NINO.as_bytes(), b" \0\0\n\0"].concat();
    let run = Folder::new()
        .with("a.bin", content)
        .scan(&["--format=jsonl", "a.bin"]);
    assert_eq!(run.places(), [(1, 8, 17)]);
}

#[test]
fn a_missing_file_is_named_and_the_others_are_still_read() {
    let folder = Folder::new().with("a.log", personal());
    let run = folder.scan(&["--format=jsonl", "missing.log", "a.log"]);
    assert_eq!(run.code, Some(3));
    assert_eq!(run.places().len(), 2);
    assert!(
        run.stderr.contains("error: missing.log: cannot open it: "),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("1 input could not be read whole"),
        "{}",
        run.stderr
    );

    let run = folder.scan(&["--redact", "missing.log", "a.log"]);
    assert_eq!(run.code, Some(3));
    assert_eq!(
        run.text(),
        "INFO submitted nino=[NINO] by [EMAIL] in 31 ms\n"
    );
}

#[test]
fn a_folder_is_read_to_the_bottom_in_the_order_of_names() {
    let folder = Folder::new()
        .with("logs/b.log", personal())
        .with("logs/a/2.log", personal())
        .with("logs/a/10.log", personal())
        .with("logs/.hidden", personal());
    let run = folder.scan(&["--format=jsonl", "--kind=nino", "logs"]);
    let paths: Vec<_> = run.objects().iter().map(|o| o["path"].clone()).collect();
    assert_eq!(
        paths,
        [
            "logs/.hidden",
            "logs/a/10.log",
            "logs/a/2.log",
            "logs/b.log"
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_but_not_in_circles() {
    use std::os::unix::fs::symlink;

    let folder = Folder::new()
        .with("logs/a.log", personal())
        .with("other/b.log", personal());
    symlink("..", folder.path("logs/up")).expect("a link");
    symlink("../other", folder.path("logs/more")).expect("a link");
    let run = folder.scan(&["--format=jsonl", "--kind=nino", "logs"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let paths: Vec<_> = run.objects().iter().map(|o| o["path"].clone()).collect();
    assert_eq!(paths[..2], ["logs/a.log", "logs/more/b.log"]);

    symlink("nowhere", folder.path("logs/broken")).expect("a link");
    let run = folder.scan(&["logs"]);
    assert_eq!(run.code, Some(3));
    assert!(
        run.stderr.contains("logs/broken: cannot open it"),
        "{}",
        run.stderr
    );
}

#[test]
fn text_that_a_scan_of_bytes_would_miss_is_not_called_clean() {
    let utf_16: Vec<u8> = format!("\u{feff}{}", personal())
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let folder = Folder::new()
        .with("windows.log", utf_16)
        .with("old.log.xz", b"\xfd7zXZ\0\0\x04");
    for (name, what) in [
        ("windows.log", "UTF-16 text"),
        ("old.log.xz", "an xz archive"),
    ] {
        let run = folder.scan(&[name]);
        assert_eq!(run.code, Some(3));
        assert!(
            run.stderr.contains(&format!("error: {name}: it is {what}")),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run_quietly() {
    let folder = Folder::new().with("a.log", personal().repeat(20_000));
    for (arguments, code) in [
        (&["--format=jsonl", "a.log"][..], 1),
        (&["--redact", "a.log"], 0),
    ] {
        let mut command = folder.command();
        let mut child = command
            .arg("scan")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let folder = Folder::new().with("a.log", personal());
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let output = folder
        .command()
        .args(["scan", "--redact", "a.log"])
        .stdin(Stdio::null())
        .stdout(full)
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("cannot write to standard output"),
        "{stderr}"
    );
    assert!(!stderr.contains(EMAIL));
}
