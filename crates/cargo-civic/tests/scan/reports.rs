//! What a report says and what it must not say.

use civic_pii::{Kind, Scanner};

use crate::support::{CLEAN, EMAIL, Folder, NINO, Run, personal};

#[test]
fn a_clean_file_is_said_to_be_clean() {
    let run = Folder::new().with("a.log", CLEAN).scan(&["a.log"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(
        run.text(),
        "no personal data found in 1 input (1 line, 45 B)\n"
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn text_points_at_the_marker_that_stands_for_the_value() {
    let run = Folder::new()
        .with("a.log", format!("{CLEAN}{}", personal()))
        .scan(&["a.log"]);
    assert_eq!(run.code, Some(1));
    let lines: Vec<_> = run.text().lines().collect();
    assert!(lines[0].starts_with("a.log:2:21: nino "), "{}", lines[0]);
    assert!(lines[0].ends_with('%'), "{}", lines[0]);
    assert_eq!(
        lines[1],
        "    INFO submitted nino=[NINO] by [EMAIL] in 31 ms"
    );
    assert_eq!(lines[2], "                        ^^^^^^");
    assert!(lines[3].starts_with("a.log:2:34: email "), "{}", lines[3]);
    assert_eq!(lines[4], lines[1]);
    assert_eq!(lines[5], "                                  ^^^^^^^");
    assert!(
        run.text()
            .contains("2 values of 2 kinds found in 1 of 1 input (2 lines, ")
    );
    assert!(run.text().contains("\n  nino   1  █"), "{}", run.text());
}

#[test]
fn carets_stand_under_the_marker_behind_wide_and_unprintable_characters() {
    let line = format!("\x1b[1m\t漢字 \u{200b}\u{e9} {NINO} \u{1f600}\n");
    let run = Folder::new().with("a.log", &line).scan(&["a.log"]);
    let lines: Vec<_> = run.text().lines().collect();
    assert_eq!(lines[1], "    ␛[1m    漢字 \\u{200b}é [NINO] 😀");
    // Each of the two Chinese characters takes two columns.
    let before = "    ␛[1m    漢字 \\u{200b}é ".chars().count() + 2;
    assert_eq!(lines[2], format!("{}^^^^^^", " ".repeat(before)));
}

#[test]
fn json_lines_hold_exactly_the_promised_fields_in_order() {
    let line = personal();
    let folder = Folder::new().with("logs/a.log", format!("{CLEAN}{line}"));
    let run = folder.scan(&["--format", "jsonl", "logs/a.log"]);
    assert_eq!(run.code, Some(1));
    // Confidence is a matter of the scanner; everything else is fixed.
    let found = Scanner::new().scan(line.trim_end());
    let confidence = |place: usize| f64::from(found[place].confidence) / 100.0;
    let expected = [
        format!(
            "{{\"path\":\"logs/a.log\",\"line\":2,\"start\":20,\"end\":29,\"kind\":\"nino\",\"confidence\":{:?}}}\n",
            confidence(0)
        ),
        format!(
            "{{\"path\":\"logs/a.log\",\"line\":2,\"start\":33,\"end\":56,\"kind\":\"email\",\"confidence\":{:?}}}\n",
            confidence(1)
        ),
    ]
    .concat();
    assert_eq!(run.text(), expected);
    assert_eq!(&line[20..29], NINO);
    assert_eq!(&line[33..56], EMAIL);
    assert!(run.stderr.contains("2 values of 2 kinds"), "{}", run.stderr);
}

#[test]
fn json_lines_of_a_clean_file_are_empty() {
    let run = Folder::new()
        .with("a.log", CLEAN)
        .scan(&["--format=jsonl", "a.log"]);
    assert_eq!((run.code, run.text()), (Some(0), ""));
}

#[test]
fn no_value_is_shown_unless_asked_for() {
    let crowded = format!("{EMAIL} {NINO} {EMAIL}{}{NINO}\n", " ".repeat(500));
    let keyed = format!("{{\"{EMAIL}\": \"{NINO}\"}}\n");
    let folder = Folder::new().with("a.log", format!("{}{crowded}{keyed}", personal()));
    for arguments in [
        &["a.log"][..],
        &["--kind", "nino", "a.log"],
        &["--explain", "a.log"],
        &["--explain", "--kind", "nino", "a.log"],
        &["--format", "jsonl", "a.log"],
        &["--format", "jsonl", "--explain", "a.log"],
        &["--color", "always", "a.log"],
        &["--redact", "a.log"],
    ] {
        let run = folder.scan(arguments);
        run.assert_never_shows(NINO);
        run.assert_never_shows(EMAIL);
    }
}

#[test]
fn values_are_shown_on_demand() {
    let folder = Folder::new().with("a.log", personal());
    let run = folder.scan(&["--show-values", "a.log"]);
    assert_eq!(run.code, Some(1));
    let lines: Vec<_> = run.text().lines().collect();
    assert_eq!(format!("{}\n", lines[1].trim_start()), personal());
    assert_eq!(lines[2], format!("{}{}", " ".repeat(24), "^".repeat(9)));

    let run = folder.scan(&["--show-values", "--format", "jsonl", "a.log"]);
    let values: Vec<_> = run.objects().iter().map(|o| o["value"].clone()).collect();
    assert_eq!(values, [NINO, EMAIL]);
    assert!(
        run.text().lines().all(|line| line.ends_with("\"}")),
        "{}",
        run.text()
    );
}

#[test]
fn explain_names_recogniser_evidence_and_score() {
    let folder = Folder::new().with("a.log", personal());
    let run = folder.scan(&["--explain", "a.log"]);
    assert_eq!(run.code, Some(1));
    for text in [
        "recogniser nino (ordinary)",
        Kind::Nino.source(),
        "evidence   ",
        "score      ",
    ] {
        assert!(run.text().contains(text), "{text}: {}", run.text());
    }
    let run = folder.scan(&["--explain", "--format", "jsonl", "a.log"]);
    for object in run.objects() {
        assert!(object["evidence"].is_array(), "{object}");
        let fields = object.as_object().expect("an object");
        assert!(
            fields.contains_key("key") && fields.contains_key("keep"),
            "{object}"
        );
    }
    let first = run.text().lines().next().expect("a finding");
    let place = |field: &str| {
        first
            .find(&format!("\"{field}\":"))
            .expect("the field is there")
    };
    assert!(place("confidence") < place("evidence"));
    assert!(place("evidence") < place("key") && place("key") < place("keep"));
}

#[test]
fn kinds_may_be_repeated_and_separated_by_commas() {
    let folder = Folder::new().with("a.log", personal());
    for (arguments, expected) in [
        (&["--kind", "email"][..], &["email"][..]),
        (&["--kind", "nino,email"], &["nino", "email"]),
        (&["--kind", "nino", "--kind", "email"], &["nino", "email"]),
        (&["--kind", "iban"], &[]),
    ] {
        let run = folder.scan(&[arguments, &["--format", "jsonl", "a.log"]].concat());
        let kinds: Vec<_> = run.objects().iter().map(|o| o["kind"].clone()).collect();
        assert_eq!(kinds, expected, "{arguments:?}");
        assert_eq!(run.code, Some(i32::from(!expected.is_empty())));
    }
}

#[test]
fn colour_is_used_on_demand_only() {
    let folder = Folder::new().with("a.log", personal());
    assert!(
        folder
            .scan(&["--color", "always", "a.log"])
            .text()
            .contains("\x1b[")
    );
    assert!(!folder.scan(&["a.log"]).text().contains('\x1b'));
    assert!(
        !folder
            .scan(&["--color", "never", "a.log"])
            .text()
            .contains('\x1b')
    );
    let mut command = folder.command();
    command.args(["scan", "a.log"]).env("NO_COLOR", "1");
    assert!(!Run::of(command, b"").text().contains('\x1b'));
}
