//! `--redact`: the text without the values, and every other byte as it was.

use crate::support::{CLEAN, EMAIL, Folder, NINO, personal};

#[test]
fn everything_but_the_values_stays_byte_for_byte() {
    let input = [
        CLEAN.as_bytes(),
        b"\r\n\r\n\n",
        NINO.as_bytes(),
        b"\r\nraw \xff\xfe\xc3 \"",
        EMAIL.as_bytes(),
        b"\" \0 \x1b[0m\rsame line\n",
        b"last line without an end ",
        NINO.as_bytes(),
    ]
    .concat();
    let expected = [
        CLEAN.as_bytes(),
        b"\r\n\r\n\n[NINO]\r\nraw \xff\xfe\xc3 \"[EMAIL]\" \0 \x1b[0m\rsame line\n",
        b"last line without an end [NINO]",
    ]
    .concat();
    let run = Folder::new()
        .with("a.log", input)
        .scan(&["--redact", "a.log"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&expected)
    );
    assert_eq!(run.stdout, expected);
    assert!(
        run.stderr
            .contains("3 values of 2 kinds replaced in 1 of 1 input"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_clean_file_comes_out_as_it_went_in() {
    let input = format!("{CLEAN}\r\n\n{CLEAN}end");
    let run = Folder::new()
        .with("a.log", &input)
        .scan(&["--redact", "a.log"]);
    assert_eq!((run.code, run.text()), (Some(0), &input[..]));
}

#[test]
fn several_inputs_follow_one_another() {
    let folder = Folder::new()
        .with("a.log", "one")
        .with("b.log", format!("{NINO}\n"));
    let run = folder.scan_with_input(&["--redact", "b.log", "-", "a.log"], b"two\n");
    assert_eq!(run.text(), "[NINO]\ntwo\none");
}

#[test]
fn a_choice_of_kinds_leaves_the_others_in_the_text() {
    let folder = Folder::new().with("a.log", personal());
    let run = folder.scan(&["--redact", "--kind", "nino", "a.log"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(run.text(), personal().replace(NINO, "[NINO]"));
}

#[test]
fn redacted_text_is_clean_when_it_is_scanned_again() {
    let folder = Folder::new().with("a.log", personal().repeat(100));
    let first = folder.scan(&["--redact", "a.log"]);
    let second = folder.scan_with_input(&["-"], &first.stdout);
    assert_eq!(second.code, Some(0), "{}", second.text());
    let third = folder.scan_with_input(&["--redact", "-"], &first.stdout);
    assert_eq!(third.stdout, first.stdout);
}

#[test]
fn a_number_of_json_becomes_a_string_of_json() {
    let input = "{\"nhs_number\":9434765919,\"email\":\"ann.example@example.com\"}\n";
    let folder = Folder::new().with("a.log", input);
    for (arguments, email) in [
        (&["--redact", "a.log"][..], "[EMAIL]"),
        (&["--redact", "--kind=nhs-number", "a.log"], EMAIL),
    ] {
        let run = folder.scan(arguments);
        let object: serde_json::Value = serde_json::from_str(run.text()).expect("JSON");
        assert_eq!(object["nhs_number"], "[NHS-NUMBER]");
        assert_eq!(object["email"], email);
    }
}
